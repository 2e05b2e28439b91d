//! The verifier accepts what the translator writes.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use support::{check, image_of, image_of_text, modules};
use thimble_tests_validation::module;

const SEEDS: u64 = 2_000;

#[test]
fn images_of_generated_modules_are_accepted() {
    let mut accepted = 0;
    for seed in 0..SEEDS {
        let module = module(seed);
        let Ok(image) = image_of(&module) else {
            continue;
        };
        if let Err(error) = check(image.as_bytes()) {
            panic!("seed {seed}: {error}");
        }
        accepted += 1;
    }
    println!("{accepted} of {SEEDS} modules were valid, and all their images accepted");
    assert!(accepted > SEEDS / 2);
}

#[test]
fn images_of_programs_are_accepted() {
    for folder in ["guests/wasm", "bench/workloads"] {
        for (name, module) in modules(folder) {
            let image = image_of(&module).unwrap();
            assert_eq!(check(image.as_bytes()), Ok(()), "{name}");
        }
    }
}

/// Offsets of 16 bits name 16,383 cells: of a frame, one of them for the return
/// address, and of the globals that a module defines.
#[test]
fn cells_are_as_many_as_offsets_name() {
    let locals = |count: usize| {
        let locals = "i32 ".repeat(count);
        let last = count - 1;
        let body = format!("(local.set {last} (local.get 0))");
        wat::parse_str(format!("(module (func (local {locals}) {body}))")).unwrap()
    };
    // One operand is on the stack.
    let image = image_of(&locals(16_381)).unwrap();
    assert_eq!(check(image.as_bytes()), Ok(()));
    for count in [16_382, 16_383, 40_000] {
        let error = image_of(&locals(count)).unwrap_err().to_string();
        assert!(
            error.contains("a function needs more than 16,383 cells"),
            "{error}"
        );
    }
    let globals = |count: usize| {
        let globals = "(global (mut i32) (i32.const 1))".repeat(count);
        let last = count - 1;
        format!("(module {globals} (func (global.set {last} (global.get 0))))")
    };
    let image = image_of_text(&globals(16_383));
    assert_eq!(check(image.as_bytes()), Ok(()));
    let module = wat::parse_str(globals(16_384)).unwrap();
    let error = image_of(&module).unwrap_err().to_string();
    assert!(
        error.contains("the globals need more than 16,383 cells"),
        "{error}"
    );
}

/// Internal code of the workloads is at most 1.5 times the size of their code sections.
#[test]
fn code_is_compact() {
    for folder in ["bench/workloads", "guests/wasm"] {
        let (mut units, mut bytes) = (0, 0);
        for (name, module) in modules(folder) {
            let image = image_of(&module).unwrap();
            let header = support::header(image.as_bytes());
            let internal = header.code_units * 2;
            let ratio = f64::from(internal) / f64::from(header.body_bytes);
            println!(
                "{name:24} {internal:8} / {:8} = {ratio:.3}",
                header.body_bytes
            );
            units += header.code_units;
            bytes += header.body_bytes;
        }
        let ratio = f64::from(units * 2) / f64::from(bytes);
        println!("{folder:24} {:8} / {bytes:8} = {ratio:.3}", units * 2);
        assert!(ratio <= 1.5, "{folder}: {ratio}");
    }
}
