//! Embeds the runtime and calls an exported function: with Rust types, and with types that
//! are known at run time only.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]

use std::error::Error;

use thimble::{Engine, Linker, Module, Store, Val};

pub fn main() -> Result<(), Box<dyn Error>> {
    let bytes = wat::parse_str(
        r#"
        (module
          (func $fac (export "factorial") (param i64) (result i64)
            (if (result i64) (i64.eqz (local.get 0))
              (then (i64.const 1))
              (else (i64.mul
                (local.get 0)
                (call $fac (i64.sub (local.get 0) (i64.const 1))))))))
        "#,
    )?;

    // Once for a program: validates the module and translates it.
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes)?;

    // Once for each time it is started: memory, globals and tables of its own.
    let mut store = Store::new(&engine, ())?;
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;

    // The types are compared with those of the function here, not at each call.
    let factorial = instance.get_typed_func::<i64, i64>(&store, "factorial")?;
    assert_eq!(factorial.call(&mut store, 20)?, 2_432_902_008_176_640_000);

    let factorial = instance
        .get_func(&store, "factorial")
        .ok_or("no such function")?;
    let mut results = [Val::I64(0)];
    factorial.call(&mut store, &[Val::I64(5)], &mut results)?;
    println!("5! is {:?}", results[0]);
    assert!(matches!(results, [Val::I64(120)]));
    Ok(())
}
