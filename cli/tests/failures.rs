//! What goes wrong is said, with where, and with the right exit status.
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

use std::fs;
use std::process::{Command, Stdio};

use support::{Directory, guest, thimble, thimble_with};

#[test]
fn traps_end_with_134_and_a_backtrace() {
    for (kind, message) in [
        ("unreachable", "unreachable"),
        ("divide", "integer divide by zero"),
        ("overflow", "integer overflow"),
        ("convert", "integer overflow"),
        ("memory", "out of bounds memory access"),
        ("table", "undefined element"),
        ("null", "uninitialized element"),
        ("signature", "indirect call type mismatch"),
    ] {
        let outcome = thimble(["run", &guest("trap"), kind]);
        let function = format!("trap_{kind}");
        outcome.fails(
            134,
            &[
                "trap.wasm: ",
                message,
                "backtrace",
                &function,
                "_start",
                "0x",
            ],
        );
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn a_backtrace_without_names_and_offsets_has_numbers() {
    let directory = Directory::new("stripped");
    let image = directory.text("trap.thm");
    thimble([
        "compile",
        &guest("trap"),
        "-o",
        &image,
        "--no-names",
        "--no-sites",
    ])
    .prints("");
    let outcome = thimble(["run", &image, "divide"]);
    outcome.fails(134, &["integer divide by zero", "backtrace", "function "]);
    assert!(
        !outcome.stderr.contains("trap_divide"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn bad_modules_end_with_1_and_an_offset() {
    let directory = Directory::new("bad-modules");
    let hello = fs::read(guest("hello")).unwrap();
    for command in ["run", "validate", "inspect"] {
        let cut = directory.write("cut.wasm", &hello[..100]);
        thimble([command, &cut]).fails(1, &["cut.wasm: at offset 0x", "unexpected end"]);
        let empty = directory.write("empty.wasm", "");
        thimble([command, &empty]).fails(1, &["empty.wasm: at offset 0x0: unexpected end"]);
        let text = directory.write("text.wasm", "(module)");
        thimble([command, &text]).fails(1, &["text.wasm: at offset 0x0: expected", "\\0asm"]);
        let version = directory.write("version.wasm", b"\0asm\x02\0\0\0");
        thimble([command, &version]).fails(1, &["at offset 0x4: unknown binary version"]);
        let component = directory.write("component.wasm", b"\0asm\x0d\0\x01\0");
        thimble([command, &component]).fails(1, &["at offset 0x4: ", "component"]);
        let missing = directory.text("missing.wasm");
        thimble([command, &missing]).fails(1, &["missing.wasm: ", "No such file"]);
        thimble([command, &directory.text("")]).fails(1, &["directory"]);
    }
    let invalid = wat::parse_str("(module (func (result i32)))").unwrap();
    let invalid = directory.write("invalid.wasm", invalid);
    thimble(["run", &invalid]).fails(1, &["invalid.wasm: at offset 0x", "type mismatch"]);
    thimble(["compile", &invalid]).fails(1, &["invalid.wasm: at offset 0x", "type mismatch"]);
    assert!(!directory.path("invalid.thm").exists());
    thimble_with(["run", "-"], &hello[..100]).fails(1, &["standard input: at offset 0x"]);
}

#[test]
fn bad_images_end_with_1_and_the_reason() {
    let directory = Directory::new("bad-images");
    let image = directory.text("hello.thm");
    thimble(["compile", &guest("hello"), "-o", &image]).prints("");
    let whole = fs::read(&image).unwrap();
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    for command in ["run", "validate", "inspect"] {
        for (name, bytes, reason) in [
            ("cut", whole[..whole.len() - 1].to_vec(), "truncated"),
            ("short", whole[..20].to_vec(), "truncated"),
            ("version", changed(4), "version"),
            ("header", changed(12), "header"),
            ("content", changed(whole.len() / 2), "content"),
        ] {
            let file = directory.write(&format!("{name}.thm"), bytes);
            thimble([command, &file]).fails(1, &[&format!("{name}.thm: "), reason]);
        }
    }
}

#[test]
fn a_module_that_needs_what_is_not_there_says_what() {
    let directory = Directory::new("imports");
    let unknown = directory.module(
        "unknown.wasm",
        r#"(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))
             (import "env" "launch" (func)) (func (export "_start")))"#,
    );
    thimble(["run", &unknown]).fails(1, &["unknown.wasm: ", "env", "launch"]);
    let other = directory.module(
        "other.wasm",
        r#"(module (import "wasi_snapshot_preview1" "sched_yield" (func)) (func (export "_start")))"#,
    );
    thimble(["run", &other]).fails(1, &["other.wasm: ", "sched_yield"]);
    let library = directory.module("library.wasm", r#"(module (func (export "add")))"#);
    thimble(["run", &library]).fails(1, &["library.wasm: ", "_start", "--invoke", "add"]);
    let reactor = directory.module("reactor.wasm", r#"(module (func (export "_initialize")))"#);
    thimble(["run", &reactor]).fails(1, &["reactor.wasm: ", "library", "_start"]);
}

#[test]
fn a_closed_pipe_is_no_panic() {
    for arguments in [
        vec!["run".into(), guest("json"), "print".into()],
        vec!["run".into(), guest("hello-c")],
        vec!["inspect".into(), "--code".into(), guest("json")],
        vec!["completions".into(), "bash".into()],
        vec!["--help".into()],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_thimble"))
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code().is_some(), "{arguments:?}: {output:?}");
        assert!(
            !stderr.contains("panicked at cli"),
            "{arguments:?}: {stderr}"
        );
    }
}
