//! Results as numbers: 0 and above is success, below is an error.
//!
//! An error is minus (kind + 256 × code): the number of its kind, and the
//! system's own number for it where that is known.

use thimble_platform::{Error, ErrorKind, Result};

/// The most bytes that one call is given, so that a count fits the result.
pub(crate) const MOST: usize = 1 << 30;

/// The error that a negative status stands for.
pub(crate) fn error(status: i32) -> Error {
    let number = status.unsigned_abs();
    let [kind, code @ ..] = number.to_le_bytes();
    let kind = ErrorKind::from_number(kind).unwrap_or(ErrorKind::Other);
    let [low, middle, high] = code;
    Error::with_code(kind, i32::from_le_bytes([low, middle, high, 0]))
}

/// The number, or the error that it stands for.
pub(crate) fn value(status: i32) -> Result<u32> {
    u32::try_from(status).map_err(|_| error(status))
}

/// Success, or the error, of a symbol that gives results as the header says: for
/// further symbols that a shim has.
///
/// # Errors
/// That which the number stands for.
pub fn done(status: i32) -> Result<()> {
    value(status).map(drop)
}

/// A count of bytes of which there can be at most `most`. A shim that claims
/// more is in error: believing it would show memory that nobody wrote.
pub(crate) fn count(status: i32, most: usize) -> Result<usize> {
    let count = value(status)? as usize;
    if count > most {
        return Err(Error::with_code(ErrorKind::Other, status));
    }
    Ok(count)
}

/// Whether the number is not 0.
pub(crate) fn flag(status: i32) -> Result<bool> {
    Ok(value(status)? != 0)
}

/// What a call that fills in a handle has filled in.
pub(crate) fn handle(call: impl FnOnce(*mut usize) -> i32) -> Result<usize> {
    let mut handle = 0;
    done(call(&raw mut handle))?;
    Ok(handle)
}

/// The C form of a timeout; what is past the end of time is for ever.
pub(crate) fn timeout(timeout: Option<u64>) -> u64 {
    timeout.unwrap_or(crate::abi::FOREVER)
}

#[cfg(test)]
mod tests {
    use super::{count, error, value};
    use thimble_platform::ErrorKind;

    #[test]
    fn an_error_has_a_kind_and_a_code() {
        let not_found = -(ErrorKind::NotFound as i32);
        assert_eq!(error(not_found).kind(), ErrorKind::NotFound);
        assert_eq!(error(not_found).code(), 0);
        let refused = -(ErrorKind::ConnectionRefused as i32 + 256 * 111);
        assert_eq!(error(refused).kind(), ErrorKind::ConnectionRefused);
        assert_eq!(error(refused).code(), 111);
    }

    #[test]
    fn every_number_is_taken() {
        assert_eq!(value(i32::MAX), Ok(i32::MAX as u32));
        assert_eq!(error(-1).kind(), ErrorKind::Other);
        assert_eq!(error(-255).kind(), ErrorKind::Other);
        assert_eq!(error(i32::MIN).kind(), ErrorKind::Other);
        assert_eq!(error(i32::MIN).code(), 0x80_0000);
    }

    #[test]
    fn a_count_beyond_the_buffer_is_an_error() {
        assert_eq!(count(4, 4), Ok(4));
        assert!(count(5, 4).is_err());
    }
}
