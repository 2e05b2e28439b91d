//! Messages to the system's log.

use core::fmt::Write;
use core::sync::atomic::fence;

use log::{Level, LevelFilter, Log, Metadata, Record};
use portable_atomic::{AtomicBool, Ordering};

use crate::abi::thimble_device_log;
use crate::device::raw_settings;

struct SystemLog;

/// The longest message, in bytes.
const LENGTH: usize = 120;

/// A message in words, with a NUL behind it; what is too long is cut.
struct Text {
    bytes: [u8; LENGTH + 1],
    length: usize,
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let room = self.bytes.get_mut(self.length..LENGTH).unwrap_or_default();
        let fits = text.floor_char_boundary(room.len());
        for (to, from) in room.iter_mut().zip(text.bytes().take(fits)) {
            *to = from;
            self.length += 1;
        }
        if fits < text.len() {
            return Err(core::fmt::Error);
        }
        Ok(())
    }
}

impl Log for SystemLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        let mut text = Text {
            bytes: [0; LENGTH + 1],
            length: 0,
        };
        // Fails only if it was cut.
        let _ = text.write_fmt(*record.args());
        let level = match record.level() {
            Level::Error => 1,
            Level::Warn => 2,
            Level::Info => 3,
            Level::Debug | Level::Trace => 4,
        };
        // SAFETY: the text can be read, has this length, and a NUL follows.
        unsafe { thimble_device_log(level, text.bytes.as_ptr(), text.length) };
    }

    fn flush(&self) {}
}

/// Sends messages from now on.
pub(crate) fn begin() {
    static BEGUN: AtomicBool = AtomicBool::new(false);
    // Once, by one thread: the functions that see to it themselves are not there for
    // processors without compare-and-swap.
    if BEGUN.swap(true, Ordering::Relaxed) {
        return;
    }
    let level = match raw_settings().log_level {
        0 => LevelFilter::Off,
        1 => LevelFilter::Error,
        2 => LevelFilter::Warn,
        3 => LevelFilter::Info,
        _ => LevelFilter::Debug,
    };
    // SAFETY: no other thread comes here, and firmware has no other logger.
    if unsafe { log::set_logger_racy(&SystemLog) }.is_ok() {
        // Who sees the level uses the logger.
        fence(Ordering::Release);
        // SAFETY: as above.
        unsafe { log::set_max_level_racy(level) };
    }
}
