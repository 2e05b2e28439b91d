//! Runs a WASI program with arguments, a directory and standard streams of its own.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]

use std::error::Error;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use thimble::wasi::{self, Failure, OutputStream, Rights, WasiContext};
use thimble::{Engine, Linker, Module, Store};
use thimble_platform_host::Host;

/// Keeps what the program prints.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl OutputStream for Captured {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        let mut output = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        output.extend_from_slice(bytes);
        Ok(bytes.len())
    }
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let bytes = std::fs::read(format!("{root}/guests/wasm/wc.wasm"))?;
    let engine = Engine::default();
    let module = Module::new(&engine, &bytes)?;
    let mut linker = Linker::new(&engine);
    // The functions find a program's context in the data of its store: here it is the data.
    wasi::add_to_linker(&mut linker, |context: &mut WasiContext| context)?;

    // The program sees this directory as /, may read what is in it, and sees nothing else.
    let directory = std::env::temp_dir().join(format!("thimble-wasi-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    std::fs::File::create(directory.join("notes"))?.write_all(b"one two\nthree\n")?;
    let path = directory.to_str().ok_or("the path is not UTF-8")?;

    // The platform lives as long as the process.
    let platform = Box::leak(Box::new(Host::new()));
    let output = Captured::default();
    let context = WasiContext::builder(platform)
        .argument("wc")?
        .argument("/notes")?
        .directory_with(path, "/", Rights::READ_ONLY)?
        .standard_output(Box::new(output.clone()))
        .build()?;

    let mut store = Store::new(&engine, context)?;
    let instance = linker.instantiate(&mut store, &module)?;
    let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
    let status = match start.call(&mut store, ()) {
        Ok(()) => 0,
        Err(error) => error.exit_status().ok_or(error)?,
    };
    // Closes whatever the program left open.
    drop(store);
    std::fs::remove_dir_all(&directory)?;

    let output = output.0.lock().unwrap_or_else(PoisonError::into_inner);
    let output = String::from_utf8_lossy(&output);
    print!("status {status}, output: {output}");
    assert_eq!((status, output.as_ref()), (0, "2 3 14 /notes\n"));
    Ok(())
}
