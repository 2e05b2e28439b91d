//! Growing a vector where memory may run out: an error, never an abort.

use alloc::vec::Vec;

/// The allocator had no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl core::fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("out of memory")
    }
}

impl core::error::Error for OutOfMemory {}

/// The growing methods of [`Vec`], each of which leaves the vector as it was
/// when the allocator has no room.
pub trait TryVec<T> {
    /// Appends one element.
    ///
    /// # Errors
    /// [`OutOfMemory`] when the vector cannot grow.
    fn try_push(&mut self, value: T) -> Result<(), OutOfMemory>;

    /// Appends one element to a vector that seldom has more than one: the first gets
    /// room for itself only.
    ///
    /// # Errors
    /// [`OutOfMemory`] when the vector cannot grow.
    fn try_push_only(&mut self, value: T) -> Result<(), OutOfMemory>;

    /// Appends a copy of each element of `values`.
    ///
    /// # Errors
    /// [`OutOfMemory`] when the vector cannot grow.
    fn try_extend(&mut self, values: &[T]) -> Result<(), OutOfMemory>
    where
        T: Clone;

    /// Grows (with zeros, say) or shortens to exactly `length` elements; takes less than
    /// [`try_resize`](Self::try_resize), as the value is known when it is compiled.
    ///
    /// # Errors
    /// [`OutOfMemory`] when the vector cannot grow.
    fn try_resize_default(&mut self, length: usize) -> Result<(), OutOfMemory>
    where
        T: Clone + Default;

    /// Grows (with copies of `value`) or shortens to exactly `length` elements.
    ///
    /// # Errors
    /// [`OutOfMemory`] when the vector cannot grow.
    fn try_resize(&mut self, length: usize, value: T) -> Result<(), OutOfMemory>
    where
        T: Clone;
}

/// Makes room for one more element at least.
#[cold]
#[inline(never)]
fn grow<T>(vector: &mut Vec<T>) -> Result<(), OutOfMemory> {
    vector.try_reserve(1).map_err(|_| OutOfMemory)
}

/// Makes room for one element in an empty vector.
#[cold]
#[inline(never)]
fn grow_exactly<T>(vector: &mut Vec<T>) -> Result<(), OutOfMemory> {
    vector.try_reserve_exact(1).map_err(|_| OutOfMemory)
}

#[allow(clippy::disallowed_methods, reason = "each call has reserved its room")]
impl<T> TryVec<T> for Vec<T> {
    #[inline]
    fn try_push(&mut self, value: T) -> Result<(), OutOfMemory> {
        if self.len() == self.capacity() {
            grow(self)?;
        }
        // Always so, and with it the compiler knows that `push` does not grow.
        if self.len() < self.capacity() {
            self.push(value);
        }
        Ok(())
    }

    #[inline]
    fn try_push_only(&mut self, value: T) -> Result<(), OutOfMemory> {
        if self.capacity() == 0 {
            grow_exactly(self)?;
        }
        self.try_push(value)
    }

    fn try_extend(&mut self, values: &[T]) -> Result<(), OutOfMemory>
    where
        T: Clone,
    {
        self.try_reserve(values.len()).map_err(|_| OutOfMemory)?;
        self.extend_from_slice(values);
        Ok(())
    }

    fn try_resize_default(&mut self, length: usize) -> Result<(), OutOfMemory>
    where
        T: Clone + Default,
    {
        if let Some(more) = length.checked_sub(self.len()) {
            self.try_reserve_exact(more).map_err(|_| OutOfMemory)?;
        }
        self.resize_with(length, T::default);
        Ok(())
    }

    fn try_resize(&mut self, length: usize, value: T) -> Result<(), OutOfMemory>
    where
        T: Clone,
    {
        if let Some(more) = length.checked_sub(self.len()) {
            self.try_reserve_exact(more).map_err(|_| OutOfMemory)?;
        }
        self.resize(length, value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_element_takes_no_more_room_than_it_needs() {
        let mut vector = Vec::new();
        vector.try_push_only([0u32; 8]).unwrap();
        assert_eq!(vector.capacity(), 1);
        for number in 1..10 {
            vector.try_push_only([number; 8]).unwrap();
        }
        assert!(vector.iter().map(|element| element[0]).eq(0..10));
    }
}
