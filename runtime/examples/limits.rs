//! Bounds what a guest may take: memory, call stack, fuel.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]
#![allow(clippy::expect_used, reason = "what must fail did not")]

use std::error::Error;

use thimble::{Config, Engine, Limits, Linker, Module, Store, Trap};

pub fn main() -> Result<(), Box<dyn Error>> {
    let bytes = wat::parse_str(
        r#"
        (module
          (memory 1)
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
          (func $recurse (export "recurse") (param i32) (result i32)
            (if (result i32) (i32.eqz (local.get 0))
              (then (i32.const 0))
              (else (i32.add (i32.const 1)
                (call $recurse (i32.sub (local.get 0) (i32.const 1))))))))
        "#,
    )?;
    let limits = Limits {
        memory_bytes: 2 * 65_536,
        stack_cells: 1_024,
        ..Limits::default()
    };
    let engine = Engine::new(Config::default().limits(limits));
    let module = Module::new(&engine, &bytes)?;
    let mut store = Store::new(&engine, ())?;
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;

    // A guest is told that there is no more memory, and can go on without.
    let grow = instance.get_typed_func::<i32, i32>(&store, "grow")?;
    assert_eq!(grow.call(&mut store, 1)?, 1);
    assert_eq!(grow.call(&mut store, 1)?, -1);

    // A call too many is a trap. It takes nothing of the embedder's own stack, however deep.
    let recurse = instance.get_typed_func::<i32, i32>(&store, "recurse")?;
    assert_eq!(recurse.call(&mut store, 10)?, 10);
    let error = recurse
        .call(&mut store, 1_000_000)
        .expect_err("the stack has 1,024 cells");
    println!("the guest ended: {error}");
    assert_eq!(error.trap(), Some(Trap::StackOverflow));
    Ok(())
}
