//! What the suite calls an error, and what Thimble calls it.

/// Refusals in files that are older than a proposal which Thimble has and which
/// gave the refused bytes a meaning: the index of a memory was a byte that had
/// to be zero, and there was at most one memory.
const OLDER_THAN_MULTI_MEMORY: &[&str] = &[
    "zero byte expected",
    "zero flag expected",
    "multiple memories",
];

/// Messages for one error: the words of a file, and those of Thimble.
const SAME: &[(&str, &str)] = &[
    // Words of files for other versions of the specification.
    ("invalid UTF-8 encoding", "malformed UTF-8 encoding"),
    ("invalid mutability", "malformed mutability"),
    ("immutable global", "global is immutable"),
    ("invalid section id", "malformed section id"),
    (
        "junk after last section",
        "unexpected content after last section",
    ),
    (
        "multiple start sections",
        "unexpected content after last section",
    ),
    ("alignment must not be larger", "malformed memop flags"),
    // A module that comes in a stream does not tell its length before its end,
    // and a section is not read beyond its end to see what would follow.
    ("length out of bounds", "unexpected end"),
    ("section size mismatch", "unexpected end"),
    ("illegal opcode", "unexpected end"),
    ("integer representation too long", "unexpected end"),
    ("invalid value type", "unexpected end"),
    ("malformed elements segment kind", "unexpected end"),
    ("malformed limits flags", "unexpected end"),
    // Two errors in one module, of which Thimble meets the other first.
    (
        "unexpected content after last",
        "function and code section have inconsistent lengths",
    ),
    ("integer too large", "malformed limits flags"),
    ("integer representation too long", "malformed limits flags"),
    ("unexpected end", "unknown label"),
    ("unexpected end", "length out of bounds"),
    ("invalid value type", "length out of bounds"),
    ("invalid mutability", "length out of bounds"),
    ("malformed memop flags", "type mismatch"),
    // Numbers of more than 32 bits, which only 64-bit memories have a use for.
    ("integer too large", "integer representation too long"),
    ("offset out of range", "integer"),
    ("memory size", "integer too large"),
];

/// Whether an error of Thimble's is the one that the suite expects. One of the
/// messages may say more than the other.
#[must_use]
pub fn same(expected: &str, ours: &str) -> bool {
    let prefix = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
    prefix(expected, ours)
        || SAME
            .iter()
            .any(|(theirs, words)| expected.starts_with(theirs) && ours.starts_with(words))
}

/// Whether files with this message are older than multiple memories. A module
/// that is still refused is so for another reason than theirs.
#[must_use]
pub fn about_multi_memory(message: &str) -> bool {
    OLDER_THAN_MULTI_MEMORY.contains(&message)
}
