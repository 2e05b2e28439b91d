//! Our verdict and that of `wasmparser` agree on generated modules and on
//! damaged ones.

use std::thread;

use thimble_tests_validation::{Random, in_pieces, module, reference};

/// Generated modules. Each is also damaged `DAMAGED` times.
const MODULES: u64 = 20_000;

const DAMAGED: usize = 3;

/// Changes a few bytes, or the length, of a module.
fn damage(module: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        if module.is_empty() {
            return;
        }
        let place = random.below(module.len());
        match random.below(8) {
            0 => module.truncate(place),
            1 => module.insert(place, random.next() as u8),
            2 => {
                module.remove(place);
            }
            3 => module[place] = random.next() as u8,
            4 => module[place] = module[place].wrapping_add(1),
            5 => module[place] = [0x00, 0x40, 0x70, 0x7f, 0x80, 0xff][random.below(6)],
            6 => {
                let other = module[random.below(module.len())];
                module[place] = other;
            }
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
fn compare(first: u64, step: usize) -> (usize, usize, usize) {
    let (mut compared, mut accepted, mut differences) = (0, 0, 0);
    for seed in (first..MODULES).step_by(step) {
        let whole = module(seed);
        compared += 1;
        differences += usize::from(!agree(&whole, &format!("{seed}"), &mut accepted));
        if seed % 16 == 0 {
            let ours = thimble_wasm::validate(&whole);
            assert_eq!(in_pieces(&whole, 1), ours);
            assert_eq!(in_pieces(&whole, 7), ours);
        }
        let mut random = Random(!seed);
        for turn in 0..DAMAGED {
            let mut damaged = whole.clone();
            damage(&mut damaged, &mut random);
            compared += 1;
            differences += usize::from(!agree(&damaged, &format!("{seed}-{turn}"), &mut accepted));
        }
    }
    (compared, accepted, differences)
}

#[test]
fn same_verdict_as_wasmparser() {
    let threads = 2;
    let workers: Vec<_> = (0..threads)
        .map(|first| thread::spawn(move || compare(first, threads as usize)))
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
    assert!(accepted > compared / 4 && accepted < compared * 3 / 4);
}
