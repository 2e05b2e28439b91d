//! Limits of what guests may take, in one place.

/// What the instances of one store may take.
///
/// | limit | unit | default | Kconfig |
/// |---|---|---|---|
/// | `memory_bytes` | bytes, of all memories together | 4 GiB (1 GiB on 32 bits) | `THIMBLE_MAX_MEMORY` |
/// | `table_elements` | elements, of all tables together | 1,000,000 | `THIMBLE_MAX_TABLE` |
/// | `stack_cells` | cells of 4 bytes | 262,144 | `THIMBLE_STACK_CELLS` |
/// | `instances` | instances | 4,000 | `THIMBLE_MAX_INSTANCES` |
/// | `host_depth` | host functions under each other | 16 | `THIMBLE_MAX_HOST_DEPTH` |
/// | `backtrace_frames` | frames | 32 | `THIMBLE_BACKTRACE_FRAMES` |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The size that all memories of a store together do not grow beyond, in bytes.
    pub memory_bytes: u64,
    /// The size that all tables of a store together do not grow beyond, in elements.
    pub table_elements: u32,
    /// Cells of the stack that all calls of a store share.
    pub stack_cells: u32,
    /// Instances in a store.
    pub instances: u32,
    /// How many host functions may call back into a guest under each other:
    /// each takes the embedder's native stack.
    pub host_depth: u32,
    /// Frames that are noted of a trap.
    pub backtrace_frames: u32,
    /// Of a module, while it is decoded.
    pub module: thimble_wasm::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: if usize::BITS > 32 { 1 << 32 } else { 1 << 30 },
            table_elements: 1_000_000,
            stack_cells: 262_144,
            instances: 4_000,
            host_depth: 16,
            backtrace_frames: 32,
            module: thimble_wasm::Limits::default(),
        }
    }
}

/// The limits that a store needs: all but those of modules. The fields are as in
/// [`Limits`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoreLimits {
    pub memory_bytes: u64,
    pub table_elements: u32,
    pub stack_cells: u32,
    pub instances: u32,
    pub host_depth: u32,
    pub backtrace_frames: u32,
}

impl Limits {
    pub(crate) const fn of_store(&self) -> StoreLimits {
        StoreLimits {
            memory_bytes: self.memory_bytes,
            table_elements: self.table_elements,
            stack_cells: self.stack_cells,
            instances: self.instances,
            host_depth: self.host_depth,
            backtrace_frames: self.backtrace_frames,
        }
    }
}
