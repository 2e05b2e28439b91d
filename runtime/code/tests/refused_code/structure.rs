//! Prologues, operations one after another, the end of a function, and the targets of branches.

use thimble_code::image::{Image, ImageError};
use thimble_code::operation::{CELL, Form, Operation as O, TOKENS, Variant};

use crate::support::{check, repair};
use crate::writing::{
    BINARY, BINARY_FRAME, PROLOGUE, REFERENCES, TWO, aligned, bad, form, good, op, second,
    verdict_of, victim,
};

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
