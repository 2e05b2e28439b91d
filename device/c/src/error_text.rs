//! Errors in words.

use core::ffi::c_char;
use core::fmt::{self, Write};

use crate::abi;
use crate::error::{Kind, parts};

/// A text that is cut where its room ends, but counted to its own.
struct Text<'a> {
    room: &'a mut [u8],
    length: usize,
}

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.room.get_mut(self.length..).unwrap_or_default();
        for (to, from) in room.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        self.length = self.length.saturating_add(text.len());
        Ok(())
    }
}

fn write(text: &mut Text<'_>, error: &abi::Error, message: &str) -> fmt::Result {
    let subject = error.subject.split(|byte| *byte == 0).next();
    for chunk in subject.unwrap_or_default().utf8_chunks() {
        write!(text, "{}", chunk.valid().escape_debug())?;
    }
    if text.length > 0 {
        text.write_str(": ")?;
    }
    text.write_str(message)?;
    let (kind, detail) = parts(error.status);
    match kind {
        Some(Kind::InvalidModule) => write!(text, " at offset {detail:#x}"),
        Some(Kind::InvalidImage) if detail > 0 => write!(text, " at offset {detail:#x}"),
        Some(Kind::Exit | Kind::Native) => write!(text, " {detail}"),
        _ => Ok(()),
    }
}

/// See `thimble.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thimble_error_text(
    error: *const abi::Error,
    text: *mut c_char,
    size: usize,
) -> usize {
    let room: &mut [u8] = if text.is_null() || size == 0 {
        &mut []
    } else {
        // SAFETY: by this function's own condition, the text can be written and has
        // this size.
        unsafe { core::slice::from_raw_parts_mut(text.cast::<u8>(), size) }
    };
    // NUL has a place of its own.
    let (end, room) = match room.split_last_mut() {
        Some((last, room)) => (Some(last), room),
        None => (None, &mut [][..]),
    };
    let mut text = Text { room, length: 0 };
    // SAFETY: by this function's own condition.
    if let Some(error) = unsafe { error.as_ref() }
        && error.status < 0
    {
        // SAFETY: an error's message is a `&'static str` of this length.
        let message = unsafe {
            let length = error.message_length as usize;
            core::str::from_utf8_unchecked(core::slice::from_raw_parts(error.message, length))
        };
        // Cannot fail.
        let _ = write(&mut text, error, message);
    }
    let length = text.length;
    match room.get_mut(length) {
        Some(behind) => *behind = 0,
        None => {
            if let Some(end) = end {
                *end = 0;
            }
        }
    }
    length
}
