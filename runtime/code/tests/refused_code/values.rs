//! Cells, globals, memories and tables.

use thimble_code::operation::{CELL, Form, Operation as O, Variant};

use crate::writing::{BINARY, BINARY_FRAME, INDEX, LINK, ROOM, S, bad, form, good, op, second};

#[test]
fn cells() {
    good(BINARY, BINARY_FRAME, &[&op(O::Copy32, &[16, 0])]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&op(O::Copy32, &[17, 0])]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&op(O::Copy32, &[0, 17])]);
    bad(
        ROOM,
        BINARY,
        BINARY_FRAME,
        &[&op(O::Copy32, &[0, u16::MAX])],
    );
    good(BINARY, BINARY_FRAME, &[&op(O::Copy64, &[15, 13])]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&op(O::Copy64, &[16, 13])]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&op(O::Copy64, &[13, 16])]);
    bad(
        ROOM,
        BINARY,
        BINARY_FRAME,
        &[&op(O::Copy64, &[13, u16::MAX])],
    );
    bad(LINK, BINARY, BINARY_FRAME, &[&op(O::Copy32, &[0, 2])]);
    bad(LINK, BINARY, BINARY_FRAME, &[&op(O::Copy32, &[2, 0])]);
    bad(LINK, BINARY, BINARY_FRAME, &[&op(O::Copy64, &[3, 1])]);
    bad(LINK, BINARY, BINARY_FRAME, &[&op(O::Take64, &[2])]);
    bad(
        LINK,
        BINARY,
        BINARY_FRAME,
        &[&second(O::Constant32Short, &[5, 2])],
    );
    bad(
        LINK,
        BINARY,
        BINARY_FRAME,
        &[&second(O::Constant64Short, &[5, 1])],
    );
    bad(
        ROOM,
        BINARY,
        BINARY_FRAME,
        &[&second(O::Constant64, &[1, 2, 3, 4, 16])],
    );

    let add = |operands: &[u16]| form(O::I64Add, Form::Rr, Variant::Second, operands);
    good(BINARY, BINARY_FRAME, &[&add(&[3, 5, 7])]);
    for operands in [[16, 5, 7], [3, 16, 7], [3, 5, 16]] {
        bad(ROOM, BINARY, BINARY_FRAME, &[&add(&operands)]);
    }
    for operands in [[2, 5, 7], [3, 1, 7], [3, 5, 2]] {
        bad(LINK, BINARY, BINARY_FRAME, &[&add(&operands)]);
    }
    // An address has one cell, an i64 to be stored two.
    let store = |operands: &[u16]| form(O::I64Store, Form::Rr, Variant::First, operands);
    good(BINARY, BINARY_FRAME, &[&store(&[16, 0, 15])]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&store(&[16, 0, 16])]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&store(&[17, 0, 15])]);

    // Offsets that are no cell's.
    let between = "an offset is between cells";
    for operands in [[1, 0], [2, 0], [3, 0], [0, 1]] {
        let code = [O::Copy32.single(), operands[0], operands[1]];
        bad(between, BINARY, BINARY_FRAME, &[&code]);
    }
    for code in [
        [O::Call.single(), BINARY, S * CELL + 2].as_slice(),
        &[O::ReturnAccumulator32.single(), 2 * CELL + 1],
        &[O::GlobalGet32.single(), 2 * CELL + 2],
        &[O::CopyRange.single(), S * CELL, 9 * CELL, 2],
    ] {
        bad(between, BINARY, BINARY_FRAME, &[code]);
    }

    let range = |from: u16, to: u16, count: u16| op(O::CopyRange, &[from, to, count]);
    let locals = "a range is copied from or to locals";
    good(BINARY, BINARY_FRAME, &[&range(S, 9, 8)]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&range(S, 10, 8)]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&range(10, S, 8)]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&range(S, S, u16::MAX)]);
    bad(LINK, BINARY, BINARY_FRAME, &[&range(0, S, 3)]);
    bad(LINK, BINARY, BINARY_FRAME, &[&range(S, 0, 3)]);
    bad(locals, BINARY, BINARY_FRAME, &[&range(3, S, 3)]);
    bad(locals, BINARY, BINARY_FRAME, &[&range(S, 3, 3)]);
}

#[test]
fn globals() {
    let none = "there is no such global";
    let width = "a global has another width";
    let fixed = "a global that does not change is set";
    good(
        BINARY,
        BINARY_FRAME,
        &[
            &op(O::GlobalGet64, &[0]),
            &op(O::GlobalSet64, &[0]),
            &op(O::GlobalGet32, &[2]),
            &op(O::GlobalGet64, &[5]),
            &op(O::ImportGlobalGet32, &[0]),
            &op(O::ImportGlobalGet64, &[1]),
            &op(O::ImportGlobalSet64, &[1]),
        ],
    );
    bad(none, BINARY, BINARY_FRAME, &[&op(O::GlobalGet32, &[1])]);
    bad(none, BINARY, BINARY_FRAME, &[&op(O::GlobalGet64, &[6])]);
    bad(none, BINARY, BINARY_FRAME, &[&op(O::GlobalGet32, &[7])]);
    bad(
        none,
        BINARY,
        BINARY_FRAME,
        &[&op(O::GlobalSet32, &[u16::MAX])],
    );
    bad(width, BINARY, BINARY_FRAME, &[&op(O::GlobalGet32, &[0])]);
    bad(width, BINARY, BINARY_FRAME, &[&op(O::GlobalGet64, &[2])]);
    bad(width, BINARY, BINARY_FRAME, &[&op(O::GlobalSet64, &[3])]);
    bad(fixed, BINARY, BINARY_FRAME, &[&op(O::GlobalSet32, &[2])]);
    bad(
        fixed,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ImportGlobalSet32, &[0])],
    );
    bad(
        width,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ImportGlobalGet64, &[0])],
    );
    bad(
        width,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ImportGlobalSet32, &[1])],
    );
    bad(
        INDEX,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ImportGlobalGet32, &[4])],
    );
}

#[test]
fn memories() {
    let load = |memory: u16, cell: u16, high: u16, access: u16| {
        op(
            O::LoadGeneral32,
            &[memory, cell, 0, 0xffff, high, 0, access],
        )
    };
    good(BINARY, BINARY_FRAME, &[&load(1, 0, 0, 5)]);
    bad(INDEX, BINARY, BINARY_FRAME, &[&load(2, 0, 0, 5)]);
    bad(ROOM, BINARY, BINARY_FRAME, &[&load(0, 17, 0, 5)]);
    bad(
        "an offset exceeds 32 bits",
        BINARY,
        BINARY_FRAME,
        &[&load(0, 0, 1, 5)],
    );
    bad(
        "the access has another width",
        BINARY,
        BINARY_FRAME,
        &[&load(0, 0, 0, 6)],
    );
    bad(
        "there is no such access",
        BINARY,
        BINARY_FRAME,
        &[&load(0, 0, 0, 7)],
    );
    let access = "the access has another width";
    let store = |operation, access| op(operation, &[0, 0, 0, 0, 0, 0, access]);
    good(
        BINARY,
        BINARY_FRAME,
        &[&store(O::StoreGeneral64, 6), &store(O::StoreGeneral32, 5)],
    );
    good(BINARY, BINARY_FRAME, &[&store(O::LoadGeneral64, 0)]);
    bad(
        access,
        BINARY,
        BINARY_FRAME,
        &[&store(O::StoreGeneral64, 5)],
    );
    bad(
        access,
        BINARY,
        BINARY_FRAME,
        &[&store(O::StoreGeneral32, 6)],
    );
    for operation in [O::MemoryCopy, O::MemoryInit] {
        good(BINARY, BINARY_FRAME, &[&op(operation, &[1, 0, 0, 0, 0])]);
        bad(
            INDEX,
            BINARY,
            BINARY_FRAME,
            &[&op(operation, &[2, 0, 0, 0, 0])],
        );
        bad(
            INDEX,
            BINARY,
            BINARY_FRAME,
            &[&op(operation, &[0, 2, 0, 0, 0])],
        );
        bad(
            ROOM,
            BINARY,
            BINARY_FRAME,
            &[&op(operation, &[0, 0, 0, 0, 17])],
        );
    }
    for operation in [O::MemorySize, O::MemoryGrow, O::DataDrop, O::ElemDrop] {
        good(BINARY, BINARY_FRAME, &[&op(operation, &[1])]);
    }
    bad(INDEX, BINARY, BINARY_FRAME, &[&op(O::MemorySize, &[2])]);
    bad(INDEX, BINARY, BINARY_FRAME, &[&op(O::MemoryGrow, &[2])]);
    bad(
        INDEX,
        BINARY,
        BINARY_FRAME,
        &[&op(O::MemoryFill, &[2, 0, 0, 0])],
    );
    bad(INDEX, BINARY, BINARY_FRAME, &[&op(O::DataDrop, &[2])]);
    bad(
        "there is no such segment",
        BINARY,
        BINARY_FRAME,
        &[&op(O::ElemDrop, &[3])],
    );
}

#[test]
fn tables() {
    let types = "the element types differ";
    good(BINARY, BINARY_FRAME, &[&op(O::TableCopy, &[1, 1, 0, 0, 0])]);
    bad(
        types,
        BINARY,
        BINARY_FRAME,
        &[&op(O::TableCopy, &[0, 1, 0, 0, 0])],
    );
    good(BINARY, BINARY_FRAME, &[&op(O::TableInit, &[0, 0, 0, 0, 0])]);
    bad(
        types,
        BINARY,
        BINARY_FRAME,
        &[&op(O::TableInit, &[0, 1, 0, 0, 0])],
    );
    bad(
        types,
        BINARY,
        BINARY_FRAME,
        &[&op(O::TableInit, &[1, 0, 0, 0, 0])],
    );
    bad(
        "there is no such segment",
        BINARY,
        BINARY_FRAME,
        &[&op(O::TableInit, &[0, 3, 0, 0, 0])],
    );
    for operation in [O::TableGet, O::TableSize] {
        good(BINARY, BINARY_FRAME, &[&op(operation, &[1])]);
        bad(
            "there is no such table",
            BINARY,
            BINARY_FRAME,
            &[&op(operation, &[2])],
        );
    }
}
