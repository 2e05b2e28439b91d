//! The conformance suite of the platform contract.

use core::ffi::{CStr, c_char};
use core::fmt::Write;
use core::net::Ipv4Addr;

use thimble_platform_conformance::{Config, run};

use crate::platform::platform;

/// Room for the outcome of a case in words.
struct Text {
    bytes: [u8; 200],
    length: usize,
}

impl Write for Text {
    /// Takes what fits.
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let room = self.bytes.get_mut(self.length..).unwrap_or_default();
        for (to, from) in room.iter_mut().zip(text.bytes()) {
            *to = from;
            self.length += 1;
        }
        Ok(())
    }
}

/// What is told about each case.
type Report = unsafe extern "C" fn(
    name: *const u8,
    name_length: usize,
    outcome: *const u8,
    outcome_length: usize,
);

/// See `include/thimble_conformance.h`.
///
/// # Safety
///
/// `scratch` is null, or a text that ends with NUL and lives for ever; `report` can
/// be called with texts that live during the call.
#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_conformance_run(scratch: *const c_char, report: Report) -> i32 {
    let Some(platform) = platform() else {
        return 1;
    };
    let scratch = if scratch.is_null() {
        None
    } else {
        // SAFETY: by this function's own condition.
        let Ok(path) = unsafe { CStr::from_ptr(scratch) }.to_str() else {
            return 1;
        };
        Some(path)
    };
    let config = Config {
        scratch,
        loopback: cfg!(feature = "sockets").then(|| (Ipv4Addr::LOCALHOST, 0).into()),
        stack_size: 4096,
        ..Config::new(platform)
    };
    let summary = run(&config, &mut |name, outcome| {
        let mut text = Text {
            bytes: [0; 200],
            length: 0,
        };
        // Cannot fail.
        let _ = write!(text, "{outcome}");
        // SAFETY: by this function's own condition.
        unsafe { report(name.as_ptr(), name.len(), text.bytes.as_ptr(), text.length) };
    });
    i32::try_from(summary.failed).unwrap_or(i32::MAX)
}
