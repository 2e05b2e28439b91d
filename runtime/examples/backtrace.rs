//! Shows why and where a guest trapped.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]
#![allow(clippy::expect_used, reason = "what must fail did not")]

use std::error::Error;

use thimble::{Engine, Linker, Module, Store, Trap};

pub fn main() -> Result<(), Box<dyn Error>> {
    let bytes = wat::parse_str(
        r#"
        (module $program
          (func $divide (param i32 i32) (result i32)
            (i32.div_s (local.get 0) (local.get 1)))
          (func $average (export "average") (param $sum i32) (param $count i32) (result i32)
            (i32.add (call $divide (local.get $sum) (local.get $count)) (i32.const 0))))
        "#,
    )?;
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes)?;
    let mut store = Store::new(&engine, ())?;
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
    let average = instance.get_typed_func::<(i32, i32), i32>(&store, "average")?;

    let error = average
        .call(&mut store, (10, 0))
        .expect_err("nothing has no average");
    println!("{error}");
    assert_eq!(error.trap(), Some(Trap::IntegerDivideByZero));

    // Innermost first. The names are those of the module's name section, the offsets those of
    // its bytes: tools for the module find the line of source from them.
    let mut names = Vec::new();
    for (frame, name) in store.backtrace() {
        let name = name.unwrap_or("?");
        println!(
            "  function {} ({name}) at {:?}",
            frame.function, frame.offset
        );
        names.push(name.to_owned());
    }
    assert_eq!(names, ["divide", "average"]);

    // The instance can be called again.
    assert_eq!(average.call(&mut store, (10, 5))?, 2);
    Ok(())
}
