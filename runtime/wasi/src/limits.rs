//! Every limit of this crate, with its default.

/// Descriptors that a program may have open, unless its embedder says otherwise
/// (`CONFIG_THIMBLE_MAX_DESCRIPTORS`).
pub const DEFAULT_DESCRIPTORS: u32 = 64;

/// Bytes that pass between guest and system in one step, unless the embedder says
/// otherwise (`CONFIG_THIMBLE_TRANSFER_SIZE`). The buffer is kept for each program.
pub const DEFAULT_TRANSFER_SIZE: usize = 512;

/// The longest path in bytes, also after a symbolic link has put its target into it.
pub const MAXIMUM_PATH: usize = 4096;

/// Symbolic links followed on one path before it is taken for a loop.
pub const MAXIMUM_LINKS: u8 = 32;

/// Directories opened on the way along one path. A path that goes up and down in deep
/// directories would keep the system busy for a long time otherwise, and nothing could stop it.
pub const MAXIMUM_STEPS: u32 = 4096;

/// Buffers in one call; as the `IOV_MAX` of most systems.
pub const MAXIMUM_VECTORS: u32 = 1024;

/// Subscriptions in one `poll_oneoff`.
pub const MAXIMUM_SUBSCRIPTIONS: u32 = 256;
