//! Compares the header with what the adapter believes of it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may abort"
)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::mem::offset_of;
use std::process::Command;

use thimble_platform::{ErrorKind, FileKind};
use thimble_platform_ffi::abi;

const HEADER: &str = include_str!("../include/thimble_platform.h");

/// The functions that a text declares: names with the prefix before a `(`.
fn functions(text: &str) -> BTreeSet<&str> {
    text.lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with(['*', '/']))
        .flat_map(|line| line.split_inclusive('('))
        .filter_map(|part| part.strip_suffix('('))
        .filter_map(|part| part.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with("thimble_platform_"))
        .collect()
}

#[test]
fn header_and_adapter_have_the_same_symbols() {
    let sources = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect::<String>();
    // Declarations only: calls stand in no `extern` block.
    let declared = sources
        .split("unsafe extern \"C\" {\n")
        .skip(1)
        .map(|block| block.split("\n}\n").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n");
    let (header, adapter) = (functions(HEADER), functions(&declared));
    assert_eq!(header, adapter);
    assert_eq!(header.len(), 66);
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
        writeln!($code, "_Static_assert(sizeof(struct thimble_platform_{}) == {size}, \"\");", $c)
            .unwrap();
        $(
            let offset = offset_of!(abi::$rust, $field);
            writeln!(
                $code,
                "_Static_assert(offsetof(struct thimble_platform_{}, {}) == {offset}, \"\");",
                $c,
                stringify!($field),
            )
            .unwrap();
        )*
    };
}

macro_rules! constants {
    ($code:expr, $($name:ident),* $(,)?) => {$(
        let value = abi::$name;
        let name = stringify!($name);
        writeln!($code, "_Static_assert(THIMBLE_PLATFORM_{name} == {value}u, \"\");").unwrap();
    )*};
}

/// The compiler that can check; a device's build has its own.
#[test]
fn header_and_adapter_have_the_same_layout() {
    let mut code = String::from("#include \"thimble_platform.h\"\n");
    layout!(code, ThreadOptions, "thread_options": stack_size, name, priority, has_priority);
    layout!(code, PollEntry, "poll_entry": bytes, handle, error, target, interest, state);
    layout!(code, Metadata, "metadata":
        size, links, inode, device, accessed, modified, changed, kind);
    layout!(code, TimeChange, "time_change": time, how);
    layout!(code, DirectoryEntry, "directory_entry": inode, next, name, name_length, kind);
    layout!(code, Address, "address": flow, scope, port, family, bytes);
    constants!(
        code,
        VERSION,
        HAS_WALL_CLOCK,
        HAS_FILES,
        HAS_SOCKETS,
        WAIT_NOTIFIED,
        WAIT_TIMED_OUT,
        POLL_READY,
        POLL_TIMED_OUT,
        POLL_WOKEN,
        TARGET_STREAM,
        TARGET_FILE,
        TARGET_SOCKET,
        INTEREST_READ,
        INTEREST_WRITE,
        STATE_NOT_READY,
        STATE_READY,
        STATE_HANGUP,
        STATE_FAILED,
        OPEN_READ,
        OPEN_WRITE,
        OPEN_CREATE,
        OPEN_EXCLUSIVE,
        OPEN_TRUNCATE,
        OPEN_DIRECTORY,
        TIME_KEEP,
        TIME_NOW,
        TIME_AT,
        SHUTDOWN_READ,
        SHUTDOWN_WRITE,
        SHUTDOWN_BOTH,
    );
    for kind in ErrorKind::ALL {
        let (name, number) = (constant(&format!("{kind:?}")), *kind as i32);
        writeln!(
            code,
            "_Static_assert(THIMBLE_PLATFORM_{name} == {number}, \"\");"
        )
        .unwrap();
        writeln!(
            code,
            "_Static_assert(THIMBLE_PLATFORM_ERROR(THIMBLE_PLATFORM_{name}, 5) == -({number} + 1280), \"\");"
        )
        .unwrap();
    }
    for kind in [
        FileKind::Unknown,
        FileKind::Regular,
        FileKind::Directory,
        FileKind::SymbolicLink,
        FileKind::CharacterDevice,
        FileKind::BlockDevice,
        FileKind::Pipe,
        FileKind::StreamSocket,
        FileKind::DatagramSocket,
    ] {
        let (name, number) = (constant(&format!("{kind:?}")), kind as i32);
        writeln!(
            code,
            "_Static_assert(THIMBLE_PLATFORM_FILE_{name} == {number}, \"\");"
        )
        .unwrap();
    }
    let file = std::env::temp_dir().join(format!("platform-header-{}.c", std::process::id()));
    std::fs::write(&file, code).unwrap();
    let output = Command::new("cc")
        .args(["-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror"])
        .args(["-fsyntax-only", "-I"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/include"))
        .arg(&file)
        .output();
    std::fs::remove_file(&file).unwrap();
    let output = output.unwrap_or_else(|error| panic!("the C compiler `cc` is needed: {error}"));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{message}");
}
