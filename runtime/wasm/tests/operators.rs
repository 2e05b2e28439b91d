//! The operator table against the specification's index of instructions.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::collections::HashSet;

use common::function;
use thimble_wasm::{ImmediateKind, Opcode, ValueType, for_each_operator, validate};

#[test]
fn each_operator_decodes_to_itself() {
    let mut rows = vec![];
    macro_rules! collect {
        ($( $proposal:ident { $(
            [$($byte:literal)+] $name:ident $text:literal $immediate:ident $params:tt -> $result:tt;
        )* } )*) => {
            $($( rows.push((vec![$($byte as u32),+], Opcode::$name, $text)); )*)*
        };
    }
    for_each_operator!(collect);
    assert_eq!(rows.len(), Opcode::ALL.len());
    let mut seen = HashSet::new();
    for (bytes, opcode, name) in rows {
        assert!(seen.insert(bytes.clone()), "{bytes:x?} stands twice");
        let decoded = match bytes[..] {
            [code] => Opcode::decode(0, code),
            [prefix, code] => Opcode::decode(prefix as u8, code),
            _ => None,
        };
        assert_eq!(decoded, Some(opcode));
        assert_eq!(opcode.name(), name);
        assert_eq!(Opcode::is_prefix(bytes[0] as u8), bytes.len() == 2);
    }
    let known = |prefix| (0..=0x300).filter(move |&code| Opcode::decode(prefix, code).is_some());
    let known = (0..=255).map(|prefix| known(prefix).count()).sum::<usize>();
    assert_eq!(known, Opcode::ALL.len());
}

#[test]
fn names_are_camel_case_of_text_names() {
    for &opcode in Opcode::ALL {
        if opcode == Opcode::SelectTyped {
            continue;
        }
        let parts = opcode.name().split(['.', '_']);
        let camel: String = parts
            .map(|part| part[..1].to_uppercase() + &part[1..])
            .collect();
        assert_eq!(format!("{opcode:?}"), camel);
    }
}

#[test]
fn signatures() {
    use ValueType::{F32, F64, I32, I64};
    let of = |opcode: Opcode| {
        let signature = opcode.signature().unwrap();
        let params: Vec<_> = signature.params().collect();
        assert_eq!(params.len(), signature.param_count() as usize);
        (params, signature.result())
    };
    assert_eq!(of(Opcode::Nop), (vec![], None));
    assert_eq!(of(Opcode::I64Store32), (vec![I32, I64], None));
    assert_eq!(of(Opcode::F32Load), (vec![I32], Some(F32)));
    assert_eq!(of(Opcode::F64PromoteF32), (vec![F32], Some(F64)));
    assert_eq!(of(Opcode::MemoryCopy), (vec![I32, I32, I32], None));
    assert_eq!(of(Opcode::I64Const), (vec![], Some(I64)));
    assert!(Opcode::Select.signature().is_none());
    // Types in a name tell the signature.
    for &opcode in Opcode::ALL {
        let Some(signature) = opcode.signature() else {
            continue;
        };
        let name = opcode.name();
        let types = [("i32", I32), ("i64", I64), ("f32", F32), ("f64", F64)];
        for (text, value_type) in types {
            if name.starts_with(text) {
                let all: Vec<_> = signature.params().chain(signature.result()).collect();
                assert!(all.contains(&value_type), "{name}");
            }
        }
    }
}

#[test]
fn immediates() {
    assert_eq!(Opcode::I32Load16S.immediate(), ImmediateKind::Access16);
    assert_eq!(ImmediateKind::Access64.access_log2(), Some(3));
    for &opcode in Opcode::ALL {
        let is_access = opcode.name().contains("load") || opcode.name().contains("store");
        assert_eq!(opcode.immediate().access_log2().is_some(), is_access);
    }
}

#[test]
fn unknown_operators() {
    // Exceptions, garbage collection, vectors, threads, and nothing at all.
    for byte in [0x06, 0x08, 0x1f, 0xd3, 0xfb, 0xfd, 0xfe, 0xff] {
        let error = validate(&function(&[0, byte, 0x00, 0x0b])).unwrap_err();
        assert_eq!(error.message(), "illegal opcode");
    }
    let error = validate(&function(&[0, 0xfc, 18, 0x0b])).unwrap_err();
    assert_eq!(error.message(), "illegal opcode");
}
