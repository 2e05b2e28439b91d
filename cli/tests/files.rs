//! Compiling, inspecting and validating files.
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

use support::{Directory, guest, root, thimble, thimble_with};

#[test]
fn an_image_does_what_its_module_does() {
    let directory = Directory::new("images");
    directory.write("text", "one two\n");
    let root = format!("{}::/", directory.text(""));
    for (name, arguments) in [
        ("hello", &[][..]),
        ("hello-freestanding", &[]),
        ("wc-c", &["/text"]),
        ("json", &["check", "/text"]),
        ("exit", &["9"]),
        ("trap", &["divide"]),
    ] {
        let module = guest(name);
        let image = directory.text(&format!("{name}.thm"));
        thimble(["compile", &module, "-o", &image]).prints("");
        let run = |file: &str| thimble(["run", "--dir", &root, file].iter().chain(arguments));
        let (first, second) = (run(&module), run(&image));
        assert_eq!(first.stdout, second.stdout);
        assert_eq!(first.status, second.status);
        assert_eq!(
            first.stderr.replace(&module, ""),
            second.stderr.replace(&image, "")
        );
        let bytes = fs::read(&image).unwrap();
        assert_eq!(
            thimble_with(["run", "--dir", &root, "-"].iter().chain(arguments), &bytes).stdout,
            first.stdout
        );
    }
}

#[test]
fn the_image_goes_beside_the_module_or_where_it_is_told() {
    let directory = Directory::new("output");
    let bytes = fs::read(guest("hello")).unwrap();
    let module = directory.write("app.wasm", &bytes);
    thimble(["compile", &module]).prints("");
    let image = fs::read(directory.path("app.thm")).unwrap();
    assert!(image.starts_with(b"\0thm"));
    let output = directory.text("other");
    thimble_with(["compile", "-", "-o", &output], &bytes).prints("");
    assert_eq!(fs::read(output).unwrap(), image);
    // An image is no module.
    thimble(["compile", &directory.text("app.thm")]).fails(1, &["app.thm: ", "image already"]);
    let nowhere = directory.text("missing/app.thm");
    thimble(["compile", &module, "-o", &nowhere]).fails(1, &["missing/app.thm: "]);
}

#[test]
fn names_and_sites_can_be_left_out() {
    let directory = Directory::new("smaller");
    let image = directory.text("image.thm");
    let size = |options: &[&str]| {
        let module = guest("json");
        let arguments = ["compile", &module, "-o", &image];
        thimble(arguments.iter().chain(options)).prints("");
        fs::metadata(&image).unwrap().len()
    };
    let (whole, names, sites) = (size(&[]), size(&["--no-names"]), size(&["--no-sites"]));
    let least = size(&["--no-names", "--no-sites"]);
    assert!(least < names && least < sites && names < whole && sites < whole);
}

#[test]
fn inspecting_a_module_shows_its_parts() {
    let outcome = thimble(["inspect", &guest("hello-freestanding")]);
    assert_eq!(outcome.code(), 0, "{outcome:?}");
    for part in [
        "WebAssembly module, 510 bytes",
        "code                          0x6c        75       1\n",
        "custom \"name\"",
        "\"wasi_snapshot_preview1\" \"fd_write\": function (i32, i32, i32, i32) -> (i32)\n",
        "\"_start\": function () -> ()\n",
        "0: memory, pages of 65536 bytes: 1 (65536 bytes) at the start, no maximum\n",
        "code section             75 bytes",
        "internal code",
        "times the WebAssembly",
    ] {
        assert!(
            outcome.stdout.contains(part),
            "{part} is missing in: {}",
            outcome.stdout
        );
    }
}

#[test]
fn inspecting_code_shows_both_kinds() {
    let fib = root().join("bench/workloads/fib.wasm");
    let outcome = thimble(["inspect", "--code", fib.to_str().unwrap()]);
    assert_eq!(outcome.code(), 0, "{outcome:?}");
    for part in [
        "function 1 (i32) -> (i32): ",
        "0x00003e     i32.lt_s\n",
        "0x00004c       call 1\n",
        " | call ",
        "function 1",
        "0x000067     end\n",
    ] {
        assert!(
            outcome.stdout.contains(part),
            "{part} is missing in: {}",
            outcome.stdout
        );
    }
}

#[test]
fn all_code_can_be_shown_of_module_and_image() {
    let directory = Directory::new("listing");
    let image = directory.text("image.thm");
    for name in ["json", "trap", "cat-c", "echo-server"] {
        let listing = thimble(["inspect", "--code", &guest(name)]);
        assert_eq!(listing.code(), 0);
        assert!(!listing.stdout.contains("unknown token"));
        thimble(["compile", &guest(name), "-o", &image]).prints("");
        let of_image = thimble(["inspect", "--code", &image]);
        assert_eq!(of_image.code(), 0);
        assert!(of_image.stdout.contains(": image, "));
        // Both show the same operations.
        let internal = |text: &str| -> Vec<String> {
            text.lines()
                .filter(|line| line.contains(" | "))
                .map(String::from)
                .collect()
        };
        assert!(!internal(&of_image.stdout).is_empty());
        assert_eq!(internal(&listing.stdout), internal(&of_image.stdout));
    }
}

#[test]
fn inspecting_a_damaged_module_shows_what_is_whole() {
    let directory = Directory::new("damaged");
    let bytes = fs::read(guest("hello-freestanding")).unwrap();
    let cut = directory.write("cut.wasm", &bytes[..0x60]);
    let outcome = thimble(["inspect", &cut]);
    outcome.fails(1, &["cut.wasm: at offset 0x", "unexpected end"]);
    assert!(
        outcome
            .stdout
            .contains("imports                       0x18        35       1\n")
    );
}

#[test]
fn what_is_valid_passes_in_silence() {
    let directory = Directory::new("valid");
    let image = directory.text("hello.thm");
    thimble(["validate", &guest("hello")]).prints("");
    thimble(["compile", &guest("hello"), "-o", &image]).prints("");
    thimble(["validate", &image]).prints("");
}
