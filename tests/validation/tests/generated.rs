//! Our verdict and that of `wasmparser` agree on generated modules and on
//! damaged ones.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::thread;

use thimble_tests_validation::{Random, in_pieces, module, reference};

/// How many modules are generated, unless the variable `MODULES` says more.
const MODULES: u64 = 20_000;

/// How many damaged copies of each are compared.
const DAMAGED: usize = 9;

/// Where the contents of the code section begin, if there is one.
fn code_start(module: &[u8]) -> Option<usize> {
    let parts = wasmparser::Parser::new(0).parse_all(module);
    parts.flatten().find_map(|part| match part {
        wasmparser::Payload::CodeSectionStart {
            unchecked_range, ..
        } => Some(unchecked_range.start as usize),
        _ => None,
    })
}

/// Changes a few bytes, or the length, of a module; half of the time in and
/// after its code.
fn damage(module: &mut Vec<u8>, code: usize, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let from = if random.below(2) == 0 { code } else { 0 };
        if from >= module.len() {
            return;
        }
        let place = from + random.below(module.len() - from);
        match random.below(10) {
            0 => module.truncate(place),
            1 => module.insert(place, random.number() as u8),
            2 => {
                module.remove(place);
            }
            3 => module[place] = random.number() as u8,
            4 => module[place] = module[place].wrapping_add(1),
            5 => module[place] = [0x00, 0x40, 0x70, 0x7f, 0x80, 0xff][random.below(6)],
            6 => {
                let other = module[random.below(module.len())];
                module[place] = other;
            }
            // An operator for another: most take and give the same number.
            7 => module[place] = module[place].wrapping_add(random.below(16) as u8),
            8 => module.swap(place, from),
            _ => module[place] ^= 1 << random.below(8),
        }
    }
}

/// Whether the verdicts agree; prints what tells them apart.
fn agree(module: &[u8], label: &str, accepted: &mut usize) -> bool {
    let ours = thimble_wasm::validate(module);
    let theirs = reference(module);
    *accepted += usize::from(ours.is_ok());
    if ours.is_ok() == theirs.is_ok() {
        return true;
    }
    println!("{label}: ours {ours:?}, theirs {theirs:?}");
    if let Ok(folder) = std::env::var("KEEP_DIFFERENCES") {
        std::fs::write(format!("{folder}/{label}.wasm"), module).unwrap();
    }
    false
}

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
            damage(&mut damaged, code, &mut random);
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
