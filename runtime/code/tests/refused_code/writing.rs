//! Code as the tests write it, in a module that is good without it, and what the verifier says of that.

use thimble_code::image::{Image, ImageError};
use thimble_code::operation::{CELL, Form, Operand, Operation, Variant, decode};

use crate::support::{check, image_of_text, repair};

/// Functions of the module.
pub const IMPORT: u16 = 0;
pub const IMPORT_REFERENCES: u16 = 1;
pub const BINARY: u16 = 2;
pub const REFERENCES: u16 = 3;
pub const TWO: u16 = 4;
pub const LONG: u16 = 5;
pub const PAIR: u16 = 6;
pub const NOTHING: u16 = 7;

/// Frames with four locals and ten cells for operands, the first of which is `S`.
pub const BINARY_FRAME: [u16; 4] = [17, 2, 4, 0];
pub const REFERENCES_FRAME: [u16; 4] = [17, 2, 4, 1 | 1 << 8];
pub const TWO_FRAME: [u16; 4] = [15, 0, 4, 0];
pub const LONG_FRAME: [u16; 4] = [17, 2, 4, 0];
pub const PAIR_FRAME: [u16; 4] = [16, 1, 4, 1 | 1 << 8];
pub const S: u16 = 7;

/// The module, with room for so many times ten units in each function.
pub fn victim_with_room(times: usize) -> Vec<u8> {
    let fill = "(i64.store offset=70000 (i32.const 0) (i64.const 0x1234567890))".repeat(times);
    let text = include_str!("../support/victim.wat").replace("FILL", &fill);
    image_of_text(&text).as_bytes().to_vec()
}

pub fn victim() -> Vec<u8> {
    victim_with_room(12)
}

/// What the verifier says of a function with this prologue and code.
pub fn verdict(function: u16, prologue: [u16; 4], code: &[&[u16]]) -> Result<(), ImageError> {
    verdict_in(victim(), function, prologue, code)
}

pub fn verdict_in(
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
pub fn verdict_of(
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
    units.resize(record.units as usize, Operation::Unreachable.single());
    for (at, unit) in units.into_iter().enumerate() {
        let at = record.code as usize + at * 2;
        bytes[at..at + 2].copy_from_slice(&unit.to_le_bytes());
    }
    repair(&mut bytes);
    check(&aligned(&bytes))
}

pub fn long_good(function: u16, prologue: [u16; 4], code: &[&[u16]]) {
    assert_eq!(
        verdict_in(victim_with_room(14_000), function, prologue, code),
        Ok(())
    );
}

pub fn long_bad(expected: &str, function: u16, prologue: [u16; 4], code: &[&[u16]]) {
    match verdict_in(victim_with_room(14_000), function, prologue, code) {
        Err(ImageError::Malformed { message, .. }) => assert_eq!(message, expected),
        other => panic!("{other:?}, not {expected:?}"),
    }
}

/// The bytes at an aligned address.
pub fn aligned(bytes: &[u8]) -> Vec<u8> {
    // The allocator aligns to more than an image needs.
    let copy = bytes.to_vec();
    assert_eq!(copy.as_ptr() as usize % 4, 0);
    copy
}

#[track_caller]
pub fn good(function: u16, prologue: [u16; 4], code: &[&[u16]]) {
    assert_eq!(verdict(function, prologue, code), Ok(()));
}

#[track_caller]
pub fn bad(message: &str, function: u16, prologue: [u16; 4], code: &[&[u16]]) {
    match verdict(function, prologue, code) {
        Err(ImageError::Malformed { message: found, .. }) => assert_eq!(found, message),
        other => panic!("{other:?}, not {message:?}"),
    }
}

/// An operation with one form.
pub fn op(operation: Operation, operands: &[u16]) -> Vec<u16> {
    let token = operation.single();
    assert_ne!(token, u16::MAX, "{operation:?} has several forms");
    encode(token, operands)
}

/// An operation with one form that stores its result, or branches backward.
pub fn second(operation: Operation, operands: &[u16]) -> Vec<u16> {
    form(operation, Form::One, Variant::Second, operands)
}

pub fn form(operation: Operation, form: Form, variant: Variant, operands: &[u16]) -> Vec<u16> {
    encode(operation.token(form, variant).unwrap(), operands)
}

/// The units of an operation. Tests count cells and units, code counts bytes.
pub fn encode(token: u16, operands: &[u16]) -> Vec<u16> {
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

pub const ROOM: &str = "a cell lies outside the frame";
pub const LINK: &str = "the return address is used as a value";
pub const FORGED: &str = "a number is used as a reference, or one of another kind";
pub const RESULTS: &str = "a return has the wrong number of results";
pub const INDEX: &str = "there is no such index";
pub const PROLOGUE: &str = "the prologue does not fit the function";
