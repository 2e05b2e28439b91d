//! Limits stop a program that goes beyond them, and only such a one.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "tests, and what several of them share"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may panic"
)]

mod support;

use std::process::Command;
use std::time::Duration;

use support::{Outcome, Running, guest, root, thimble};

fn run(options: &[&str], name: &str, arguments: &[&str]) -> Outcome {
    let module = guest(name);
    thimble(
        ["run"]
            .iter()
            .chain(options)
            .chain(&[module.as_str()])
            .chain(arguments),
    )
}

#[test]
fn fuel_ends_an_endless_program() {
    for dispatch in ["tail", "loop"] {
        let outcome = run(&["--fuel", "100000", "--dispatch", dispatch], "spin", &[]);
        outcome.fails(134, &["spin.wasm: ", "fuel", "backtrace"]);
    }
    run(&["--fuel", "100000000"], "hello", &[]).prints("Hello from WebAssembly!\n");
    run(&["--fuel", "1"], "hello", &[]).fails(134, &["fuel"]);
}

#[test]
fn time_ends_an_endless_program() {
    for dispatch in ["tail", "loop"] {
        let outcome = run(&["--timeout", "200ms", "--dispatch", dispatch], "spin", &[]);
        outcome.fails(134, &["spin.wasm: ", "timed out", "200ms", "backtrace"]);
        assert!(
            outcome.time >= Duration::from_millis(200),
            "{:?}",
            outcome.time
        );
    }
    run(&["--timeout", "50s"], "hello", &[]).prints("Hello from WebAssembly!\n");
}

#[test]
fn time_ends_a_program_that_waits() {
    // For input that never comes: the pipe stays open.
    let mut command = Command::new(env!("CARGO_BIN_EXE_thimble"));
    command.args(["run", "--timeout", "200ms", &guest("cat")]);
    let mut running = Running::start(&mut command);
    let input = running.child.stdin.take();
    running.finish().fails(134, &["cat.wasm: ", "timed out"]);
    drop(input);

    // For a connection that never comes.
    let options = ["--timeout", "200ms", "--tcplisten", "127.0.0.1:0"];
    run(&options, "echo-server", &[]).fails(134, &["echo-server.wasm: ", "timed out"]);

    // For time to pass.
    let outcome = run(&["--timeout", "200ms"], "clock", &["1", "50000"]);
    outcome.fails(134, &["clock.wasm: ", "timed out"]);
}

#[test]
fn memory_grows_up_to_its_limit() {
    let pages = |options: &[&str]| -> u32 {
        let outcome = run(options, "grow", &["64"]);
        assert_eq!(outcome.code(), 0, "{outcome:?}");
        outcome.stdout.trim().parse().unwrap()
    };
    assert_eq!(pages(&[]), 64);
    let one = pages(&["--max-memory", "1M"]);
    let two = pages(&["--max-memory", "2097152"]);
    assert!(one < 16, "{one}");
    assert_eq!(two - one, 16);
    // Not even what the program starts with.
    run(&["--max-memory", "1K"], "hello", &[]).fails(1, &["hello.wasm: ", "memory"]);
}

#[test]
fn recursion_ends_in_a_trap() {
    let outcome = run(&[], "recurse", &[]);
    outcome.fails(134, &["call stack exhausted", "backtrace", "recurse"]);
    run(&["--stack", "2000"], "recurse", &["10"]).prints("10\n");
    let outcome = run(&["--stack", "2000"], "recurse", &["100000"]);
    outcome.fails(134, &["call stack exhausted"]);
    // Thousands of frames are not printed one by one.
    assert!(outcome.stderr.lines().count() < 100, "{}", outcome.stderr);
}

#[test]
fn an_invoked_export_is_limited_too() {
    let fib = root().join("bench/workloads/fib.wasm");
    let fib = fib.to_str().unwrap();
    let fuel = ["run", "--fuel", "1000", "--invoke", "run", fib, "30"];
    thimble(fuel).fails(134, &["fib.wasm: ", "fuel"]);
    let time = ["run", "--timeout", "100ms", "--invoke", "run", fib, "45"];
    thimble(time).fails(134, &["fib.wasm: ", "timed out"]);
}
