//! The example of README.md.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]

use thimble::{Engine, Linker, Module, Store};

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bench/workloads/sieve.wasm");
    let engine = Engine::default();
    let module = Module::new(&engine, &std::fs::read(path)?)?;

    // What guests may import: any closure over Rust numbers.
    let mut linker = Linker::new(&engine);
    linker.func("env", "add", |a: i32, b: i32| a.wrapping_add(b))?;

    let mut store = Store::new(&engine, ())?;
    store.set_fuel(Some(1_000_000));
    let instance = linker.instantiate(&mut store, &module)?;
    let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
    println!("{}", run.call(&mut store, 10)?);
    Ok(())
}
