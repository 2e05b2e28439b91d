//! Everything runs on a thread with 64 KB of native stack: guests do not recurse
//! on it, nor does the translator.

// Runs on a developer's machine; a check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used
)]

use std::thread::Builder;

use thimble::code::image::Buffer;
use thimble::{Config, Dispatch, Engine, Error, Limits, Linker, Module, Store, Trap};
use thimble_tests_memory::modules;

const STACK: usize = 64 * 1024;

/// Runs on a thread with little stack, with each dispatcher.
fn on_little_stack(run: fn(Dispatch)) {
    for dispatch in [Dispatch::Tail, Dispatch::Loop] {
        let thread = Builder::new()
            .stack_size(STACK)
            .spawn(move || run(dispatch));
        thread
            .expect("a thread can be started")
            .join()
            .expect("the run succeeds");
    }
}

fn call(config: Config, module: &[u8], name: &str, number: i32) -> Result<i32, Error> {
    let engine = Engine::new(config);
    let module = Module::new(&engine, module)?;
    let image = Buffer::copy_of(module.image_bytes())?;
    let module = Module::from_image(&engine, image)?;
    let mut store = Store::new(&engine, ())?;
    let mut linker = Linker::new(&engine);
    linker.func("host", "twice", |number: i32| number * 2)?;
    linker.func("host", "back", |number: i32| number)?;
    let instance = linker.instantiate(&mut store, &module)?;
    instance
        .get_typed_func::<i32, i32>(&store, name)?
        .call(&mut store, number)
}

#[test]
fn deep_recursion_of_a_guest() {
    on_little_stack(|dispatch| {
        let module = modules::binary(modules::EVERYTHING);
        let limits = Limits {
            stack_cells: 1 << 24,
            ..Limits::default()
        };
        let config = Config::default().dispatch(dispatch).limits(limits);
        assert_eq!(call(config, &module, "deep", 1_000_000), Ok(1_000_000));
    });
}

#[test]
fn endless_recursion_of_a_guest() {
    on_little_stack(|dispatch| {
        let module = modules::binary(modules::EVERYTHING);
        let config = Config::default().dispatch(dispatch);
        let result = call(config, &module, "deep", -1);
        assert_eq!(result, Err(Error::Trap(Trap::StackOverflow)));
    });
}

#[test]
fn a_module_of_a_megabyte() {
    on_little_stack(|dispatch| {
        let module = modules::large();
        assert!(module.len() > 1 << 20);
        let limits = Limits {
            stack_cells: 1 << 22,
            ..Limits::default()
        };
        let config = Config::default().dispatch(dispatch).limits(limits);
        assert_eq!(call(config, &module, "run", 1), Ok(6_000));
    });
}
