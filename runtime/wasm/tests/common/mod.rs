//! What the tests of this crate share: modules written down byte by byte.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::indexing_slicing, clippy::expect_used)]

use thimble_wasm::{Error, Limits, Source, SourceError, Visitor, decode};

/// A module of these sections, each its number and its contents.
pub fn module(sections: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = b"\0asm\x01\0\0\0".to_vec();
    for (id, contents) in sections {
        bytes.push(*id);
        bytes.extend(leb128(contents.len() as u64));
        bytes.extend_from_slice(contents);
    }
    bytes
}

/// A number as unsigned LEB128.
pub fn leb128(mut number: u64) -> Vec<u8> {
    let mut bytes = vec![];
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// A module with one function of type 0 (nothing to nothing) with this body;
/// type 1 is i32 to i32. There is a memory of one page.
pub fn function(body: &[u8]) -> Vec<u8> {
    let mut code = vec![1];
    code.extend(leb128(body.len() as u64));
    code.extend_from_slice(body);
    module(&[
        (1, &[2, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f]),
        (3, &[1, 0]),
        (5, &[1, 0, 1]),
        (10, &code),
    ])
}

/// The message and offset of the refusal.
pub fn refusal(module: &[u8]) -> (&'static str, u64) {
    let error = thimble_wasm::validate(module).expect_err("the module must be refused");
    (error.message(), error.offset())
}

/// A source that yields at most so many bytes at once.
pub struct Pieces<'a>(pub &'a [u8], pub usize);

impl Source for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
        let length = self.0.len().min(buffer.len()).min(self.1);
        let (front, rest) = self.0.split_at(length);
        buffer[..length].copy_from_slice(front);
        self.0 = rest;
        Ok(length)
    }
}

/// Decodes with the default limits.
pub fn report(module: &[u8], piece: usize, visitor: &mut dyn Visitor) -> Result<(), Error> {
    decode(&mut Pieces(module, piece), &Limits::DEFAULT, visitor)
}

/// A module with something in every section.
#[rustfmt::skip]
pub fn everything() -> Vec<u8> {
    module(&[
        // (func) (func (param i32) (result i32)) (func (param i64 f32))
        (1, &[3, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7e, 0x7d, 0]),
        // (import "m" "é" (func (type 1))) (import "m" "g" (global i32))
        (2, b"\x02\x01m\x02\xc3\xa9\x00\x01\x01m\x01g\x03\x7f\x00"),
        (3, &[2, 0, 1]),
        // (table 1 2 funcref) (table 0 externref)
        (4, &[2, 0x70, 1, 1, 2, 0x6f, 0, 0]),
        // (memory 1) (memory 0 7 (pagesize 1))
        (5, &[2, 0, 1, 9, 0, 7, 0]),
        // (global (mut i32) (i32.add (global.get 0) (i32.const 7))) (global funcref (ref.func 1))
        (6, &[2, 0x7f, 1, 0x23, 0, 0x41, 7, 0x6a, 0x0b, 0x70, 0, 0xd2, 1, 0x0b]),
        // (export "b" (func 2)) (export "a" (memory 1))
        (7, b"\x02\x01b\x00\x02\x01a\x02\x01"),
        (8, &[1]),
        // (elem (i32.const 0) func 0) (elem externref (ref.null extern)) (elem declare func 2)
        (9, &[3, 0, 0x41, 0, 0x0b, 1, 0, 5, 0x6f, 1, 0xd0, 0x6f, 0x0b, 3, 0, 1, 2]),
        (12, &[2]),
        (
            10,
            &[
                2, // function 1: two locals, block, br_table, data.drop
                16, 1, 2, 0x7e, 0x02, 0x40, 0x41, 0, 0x0e, 1, 0, 1, 0x0b, 0xfc, 9, 1, 0x0b,
                // function 2: load from memory 1, tail call
                10, 0, 0x20, 0, 0x2d, 0x40, 1, 5, 0x12, 0, 0x0b,
            ],
        ),
        (11, &[2, 0, 0x41, 0, 0x0b, 2, 0xaa, 0xbb, 1, 3, 1, 2, 3]),
        (0, b"\x04name\x01\x04\x01\x01\x01f"),
    ])
}
