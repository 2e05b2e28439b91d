//! Thimble, with the features that it has by default.

use thimble::{Engine, Linker, Module, Store};
use thimble_compare::{Result, run_workload};

fn main() -> Result<()> {
    run_workload(|module, argument| {
        let engine = Engine::default();
        let module = Module::new(&engine, module)?;
        let mut store = Store::new(&engine, ())?;
        let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
        let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
        Ok(move || Ok(run.call(&mut store, argument)?))
    })
}
