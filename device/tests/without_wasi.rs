//! Firmware without WASI, or without a part of it: what runs, and what is refused.
#![cfg(all(
    feature = "translate",
    not(all(feature = "wasi", feature = "wasi-arguments"))
))]
#![allow(clippy::unwrap_used, reason = "a test")]

mod process_support;

use process_support::{Bench, request, request_with};
use thimble_device::Ending;

#[cfg(not(feature = "wasi"))]
#[test]
fn a_program_that_imports_nothing_runs() {
    let bench = Bench::device()
        .with_text("idle", r#"(module (func (export "_start")))"#)
        .with_text("fails", r#"(module (func (export "_start") unreachable))"#)
        .begin();
    assert_eq!(
        bench.run(request(&["idle"])),
        (Ending::Exited(0), String::new())
    );
    let (ending, text) = bench.run(request(&["fails"]));
    assert_eq!(ending, Ending::Failed);
    assert_eq!(text, "trap: unreachable\n  in function 0\n");
}

#[cfg(not(feature = "wasi"))]
#[test]
fn a_program_with_imports_is_refused() {
    let (ending, text) = Bench::new().run(request(&["hello"]));
    assert_eq!(ending, Ending::Failed);
    let start = "hello: there is no import wasi_snapshot_preview1 ";
    assert!(text.starts_with(start), "{text}");
}

#[cfg(feature = "wasi")]
#[test]
fn a_program_without_arguments_runs() {
    let greeting = process_support::GREETING.to_owned();
    let bench = Bench::new();
    assert_eq!(
        bench.run(request(&["hello"])),
        (Ending::Exited(0), greeting)
    );
}

#[test]
fn a_program_that_was_to_be_given_something_is_refused() {
    let idle = r#"(module (func (export "_start")))"#;
    let bench = Bench::device().with_text("idle", idle).begin();
    let absent = if cfg!(feature = "wasi") {
        "arguments"
    } else {
        "WASI"
    };
    let with_variable = request_with(&["idle"], |request| request.variable("A", "1").unwrap());
    for (request, what) in [
        (request(&["idle", "one", "two"]), "one"),
        (with_variable, "A=1"),
    ] {
        let message = format!("idle: {what}: this firmware has no {absent}\n");
        assert_eq!(bench.run(request), (Ending::Failed, message));
    }
}
