//! Our verdict and that of `wasmparser` agree on generated modules and on
//! damaged ones.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::collections::HashSet;
use std::thread;

use thimble_tests_validation::{Random, agree, code_start, damage, in_pieces, module};
use thimble_wasm::{Declarations, Failure, Instruction, Limits, Opcode, Visitor};

/// How many modules are generated, unless the variable `MODULES` says more.
const MODULES: u64 = 20_000;

/// How many damaged copies of each are compared.
const DAMAGED: usize = 9;

/// The verdicts on every `step`-th module from `first`; returns modules
/// compared, modules accepted, differences.
fn compare(first: u64, end: u64, step: usize) -> (usize, usize, usize) {
    let (mut compared, mut accepted, mut differences) = (0, 0, 0);
    for seed in (first..end).step_by(step) {
        let whole = module(seed);
        compared += 1;
        differences += usize::from(!agree(&whole, &format!("{seed}"), &mut accepted));
        if seed.is_multiple_of(16) {
            let ours = thimble_wasm::validate(&whole);
            assert_eq!(in_pieces(&whole, 1), ours);
            assert_eq!(in_pieces(&whole, 7), ours);
        }
        let code = code_start(&whole).unwrap_or(0);
        let mut random = Random(!seed);
        for turn in 0..DAMAGED {
            let mut damaged = whole.clone();
            let changes = 1 + random.below(3);
            damage(&mut damaged, code, changes, &mut random);
            compared += 1;
            differences += usize::from(!agree(&damaged, &format!("{seed}-{turn}"), &mut accepted));
        }
    }
    (compared, accepted, differences)
}

#[test]
fn same_verdict_as_wasmparser() {
    let end = std::env::var("MODULES").map_or(MODULES, |number| number.parse().unwrap());
    let threads = 2;
    let workers: Vec<_> = (0..threads)
        .map(|first| thread::spawn(move || compare(first, end, threads as usize)))
        .collect();
    let (mut compared, mut accepted, mut differences) = (0, 0, 0);
    for worker in workers {
        let (more_compared, more_accepted, more_differences) = worker.join().unwrap();
        compared += more_compared;
        accepted += more_accepted;
        differences += more_differences;
    }
    println!("{compared} modules compared, {accepted} accepted, {differences} differences");
    assert_eq!(differences, 0);
    // Both verdicts must be common, or the comparison shows little.
    assert!(accepted > compared / 8 && accepted < compared * 3 / 4);
}

/// The comparison is worth what the modules contain: every operator, in
/// modules that are valid.
#[test]
fn every_operator_occurs() {
    struct Seen(HashSet<Opcode>);
    impl Visitor for Seen {
        fn operator(
            &mut self,
            _: &Declarations,
            _: u64,
            instruction: &Instruction,
        ) -> Result<(), Failure> {
            self.0.insert(instruction.opcode);
            Ok(())
        }
    }
    let mut seen = Seen(HashSet::new());
    let mut bytes = 0;
    for seed in 0..2_000 {
        let whole = module(seed);
        bytes += whole.len();
        let _ = thimble_wasm::decode(&mut whole.as_slice(), &Limits::DEFAULT, &mut seen);
    }
    println!("{} bytes a module", bytes / 2_000);
    for opcode in Opcode::ALL {
        assert!(seen.0.contains(opcode), "{}", opcode.name());
    }
}
