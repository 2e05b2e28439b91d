//! The structures and numbers of the C form, as in `thimble_platform.h`.
//!
//! For shims that are written in Rust; C has the header.

use core::ffi::{c_char, c_void};

/// The version of the C form, which a shim returns from
/// `thimble_platform_version`.
pub const VERSION: u32 = 1;

/// The system has a wall clock.
pub const HAS_WALL_CLOCK: u32 = 1;
/// The system has files.
pub const HAS_FILES: u32 = 2;
/// The system has stream sockets.
pub const HAS_SOCKETS: u32 = 4;

/// A timeout without end.
pub const FOREVER: u64 = u64::MAX;

/// `thimble_platform_condition_wait`: notified, or no reason at all.
pub const WAIT_NOTIFIED: i32 = 0;
/// `thimble_platform_condition_wait`: the timeout is over.
pub const WAIT_TIMED_OUT: i32 = 1;

/// `thimble_platform_poll`: an entry is ready or has failed.
pub const POLL_READY: i32 = 0;
/// `thimble_platform_poll`: the timeout is over.
pub const POLL_TIMED_OUT: i32 = 1;
/// `thimble_platform_poll`: the wake object is set.
pub const POLL_WOKEN: i32 = 2;

/// [`PollEntry::target`]: a console stream.
pub const TARGET_STREAM: u8 = 0;
/// [`PollEntry::target`]: a file.
pub const TARGET_FILE: u8 = 1;
/// [`PollEntry::target`]: a socket.
pub const TARGET_SOCKET: u8 = 2;

/// [`PollEntry::interest`]: to read or to accept.
pub const INTEREST_READ: u8 = 0;
/// [`PollEntry::interest`]: to write.
pub const INTEREST_WRITE: u8 = 1;

/// [`PollEntry::state`]: the call would block.
pub const STATE_NOT_READY: u8 = 0;
/// [`PollEntry::state`]: the call would not block.
pub const STATE_READY: u8 = 1;
/// [`PollEntry::state`]: ready, and the other side is gone.
pub const STATE_HANGUP: u8 = 2;
/// [`PollEntry::state`]: the target is in error; [`PollEntry::error`] says
/// which.
pub const STATE_FAILED: u8 = 3;

/// Open to read.
pub const OPEN_READ: u32 = 1;
/// Open to write.
pub const OPEN_WRITE: u32 = 2;
/// Make an empty regular file if there is nothing.
pub const OPEN_CREATE: u32 = 4;
/// With [`OPEN_CREATE`]: refuse whatever is there.
pub const OPEN_EXCLUSIVE: u32 = 8;
/// With [`OPEN_WRITE`]: cut to length 0.
pub const OPEN_TRUNCATE: u32 = 16;
/// Only a directory will do.
pub const OPEN_DIRECTORY: u32 = 32;

/// [`TimeChange::how`]: leave the time.
pub const TIME_KEEP: u8 = 0;
/// [`TimeChange::how`]: the time of the call.
pub const TIME_NOW: u8 = 1;
/// [`TimeChange::how`]: [`TimeChange::time`].
pub const TIME_AT: u8 = 2;

/// `thimble_platform_socket_shutdown`: no more is received.
pub const SHUTDOWN_READ: u8 = 0;
/// `thimble_platform_socket_shutdown`: no more is sent.
pub const SHUTDOWN_WRITE: u8 = 1;
/// `thimble_platform_socket_shutdown`: both.
pub const SHUTDOWN_BOTH: u8 = 2;

/// `struct thimble_platform_thread_options`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ThreadOptions {
    /// Bytes of stack.
    pub stack_size: usize,
    /// A name for people, ended by NUL.
    pub name: *const c_char,
    /// The priority, if `has_priority`.
    pub priority: i32,
    /// 1 to take `priority`, 0 to take the creating thread's.
    pub has_priority: u8,
}

/// What a thread runs.
pub type ThreadEntry = unsafe extern "C" fn(argument: *mut c_void);

/// `struct thimble_platform_poll_entry`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct PollEntry {
    /// Answer: bytes that can be read or written, 0 if not known.
    pub bytes: u64,
    /// The stream, file or socket.
    pub handle: usize,
    /// Answer: a negative status, if `state` is failed.
    pub error: i32,
    /// One of `TARGET_…`.
    pub target: u8,
    /// One of `INTEREST_…`.
    pub interest: u8,
    /// Answer: one of `STATE_…`.
    pub state: u8,
}

/// `struct thimble_platform_metadata`.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct Metadata {
    /// Length in bytes.
    pub size: u64,
    /// How many names.
    pub links: u64,
    /// Number within `device`.
    pub inode: u64,
    /// The file system.
    pub device: u64,
    /// Last read, nanoseconds since 1970.
    pub accessed: u64,
    /// Last written, likewise.
    pub modified: u64,
    /// Last change of this record, likewise.
    pub changed: u64,
    /// A number of [`FileKind`](thimble_platform::FileKind).
    pub kind: u8,
}

/// `struct thimble_platform_time_change`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct TimeChange {
    /// Nanoseconds since 1970, if `how` says so.
    pub time: u64,
    /// One of `TIME_…`.
    pub how: u8,
}

/// `struct thimble_platform_directory_entry`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct DirectoryEntry {
    /// Number of the object, 0 if not known.
    pub inode: u64,
    /// Where a later listing goes on.
    pub next: u64,
    /// The name, not ended by anything.
    pub name: *const u8,
    /// Bytes of the name.
    pub name_length: usize,
    /// A number of [`FileKind`](thimble_platform::FileKind).
    pub kind: u8,
}

/// Whom to show an entry; returns 1 for more, 0 to stop.
pub type Visit = unsafe extern "C" fn(context: *mut c_void, entry: *const DirectoryEntry) -> i32;

/// `struct thimble_platform_address`.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct Address {
    /// IPv6 only: flow information.
    pub flow: u32,
    /// IPv6 only: scope.
    pub scope: u32,
    /// The port, in the machine's byte order.
    pub port: u16,
    /// 4 or 6.
    pub family: u8,
    /// The address, first byte first; IPv4 takes four.
    pub bytes: [u8; 16],
}
