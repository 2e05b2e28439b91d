//! What `thimble_device.h` declares: structures, and the symbols of the shim.

#[cfg(feature = "programs")]
pub(crate) use self::programs::*;

#[cfg(feature = "firmware")]
unsafe extern "C" {
    pub(crate) fn thimble_device_allocate(size: usize, alignment: usize) -> *mut core::ffi::c_void;
    pub(crate) fn thimble_device_reallocate(
        block: *mut core::ffi::c_void,
        old_size: usize,
        size: usize,
        alignment: usize,
    ) -> *mut core::ffi::c_void;
    pub(crate) fn thimble_device_release(block: *mut core::ffi::c_void, size: usize);
    pub(crate) fn thimble_device_fatal(file: *const u8, file_length: usize, line: u32) -> !;
}

#[cfg(feature = "programs")]
mod programs {
    use core::ffi::{c_char, c_void};

    /// `struct thimble_device_settings`.
    #[repr(C)]
    pub(crate) struct Settings {
        pub memory: u64,
        pub slice: u64,
        pub processes: usize,
        pub directories: usize,
        pub transfer: usize,
        pub thread_stack: usize,
        pub log: usize,
        pub console_line: usize,
        pub stack_cells: u32,
        pub table_elements: u32,
        pub backtrace_frames: u32,
        pub host_depth: u32,
        pub descriptors: u32,
        pub backlog: u32,
        pub priority: i32,
        pub least_priority: i32,
        pub greatest_priority: i32,
        pub log_level: u32,
        pub store: *const c_char,
        pub command: *const c_char,
    }

    /// `struct thimble_device_program`.
    #[repr(C)]
    pub(crate) struct Program {
        pub name: *const c_char,
        pub content: *const u8,
        pub length: usize,
        pub is_image: u8,
    }

    /// `struct thimble_device_usage`.
    #[repr(C)]
    pub(crate) struct Usage {
        pub time: u64,
        pub heap: u64,
        pub stack_peak: u64,
        pub stack_size: u64,
        pub waits: u64,
    }

    /// `struct thimble_device_heap`.
    #[repr(C)]
    pub(crate) struct Heap {
        pub allocated: u64,
        pub peak: u64,
        pub free: u64,
    }

    /// `THIMBLE_DEVICE_UNKNOWN`.
    pub(crate) const UNKNOWN: u64 = u64::MAX;

    /// `struct thimble_device_flash`.
    #[cfg(feature = "flash")]
    #[repr(C)]
    pub(crate) struct Flash {
        pub size: u32,
        pub erase_size: u32,
        pub write_size: u32,
        pub erased: u8,
        pub mapping: *const u8,
    }

    /// `struct thimble_session`.
    #[repr(C)]
    pub(crate) struct Session {
        pub context: *mut c_void,
        pub write: unsafe extern "C" fn(context: *mut c_void, text: *const u8, length: usize),
        pub open_streams: unsafe extern "C" fn(
            context: *mut c_void,
            foreground: u8,
            streams: *mut [usize; 3],
        ) -> i32,
        pub interrupted: unsafe extern "C" fn(context: *mut c_void) -> u8,
    }

    unsafe extern "C" {
        pub(crate) safe fn thimble_device_settings() -> *const Settings;
        pub(crate) fn thimble_device_program(index: usize, program: *mut Program) -> i32;
        pub(crate) fn thimble_device_usage(thread: usize, usage: *mut Usage);
        pub(crate) safe fn thimble_device_schedule_tick(at: u64);
        pub(crate) safe fn thimble_device_pause();
        pub(crate) safe fn thimble_device_close_stream(stream: usize);
        pub(crate) fn thimble_device_heap(heap: *mut Heap) -> i32;
        #[cfg(feature = "log")]
        pub(crate) fn thimble_device_log(level: u32, text: *const u8, length: usize);
    }

    #[cfg(feature = "flash")]
    unsafe extern "C" {
        pub(crate) fn thimble_device_flash(flash: *mut Flash) -> i32;
        pub(crate) fn thimble_device_flash_read(
            offset: u32,
            buffer: *mut c_void,
            length: usize,
        ) -> i32;
        pub(crate) fn thimble_device_flash_write(
            offset: u32,
            data: *const c_void,
            length: usize,
        ) -> i32;
        pub(crate) safe fn thimble_device_flash_erase(offset: u32, length: usize) -> i32;
    }
}
