//! Compares the header with what the crate believes of it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may abort"
)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::mem::{align_of, offset_of};
use std::process::Command;

use thimble::Trap;
use thimble_c::{Kind, abi};

const HEADER: &str = include_str!("../include/thimble.h");

/// The names of functions: those with the prefix before a `(`, at the start of a line or
/// after the type.
fn functions<'a>(text: &'a str, introduction: &str) -> BTreeSet<&'a str> {
    text.lines()
        .filter(|line| line.starts_with(introduction) && !line.starts_with([' ', '#', '/', '}']))
        .filter_map(|line| line.split_once('('))
        .filter_map(|(before, _)| before.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with("thimble_"))
        .collect()
}

#[test]
fn header_and_crate_have_the_same_symbols() {
    let sources = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect::<String>();
    let defined = functions(&sources, "pub unsafe extern \"C\" fn ");
    assert_eq!(functions(HEADER, ""), defined);
    assert_eq!(sources.matches("unsafe(no_mangle)").count(), defined.len());
    assert_eq!(defined.len(), 22);
}

/// `NotFound` as `NOT_FOUND`.
fn constant(name: &str) -> String {
    let mut result = String::new();
    for (index, letter) in name.chars().enumerate() {
        if index > 0 && letter.is_uppercase() {
            result.push('_');
        }
        result.push(letter.to_ascii_uppercase());
    }
    result
}

macro_rules! layout {
    ($code:expr, $rust:ident, $c:literal: $($field:ident),*) => {
        let size = size_of::<abi::$rust>();
        writeln!($code, "_Static_assert(sizeof({}) == {size}, \"\");", $c).unwrap();
        let alignment = align_of::<abi::$rust>();
        writeln!($code, "_Static_assert(_Alignof({}) == {alignment}, \"\");", $c).unwrap();
        $(
            let offset = offset_of!(abi::$rust, $field);
            let field = stringify!($field);
            writeln!($code, "_Static_assert(offsetof({}, {field}) == {offset}, \"\");", $c).unwrap();
        )*
    };
}

fn check(code: &mut String, expression: &str, value: i64) {
    writeln!(code, "_Static_assert({expression} == {value}, \"\");").unwrap();
}

#[test]
fn header_and_crate_have_the_same_layout() {
    let mut code = String::from("#include \"thimble.h\"\n");
    layout!(code, Error, "struct thimble_error": status, message_length, message, subject);
    layout!(code, Value, "union thimble_value": i32, i64, f32, f64);
    layout!(code, Native, "struct thimble_native": module, name, signature, function, context);
    layout!(code, InstanceOptions, "struct thimble_instance_options":
        natives, native_count, memory, fuel, stack_cells);
    layout!(code, Directory, "struct thimble_directory": path, name, read_only);
    layout!(code, Input, "struct thimble_input": read, context);
    layout!(code, Output, "struct thimble_output": write, context);
    layout!(code, WasiOptions, "struct thimble_wasi_options":
        arguments, argument_count, variables, variable_count, directories, directory_count,
        input, output, error);
    layout!(code, Function, "struct thimble_function": opaque);
    layout!(code, Statistics, "struct thimble_statistics": memory, stack, image);
    layout!(code, Frame, "struct thimble_frame": name, name_length, function, offset);
    check(&mut code, "THIMBLE_MODULE_STAYS", abi::MODULE_STAYS.into());
    check(
        &mut code,
        "THIMBLE_MODULE_TRUSTED",
        abi::MODULE_TRUSTED.into(),
    );
    check(&mut code, "THIMBLE_MAX_VALUES", abi::MAX_VALUES as i64);
    check(&mut code, "(THIMBLE_UNBOUNDED == UINT64_MAX)", 1);
    assert_eq!(abi::UNBOUNDED, u64::MAX);
    for kind in Kind::ALL {
        let (name, number) = (constant(&format!("{kind:?}")), *kind as i64);
        check(&mut code, &format!("THIMBLE_{name}"), number);
        let error = format!("THIMBLE_ERROR(THIMBLE_{name}, 5)");
        check(&mut code, &error, -(number + 1280));
        check(&mut code, &format!("THIMBLE_KIND({error})"), number);
        check(&mut code, &format!("THIMBLE_DETAIL({error})"), 5);
    }
    for trap in [
        Trap::Unreachable,
        Trap::MemoryOutOfBounds,
        Trap::TableOutOfBounds,
        Trap::UndefinedElement,
        Trap::UninitializedElement,
        Trap::IndirectCallTypeMismatch,
        Trap::IntegerDivideByZero,
        Trap::IntegerOverflow,
        Trap::InvalidConversionToInteger,
        Trap::StackOverflow,
    ] {
        let name = constant(&format!("{trap:?}"));
        check(&mut code, &format!("THIMBLE_TRAP_{name}"), trap as i64);
    }
    compile(&code, "c", "cc", "c11");
}

/// The header by itself, in the oldest language it is for, and in C++.
#[test]
fn the_header_stands_alone() {
    let code = "#include \"thimble.h\"\n";
    compile(code, "c", "cc", "c99");
    compile(code, "cpp", "c++", "c++11");
}

/// The compiler that can check; a device's build has its own.
fn compile(code: &str, suffix: &str, compiler: &str, standard: &str) {
    let name = format!("thimble-header-{}-{standard}.{suffix}", std::process::id());
    let file = std::env::temp_dir().join(name);
    std::fs::write(&file, code).unwrap();
    let output = Command::new(compiler)
        .arg(format!("-std={standard}"))
        .args(["-Wall", "-Wextra", "-pedantic", "-Werror"])
        .args(["-fsyntax-only", "-I"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/include"))
        .arg(&file)
        .output();
    std::fs::remove_file(&file).unwrap();
    let output = output.unwrap_or_else(|error| panic!("`{compiler}` is needed: {error}"));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{message}");
}
