//! Memory that runs out at any point: an error each time, and everything given back.
//!
//! A program of its own, so that nothing else allocates meanwhile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]
mod support;

use std::alloc::System;
use std::fs;

use cap::Cap;
use support::{CREAT, DIRECTORY, FILE, FOLLOW, READ, ROOT, Scratch, WRITE};
use thimble_platform::{
    Clock, Conditions, Console, DirectoryEntry, FileHandle, FileKind, Files, ListControl, Memory,
    Metadata, Mutexes, OpenOptions, Platform, Poll, PollEntry, PollOutcome, Random,
    Result as Answer, Sockets, Threads, TimeChange, WakeHandle, Wakes, WallClock,
};
use thimble_platform_host::Host;
use thimble_wasi::{Errno, Failure, GuestMemory, GuestPtr, WasiContext};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// The host with room for itself: what it allocates is not what is tried here.
struct Roomy(Host);

/// Does `call` without a limit, then limits as before, less what the call has kept.
fn roomy<T>(call: impl FnOnce() -> T) -> T {
    let (limit, before) = (ALLOCATOR.limit(), ALLOCATOR.allocated());
    ALLOCATOR.set_limit(usize::MAX).unwrap();
    let answer = call();
    let after = ALLOCATOR.allocated();
    ALLOCATOR
        .set_limit(limit.saturating_add(after).saturating_sub(before))
        .unwrap();
    answer
}

macro_rules! capabilities {
    ($($name:ident: $type:ident;)*) => {
        $(fn $name(&self) -> &dyn $type {
            Platform::$name(&self.0)
        })*
    };
}

impl Platform for Roomy {
    capabilities! {
        threads: Threads; mutexes: Mutexes; conditions: Conditions; clock: Clock; random: Random;
        console: Console; memory: Memory; wakes: Wakes;
    }

    fn poll(&self) -> &dyn Poll {
        self
    }

    fn wall_clock(&self) -> Option<&dyn WallClock> {
        self.0.wall_clock()
    }

    fn files(&self) -> Option<&dyn Files> {
        Some(self)
    }

    fn sockets(&self) -> Option<&dyn Sockets> {
        self.0.sockets()
    }
}

impl Poll for Roomy {
    fn poll(
        &self,
        entries: &mut [PollEntry],
        timeout: Option<u64>,
        wake: Option<WakeHandle>,
    ) -> Answer<PollOutcome> {
        roomy(|| Poll::poll(&self.0, entries, timeout, wake))
    }
}

macro_rules! calls {
    ($($name:ident($($parameter:ident: $type:ty),*) -> $answer:ty;)*) => {
        $(fn $name(&self, $($parameter: $type),*) -> Answer<$answer> {
            roomy(|| self.0.files().unwrap().$name($($parameter),*))
        })*
    };
}

impl Files for Roomy {
    calls! {
        open_root(path: &str) -> FileHandle;
        open_at(directory: FileHandle, name: &str, options: OpenOptions) -> (FileHandle, FileKind);
        duplicate(file: FileHandle) -> FileHandle;
        close(file: FileHandle) -> ();
        read_at(file: FileHandle, offset: u64, buffer: &mut [u8]) -> usize;
        write_at(file: FileHandle, offset: u64, data: &[u8]) -> usize;
        set_size(file: FileHandle, size: u64) -> ();
        sync(file: FileHandle, data_only: bool) -> ();
        metadata(file: FileHandle) -> Metadata;
        metadata_at(directory: FileHandle, name: &str) -> Metadata;
        set_times(file: FileHandle, accessed: TimeChange, modified: TimeChange) -> ();
        set_times_at(directory: FileHandle, name: &str, accessed: TimeChange, modified: TimeChange) -> ();
        list(directory: FileHandle, cookie: u64, visit: &mut dyn FnMut(DirectoryEntry<'_>) -> ListControl) -> bool;
        create_directory_at(directory: FileHandle, name: &str) -> ();
        remove_file_at(directory: FileHandle, name: &str) -> ();
        remove_directory_at(directory: FileHandle, name: &str) -> ();
        rename_at(directory: FileHandle, name: &str, to_directory: FileHandle, to_name: &str) -> ();
        link_at(directory: FileHandle, name: &str, to_directory: FileHandle, to_name: &str) -> ();
        symlink_at(target: &str, directory: FileHandle, name: &str) -> ();
        read_link_at(directory: FileHandle, name: &str, buffer: &mut [u8]) -> usize;
    }
}

const PATHS: [&[u8]; 5] = [
    b"link/nested/../file",
    b"new",
    b"dir",
    b"other",
    b"symbolic",
];

fn at<T>(address: u32) -> GuestPtr<T> {
    GuestPtr::new(address)
}

/// Where path `index` lies in the guest's memory, and its length.
fn path(index: usize) -> (GuestPtr<u8>, u32) {
    (
        GuestPtr::new(0x100 + index as u32 * 0x40),
        PATHS[index].len() as u32,
    )
}

/// A program's life with all that allocates in it.
fn scenario(host: &'static Roomy, root: &str, memory: &mut [u8]) -> Result<(), Failure> {
    let mut context = WasiContext::builder(host)
        .argument("program")?
        .variable("NAME", "value")?
        .directory(root, "/")?
        .build()?;
    let memory = &mut GuestMemory::new(memory);
    let (name, length) = path(0);
    context.path_open(memory, ROOT, FOLLOW, name, length, 0, FILE, 0, 0, at(0))?;
    let file = memory.load(at::<u32>(0))?;
    context.fd_read(memory, file, at(8), 1, at(0))?;
    let (name, length) = path(1);
    context.path_open(memory, ROOT, 0, name, length, CREAT, FILE, 0, 0, at(0))?;
    context.fd_write(memory, file, at(8), 1, at(0))?;
    let (name, length) = path(2);
    let rights = !(READ | WRITE);
    context.path_open(
        memory,
        ROOT,
        0,
        name,
        length,
        DIRECTORY,
        rights,
        rights,
        0,
        at(0),
    )?;
    let directory = memory.load(at::<u32>(0))?;
    context.fd_readdir(memory, directory, at(0x1000), 0x400, 0, at(0))?;
    let ((from, from_length), (to, to_length)) = (path(1), path(3));
    context.path_rename(memory, ROOT, from, from_length, ROOT, to, to_length)?;
    let (link, link_length) = path(4);
    context.path_symlink(memory, to, to_length, ROOT, link, link_length)?;
    context.path_readlink(memory, ROOT, link, link_length, at(0x1000), 64, at(0))?;
    context.path_filestat_get(memory, ROOT, FOLLOW, link, link_length, at(0x1000))?;
    context.poll_oneoff(memory, at(0x40), at(0x1000), 2, at(0))?;
    context.path_unlink_file(memory, ROOT, link, link_length)?;
    context.path_unlink_file(memory, ROOT, to, to_length)?;
    Ok(())
}

fn open_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

fn main() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path().join("dir/nested")).unwrap();
    fs::write(scratch.path().join("dir/file"), "content").unwrap();
    std::os::unix::fs::symlink("./dir", scratch.path().join("link")).unwrap();
    let root = scratch.path().to_str().unwrap();
    let mut memory = vec![0_u8; 0x2000];
    for (index, text) in PATHS.iter().enumerate() {
        memory[0x100 + index * 0x40..][..text.len()].copy_from_slice(text);
    }
    memory[8..12].copy_from_slice(&0x1000_u32.to_le_bytes());
    memory[12..16].copy_from_slice(&7_u32.to_le_bytes());
    memory[0x40..0x70].copy_from_slice(&support::clock_subscription(1, 1, 0, false));
    memory[0x70..0xa0].copy_from_slice(&support::fd_subscription(2, true, 1));
    let host: &'static Roomy = Box::leak(Box::new(Roomy(Host::new())));
    // Once with room, so that what the system below keeps for later is there.
    scenario(host, root, &mut memory).unwrap();
    let descriptors = open_descriptors();

    let mut room = 0;
    let mut failures = 0;
    loop {
        let before = ALLOCATOR.allocated();
        ALLOCATOR.set_limit(before + room).unwrap();
        let outcome = scenario(host, root, &mut memory);
        ALLOCATOR.set_limit(usize::MAX).unwrap();
        assert_eq!(
            ALLOCATOR.allocated(),
            before,
            "memory kept with {room} bytes of room"
        );
        assert_eq!(
            open_descriptors(),
            descriptors,
            "descriptors kept with {room} bytes of room"
        );
        for name in ["new", "other", "symbolic"] {
            let _ = fs::remove_file(scratch.path().join(name));
        }
        match outcome {
            Err(Failure::Errno(Errno::Nomem)) => failures += 1,
            Err(failure) => panic!("{failure} with {room} bytes of room"),
            Ok(()) => break,
        }
        room += 1;
    }
    assert!(failures > 500, "the scenario needs {failures} bytes only");
}
