//! A host function that cannot answer yet suspends the guest; the embedder resumes it with
//! the answer, without a thread of its own for each guest that waits.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]

use std::error::Error;

use thimble::{Engine, Invocation, Linker, Module, Store};

pub fn main() -> Result<(), Box<dyn Error>> {
    let bytes = wat::parse_str(
        r#"
        (module
          (import "queue" "receive" (func $receive (result i32)))
          (func (export "sum_two") (result i32)
            (i32.add (call $receive) (call $receive))))
        "#,
    )?;
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes)?;
    let mut linker = Linker::new(&engine);
    linker.func("queue", "receive", || -> Result<i32, thimble::Error> {
        Err(thimble::Error::Suspended)
    })?;
    let mut store = Store::new(&engine, ())?;
    let instance = linker.instantiate(&mut store, &module)?;
    let sum_two = instance.get_typed_func::<(), i32>(&store, "sum_two")?;

    let mut messages = [40, 2].into_iter();
    let mut invocation = sum_two.call_resumable(&mut store, ())?;
    let result = loop {
        match invocation {
            Invocation::Finished(result) => break result,
            Invocation::Suspended(suspension) => {
                let message: i32 = messages.next().ok_or("no message is left")?;
                // Becomes what `receive` returned to the guest.
                invocation = suspension.resume(&mut store, message)?;
            }
        }
    };
    println!("received and added: {result}");
    assert_eq!(result, 42);
    Ok(())
}
