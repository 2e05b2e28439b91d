//! Runs the C programs in `c/` over the host.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests may abort"
)]
#![allow(unsafe_code, reason = "the programs are C")]

/// The platform below: that of the adapter's own tests.
#[path = "../../../platform/ffi/tests/shim/mod.rs"]
mod shim;

use std::ffi::{CString, c_char};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use thimble::{Engine, Module};
use thimble_c as _;
use thimble_tests_memory::allocator::Allocator;
use thimble_tests_memory::sweep::{End, sweep};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

#[allow(improper_ctypes, reason = "a handle that only goes through")]
mod c {
    use super::c_char;

    /// `struct thimble_module`.
    #[repr(C)]
    pub struct Handle([u8; 0]);

    unsafe extern "C" {
        pub fn thimble_module_load(
            bytes: *const u8,
            length: usize,
            flags: u32,
            module: *mut *mut Handle,
            error: *mut u8,
        ) -> i32;
        pub fn thimble_module_unload(module: *mut Handle);
        pub fn test_device_prepare(store: *const c_char);
        pub fn test_device_add(name: *const c_char, content: *const u8, length: usize);
        pub fn test_load(module: *const u8, length: usize, image: *const u8, length: usize) -> i32;
        pub fn test_load_refused(
            module: *const u8,
            length: usize,
            image: *mut u8,
            length: usize,
        ) -> i32;
        pub fn test_open(
            built_in: *const c_char,
            installed: *const c_char,
            path: *const c_char,
            damaged: *const c_char,
        ) -> i32;
        pub safe fn test_error_text() -> i32;
        pub fn test_call(module: *mut Handle) -> i32;
        pub fn test_call_refused(module: *mut Handle) -> i32;
        pub fn test_create_refused(module: *mut Handle) -> i32;
        pub fn test_imports(module: *mut Handle) -> i32;
        pub fn test_native_errors(module: *mut Handle) -> i32;
        pub fn test_traps(module: *mut Handle) -> i32;
        pub fn test_memory(module: *mut Handle) -> i32;
        pub fn test_no_memory(module: *mut Handle) -> i32;
        pub fn test_start(module: *mut Handle) -> i32;
        pub fn test_limits(module: *mut Handle, image: usize) -> i32;
        pub fn test_stop(module: *mut Handle) -> i32;
        pub fn test_stop_in_native(module: *mut Handle) -> i32;
        pub fn test_unload(bytes: *const u8, length: usize) -> i32;
        pub safe fn test_program() -> i32;
        pub safe fn test_console() -> i32;
        pub fn test_directory(path: *const c_char) -> i32;
        pub safe fn test_program_refused() -> i32;
        pub safe fn test_no_wasi() -> i32;
        pub safe fn test_stop_program() -> i32;
        pub fn scenario_instance(bytes: *const u8, length: usize) -> i32;
        pub safe fn scenario_program() -> i32;
    }
}

/// Wake objects of the host, whose own allocations are not what is tried: the linker
/// puts these before the shim's (`build.rs`).
mod wakes {
    use thimble_tests_memory::allocator::undisturbed;

    unsafe extern "C" {
        fn __real_thimble_platform_wake_create(wake: *mut usize) -> i32;
        safe fn __real_thimble_platform_wake_destroy(wake: usize) -> i32;
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn __wrap_thimble_platform_wake_create(wake: *mut usize) -> i32 {
        // SAFETY: passed on as it came.
        undisturbed(|| unsafe { __real_thimble_platform_wake_create(wake) })
    }

    #[unsafe(no_mangle)]
    extern "C" fn __wrap_thimble_platform_wake_destroy(wake: usize) -> i32 {
        undisturbed(|| __real_thimble_platform_wake_destroy(wake))
    }
}

/// What the console takes, one by one: as for wake objects, the linker puts this before the shim's.
mod console {
    use std::cell::RefCell;

    thread_local! {
        /// What was written by this thread, if that is kept.
        static KEPT: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
    }

    /// What is written while this is done.
    pub fn written(work: impl FnOnce()) -> Vec<String> {
        KEPT.set(Some(Vec::new()));
        work();
        KEPT.take().unwrap()
    }

    unsafe extern "C" {
        fn __real_thimble_platform_console_write(
            stream: usize,
            data: *const u8,
            length: usize,
        ) -> i32;
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn __wrap_thimble_platform_console_write(
        stream: usize,
        data: *const u8,
        length: usize,
    ) -> i32 {
        KEPT.with_borrow_mut(|kept| match kept {
            Some(kept) => {
                // SAFETY: by the header, the data can be read.
                let bytes = unsafe { std::slice::from_raw_parts(data, length) };
                kept.push(String::from_utf8(bytes.to_vec()).unwrap());
                i32::try_from(length).unwrap()
            }
            // SAFETY: passed on as it came.
            None => unsafe { __real_thimble_platform_console_write(stream, data, length) },
        })
    }
}

/// The guest of `c/instances.c`.
static GUEST: LazyLock<Vec<u8>> =
    LazyLock::new(|| wat::parse_str(include_str!("guest.wat")).unwrap());

fn image(module: &[u8]) -> Vec<u8> {
    let module = Module::new(&Engine::default(), module).unwrap();
    module.image_bytes().to_vec()
}

/// Runs a test with a module that is unloaded behind it. Nothing may be lost.
fn with_module(bytes: &[u8], test: unsafe extern "C" fn(*mut c::Handle) -> i32) {
    let before = thimble_tests_memory::allocator::live();
    let mut module = std::ptr::null_mut();
    // SAFETY: the module can be read, its place be written.
    let status = unsafe {
        c::thimble_module_load(
            bytes.as_ptr(),
            bytes.len(),
            0,
            &mut module,
            std::ptr::null_mut(),
        )
    };
    assert_eq!(status, 0);
    // SAFETY: the test gets what it asks for, and gives back what it makes.
    unsafe {
        assert_eq!(test(module), 0);
        c::thimble_module_unload(module);
    }
    assert_eq!(
        thimble_tests_memory::allocator::live(),
        before,
        "bytes lost"
    );
}

fn with_guest(test: unsafe extern "C" fn(*mut c::Handle) -> i32) {
    LazyLock::force(&GUEST);
    LazyLock::force(&FIRMWARE);
    with_module(&GUEST, test);
}

/// The files of the tests.
struct Firmware {
    directory: PathBuf,
}

impl Firmware {
    fn path(&self, name: &str) -> CString {
        let path = self.directory.join(name);
        CString::new(path.to_str().unwrap()).unwrap()
    }
}

/// Made once, before anything asks for programs by name.
static FIRMWARE: LazyLock<Firmware> = LazyLock::new(|| {
    let directory =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("c-{}", std::process::id()));
    std::fs::create_dir_all(directory.join("store")).unwrap();
    let firmware = Firmware { directory };
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests/wasm");
    let store = firmware.path("store");
    // SAFETY: the text stays.
    unsafe { c::test_device_prepare(store.into_raw()) };
    for name in [
        "hello",
        "hello-c",
        "hello-freestanding",
        "exit",
        "cat",
        "clock",
        "spin",
    ] {
        let content = std::fs::read(guests.join(format!("{name}.wasm")))
            .unwrap()
            .leak();
        let name = CString::new(name).unwrap();
        // SAFETY: the texts and the content stay.
        unsafe { c::test_device_add(name.into_raw(), content.as_ptr(), content.len()) };
    }
    let content = std::fs::read(guests.join("small/cat.wasm")).unwrap().leak();
    // SAFETY: as above.
    unsafe { c::test_device_add(c"copy-input".as_ptr(), content.as_ptr(), content.len()) };
    let path = |name: &str| firmware.directory.join(name);
    std::fs::write(path("file"), "content\n").unwrap();
    std::fs::write(path("guest.wasm"), &*GUEST).unwrap();
    let (_, cut) = GUEST.split_last().unwrap();
    std::fs::write(path("damaged.wasm"), cut).unwrap();
    let storage = thimble_device_ffi::device().unwrap().storage().unwrap();
    storage
        .install(&Engine::default(), "installed", &mut GUEST.as_slice())
        .unwrap();
    firmware
});

#[test]
fn modules_and_images_are_loaded() {
    let image = image(&GUEST);
    // SAFETY: both can be read, and stay.
    let failed = unsafe { c::test_load(GUEST.as_ptr(), GUEST.len(), image.as_ptr(), image.len()) };
    assert_eq!(failed, 0);
}

#[test]
fn what_is_neither_is_refused() {
    let mut image = image(&GUEST);
    // SAFETY: both can be read, and the image be written.
    let failed = unsafe {
        c::test_load_refused(GUEST.as_ptr(), GUEST.len(), image.as_mut_ptr(), image.len())
    };
    assert_eq!(failed, 0);
}

#[test]
fn programs_are_opened_by_name() {
    let (path, damaged) = (FIRMWARE.path("guest.wasm"), FIRMWARE.path("damaged.wasm"));
    // SAFETY: the texts end with NUL.
    let failed = unsafe {
        c::test_open(
            c"hello".as_ptr(),
            c"installed".as_ptr(),
            path.as_ptr(),
            damaged.as_ptr(),
        )
    };
    assert_eq!(failed, 0);
}

#[test]
fn errors_are_put_into_words() {
    LazyLock::force(&FIRMWARE);
    assert_eq!(c::test_error_text(), 0);
}

#[test]
fn functions_are_called_in_both_directions() {
    with_guest(c::test_call);
}

#[test]
fn calls_that_do_not_fit_are_refused() {
    with_guest(c::test_call_refused);
}

#[test]
fn options_that_make_no_sense_are_refused() {
    with_guest(c::test_create_refused);
}

#[test]
fn imports_that_are_missing_or_of_another_type_are_named() {
    with_guest(c::test_imports);
}

#[test]
fn errors_of_native_functions_end_the_run() {
    with_guest(c::test_native_errors);
}

#[test]
fn traps_come_with_where_they_happened() {
    with_guest(c::test_traps);
}

#[test]
fn memory_is_accessed_with_bounds() {
    with_guest(c::test_memory);
    with_module(&wat::parse_str("(module)").unwrap(), c::test_no_memory);
}

#[test]
fn start_functions_run_at_the_first_use() {
    let guest = r#"(module
        (import "env" "early" (func $early))
        (memory 1)
        (export "memory" (memory 0))
        (global $initialized (mut i32) (i32.const 0))
        (func $start (call $early))
        (start $start)
        (func (export "_initialize")
            (global.set $initialized (i32.add (global.get $initialized) (i32.const 1))))
        (func (export "initialized") (result i32) (global.get $initialized)))"#;
    with_module(&wat::parse_str(guest).unwrap(), c::test_start);
}

#[test]
fn limits_hold_and_are_seen() {
    unsafe extern "C" fn test(module: *mut c::Handle) -> i32 {
        // SAFETY: the module is the one of the guest.
        unsafe { c::test_limits(module, image(&GUEST).len()) }
    }
    with_guest(test);
}

#[test]
fn instances_are_stopped_from_another_thread() {
    with_guest(c::test_stop);
    with_guest(c::test_stop_in_native);
}

#[test]
fn a_module_can_be_unloaded_before_its_instances_end() {
    LazyLock::force(&FIRMWARE);
    let before = thimble_tests_memory::allocator::live();
    // SAFETY: the module can be read.
    let failed = unsafe { c::test_unload(GUEST.as_ptr(), GUEST.len()) };
    assert_eq!(failed, 0);
    assert_eq!(
        thimble_tests_memory::allocator::live(),
        before,
        "bytes lost"
    );
}

#[test]
fn programs_run_with_what_they_are_given() {
    let path = CString::new(FIRMWARE.directory.to_str().unwrap()).unwrap();
    assert_eq!(c::test_program(), 0);
    // SAFETY: the text ends with NUL.
    assert_eq!(unsafe { c::test_directory(path.as_ptr()) }, 0);
}

#[test]
fn a_console_has_whole_lines_if_it_wants_them() {
    LazyLock::force(&FIRMWARE);
    let lines = console::written(|| assert_eq!(c::test_console(), 0));
    assert_eq!(
        lines,
        [
            "one line\n",
            "and another\n",
            "\n",
            "more than 16 byt",
            "es\n",
            "just 16 bytes...\n",
            "15 bytes before",
            "ä\n",
            "no end",
        ]
    );
}

#[test]
fn programs_get_no_more_than_they_are_given() {
    LazyLock::force(&FIRMWARE);
    assert_eq!(c::test_program_refused(), 0);
    assert_eq!(c::test_no_wasi(), 0);
}

#[test]
fn programs_that_wait_or_compute_are_stopped() {
    LazyLock::force(&FIRMWARE);
    assert_eq!(c::test_stop_program(), 0);
}

/// What a scenario came to, in the terms of the sweep.
fn end(status: i32) -> End {
    match status {
        0 => End::Complete,
        2 => End::LessInformation,
        // `THIMBLE_ERROR(THIMBLE_OUT_OF_MEMORY, 0)`
        -2 => End::NoMemory,
        other => panic!("another error than that there is no memory: {other}"),
    }
}

#[test]
fn every_allocation_of_an_instance_may_fail() {
    LazyLock::force(&FIRMWARE);
    let allocations = sweep("instance", || {
        // SAFETY: the module can be read.
        end(unsafe { c::scenario_instance(GUEST.as_ptr(), GUEST.len()) })
    });
    assert!(allocations > 20);
}

#[test]
fn every_allocation_of_a_program_may_fail() {
    LazyLock::force(&FIRMWARE);
    let allocations = sweep("program", || end(c::scenario_program()));
    assert!(allocations > 50);
}
