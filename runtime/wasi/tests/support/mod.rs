//! A guest for tests: a memory, a context, and each function as a guest's library would call it.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may run out of memory"
)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use thimble_platform_host::Host;
use thimble_wasi::{Errno, Failure, GuestMemory, GuestPtr, WasiContext, WasiContextBuilder};

/// The system of these tests.
pub fn host() -> &'static Host {
    Box::leak(Box::new(Host::new()))
}

/// A directory that is removed at the end of the test.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("thimble-wasi-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A program that has this directory as descriptor 3, called `/`.
    pub fn guest(&self) -> Guest {
        Guest::new(self.builder().build().unwrap())
    }

    pub fn builder(&self) -> WasiContextBuilder {
        WasiContext::builder(host())
            .directory(self.0.to_str().unwrap(), "/")
            .unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The descriptor of the first preopened directory.
pub const ROOT: u32 = 3;

pub const CREAT: u32 = 1;
pub const DIRECTORY: u32 = 2;
pub const EXCL: u32 = 4;
pub const TRUNC: u32 = 8;
pub const FOLLOW: u32 = 1;
pub const APPEND: u32 = 1;
pub const NONBLOCK: u32 = 4;
pub const READ: u64 = 1 << 1;
pub const SEEK: u64 = 1 << 2;
pub const WRITE: u64 = 1 << 6;
pub const ALL: u64 = (1 << 30) - 1;
/// What a C library asks for to read and write a file.
pub const FILE: u64 =
    READ | SEEK | WRITE | 1 << 5 | 1 << 3 | 1 << 8 | 1 << 21 | 1 << 22 | 1 << 23 | 1 << 27;

const PATH: u32 = 0x1000;
const OTHER_PATH: u32 = 0x3000;
const VECTOR: u32 = 0x100;
const RESULT: u32 = 0x80;
const BUFFER: u32 = 0x8000;

pub type Answer<T> = Result<T, Errno>;

pub struct Guest {
    pub context: WasiContext,
    pub memory: Vec<u8>,
}

/// The errno of a failure that a guest is told.
pub fn errno<T>(result: Result<T, Failure>) -> Answer<T> {
    result.map_err(|failure| match failure {
        Failure::Errno(errno) => errno,
        other => panic!("{other}"),
    })
}

pub struct Stat {
    pub device: u64,
    pub inode: u64,
    pub filetype: u8,
    pub links: u64,
    pub size: u64,
    pub accessed: u64,
    pub modified: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub next: u64,
    pub inode: u64,
    pub filetype: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    pub userdata: u64,
    pub error: u16,
    pub eventtype: u8,
    pub bytes: u64,
    pub flags: u16,
}

pub fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

impl Guest {
    pub fn new(context: WasiContext) -> Self {
        Guest {
            context,
            memory: vec![0; 0x10000],
        }
    }

    /// Calls a method of the context with this guest's memory.
    pub fn call<T>(
        &mut self,
        call: impl FnOnce(&mut WasiContext, &mut GuestMemory<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        call(&mut self.context, &mut GuestMemory::new(&mut self.memory))
    }

    pub fn put(&mut self, address: u32, bytes: &[u8]) {
        self.memory[address as usize..][..bytes.len()].copy_from_slice(bytes);
    }

    pub fn get(&self, address: u32, length: usize) -> &[u8] {
        &self.memory[address as usize..][..length]
    }

    pub fn u32_at(&self, address: u32) -> u32 {
        number(self.get(address, 4)) as u32
    }

    pub fn u64_at(&self, address: u32) -> u64 {
        number(self.get(address, 8))
    }

    fn path(&mut self, path: &str) -> (GuestPtr<u8>, u32) {
        self.put(PATH, path.as_bytes());
        (GuestPtr::new(PATH), path.len() as u32)
    }

    fn other_path(&mut self, path: &str) -> (GuestPtr<u8>, u32) {
        self.put(OTHER_PATH, path.as_bytes());
        (GuestPtr::new(OTHER_PATH), path.len() as u32)
    }

    pub fn open_with(
        &mut self,
        directory: u32,
        lookup: u32,
        path: &str,
        oflags: u32,
        rights: (u64, u64),
        fdflags: u32,
    ) -> Answer<u32> {
        let (path, length) = self.path(path);
        errno(self.call(|context, memory| {
            context.path_open(
                memory,
                directory,
                lookup,
                path,
                length,
                oflags,
                rights.0,
                rights.1,
                fdflags,
                GuestPtr::new(RESULT),
            )
        }))?;
        Ok(self.u32_at(RESULT))
    }

    /// Opens a file to read and write, following a link.
    pub fn open(&mut self, directory: u32, path: &str, oflags: u32) -> Answer<u32> {
        self.open_with(directory, FOLLOW, path, oflags, (FILE, 0), 0)
    }

    /// Opens a file to read, following a link.
    pub fn open_read(&mut self, directory: u32, path: &str) -> Answer<u32> {
        self.open_with(directory, FOLLOW, path, 0, (FILE & !WRITE, 0), 0)
    }

    /// Opens a directory with all that it can do.
    pub fn open_directory(&mut self, directory: u32, path: &str) -> Answer<u32> {
        self.open_with(
            directory,
            FOLLOW,
            path,
            DIRECTORY,
            (ALL & !(READ | WRITE), ALL),
            0,
        )
    }

    pub fn close(&mut self, fd: u32) -> Answer<()> {
        errno(self.call(|context, memory| context.fd_close(memory, fd)))
    }

    fn vector(&mut self, length: usize) {
        self.put(VECTOR, &BUFFER.to_le_bytes());
        self.put(VECTOR + 4, &(length as u32).to_le_bytes());
    }

    pub fn try_read(&mut self, fd: u32, length: usize) -> Result<Vec<u8>, Failure> {
        self.vector(length);
        self.call(|context, memory| {
            context.fd_read(memory, fd, GuestPtr::new(VECTOR), 1, GuestPtr::new(RESULT))
        })?;
        Ok(self.get(BUFFER, self.u32_at(RESULT) as usize).to_vec())
    }

    pub fn read(&mut self, fd: u32, length: usize) -> Answer<Vec<u8>> {
        errno(self.try_read(fd, length))
    }

    pub fn pread(&mut self, fd: u32, length: usize, offset: u64) -> Answer<Vec<u8>> {
        self.vector(length);
        errno(self.call(|context, memory| {
            context.fd_pread(
                memory,
                fd,
                GuestPtr::new(VECTOR),
                1,
                offset,
                GuestPtr::new(RESULT),
            )
        }))?;
        Ok(self.get(BUFFER, self.u32_at(RESULT) as usize).to_vec())
    }

    pub fn try_write(&mut self, fd: u32, bytes: &[u8]) -> Result<u32, Failure> {
        self.vector(bytes.len());
        self.put(BUFFER, bytes);
        self.call(|context, memory| {
            context.fd_write(memory, fd, GuestPtr::new(VECTOR), 1, GuestPtr::new(RESULT))
        })?;
        Ok(self.u32_at(RESULT))
    }

    pub fn write(&mut self, fd: u32, bytes: &[u8]) -> Answer<u32> {
        errno(self.try_write(fd, bytes))
    }

    pub fn pwrite(&mut self, fd: u32, bytes: &[u8], offset: u64) -> Answer<u32> {
        self.vector(bytes.len());
        self.put(BUFFER, bytes);
        errno(self.call(|context, memory| {
            context.fd_pwrite(
                memory,
                fd,
                GuestPtr::new(VECTOR),
                1,
                offset,
                GuestPtr::new(RESULT),
            )
        }))?;
        Ok(self.u32_at(RESULT))
    }

    pub fn seek(&mut self, fd: u32, offset: i64, whence: u32) -> Answer<u64> {
        errno(self.call(|context, memory| {
            context.fd_seek(memory, fd, offset, whence, GuestPtr::new(RESULT))
        }))?;
        Ok(self.u64_at(RESULT))
    }

    pub fn tell(&mut self, fd: u32) -> Answer<u64> {
        errno(self.call(|context, memory| context.fd_tell(memory, fd, GuestPtr::new(RESULT))))?;
        Ok(self.u64_at(RESULT))
    }

    pub fn renumber(&mut self, from: u32, to: u32) -> Answer<()> {
        errno(self.call(|context, memory| context.fd_renumber(memory, from, to)))
    }

    /// Filetype, flags, rights, inheriting rights.
    pub fn fdstat(&mut self, fd: u32) -> Answer<(u8, u16, u64, u64)> {
        errno(
            self.call(|context, memory| context.fd_fdstat_get(memory, fd, GuestPtr::new(RESULT))),
        )?;
        let bytes = self.get(RESULT, 24);
        Ok((
            bytes[0],
            number(&bytes[2..4]) as u16,
            number(&bytes[8..16]),
            number(&bytes[16..24]),
        ))
    }

    pub fn set_rights(&mut self, fd: u32, base: u64, inheriting: u64) -> Answer<()> {
        errno(
            self.call(|context, memory| context.fd_fdstat_set_rights(memory, fd, base, inheriting)),
        )
    }

    fn stat_at_result(&self) -> Stat {
        let field = |index: u32| self.u64_at(RESULT + index * 8);
        Stat {
            device: field(0),
            inode: field(1),
            filetype: self.get(RESULT + 16, 1)[0],
            links: field(3),
            size: field(4),
            accessed: field(5),
            modified: field(6),
        }
    }

    pub fn stat(&mut self, fd: u32) -> Answer<Stat> {
        errno(
            self.call(|context, memory| context.fd_filestat_get(memory, fd, GuestPtr::new(RESULT))),
        )?;
        Ok(self.stat_at_result())
    }

    pub fn path_stat(&mut self, fd: u32, lookup: u32, path: &str) -> Answer<Stat> {
        let (path, length) = self.path(path);
        errno(self.call(|context, memory| {
            context.path_filestat_get(memory, fd, lookup, path, length, GuestPtr::new(RESULT))
        }))?;
        Ok(self.stat_at_result())
    }

    pub fn set_times(&mut self, fd: u32, accessed: u64, modified: u64, flags: u32) -> Answer<()> {
        errno(self.call(|context, memory| {
            context.fd_filestat_set_times(memory, fd, accessed, modified, flags)
        }))
    }

    pub fn path_set_times(
        &mut self,
        fd: u32,
        lookup: u32,
        path: &str,
        accessed: u64,
        modified: u64,
        flags: u32,
    ) -> Answer<()> {
        let (path, length) = self.path(path);
        errno(self.call(|context, memory| {
            context.path_filestat_set_times(
                memory, fd, lookup, path, length, accessed, modified, flags,
            )
        }))
    }

    pub fn set_size(&mut self, fd: u32, size: u64) -> Answer<()> {
        errno(self.call(|context, memory| context.fd_filestat_set_size(memory, fd, size)))
    }

    pub fn create_directory(&mut self, fd: u32, path: &str) -> Answer<()> {
        let (path, length) = self.path(path);
        errno(self.call(|context, memory| context.path_create_directory(memory, fd, path, length)))
    }

    pub fn remove_directory(&mut self, fd: u32, path: &str) -> Answer<()> {
        let (path, length) = self.path(path);
        errno(self.call(|context, memory| context.path_remove_directory(memory, fd, path, length)))
    }

    pub fn unlink(&mut self, fd: u32, path: &str) -> Answer<()> {
        let (path, length) = self.path(path);
        errno(self.call(|context, memory| context.path_unlink_file(memory, fd, path, length)))
    }

    pub fn symlink(&mut self, target: &str, fd: u32, path: &str) -> Answer<()> {
        let (path, length) = self.path(path);
        let (target, target_length) = self.other_path(target);
        errno(self.call(|context, memory| {
            context.path_symlink(memory, target, target_length, fd, path, length)
        }))
    }

    pub fn readlink(&mut self, fd: u32, path: &str, room: u32) -> Answer<Vec<u8>> {
        let (path, length) = self.path(path);
        errno(self.call(|context, memory| {
            let buffer = GuestPtr::new(BUFFER);
            context.path_readlink(
                memory,
                fd,
                path,
                length,
                buffer,
                room,
                GuestPtr::new(RESULT),
            )
        }))?;
        Ok(self.get(BUFFER, self.u32_at(RESULT) as usize).to_vec())
    }

    pub fn link(&mut self, fd: u32, lookup: u32, from: &str, to_fd: u32, to: &str) -> Answer<()> {
        let (from, from_length) = self.path(from);
        let (to, to_length) = self.other_path(to);
        errno(self.call(|context, memory| {
            context.path_link(memory, fd, lookup, from, from_length, to_fd, to, to_length)
        }))
    }

    pub fn rename(&mut self, fd: u32, from: &str, to_fd: u32, to: &str) -> Answer<()> {
        let (from, from_length) = self.path(from);
        let (to, to_length) = self.other_path(to);
        errno(self.call(|context, memory| {
            context.path_rename(memory, fd, from, from_length, to_fd, to, to_length)
        }))
    }

    /// One call of `fd_readdir`: the bytes it stored.
    pub fn readdir(&mut self, fd: u32, room: u32, cookie: u64) -> Answer<Vec<u8>> {
        self.memory[BUFFER as usize..][..room as usize].fill(0xee);
        errno(self.call(|context, memory| {
            context.fd_readdir(
                memory,
                fd,
                GuestPtr::new(BUFFER),
                room,
                cookie,
                GuestPtr::new(RESULT),
            )
        }))?;
        Ok(self.get(BUFFER, self.u32_at(RESULT) as usize).to_vec())
    }

    /// All entries of a directory, as a C library reads them with a buffer of `room` bytes:
    /// from the last whole entry on, with a larger buffer if not one fits.
    pub fn list(&mut self, fd: u32, mut room: u32) -> Answer<Vec<Entry>> {
        let mut all: Vec<Entry> = Vec::new();
        let mut cookie = 0;
        loop {
            let bytes = self.readdir(fd, room, cookie)?;
            assert!(bytes.len() <= room as usize);
            let entries = entries(&bytes);
            let ended = bytes.len() < room as usize;
            match entries.last() {
                Some(last) => cookie = last.next,
                None if ended => return Ok(all),
                None => room *= 2,
            }
            all.extend(entries);
            if ended {
                return Ok(all);
            }
        }
    }

    pub fn poll(&mut self, subscriptions: &[[u8; 48]]) -> Result<Vec<Happened>, Failure> {
        for (index, subscription) in subscriptions.iter().enumerate() {
            self.put(0x4000 + index as u32 * 48, subscription);
        }
        let count = subscriptions.len() as u32;
        self.call(|context, memory| {
            let (from, to) = (GuestPtr::new(0x4000), GuestPtr::new(0x6000));
            context.poll_oneoff(memory, from, to, count, GuestPtr::new(RESULT))
        })?;
        let happened = |index: u32| {
            let event = self.get(0x6000 + index * 32, 32);
            Happened {
                userdata: number(&event[0..8]),
                error: number(&event[8..10]) as u16,
                eventtype: event[10],
                bytes: number(&event[16..24]),
                flags: number(&event[24..26]) as u16,
            }
        };
        Ok((0..self.u32_at(RESULT)).map(happened).collect())
    }

    pub fn time(&mut self, clock: u32) -> Answer<u64> {
        errno(self.call(|context, memory| {
            context.clock_time_get(memory, clock, 0, GuestPtr::new(RESULT))
        }))?;
        Ok(self.u64_at(RESULT))
    }
}

/// The whole entries at the start of `bytes`.
pub fn entries(mut bytes: &[u8]) -> Vec<Entry> {
    let mut all = Vec::new();
    while bytes.len() >= 24 {
        let length = number(&bytes[16..20]) as usize;
        let Some(name) = bytes.get(24..24 + length) else {
            break;
        };
        all.push(Entry {
            name: String::from_utf8(name.to_vec()).unwrap(),
            next: number(&bytes[0..8]),
            inode: number(&bytes[8..16]),
            filetype: bytes[20],
        });
        bytes = &bytes[24 + length..];
    }
    all
}

pub fn clock_subscription(userdata: u64, clock: u32, timeout: u64, absolute: bool) -> [u8; 48] {
    let mut bytes = [0; 48];
    bytes[0..8].copy_from_slice(&userdata.to_le_bytes());
    bytes[16..20].copy_from_slice(&clock.to_le_bytes());
    bytes[24..32].copy_from_slice(&timeout.to_le_bytes());
    bytes[40] = u8::from(absolute);
    bytes
}

pub fn fd_subscription(userdata: u64, write: bool, fd: u32) -> [u8; 48] {
    let mut bytes = [0; 48];
    bytes[0..8].copy_from_slice(&userdata.to_le_bytes());
    bytes[8] = 1 + u8::from(write);
    bytes[16..20].copy_from_slice(&fd.to_le_bytes());
    bytes
}
