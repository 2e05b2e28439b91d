//! Modules from bytes, as far as the firmware has what that takes.

use thimble::code::image::{Bytes, Header, Sink};
use thimble::wasm::Source;
use thimble::{Engine, Error, Module};

/// Translates a module.
///
/// # Errors
/// As [`Module::new_streaming`]; [`Error::Limit`] without the feature `translate`.
pub fn translated(engine: &Engine, source: &mut dyn Source) -> Result<Module, Error> {
    #[cfg(feature = "translate")]
    return Module::new_streaming(engine, source);
    #[cfg(not(feature = "translate"))]
    {
        let _ = (engine, source);
        Err(ONLY_IMAGES)
    }
}

/// Translates a module to a sink.
pub(crate) fn translate(
    engine: &Engine,
    source: &mut dyn Source,
    sink: &mut dyn Sink,
) -> Result<Header, Error> {
    #[cfg(feature = "translate")]
    return engine.translate(source, sink);
    #[cfg(not(feature = "translate"))]
    {
        let _ = (engine, source, sink);
        Err(ONLY_IMAGES)
    }
}

/// Takes an image from outside.
///
/// # Errors
/// As [`Module::from_image`]; [`Error::Limit`] without the feature `verify`.
pub fn verified(engine: &Engine, image: impl Into<Bytes>) -> Result<Module, Error> {
    #[cfg(feature = "verify")]
    return Module::from_image(engine, image);
    #[cfg(not(feature = "verify"))]
    {
        let _ = (engine, image.into());
        Err(Error::Limit("this firmware runs no images from outside"))
    }
}

#[cfg(not(feature = "translate"))]
const ONLY_IMAGES: Error = Error::Limit("this firmware runs images only, and this is none");
