//! The messages of decoder and validator: each stands here once.
//!
//! Where the specification's test suite expects some words, the message begins
//! with them.

use crate::error::{ErrorKind, Failure};

/// A failure inside the decoder: the reader knows the offset.
pub(crate) type Fault = Failure;

macro_rules! faults {
    ($($kind:ident { $($name:ident $message:literal)* })*) => {
        $($(
            pub(crate) const $name: Fault = Failure::new(&(ErrorKind::$kind, $message));
        )*)*
    };
}

faults! {
Malformed {
    MAGIC "magic header not detected"
    VERSION "unknown binary version"
    UNEXPECTED_END "unexpected end"
    END_OF_SECTION "unexpected end of section or function"
    TOO_LONG "integer representation too long"
    TOO_LARGE "integer too large"
    LENGTH "length out of bounds"
    UTF8 "malformed UTF-8 encoding"
    SECTION_ID "malformed section id"
    SECTION_ORDER "unexpected content after last section"
    SECTION_SIZE "section size mismatch"
    CODE_COUNT "function and code section have inconsistent lengths"
    DATA_COUNT "data count and data section have inconsistent lengths"
    NO_DATA_COUNT "data count section required"
    FUNCTION_FORM "malformed functype: 0x60 expected"
    VALUE_TYPE "malformed value type"
    REFERENCE_TYPE "malformed reference type"
    IMPORT_KIND "malformed import kind"
    EXPORT_KIND "malformed export kind"
    ELEMENT_KIND "malformed element kind"
    ELEMENT_FLAGS "malformed elements segment kind"
    DATA_FLAGS "malformed data segment kind"
    MUTABILITY "malformed mutability"
    LIMITS_FLAGS "malformed limits flags"
    PAGE_SIZE_LOG2 "invalid custom page size"
    BLOCK_TYPE "malformed block type"
    MEMORY_FLAGS "malformed memop flags"
    OPCODE "illegal opcode"
    END_EXPECTED "END opcode expected"
    TOO_MANY_LOCALS "too many locals"
}
Invalid {
    TYPE_MISMATCH "type mismatch"
    UNKNOWN_TYPE "unknown type"
    UNKNOWN_FUNCTION "unknown function"
    UNKNOWN_TABLE "unknown table"
    UNKNOWN_MEMORY "unknown memory"
    UNKNOWN_GLOBAL "unknown global"
    UNKNOWN_LOCAL "unknown local"
    UNKNOWN_LABEL "unknown label"
    UNKNOWN_DATA "unknown data segment"
    UNKNOWN_ELEMENT "unknown elem segment"
    LIMITS_ORDER "size minimum must not be greater than maximum"
    MEMORY_SIZE "memory size must be at most 65536 pages (4GiB)"
    PAGE_SIZE "invalid custom page size"
    ALIGNMENT "alignment must not be larger than natural"
    IMMUTABLE "global is immutable"
    NOT_CONSTANT "constant expression required"
    UNDECLARED "undeclared function reference"
    DUPLICATE_EXPORT "duplicate export name"
    START_TYPE "start function must take and return nothing"
    SELECT_ARITY "invalid result arity"
}
Limit {
    LIMIT_TYPES "too many function types"
    LIMIT_PARAMS "too many parameters or results"
    LIMIT_IMPORTS "too many imports"
    LIMIT_FUNCTIONS "too many functions"
    LIMIT_TABLES "too many tables"
    LIMIT_MEMORIES "too many memories"
    LIMIT_GLOBALS "too many globals"
    LIMIT_EXPORTS "too many exports"
    LIMIT_ELEMENT_SEGMENTS "too many element segments"
    LIMIT_ELEMENTS "too many elements in a segment"
    LIMIT_DATA_SEGMENTS "too many data segments"
    LIMIT_NAME "name too long"
    LIMIT_FUNCTION_SIZE "function body too large"
    LIMIT_LOCALS "too many locals"
    LIMIT_BRANCH_TARGETS "too many labels in br_table"
    LIMIT_BLOCK_DEPTH "blocks nested too deeply"
    LIMIT_OPERANDS "too many operands on the stack"
}
OutOfMemory {
    OUT_OF_MEMORY "out of memory"
}
Source {
    SOURCE "the module could not be read"
}
}
