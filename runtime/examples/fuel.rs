//! Runs a guest in slices: it stops when its fuel is used up, and goes on where it was.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]
#![allow(clippy::expect_used, reason = "what must fail did not")]

use std::error::Error;

use thimble::{Engine, Invocation, Linker, Module, Store, Trap};

pub fn main() -> Result<(), Box<dyn Error>> {
    let bytes = wat::parse_str(
        r#"
        (module
          (func (export "sum") (param $n i32) (result i32) (local $sum i32)
            (loop $again
              (local.set $sum (i32.add (local.get $sum) (local.get $n)))
              (local.set $n (i32.sub (local.get $n) (i32.const 1)))
              (br_if $again (local.get $n)))
            (local.get $sum)))
        "#,
    )?;
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes)?;
    let mut store = Store::new(&engine, ())?;
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
    let sum = instance.get_typed_func::<i32, i32>(&store, "sum")?;

    // One unit a back edge or call. Who does not call resumably gets a trap.
    store.set_fuel(Some(100));
    let error = sum
        .call(&mut store, 1_000)
        .expect_err("100 units are too few");
    assert_eq!(error.trap(), Some(Trap::OutOfFuel));

    let mut slices = 1;
    store.set_fuel(Some(100));
    let mut invocation = sum.call_resumable(&mut store, 1_000)?;
    let result = loop {
        match invocation {
            Invocation::Finished(result) => break result,
            Invocation::Suspended(suspension) => {
                // Here other guests could have their turn.
                slices += 1;
                store.set_fuel(Some(100));
                invocation = suspension.resume(&mut store, ())?;
            }
        }
    };
    println!("the sum is {result}, after {slices} slices");
    assert_eq!(result, 500_500);
    assert!(slices >= 10);
    Ok(())
}
