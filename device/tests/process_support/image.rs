//! Images as a build of firmware makes them.
#![allow(unsafe_code, reason = "trusting an image is the firmware's promise")]

use thimble::code::image::Buffer;
use thimble::{Engine, Module, TrustedImage};

/// The image of a module, as static data.
pub fn trusted(module: &[u8]) -> TrustedImage {
    let module = Module::new(&Engine::default(), module).expect("a module");
    let copy = Buffer::copy_of(module.image_bytes()).expect("memory");
    let kept: &'static Buffer = Box::leak(Box::new(copy));
    // SAFETY: the image was made above, and nobody can change it.
    unsafe { TrustedImage::new(kept.as_bytes()) }
}
