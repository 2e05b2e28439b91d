//! Runs the commands of a part in a store of its own.

use alloc::vec::Vec;

use thimble::code::image::Buffer;
use thimble::fallible::TryVec;
use thimble::{Config, Engine, Error, Extern, Instance, Linker, Module, Store, Val};

use crate::command::{Action, Command};
use crate::problem::Problem;
use crate::{Options, messages, spectest};

/// What a part has defined so far.
pub(crate) struct Runner<'a> {
    images: bool,
    engine: Engine,
    store: Store<()>,
    linker: Linker<()>,
    /// The instances with a name; of one name, the last counts.
    instances: Vec<(&'a str, Instance)>,
    /// The instance made last, which commands without a name mean.
    instance: Option<Instance>,
    modules: Vec<(&'a str, Module)>,
    module: Option<Module>,
}

/// What the suite calls by this name, or the latest without one.
fn named<'a, T: Clone>(
    what: &'static str,
    all: &[(&'a str, T)],
    latest: Option<&T>,
    name: Option<&'a str>,
) -> Result<T, Problem<'a>> {
    let found = match name {
        Some(name) => all
            .iter()
            .rev()
            .find_map(|(other, item)| (*other == name).then_some(item)),
        None => latest,
    };
    found.cloned().ok_or(Problem::Missing {
        what,
        name: name.unwrap_or_default(),
    })
}

impl<'a> Runner<'a> {
    pub(crate) fn new(options: &Options, needs: u8) -> Result<Self, Error> {
        let engine = Engine::new(Config::default().limits(options.limits));
        let mut store = Store::new(&engine, ())?;
        let mut linker = Linker::new(&engine);
        spectest::define(&mut linker, &mut store, needs)?;
        Ok(Self {
            images: options.images,
            engine,
            store,
            linker,
            instances: Vec::new(),
            instance: None,
            modules: Vec::new(),
            module: None,
        })
    }

    pub(crate) fn execute(&mut self, command: Command<'a>) -> Result<(), Problem<'a>> {
        match command {
            Command::Module {
                name,
                module,
                instantiate,
            } => self.define(name, module, instantiate),
            Command::Instance { name, module } => {
                let module = named("module", &self.modules, self.module.as_ref(), module)?;
                self.instantiate_as(name, &module)
            }
            Command::Register { as_name, instance } => {
                let instance = self.instance(instance)?;
                self.linker.instance(&self.store, as_name, instance)?;
                Ok(())
            }
            Command::Do(action) => {
                self.perform(action)??;
                Ok(())
            }
            Command::AssertReturn(action, expected) => {
                let results = self.perform(action)??;
                if expected.match_all(&results)? {
                    Ok(())
                } else {
                    Err(Problem::Results { results, expected })
                }
            }
            Command::AssertTrap(action, expected) => match self.perform(action)? {
                Ok(_) => Err(Problem::Succeeded { expected }),
                Err(Error::Trap(trap)) if messages::same(expected, trap.message()) => Ok(()),
                Err(error) => Err(Problem::FailedOtherwise { error, expected }),
            },
            Command::AssertUnlinkable(module, expected) => self.unlinkable(module, expected),
            Command::AssertRefused(module, expected) => self.refuse(module, expected),
            Command::AssertAccepted(module) => {
                self.load(module)?;
                Ok(())
            }
        }
    }

    fn unlinkable(&mut self, module: &[u8], expected: &'a str) -> Result<(), Problem<'a>> {
        let module = self.load(module)?;
        match self.linker.instantiate(&mut self.store, &module) {
            Ok(_) => Err(Problem::Succeeded { expected }),
            // The messages end in a number, which is not compared.
            Err(Error::UnknownImport { .. }) if messages::same(expected, "unknown import") => {
                Ok(())
            }
            Err(Error::IncompatibleImport { .. })
                if messages::same(expected, "incompatible import type") =>
            {
                Ok(())
            }
            Err(error) => Err(Problem::FailedOtherwise { error, expected }),
        }
    }

    fn refuse(&self, module: &[u8], expected: Option<&'a str>) -> Result<(), Problem<'a>> {
        match (self.load(module), expected) {
            (Ok(_), expected) => Err(Problem::Succeeded {
                expected: expected.unwrap_or("any refusal"),
            }),
            (Err(Error::Module(_)), None) => Ok(()),
            (Err(Error::Module(error)), Some(expected))
                if messages::same(expected, error.message()) =>
            {
                Ok(())
            }
            (Err(error), Some(expected)) => Err(Problem::FailedOtherwise { error, expected }),
            (Err(error), None) => Err(Problem::Failed(error)),
        }
    }

    fn load(&self, binary: &[u8]) -> Result<Module, Error> {
        let module = Module::new(&self.engine, binary)?;
        if !self.images {
            return Ok(module);
        }
        let image = Buffer::copy_of(module.image_bytes())?;
        // So that no more than two are there while the second is verified.
        drop(module);
        Module::from_image(&self.engine, image)
    }

    fn define(
        &mut self,
        name: Option<&'a str>,
        binary: &[u8],
        instantiate: bool,
    ) -> Result<(), Problem<'a>> {
        // Whatever follows must not mean the module before.
        self.module = None;
        self.instance = None;
        let module = self.load(binary)?;
        self.module = Some(module.clone());
        if let Some(name) = name {
            self.modules.try_push((name, module.clone()))?;
        }
        if instantiate {
            self.instantiate_as(name, &module)
        } else {
            Ok(())
        }
    }

    fn instantiate_as(
        &mut self,
        name: Option<&'a str>,
        module: &Module,
    ) -> Result<(), Problem<'a>> {
        self.instance = None;
        let instance = self.linker.instantiate(&mut self.store, module)?;
        self.instance = Some(instance);
        if let Some(name) = name {
            self.instances.try_push((name, instance))?;
        }
        Ok(())
    }

    fn instance(&self, name: Option<&'a str>) -> Result<Instance, Problem<'a>> {
        named("instance", &self.instances, self.instance.as_ref(), name)
    }

    fn export(&self, instance: Option<&'a str>, export: &'a str) -> Result<Extern, Problem<'a>> {
        let found = self.instance(instance)?.get_export(&self.store, export);
        found.ok_or(Problem::Missing {
            what: "export",
            name: export,
        })
    }

    /// Executes; fails if there is nothing to execute. The result is that of the
    /// execution.
    fn perform(&mut self, action: Action<'a>) -> Result<Result<Vec<Val>, Error>, Problem<'a>> {
        match action {
            Action::Invoke {
                instance,
                export,
                arguments,
            } => {
                let Extern::Func(function) = self.export(instance, export)? else {
                    return Err(Problem::Missing {
                        what: "function",
                        name: export,
                    });
                };
                let mut values = Vec::new();
                arguments.each(|value| values.try_push(value).map_err(Problem::from))?;
                let mut results = Vec::new();
                for ty in function.ty(&self.store)?.results() {
                    results.try_push(Val::default_of(ty))?;
                }
                let called = function.call(&mut self.store, &values, &mut results);
                Ok(called.map(|()| results))
            }
            Action::Get { instance, export } => {
                let Extern::Global(global) = self.export(instance, export)? else {
                    return Err(Problem::Missing {
                        what: "global",
                        name: export,
                    });
                };
                let value = global.get(&self.store)?;
                let mut results = Vec::new();
                results.try_push(value)?;
                Ok(Ok(results))
            }
            Action::Instantiate(binary) => {
                let module = self.load(binary)?;
                let instance = self.linker.instantiate(&mut self.store, &module);
                Ok(instance.map(|_| Vec::new()))
            }
        }
    }
}
