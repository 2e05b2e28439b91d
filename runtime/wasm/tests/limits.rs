//! Absurd numbers: refused by a limit or by the end of the bytes, at once.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{function, leb128, module, refusal};
use thimble_wasm::{Error, ErrorKind, Limits, decode, validate};

/// 2³² - 1 as LEB128.
const MOST: [u8; 5] = [0xff, 0xff, 0xff, 0xff, 0x0f];

fn with(mut bytes: &[u8], change: fn(&mut Limits)) -> Result<(), Error> {
    let mut limits = Limits::DEFAULT;
    change(&mut limits);
    decode(&mut bytes, &limits, &mut ())
}

#[test]
fn counts_without_items() {
    for id in 1..=12 {
        let error = validate(&module(&[(id, &MOST)])).unwrap_err();
        // The count itself is at fault, or the lack of items, or the index.
        assert!(
            error.offset() == 10 || error.offset() == 15,
            "{id}: {error}"
        );
    }
}

#[test]
fn lengths_without_bytes() {
    // A name, a function body, a data segment, locals, elements, labels.
    let name = module(&[(0, &MOST)]);
    assert_eq!(refusal(&name), ("length out of bounds", 10));
    let types: (u8, &[u8]) = (1, &[1, 0x60, 0, 0]);
    let mut code = vec![1];
    code.extend(MOST);
    let body = module(&[types, (3, &[1, 0]), (10, &code)]);
    assert_eq!(validate(&body).unwrap_err().kind(), ErrorKind::Limit);
    let mut data = vec![1, 1];
    data.extend(MOST);
    let message = "unexpected end of section or function";
    assert_eq!(refusal(&module(&[(11, &data)])), (message, 12));
    let mut elements = vec![1, 1, 0];
    elements.extend(MOST);
    assert_eq!(
        refusal(&module(&[(9, &elements)])),
        ("too many elements in a segment", 13)
    );
    let mut table = vec![0, 0x41, 0, 0x0e];
    table.extend(MOST);
    assert_eq!(refusal(&function(&table)).0, "too many labels in br_table");
}

#[test]
fn locals() {
    let groups = |counts: &[u64]| {
        let mut body = leb128(counts.len() as u64);
        for count in counts {
            body.extend(leb128(*count));
            body.push(0x7f);
        }
        body.push(0x0b);
        function(&body)
    };
    assert_eq!(validate(&groups(&[50_000])), Ok(()));
    assert_eq!(validate(&groups(&[0; 60_000])), Ok(()));
    assert_eq!(refusal(&groups(&[49_999, 2])).0, "too many locals");
    let absurd = [0xffff_ffff, 0xffff_ffff];
    assert_eq!(refusal(&groups(&absurd)).0, "too many locals");
    assert_eq!(
        validate(&groups(&absurd)).unwrap_err().kind(),
        ErrorKind::Limit
    );
}

#[test]
fn nesting() {
    let nested = |depth: usize| {
        let mut body = vec![0];
        for _ in 0..depth {
            body.extend([0x02, 0x40]);
        }
        body.resize(body.len() + depth + 1, 0x0b);
        function(&body)
    };
    assert_eq!(validate(&nested(65_536)), Ok(()));
    assert_eq!(refusal(&nested(65_537)).0, "blocks nested too deeply");
    // Each end drops back by one: no recursion, whatever the depth.
    assert!(with(&nested(1_000_000), |limits| limits.block_depth = u32::MAX).is_ok());
}

#[test]
fn operands() {
    let mut body = vec![0];
    for _ in 0..100 {
        body.extend([0x41, 0]);
    }
    body.extend([0x00, 0x0b]);
    let many = function(&body);
    assert_eq!(validate(&many), Ok(()));
    let error = with(&many, |limits| limits.operands = 99).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn each_limit() {
    let types: (u8, &[u8]) = (1, &[1, 0x60, 0, 0]);
    let refused = |sections: &[(u8, &[u8])], change: fn(&mut Limits)| {
        let bytes = module(sections);
        assert_eq!(validate(&bytes), Ok(()));
        let error = with(&bytes, change).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    };
    refused(&[types], |l| l.types = 0);
    refused(&[(1, &[1, 0x60, 1, 0x7f, 0])], |l| l.params = 0);
    refused(&[(1, &[1, 0x60, 0, 1, 0x7f])], |l| l.params = 0);
    let imports: (u8, &[u8]) = (2, &[1, 0, 0, 0, 0]);
    refused(&[types, imports], |l| l.imports = 0);
    refused(&[types, imports], |l| l.functions = 0);
    refused(&[(4, &[1, 0x70, 0, 0])], |l| l.tables = 0);
    refused(&[(5, &[1, 0, 0])], |l| l.memories = 0);
    refused(&[(6, &[1, 0x7f, 0, 0x41, 0, 0x0b])], |l| l.globals = 0);
    let exports: (u8, &[u8]) = (7, b"\x01\x01x\x02\x00");
    refused(&[(5, &[1, 0, 0]), exports], |l| l.exports = 0);
    refused(&[(5, &[1, 0, 0]), exports], |l| l.name_length = 0);
    let elements: (u8, &[u8]) = (9, &[1, 5, 0x70, 1, 0xd0, 0x70, 0x0b]);
    refused(&[elements], |l| l.element_segments = 0);
    refused(&[elements], |l| l.elements = 0);
    refused(&[(11, &[1, 1, 0])], |l| l.data_segments = 0);
    refused(&[(12, &[1]), (11, &[1, 1, 0])], |l| l.data_segments = 0);
    let code: (u8, &[u8]) = (10, &[1, 2, 0, 0x0b]);
    refused(&[types, (3, &[1, 0]), code], |l| l.function_size = 1);
}

#[test]
fn export_names() {
    let mut contents = vec![3];
    for name in [b"b", b"a", b"b"] {
        contents.extend([1, name[0], 2, 0]);
    }
    let bytes = module(&[(5, &[1, 0, 0]), (7, &contents)]);
    assert_eq!(refusal(&bytes), ("duplicate export name", 24));
    // As many as the limit allows, in the worst order for the search.
    let count = Limits::DEFAULT.exports;
    let mut contents = leb128(count.into());
    for number in (0..count).rev() {
        contents.push(5);
        contents.extend(format!("{number:05}").bytes());
        contents.extend([2, 0]);
    }
    assert_eq!(
        validate(&module(&[(5, &[1, 0, 0]), (7, &contents)])),
        Ok(())
    );
}
