//! Programs: what `src/runtime.h` declares of them.

use alloc::alloc::dealloc;
use core::alloc::Layout;
use core::ffi::{CStr, c_char};
use core::fmt::Write;

use thimble::wasi::{self, Errno, WasiContext};
use thimble::{Config, Engine, Error, InterruptHandle, Limits, Linker, Module, Store, Trap};
use thimble_platform::{ErrorKind, Platform, Stream, WakeHandle};
use thimble_platform_ffi::CPlatform;

use crate::platform::{allocate, platform};

/// `struct thimble_program_options`.
#[repr(C)]
struct Options {
    module: *const u8,
    module_length: usize,
    arguments: *const *const c_char,
    argument_count: usize,
    input: usize,
    output: usize,
    error: usize,
    maximum_memory: u64,
    stack_cells: u32,
}

/// `struct thimble_program`. The thread that runs it uses the store, another the rest.
struct Program {
    platform: &'static CPlatform,
    engine: Engine,
    module: &'static [u8],
    store: Store<WasiContext>,
    stop: InterruptHandle,
    /// Ends the waits of the program when it is to stop.
    wake: WakeHandle,
    error: Stream,
}

/// How a program ended.
enum Ending {
    Exited(i32),
    Failed,
    Stopped,
}

/// The status of the platform contract for an error of this kind.
fn failed(kind: ErrorKind) -> i32 {
    -(kind as i32)
}

/// Why a program cannot be made.
fn reason(error: Error) -> ErrorKind {
    match error {
        Error::OutOfMemory => ErrorKind::OutOfMemory,
        _ => ErrorKind::Other,
    }
}

fn reason_of_errno(errno: Errno) -> ErrorKind {
    match errno {
        Errno::Nomem => ErrorKind::OutOfMemory,
        Errno::Inval | Errno::Toobig => ErrorKind::InvalidArgument,
        _ => ErrorKind::Other,
    }
}

/// The context of a program.
///
/// # Safety
///
/// The arguments are texts that end with NUL.
unsafe fn context(
    platform: &'static CPlatform,
    options: &Options,
    wake: WakeHandle,
) -> Result<WasiContext, ErrorKind> {
    let mut builder = WasiContext::builder(platform).wake(wake).console(
        Stream::from_raw(options.input),
        Stream::from_raw(options.output),
        Stream::from_raw(options.error),
    );
    for index in 0..options.argument_count {
        // SAFETY: by this function's own condition, there are so many.
        let argument = unsafe { CStr::from_ptr(options.arguments.add(index).read()) };
        let argument = argument.to_str().map_err(|_| ErrorKind::InvalidArgument)?;
        builder = builder.argument(argument).map_err(reason_of_errno)?;
    }
    builder.build().map_err(reason_of_errno)
}

/// Makes a program.
///
/// # Safety
///
/// The options are as `src/runtime.h` says.
unsafe fn create(
    platform: &'static CPlatform,
    options: &Options,
    wake: WakeHandle,
) -> Result<*mut Program, ErrorKind> {
    // SAFETY: the module stays where it is while the program lives, and the
    // reference does not leave the program.
    let module = unsafe { core::slice::from_raw_parts(options.module, options.module_length) };
    let limits = Limits {
        memory_bytes: options.maximum_memory,
        stack_cells: options.stack_cells,
        ..Limits::default()
    };
    let engine = Engine::new(Config::default().limits(limits));
    // SAFETY: by this function's own condition.
    let context = unsafe { context(platform, options, wake) }?;
    let store = Store::new(&engine, context).map_err(reason)?;
    let stop = store.interrupt_handle();
    let program = Program {
        platform,
        engine,
        module,
        store,
        stop,
        wake,
        error: Stream::from_raw(options.error),
    };
    allocate(program).ok_or(ErrorKind::OutOfMemory)
}

/// See `src/runtime.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_program_create(
    options: *const Options,
    program: *mut *mut Program,
) -> i32 {
    let Some(platform) = platform() else {
        return failed(ErrorKind::OutOfMemory);
    };
    let wake = match platform.wakes().create() {
        Ok(wake) => wake,
        Err(error) => return failed(error.kind()),
    };
    // SAFETY: by this function's own condition.
    match unsafe { create(platform, &*options, wake) } {
        Ok(created) => {
            // SAFETY: likewise.
            unsafe { program.write(created) };
            0
        }
        Err(kind) => {
            // Nothing polls with it, so it can be destroyed.
            let _ = platform.wakes().destroy(wake);
            failed(kind)
        }
    }
}

/// Messages for the person who started a program.
struct Messages {
    platform: &'static CPlatform,
    stream: Stream,
}

impl Write for Messages {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let written = self.platform.console().write(self.stream, rest);
            rest = match written {
                Ok(count @ 1..) => rest.get(count..).unwrap_or_default(),
                _ => return Err(core::fmt::Error),
            };
        }
        Ok(())
    }
}

/// Translates a module, and runs it to its end.
fn start(engine: &Engine, module: &[u8], store: &mut Store<WasiContext>) -> Result<(), Error> {
    let module = Module::new(engine, module)?;
    let mut linker = Linker::new(engine);
    wasi::add_to_linker(&mut linker, |context: &mut WasiContext| context)?;
    let instance = linker.instantiate(&mut *store, &module)?;
    let start = instance.get_typed_func::<(), ()>(&*store, "_start")?;
    start.call(store, ())
}

/// Says why a program failed. When that cannot be written, nobody is there to read.
fn explain(messages: &mut Messages, store: &Store<WasiContext>, error: Error) {
    let _ = match error {
        Error::Trap(trap) => writeln!(messages, "trap: {trap}"),
        error => writeln!(messages, "cannot run: {error}"),
    };
    for (frame, name) in store.backtrace() {
        let _ = match name {
            Some(name) => writeln!(messages, "  in {}", name.escape_debug()),
            None => writeln!(messages, "  in function {}", frame.function),
        };
    }
}

/// See `src/runtime.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_program_run(program: *mut Program, status: *mut i32) -> i32 {
    // SAFETY: the program lives, and one thread runs it: nobody else uses the store.
    // The other fields do not change.
    let (store, engine, module, mut messages) = unsafe {
        let messages = Messages {
            platform: (*program).platform,
            stream: (*program).error,
        };
        let store = &mut *(&raw mut (*program).store);
        (store, &(*program).engine, (*program).module, messages)
    };
    let ending = match start(engine, module, store) {
        Ok(()) => Ending::Exited(0),
        Err(Error::Exit(status)) => Ending::Exited(status),
        Err(Error::Trap(Trap::Interrupted)) => Ending::Stopped,
        Err(error) => {
            explain(&mut messages, store, error);
            Ending::Failed
        }
    };
    match ending {
        Ending::Exited(exit_status) => {
            // SAFETY: by this function's own condition.
            unsafe { status.write(exit_status) };
            0
        }
        Ending::Failed => 1,
        Ending::Stopped => 2,
    }
}

/// See `src/runtime.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_program_stop(program: *mut Program) {
    // SAFETY: the program lives; only shared references to these fields exist.
    let (platform, stop, wake) =
        unsafe { ((*program).platform, &(*program).stop, (*program).wake) };
    stop.stop();
    // The wake object lives as long as the program.
    let _ = platform.wakes().wake(wake);
}

/// See `src/runtime.h`.
///
/// # Safety
///
/// As it says there.
#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_program_destroy(program: *mut Program) {
    // SAFETY: nobody uses the program any more, and it was allocated as one.
    let taken = unsafe {
        let taken = program.read();
        dealloc(program.cast(), Layout::new::<Program>());
        taken
    };
    let (platform, wake) = (taken.platform, taken.wake);
    drop(taken);
    // Nothing polls with it any more.
    let _ = platform.wakes().destroy(wake);
}
