//! Writes commands in the format of packs, which [`thimble_test_pack::format`]
//! describes.

use std::collections::HashMap;

use thimble::Val;
use thimble_test_pack::{Pattern, format, messages};

use crate::messages::valid_today;
use crate::script::{Action, Command, Directive};

use super::parts::Part;

/// The strings of a file, in the order in which they are met.
#[derive(Default)]
struct Strings<'a> {
    numbers: HashMap<&'a str, u64>,
    all: Vec<&'a str>,
}

impl<'a> Strings<'a> {
    fn number(&mut self, string: &'a str) -> u64 {
        *self.numbers.entry(string).or_insert_with(|| {
            self.all.push(string);
            self.all.len() as u64 - 1
        })
    }
}

/// Appends a number.
pub fn number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends bytes, or a text.
pub fn bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    number(to, bytes.len() as u64);
    to.extend(bytes);
}

/// A file with some of its parts.
pub fn file(name: &str, commands: &[Command], parts: &[Part]) -> Vec<u8> {
    let mut strings = Strings::default();
    let contents: Vec<Vec<u8>> = parts
        .iter()
        .map(|part| content(part.select(commands), part.needs, &mut strings))
        .collect();
    let mut file = Vec::new();
    bytes(&mut file, name.as_bytes());
    number(&mut file, strings.all.len() as u64);
    for string in strings.all {
        bytes(&mut file, string.as_bytes());
    }
    number(&mut file, contents.len() as u64);
    for content in contents {
        bytes(&mut file, &content);
    }
    file
}

fn content<'a>(
    commands: impl Iterator<Item = &'a Command>,
    needs: u8,
    strings: &mut Strings<'a>,
) -> Vec<u8> {
    let mut writer = Writer {
        bytes: vec![needs],
        strings,
        line: 0,
    };
    for command in commands {
        writer.command(command);
    }
    writer.bytes
}

struct Writer<'a, 's> {
    bytes: Vec<u8>,
    strings: &'s mut Strings<'a>,
    /// That of the command before.
    line: i64,
}

impl<'a> Writer<'a, '_> {
    fn command(&mut self, command: &'a Command) {
        let kind = match &command.directive {
            Directive::Module {
                instantiate: true, ..
            } => format::MODULE,
            Directive::Module { .. } => format::DEFINITION,
            Directive::Instance { .. } => format::INSTANCE,
            Directive::Register { .. } => format::REGISTER,
            Directive::Do(_) => format::DO,
            Directive::AssertReturn(..) => format::ASSERT_RETURN,
            Directive::AssertTrap(..) => format::ASSERT_TRAP,
            Directive::AssertUnlinkable(..) => format::ASSERT_UNLINKABLE,
            Directive::AssertRefused {
                binary,
                message: Some(message),
            } if valid_today(binary, message) => format::ASSERT_ACCEPTED,
            Directive::AssertRefused { .. } => format::ASSERT_REFUSED,
            // The text parser's, which has refused it.
            Directive::AssertRefusedText => return,
            Directive::Unknown(reason) => panic!("line {}: {reason}", command.line),
        };
        self.bytes.push(kind);
        let line = command.line as i64;
        self.number(format::zigzag(line - self.line));
        self.line = line;
        match &command.directive {
            Directive::Module { name, binary, .. } => {
                self.optional(name.as_deref());
                bytes(&mut self.bytes, binary);
            }
            Directive::Instance { name, module } => {
                self.optional(name.as_deref());
                self.optional(module.as_deref());
            }
            Directive::Register { as_name, instance } => {
                self.string(as_name);
                self.optional(instance.as_deref());
            }
            Directive::Do(action) => self.action(action),
            Directive::AssertReturn(action, results) => {
                self.action(action);
                self.number(results.len() as u64);
                for patterns in results {
                    self.patterns(patterns);
                }
            }
            Directive::AssertTrap(action, message) => {
                self.action(action);
                self.string(message);
            }
            Directive::AssertUnlinkable(binary, message) => {
                bytes(&mut self.bytes, binary);
                self.string(message);
            }
            Directive::AssertRefused { binary, message } => {
                bytes(&mut self.bytes, binary);
                if kind == format::ASSERT_REFUSED {
                    // Refused for another reason today.
                    let compared = |message: &&str| !messages::about_multi_memory(message);
                    self.optional(message.as_deref().filter(compared));
                }
            }
            Directive::AssertRefusedText | Directive::Unknown(_) => unreachable!("see above"),
        }
    }

    fn action(&mut self, action: &'a Action) {
        match action {
            Action::Invoke {
                instance,
                export,
                arguments,
            } => {
                self.bytes.push(format::INVOKE);
                self.optional(instance.as_deref());
                self.string(export);
                self.number(arguments.len() as u64);
                for argument in arguments {
                    self.value(argument);
                }
            }
            Action::Get { instance, export } => {
                self.bytes.push(format::GET);
                self.optional(instance.as_deref());
                self.string(export);
            }
            Action::Instantiate(binary) => {
                self.bytes.push(format::INSTANTIATE);
                bytes(&mut self.bytes, binary);
            }
        }
    }

    fn patterns(&mut self, patterns: &[Pattern]) {
        if patterns.len() != 1 {
            self.bytes.push(format::EITHER);
            self.number(patterns.len() as u64);
        }
        for pattern in patterns {
            match pattern {
                Pattern::Value(value) => self.value(value),
                Pattern::F32Canonical => self.bytes.push(format::F32_CANONICAL),
                Pattern::F32Arithmetic => self.bytes.push(format::F32_ARITHMETIC),
                Pattern::F64Canonical => self.bytes.push(format::F64_CANONICAL),
                Pattern::F64Arithmetic => self.bytes.push(format::F64_ARITHMETIC),
                Pattern::Null => self.bytes.push(format::NULL),
                Pattern::Func => self.bytes.push(format::ANY_FUNC),
                Pattern::Extern => self.bytes.push(format::ANY_EXTERN),
            }
        }
    }

    fn value(&mut self, value: &Val) {
        match value {
            Val::I32(value) => {
                self.bytes.push(format::I32);
                self.number(format::zigzag(i64::from(*value)));
            }
            Val::I64(value) => {
                self.bytes.push(format::I64);
                self.number(format::zigzag(*value));
            }
            Val::F32(bits) => {
                self.bytes.push(format::F32);
                self.bytes.extend(bits.to_le_bytes());
            }
            Val::F64(bits) => {
                self.bytes.push(format::F64);
                self.bytes.extend(bits.to_le_bytes());
            }
            Val::FuncRef(None) => self.bytes.push(format::NULL_FUNC),
            Val::FuncRef(Some(_)) => unreachable!("scripts have no way to write one"),
            Val::ExternRef(None) => self.bytes.push(format::NULL_EXTERN),
            Val::ExternRef(Some(reference)) => {
                self.bytes.push(format::EXTERN);
                self.number(u64::from(reference.number()));
            }
        }
    }

    fn number(&mut self, value: u64) {
        number(&mut self.bytes, value);
    }

    fn string(&mut self, string: &'a str) {
        let index = self.strings.number(string);
        self.number(index);
    }

    fn optional(&mut self, string: Option<&'a str>) {
        match string {
            Some(string) => {
                let index = self.strings.number(string);
                self.number(index + 1);
            }
            None => self.number(0),
        }
    }
}
