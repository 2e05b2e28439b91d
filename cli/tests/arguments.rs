//! The command line itself: help, usage errors, completions.
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

use support::thimble;

#[test]
fn help_shows_examples_of_every_command() {
    for arguments in [
        &["--help"][..],
        &["run", "--help"],
        &["compile", "--help"],
        &["inspect", "--help"],
        &["validate", "--help"],
        &["completions", "--help"],
    ] {
        let outcome = thimble(arguments);
        assert_eq!(outcome.code(), 0, "{outcome:?}");
        assert!(
            outcome.stdout.contains("Examples:\n  "),
            "{}",
            outcome.stdout
        );
        assert!(outcome.stdout.contains("  thimble "), "{}", outcome.stdout);
    }
    let help = thimble(["run", "--help"]).stdout;
    for option in [
        "--dir",
        "--env",
        "--invoke",
        "--fuel",
        "--timeout",
        "--max-memory",
        "--stack",
    ] {
        assert!(help.contains(option), "{option} is missing in: {help}");
    }
    for hidden in ["--dispatch", "--repeat"] {
        assert!(!help.contains(hidden), "{hidden} is in: {help}");
    }
}

#[test]
fn wrong_arguments_end_with_2() {
    for arguments in [
        &[][..],
        &["walk"],
        &["run"],
        &["run", "--fuel", "much", "a.wasm"],
        &["run", "--timeout", "5", "a.wasm"],
        &["run", "--max-memory", "1T", "a.wasm"],
        &["run", "--env", "NAME", "a.wasm"],
        &["run", "--dir", "::", "a.wasm"],
        &["run", "--tcplisten", "nowhere", "a.wasm"],
        &["run", "--unknown", "a.wasm"],
        &["compile", "-"],
        &["completions", "tea"],
    ] {
        let outcome = thimble(arguments);
        assert_eq!(outcome.code(), 2, "{arguments:?}: {outcome:?}");
        assert_eq!(outcome.stdout, "");
        assert_ne!(outcome.stderr, "");
    }
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let outcome = thimble(["completions", shell]);
        assert_eq!(outcome.code(), 0);
        for word in ["thimble", "max-memory", "inspect"] {
            assert!(outcome.stdout.contains(word), "{shell}: {word}");
        }
    }
}
