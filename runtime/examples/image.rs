//! Compiles a module ahead of time, and runs the image where it lies.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example for a host, where a failing allocation may abort"
)]
#![allow(missing_docs, reason = "public for the test that runs it")]
#![allow(clippy::expect_used, reason = "what must fail did not")]

use std::error::Error;

use thimble::code::image::Buffer;
use thimble::{Engine, Linker, Module, Store};

pub fn main() -> Result<(), Box<dyn Error>> {
    let bytes = wat::parse_str(
        r#"(module (func (export "square") (param i32) (result i32)
             (i32.mul (local.get 0) (local.get 0))))"#,
    )?;
    let engine = Engine::default();

    // On the machine that builds: the same bytes, whatever machine that is.
    let path = std::env::temp_dir().join(format!("thimble-image-{}.thm", std::process::id()));
    let module = Module::new(&engine, &bytes)?;
    std::fs::write(&path, module.image_bytes())?;

    // On the device: an image from outside is verified before it runs. One in flash would be
    // passed as a `&'static [u8]` and not copied.
    let image = std::fs::read(&path)?;
    std::fs::remove_file(&path)?;
    let module = Module::from_image(&engine, Buffer::copy_of(&image)?)?;
    let mut store = Store::new(&engine, ())?;
    let instance = Linker::new(&engine).instantiate(&mut store, &module)?;
    let square = instance.get_typed_func::<i32, i32>(&store, "square")?;
    println!(
        "{} bytes of image; the square of 12 is {}",
        image.len(),
        square.call(&mut store, 12)?
    );
    assert_eq!(square.call(&mut store, 12)?, 144);

    // Damage is found, not executed.
    let mut damaged = image;
    if let Some(byte) = damaged.last_mut() {
        *byte ^= 1;
    }
    let error = Module::from_image(&engine, Buffer::copy_of(&damaged)?).expect_err("it is damaged");
    println!("the damaged image was refused: {error}");
    Ok(())
}
