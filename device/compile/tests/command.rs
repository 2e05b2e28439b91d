//! The command, as builds call it.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may abort"
)]

use std::path::PathBuf;
use std::process::{Command, Output};

fn compile(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_thimble-compile"))
        .args(arguments)
        .output()
        .unwrap()
}

fn guest(name: &str) -> String {
    format!("{}/../../guests/wasm/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn target(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn an_image_is_that_of_the_runtime() {
    let image = target("hello.thm");
    let output = compile(&[&guest("hello.wasm"), image.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    let engine = thimble::Engine::default();
    let module = std::fs::read(guest("hello.wasm")).unwrap();
    let expected = thimble::Module::new(&engine, &module).unwrap();
    assert_eq!(std::fs::read(image).unwrap(), expected.image_bytes());
}

#[test]
fn what_is_wrong_is_said() {
    let image = target("wrong.thm");
    let image = image.to_str().unwrap();
    let missing = compile(&["/missing.wasm", image]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("/missing.wasm: No such file"));
    let damaged = compile(&[&format!("{}/Cargo.toml", env!("CARGO_MANIFEST_DIR")), image]);
    assert_eq!(damaged.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&damaged.stderr).contains("offset"),
        "{damaged:?}"
    );
    assert!(!std::path::Path::new(image).exists());
    assert_eq!(compile(&["one"]).status.code(), Some(2));
}
