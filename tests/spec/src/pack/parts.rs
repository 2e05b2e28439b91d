//! Where the commands of a file can be cut, so that each part needs nothing of what
//! those before have made: a device holds one part's instances at a time.

use std::collections::HashMap;

use thimble_test_pack::format::{NEEDS_MEMORY, NEEDS_TABLE};
use wasmparser::{Parser, Payload, TypeRef};

use crate::script::{self, Action, Command, Directive};

/// A stretch of a file's commands, perhaps with gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The commands, by number.
    pub commands: Vec<usize>,
    /// What they need of `spectest`.
    pub needs: u8,
}

impl Part {
    /// The commands, of those of the file.
    pub fn select<'a>(&self, commands: &'a [Command]) -> impl Iterator<Item = &'a Command> {
        self.commands.iter().map(|index| &commands[*index])
    }

    /// How many assertions they are.
    pub fn assertions(&self, commands: &[Command]) -> usize {
        script::count(self.select(commands))
    }

    /// The part without one of its commands.
    pub fn without(&self, command: usize) -> Self {
        let mut part = self.clone();
        part.commands.retain(|other| *other != command);
        part
    }
}

/// Cuts the commands of a file wherever that is possible before a module.
pub fn parts(commands: &[Command]) -> Vec<Part> {
    let uses: Vec<Uses> = commands
        .iter()
        .scan(Made::default(), |made, command| Some(made.next(command)))
        .collect();
    let mut parts = Vec::new();
    let mut end = commands.len();
    let (mut earliest, mut needs) = (end, 0);
    // From the end, where it is known what is still used.
    for (index, (command, uses)) in commands.iter().zip(&uses).enumerate().rev() {
        earliest = earliest.min(uses.earliest);
        needs |= uses.needs;
        if index == 0 || (makes_module(&command.directive) && earliest >= index) {
            parts.push(Part {
                commands: (index..end).collect(),
                needs,
            });
            (end, needs) = (index, 0);
        }
    }
    parts.reverse();
    parts
}

fn makes_module(directive: &Directive) -> bool {
    binary(directive).is_some()
}

/// The module that a command links.
fn binary(directive: &Directive) -> Option<&[u8]> {
    match directive {
        Directive::Module { binary, .. }
        | Directive::AssertUnlinkable(binary, _)
        | Directive::Do(Action::Instantiate(binary))
        | Directive::AssertReturn(Action::Instantiate(binary), _)
        | Directive::AssertTrap(Action::Instantiate(binary), _) => Some(binary),
        _ => None,
    }
}

/// What a command uses.
struct Uses {
    /// The earliest command whose effect it sees, or its own number.
    earliest: usize,
    /// What it imports of `spectest`.
    needs: u8,
}

/// Which command made what, by number.
#[derive(Default)]
struct Made<'a> {
    /// The number of the next command.
    index: usize,
    module: usize,
    instance: usize,
    modules: HashMap<&'a str, usize>,
    instances: HashMap<&'a str, usize>,
    registered: HashMap<&'a str, usize>,
    /// The command that first imported the table of `spectest`, which it may have
    /// changed; likewise the memory.
    table: Option<usize>,
    memory: Option<usize>,
}

impl<'a> Made<'a> {
    fn next(&mut self, command: &'a Command) -> Uses {
        let index = self.index;
        self.index += 1;
        let mut uses = Uses {
            earliest: index,
            needs: 0,
        };
        if let Some(binary) = binary(&command.directive) {
            self.import(index, binary, &mut uses);
        }
        match &command.directive {
            Directive::Module { name, .. } => {
                (self.module, self.instance) = (index, index);
                if let Some(name) = name {
                    self.modules.insert(name, index);
                    self.instances.insert(name, index);
                }
            }
            Directive::Instance { name, module } => {
                let used = named(&self.modules, self.module, module.as_deref());
                uses.earliest = uses.earliest.min(used);
                self.instance = index;
                if let Some(name) = name {
                    self.instances.insert(name, index);
                }
            }
            Directive::Register { as_name, instance } => {
                let used = named(&self.instances, self.instance, instance.as_deref());
                uses.earliest = uses.earliest.min(used);
                self.registered.insert(as_name, index);
            }
            Directive::Do(action)
            | Directive::AssertReturn(action, _)
            | Directive::AssertTrap(action, _) => {
                if let Action::Invoke { instance, .. } | Action::Get { instance, .. } = action {
                    let used = named(&self.instances, self.instance, instance.as_deref());
                    uses.earliest = uses.earliest.min(used);
                }
            }
            Directive::AssertUnlinkable(..)
            | Directive::AssertRefused { .. }
            | Directive::AssertRefusedText
            | Directive::Unknown(_) => {}
        }
        uses
    }

    /// Notes what a module imports.
    fn import(&mut self, index: usize, binary: &[u8], uses: &mut Uses) {
        for (module, name, ty) in imports(binary) {
            if let Some(used) = self.registered.get(&*module) {
                uses.earliest = uses.earliest.min(*used);
            } else if module == "spectest" {
                // By name: a module may import it as something that it is not.
                let (first, need) = match (&*name, ty) {
                    ("table", _) | (_, TypeRef::Table(_)) => (&mut self.table, NEEDS_TABLE),
                    ("memory", _) | (_, TypeRef::Memory(_)) => (&mut self.memory, NEEDS_MEMORY),
                    _ => continue,
                };
                uses.earliest = uses.earliest.min(*first.get_or_insert(index));
                uses.needs |= need;
            }
        }
    }
}

fn named(all: &HashMap<&str, usize>, latest: usize, name: Option<&str>) -> usize {
    match name {
        // What does not exist was made by no command; the part will say so.
        Some(name) => all.get(name).copied().unwrap_or(0),
        None => latest,
    }
}

/// The imports of a module: module, name and type.
fn imports(binary: &[u8]) -> Vec<(String, String, TypeRef)> {
    let mut imports = Vec::new();
    for payload in Parser::new(0).parse_all(binary) {
        if let Payload::ImportSection(section) = payload.expect("the suite's modules are valid") {
            for import in section.into_imports() {
                let import = import.expect("the suite's modules are valid");
                imports.push((import.module.into(), import.name.into(), import.ty));
            }
        }
    }
    imports
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(imports: &[(&str, &str)]) -> Directive {
        let mut binary = b"\0asm\x01\0\0\0".to_vec();
        if !imports.is_empty() {
            let mut section = vec![imports.len() as u8];
            for (module, name) in imports {
                for text in [module, name] {
                    section.push(text.len() as u8);
                    section.extend(text.as_bytes());
                }
                // A memory of at least one page.
                section.extend([2, 0, 1]);
            }
            binary.extend([2, section.len() as u8]);
            binary.extend(section);
        }
        Directive::Module {
            name: None,
            binary,
            instantiate: true,
        }
    }

    fn call() -> Directive {
        Directive::Do(Action::Invoke {
            instance: None,
            export: "f".into(),
            arguments: Vec::new(),
        })
    }

    fn cut(directives: impl IntoIterator<Item = Directive>) -> Vec<(Vec<usize>, u8)> {
        let commands: Vec<Command> = directives
            .into_iter()
            .map(|directive| Command { line: 1, directive })
            .collect();
        let parts = parts(&commands);
        parts
            .into_iter()
            .map(|part| (part.commands, part.needs))
            .collect()
    }

    #[test]
    fn a_module_begins_a_part() {
        assert_eq!(
            cut([module(&[]), call(), call(), module(&[]), call()]),
            [(vec![0, 1, 2], 0), (vec![3, 4], 0)]
        );
        assert_eq!(cut([call(), module(&[])]), [(vec![0], 0), (vec![1], 0)]);
        assert_eq!(cut([]), []);
    }

    #[test]
    fn what_is_imported_stays_with_its_user() {
        let register = Directive::Register {
            as_name: "M".into(),
            instance: None,
        };
        let user = || module(&[("M", "m")]);
        assert_eq!(
            cut([
                module(&[]),
                module(&[]),
                register,
                user(),
                module(&[]),
                user()
            ]),
            [(vec![0], 0), (vec![1, 2, 3, 4, 5], 0)]
        );
    }

    #[test]
    fn what_a_memory_of_the_host_holds_stays_with_its_users() {
        let user = || module(&[("spectest", "memory")]);
        assert_eq!(
            cut([module(&[]), user(), module(&[]), user(), module(&[])]),
            [(vec![0], 0), (vec![1, 2, 3], NEEDS_MEMORY), (vec![4], 0)]
        );
    }
}
