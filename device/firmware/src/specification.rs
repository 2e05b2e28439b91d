//! The specification suite: what `include/thimble_specification.h` declares.

use core::fmt::Write;

use thimble::{Dispatch, Limits};
use thimble_test_pack::{left_out, run, stated};

/// `struct thimble_specification_options`.
#[repr(C)]
struct Options {
    maximum_memory: u64,
    stack_cells: u32,
    images: bool,
}

/// `struct thimble_specification_summary`.
#[repr(C)]
struct Summary {
    stated: u32,
    files: u32,
    assertions: u32,
    passed: u32,
    failed: u32,
    left_out: u32,
    tail_dispatch: bool,
}

/// What is told about each failure, and about what was left out.
type Report = unsafe extern "C" fn(text: *const u8, length: usize);

/// Room for a text.
struct Text {
    bytes: [u8; 200],
    length: usize,
}

impl Text {
    fn new(content: impl core::fmt::Display) -> Self {
        let mut text = Self {
            bytes: [0; 200],
            length: 0,
        };
        // Cannot fail.
        let _ = write!(text, "{content}");
        text
    }
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

/// See `include/thimble_specification.h`.
///
/// # Safety
///
/// As it says there; `report` can be called with texts that live during the call.
#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_specification_run(
    pack: *const u8,
    length: usize,
    options: *const Options,
    report: Report,
    summary: *mut Summary,
) {
    // SAFETY: by this function's own condition.
    let (pack, options) = unsafe { (core::slice::from_raw_parts(pack, length), &*options) };
    let report = |text: Text| {
        // SAFETY: likewise.
        unsafe { report(text.bytes.as_ptr(), text.length) };
    };
    let mut count = 0;
    // A pack that is damaged fails below.
    let _ = left_out(pack, |what| {
        count += 1;
        report(Text::new(format_args!("left out: {what}")));
    });
    let options = thimble_test_pack::Options {
        limits: Limits {
            memory_bytes: options.maximum_memory,
            stack_cells: options.stack_cells,
            ..Limits::default()
        },
        images: options.images,
    };
    let ran = run(pack, &options, &mut |failure| report(Text::new(failure)));
    let result = Summary {
        stated: stated(pack).unwrap_or(u32::MAX),
        files: ran.files,
        assertions: ran.assertions,
        passed: ran.passed,
        failed: ran.failed,
        left_out: count,
        tail_dispatch: Dispatch::HAS_TAIL,
    };
    // SAFETY: likewise.
    unsafe { summary.write(result) };
}
