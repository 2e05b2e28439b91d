//! Files and directories.

use std::ffi::{CStr, c_char, c_void};

use thimble_platform::{
    FileHandle, Files, ListControl, Metadata, OpenOptions, Platform, Result, TimeChange,
};
use thimble_platform_ffi::abi;

use super::{HOST, count, done, failed, filled, flag};

fn files() -> &'static dyn Files {
    HOST.files().unwrap()
}

fn file(raw: usize) -> FileHandle {
    FileHandle::from_raw(raw)
}

/// # Safety
///
/// `text` ends with NUL, and lives for as long as the result is used.
unsafe fn text<'a>(text: *const c_char) -> &'a str {
    // SAFETY: by this function's own condition.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap()
}

fn to_c(metadata: Metadata) -> abi::Metadata {
    abi::Metadata {
        size: metadata.size,
        links: metadata.links,
        inode: metadata.inode,
        device: metadata.device,
        accessed: metadata.accessed,
        modified: metadata.modified,
        changed: metadata.changed,
        kind: metadata.kind as u8,
    }
}

/// # Safety
///
/// `change` can be read.
unsafe fn change(change: *const abi::TimeChange) -> TimeChange {
    // SAFETY: by this function's own condition.
    let change = unsafe { *change };
    match change.how {
        abi::TIME_KEEP => TimeChange::Keep,
        abi::TIME_NOW => TimeChange::Now,
        _ => TimeChange::At(change.time),
    }
}

/// # Safety
///
/// `to` can be written.
unsafe fn filled_file(result: Result<FileHandle>, to: *mut usize) -> i32 {
    // SAFETY: by this function's own condition.
    unsafe { filled(result.map(FileHandle::raw), to) }
}

// In all that follows, the header promises text that ends with NUL, structures
// that can be read or filled in, and buffers of the length that comes along.

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_open_root(path: *const c_char, to: *mut usize) -> i32 {
    // SAFETY: text and a handle, see above.
    unsafe { filled_file(files().open_root(text(path)), to) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_open_at(
    directory: usize,
    name: *const c_char,
    options: u32,
    to: *mut usize,
) -> i32 {
    let has = |bit| options & bit != 0;
    let options = OpenOptions {
        read: has(abi::OPEN_READ),
        write: has(abi::OPEN_WRITE),
        create: has(abi::OPEN_CREATE),
        exclusive: has(abi::OPEN_EXCLUSIVE),
        truncate: has(abi::OPEN_TRUNCATE),
        directory: has(abi::OPEN_DIRECTORY),
    };
    // SAFETY: text, see above.
    let opened = files().open_at(file(directory), unsafe { text(name) }, options);
    match opened {
        Ok((opened, kind)) => {
            // SAFETY: a handle, see above.
            unsafe { to.write(opened.raw()) };
            kind as i32
        }
        Err(error) => failed(error),
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_duplicate(raw: usize, to: *mut usize) -> i32 {
    // SAFETY: a handle, see above.
    unsafe { filled_file(files().duplicate(file(raw)), to) }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_file_close(raw: usize) -> i32 {
    done(files().close(file(raw)))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_read_at(
    raw: usize,
    offset: u64,
    buffer: *mut c_void,
    length: usize,
) -> i32 {
    // SAFETY: a buffer, see above.
    let buffer = unsafe { std::slice::from_raw_parts_mut(buffer.cast(), length) };
    count(files().read_at(file(raw), offset, buffer))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_write_at(
    raw: usize,
    offset: u64,
    data: *const c_void,
    length: usize,
) -> i32 {
    // SAFETY: a buffer, see above.
    let data = unsafe { std::slice::from_raw_parts(data.cast(), length) };
    count(files().write_at(file(raw), offset, data))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_file_set_size(raw: usize, size: u64) -> i32 {
    done(files().set_size(file(raw), size))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_file_sync(raw: usize, data_only: u8) -> i32 {
    done(files().sync(file(raw), data_only != 0))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_metadata(raw: usize, to: *mut abi::Metadata) -> i32 {
    // SAFETY: a structure, see above.
    unsafe { filled(files().metadata(file(raw)).map(to_c), to) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_metadata_at(
    directory: usize,
    name: *const c_char,
    to: *mut abi::Metadata,
) -> i32 {
    // SAFETY: text and a structure, see above.
    unsafe {
        let metadata = files().metadata_at(file(directory), text(name));
        filled(metadata.map(to_c), to)
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_set_times(
    raw: usize,
    accessed: *const abi::TimeChange,
    modified: *const abi::TimeChange,
) -> i32 {
    // SAFETY: structures, see above.
    let (accessed, modified) = unsafe { (change(accessed), change(modified)) };
    done(files().set_times(file(raw), accessed, modified))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_set_times_at(
    directory: usize,
    name: *const c_char,
    accessed: *const abi::TimeChange,
    modified: *const abi::TimeChange,
) -> i32 {
    // SAFETY: structures, see above.
    let (accessed, modified) = unsafe { (change(accessed), change(modified)) };
    // SAFETY: text, see above.
    let name = unsafe { text(name) };
    done(files().set_times_at(file(directory), name, accessed, modified))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_list(
    directory: usize,
    cookie: u64,
    visit: abi::Visit,
    context: *mut c_void,
) -> i32 {
    flag(files().list(file(directory), cookie, &mut |entry| {
        let entry = abi::DirectoryEntry {
            inode: entry.inode,
            next: entry.next,
            name: entry.name.as_ptr(),
            name_length: entry.name.len(),
            kind: entry.kind as u8,
        };
        // SAFETY: the context as it came, and an entry that lives on the
        // stack.
        match unsafe { visit(context, &raw const entry) } {
            0 => ListControl::Stop,
            _ => ListControl::Continue,
        }
    }))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_create_directory_at(
    directory: usize,
    name: *const c_char,
) -> i32 {
    // SAFETY: text, see above.
    done(files().create_directory_at(file(directory), unsafe { text(name) }))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_remove_file_at(
    directory: usize,
    name: *const c_char,
) -> i32 {
    // SAFETY: text, see above.
    done(files().remove_file_at(file(directory), unsafe { text(name) }))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_remove_directory_at(
    directory: usize,
    name: *const c_char,
) -> i32 {
    // SAFETY: text, see above.
    done(files().remove_directory_at(file(directory), unsafe { text(name) }))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_rename_at(
    directory: usize,
    name: *const c_char,
    to_directory: usize,
    to_name: *const c_char,
) -> i32 {
    // SAFETY: texts, see above.
    let (name, to_name) = unsafe { (text(name), text(to_name)) };
    done(files().rename_at(file(directory), name, file(to_directory), to_name))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_link_at(
    directory: usize,
    name: *const c_char,
    to_directory: usize,
    to_name: *const c_char,
) -> i32 {
    // SAFETY: texts, see above.
    let (name, to_name) = unsafe { (text(name), text(to_name)) };
    done(files().link_at(file(directory), name, file(to_directory), to_name))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_symlink_at(
    target: *const c_char,
    directory: usize,
    name: *const c_char,
) -> i32 {
    // SAFETY: texts, see above.
    let (target, name) = unsafe { (text(target), text(name)) };
    done(files().symlink_at(target, file(directory), name))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_file_read_link_at(
    directory: usize,
    name: *const c_char,
    buffer: *mut c_void,
    length: usize,
) -> i32 {
    // SAFETY: text and a buffer, see above.
    let (name, buffer) = unsafe {
        (
            text(name),
            std::slice::from_raw_parts_mut(buffer.cast(), length),
        )
    };
    count(files().read_link_at(file(directory), name, buffer))
}
