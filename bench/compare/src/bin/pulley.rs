//! Pulley, wasmtime's interpreter: the module is compiled for it, which is not measured.

use thimble_compare::{Result, run_workload};
use wasmtime::{Config, Engine, Instance, Module, Store};

fn main() -> Result<()> {
    run_workload(|module, argument| {
        let mut config = Config::new();
        config.target("pulley64")?;
        let engine = Engine::new(&config)?;
        let module = Module::new(&engine, module)?;
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[])?;
        let run = instance.get_typed_func::<i32, i32>(&mut store, "run")?;
        Ok(move || Ok(run.call(&mut store, argument)?))
    })
}
