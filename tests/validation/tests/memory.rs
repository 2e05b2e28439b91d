//! Memory: bounded by what a module holds, and an error when there is none.
//!
//! A file of its own with one test, so that nothing else allocates meanwhile.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used)]

use std::alloc::System;

use cap::Cap;
use thimble_tests_validation::module;
use thimble_wasm::{Error, ErrorKind, validate};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// Validates with at most `room` bytes of heap; returns the verdict, and
/// whether all bytes were returned.
fn within(module: &[u8], room: usize) -> (Result<(), Error>, bool) {
    let before = ALLOCATOR.allocated();
    ALLOCATOR.set_limit(before + room).unwrap();
    let verdict = validate(module);
    ALLOCATOR.set_limit(usize::MAX).unwrap();
    (verdict, ALLOCATOR.allocated() == before)
}

#[test]
fn memory_is_bounded_and_may_run_out() {
    let mut largest_share = 0;
    for seed in 0..200 {
        let whole = module(seed);
        let expected = validate(&whole);
        // The least room that will do, found by giving a little more each time;
        // each lack of room must be an error, and leave nothing behind.
        let mut room = 0;
        loop {
            let (verdict, returned) = within(&whole, room);
            assert!(returned);
            match verdict {
                Err(error) if error.kind() == ErrorKind::OutOfMemory => room += 1 + room / 16,
                verdict => {
                    assert_eq!(verdict, expected);
                    break;
                }
            }
        }
        largest_share = largest_share.max(room / (whole.len() + 256));
    }
    println!("at most {largest_share} bytes of heap for each byte of a module");
    assert!(largest_share <= 16);

    // Counts of 2³² - 1 with nothing behind them.
    for id in 1..=12 {
        let mut absurd = b"\0asm\x01\0\0\0".to_vec();
        absurd.extend([id, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00]);
        let (verdict, returned) = within(&absurd, 1024);
        assert!(returned);
        assert_ne!(verdict.unwrap_err().kind(), ErrorKind::OutOfMemory);
    }
}
