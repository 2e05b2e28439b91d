//! Code that the verifier refuses, rule by rule, each beside code that it accepts.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use support::{check, image_of_text, repair};
use thimble_code::image::{Image, ImageError};
use thimble_code::operation::{CELL, Form, Operand, Operation, TOKENS, Variant, decode};

use Operation as O;

/// Functions of the module.
const IMPORT: u16 = 0;
const IMPORT_REFERENCES: u16 = 1;
const BINARY: u16 = 2;
const REFERENCES: u16 = 3;
const TWO: u16 = 4;
const LONG: u16 = 5;
const PAIR: u16 = 6;
const NOTHING: u16 = 7;

/// Frames with four locals and ten cells for operands, the first of which is `S`.
const BINARY_FRAME: [u16; 4] = [17, 2, 4, 0];
const REFERENCES_FRAME: [u16; 4] = [17, 2, 4, 1 | 1 << 8];
const TWO_FRAME: [u16; 4] = [15, 0, 4, 0];
const LONG_FRAME: [u16; 4] = [17, 2, 4, 0];
const PAIR_FRAME: [u16; 4] = [16, 1, 4, 1 | 1 << 8];
const S: u16 = 7;

/// The module, with room for so many times ten units in each function.
fn victim_with_room(times: usize) -> Vec<u8> {
    let fill = "(i64.store offset=70000 (i32.const 0) (i64.const 0x1234567890))".repeat(times);
    let text = include_str!("support/victim.wat").replace("FILL", &fill);
    image_of_text(&text).as_bytes().to_vec()
}

fn victim() -> Vec<u8> {
    victim_with_room(12)
}

/// What the verifier says of a function with this prologue and code.
fn verdict(function: u16, prologue: [u16; 4], code: &[&[u16]]) -> Result<(), ImageError> {
    verdict_in(victim(), function, prologue, code)
}

fn verdict_in(
    bytes: Vec<u8>,
    function: u16,
    prologue: [u16; 4],
    code: &[&[u16]],
) -> Result<(), ImageError> {
    let [frame, link, zero, references] = prologue;
    let [frame, link, zero] = [frame, link, zero].map(|cells| cells.wrapping_mul(CELL));
    verdict_of(bytes, function, [frame, link, zero, references], code)
}

/// The same of a prologue as it is encoded.
fn verdict_of(
    mut bytes: Vec<u8>,
    function: u16,
    prologue: [u16; 4],
    code: &[&[u16]],
) -> Result<(), ImageError> {
    let record = Image::open(&aligned(&bytes))
        .unwrap()
        .function(function.into())
        .unwrap();
    let mut units = prologue.to_vec();
    units.extend(code.concat());
    assert!(units.len() <= record.units as usize, "too much code");
    units.resize(record.units as usize, O::Unreachable.single());
    for (at, unit) in units.into_iter().enumerate() {
        let at = record.code as usize + at * 2;
        bytes[at..at + 2].copy_from_slice(&unit.to_le_bytes());
    }
    repair(&mut bytes);
    check(&aligned(&bytes))
}

fn long_good(function: u16, prologue: [u16; 4], code: &[&[u16]]) {
    assert_eq!(
        verdict_in(victim_with_room(14_000), function, prologue, code),
        Ok(())
    );
}

fn long_bad(expected: &str, function: u16, prologue: [u16; 4], code: &[&[u16]]) {
    match verdict_in(victim_with_room(14_000), function, prologue, code) {
        Err(ImageError::Malformed { message, .. }) => assert_eq!(message, expected),
        other => panic!("{other:?}, not {expected:?}"),
    }
}

/// The bytes at an aligned address.
fn aligned(bytes: &[u8]) -> Vec<u8> {
    // The allocator aligns to more than an image needs.
    let copy = bytes.to_vec();
    assert_eq!(copy.as_ptr() as usize % 4, 0);
    copy
}

#[track_caller]
fn good(function: u16, prologue: [u16; 4], code: &[&[u16]]) {
    assert_eq!(verdict(function, prologue, code), Ok(()));
}

#[track_caller]
fn bad(message: &str, function: u16, prologue: [u16; 4], code: &[&[u16]]) {
    match verdict(function, prologue, code) {
        Err(ImageError::Malformed { message: found, .. }) => assert_eq!(found, message),
        other => panic!("{other:?}, not {message:?}"),
    }
}

/// An operation with one form.
fn op(operation: Operation, operands: &[u16]) -> Vec<u16> {
    let token = operation.single();
    assert_ne!(token, u16::MAX, "{operation:?} has several forms");
    encode(token, operands)
}

/// An operation with one form that stores its result, or branches backward.
fn second(operation: Operation, operands: &[u16]) -> Vec<u16> {
    form(operation, Form::One, Variant::Second, operands)
}

fn form(operation: Operation, form: Form, variant: Variant, operands: &[u16]) -> Vec<u16> {
    encode(operation.token(form, variant).unwrap(), operands)
}

/// The units of an operation. Tests count cells and units, code counts bytes.
fn encode(token: u16, operands: &[u16]) -> Vec<u16> {
    let mut units = [&[token], operands].concat();
    let mut at = 1;
    for operand in decode(token).unwrap().shape().operands() {
        let end = at + operand.units();
        let places = &mut units[at..];
        match operand {
            Operand::Read32
            | Operand::Read64
            | Operand::Reference
            | Operand::Write32
            | Operand::Write64
            | Operand::RangeFrom
            | Operand::RangeTo
            | Operand::Count
            | Operand::Link
            | Operand::Base
            | Operand::Global32
            | Operand::Global64 => places[0] = places[0].wrapping_mul(CELL),
            Operand::Branch16 => places[0] = places[0].wrapping_mul(2),
            Operand::Branch32 => scale_distances(places),
            Operand::TableCount => scale_distances(&mut places[2..]),
            Operand::ReferenceCount => places[1..].iter_mut().for_each(|cell| *cell *= CELL),
            _ => {}
        }
        at = end;
    }
    units
}

/// Distances of 32 bits, from units to bytes.
fn scale_distances(units: &mut [u16]) {
    for pair in units.chunks_exact_mut(2) {
        let distance = (u32::from(pair[0]) | u32::from(pair[1]) << 16).wrapping_mul(2);
        pair.copy_from_slice(&[distance as u16, (distance >> 16) as u16]);
    }
}

const ROOM: &str = "a cell lies outside the frame";
const LINK: &str = "the return address is used as a value";
const FORGED: &str = "a number is used as a reference, or one of another kind";
const RESULTS: &str = "a return has the wrong number of results";
const INDEX: &str = "there is no such index";
const PROLOGUE: &str = "the prologue does not fit the function";

#[test]
fn prologues() {
    good(BINARY, BINARY_FRAME, &[]);
    good(BINARY, [3, 2, 0, 0], &[]);
    for prologue in [
        [2, 2, 0, 0],
        [17, 1, 4, 0],
        [17, 3, 4, 0],
        [6, 2, 4, 0],
        [17, 2, 16383, 0],
    ] {
        bad(PROLOGUE, BINARY, prologue, &[]);
    }
    good(REFERENCES, [9, 2, 4, 3 | 1 << 8], &[]);
    bad(PROLOGUE, REFERENCES, [9, 2, 4, 4 | 1 << 8], &[]);
    bad(PROLOGUE, REFERENCES, [9, 2, 4, 5], &[]);
    bad(PROLOGUE, REFERENCES, [9, 2, 4, 0xffff], &[]);
    // Sizes that are no cells.
    for prologue in [[66, 8, 16, 0], [68, 9, 16, 0], [68, 8, 18, 0]] {
        match verdict_of(victim(), BINARY, prologue, &[]) {
            Err(ImageError::Malformed { message, .. }) => assert_eq!(message, PROLOGUE),
            other => panic!("{other:?}"),
        }
    }
    // Three cells of results.
    good(TWO, [3, 0, 0, 0], &[]);
    bad(PROLOGUE, TWO, [2, 0, 0, 0], &[]);
}

#[test]
fn operations_exist_and_follow_each_other() {
    let unknown = "there is no such operation, or it is cut";
    bad(unknown, BINARY, BINARY_FRAME, &[&[TOKENS * CELL]]);
    bad(unknown, BINARY, BINARY_FRAME, &[&[u16::MAX]]);
    // Between two tokens.
    let nop = O::References.single();
    good(BINARY, BINARY_FRAME, &[&[nop, 0]]);
    bad(unknown, BINARY, BINARY_FRAME, &[&[nop + 1, 0]]);
    // A table and a list that are longer than the code.
    bad(
        unknown,
        BINARY,
        BINARY_FRAME,
        &[&op(O::BranchTable, &[0xffff, 0xffff])],
    );
    bad(
        unknown,
        BINARY,
        BINARY_FRAME,
        &[&op(O::BranchTable, &[0, 1])],
    );
    bad(
        unknown,
        BINARY,
        BINARY_FRAME,
        &[&op(O::References, &[1000])],
    );
    bad(
        "an operation of the stubs",
        BINARY,
        BINARY_FRAME,
        &[&op(O::Exit, &[])],
    );
    bad(
        "an operation of the stubs",
        BINARY,
        BINARY_FRAME,
        &[&op(O::CrossReturn, &[])],
    );
}

#[test]
fn functions_end() {
    let mut bytes = victim();
    let record = Image::open(&aligned(&bytes))
        .unwrap()
        .function(BINARY.into())
        .unwrap();
    let last = (record.code + record.units * 2) as usize - 2;
    // The last operation returns, its last unit is the link. Make it a `take32`.
    for at in [last - 2, last - 4] {
        let unit = u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        if unit == O::ReturnAccumulator32.single() {
            bytes[at..at + 2].copy_from_slice(&O::Take32.single().to_le_bytes());
            bytes[last..]
                .first_chunk_mut::<2>()
                .unwrap()
                .copy_from_slice(&[0, 0]);
            repair(&mut bytes);
            let Err(ImageError::Malformed { message, .. }) = check(&aligned(&bytes)) else {
                panic!("accepted");
            };
            assert_eq!(message, "a function goes on behind its end");
            return;
        }
    }
    panic!("no return at the end");
}

#[test]
fn branches() {
    let leaves = "a branch leaves its function";
    let direction = "a branch has the wrong direction";
    let into = "a branch leads into an operation";
    let branch = |distance: i16| op(O::Branch, &[distance as u16]);
    let back = |distance: i16| second(O::Branch, &[distance as u16]);
    good(BINARY, BINARY_FRAME, &[&branch(0)]);
    good(BINARY, BINARY_FRAME, &[&branch(3), &op(O::Copy32, &[0, 1])]);
    bad(
        into,
        BINARY,
        BINARY_FRAME,
        &[&branch(1), &op(O::Copy32, &[0, 1])],
    );
    bad(
        into,
        BINARY,
        BINARY_FRAME,
        &[&branch(2), &op(O::Copy32, &[0, 1])],
    );
    // To itself, to its own distance, to the prologue, in front of the function.
    good(BINARY, BINARY_FRAME, &[&back(-2)]);
    bad(direction, BINARY, BINARY_FRAME, &[&back(-1)]);
    bad(direction, BINARY, BINARY_FRAME, &[&branch(-2)]);
    bad(direction, BINARY, BINARY_FRAME, &[&back(0)]);
    bad(leaves, BINARY, BINARY_FRAME, &[&back(-3)]);
    bad(leaves, BINARY, BINARY_FRAME, &[&back(-300)]);
    bad(leaves, BINARY, BINARY_FRAME, &[&branch(16_000)]);
    bad(
        direction,
        BINARY,
        BINARY_FRAME,
        &[&op(O::Copy32, &[0, 1]), &branch(-5)],
    );
    good(BINARY, BINARY_FRAME, &[&op(O::Copy32, &[0, 1]), &back(-5)]);
    bad(
        into,
        BINARY,
        BINARY_FRAME,
        &[&op(O::Copy32, &[0, 1]), &back(-4)],
    );

    let far = |distance: i32| op(O::BranchFar, &[distance as u16, (distance >> 16) as u16]);
    good(BINARY, BINARY_FRAME, &[&far(0)]);
    good(BINARY, BINARY_FRAME, &[&far(-3)]);
    for distance in [-4, i32::MIN / 2, i32::MAX / 2, 0x10000] {
        bad(leaves, BINARY, BINARY_FRAME, &[&far(distance)]);
    }
    bad(into, BINARY, BINARY_FRAME, &[&far(-1)]);
    bad(
        into,
        BINARY,
        BINARY_FRAME,
        &[&far(1), &op(O::Copy32, &[0, 1])],
    );

    let table = |distances: [u16; 4]| op(O::BranchTable, &[[1, 0].as_slice(), &distances].concat());
    good(BINARY, BINARY_FRAME, &[&table([2, 0, 0, 0])]);
    good(BINARY, BINARY_FRAME, &[&table([0xfffb, 0xffff, 0, 0])]);
    bad(
        leaves,
        BINARY,
        BINARY_FRAME,
        &[&table([0, 0, 0xff00, 0xffff])],
    );
    bad(leaves, BINARY, BINARY_FRAME, &[&table([0, 0x7fff, 0, 0])]);
    bad(into, BINARY, BINARY_FRAME, &[&table([1, 0, 0, 0])]);

    let short = |distance: i16| {
        form(
            O::BranchLtS,
            Form::Ri,
            Variant::First,
            &[0, 5, distance as u16],
        )
    };
    good(BINARY, BINARY_FRAME, &[&short(1)]);
    bad(direction, BINARY, BINARY_FRAME, &[&short(-4)]);
    // Half a unit.
    for code in [
        [O::Branch.single(), 1].as_slice(),
        &[O::BranchFar.single(), 1, 0],
        &[O::BranchFar.single(), 0xffff, 0xffff],
        &[O::BranchTable.single(), 0, 0, 1, 0],
    ] {
        bad(leaves, BINARY, BINARY_FRAME, &[code]);
    }
}

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
fn calls() {
    let place = "the callee's frame begins at a wrong cell";
    good(BINARY, BINARY_FRAME, &[&op(O::Call, &[BINARY, S])]);
    good(BINARY, BINARY_FRAME, &[&op(O::Call, &[BINARY, 15])]);
    bad(place, BINARY, BINARY_FRAME, &[&op(O::Call, &[BINARY, 16])]);
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::Call, &[BINARY, u16::MAX])],
    );
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::Call, &[BINARY, S - 1])],
    );
    bad(place, BINARY, BINARY_FRAME, &[&op(O::Call, &[BINARY, 0])]);
    // Three cells of results.
    good(BINARY, BINARY_FRAME, &[&op(O::Call, &[TWO, 14])]);
    bad(place, BINARY, BINARY_FRAME, &[&op(O::Call, &[TWO, 15])]);
    good(BINARY, BINARY_FRAME, &[&op(O::Call, &[NOTHING, 17])]);
    bad(place, BINARY, BINARY_FRAME, &[&op(O::Call, &[NOTHING, 18])]);
    bad(
        "the function is imported",
        BINARY,
        BINARY_FRAME,
        &[&op(O::Call, &[IMPORT, S])],
    );
    bad(INDEX, BINARY, BINARY_FRAME, &[&op(O::Call, &[8, S])]);
    bad(INDEX, BINARY, BINARY_FRAME, &[&op(O::Call, &[u16::MAX, S])]);
    good(BINARY, BINARY_FRAME, &[&op(O::CallImport, &[IMPORT, S])]);
    bad(
        INDEX,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallImport, &[BINARY, S])],
    );

    let ty = "there is no such type";
    good(BINARY, BINARY_FRAME, &[&op(O::CallIndirect, &[1, 0, S])]);
    bad(
        ty,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[2, 0, S])],
    );
    bad(
        ty,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[7, 0, S])],
    );
    bad(
        "there is no such table",
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[1, 2, S])],
    );
    let table = "the table does not hold functions";
    bad(
        table,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[1, 1, S])],
    );
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[4, 0, 15])],
    );
    good(BINARY, BINARY_FRAME, &[&op(O::RefFunc, &[IMPORT])]);
    bad(INDEX, BINARY, BINARY_FRAME, &[&op(O::RefFunc, &[8])]);
}

#[test]
fn tail_calls() {
    let link = "the return address is in another cell";
    let results = "a tail call has other results";
    good(BINARY, BINARY_FRAME, &[&op(O::ReturnCall, &[2, BINARY, S])]);
    bad(
        link,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[3, BINARY, S])],
    );
    bad(
        results,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[2, LONG, S])],
    );
    bad(
        results,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[2, NOTHING, S])],
    );
    good(
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallImport, &[2, IMPORT, S])],
    );
    bad(
        INDEX,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallImport, &[2, BINARY, S])],
    );
    good(
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallIndirect, &[2, 1, 0, S])],
    );
    bad(
        link,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallIndirect, &[0, 1, 0, S])],
    );
    let table = "the table does not hold functions";
    bad(
        table,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallIndirect, &[2, 1, 1, S])],
    );
    bad(
        results,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallIndirect, &[2, 5, 0, S])],
    );
    let place = "the callee's frame begins at a wrong cell";
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[2, BINARY, 16])],
    );
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[2, BINARY, 1])],
    );
    bad(
        place,
        BINARY,
        [3, 2, 0, 0],
        &[&op(O::ReturnCall, &[2, BINARY, 3])],
    );
}

#[test]
fn returns() {
    good(BINARY, BINARY_FRAME, &[&op(O::ReturnAccumulator32, &[2])]);
    good(BINARY, BINARY_FRAME, &[&op(O::ReturnCell32, &[2, 0])]);
    bad(
        "the return address is in another cell",
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnAccumulator32, &[1])],
    );
    bad(
        "a return leaves out results",
        BINARY,
        BINARY_FRAME,
        &[&op(O::Return, &[2])],
    );
    let width = "a return has a result of another width";
    bad(
        width,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnAccumulator64, &[2])],
    );
    bad(
        width,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCell64, &[2, 3])],
    );
    bad(
        width,
        LONG,
        LONG_FRAME,
        &[&op(O::ReturnAccumulator32, &[2])],
    );
    good(LONG, LONG_FRAME, &[&op(O::ReturnCell64, &[2, 0])]);
    // One result must come to the accumulator too, so not as a range.
    bad(
        RESULTS,
        LONG,
        LONG_FRAME,
        &[&op(O::ReturnRange, &[2, S, 2])],
    );
    good(TWO, TWO_FRAME, &[&op(O::ReturnRange, &[0, S, 3])]);
    bad(RESULTS, TWO, TWO_FRAME, &[&op(O::ReturnRange, &[0, S, 2])]);
    bad(RESULTS, TWO, TWO_FRAME, &[&op(O::ReturnRange, &[0, S, 4])]);
    bad(ROOM, TWO, TWO_FRAME, &[&op(O::ReturnRange, &[0, 13, 3])]);
    bad(RESULTS, TWO, TWO_FRAME, &[&op(O::ReturnCell32, &[0, S])]);
    bad(
        "a return leaves out results",
        TWO,
        TWO_FRAME,
        &[&op(O::Return, &[0])],
    );
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

#[test]
fn references_are_not_forged() {
    let number = op(O::Constant32Short, &[5]);
    let null = op(O::Constant32Short, &[0]);
    let function = op(O::RefFunc, &[IMPORT]);
    let external = op(O::TableGet, &[1]);
    // f3 has the parameters r0 funcref, r1 externref, the locals r3 funcref, r4 externref.
    let f = |code: &[&[u16]]| verdict(REFERENCES, REFERENCES_FRAME, code);
    let uses: [(&str, Vec<u16>, bool); 10] = [
        ("parameter", op(O::Put32, &[0]), true),
        ("local", op(O::Put32, &[3]), true),
        ("parameter", op(O::Put32, &[1]), false),
        ("local", op(O::Put32, &[4]), false),
        ("global", op(O::GlobalSet32, &[3]), true),
        ("global", op(O::GlobalSet32, &[4]), false),
        ("imported global", op(O::ImportGlobalSet32, &[3]), true),
        ("return", op(O::ReturnAccumulator32, &[2]), false),
        (
            "table",
            [op(O::Put32, &[S]), op(O::TableSet, &[0, 5, S])].concat(),
            true,
        ),
        (
            "table",
            [op(O::Put32, &[S]), op(O::TableGrow, &[1, S, 5])].concat(),
            false,
        ),
    ];
    let forged = |result: Result<(), ImageError>| match result {
        Err(ImageError::Malformed { message, .. }) => {
            assert_eq!(message, FORGED);
            true
        }
        other => {
            assert_eq!(other, Ok(()));
            false
        }
    };
    for (name, usage, of_function) in &uses {
        assert!(!forged(f(&[&null, usage])), "{name}: null is a reference");
        assert!(forged(f(&[&number, usage])), "{name}: a number is not");
        assert_eq!(forged(f(&[&function, usage])), !of_function, "{name}");
        assert_eq!(forged(f(&[&external, usage])), *of_function, "{name}");
        assert!(forged(f(&[usage])), "{name}: nothing is known at the start");
        assert!(
            forged(f(&[&function, &op(O::Take64, &[5]), usage])),
            "{name}"
        );
        assert!(
            forged(f(&[&external, &op(O::MemorySize, &[0]), usage])),
            "{name}"
        );
        // Across a branch target nothing is known.
        assert!(forged(f(&[&null, &op(O::Branch, &[0]), usage])), "{name}");
    }
    for (cell, kind) in [(0, true), (1, false), (3, true), (4, false)] {
        let take = op(O::Take32, &[cell]);
        for (name, usage, of_function) in &uses {
            assert_eq!(
                forged(f(&[&take, usage])),
                kind != *of_function,
                "{name} from r{cell}"
            );
        }
        // What is not a reference is not written there, by whatever operation.
        let pieces: [Vec<u16>; 6] = [
            second(O::Constant32Short, &[5, cell]),
            second(O::Constant32, &[0, 0, cell]),
            form(O::I32Add, Form::Rr, Variant::Second, &[5, 6, cell]),
            op(O::Copy32, &[5, cell]),
            second(O::GlobalGet32, &[2, cell]),
            second(O::Select32, &[5, 6, cell]),
        ];
        for piece in &pieces {
            assert!(forged(f(&[piece])), "r{cell}");
        }
    }
    assert!(forged(f(&[&op(O::Copy64, &[5, 3])])), "two cells");
    assert!(
        forged(f(&[&op(O::Copy64, &[S, 4])])),
        "the second of two cells"
    );
    assert!(!forged(f(&[&second(O::Constant32Short, &[0, 4])])));

    // References on the operand stack are gone when any part is written.
    let keep = [function.clone(), op(O::Put32, &[S])].concat();
    let back = op(O::Copy32, &[S, 3]);
    assert!(!forged(f(&[&keep, &back])));
    assert!(forged(f(&[
        &keep,
        &second(O::Constant64Short, &[0, S]),
        &back
    ])));
    assert!(forged(f(&[
        &keep,
        &second(O::Constant64Short, &[0, S - 1]),
        &back
    ])));
    assert!(forged(f(&[&keep, &op(O::Call, &[NOTHING, S]), &back])));
    assert!(!forged(f(&[&keep, &op(O::Call, &[NOTHING, S + 1]), &back])));
    assert!(forged(f(&[
        &keep,
        &op(O::CopyRange, &[S + 1, S, 1]),
        &back
    ])));
    assert!(!forged(f(&[
        &keep,
        &op(O::CopyRange, &[S, S + 2, 1]),
        &op(O::Copy32, &[S + 2, 3])
    ])));
    // A select of two kinds is of none, save null.
    let select = |a: u16, b: u16| second(O::Select32, &[a, b, 3]);
    assert!(!forged(f(&[&select(0, 3)])));
    assert!(forged(f(&[&select(0, 1)])));
    assert!(forged(f(&[&select(0, 5)])));
}

#[test]
fn references_pass_through_calls() {
    let arguments =
        |a: &[u16], b: &[u16]| [a, &op(O::Put32, &[S]), b, &op(O::Put32, &[S + 1])].concat();
    let (function, external) = (op(O::RefFunc, &[IMPORT]), op(O::TableGet, &[1]));
    let number = op(O::Constant32Short, &[1]);
    let right = arguments(&function, &external);
    for call in [
        op(O::Call, &[REFERENCES, S]),
        op(O::CallImport, &[IMPORT_REFERENCES, S]),
        op(O::CallIndirect, &[3, 0, S]),
        op(O::ReturnCall, &[2, REFERENCES, S]),
        op(O::ReturnCallImport, &[2, IMPORT_REFERENCES, S]),
        op(O::ReturnCallIndirect, &[2, 3, 0, S]),
    ] {
        good(REFERENCES, REFERENCES_FRAME, &[&right, &call]);
        for wrong in [
            arguments(&external, &function),
            arguments(&number, &external),
            arguments(&function, &number),
            Vec::new(),
        ] {
            bad(FORGED, REFERENCES, REFERENCES_FRAME, &[&wrong, &call]);
        }
    }
    // The single result is in its cell and in the accumulator.
    let call = op(O::Call, &[REFERENCES, S]);
    let put = |cell: u16| op(O::Put32, &[cell]);
    let copy = |from: u16, to: u16| op(O::Copy32, &[from, to]);
    good(
        REFERENCES,
        REFERENCES_FRAME,
        &[&right, &call, &put(1), &copy(S, 4)],
    );
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&right, &call, &put(0)],
    );
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&right, &call, &copy(S, 3)],
    );
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&right, &call, &copy(S + 1, 4)],
    );
    // Of several results, none is in the accumulator.
    let pair = op(O::Call, &[PAIR, S]);
    good(
        REFERENCES,
        REFERENCES_FRAME,
        &[&pair, &copy(S, 3), &copy(S + 1, 4)],
    );
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&pair, &copy(S + 1, 3)],
    );
    bad(FORGED, REFERENCES, REFERENCES_FRAME, &[&pair, &put(3)]);
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&function, &pair, &put(3)],
    );
    // Returns of several.
    let range = op(O::ReturnRange, &[1, 6, 2]);
    good(
        PAIR,
        PAIR_FRAME,
        &[&pair, &op(O::CopyRange, &[S, 6, 2]), &range],
    );
    bad(FORGED, PAIR, PAIR_FRAME, &[&range]);
    bad(
        FORGED,
        PAIR,
        PAIR_FRAME,
        &[
            &pair,
            &op(O::CopyRange, &[S, S + 1, 1]),
            &op(O::ReturnRange, &[1, S, 2]),
        ],
    );
}

#[test]
fn references_across_labels() {
    let unlisted = "a cell listed at a label holds no reference";
    let keep = [op(O::RefFunc, &[IMPORT]), op(O::Put32, &[S])].concat();
    let branch = op(O::Branch, &[0]);
    let list = op(O::References, &[1, S]);
    let external = op(O::References, &[2, 2, S]);
    let back = op(O::Copy32, &[S, 3]);
    let f = REFERENCES;
    let frame = REFERENCES_FRAME;
    good(f, frame, &[&keep, &branch, &list, &back]);
    bad(FORGED, f, frame, &[&keep, &branch, &back]);
    bad(unlisted, f, frame, &[&branch, &list, &back]);
    bad(
        unlisted,
        f,
        frame,
        &[&keep, &branch, &external, &op(O::Copy32, &[S, 4])],
    );
    // Reached from behind and by going on: each path must bring it.
    let nez = form(O::BranchNez, Form::R, Variant::First, &[5, 4]);
    let number = op(O::Constant32Short, &[5]);
    good(f, frame, &[&keep, &nez, &number, &branch, &list, &back]);
    let other = second(O::Constant32Short, &[5, S]);
    let nez = form(O::BranchNez, Form::R, Variant::First, &[5, 3]);
    bad(unlisted, f, frame, &[&keep, &nez, &other, &list, &back]);
    let loop_back = second(O::Branch, &[(-8i16) as u16]);
    bad(unlisted, f, frame, &[&keep, &list, &other, &loop_back]);
    good(
        f,
        frame,
        &[&keep, &list, &op(O::Copy32, &[5, 6]), &loop_back],
    );
    // A list that no branch leads to is no source of references.
    bad(FORGED, f, frame, &[&list, &back]);
    // Only the operand stack is listed, and not too much of it.
    let place = "a cell is listed that is not on the operand stack";
    bad(place, f, frame, &[&op(O::References, &[1, 0])]);
    bad(FORGED, f, frame, &[&op(O::References, &[1, 17])]);
    let between = [O::References.single(), 1, S * CELL + 2];
    bad(place, f, frame, &[&keep, &between]);
    let many: Vec<u16> = [S].repeat(66);
    bad(
        "too many references are listed",
        f,
        frame,
        &[
            &keep,
            &op(O::References, &[&[66], many.as_slice()].concat()),
        ],
    );
    // On the way through an island.
    let island = op(O::BranchFar, &[0, 0]);
    good(f, frame, &[&keep, &branch, &island, &list, &back]);
    bad(unlisted, f, frame, &[&branch, &island, &list, &back]);
    bad(
        unlisted,
        f,
        frame,
        &[&keep, &branch, &island, &island, &list, &back],
    );
}

/// Code that is cheap to write must not be dear to verify.
#[test]
fn costly_code_is_refused_before_it_takes_long() {
    let costly = "the code is too costly to verify";
    let frame = [16_380, 2, 4, 1 | 1 << 8];
    let null = |cell: u16| second(O::Constant32Short, &[0, cell]);
    let start = std::time::Instant::now();
    // References copied in ranges as large as the frame allows.
    let copies = op(O::CopyRange, &[S, S + 1, 16_000]).repeat(40_000);
    long_bad(costly, REFERENCES, frame, &[&null(S), &copies]);
    // Labels that forget the whole frame, again and again, are within bounds.
    let ends = [null(S), null(16_300), op(O::Branch, &[0])]
        .concat()
        .repeat(20_000);
    long_good(REFERENCES, frame, &[&ends]);
    // So is a table of branches to a label that lists as much as it may.
    let list: Vec<u16> = (S..S + 64).collect();
    let known: Vec<u16> = list.iter().flat_map(|&cell| null(cell)).collect();
    let table = [[50_000u16, 0].as_slice(), &table_to_the_end(50_001)].concat();
    let code = [
        known,
        op(O::BranchTable, &table),
        op(O::References, &[[64].as_slice(), &list].concat()),
    ]
    .concat();
    long_good(REFERENCES, frame, &[&code]);
    let taken = start.elapsed();
    assert!(taken.as_secs() < 60, "{taken:?}");
}

/// Distances of a table of branches from each entry to the end of the table.
fn table_to_the_end(entries: u32) -> Vec<u16> {
    let distance = |entry: u32| (entries - 1 - entry) * 2;
    (0..entries)
        .map(distance)
        .flat_map(|distance| [distance as u16, (distance >> 16) as u16])
        .collect()
}
