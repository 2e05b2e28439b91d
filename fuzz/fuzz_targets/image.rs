//! Changes images, repairs their checksums and runs what the verifier accepts.
//!
//! `cargo +nightly fuzz run image`. What is found becomes a test in
//! `tests/images`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| thimble_tests_images::fuzz(input));
