//! What a caller in C passes, as far as it can be checked.

use core::ffi::{CStr, c_char};

use crate::error::{Failure, Kind};

pub(crate) const NULL: Failure = Failure::new(Kind::InvalidArgument, "an argument is NULL");
const NOT_UTF_8: Failure = Failure::new(Kind::InvalidArgument, "a text is not UTF-8");

/// A text.
///
/// # Safety
///
/// It ends with NUL and stays for the lifetime, or is null.
pub(crate) unsafe fn text<'a>(start: *const c_char) -> Result<&'a str, Failure> {
    if start.is_null() {
        return Err(NULL);
    }
    // SAFETY: by this function's own condition.
    unsafe { CStr::from_ptr(start) }
        .to_str()
        .map_err(|_| NOT_UTF_8)
}

/// An array, which may be null if it has no elements.
///
/// # Safety
///
/// It has this many elements, which stay for the lifetime, or is null.
pub(crate) unsafe fn slice<'a, T>(start: *const T, count: usize) -> Result<&'a [T], Failure> {
    match (start.is_null(), count) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(NULL),
        // SAFETY: by this function's own condition.
        (false, _) => Ok(unsafe { core::slice::from_raw_parts(start, count) }),
    }
}

/// Something that is not null.
///
/// # Safety
///
/// It stays for the lifetime, or is null.
pub(crate) unsafe fn reference<'a, T>(pointer: *const T) -> Result<&'a T, Failure> {
    // SAFETY: by this function's own condition.
    unsafe { pointer.as_ref() }.ok_or(NULL)
}

/// Sets a place that may be left out.
///
/// # Safety
///
/// It can be written, or is null.
pub(crate) unsafe fn set<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: by this function's own condition.
        unsafe { place.write(value) };
    }
}
