//! The least firmware that runs a guest: its size is what the interpreter takes, with what it needs of libraries.
//!
//! In the guest's memory are two 32-bit numbers, the length of the guest and an argument, and then the guest: a module
//! or, without `translate`, an image. Its `run` is called with the argument; the emulator ends with the low byte of what
//! that returns, or with 255. Nothing is printed: formatting numbers takes more than some parts of the runtime.
#![no_std]
#![no_main]

use thimble::{Engine, Error, Linker, Module, Store, Val};
use thimble_bare::{guest, machine};

#[machine::entry]
fn main() -> ! {
    let status = match run() {
        Ok(result) => result & 0xff,
        Err(_) => 255,
    };
    semihosting::process::exit(status)
}

fn number(position: usize) -> i32 {
    let bytes = guest(position + 4);
    match bytes.last_chunk() {
        Some(bytes) => i32::from_le_bytes(*bytes),
        None => 0,
    }
}

fn run() -> Result<i32, Error> {
    let length = usize::try_from(number(0)).map_err(|_| Error::Usage("no length"))?;
    let argument = Val::I32(number(4));
    let content = guest(length.saturating_add(8)).get(8..).unwrap_or_default();

    let engine = Engine::default();
    #[cfg(feature = "translate")]
    let module = Module::new(&engine, content)?;
    #[cfg(not(feature = "translate"))]
    let module = {
        // SAFETY: who runs this firmware made the image with this version's translator.
        let image = unsafe { thimble::TrustedImage::new(content) };
        Module::from_trusted(&engine, image)?
    };
    let mut store = Store::new(&engine, ())?;
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
    let function = instance
        .get_func(&store, "run")
        .ok_or(Error::Usage("no function run"))?;
    let mut results = [Val::I32(0)];
    function.call(&mut store, &[argument], &mut results)?;
    match results {
        [Val::I32(result)] => Ok(result),
        _ => Err(Error::Usage("no number")),
    }
}
