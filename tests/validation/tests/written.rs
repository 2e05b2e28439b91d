//! Rules that neither generated nor damaged modules were seen to test, as
//! modules written down: both verdicts, and our words.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use thimble_tests_validation::reference;

fn module(sections: &[&[u8]]) -> Vec<u8> {
    [b"\0asm\x01\0\0\0", sections.concat().as_slice()].concat()
}

fn both_refuse(module: &[u8], message: &str, offset: u64) {
    assert!(reference(module).is_err());
    let ours = thimble_wasm::validate(module).map_err(|error| (error.message(), error.offset()));
    assert_eq!(ours, Err((message, offset)));
}

fn both_accept(module: &[u8]) {
    assert_eq!(reference(module), Ok(()));
    assert_eq!(thimble_wasm::validate(module), Ok(()));
}

/// (global i32 (i32.const 0))
const FIRST: &[u8] = &[0x7f, 0, 0x41, 0, 0x0b];

/// (global i32 (global.get 0))
const SECOND: &[u8] = &[0x7f, 0, 0x23, 0, 0x0b];

#[test]
fn constants_may_not_read_globals_of_the_module() {
    let section = [&[6, 11, 2], FIRST, SECOND].concat();
    both_refuse(&module(&[&section]), "unknown global", 18);
    // Of an import: (import "" "" (global i32))
    let import = &[2, 6, 1, 0, 0, 3, 0x7f, 0];
    let section = [&[6, 6, 1], SECOND].concat();
    both_accept(&module(&[import, &section]));
    // Of an import that may change.
    let import = &[2, 6, 1, 0, 0, 3, 0x7f, 1];
    both_refuse(
        &module(&[import, &section]),
        "constant expression required",
        21,
    );
}

#[test]
fn labels_of_a_table_take_the_same_number_of_operands() {
    // In unreachable code, where any operands fit: block (result i32) inside a
    // function without results; br_table to both.
    let refused = module(&[
        &[1, 4, 1, 0x60, 0, 0],
        &[3, 2, 1, 0],
        &[
            10, 15, 1, 13, 0, 0x02, 0x7f, 0x00, 0x41, 0, 0x0e, 1, 0, 1, 0x0b, 0x1a, 0x0b,
        ],
    ]);
    both_refuse(&refused, "type mismatch", 31);
    // The same number, of two types that unreachable operands fit both.
    let accepted = module(&[
        &[1, 5, 1, 0x60, 0, 1, 0x7f],
        &[3, 2, 1, 0],
        &[
            10, 16, 1, 14, 0, 0x02, 0x7e, 0x00, 0x41, 0, 0x0e, 1, 0, 1, 0x0b, 0x1a, 0x00, 0x0b,
        ],
    ]);
    both_accept(&accepted);
}
