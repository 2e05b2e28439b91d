//! A guest switches a light, which a task of this application has.
#![no_std]
#![allow(
    clippy::disallowed_methods,
    reason = "the tasks' crate allocates so as well: an application without memory cannot start"
)]
extern crate alloc;

use alloc::sync::Arc;
use core::fmt::{self, Write};
use core::panic::PanicInfo;

use freertos_rust::{
    CurrentTask, Duration, FreeRtosAllocator, FreeRtosError, FreeRtosUtils, Queue, Task,
    TaskPriority, shim_sanity_check,
};
use thimble::{Caller, Config, Engine, Error, Limits, Linker, Module, Store};

/// `guests/c/blink.c`.
static BLINK: &[u8] = include_bytes!("../../../../guests/wasm/blink.wasm");

/// What a guest may use of the device's memory.
const MEMORY_BYTES: u64 = 64 * 1024;
/// Cells of 4 bytes that its calls may take.
const STACK_CELLS: u32 = 1024;
/// How often it blinks.
const TIMES: i32 = 3;

/// Words of the stacks of tasks.
const GUEST_STACK: u16 = 2048;
const LIGHT_STACK: u16 = 512;

/// Aligns to 8 bytes, whatever is asked for: Thimble asks for no more.
#[global_allocator]
static ALLOCATOR: FreeRtosAllocator = FreeRtosAllocator;

unsafe extern "C" {
    /// See `boards/common/board.h`.
    safe fn board_initialize();
    unsafe fn board_write(data: *const u8, length: usize) -> usize;
    safe fn board_exit(status: i32) -> !;
}

/// The board's console.
struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // SAFETY: the text can be read during the call.
        unsafe { board_write(text.as_ptr(), text.len()) };
        Ok(())
    }
}

macro_rules! say {
    ($($argument:tt)*) => {
        // Cannot fail.
        let _ = writeln!(Console, $($argument)*);
    };
}

/// Whether the light is to be on.
type Switch = Arc<Queue<bool>>;

/// The functions that the guest imports: closures over what FreeRTOS has.
fn natives(engine: &Engine) -> Result<Linker<Switch>, Error> {
    let mut linker = Linker::new(engine);
    linker.func("env", "led", |mut caller: Caller<'_, Switch>, on: i32| {
        caller
            .data_mut()
            .send(on != 0, Duration::ms(1000))
            // The guest's run ends with this number.
            .map_err(|_| Error::Host(5))
    })?;
    linker.func("env", "wait", |milliseconds: i32| {
        let milliseconds = milliseconds.clamp(1, 1000).unsigned_abs();
        CurrentTask::delay(Duration::ms(milliseconds));
    })?;
    Ok(linker)
}

/// Runs the guest; returns how often it switched the light.
fn blink(switch: Switch) -> Result<i32, Error> {
    let engine = Engine::new(Config::default().limits(Limits {
        memory_bytes: MEMORY_BYTES,
        stack_cells: STACK_CELLS,
        ..Limits::default()
    }));
    let module = Module::new(&engine, BLINK)?;
    let mut store = Store::new(&engine, switch)?;
    let instance = natives(&engine)?.instantiate(&mut store, &module)?;
    let function = instance.get_typed_func::<i32, i32>(&store, "blink")?;
    function.call(&mut store, TIMES)
}

/// What the guest's task does.
fn run_guest(switch: Switch) -> ! {
    let status = match blink(switch) {
        Ok(changes) => {
            say!("the guest made {changes} changes");
            i32::from(changes != 2 * TIMES)
        }
        Err(error) => {
            say!("the light is broken: {error}");
            1
        }
    };
    board_exit(status)
}

/// What the light's task does.
fn show_light(switch: &Queue<bool>) -> ! {
    loop {
        if let Ok(on) = switch.receive(Duration::infinite()) {
            say!("light {}", if on { "on" } else { "off" });
        }
    }
}

fn start() -> Result<(), FreeRtosError> {
    let light: Switch = Arc::new(Queue::new(4)?);
    let switch = light.clone();
    Task::new()
        .name("light")
        .stack_size(LIGHT_STACK)
        .priority(TaskPriority(2))
        .start(move |_| show_light(&light))?;
    Task::new()
        .name("guest")
        .stack_size(GUEST_STACK)
        .priority(TaskPriority(1))
        .start(move |_| run_guest(switch))?;
    Ok(())
}

/// What the board calls after its reset.
// SAFETY: the name is the one that the C library's start calls, with this type.
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    board_initialize();
    // The crate fixes FreeRTOS's types; this compares them with those of the configuration.
    if let Err(error) = shim_sanity_check() {
        say!("type {} has {} bytes in C", error.id, error.c_size);
        board_exit(1);
    }
    match start() {
        Ok(()) => FreeRtosUtils::start_scheduler(),
        Err(error) => {
            say!("the tasks do not start: {error:?}");
            board_exit(1)
        }
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    say!("{info}");
    board_exit(4)
}
