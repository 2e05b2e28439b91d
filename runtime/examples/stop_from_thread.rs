//! Stops a guest that would never end, from another thread.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]
#![allow(clippy::expect_used, reason = "what must fail did not")]

use std::error::Error;
use std::thread;
use std::time::Duration;

use thimble::{Engine, Linker, Module, Store, Trap};

pub fn main() -> Result<(), Box<dyn Error>> {
    let bytes = wat::parse_str(r#"(module (func (export "spin") (loop (br 0))))"#)?;
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes)?;
    let mut store = Store::new(&engine, ())?;
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
    let spin = instance.get_typed_func::<(), ()>(&store, "spin")?;

    let handle = store.interrupt_handle();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        handle.stop();
    });
    let error = spin
        .call(&mut store, ())
        .expect_err("the loop has no other end");
    stopper.join().map_err(|_| "the thread panicked")?;
    println!("the guest ended: {error}");
    assert_eq!(error.trap(), Some(Trap::Interrupted));
    // Dropping the store gives back all that the guest had.
    Ok(())
}
