//! A guest switches a light, which this application has.
#![no_std]

use thimble::{
    Caller, Config, Engine, Error, Invocation, Limits, Linker, Module, Store, TypedFunc,
};
use zephyr::printkln;
use zephyr::time::{Duration, now, sleep};

/// `guests/c/blink.c`.
static BLINK: &[u8] = include_bytes!("../../../guests/wasm/blink.wasm");

/// What a guest may use of the device's memory.
const MEMORY_BYTES: u64 = 64 * 1024;
/// Cells of 4 bytes that its calls may take.
const STACK_CELLS: u32 = 1024;
/// Calls and backward branches of the guest until this application has its turn.
const SLICE: u64 = 2;

/// A light that lasts for so many changes.
struct Light {
    changes_left: u32,
}

/// The functions that the guest imports: closures over what Zephyr has.
fn natives(engine: &Engine) -> Result<Linker<Light>, Error> {
    let mut linker = Linker::new(engine);
    linker.func("env", "led", |mut caller: Caller<'_, Light>, on: i32| {
        let light = caller.data_mut();
        // The guest's run ends with this number.
        light.changes_left = light.changes_left.checked_sub(1).ok_or(Error::Host(5))?;
        printkln!("light {}", if on == 0 { "off" } else { "on" });
        Ok(())
    })?;
    linker.func("env", "wait", |milliseconds: i32| {
        // Zephyr takes no wait at all as something else than a duration.
        let milliseconds = milliseconds.clamp(1, 1000).unsigned_abs();
        sleep(Duration::millis_at_least(milliseconds.into()));
    })?;
    Ok(linker)
}

/// Has the guest blink so often, a slice of fuel at a time.
fn blink(
    store: &mut Store<Light>,
    function: &TypedFunc<i32, i32>,
    times: i32,
) -> Result<(), Error> {
    let begin = now();
    let mut slices = 1;
    store.set_fuel(Some(SLICE));
    let mut invocation = function.call_resumable(&mut *store, times)?;
    let changes = loop {
        match invocation {
            Invocation::Finished(changes) => break changes,
            Invocation::Suspended(suspension) => {
                // Here the application can do something else.
                slices += 1;
                store.set_fuel(Some(SLICE));
                invocation = suspension.resume(&mut *store, ())?;
            }
        }
    };
    let milliseconds = (now() - begin).to_millis();
    printkln!("the guest made {changes} changes in {slices} slices and {milliseconds} ms");
    Ok(())
}

fn run() -> Result<(), Error> {
    let engine = Engine::new(Config::default().limits(Limits {
        memory_bytes: MEMORY_BYTES,
        stack_cells: STACK_CELLS,
        ..Limits::default()
    }));
    let module = Module::new(&engine, BLINK)?;
    let mut store = Store::new(&engine, Light { changes_left: 6 })?;
    let instance = natives(&engine)?.instantiate(&mut store, &module)?;
    let function = instance.get_typed_func::<i32, i32>(&store, "blink")?;
    blink(&mut store, &function, 2)?;
    blink(&mut store, &function, 3)
}

/// Zephyr's main function calls this.
// SAFETY: the name is the one that Zephyr's Rust support declares, with this type.
#[unsafe(no_mangle)]
extern "C" fn rust_main() {
    printkln!("Thimble on {}", zephyr::kconfig::CONFIG_BOARD);
    match run() {
        Ok(()) => printkln!("done"),
        Err(error) => printkln!("the light is broken: {error}"),
    }
}
