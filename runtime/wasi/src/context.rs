//! All that belongs to one program: its descriptors, arguments and environment.

use alloc::boxed::Box;
use alloc::vec::Vec;

use thimble_platform::{
    FileHandle, Interest, Platform, PollEntry, PollOutcome, PollTarget, Readiness, SocketHandle,
    Stream, WakeHandle,
};
use thimble_vm::fallible::TryVec;

use crate::arguments::Strings;
use crate::descriptor::{Descriptor, Resource};
use crate::errno::{Errno, Failure};
use crate::handle::{OwnedFile, OwnedSocket};
use crate::limits::{DEFAULT_DESCRIPTORS, DEFAULT_TRANSFER_SIZE};
use crate::rights::Rights;
use crate::stream::{InputStream, OutputStream};
use crate::table::Table;
use crate::types::Filetype;

/// The system below, and what ends this program's waits for it.
#[derive(Clone, Copy)]
pub(crate) struct System {
    pub(crate) platform: &'static dyn Platform,
    pub(crate) wake: Option<WakeHandle>,
}

impl System {
    /// Waits until `target` is ready; with `nonblocking` only looks.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] if the program is to stop, [`Errno::Again`] if it may not
    /// wait, or what is wrong with the target.
    pub(crate) fn wait(
        self,
        target: PollTarget,
        interest: Interest,
        nonblocking: bool,
    ) -> Result<(), Failure> {
        let mut entry = [PollEntry::new(target, interest)];
        let timeout = nonblocking.then_some(0);
        match self.platform.poll().poll(&mut entry, timeout, self.wake)? {
            PollOutcome::Woken => Err(Failure::Interrupted),
            PollOutcome::TimedOut => Err(Errno::Again.into()),
            PollOutcome::Ready => match entry {
                [
                    PollEntry {
                        readiness: Readiness::Failed(error),
                        ..
                    },
                ] => Err(error.into()),
                _ => Ok(()),
            },
        }
    }
}

/// A program's side of WASI: what its calls act on.
///
/// Two contexts share nothing but the system below: a program sees the directories,
/// streams and sockets that its own context was given, and no others. Dropping the
/// context closes everything that the program left open.
pub struct WasiContext {
    pub(crate) system: System,
    pub(crate) table: Table,
    pub(crate) arguments: Strings,
    pub(crate) environment: Strings,
    /// What is on its way between guest memory and the system.
    pub(crate) buffer: Vec<u8>,
}

impl core::fmt::Debug for WasiContext {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("WasiContext")
    }
}

impl WasiContext {
    /// Starts to describe a program that runs on `platform`.
    #[must_use]
    pub fn builder(platform: &'static dyn Platform) -> WasiContextBuilder {
        WasiContextBuilder {
            system: System {
                platform,
                wake: None,
            },
            arguments: Strings::default(),
            environment: Strings::default(),
            streams: Streams {
                input: Input::Console(Stream::INPUT),
                output: Output::Console(Stream::OUTPUT),
                error: Output::Console(Stream::ERROR),
            },
            directories: Vec::new(),
            listeners: Vec::new(),
            descriptors: DEFAULT_DESCRIPTORS,
            transfer_size: DEFAULT_TRANSFER_SIZE,
        }
    }
}

/// The standard streams, before they are descriptors: those are five times as large, and
/// a builder is moved at every step.
struct Streams {
    input: Input,
    output: Output,
    error: Output,
}

enum Input {
    Console(Stream),
    Embedder(Box<dyn InputStream>),
}

enum Output {
    Console(Stream),
    Embedder(Box<dyn OutputStream>),
}

impl Input {
    fn into_descriptor(self, platform: &dyn Platform) -> Descriptor {
        let (resource, terminal) = match self {
            Self::Console(stream) => console(platform, stream),
            Self::Embedder(input) => {
                let terminal = input.is_terminal();
                (Resource::Input(input), terminal)
            }
        };
        stream(resource, terminal, Rights::FD_READ)
    }
}

impl Output {
    fn into_descriptor(self, platform: &dyn Platform) -> Descriptor {
        let (resource, terminal) = match self {
            Self::Console(stream) => console(platform, stream),
            Self::Embedder(output) => {
                let terminal = output.is_terminal();
                (Resource::Output(output), terminal)
            }
        };
        stream(resource, terminal, Rights::FD_WRITE)
    }
}

fn console(platform: &dyn Platform, stream: Stream) -> (Resource, bool) {
    let terminal = platform.console().is_terminal(stream);
    (Resource::Console(stream), terminal)
}

fn stream(resource: Resource, terminal: bool, direction: Rights) -> Descriptor {
    let filetype = if terminal {
        Filetype::CharacterDevice
    } else {
        Filetype::Unknown
    };
    let other = Rights::FD_READ.and(Rights::FD_WRITE).without(direction);
    Descriptor::new(resource, filetype, Rights::STREAM.without(other))
}

/// Describes a program before it starts; made by [`WasiContext::builder`].
///
/// Unless told otherwise it has no arguments, no environment, no files, and the system's
/// console as its standard streams.
pub struct WasiContextBuilder {
    system: System,
    arguments: Strings,
    environment: Strings,
    streams: Streams,
    directories: Vec<Descriptor>,
    listeners: Vec<Descriptor>,
    descriptors: u32,
    transfer_size: usize,
}

impl core::fmt::Debug for WasiContextBuilder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("WasiContextBuilder")
    }
}

impl WasiContextBuilder {
    /// Appends an argument; the first is by custom the program's name.
    ///
    /// # Errors
    /// [`Errno::Inval`] with a NUL in it, [`Errno::Toobig`], [`Errno::Nomem`]; [`Errno::Nosys`]
    /// without the feature `arguments`.
    pub fn argument(mut self, argument: &str) -> Result<Self, Errno> {
        self.arguments.push(&[argument])?;
        Ok(self)
    }

    /// Appends a variable to the environment.
    ///
    /// # Errors
    /// [`Errno::Inval`] with a NUL in it or a `=` in the name or without a name,
    /// [`Errno::Toobig`], [`Errno::Nomem`]; [`Errno::Nosys`] without the feature `arguments`.
    pub fn variable(mut self, name: &str, value: &str) -> Result<Self, Errno> {
        if name.is_empty() || name.contains('=') {
            return Err(Errno::Inval);
        }
        self.environment.push(&[name, "=", value])?;
        Ok(self)
    }

    /// Opens the directory `path` of the system below and gives it to the program as `name`,
    /// with everything that can be done in it. The first such directory is descriptor 3,
    /// the next 4, and so on.
    ///
    /// # Errors
    /// [`Errno::Notsup`] if the system has no files, those of opening, [`Errno::Nomem`].
    pub fn directory(self, path: &str, name: &str) -> Result<Self, Errno> {
        self.directory_with(path, name, Rights::ALL)
    }

    /// As [`directory`](Self::directory), but what the program may do with the directory
    /// and all in it is only what is among `rights` (such as [`Rights::READ_ONLY`]).
    ///
    /// # Errors
    /// As [`directory`](Self::directory).
    pub fn directory_with(self, path: &str, name: &str, rights: Rights) -> Result<Self, Errno> {
        let files = self.system.platform.files().ok_or(Errno::Notsup)?;
        let handle = files.open_root(path)?;
        self.directory_handle(handle, name, rights)
    }

    /// As [`directory_with`](Self::directory_with), for an open directory, which is the
    /// context's from now on: it is closed with it, or now if this fails.
    ///
    /// # Errors
    /// [`Errno::Notsup`], [`Errno::Nomem`].
    pub fn directory_handle(
        mut self,
        handle: FileHandle,
        name: &str,
        rights: Rights,
    ) -> Result<Self, Errno> {
        let files = self.system.platform.files().ok_or(Errno::Notsup)?;
        let file = OwnedFile { files, handle };
        let mut preopen = Vec::new();
        preopen.try_extend(name.as_bytes())?;
        let resource = Resource::Directory {
            file,
            preopen: Some(preopen),
        };
        let base = Rights::DIRECTORY.within(rights);
        let mut descriptor = Descriptor::new(resource, Filetype::Directory, base);
        descriptor.inheriting = rights;
        self.directories.try_push(descriptor)?;
        Ok(self)
    }

    /// Gives the program a listening socket, which is the context's from now on: it is
    /// closed with it, or now if this fails. The first one has the number after the
    /// last directory's.
    ///
    /// # Errors
    /// [`Errno::Notsup`] if the system has no sockets, [`Errno::Nomem`].
    pub fn listener(mut self, handle: SocketHandle) -> Result<Self, Errno> {
        let sockets = self.system.platform.sockets().ok_or(Errno::Notsup)?;
        let resource = Resource::Listener(OwnedSocket { sockets, handle });
        let descriptor = Descriptor::new(resource, Filetype::SocketStream, Rights::LISTENER);
        self.listeners.try_push(descriptor)?;
        Ok(self)
    }

    /// Lets the program read `input` as its standard input.
    #[must_use]
    pub fn standard_input(mut self, input: Box<dyn InputStream>) -> Self {
        self.streams.input = Input::Embedder(input);
        self
    }

    /// Lets the program write its standard output to `output`.
    #[must_use]
    pub fn standard_output(mut self, output: Box<dyn OutputStream>) -> Self {
        self.streams.output = Output::Embedder(output);
        self
    }

    /// Lets the program write its errors and diagnostics to `output`.
    #[must_use]
    pub fn standard_error(mut self, output: Box<dyn OutputStream>) -> Self {
        self.streams.error = Output::Embedder(output);
        self
    }

    /// Lets the program use these streams of a console, such as those of a shell session.
    #[must_use]
    pub fn console(mut self, input: Stream, output: Stream, error: Stream) -> Self {
        self.streams = Streams {
            input: Input::Console(input),
            output: Output::Console(output),
            error: Output::Console(error),
        };
        self
    }

    /// Ends the program's waits whenever `wake` is set: a function that waits, or is about
    /// to, then fails with [`Failure::Interrupted`]. The wake object stays the embedder's,
    /// and must live as long as the context.
    #[must_use]
    pub fn wake(mut self, wake: WakeHandle) -> Self {
        self.system.wake = Some(wake);
        self
    }

    /// Allows the program this many descriptors, its first ones included.
    #[must_use]
    pub fn maximum_descriptors(mut self, number: u32) -> Self {
        self.descriptors = number;
        self
    }

    /// Moves this many bytes in one step between program and system; at least 32.
    #[must_use]
    pub fn transfer_size(mut self, bytes: usize) -> Self {
        self.transfer_size = bytes.max(32);
        self
    }

    /// Makes the context.
    ///
    /// # Errors
    /// [`Errno::Mfile`] if the first descriptors are already too many, [`Errno::Nomem`].
    pub fn build(self) -> Result<WasiContext, Errno> {
        let mut table = Table::new(self.descriptors);
        let platform = self.system.platform;
        let Streams {
            input,
            output,
            error,
        } = self.streams;
        table.insert(input.into_descriptor(platform))?;
        table.insert(output.into_descriptor(platform))?;
        table.insert(error.into_descriptor(platform))?;
        for descriptor in self.directories.into_iter().chain(self.listeners) {
            table.insert(descriptor)?;
        }
        let mut buffer = Vec::new();
        buffer.try_resize(self.transfer_size, 0)?;
        Ok(WasiContext {
            system: self.system,
            table,
            arguments: self.arguments,
            environment: self.environment,
            buffer,
        })
    }
}
