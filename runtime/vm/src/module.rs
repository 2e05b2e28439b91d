//! Modules: images that are ready to be instantiated.

#[cfg(feature = "translate")]
use thimble_code::image::Buffer;
use thimble_code::image::{Bytes, Exports, Image, ImageError, Imports};

use crate::engine::Engine;
use crate::error::Error;
use crate::inner::MAX_FUNCTIONS;
use crate::shared::Shared;

/// An image that is trusted without being verified, such as those that are part of
/// the firmware.
#[derive(Clone, Copy, Debug)]
pub struct TrustedImage(&'static [u8]);

impl TrustedImage {
    /// Trusts an image.
    ///
    /// # Safety
    /// As for [`Module::from_trusted_image`].
    #[allow(unsafe_code, reason = "trusting an image is the caller's promise")]
    #[must_use]
    pub const unsafe fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes of the image.
    #[must_use]
    pub const fn as_bytes(self) -> &'static [u8] {
        self.0
    }
}

/// A module, validated and translated. Clones share the image.
#[derive(Clone, Debug)]
pub struct Module(Shared<Bytes>);

impl Module {
    /// Validates and translates a module. Needs the feature `translate`.
    ///
    /// # Errors
    /// [`Error::Module`] with the offset of what is wrong; [`Error::OutOfMemory`].
    #[cfg(feature = "translate")]
    pub fn new(engine: &Engine, mut bytes: &[u8]) -> Result<Self, Error> {
        Self::new_streaming(engine, &mut bytes)
    }

    /// Validates and translates a module as its bytes arrive, in pieces of any
    /// size. No copy of them is kept. Needs the feature `translate`.
    ///
    /// # Errors
    /// As [`new`](Self::new), and the source's.
    #[cfg(feature = "translate")]
    pub fn new_streaming(
        engine: &Engine,
        source: &mut dyn thimble_wasm::Source,
    ) -> Result<Self, Error> {
        let mut buffer = Buffer::new();
        engine.translate_to_buffer(source, &mut buffer)?;
        // Now that the translator has given back its memory.
        buffer.shrink();
        Self::with_bytes(buffer.into())
    }

    /// Takes an image from outside, after verifying it. Needs the feature `verify`.
    ///
    /// # Errors
    /// [`Error::Image`] says why the image was refused.
    #[cfg(feature = "verify")]
    pub fn from_image(_engine: &Engine, image: impl Into<Bytes>) -> Result<Self, Error> {
        let bytes = image.into();
        thimble_code::image::verify(&Image::open(bytes.as_bytes())?)?;
        Self::with_bytes(bytes)
    }

    /// Takes an image without verifying its code.
    ///
    /// # Errors
    /// [`Error::Image`] says what of the image's frame does not fit.
    ///
    /// # Safety
    /// The image was made by this version of Thimble and not changed since: this
    /// device made it, it is part of the firmware, or a trusted signature covers
    /// it. The code of any other image may read and write any memory.
    #[allow(unsafe_code, reason = "trusting an image is the caller's promise")]
    pub unsafe fn from_trusted_image(
        _engine: &Engine,
        image: impl Into<Bytes>,
    ) -> Result<Self, Error> {
        let bytes = image.into();
        Image::open_trusted(bytes.as_bytes())?;
        Self::with_bytes(bytes)
    }

    /// Takes an image whose code was promised to be trustworthy.
    ///
    /// # Errors
    /// [`Error::Image`] says what of the image's frame does not fit.
    pub fn from_trusted(engine: &Engine, image: TrustedImage) -> Result<Self, Error> {
        // SAFETY: who made the `TrustedImage` has promised what is asked for here.
        #[allow(unsafe_code, reason = "the promise was made before")]
        unsafe {
            Self::from_trusted_image(engine, image.0)
        }
    }

    fn with_bytes(bytes: Bytes) -> Result<Self, Error> {
        let image = Image::assume_open(bytes.as_bytes());
        if image.record_count() > MAX_FUNCTIONS {
            return Err(Error::Image(ImageError::Malformed {
                offset: 0,
                message: "more than 1,048,575 functions",
            }));
        }
        Ok(Self(Shared::try_new(bytes)?))
    }

    /// The image, to be read.
    pub(crate) fn image(&self) -> Image<'_> {
        let bytes = self.0.as_bytes();
        // A signature may follow the image.
        Image::assume_open(bytes)
    }

    /// The bytes of the image: what a file keeps and
    /// [`from_image`](Self::from_image) takes.
    #[must_use]
    pub fn image_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The image.
    #[must_use]
    pub fn as_image(&self) -> Image<'_> {
        self.image()
    }

    /// What the module imports, in order.
    #[must_use]
    pub fn imports(&self) -> Imports<'_> {
        self.image().imports()
    }

    /// What the module exports, in order.
    #[must_use]
    pub fn exports(&self) -> Exports<'_> {
        self.image().exports()
    }

    /// The name of a function, if the module had names.
    #[must_use]
    pub fn function_name(&self, function: u32) -> Option<&str> {
        self.image().function_name(function)
    }
}

#[cfg(test)]
#[cfg(feature = "translate")]
#[allow(unsafe_code, reason = "images made here are trusted")]
mod tests {
    use super::*;
    use crate::shared::try_box;

    /// An image of `(module (func (export "one") (result i32) i32.const 1))`.
    fn image() -> &'static [u8] {
        let bytes = b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7f\x03\x02\x01\0\
                      \x07\x07\x01\x03one\0\0\x0a\x06\x01\x04\0\x41\x01\x0b";
        let module = Module::new(&Engine::default(), bytes).unwrap();
        let copy = Buffer::copy_of(module.image_bytes()).unwrap();
        let kept: &'static Buffer = alloc::boxed::Box::leak(try_box(copy).unwrap());
        kept.as_bytes()
    }

    #[test]
    fn a_trusted_image_is_executed_where_it_lies() {
        let engine = Engine::default();
        // SAFETY: `image` has just made it.
        let image = unsafe { TrustedImage::new(image()) };
        let module = Module::from_trusted(&engine, image).unwrap();
        assert_eq!(module.image_bytes().as_ptr(), image.as_bytes().as_ptr());
        let mut store = crate::Store::new(&engine, ()).unwrap();
        let instance = crate::Instance::new(&mut store, &module, &[]).unwrap();
        let one = instance.get_typed_func::<(), i32>(&store, "one").unwrap();
        assert_eq!(one.call(&mut store, ()), Ok(1));
    }

    #[test]
    fn a_trusted_image_that_is_none_is_refused() {
        let engine = Engine::default();
        let cut = image().get(..40).unwrap();
        // SAFETY: it is refused before any code of it could run.
        let cut = unsafe { TrustedImage::new(cut) };
        assert!(matches!(
            Module::from_trusted(&engine, cut),
            Err(Error::Image(_))
        ));
    }
}
