//! wasmi, all of a module translated before the first call.

use thimble_compare::{Result, run_workload};
use wasmi::{CompilationMode, Config, Engine, Linker, Module, Store};

fn main() -> Result<()> {
    run_workload(|module, argument| {
        let mut config = Config::default();
        config.compilation_mode(CompilationMode::Eager);
        let engine = Engine::new(&config);
        let module = Module::new(&engine, module)?;
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module)?;
        let run = instance.get_typed_func::<i32, i32>(&store, "run")?;
        Ok(move || Ok(run.call(&mut store, argument)?))
    })
}
