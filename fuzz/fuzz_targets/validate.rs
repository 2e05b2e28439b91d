//! Compares the verdict on any bytes with that of `wasmparser`, and the verdict on
//! bytes that arrive one by one.
//!
//! `cargo +nightly fuzz run validate`. What is found becomes a test in
//! `tests/validation`.
#![no_main]

use thimble_tests_validation::{agree, in_pieces};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    assert!(agree(input, "input", &mut 0), "the verdicts differ");
    assert_eq!(in_pieces(input, 1), in_pieces(input, usize::MAX));
});
