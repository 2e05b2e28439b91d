//! The suite as devices run it, from packs.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use thimble::Limits;
use thimble_test_pack::{Options, left_out, run, stated};
use thimble_tests_memory::allocator::{self, Allocator};
use thimble_tests_spec::pack;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// Runs a pack, which must pass; returns the number of assertions.
fn pass(pack: &[u8], options: &Options) -> u32 {
    let mut failures = Vec::new();
    let before = allocator::live();
    let summary = run(pack, options, &mut |failure| {
        allocator::undisturbed(|| failures.push(failure.to_string()));
    });
    assert_eq!(allocator::live(), before, "not all was given back");
    assert!(failures.is_empty(), "\n  {}\n", failures.join("\n  "));
    assert_eq!(summary.failed, 0);
    assert_eq!(summary.passed, summary.assertions);
    assert_eq!(Ok(summary.passed), stated(pack));
    summary.passed
}

#[test]
fn all_packs_together_are_the_suite() {
    let files = pack::read(|_| true);
    assert_eq!(files.len(), 414);
    let mut assertions = [0, 0];
    for pack in pack::packs(&files, 3) {
        assert_eq!(pack.left_out, [""; 0]);
        for (sum, images) in assertions.iter_mut().zip([false, true]) {
            let options = Options {
                images,
                ..Options::default()
            };
            *sum += pass(&pack.bytes, &options);
        }
    }
    // As `tests/suite.rs` prints it.
    assert_eq!(assertions, [99_472; 2]);
}

#[test]
fn what_does_not_fit_is_left_out_and_named() {
    let mut files =
        pack::read(|file| ["wasm-v1/call.wast", "wasm-v1/memory_grow.wast"].contains(&file));
    let limits = Limits {
        stack_cells: 16_384,
        ..Limits::default()
    };
    for file in &mut files {
        file.fit(2 << 20, limits);
    }
    let [pack] = &pack::packs(&files, 1)[..] else {
        panic!("one pack was asked for");
    };
    let places: Vec<&str> = pack
        .left_out
        .iter()
        .map(|text| text.split_once(", needing").expect("the reason").0)
        .collect();
    // One call that grows a memory to 20 MB; calls of which each needs the one before.
    let call = "wasm-v1/call.wast:294: 1 assertion";
    let memory_grow = "wasm-v1/memory_grow.wast:36: 8 assertions";
    assert_eq!(places, [call, memory_grow]);
    let mut told = Vec::new();
    assert_eq!(left_out(&pack.bytes, |text| told.push(text)), Ok(()));
    assert_eq!(told, pack.left_out);
    let options = Options {
        limits,
        images: false,
    };
    assert_eq!(pass(&pack.bytes, &options) as usize, pack.assertions);
}

#[test]
fn a_damaged_pack_fails() {
    let files = pack::read(|file| file == "multi-memory/linking1.wast");
    let whole = &pack::packs(&files, 1)[0].bytes;
    let options = Options::default();
    let failed = |pack: &[u8]| run(pack, &options, &mut |_| {}).failed;
    assert_eq!(failed(whole), 0);
    for length in (0..whole.len()).step_by(7) {
        let summary = run(&whole[..length], &options, &mut |_| {});
        let complete = summary.failed == 0 && Ok(summary.passed) == stated(&whole[..length]);
        assert!(!complete, "{length} bytes are as good as {}", whole.len());
    }
    // A byte of the part's content that is no command.
    let mut damaged = whole.clone();
    let last = damaged.len() - 1;
    damaged[last] = 0xff;
    assert_ne!(failed(&damaged), 0);
}
