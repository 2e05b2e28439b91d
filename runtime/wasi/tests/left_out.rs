//! Builds without a part of WASI: programs that import its functions still start.
#![cfg(not(all(
    feature = "arguments",
    feature = "clocks",
    feature = "files",
    feature = "poll",
    feature = "random",
    feature = "sockets"
)))]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]
mod support;

use thimble_vm::{Engine, Linker, Module, Store};
use thimble_wasi::{Errno, FUNCTIONS, ParameterType, WasiContext, add_to_linker};

/// A section of a module.
fn section(id: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![id, content.len() as u8];
    bytes.extend_from_slice(content);
    bytes
}

/// The bytes of
/// `(module (import "wasi_snapshot_preview1" NAME (func (param ...) (result i32)))
///     (func (export "run") (result i32) i32.const 9 i32.const 0 ... call 0))`,
/// which passes 9 and then zeros.
fn module(name: &str) -> Vec<u8> {
    let function = FUNCTIONS.iter().find(|function| function.name == name);
    let parameters = function.unwrap().parameters;
    let mut types = vec![2, 0x60, parameters.len() as u8];
    types.extend(parameters.iter().map(|parameter| *parameter as u8));
    types.extend_from_slice(&[1, 0x7f, 0x60, 0, 1, 0x7f]);

    let from = "wasi_snapshot_preview1";
    let mut import = vec![1, from.len() as u8];
    import.extend_from_slice(from.as_bytes());
    import.push(name.len() as u8);
    import.extend_from_slice(name.as_bytes());
    import.extend_from_slice(&[0, 0]);

    let mut body = vec![0];
    for (index, parameter) in parameters.iter().enumerate() {
        let constant = match parameter {
            ParameterType::I32 => 0x41,
            ParameterType::I64 => 0x42,
        };
        body.extend_from_slice(&[constant, if index == 0 { 9 } else { 0 }]);
    }
    body.extend_from_slice(&[0x10, 0, 0x0b]);
    body.insert(0, body.len() as u8);
    body.insert(0, 1);

    let mut bytes = b"\0asm\x01\0\0\0".to_vec();
    bytes.extend(section(1, &types));
    bytes.extend(section(2, &import));
    bytes.extend(section(3, &[1, 1]));
    bytes.extend(section(7, b"\x01\x03run\0\x01"));
    bytes.extend(section(10, &body));
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
    for (name, is_there) in [
        ("clock_res_get", cfg!(feature = "clocks")),
        ("clock_time_get", cfg!(feature = "clocks")),
        ("path_unlink_file", cfg!(feature = "files")),
        ("poll_oneoff", cfg!(feature = "poll")),
        ("random_get", cfg!(feature = "random")),
        ("sock_accept", cfg!(feature = "sockets")),
    ] {
        let errno = call(name);
        assert_eq!(errno != Errno::Nosys as i32, is_there, "{name}: {errno}");
    }
}

#[test]
fn a_program_that_looks_for_directories_is_told_that_there_are_none() {
    assert_eq!(call("fd_prestat_dir_name"), Errno::Badf as i32);
}

#[cfg(not(feature = "arguments"))]
#[test]
fn a_program_that_asks_for_arguments_is_told_that_there_are_none() {
    use support::Guest;
    use thimble_wasi::GuestPtr;

    let builder = || WasiContext::builder(support::host());
    assert_eq!(builder().argument("a").err(), Some(Errno::Nosys));
    assert_eq!(builder().variable("A", "a").err(), Some(Errno::Nosys));
    let mut guest = Guest::new(builder().build().unwrap());
    let (first, second) = (8, 16);
    for address in [first, second] {
        guest.put(address, &[0xff; 4]);
    }
    let sizes = guest.call(|context, memory| {
        context.args_sizes_get(memory, GuestPtr::new(first), GuestPtr::new(second))
    });
    assert_eq!(sizes, Ok(()));
    assert_eq!((guest.u32_at(first), guest.u32_at(second)), (0, 0));
    let got = guest.call(|context, memory| {
        context.environ_get(memory, GuestPtr::new(first), GuestPtr::new(second))
    });
    assert_eq!(got, Ok(()));
    assert_eq!((guest.u32_at(first), guest.u32_at(second)), (0, 0));
}
