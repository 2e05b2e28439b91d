//! Programs that do not end by themselves.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "a test"
)]

mod process_support;

use std::fmt::Write;
use std::sync::atomic::Ordering;

use process_support::{Bench, CONSOLE, SETTINGS, TestDevice, host, request, request_with};
use thimble_device::{Ending, ProcessError, Request, State};

const MILLISECOND: u64 = 1_000_000;

/// Stops a program that has come to where it stays.
fn stop(bench: &Bench, request: Request, ready: &str) {
    let id = bench.start(request);
    bench.await_state(id, State::Running);
    bench.await_log(id, ready);
    assert_eq!(bench.processes.wait(id, Some(20 * MILLISECOND)), Ok(None));
    bench.processes.stop(id).unwrap();
    assert_eq!(bench.wait(id), Ending::Stopped);
    // Nobody who stops a program needs to be told why it ended.
    assert!(bench.log(id).ends_with(ready));
    assert_eq!(bench.processes.stop(id), Err(ProcessError::NotFound));
}

#[test]
fn a_program_that_computes_is_stopped() {
    stop(&Bench::new(), request(&["spin"]), "");
}

#[test]
fn a_program_that_sleeps_is_stopped() {
    let request = request(&["clock", "1", "3600000"]);
    stop(&Bench::new(), request, "");
}

#[test]
fn a_program_that_waits_for_input_is_stopped() {
    let (host, _person) = host();
    let bench = TestDevice::new(host, SETTINGS).begin();
    stop(
        &bench,
        request_with(&["cat"], |request| request.streams(CONSOLE)),
        "",
    );
}

#[test]
fn a_program_that_waits_for_a_connection_is_stopped() {
    let request = request_with(&["echo-server"], |request| {
        request.listener("127.0.0.1:0").unwrap()
    });
    stop(&Bench::new(), request, "");
}

#[test]
fn a_program_whose_output_nobody_takes_is_stopped() {
    let (host, _person) = host();
    let writer = r#"(module
        (import "wasi_snapshot_preview1" "fd_write"
            (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "_start")
            (i32.store (i32.const 4) (i32.const 4096))
            (loop (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
                (br 0))))"#;
    let bench = TestDevice::new(host, SETTINGS)
        .with_text("writer", writer)
        .begin();
    stop(&bench, request(&["writer"]), "\0");
}

#[test]
fn a_program_that_is_being_loaded_is_stopped() {
    let mut text = "(module (func (export \"_start\"))".to_owned();
    for _ in 0..50_000 {
        text += "(func (drop (i32.add (i32.const 1) (i32.const 2))))";
    }
    text.write_char(')').unwrap();
    let bench = Bench::device().with_text("large", &text).begin();
    let id = bench.start(request(&["large"]));
    assert_eq!(bench.state(id), Some(State::Loading));
    bench.processes.stop(id).unwrap();
    let state = bench.state(id);
    assert!(matches!(
        state,
        Some(State::Stopping | State::Ended(Ending::Stopped))
    ));
    assert_eq!(bench.wait(id), Ending::Stopped);
    assert_eq!(bench.log(id), "");
}

#[test]
fn time_runs_out_for_a_program_that_computes_and_one_that_sleeps() {
    let bench = Bench::new();
    for words in [&["spin"][..], &["clock", "1", "3600000"]] {
        let clock = bench.device.platform.clock();
        let before = clock.now();
        let (ending, _) = bench.run(request_with(words, |request| {
            request.timeout(50 * MILLISECOND)
        }));
        assert_eq!(ending, Ending::TimedOut);
        assert!(clock.now() - before >= 50 * MILLISECOND);
    }
}

#[test]
fn the_shorter_time_is_over_first() {
    let bench = Bench::new();
    let long = bench.start(request_with(&["spin"], |request| {
        request.timeout(2000 * MILLISECOND)
    }));
    let short = bench.start(request_with(&["spin"], |request| {
        request.timeout(50 * MILLISECOND)
    }));
    assert_eq!(bench.wait(short), Ending::TimedOut);
    assert_eq!(bench.state(long), Some(State::Running));
    assert_eq!(bench.wait(long), Ending::TimedOut);
    // Time that is left does no harm.
    let (ending, _) = bench.run(request_with(&["hello"], |request| {
        request.timeout(50 * MILLISECOND)
    }));
    assert_eq!(ending, Ending::Exited(0));
}

#[test]
fn the_first_reason_to_stop_counts() {
    let bench = Bench::new();
    let id = bench.start(request_with(&["spin"], |request| {
        request.timeout(3_600_000 * MILLISECOND)
    }));
    bench.processes.stop(id).unwrap();
    let _ = bench.processes.stop(id);
    assert_eq!(bench.wait(id), Ending::Stopped);
}

#[test]
fn fuel_runs_out() {
    let bench = Bench::new();
    let (ending, text) = bench.run(request_with(&["spin"], |request| request.fuel(1000)));
    assert_eq!(ending, Ending::Failed);
    assert!(text.starts_with("trap: all fuel consumed\n  in "), "{text}");
    let (ending, _) = bench.run(request_with(&["exit", "4"], |request| {
        request.fuel(1_000_000)
    }));
    assert_eq!(ending, Ending::Exited(4));
}

#[test]
fn the_device_pauses_between_slices_and_fuel_counts_all_the_same() {
    let mut device = Bench::device();
    device.slice = Some(300);
    let bench = device.begin();
    let pauses = || bench.device.pauses.swap(0, Ordering::Relaxed);
    let (ending, text) = bench.run(request_with(&["spin"], |request| request.fuel(1000)));
    assert_eq!(ending, Ending::Failed);
    assert!(text.starts_with("trap: all fuel consumed\n  in "), "{text}");
    // After 300, 600 and 900.
    assert_eq!(pauses(), 3);
    let (ending, text) = bench.run(request(&["recurse", "1000"]));
    assert_eq!(ending, Ending::Exited(0));
    assert!(text.contains("1000"), "{text}");
    assert!(pauses() > 0);
    let (ending, _) = bench.run(request(&["trap", "memory"]));
    assert_eq!(ending, Ending::Failed);
    stop(&bench, request(&["spin"]), "");
    let (ending, _) = bench.run(request_with(&["spin"], |request| {
        request.timeout(50 * MILLISECOND)
    }));
    assert_eq!(ending, Ending::TimedOut);
    assert!(pauses() > 0);
}
