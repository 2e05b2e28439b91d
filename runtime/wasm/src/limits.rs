//! Bounds on what a module may ask of the machine that loads it.
//!
//! A module within them may still need more memory than there is; that is an
//! error too, of its own kind. Bounds keep the work and the memory that a small
//! stranger can cause in proportion.

/// The bounds, each with its unit and the name of its Kconfig option. The
/// defaults let toolchains' programs of some megabytes pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Function types. `THIMBLE_MAX_TYPES`.
    ///
    /// A type index is kept in 16 bits: more than 65,535 are refused whatever
    /// this says.
    pub types: u32,
    /// Parameters of a function type, and likewise results.
    /// `THIMBLE_MAX_PARAMS`.
    pub params: u32,
    /// Imports. `THIMBLE_MAX_IMPORTS`.
    pub imports: u32,
    /// Functions, imported ones included. `THIMBLE_MAX_FUNCTIONS`.
    pub functions: u32,
    /// Tables, imported ones included. `THIMBLE_MAX_TABLES`.
    pub tables: u32,
    /// Memories, imported ones included. `THIMBLE_MAX_MEMORIES`.
    pub memories: u32,
    /// Globals, imported ones included. `THIMBLE_MAX_GLOBALS`.
    ///
    /// Those that a module defines share 16,383 cells of 32 bits whatever this
    /// says: a translator's limit.
    pub globals: u32,
    /// Exports. `THIMBLE_MAX_EXPORTS`.
    pub exports: u32,
    /// Element segments. `THIMBLE_MAX_ELEMENT_SEGMENTS`.
    pub element_segments: u32,
    /// Elements of one element segment. `THIMBLE_MAX_ELEMENTS`.
    pub elements: u32,
    /// Data segments. `THIMBLE_MAX_DATA_SEGMENTS`.
    pub data_segments: u32,
    /// Name of an import or export, in bytes of UTF-8. `THIMBLE_MAX_NAME_LENGTH`.
    pub name_length: u32,
    /// Body of one function, in bytes. `THIMBLE_MAX_FUNCTION_SIZE`.
    pub function_size: u32,
    /// Locals of one function, parameters included. `THIMBLE_MAX_LOCALS`.
    ///
    /// A function's frame (parameters, locals, operands) has at most 16,383 cells
    /// of 32 bits whatever this says: a translator's limit.
    pub locals: u32,
    /// Locals of all functions together, which bounds the work they cause: a
    /// byte or two declare tens of thousands. `THIMBLE_MAX_MODULE_LOCALS`.
    pub module_locals: u32,
    /// Labels of one `br_table`, without the default. `THIMBLE_MAX_BRANCH_TARGETS`.
    pub branch_targets: u32,
    /// Blocks open at once in one function. `THIMBLE_MAX_BLOCK_DEPTH`.
    pub block_depth: u32,
    /// Operands on the stack at once in one function. `THIMBLE_MAX_OPERANDS`.
    pub operands: u32,
}

impl Limits {
    /// The default of each bound.
    pub const DEFAULT: Self = Self {
        types: 65_535,
        params: 1_000,
        imports: 16_384,
        functions: 262_144,
        tables: 128,
        memories: 128,
        globals: 65_536,
        exports: 16_384,
        element_segments: 16_384,
        elements: 1_048_576,
        data_segments: 65_536,
        name_length: 4_096,
        function_size: 8_388_608,
        locals: 50_000,
        module_locals: 20_000_000,
        branch_targets: 65_536,
        block_depth: 65_536,
        operands: 1_048_576,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
