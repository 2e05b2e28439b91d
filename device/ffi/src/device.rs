//! The firmware behind the C symbols, as a [`Device`].

use core::ffi::{CStr, c_char};

use thimble::TrustedImage;
use thimble_device::{BuiltIn, Content, Device, Heap, Settings, Storage, Streams, Usage};
use thimble_platform::{Platform, ThreadHandle};
use thimble_platform_ffi::CPlatform;

use crate::abi;

/// The firmware.
pub(crate) struct CDevice {
    platform: &'static CPlatform,
    settings: Settings,
    slice: Option<u64>,
    storage: Option<&'static dyn Storage>,
}

/// The settings of the shim.
pub(crate) fn raw_settings() -> &'static abi::Settings {
    // SAFETY: the header asks for the same settings at every call, so they stay.
    unsafe { &*abi::thimble_device_settings() }
}

/// A text of the shim's that ends with NUL and stays.
///
/// # Safety
///
/// It is such a text, or null.
pub(crate) unsafe fn text(start: *const c_char) -> Option<&'static str> {
    if start.is_null() {
        return None;
    }
    // SAFETY: by this function's own condition.
    unsafe { CStr::from_ptr(start) }.to_str().ok()
}

/// What the command of the shell is called.
pub(crate) fn command_name() -> &'static str {
    // SAFETY: the header asks for a text that stays, or NULL.
    unsafe { text(raw_settings().command) }.unwrap_or("wasm")
}

/// Bytes of a line of those programs that write to the console, if that takes whole lines; 0 if it
/// takes what comes.
pub fn console_line() -> usize {
    raw_settings().console_line
}

/// Limits and defaults of the firmware, without the rest of it.
pub fn settings() -> Settings {
    let raw = raw_settings();
    Settings {
        command: command_name(),
        processes: raw.processes,
        memory: raw.memory,
        stack_cells: raw.stack_cells,
        table_elements: raw.table_elements,
        backtrace_frames: raw.backtrace_frames,
        host_depth: raw.host_depth,
        descriptors: raw.descriptors,
        directories: raw.directories,
        backlog: raw.backlog,
        transfer: raw.transfer,
        thread_stack: raw.thread_stack,
        priority: Some(raw.priority),
        priorities: Some((raw.least_priority, raw.greatest_priority)),
        log: raw.log,
    }
}

impl CDevice {
    /// The firmware on this platform, with this storage.
    pub(crate) fn new(platform: &'static CPlatform, storage: Option<&'static dyn Storage>) -> Self {
        Self {
            platform,
            settings: settings(),
            slice: Some(raw_settings().slice).filter(|slice| *slice > 0),
            storage,
        }
    }
}

/// A number that may not be known.
fn known(number: u64) -> Option<u64> {
    (number != abi::UNKNOWN).then_some(number)
}

fn known_size(number: u64) -> Option<usize> {
    known(number).and_then(|number| usize::try_from(number).ok())
}

impl Device for CDevice {
    fn platform(&self) -> &'static dyn Platform {
        self.platform
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn built_in(&self, index: usize) -> Option<BuiltIn> {
        let mut program = abi::Program {
            name: core::ptr::null(),
            content: core::ptr::null(),
            length: 0,
            is_image: 0,
        };
        // SAFETY: the program can be written.
        if unsafe { abi::thimble_device_program(index, &raw mut program) } == 0 {
            return None;
        }
        // SAFETY: the header asks for texts that stay.
        let name = unsafe { text(program.name) }?;
        // SAFETY: the header asks for content that stays and has this length.
        let content = unsafe { core::slice::from_raw_parts(program.content, program.length) };
        let content = if program.is_image == 0 {
            Content::Module(content)
        } else {
            // SAFETY: the header asks for images that the firmware's own build made.
            Content::Image(unsafe { TrustedImage::new(content) })
        };
        Some(BuiltIn { name, content })
    }

    fn storage(&self) -> Option<&dyn Storage> {
        self.storage
    }

    fn usage(&self, thread: ThreadHandle) -> Usage {
        let mut usage = abi::Usage {
            time: abi::UNKNOWN,
            heap: abi::UNKNOWN,
            stack_peak: abi::UNKNOWN,
            stack_size: abi::UNKNOWN,
            waits: abi::UNKNOWN,
        };
        // SAFETY: the usage can be written.
        unsafe { abi::thimble_device_usage(thread.raw(), &raw mut usage) };
        Usage {
            time: known(usage.time),
            heap: known_size(usage.heap),
            stack_peak: known_size(usage.stack_peak),
            stack_size: known_size(usage.stack_size),
            waits: known(usage.waits).map(|waits| waits != 0),
        }
    }

    fn heap(&self) -> Option<Heap> {
        let mut heap = abi::Heap {
            allocated: 0,
            peak: 0,
            free: 0,
        };
        // SAFETY: the description can be written.
        if unsafe { abi::thimble_device_heap(&raw mut heap) } == 0 {
            return None;
        }
        Some(Heap {
            allocated: heap.allocated,
            peak: heap.peak,
            free: heap.free,
        })
    }

    fn schedule_tick(&self, at: u64) {
        abi::thimble_device_schedule_tick(at);
    }

    fn slice(&self) -> Option<u64> {
        self.slice
    }

    fn pause(&self) {
        abi::thimble_device_pause();
    }

    fn close_streams(&self, streams: &Streams) {
        if let Some(input) = streams.input {
            abi::thimble_device_close_stream(input.raw());
        }
        abi::thimble_device_close_stream(streams.output.raw());
        if streams.error != streams.output {
            abi::thimble_device_close_stream(streams.error.raw());
        }
    }
}
