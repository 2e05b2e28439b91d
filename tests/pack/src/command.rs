//! The commands of a part, as they stand in packs.

use thimble::Val;

use crate::format;
use crate::pattern::{Patterns, value};
use crate::reader::{Damaged, Reader};

/// A command.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Command<'a> {
    Module {
        name: Option<&'a str>,
        module: &'a [u8],
        instantiate: bool,
    },
    Instance {
        name: Option<&'a str>,
        module: Option<&'a str>,
    },
    Register {
        as_name: &'a str,
        instance: Option<&'a str>,
    },
    Do(Action<'a>),
    AssertReturn(Action<'a>, Patterns<'a>),
    AssertTrap(Action<'a>, &'a str),
    AssertUnlinkable(&'a [u8], &'a str),
    AssertRefused(&'a [u8], Option<&'a str>),
    AssertAccepted(&'a [u8]),
}

/// Something that is executed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action<'a> {
    Invoke {
        instance: Option<&'a str>,
        export: &'a str,
        arguments: Arguments<'a>,
    },
    Get {
        instance: Option<&'a str>,
        export: &'a str,
    },
    Instantiate(&'a [u8]),
}

/// The arguments of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arguments<'a>(Reader<'a>);

impl Arguments<'_> {
    /// Passes on each.
    pub(crate) fn each<E: From<Damaged>>(
        self,
        mut take: impl FnMut(Val) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut reader = self.0;
        for _ in 0..reader.number()? {
            take(value(&mut reader)?)?;
        }
        Ok(())
    }
}

impl Command<'_> {
    /// Whether this is an assertion.
    pub(crate) const fn is_assertion(&self) -> bool {
        match self {
            Self::AssertReturn(..)
            | Self::AssertTrap(..)
            | Self::AssertUnlinkable(..)
            | Self::AssertRefused(..)
            | Self::AssertAccepted(_) => true,
            Self::Module { .. } | Self::Instance { .. } | Self::Register { .. } | Self::Do(_) => {
                false
            }
        }
    }
}

/// Reads the commands of a part.
#[derive(Debug)]
pub(crate) struct Commands<'a, 's> {
    reader: Reader<'a>,
    strings: &'s [&'a str],
    line: u32,
}

impl<'a, 's> Commands<'a, 's> {
    pub(crate) const fn new(reader: Reader<'a>, strings: &'s [&'a str]) -> Self {
        Self {
            reader,
            strings,
            line: 0,
        }
    }

    /// The line of the command that was read last, or that cannot be read.
    pub(crate) const fn line(&self) -> u32 {
        self.line
    }

    /// The next command.
    pub(crate) fn next(&mut self) -> Result<Option<Command<'a>>, Damaged> {
        if self.reader.is_empty() {
            return Ok(None);
        }
        let kind = self.reader.byte()?;
        let distance = format::unzigzag(self.reader.long()?);
        let line = i64::from(self.line).checked_add(distance).ok_or(Damaged)?;
        self.line = line.try_into().map_err(|_| Damaged)?;
        self.command(kind).map(Some)
    }

    fn command(&mut self, kind: u8) -> Result<Command<'a>, Damaged> {
        Ok(match kind {
            format::MODULE | format::DEFINITION => Command::Module {
                name: self.optional()?,
                module: self.reader.bytes()?,
                instantiate: kind == format::MODULE,
            },
            format::INSTANCE => Command::Instance {
                name: self.optional()?,
                module: self.optional()?,
            },
            format::REGISTER => Command::Register {
                as_name: self.string()?,
                instance: self.optional()?,
            },
            format::DO => Command::Do(self.action()?),
            format::ASSERT_RETURN => Command::AssertReturn(self.action()?, self.patterns()?),
            format::ASSERT_TRAP => Command::AssertTrap(self.action()?, self.string()?),
            format::ASSERT_UNLINKABLE => {
                Command::AssertUnlinkable(self.reader.bytes()?, self.string()?)
            }
            format::ASSERT_REFUSED => {
                Command::AssertRefused(self.reader.bytes()?, self.optional()?)
            }
            format::ASSERT_ACCEPTED => Command::AssertAccepted(self.reader.bytes()?),
            _ => return Err(Damaged),
        })
    }

    fn action(&mut self) -> Result<Action<'a>, Damaged> {
        Ok(match self.reader.byte()? {
            format::INVOKE => Action::Invoke {
                instance: self.optional()?,
                export: self.string()?,
                arguments: self.arguments()?,
            },
            format::GET => Action::Get {
                instance: self.optional()?,
                export: self.string()?,
            },
            format::INSTANTIATE => Action::Instantiate(self.reader.bytes()?),
            _ => return Err(Damaged),
        })
    }

    fn arguments(&mut self) -> Result<Arguments<'a>, Damaged> {
        let arguments = Arguments(self.reader);
        for _ in 0..self.reader.number()? {
            value(&mut self.reader)?;
        }
        Ok(arguments)
    }

    fn patterns(&mut self) -> Result<Patterns<'a>, Damaged> {
        let patterns = Patterns::new(self.reader);
        Patterns::skip(&mut self.reader)?;
        Ok(patterns)
    }

    fn string(&mut self) -> Result<&'a str, Damaged> {
        let index = self.reader.number()?;
        self.at(index)
    }

    fn optional(&mut self) -> Result<Option<&'a str>, Damaged> {
        match self.reader.number()?.checked_sub(1) {
            Some(index) => self.at(index).map(Some),
            None => Ok(None),
        }
    }

    fn at(&self, index: u32) -> Result<&'a str, Damaged> {
        self.strings.get(index as usize).copied().ok_or(Damaged)
    }
}
