//! Runs the commands of a file in one way.

use std::collections::HashMap;

use thimble::code::image::Buffer;
use thimble::{Config, Engine, Error, Extern, Instance, Linker, Module, Store, Val};
use thimble_test_pack::format::{NEEDS_MEMORY, NEEDS_TABLE};
use thimble_test_pack::{Pattern, messages, spectest};

use crate::messages::valid_today;
use crate::script::{Action, Command, Directive};
use crate::way::Way;

/// Runs all commands of a file, adds what is wrong to `problems`, and returns the
/// number of assertions that were run.
pub fn run(file: &str, commands: &[Command], way: Way, problems: &mut Vec<String>) -> usize {
    let mut runner = Runner::new(way).expect("an empty store can be made");
    let mut assertions = 0;
    for command in commands {
        if let Err(problem) = runner.execute(&command.directive) {
            problems.push(format!("{file}:{} ({}): {problem}", command.line, way.name));
        }
        assertions += usize::from(command.directive.is_assertion());
    }
    assertions
}

/// What a file has defined so far.
struct Runner {
    way: Way,
    engine: Engine,
    store: Store<()>,
    linker: Linker<()>,
    /// The instances with a name.
    instances: HashMap<String, Instance>,
    /// The instance made last, which commands without a name mean.
    instance: Option<Instance>,
    modules: HashMap<String, Module>,
    module: Option<Module>,
}

impl Runner {
    fn new(way: Way) -> Result<Self, Error> {
        let engine = Engine::new(Config::default().dispatch(way.dispatch));
        let mut store = Store::new(&engine, ())?;
        let mut linker = Linker::new(&engine);
        spectest::define(&mut linker, &mut store, NEEDS_TABLE | NEEDS_MEMORY)?;
        Ok(Self {
            way,
            engine,
            store,
            linker,
            instances: HashMap::new(),
            instance: None,
            modules: HashMap::new(),
            module: None,
        })
    }

    fn execute(&mut self, directive: &Directive) -> Result<(), String> {
        match directive {
            Directive::Module {
                name,
                binary,
                instantiate,
            } => self.define(name.as_deref(), binary, *instantiate),
            Directive::Instance { name, module } => {
                let module = match module {
                    Some(module) => self.modules.get(module),
                    None => self.module.as_ref(),
                };
                let module = module.ok_or("no such module")?.clone();
                self.instantiate_as(name.as_deref(), &module)
            }
            Directive::Register { as_name, instance } => {
                let instance = self.instance(instance.as_deref())?;
                let registered = self.linker.instance(&self.store, as_name, instance);
                registered
                    .map(|_| ())
                    .map_err(|error| format!("cannot be registered: {error}"))
            }
            Directive::Do(action) => match self.perform(action)? {
                Ok(_) => Ok(()),
                Err(error) => Err(error.to_string()),
            },
            Directive::AssertReturn(action, expected) => match self.perform(action)? {
                Ok(results) => compare(&results, expected),
                Err(error) => Err(format!("{error}, not {expected:?}")),
            },
            Directive::AssertTrap(action, message) => match self.perform(action)? {
                Ok(results) => Err(format!("returned {results:?}, not trap `{message}`")),
                Err(error) => match error.trap() {
                    Some(trap) if messages::same(message, trap.message()) => Ok(()),
                    _ => Err(format!("`{error}`, not trap `{message}`")),
                },
            },
            Directive::AssertUnlinkable(binary, message) => {
                let module = self.load(binary).map_err(|error| error.to_string())?;
                match self.linker.instantiate(&mut self.store, &module) {
                    Ok(_) => Err(format!("linked, not `{message}`")),
                    Err(
                        error @ (Error::UnknownImport { .. } | Error::IncompatibleImport { .. }),
                    ) if messages::same(message, &error.to_string()) => Ok(()),
                    Err(error) => Err(format!("`{error}`, not `{message}`")),
                }
            }
            Directive::AssertRefused { binary, message } => self.refuse(binary, message.as_deref()),
            Directive::AssertRefusedText => Ok(()),
            Directive::Unknown(reason) => Err(reason.clone()),
        }
    }

    fn refuse(&self, binary: &[u8], message: Option<&str>) -> Result<(), String> {
        let loaded = self.load(binary);
        let Some(message) = message else {
            return match loaded {
                Ok(_) => Err("accepted".into()),
                Err(Error::Module(_)) => Ok(()),
                Err(error) => Err(format!("`{error}`")),
            };
        };
        if valid_today(binary, message) {
            return match loaded {
                Ok(_) => Ok(()),
                Err(error) => Err(format!(
                    "`{error}`, not accepted as a use of multiple memories"
                )),
            };
        }
        match loaded {
            Err(Error::Module(_)) if messages::about_multi_memory(message) => Ok(()),
            Ok(_) => Err(format!("accepted, not `{message}`")),
            Err(Error::Module(error)) if messages::same(message, error.message()) => Ok(()),
            Err(error) => Err(format!("`{error}`, not `{message}`")),
        }
    }

    /// Makes a module of its binary form, in the way that is tested.
    fn load(&self, binary: &[u8]) -> Result<Module, Error> {
        let module = Module::new(&self.engine, binary)?;
        if !self.way.image {
            return Ok(module);
        }
        Module::from_image(&self.engine, Buffer::copy_of(module.image_bytes())?)
    }

    fn define(&mut self, name: Option<&str>, binary: &[u8], now: bool) -> Result<(), String> {
        // Whatever follows must not mean the module before.
        self.module = None;
        self.instance = None;
        let module = self.load(binary).map_err(|error| error.to_string())?;
        self.module = Some(module.clone());
        if let Some(name) = name {
            self.modules.insert(name.to_string(), module.clone());
        }
        if now {
            self.instantiate_as(name, &module)
        } else {
            Ok(())
        }
    }

    fn instantiate_as(&mut self, name: Option<&str>, module: &Module) -> Result<(), String> {
        self.instance = None;
        let instance = self.linker.instantiate(&mut self.store, module);
        let instance = instance.map_err(|error| error.to_string())?;
        self.instance = Some(instance);
        if let Some(name) = name {
            self.instances.insert(name.to_string(), instance);
        }
        Ok(())
    }

    fn instance(&self, name: Option<&str>) -> Result<Instance, String> {
        match name {
            Some(name) => self
                .instances
                .get(name)
                .copied()
                .ok_or_else(|| format!("no instance {name}")),
            None => self.instance.ok_or_else(|| "no instance".to_string()),
        }
    }

    fn export(&self, instance: Option<&str>, export: &str) -> Result<Extern, String> {
        let instance = self.instance(instance)?;
        instance
            .get_export(&self.store, export)
            .ok_or_else(|| format!("no export {export}"))
    }

    /// Executes; fails if there is nothing to execute. The result is that of the
    /// execution.
    fn perform(&mut self, action: &Action) -> Result<Result<Vec<Val>, Error>, String> {
        match action {
            Action::Invoke {
                instance,
                export,
                arguments,
            } => {
                let Extern::Func(function) = self.export(instance.as_deref(), export)? else {
                    return Err(format!("{export} is no function"));
                };
                let ty = function
                    .ty(&self.store)
                    .map_err(|error| error.to_string())?;
                let mut results: Vec<Val> = ty.results().map(Val::default_of).collect();
                let called = function.call(&mut self.store, arguments, &mut results);
                Ok(called.map(|()| results))
            }
            Action::Get { instance, export } => {
                let Extern::Global(global) = self.export(instance.as_deref(), export)? else {
                    return Err(format!("{export} is no global"));
                };
                Ok(global.get(&mut self.store).map(|value| vec![value]))
            }
            Action::Instantiate(binary) => {
                let module = self.load(binary).map_err(|error| error.to_string())?;
                let instance = self.linker.instantiate(&mut self.store, &module);
                Ok(instance.map(|_| Vec::new()))
            }
        }
    }
}

fn compare(results: &[Val], expected: &[Vec<Pattern>]) -> Result<(), String> {
    let matches = results.len() == expected.len()
        && results
            .iter()
            .zip(expected)
            .all(|(value, patterns)| patterns.iter().any(|pattern| pattern.matches(value)));
    if matches {
        Ok(())
    } else {
        Err(format!("{results:x?}, not {expected:x?}"))
    }
}
