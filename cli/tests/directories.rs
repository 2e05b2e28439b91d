//! What a program sees of the file system is what it was given.
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
use std::os::unix::fs::symlink;

use support::{Directory, guest, thimble};

#[test]
fn a_directory_has_the_name_it_was_given() {
    let directory = Directory::new("mapped");
    fs::create_dir(directory.path("data")).unwrap();
    directory.write("data/a", "here\n");
    let data = directory.text("data");
    let run = |dir: &str, path: &str| thimble(["run", "--dir", dir, &guest("cat"), path]);
    run(&format!("{data}::/"), "/a").prints("here\n");
    run(&format!("{data}::/some/where"), "/some/where/a").prints("here\n");
    run(&format!("{data}::."), "a").prints("here\n");
    run(&data, &format!("{data}/a")).prints("here\n");
}

#[test]
fn two_directories_are_apart() {
    let directory = Directory::new("two");
    for name in ["one", "two"] {
        fs::create_dir(directory.path(name)).unwrap();
        directory.write(&format!("{name}/file"), name);
    }
    let one = format!("{}::/1", directory.text("one"));
    let two = format!("{}::/2", directory.text("two"));
    let run = |path: &[&str]| {
        let module = guest("cat");
        thimble(
            ["run", "--dir", &one, "--dir", &two, &module]
                .iter()
                .chain(path),
        )
    };
    run(&["/1/file", "/2/file"]).prints("onetwo");
    run(&["/1/../2/file"]).fails(1, &["cat: /1/../2/file: "]);
    run(&["/file"]).fails(1, &["cat: /file: "]);
}

#[test]
fn what_is_outside_stays_outside() {
    let directory = Directory::new("outside");
    directory.write("secret", "secret");
    fs::create_dir(directory.path("inside")).unwrap();
    symlink(directory.path("secret"), directory.path("inside/absolute")).unwrap();
    symlink("../secret", directory.path("inside/relative")).unwrap();
    let inside = format!("{}::/", directory.text("inside"));
    for path in [
        "/../secret",
        "/absolute",
        "/relative",
        "/./../secret",
        "../secret",
    ] {
        let outcome = thimble(["run", "--dir", &inside, &guest("cat"), path]);
        outcome.fails(1, &["cat: "]);
        assert_eq!(outcome.stdout, "");
    }
    let target = [
        "run",
        "--dir",
        &inside,
        &guest("copy"),
        "/relative",
        "/../stolen",
    ];
    assert_eq!(thimble(target).code(), 1);
    assert!(!directory.path("stolen").exists());
}

#[test]
fn without_a_directory_there_are_no_files() {
    let directory = Directory::new("none");
    let file = directory.write("file", "text");
    let outcome = thimble(["run", &guest("cat"), &file]);
    outcome.fails(1, &["cat: "]);
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_directory_that_is_not_there_is_an_error() {
    let directory = Directory::new("absent");
    let missing = directory.text("missing");
    let file = directory.write("file", "");
    thimble(["run", "--dir", &missing, &guest("hello")]).fails(1, &["missing: "]);
    thimble(["run", "--dir", &file, &guest("hello")]).fails(1, &["file: "]);
}
