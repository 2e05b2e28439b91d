//! The specification suite: one test for each of its files.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use thimble::Dispatch;
use thimble_tests_spec::tally::Tally;
use thimble_tests_spec::{check, files, left_out};

/// What the tests that are done have run, by folder; and how many they are.
static DONE: Mutex<(BTreeMap<&str, Tally>, usize)> = Mutex::new((BTreeMap::new(), 0));

/// Runs a file; the last of all files prints the sum.
fn run(folder: &'static str, name: &str) {
    let tally = check(folder, name);
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    done.0.entry(folder).or_default().merge(&tally);
    done.1 += 1;
    if done.1 == listed() {
        summarise(&done.0, done.1);
    }
}

fn summarise(by_folder: &BTreeMap<&str, Tally>, files: usize) {
    let mut total = Tally::default();
    let mut text = String::from("\n");
    for (folder, tally) in by_folder {
        total.merge(tally);
        text += &format!("  {folder}: {} in each way\n", tally.in_each_way());
    }
    text += &format!("specification suite: {files} files, {total}\n");
    // Not `println!`, whose output a passing test keeps to itself.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn listed() -> usize {
    FILES.iter().map(|(_, names)| names.len()).sum()
}

/// Makes the tests, and the list of them.
macro_rules! files {
    ($($folder:literal $module:ident { $($name:ident)* })*) => {
        const FILES: &[(&str, &[&str])] = &[$(($folder, &[$(stringify!($name)),*])),*];

        $(mod $module {
            $(#[test]
            fn $name() {
                super::run($folder, stringify!($name));
            })*
        })*
    };
}

#[test]
#[expect(
    clippy::assertions_on_constants,
    reason = "the constant depends on the build"
)]
fn both_dispatchers_are_tested() {
    assert!(
        Dispatch::HAS_TAIL,
        "this build has no tail dispatch, so `tail` means `loop`"
    );
}

#[test]
fn no_file_is_forgotten() {
    let problems = files::compare(FILES, left_out::contains);
    assert!(problems.is_empty(), "\n  {}\n", problems.join("\n  "));
}

#[test]
fn files_are_left_out_for_a_reason() {
    let problems = left_out::unfounded();
    assert!(problems.is_empty(), "\n  {}\n", problems.join("\n  "));
}

files! {
    "wasm-v1" wasm_v1 {
        address align binary_leb128 binary block br br_if br_table break_drop call call_indirect
        comments r#const conversions custom data elem endianness exports f32 f32_bitwise f32_cmp f64
        f64_bitwise f64_cmp fac float_exprs float_literals float_memory float_misc forward func
        func_ptrs globals i32 i64 r#if imports inline_module int_exprs int_literals labels
        left_to_right linking load local_get local_set local_tee r#loop memory memory_grow
        memory_redundancy memory_size memory_trap names nop r#return select skip_stack_guard_page
        stack start store switch token traps r#type unreachable unreached_invalid unwind
        utf8_custom_section_id utf8_import_field utf8_import_module utf8_invalid_encoding
    }
    "wasm-v2" wasm_v2 {
        address align binary_leb128 binary block br br_if br_table bulk call call_indirect comments
        r#const conversions custom data elem endianness exports f32 f32_bitwise f32_cmp f64
        f64_bitwise f64_cmp fac float_exprs float_literals float_memory float_misc forward func
        func_ptrs global i32 i64 r#if imports inline_module int_exprs int_literals labels
        left_to_right linking load local_get local_set local_tee r#loop memory memory_copy
        memory_fill memory_grow memory_init memory_redundancy memory_size memory_trap names nop
        obsolete_keywords ref_func ref_is_null ref_null r#return select skip_stack_guard_page stack
        start store switch table_sub table table_copy table_fill table_get table_grow table_init
        table_set table_size token traps r#type unreachable unreached_invalid unreached_valid unwind
        utf8_custom_section_id utf8_import_field utf8_import_module utf8_invalid_encoding
    }
    "wasm-v3" wasm_v3 {
        address align annotations binary_leb128 binary block br call call_indirect comments r#const
        conversions custom endianness f32 f32_bitwise f32_cmp f64 f64_bitwise f64_cmp fac
        float_exprs float_literals float_memory float_misc forward func_ptrs i32 i64 id r#if
        inline_module int_exprs int_literals labels left_to_right load local_get local_set r#loop
        memory memory_grow memory_redundancy memory_size memory_trap names nop obsolete_keywords
        ref_func r#return return_call return_call_indirect skip_stack_guard_page stack start store
        switch table_get table_grow table_set table_size token traps r#type unreachable unwind
        utf8_custom_section_id utf8_import_field utf8_import_module utf8_invalid_encoding
    }
    "wasm-latest" wasm_latest {
        address align annotations binary_leb128 binary block br call call_indirect comments r#const
        conversions custom endianness f32 f32_bitwise f32_cmp f64 f64_bitwise f64_cmp fac
        float_exprs float_literals float_memory float_misc forward func_ptrs i32 i64 id r#if
        inline_module int_exprs int_literals labels left_to_right load local_get local_set r#loop
        memory memory_grow memory_redundancy memory_size memory_trap names nop obsolete_keywords
        ref_func r#return skip_stack_guard_page stack start store switch table_get table_grow
        table_set table_size token traps r#type unreachable unwind utf8_custom_section_id
        utf8_import_field utf8_import_module utf8_invalid_encoding
    }
    "annotations" annotations {
        annotations id token
    }
    "bulk-memory" bulk_memory {
        bulk memory_copy memory_fill memory_init table_copy table_fill
    }
    "custom-page-sizes" custom_page_sizes {
        binary custom_page_sizes_invalid custom_page_sizes memory_max
    }
    "custom-descriptors" custom_descriptors {
        binary
    }
    "extended-const" extended_const {
        data elem global
    }
    "function-references" function_references {
        binary data global r#if local_get return_call return_call_indirect
    }
    "memory64" memory64 {
        address binary memory
    }
    "multi-memory" multi_memory {
        address0 address1 align0 binary0 data0 data1 data_drop0 exports0 float_exprs0 float_exprs1
        float_memory0 imports0 imports1 imports2 imports3 imports4 linking0 linking1 linking2
        linking3 load0 load1 load2 memory_multi memory_copy0 memory_copy1 memory_fill0 memory_grow
        memory_init0 memory_size0 memory_size1 memory_size2 memory_size3 memory_size_import
        memory_trap0 memory_trap1 start0 store0 store1 store2 traps0
    }
    "multi-value" multi_value {
        binary block br call call_indirect fac func r#if r#loop r#type
    }
    "mutable-global" mutable_global {
        globals
    }
    "nontrapping-float-to-int-conversions" nontrapping_float_to_int_conversions {
        conversions
    }
    "reference-types" reference_types {
        binary_leb128 binary br_table bulk call_indirect custom data elem exports global imports
        linking memory_copy memory_fill memory_grow memory_init ref_func ref_is_null ref_null select
        table_sub table table_copy table_fill table_get table_grow table_init table_set table_size
    }
    "sign-extension-ops" sign_extension_ops {
        i32 i64
    }
    "tail-call" tail_call {
        return_call return_call_indirect
    }
}
