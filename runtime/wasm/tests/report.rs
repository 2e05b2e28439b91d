//! What a visitor is told, and in which order.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{everything, report};
use thimble_wasm::{
    Declarations, ElementItem, ErrorKind, ExpressionKind, ExternalKind, Failure, FunctionType,
    ImportType, Instruction, SegmentMode, ValueType, Visitor,
};

type Told = Result<(), Failure>;

/// Writes down every call.
#[derive(Default)]
struct Log {
    lines: Vec<String>,
    data: Vec<u8>,
}

impl Log {
    fn add(&mut self, line: String) -> Told {
        self.lines.push(line);
        Ok(())
    }
}

#[rustfmt::skip]
impl Visitor for Log {
    fn import(&mut self, m: &Declarations, module: &str, name: &str, import: ImportType) -> Told {
        self.add(format!("import {module} {name} {import:?} {} {}", m.function_count(), m.globals().len()))
    }
    fn export(&mut self, _: &Declarations, name: &str, kind: ExternalKind, index: u32) -> Told {
        self.add(format!("export {name} {kind:?} {index}"))
    }
    fn start(&mut self, _: &Declarations, function: u32) -> Told {
        self.add(format!("start {function}"))
    }
    fn expression_start(&mut self, _: &Declarations, kind: ExpressionKind, result: ValueType) -> Told {
        self.add(format!("expression {kind:?} {result}"))
    }
    fn expression_end(&mut self, _: &Declarations, kind: ExpressionKind) -> Told {
        self.add(format!("done {kind:?}"))
    }
    fn element_segment(&mut self, _: &Declarations, index: u32, mode: SegmentMode) -> Told {
        self.add(format!("element {index} {mode:?}"))
    }
    fn element_items(&mut self, m: &Declarations, index: u32, element: ValueType, count: u32) -> Told {
        self.add(format!("items {index} {element} {count} {:?}", m.element_type(index)))
    }
    fn element_item(&mut self, _: &Declarations, item: ElementItem) -> Told {
        self.add(format!("item {item:?}"))
    }
    fn data_segment(&mut self, _: &Declarations, index: u32, mode: SegmentMode) -> Told {
        self.add(format!("data {index} {mode:?}"))
    }
    fn data_length(&mut self, _: &Declarations, index: u32, length: u32) -> Told {
        self.add(format!("length {index} {length}"))
    }
    fn data_bytes(&mut self, _: &Declarations, bytes: &[u8]) -> Told {
        assert!(!bytes.is_empty());
        self.data.extend_from_slice(bytes);
        Ok(())
    }
    fn function_start(&mut self, _: &Declarations, function: u32, offset: u64, size: u32) -> Told {
        self.add(format!("function {function} at {offset} of {size}"))
    }
    fn locals(&mut self, _: &Declarations, count: u32, ty: ValueType) -> Told {
        self.add(format!("locals {count} {ty}"))
    }
    fn operator(&mut self, _: &Declarations, offset: u64, instruction: &Instruction) -> Told {
        self.add(format!("{offset} {} {:?}", instruction.opcode.name(), instruction.immediate))
    }
    fn branch_target(&mut self, _: &Declarations, label: u32) -> Told {
        self.add(format!("label {label}"))
    }
    fn function_end(&mut self, _: &Declarations, function: u32) -> Told {
        self.add(format!("end {function}"))
    }
    fn function_name(&mut self, _: &Declarations, function: u32, name: &str) -> Told {
        self.add(format!("name {function} {name}"))
    }
    fn module_end(&mut self, m: &Declarations) -> Told {
        assert_eq!((m.type_count(), m.function_count(), m.imported_function_count()), (3, 3, 1));
        assert_eq!(m.type_of_function(2), Some(1));
        let second = FunctionType { params: &[ValueType::I64, ValueType::F32], results: &[] };
        assert_eq!(m.function_type(2), Some(second));
        assert_eq!(m.function_type(3), None);
        assert_eq!((m.tables().len(), m.memories().len(), m.globals().len()), (2, 2, 3));
        assert_eq!((m.element_count(), m.data_count(), m.imported_global_count()), (3, Some(2), 1));
        self.add("module end".into())
    }
}

#[test]
fn every_item_in_order() {
    for piece in [1, 4, 1000] {
        let mut log = Log::default();
        report(&everything(), piece, &mut log).unwrap();
        assert_eq!(log.data, [0xaa, 0xbb, 1, 2, 3]);
        let expected = include_str!("report.txt");
        assert_eq!(log.lines.join("\n"), expected.trim_end());
    }
}

#[test]
fn a_refusal_has_the_offset_of_the_item() {
    struct Refuses;
    impl Visitor for Refuses {
        fn operator(&mut self, _: &Declarations, _: u64, instruction: &Instruction) -> Told {
            match instruction.opcode.name() {
                "br_table" => Err(Failure::new(&(ErrorKind::Limit, "no tables here"))),
                _ => Ok(()),
            }
        }
    }
    let mut log = Log::default();
    report(&everything(), 1, &mut log).unwrap();
    let line = log.lines.iter().find(|line| line.contains("br_table"));
    let offset = line.and_then(|line| line.split(' ').next()).unwrap();
    let error = report(&everything(), 1, &mut Refuses).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(error.offset().to_string(), offset);
    assert_eq!(error.message(), "no tables here");
}
