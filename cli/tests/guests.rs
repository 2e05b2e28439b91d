//! Each guest does on Thimble what its documentation says.
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

use support::{Directory, Outcome, guest, thimble, thimble_with};

fn run(name: &str, arguments: &[&str]) -> Outcome {
    let module = guest(name);
    thimble(["run", &module].iter().chain(arguments))
}

/// Runs a guest that sees `directory` as its root.
fn run_in(directory: &Directory, name: &str, arguments: &[&str]) -> Outcome {
    let module = guest(name);
    let root = format!("{}::/", directory.text(""));
    thimble(["run", "--dir", &root, &module].iter().chain(arguments))
}

#[test]
fn hello_greets() {
    run("hello", &[]).prints("Hello from WebAssembly!\n");
    run("hello-c", &[]).prints("Hello from WebAssembly!\n");
    run("hello-freestanding", &[]).prints("Hello from WebAssembly!\n");
    run("small/hello", &[]).prints("Hello from WebAssembly!\n");
}

#[test]
fn cat_copies_input_and_files() {
    let directory = Directory::new("cat");
    directory.write("a", "one\n");
    directory.write("b", [0, 255, 10, 13]);
    for cat in ["cat", "cat-c", "small/cat"] {
        let outcome = thimble_with(["run", &guest(cat)], b"typed\n");
        outcome.prints("typed\n");
        run_in(&directory, cat, &["/a", "/a"]).prints("one\none\n");
        run_in(&directory, cat, &["/b"]).prints("\0\u{fffd}\n\r");
        let missing = run_in(&directory, cat, &["/missing", "/a"]);
        missing.fails(1, &["cat: /missing: "]);
        assert_eq!(missing.stdout, "one\n");
    }
}

#[test]
fn cat_copies_more_than_a_pipe_holds() {
    let input: Vec<u8> = (0..300_000u32).map(|i| b'a' + (i % 26) as u8).collect();
    for cat in ["cat", "small/cat"] {
        let outcome = thimble_with(["run", &guest(cat)], &input);
        assert_eq!(outcome.code(), 0);
        assert_eq!(outcome.stdout.as_bytes(), input);
    }
}

#[test]
fn wc_counts() {
    let directory = Directory::new("wc");
    directory.write("a", "one two\nthree\n");
    directory.write("b", "four");
    for wc in ["wc", "wc-c", "small/wc"] {
        thimble_with(["run", &guest(wc)], b"a b\nc").prints("1 3 5 -\n");
        run_in(&directory, wc, &["/a", "/b"]).prints("2 3 14 /a\n0 1 4 /b\n2 4 18 total\n");
    }
}

#[test]
fn ls_lists() {
    let directory = Directory::new("ls");
    directory.write("file", "12345");
    fs::create_dir(directory.path("inner")).unwrap();
    for ls in ["ls", "small/ls"] {
        run_in(&directory, ls, &["/"]).prints("file\ninner\n");
        run_in(&directory, ls, &[]).prints("file\ninner\n");
        run_in(&directory, ls, &["/file", "inner"]).prints("/file:\n/file\ninner:\n");
        run_in(&directory, ls, &["/nowhere"]).fails(1, &["ls: /nowhere"]);
    }
    let long = run_in(&directory, "ls", &["-l", "/"]);
    assert_eq!(long.code(), 0, "{long:?}");
    assert!(
        long.stdout.contains("-          5 file\n"),
        "{}",
        long.stdout
    );
    assert!(
        long.stdout
            .lines()
            .any(|line| line.starts_with("d ") && line.ends_with(" inner"))
    );
}

#[test]
fn ls_lists_more_names_than_one_call_returns() {
    let directory = Directory::new("ls-many");
    let mut expected = String::new();
    for index in 0..500 {
        let name = format!("a-rather-long-name-of-a-file-{index:03}");
        directory.write(&name, "");
        expected += &name;
        expected += "\n";
    }
    for ls in ["ls", "small/ls"] {
        run_in(&directory, ls, &["/"]).prints(&expected);
    }
}

#[test]
fn copy_copies_and_does_not_overwrite() {
    let directory = Directory::new("copy");
    let content = vec![7; 10_000];
    directory.write("from", &content);
    run_in(&directory, "copy", &["/from", "/to"]).prints("10000 bytes copied\n");
    assert_eq!(fs::read(directory.path("to")).unwrap(), content);
    directory.write("to", "mine");
    run_in(&directory, "copy", &["/from", "/to"]).fails(1, &["copy: /from to /to: "]);
    assert_eq!(fs::read(directory.path("to")).unwrap(), b"mine");
    run_in(&directory, "copy", &["-f", "/from", "/to"]).prints("10000 bytes copied\n");
    assert_eq!(fs::read(directory.path("to")).unwrap(), content);
}

#[test]
fn clock_ticks_and_sleeps() {
    let outcome = run("clock", &["2", "60"]);
    assert_eq!(outcome.code(), 0, "{outcome:?}");
    assert!(outcome.stdout.lines().count() >= 3, "{}", outcome.stdout);
    assert!(outcome.time.as_millis() >= 120, "{:?}", outcome.time);
}

#[test]
fn small_clock_ticks_and_sleeps() {
    let outcome = run("small/clock", &["2", "60"]);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("tick 1: ") && lines[1].starts_with("tick 2: "),
        "{outcome:?}"
    );
    assert!(outcome.time.as_millis() >= 120, "{:?}", outcome.time);
    let usage = "usage: clock [TICKS [MILLISECONDS]]";
    run("small/clock", &["soon"]).fails(2, &[usage]);
}

#[test]
fn json_reads_json() {
    let directory = Directory::new("json");
    directory.write("a.json", r#"{"sensors":[{"name":"door","on":true}]}"#);
    directory.write("bad.json", "[1,]");
    run_in(&directory, "json", &["check", "/a.json"]).prints("");
    run_in(&directory, "json", &["get", "sensors.0.name", "/a.json"]).prints("\"door\"\n");
    run_in(&directory, "json", &["check", "/bad.json"]).fails(1, &["line 1, column 4"]);
    thimble_with(["run", &guest("json"), "print"], b"[1]").prints("[\n  1\n]\n");
}

#[test]
fn small_guests_find_the_directory_of_a_path() {
    let outer = Directory::new("small-outer");
    let inner = Directory::new("small-inner");
    outer.write("a", "outer\n");
    inner.write("a", "inner\n");
    let outer = format!("{}::/data", outer.text(""));
    let inner = format!("{}::/data/inner/", inner.text(""));
    let cat = |path: &str| {
        let module = guest("small/cat");
        thimble(["run", "--dir", &outer, "--dir", &inner, &module, path])
    };
    cat("/data/a").prints("outer\n");
    cat("data//./a").prints("outer\n");
    cat("/data/inner/a").prints("inner\n");
    // Neither is the beginning of such a name enough, nor is there a way around.
    cat("/data/innermost").fails(1, &["cat: /data/innermost: no such file"]);
    cat("/dat").fails(1, &["cat: /dat: no such file"]);
    cat("/data/inner/../../a").fails(1, &["permission denied"]);
    cat("/data").fails(1, &["cat: /data: is a directory"]);
}

#[test]
fn small_guests_take_so_many_arguments() {
    let directory = Directory::new("small-arguments");
    directory.write("a", "1");
    run_in(&directory, "small/cat", &["a"; 15]).prints(&"1".repeat(15));
    run_in(&directory, "small/cat", &["a"; 16]).fails(2, &["too many arguments"]);
    let long = "a".repeat(400);
    run_in(&directory, "small/cat", &[&long]).fails(2, &["too many arguments"]);
}

#[test]
fn small_guests_have_small_memories() {
    for (name, bytes) in [
        ("cat", 1520),
        ("clock", 1232),
        ("echo-server", 1504),
        ("hello", 544),
        ("ls", 2048),
        ("spin", 512),
        ("wc", 1568),
    ] {
        let outcome = thimble(["inspect", &guest(&format!("small/{name}"))]);
        assert!(
            outcome
                .stdout
                .contains(&format!("pages of 1 bytes: {bytes} ")),
            "{outcome:?}"
        );
    }
}

#[test]
fn the_exit_status_is_the_guests() {
    // The system keeps eight bits of it, as of any process.
    for (given, status) in [
        ("0", 0),
        ("1", 1),
        ("3", 3),
        ("255", 255),
        ("256", 0),
        ("300", 44),
    ] {
        let outcome = run("exit", &[given]);
        assert_eq!(outcome.code(), status, "{outcome:?}");
        assert_eq!(outcome.stderr, "");
    }
    assert_eq!(run("json", &[]).code(), 2);
}

#[test]
fn env_prints_what_was_given() {
    let module = guest("env");
    thimble(["run", "--env", "A=1", "--env", "B=x=y", &module]).prints("A=1\nB=x=y\n");
    // Nothing of the host's own is seen.
    thimble(["run", &module]).prints("");
}

#[test]
fn a_program_comes_from_standard_input_too() {
    let module = fs::read(guest("hello")).unwrap();
    thimble_with(["run", "-"], &module).prints("Hello from WebAssembly!\n");
    let module = fs::read(guest("exit")).unwrap();
    assert_eq!(thimble_with(["run", "-", "7"], &module).code(), 7);
}
