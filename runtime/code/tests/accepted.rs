//! The verifier accepts what the translator writes.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use support::{check, image_of, modules};
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
