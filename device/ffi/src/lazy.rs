//! Values that are made when they are first needed, and then stay.

use alloc::alloc::{alloc, dealloc};
use core::alloc::Layout;
use core::marker::PhantomData;
use core::ptr::null_mut;

use portable_atomic::{AtomicPtr, Ordering};
use thimble_platform::{Error, ErrorKind, Result};

/// A place for one value, in a static.
pub(crate) struct Lazy<T> {
    value: AtomicPtr<T>,
    /// Shared among threads, and dropped on another than it was made on.
    owns: PhantomData<T>,
}

impl<T: Send + Sync + 'static> Lazy<T> {
    pub(crate) const fn new() -> Self {
        Self {
            value: AtomicPtr::new(null_mut()),
            owns: PhantomData,
        }
    }

    /// The value, if it was made.
    pub(crate) fn get(&'static self) -> Option<&'static T> {
        // SAFETY: what is stored in the place is a value that stays.
        unsafe { self.value.load(Ordering::Acquire).as_ref() }
    }

    /// The value; made now if it is not there, and again later if that fails.
    pub(crate) fn get_or_try_init(
        &'static self,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<&'static T> {
        match self.get() {
            Some(known) => Ok(known),
            None => self.try_init(make),
        }
    }

    /// Apart, since making takes stack that threads which only ask need not have.
    #[cold]
    #[inline(never)]
    fn try_init(&'static self, make: impl FnOnce() -> Result<T>) -> Result<&'static T> {
        let layout = Layout::new::<T>();
        assert!(layout.size() > 0);
        let value = make()?;
        // SAFETY: the size is not 0.
        let made = unsafe { alloc(layout) }.cast::<T>();
        if made.is_null() {
            return Err(Error::new(ErrorKind::OutOfMemory));
        }
        // SAFETY: the block was allocated for a value of this type.
        unsafe { made.write(value) };
        let stored =
            self.value
                .compare_exchange(null_mut(), made, Ordering::AcqRel, Ordering::Acquire);
        match stored {
            // SAFETY: the value stays from now on.
            Ok(_) => Ok(unsafe { &*made }),
            Err(other) => {
                // SAFETY: another thread was quicker, and nobody has seen this value.
                unsafe {
                    made.drop_in_place();
                    dealloc(made.cast(), layout);
                }
                // SAFETY: what is stored in the place is a value that stays.
                Ok(unsafe { &*other })
            }
        }
    }
}
