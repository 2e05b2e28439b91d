//! Builds without files or sockets: programs that import their functions still start.
#![cfg(not(all(feature = "files", feature = "sockets")))]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]
mod support;

use thimble_vm::{Engine, Linker, Module, Store};
use thimble_wasi::{Errno, WasiContext, add_to_linker};

/// The bytes of
/// `(module (import "wasi_snapshot_preview1" NAME (func (param i32 i32 i32) (result i32)))
///     (func (export "run") (result i32) i32.const 9 i32.const 0 i32.const 0 call 0))`.
fn module(name: &str) -> Vec<u8> {
    let module = "wasi_snapshot_preview1";
    let mut import = vec![1, module.len() as u8];
    import.extend_from_slice(module.as_bytes());
    import.push(name.len() as u8);
    import.extend_from_slice(name.as_bytes());
    import.extend_from_slice(&[0, 0]);
    let mut bytes =
        b"\0asm\x01\0\0\0\x01\x0c\x02\x60\x03\x7f\x7f\x7f\x01\x7f\x60\0\x01\x7f".to_vec();
    bytes.extend_from_slice(&[2, import.len() as u8]);
    bytes.extend_from_slice(&import);
    bytes.extend_from_slice(b"\x03\x02\x01\x01\x07\x07\x01\x03run\0\x01");
    bytes.extend_from_slice(b"\x0a\x0c\x01\x0a\0\x41\x09\x41\0\x41\0\x10\0\x0b");
    bytes
}

fn call(name: &str) -> i32 {
    let engine = Engine::default();
    let context = WasiContext::builder(support::host()).build().unwrap();
    let mut store = Store::new(&engine, context).unwrap();
    let mut linker = Linker::new(&engine);
    add_to_linker(&mut linker, |context: &mut WasiContext| context).unwrap();
    let module = Module::new(&engine, &module(name)).unwrap();
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let run = instance.get_typed_func::<(), i32>(&store, "run").unwrap();
    run.call(&mut store, ()).unwrap()
}

#[test]
fn what_is_left_out_is_linked_and_not_supported() {
    let files = call("path_unlink_file");
    let has_files = cfg!(feature = "files");
    assert_eq!(files == Errno::Nosys as i32, !has_files, "{files}");
    let sockets = call("sock_accept");
    let has_sockets = cfg!(feature = "sockets");
    assert_eq!(sockets == Errno::Nosys as i32, !has_sockets, "{sockets}");
}

#[test]
fn a_program_that_looks_for_directories_is_told_that_there_are_none() {
    assert_eq!(call("fd_prestat_dir_name"), Errno::Badf as i32);
}
