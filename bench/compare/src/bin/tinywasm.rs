//! tinywasm.

use thimble_compare::{Result, run_workload};
use tinywasm::{ModuleInstance, Store};

fn main() -> Result<()> {
    run_workload(|module, argument| {
        let module = tinywasm::parse_bytes(module)?;
        let mut store = Store::default();
        let instance = ModuleInstance::instantiate(&mut store, &module, None)?;
        let run = instance.func::<i32, i32>(&store, "run")?;
        Ok(move || Ok(run.call(&mut store, argument)?))
    })
}
