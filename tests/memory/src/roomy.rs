//! The host platform with room for itself: what it allocates is not what is tried.

use thimble_platform::{
    Clock, Conditions, Console, DirectoryEntry, FileHandle, FileKind, Files, ListControl, Memory,
    Metadata, Mutexes, OpenOptions, Platform, Poll, Random, Result, Sockets, Threads, TimeChange,
    Wakes, WallClock,
};
use thimble_platform_host::Host;

use crate::allocator::undisturbed;

/// The host; allocations of its file system never fail.
#[derive(Debug)]
pub struct Roomy(pub Host);

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
        console: Console; memory: Memory; wakes: Wakes; poll: Poll;
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

macro_rules! calls {
    ($($name:ident($($parameter:ident: $type:ty),*) -> $answer:ty;)*) => {
        $(fn $name(&self, $($parameter: $type),*) -> Result<$answer> {
            undisturbed(|| self.0.files().expect("Linux has files").$name($($parameter),*))
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
