//! Executes modules on Thimble and on wasmi and compares what can be seen.
//!
//! `cargo +nightly fuzz run execute`. The first byte decides on the way of
//! execution and the arguments, the others are what `wasm-smith` makes the module
//! of. What is found becomes a module in `tests/differential/regressions`.
#![no_main]

use std::panic;
use std::sync::Once;

use thimble_tests_differential::compare::{Way, compare};
use thimble_tests_differential::generate::{Size, from_noise};

static HOOK: Once = Once::new();

/// Lets wasmi panic, which it does over some modules and which the comparison
/// catches; libFuzzer ends the process at a panic otherwise.
fn let_wasmi_panic() {
    let abort = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let file = panic.location().map_or("", |location| location.file());
        if !file.contains("/wasmi-") {
            abort(panic);
        }
    }));
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    HOOK.call_once(let_wasmi_panic);
    let Some((&choice, noise)) = input.split_first() else {
        return;
    };
    let counts_fuel = choice % 8 != 0;
    let Some(generated) = from_noise(noise, Size::MEDIUM, counts_fuel) else {
        return;
    };
    let seed = u64::from(choice);
    let result = compare(&generated.module, counts_fuel, seed, Way::of_seed(seed));
    if let Err(difference) = result {
        panic!("{difference}");
    }
});
