//! `thimble run`: runs a program, or calls one of its exports.

mod context;
mod ending;
mod timer;

use std::path::Path;
use std::process::ExitCode;

use thimble::wasi::{self, WasiContext};
use thimble::wasm::ExternalKind;
use thimble::{
    Config, Engine, Error, Func, Instance, Limits, Linker, Module, Store, Val, ValueType,
};
use thimble_platform::Platform;
use thimble_platform_host::Host;

use crate::arguments::{Dispatch, RunOptions};
use crate::input::{self, Input};
use crate::report::{self, Failure};
use crate::values;
use ending::Ending;
use timer::Timer;

/// Runs a program and gives its exit status.
pub fn run(options: &RunOptions) -> Result<ExitCode, Failure> {
    let Some((file, arguments)) = options.program.split_first() else {
        return Err(Failure::usage("which file?"));
    };
    let file = Path::new(file);
    let engine = Engine::new(configuration(options));
    let module = load(&engine, file)?;

    // For as long as the process lives: a program's files are closed with its context.
    let platform: &'static dyn Platform = Box::leak(Box::new(Host::new()));
    let wake = platform
        .wakes()
        .create()
        .map_err(|error| Failure::of_file(file, error))?;
    let context = context::context(platform, wake, options)?;
    let failed = |error: Error| Failure::of_file(file, error);
    let mut store = Store::new(&engine, context).map_err(failed)?;
    store.set_fuel(options.fuel);
    let mut linker = Linker::new(&engine);
    wasi::add_to_linker(&mut linker, |context: &mut WasiContext| context).map_err(failed)?;

    let timer = options
        .timeout
        .map(|time| Timer::start(time, store.interrupt_handle(), platform, wake))
        .transpose()
        .map_err(|error| Failure::new(format!("the timer does not start: {error}")))?;
    let ending = Ending {
        file,
        options,
        module: &module,
        timer: timer.as_ref(),
    };

    let instance = match linker.instantiate(&mut store, &module) {
        Ok(instance) => instance,
        Err(error) => return ending.of(&store, error),
    };
    let program = Program {
        store,
        instance,
        ending,
    };
    match &options.invoke {
        Some(name) => {
            let arguments: Result<Vec<&str>, Failure> = arguments
                .iter()
                .map(|argument| context::text(argument))
                .collect();
            program.invoke(name, &arguments?, options.repeat)
        }
        None => program.start(),
    }
}

fn configuration(options: &RunOptions) -> Config {
    let mut limits = Limits::default();
    if let Some(bytes) = options.max_memory {
        limits.memory_bytes = bytes;
    }
    if let Some(cells) = options.stack {
        limits.stack_cells = cells;
    }
    let config = Config::default().limits(limits);
    match options.dispatch {
        Some(Dispatch::Tail) => config.dispatch(thimble::Dispatch::Tail),
        Some(Dispatch::Loop) => config.dispatch(thimble::Dispatch::Loop),
        None => config,
    }
}

/// Translates the module, or verifies the image.
fn load(engine: &Engine, file: &Path) -> Result<Module, Failure> {
    match input::open(file)? {
        Input::Module(mut module) => {
            Module::new_streaming(engine, &mut module).map_err(|error| module.failure(error))
        }
        Input::Image(image) => {
            Module::from_image(engine, image).map_err(|error| Failure::of_file(file, error))
        }
    }
}

/// A program that is ready to run.
struct Program<'a> {
    store: Store<WasiContext>,
    instance: Instance,
    ending: Ending<'a>,
}

impl Program<'_> {
    /// Runs the program from its beginning.
    fn start(mut self) -> Result<ExitCode, Failure> {
        let Some(start) = self.instance.get_func(&self.store, "_start") else {
            let library = self.instance.get_func(&self.store, "_initialize").is_some();
            let what = if library {
                "this is a library, without"
            } else {
                "there is no"
            };
            let exports = self.exported_functions();
            return Err(Failure::of_file(
                self.ending.file,
                format!("{what} `_start` to run; --invoke calls an export: {exports}"),
            ));
        };
        match start.call(&mut self.store, &[], &mut []) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => self.ending.of(&self.store, error),
        }
    }

    /// Calls an export and prints its results.
    fn invoke(mut self, name: &str, arguments: &[&str], repeat: u32) -> Result<ExitCode, Failure> {
        let Some(function) = self.instance.get_func(&self.store, name) else {
            let exports = self.exported_functions();
            return Err(Failure::of_file(
                self.ending.file,
                format!("there is no exported function `{name}`, only: {exports}"),
            ));
        };
        let (arguments, mut results) = self.prepare(name, function, arguments)?;
        // A library (a WASI reactor) wants to be initialized before it is used.
        if let Some(initialize) = self.instance.get_func(&self.store, "_initialize")
            && name != "_initialize"
            && let Err(error) = initialize.call(&mut self.store, &[], &mut [])
        {
            return self.ending.of(&self.store, error);
        }
        for _ in 0..repeat {
            if let Err(error) = function.call(&mut self.store, &arguments, &mut results) {
                return self.ending.of(&self.store, error);
            }
        }
        let lines: Vec<String> = results
            .into_iter()
            .map(|value| values::format(value) + "\n")
            .collect();
        report::print(&lines.concat())
    }

    /// The arguments by the function's signature, and room for its results.
    fn prepare(
        &self,
        name: &str,
        function: Func,
        arguments: &[&str],
    ) -> Result<(Vec<Val>, Vec<Val>), Failure> {
        let failed = |error: Error| Failure::of_file(self.ending.file, error);
        let ty = function.ty(&self.store).map_err(failed)?;
        if ty.params().len() != arguments.len() {
            let types: Vec<&str> = ty.params().map(ValueType::name).collect();
            let plural = if types.len() == 1 { "" } else { "s" };
            return Err(Failure::usage(format!(
                "{name} takes {} argument{plural} ({}), not {}",
                types.len(),
                types.join(", "),
                arguments.len(),
            )));
        }
        let arguments: Result<Vec<Val>, String> = ty
            .params()
            .zip(arguments)
            .map(|(ty, text)| values::parse(ty, text))
            .collect();
        let results = ty.results().map(Val::default_of).collect();
        Ok((arguments.map_err(Failure::usage)?, results))
    }

    /// The names that --invoke accepts.
    fn exported_functions(&self) -> String {
        let names: Vec<&str> = self
            .ending
            .module
            .exports()
            .filter(|export| export.kind == ExternalKind::Function)
            .map(|export| export.name)
            .collect();
        if names.is_empty() {
            "none".into()
        } else {
            names.join(", ")
        }
    }
}
