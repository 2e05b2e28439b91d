//! What is asked for when a program is started.

use super::StartError;
use super::text::Texts;
use crate::device::{Settings, Streams};

// Kinds of texts.
const PROGRAM: char = 'P';
const ARGUMENT: char = 'A';
const VARIABLE: char = 'V';
const DIRECTORY: char = 'D';
const LISTENER: char = 'L';
const INSTALL: char = 'I';
#[cfg(all(feature = "translate", feature = "files"))]
const IMAGE: char = 'T';
#[cfg(all(feature = "translate", feature = "files"))]
const NEW_IMAGE: char = 'N';

/// What to do with a program.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Job {
    #[default]
    Run,
    /// Say what it consists of.
    Describe,
    /// Install it by another name.
    Install,
    /// Translate it to a file.
    #[cfg(all(feature = "translate", feature = "files"))]
    Compile,
}

/// What to start. Texts are copied, so that it can go to a thread; whatever is not
/// asked for is as the device's [`Settings`] say.
#[derive(Debug, Default)]
pub struct Request {
    texts: Texts,
    pub(super) job: Job,
    pub(super) fuel: Option<u64>,
    pub(super) timeout: Option<u64>,
    memory: Option<u64>,
    thread_stack: usize,
    pub(super) priority: Option<i32>,
    pub(super) streams: Option<Streams>,
}

impl Request {
    /// A request for nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the program: a file if there is a `/` in it, else a program of the
    /// firmware, else an installed one. It is the program's first argument too.
    ///
    /// # Errors
    /// [`StartError::Text`] with a NUL in it, [`StartError::OutOfMemory`].
    pub fn program(&mut self, program: &str) -> Result<(), StartError> {
        self.texts.push(PROGRAM, &[program])
    }

    /// Appends an argument.
    ///
    /// # Errors
    /// As [`program`](Self::program).
    pub fn argument(&mut self, argument: &str) -> Result<(), StartError> {
        self.texts.push(ARGUMENT, &[argument])
    }

    /// Appends a variable to the environment.
    ///
    /// # Errors
    /// [`StartError::Text`] also for a name that is empty or has a `=` in it.
    pub fn variable(&mut self, name: &str, value: &str) -> Result<(), StartError> {
        if name.is_empty() || name.contains('=') {
            return Err(StartError::Text);
        }
        self.texts.push(VARIABLE, &[name, "=", value])
    }

    /// Gives the program a directory of the system below by a name of its own: the
    /// first is descriptor 3.
    ///
    /// # Errors
    /// As [`program`](Self::program).
    pub fn directory(&mut self, path: &str, name: &str) -> Result<(), StartError> {
        self.texts.push(DIRECTORY, &[path])?;
        self.texts.push(DIRECTORY, &[name])
    }

    /// Gives the program a socket that listens: its descriptor follows those of the
    /// directories.
    ///
    /// # Errors
    /// [`StartError::Text`] for what is not an address with a port;
    /// [`StartError::OutOfMemory`].
    pub fn listener(&mut self, address: &str) -> Result<(), StartError> {
        // Without sockets it fails later, whatever the address.
        if cfg!(feature = "sockets") && address.parse::<core::net::SocketAddr>().is_err() {
            return Err(StartError::Text);
        }
        self.texts.push(LISTENER, &[address])
    }

    /// Ends the program after so many calls and backward branches.
    pub const fn fuel(&mut self, fuel: u64) {
        self.fuel = Some(fuel);
    }

    /// Stops the program after a time in nanoseconds.
    pub const fn timeout(&mut self, time: u64) {
        self.timeout = Some(time);
    }

    /// Lets the memories of the program together not grow beyond this, in bytes, if
    /// that is less than what the settings allow.
    pub const fn memory(&mut self, bytes: u64) {
        self.memory = Some(bytes);
    }

    /// The native stack of the program's thread in bytes, if that is more than what
    /// the settings give: less might not be enough.
    pub const fn thread_stack(&mut self, bytes: usize) {
        self.thread_stack = bytes;
    }

    /// The priority of the program's thread, one of those that the settings allow.
    pub const fn priority(&mut self, priority: i32) {
        self.priority = Some(priority);
    }

    /// The program's standard streams, which are closed at its end by
    /// [`Device::close_streams`](crate::Device::close_streams). Without, they are
    /// those of the console, and its input is at its end.
    pub const fn streams(&mut self, streams: Streams) {
        self.streams = Some(streams);
    }

    /// Says what the program consists of, on its standard output, instead of
    /// running it.
    pub const fn describe(&mut self) {
        self.job = Job::Describe;
    }

    /// Installs the program by this name instead of running it.
    ///
    /// # Errors
    /// As [`program`](Self::program).
    pub fn install(&mut self, name: &str) -> Result<(), StartError> {
        self.job = Job::Install;
        self.texts.push(INSTALL, &[name])
    }

    /// Translates a program, as named by [`program`](Self::program), to an image in the
    /// file `image` instead of running it. Without `image`, the file is called as that of
    /// the program, with the ending `.thm`. A file of the same name with the ending `.new`
    /// is what is written first.
    ///
    /// # Errors
    /// [`StartError::Text`] also when there is no name for the file, when it is that of the
    /// program, or ends with `.new`; [`StartError::OutOfMemory`].
    #[cfg(all(feature = "translate", feature = "files"))]
    pub fn compile(&mut self, program: &str, image: Option<&str>) -> Result<(), StartError> {
        self.job = Job::Compile;
        self.program(program)?;
        match image {
            Some(image) => self.texts.push(IMAGE, &[image])?,
            // A program without a file has no directory.
            None if !program.contains('/') => return Err(StartError::Text),
            None => self.texts.push(IMAGE, &[stem(program), ".thm"])?,
        }
        let stem = stem(image.unwrap_or(program));
        self.texts.push(NEW_IMAGE, &[stem, ".new"])?;
        let image = self.image();
        let is_name = !image.is_empty() && !image.ends_with('/');
        if !is_name || image == program || image == self.new_image() {
            return Err(StartError::Text);
        }
        Ok(())
    }

    /// The file that the image goes to.
    #[cfg(all(feature = "translate", feature = "files"))]
    pub(super) fn image(&self) -> &str {
        self.texts.iter(IMAGE).last().unwrap_or_default()
    }

    /// The file that has the image until it is whole.
    #[cfg(all(feature = "translate", feature = "files"))]
    pub(super) fn new_image(&self) -> &str {
        self.texts.iter(NEW_IMAGE).last().unwrap_or_default()
    }

    /// What the program was called by.
    pub(super) fn name(&self) -> &str {
        self.texts.iter(PROGRAM).last().unwrap_or_default()
    }

    /// What it is to be installed as.
    pub(super) fn new_name(&self) -> &str {
        self.texts.iter(INSTALL).last().unwrap_or_default()
    }

    /// Without the program.
    pub(super) fn arguments(&self) -> impl Iterator<Item = &str> {
        self.texts.iter(ARGUMENT)
    }

    /// Each as NAME=VALUE.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.texts.iter(VARIABLE)
    }

    /// Each as a path of the system below, then a name for the program.
    pub(super) fn directories(&self) -> impl Iterator<Item = &str> {
        self.texts.iter(DIRECTORY)
    }

    /// Addresses with ports.
    pub(super) fn listeners(&self) -> impl Iterator<Item = &str> {
        self.texts.iter(LISTENER)
    }

    pub(super) fn memory_limit(&self, settings: &Settings) -> u64 {
        self.memory
            .map_or(settings.memory, |bytes| bytes.min(settings.memory))
    }

    pub(super) fn stack_size(&self, settings: &Settings) -> usize {
        self.thread_stack.max(settings.thread_stack)
    }

    /// Checks what can be checked before there is a thread.
    pub(super) fn check(&self, settings: &Settings) -> Result<(), StartError> {
        if let Some(priority) = self.priority {
            let allowed = settings.priorities.is_some_and(|(least, greatest)| {
                (least..=greatest).contains(&priority) || (greatest..=least).contains(&priority)
            });
            if !allowed {
                return Err(StartError::Priority);
            }
        }
        if self.directories().count() / 2 > settings.directories {
            return Err(StartError::TooManyDirectories);
        }
        Ok(())
    }
}

/// A path without the ending of its last name.
#[cfg(all(feature = "translate", feature = "files"))]
fn stem(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') && !matches!(stem, "" | "." | "..") => {
            if stem.ends_with('/') { path } else { stem }
        }
        _ => path,
    }
}
