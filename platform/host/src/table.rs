//! Handles to objects: numbers that are checked at every use.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thimble_platform::{Error, ErrorKind, Result};

/// Bits of a handle that say which slot; the others are the generation.
const INDEX_BITS: u32 = usize::BITS / 2;
const INDEX_MASK: usize = (1 << INDEX_BITS) - 1;

/// Objects by handle. A handle is a slot and how often the slot has been
/// used, so that a stale handle is refused rather than taken for another.
#[derive(Debug)]
pub(crate) struct Table<T>(Mutex<Vec<Slot<T>>>);

#[derive(Debug)]
struct Slot<T> {
    generation: usize,
    object: Option<Arc<T>>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table(Mutex::new(Vec::new()))
    }
}

impl<T> Table<T> {
    /// Takes `object` in, and returns its handle, which is never 0.
    pub(crate) fn insert(&self, object: T) -> Result<usize> {
        let mut slots = locked(&self.0);
        let free = slots.iter().position(|slot| slot.object.is_none());
        let index = match free {
            Some(index) => index,
            None => {
                if slots.len() >= INDEX_MASK {
                    return Err(ErrorKind::TooManyOpen.into());
                }
                slots.try_reserve(1)?;
                slots.push(Slot {
                    generation: 0,
                    object: None,
                });
                slots.len() - 1
            }
        };
        let slot = slots.get_mut(index).ok_or(BAD)?;
        slot.generation = slot.generation.wrapping_add(1) & INDEX_MASK;
        slot.object = Some(Arc::new(object));
        Ok((slot.generation << INDEX_BITS) | (index + 1))
    }

    /// The object of `handle`, which stays alive while the caller uses it
    /// even if another thread closes the handle.
    pub(crate) fn get(&self, handle: usize) -> Result<Arc<T>> {
        let mut slots = locked(&self.0);
        slot(&mut slots, handle)?.object.clone().ok_or(BAD)
    }

    /// Takes the object of `handle` out.
    pub(crate) fn remove(&self, handle: usize) -> Result<Arc<T>> {
        self.remove_if(handle, |_| Ok(()))
    }

    /// Takes the object of `handle` out unless `check` objects.
    pub(crate) fn remove_if(
        &self,
        handle: usize,
        check: impl FnOnce(&T) -> Result<()>,
    ) -> Result<Arc<T>> {
        let mut slots = locked(&self.0);
        let slot = slot(&mut slots, handle)?;
        check(slot.object.as_deref().ok_or(BAD)?)?;
        slot.object.take().ok_or(BAD)
    }
}

const BAD: Error = Error::new(ErrorKind::BadDescriptor);

fn slot<T>(slots: &mut [Slot<T>], handle: usize) -> Result<&mut Slot<T>> {
    let index = (handle & INDEX_MASK).checked_sub(1).ok_or(BAD)?;
    let slot = slots.get_mut(index).ok_or(BAD)?;
    if slot.generation != handle >> INDEX_BITS {
        return Err(BAD);
    }
    Ok(slot)
}

/// Locks; what a panicking thread left behind is still consistent, because
/// nothing here calls out while it changes state.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Table;
    use thimble_platform::ErrorKind;

    #[test]
    fn a_stale_handle_is_refused_though_its_slot_is_used_again() {
        let table = Table::default();
        let first = table.insert('a').unwrap();
        table.remove(first).unwrap();
        let second = table.insert('b').unwrap();
        assert_ne!(first, second);
        assert_eq!(
            table.get(first).unwrap_err().kind(),
            ErrorKind::BadDescriptor
        );
        assert_eq!(*table.get(second).unwrap(), 'b');
        assert!(table.get(0).is_err());
        assert!(table.get(usize::MAX).is_err());
    }
}
