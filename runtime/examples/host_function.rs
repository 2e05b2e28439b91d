//! Gives a guest functions of the host: typed closures, which may use the data of the store,
//! fail, read the guest's memory and call back into the guest.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]
#![allow(clippy::expect_used, reason = "what must fail did not")]

use std::error::Error;

use thimble::{Caller, Engine, Linker, Module, Store, Trap};

/// What belongs to one guest, for host functions to use.
#[derive(Default)]
struct Sensor {
    readings: Vec<i32>,
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let bytes = wat::parse_str(
        r#"
        (module
          (import "sensor" "scale" (func $scale (param i32 i32) (result i32)))
          (import "sensor" "record" (func $record (param i32)))
          (import "sensor" "log" (func $log (param i32 i32)))
          (import "sensor" "filter" (func $filter (param i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 8) "measured")
          (func (export "halve") (param i32) (result i32)
            (i32.div_s (local.get 0) (i32.const 2)))
          (func (export "measure") (param i32)
            (call $log (i32.const 8) (i32.const 8))
            (call $record (call $filter (call $scale (local.get 0) (i32.const 10))))))
        "#,
    )?;
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes)?;

    // A linker's functions are of no store: one linker serves every guest.
    let mut linker = Linker::<Sensor>::new(&engine);

    // Parameters and result follow from the closure.
    linker.func("sensor", "scale", |value: i32, factor: i32| {
        value.wrapping_mul(factor)
    })?;

    // The data of the store, and an error: the guest ends with this trap.
    linker.func(
        "sensor",
        "record",
        |mut caller: Caller<'_, Sensor>, value: i32| {
            if value < 0 {
                return Err(Trap::Unreachable.into());
            }
            caller.data_mut().readings.push(value);
            Ok(())
        },
    )?;

    // The memory of the guest. Its addresses are as untrusted as all it passes.
    linker.func(
        "sensor",
        "log",
        |caller: Caller<'_, Sensor>, address: u32, length: u32| {
            let memory = caller.memory().ok_or(Trap::MemoryOutOfBounds)?;
            let start = address as usize;
            let text = memory
                .data(&caller)
                .get(start..start.saturating_add(length as usize))
                .ok_or(Trap::MemoryOutOfBounds)?;
            println!("the guest says: {}", String::from_utf8_lossy(text));
            Ok(())
        },
    )?;

    // A call back into the guest that called.
    linker.func(
        "sensor",
        "filter",
        |mut caller: Caller<'_, Sensor>, value: i32| {
            let halve = caller
                .get_export("halve")
                .and_then(|export| export.into_func());
            let halve = halve.ok_or(Trap::Unreachable)?.typed::<i32, i32>(&caller)?;
            halve.call(&mut caller, value)
        },
    )?;

    let mut store = Store::new(&engine, Sensor::default())?;
    let instance = linker.instantiate(&mut store, &module)?;
    let measure = instance.get_typed_func::<i32, ()>(&store, "measure")?;
    measure.call(&mut store, 4)?;
    measure.call(&mut store, 5)?;
    let error = measure
        .call(&mut store, -1)
        .expect_err("negative values are refused");
    assert_eq!(error.trap(), Some(Trap::Unreachable));

    let readings = store.into_data().readings;
    println!("recorded: {readings:?}");
    assert_eq!(readings, [20, 25]);
    Ok(())
}
