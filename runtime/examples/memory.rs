//! Reads, writes and grows the memory of a guest, and makes memory that a guest imports.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]
#![allow(clippy::expect_used, reason = "what must fail did not")]

use std::error::Error;

use thimble::{Engine, Linker, Memory, Module, Store, Trap};

pub fn main() -> Result<(), Box<dyn Error>> {
    let bytes = wat::parse_str(
        r#"
        (module
          (memory (export "memory") 1 3)
          (func (export "sum") (param $address i32) (param $count i32) (result i32)
            (local $sum i32)
            (block $done
              (loop $again
                (br_if $done (i32.eqz (local.get $count)))
                (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $address))))
                (local.set $address (i32.add (local.get $address) (i32.const 1)))
                (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                (br $again)))
            (local.get $sum)))
        "#,
    )?;
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes)?;
    let mut store = Store::new(&engine, ())?;
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
    let memory: Memory = instance.get_memory(&store, "memory").ok_or("no memory")?;
    let sum = instance.get_typed_func::<(i32, i32), i32>(&store, "sum")?;

    // Copies, checked against the memory's size.
    memory.write(&mut store, 100, &[1, 2, 3])?;
    assert_eq!(sum.call(&mut store, (100, 3))?, 6);
    let error = memory
        .write(&mut store, 65_534, &[1, 2, 3])
        .expect_err("one byte too far");
    assert_eq!(error.trap(), Some(Trap::MemoryOutOfBounds));

    // Or in place, while nothing else uses the store.
    for byte in memory.data_mut(&mut store).iter_mut().skip(200).take(10) {
        *byte = 7;
    }
    assert_eq!(sum.call(&mut store, (200, 10))?, 70);

    // Pages of 64 KiB, up to the maximum that the module declares.
    assert_eq!(memory.grow(&mut store, 2)?, 1);
    memory
        .grow(&mut store, 1)
        .expect_err("three pages are the maximum");
    println!("the memory has {} bytes", memory.data(&store).len());
    assert_eq!(memory.data(&store).len(), 3 * 65_536);
    Ok(())
}
