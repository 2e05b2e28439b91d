//! One pass over a module: decoding, validating, reporting.

use crate::error::{Error, ErrorKind, Failure};
use crate::limits::Limits;
use crate::source::Source;
use crate::visitor::Visitor;

/// Decodes and validates the module that `source` yields, reporting each item
/// to `visitor`.
///
/// # Errors
/// The first fault met, in the order of the bytes; of a
/// [`Visitor`] the first failure.
pub fn decode<V: Visitor + ?Sized>(
    source: &mut dyn Source,
    limits: &Limits,
    visitor: &mut V,
) -> Result<(), Error> {
    let _ = (source, limits, visitor);
    Err(Error::new(
        Failure::new(ErrorKind::Malformed, "not supported yet"),
        0,
    ))
}

/// Validates a module that lies in memory, within the default limits.
///
/// # Errors
/// The first fault met, in the order of the bytes.
pub fn validate(mut bytes: &[u8]) -> Result<(), Error> {
    decode(&mut bytes, &Limits::DEFAULT, &mut ())
}
