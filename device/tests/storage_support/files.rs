//! Files that fail and lose power, over the host's.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard};

use thimble_platform::{
    Clock, Conditions, Console, DirectoryEntry, Error, ErrorKind, FileHandle, FileKind, Files,
    ListControl, Memory, Metadata, Mutexes, OpenOptions, Platform, Poll, Random, Result, Threads,
    TimeChange, Wakes,
};
use thimble_platform_host::Host;

use super::nor::Effect;

/// A directory of the host's, until it is dropped.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("thimble-storage-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// The path of the directory `wasm` in it, which is not made.
    pub fn programs(&self) -> &'static str {
        self.file("").trim_end_matches('/')
    }

    /// The path of a file in the directory of programs.
    pub fn file(&self, name: &str) -> &'static str {
        let path = self.0.join("wasm").join(name);
        path.into_os_string().into_string().unwrap().leak()
    }

    /// The names of the files of programs, in order.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.programs()).unwrap();
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<_> = entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

/// Files of the host's, whose changes are counted and can be cut.
///
/// What is written is on the medium at once: an order in which it comes there other than
/// that of the calls is not simulated.
pub struct Medium {
    host: Host,
    /// Whether replacing a file takes two steps.
    two_steps: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    changes: u32,
    /// The change to fail.
    fail_at: Option<(u32, Effect)>,
    /// What it fails with.
    kind: Option<ErrorKind>,
    /// Whether power is lost with it.
    cut: bool,
    off: bool,
}

impl Medium {
    pub fn new(two_steps: bool) -> &'static Self {
        Box::leak(Box::new(Self {
            host: Host::new(),
            two_steps,
            state: Mutex::default(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn below(&self) -> &dyn Files {
        self.host.files().unwrap()
    }

    /// Power is lost during the change with this number, counted from 0.
    pub fn cut_at(&self, number: u32, effect: Effect) {
        self.fail_at(number, effect, ErrorKind::Io);
        self.state().cut = true;
    }

    /// The change with this number, counted from 0, fails.
    pub fn fail_at(&self, number: u32, effect: Effect, kind: ErrorKind) {
        *self.state() = State {
            fail_at: Some((number, effect)),
            kind: Some(kind),
            ..State::default()
        };
    }

    /// From now on nothing can be read or written.
    pub fn remove(&self) {
        self.state().off = true;
    }

    /// Power is back, and nothing fails. Returns whether something has failed.
    pub fn restart(&self) -> bool {
        let state = std::mem::take(&mut *self.state());
        state.fail_at.is_some_and(|(at, _)| state.changes > at)
    }

    /// Whether the medium is there.
    fn there(&self) -> Result<&dyn Files> {
        if self.state().off {
            return Err(Error::new(ErrorKind::Io));
        }
        Ok(self.below())
    }

    /// Counts a change, of which `half` is what an interrupted one does.
    fn change<T>(
        &self,
        whole: &dyn Fn(&dyn Files) -> Result<T>,
        half: &dyn Fn(&dyn Files),
    ) -> Result<T> {
        let below = self.there()?;
        let failing = {
            let mut state = self.state();
            let number = state.changes;
            state.changes += 1;
            let failing = state.fail_at.filter(|(at, _)| *at == number);
            state.off |= failing.is_some() && state.cut;
            failing.and_then(|(_, effect)| Some((effect, state.kind?)))
        };
        let Some((effect, kind)) = failing else {
            return whole(below);
        };
        match effect {
            Effect::None => {}
            Effect::Half | Effect::Garbage => half(below),
            Effect::All => drop(whole(below)),
        }
        Err(Error::new(kind))
    }
}

impl Files for Medium {
    fn open_root(&self, path: &str) -> Result<FileHandle> {
        self.there()?.open_root(path)
    }

    fn open_at(
        &self,
        directory: FileHandle,
        name: &str,
        options: OpenOptions,
    ) -> Result<(FileHandle, FileKind)> {
        if !options.write {
            return self.there()?.open_at(directory, name, options);
        }
        self.change(&|below| below.open_at(directory, name, options), &|_| ())
    }

    fn duplicate(&self, file: FileHandle) -> Result<FileHandle> {
        self.there()?.duplicate(file)
    }

    fn close(&self, file: FileHandle) -> Result<()> {
        self.below().close(file)
    }

    fn read_at(&self, file: FileHandle, offset: u64, buffer: &mut [u8]) -> Result<usize> {
        self.there()?.read_at(file, offset, buffer)
    }

    fn write_at(&self, file: FileHandle, offset: u64, data: &[u8]) -> Result<usize> {
        self.change(&|below| below.write_at(file, offset, data), &|below| {
            below
                .write_at(file, offset, &data[..data.len() / 2])
                .unwrap();
        })
    }

    fn set_size(&self, file: FileHandle, size: u64) -> Result<()> {
        self.there()?.set_size(file, size)
    }

    fn sync(&self, _: FileHandle, _: bool) -> Result<()> {
        // What is written is on the medium: the host's may take its time.
        self.change(&|_| Ok(()), &|_| ())
    }

    fn metadata(&self, file: FileHandle) -> Result<Metadata> {
        self.there()?.metadata(file)
    }

    fn metadata_at(&self, directory: FileHandle, name: &str) -> Result<Metadata> {
        self.there()?.metadata_at(directory, name)
    }

    fn set_times(
        &self,
        file: FileHandle,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<()> {
        self.there()?.set_times(file, accessed, modified)
    }

    fn set_times_at(
        &self,
        directory: FileHandle,
        name: &str,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<()> {
        self.there()?
            .set_times_at(directory, name, accessed, modified)
    }

    fn list(
        &self,
        directory: FileHandle,
        cookie: u64,
        visit: &mut dyn FnMut(DirectoryEntry<'_>) -> ListControl,
    ) -> Result<bool> {
        self.there()?.list(directory, cookie, visit)
    }

    fn create_directory_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        self.change(&|below| below.create_directory_at(directory, name), &|_| ())
    }

    fn remove_file_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        self.change(&|below| below.remove_file_at(directory, name), &|_| ())
    }

    fn remove_directory_at(&self, directory: FileHandle, name: &str) -> Result<()> {
        self.there()?.remove_directory_at(directory, name)
    }

    fn rename_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()> {
        if self.two_steps {
            match self.remove_file_at(to_directory, to_name) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        let rename = |below: &dyn Files| below.rename_at(directory, name, to_directory, to_name);
        self.change(&rename, &|_| ())
    }

    fn link_at(
        &self,
        directory: FileHandle,
        name: &str,
        to_directory: FileHandle,
        to_name: &str,
    ) -> Result<()> {
        self.there()?
            .link_at(directory, name, to_directory, to_name)
    }

    fn symlink_at(&self, target: &str, directory: FileHandle, name: &str) -> Result<()> {
        self.there()?.symlink_at(target, directory, name)
    }

    fn read_link_at(&self, directory: FileHandle, name: &str, buffer: &mut [u8]) -> Result<usize> {
        self.there()?.read_link_at(directory, name, buffer)
    }
}

impl Platform for Medium {
    fn threads(&self) -> &dyn Threads {
        self.host.threads()
    }

    fn mutexes(&self) -> &dyn Mutexes {
        self.host.mutexes()
    }

    fn conditions(&self) -> &dyn Conditions {
        Platform::conditions(&self.host)
    }

    fn clock(&self) -> &dyn Clock {
        self.host.clock()
    }

    fn random(&self) -> &dyn Random {
        self.host.random()
    }

    fn console(&self) -> &dyn Console {
        self.host.console()
    }

    fn memory(&self) -> &dyn Memory {
        self.host.memory()
    }

    fn wakes(&self) -> &dyn Wakes {
        self.host.wakes()
    }

    fn poll(&self) -> &dyn Poll {
        Platform::poll(&self.host)
    }

    fn files(&self) -> Option<&dyn Files> {
        Some(self)
    }
}
