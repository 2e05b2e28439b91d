//! What a shim calls: commands, time that has come, threads that are gone, words to complete.

use core::ffi::{CStr, c_char};

use thimble_device::command::{self, Session};
use thimble_platform::{ErrorKind, ThreadHandle};

use crate::abi;
use crate::device::command_name;
use crate::session::CSession;
use crate::state::{processes, running};

/// The words of a command at most; a shell's line has fewer.
const WORDS: usize = 32;

/// Says why a command is not done.
fn refuse(session: &mut CSession<'_>, reason: &str) -> i32 {
    for part in [command_name(), ": ", reason, "\n"] {
        session.write(part);
    }
    command::FAILED
}

/// See `thimble_device.h`.
///
/// # Safety
///
/// The session and the words are as it says there.
#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_command(
    session: *const abi::Session,
    argc: usize,
    argv: *const *const c_char,
) -> i32 {
    // SAFETY: by this function's own condition.
    let mut session = CSession(unsafe { &*session });
    let mut words = [""; WORDS];
    let Some(words) = words.get_mut(..argc) else {
        return refuse(&mut session, "too many words");
    };
    for (index, word) in words.iter_mut().enumerate() {
        // SAFETY: by this function's own condition, there are so many.
        let text = unsafe { CStr::from_ptr(argv.add(index).read()) };
        let Ok(text) = text.to_str() else {
            return refuse(&mut session, "a word is not UTF-8");
        };
        *word = text;
    }
    match processes() {
        Ok(processes) => command::execute(processes, &mut session, words),
        Err(error) => {
            let reason = match error.kind() {
                ErrorKind::OutOfMemory => "out of memory",
                _ => "the system below does not fit",
            };
            refuse(&mut session, reason)
        }
    }
}

/// See `thimble_device.h`.
#[unsafe(no_mangle)]
extern "C" fn thimble_tick() {
    // On a thread of the system, whose stack may be small.
    if let Some(processes) = running() {
        processes.tick();
    }
}

/// See `thimble_device.h`.
#[unsafe(no_mangle)]
extern "C" fn thimble_thread_deleted(thread: usize) {
    if let Some(processes) = running() {
        // Not found is a thread that the back end is to tell of again, or that has
        // ended its program: that one is joined with others.
        let _ = processes.abandon(ThreadHandle::from_raw(thread));
    }
}

/// See `thimble_device.h`.
///
/// # Safety
///
/// The name can be written, and has this size.
#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_program_name(index: usize, name: *mut c_char, size: usize) -> bool {
    let Ok(processes) = processes() else {
        return false;
    };
    // SAFETY: by this function's own condition.
    let room = unsafe { core::slice::from_raw_parts_mut(name.cast::<u8>(), size) };
    let mut found = false;
    command::program_name(processes, index, &mut |text| {
        let Some((place, rest)) = room.split_at_mut_checked(text.len()) else {
            return;
        };
        if let Some(end) = rest.first_mut() {
            place.copy_from_slice(text.as_bytes());
            *end = 0;
            found = true;
        }
    });
    found
}

/// See `thimble_device.h`.
#[unsafe(no_mangle)]
extern "C" fn thimble_program_number(index: usize, ended: bool) -> u32 {
    // Before the first command, none was started.
    running()
        .and_then(|processes| command::program_number(processes, index, ended))
        .unwrap_or(0)
}
