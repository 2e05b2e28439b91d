//! The table of descriptors: the numbers that a guest holds.

use alloc::vec::Vec;

use thimble_vm::fallible::TryVec;

use crate::descriptor::Descriptor;
use crate::errno::Errno;

/// Descriptors by number.
pub(crate) struct Table {
    entries: Vec<Option<Descriptor>>,
    limit: usize,
}

impl Table {
    /// A table for at most `limit` descriptors.
    pub(crate) fn new(limit: u32) -> Self {
        Table {
            entries: Vec::new(),
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
        }
    }

    fn index(fd: u32) -> usize {
        usize::try_from(fd).unwrap_or(usize::MAX)
    }

    /// The descriptor `fd`.
    ///
    /// # Errors
    /// [`Errno::Badf`].
    pub(crate) fn get(&self, fd: u32) -> Result<&Descriptor, Errno> {
        self.entries
            .get(Self::index(fd))
            .and_then(Option::as_ref)
            .ok_or(Errno::Badf)
    }

    /// As [`get`](Self::get), to change it.
    ///
    /// # Errors
    /// [`Errno::Badf`].
    pub(crate) fn get_mut(&mut self, fd: u32) -> Result<&mut Descriptor, Errno> {
        self.entries
            .get_mut(Self::index(fd))
            .and_then(Option::as_mut)
            .ok_or(Errno::Badf)
    }

    /// Makes sure that the next [`insert`](Self::insert) will not fail, before something
    /// is done that could not be undone.
    ///
    /// # Errors
    /// [`Errno::Mfile`], [`Errno::Nomem`].
    pub(crate) fn reserve(&mut self) -> Result<(), Errno> {
        if self.entries.iter().any(Option::is_none) {
            return Ok(());
        }
        if self.entries.len() >= self.limit {
            return Err(Errno::Mfile);
        }
        self.entries.try_push(None)?;
        Ok(())
    }

    /// Gives `descriptor` the lowest free number.
    ///
    /// # Errors
    /// [`Errno::Mfile`], [`Errno::Nomem`].
    pub(crate) fn insert(&mut self, descriptor: Descriptor) -> Result<u32, Errno> {
        self.reserve()?;
        for (number, entry) in (0..).zip(self.entries.iter_mut()) {
            if entry.is_none() {
                *entry = Some(descriptor);
                return Ok(number);
            }
        }
        Err(Errno::Mfile)
    }

    /// Takes the descriptor `fd` out.
    ///
    /// # Errors
    /// [`Errno::Badf`].
    pub(crate) fn remove(&mut self, fd: u32) -> Result<Descriptor, Errno> {
        self.entries
            .get_mut(Self::index(fd))
            .and_then(Option::take)
            .ok_or(Errno::Badf)
    }

    /// Moves `fd` to the number `to`, dropping what has it.
    ///
    /// # Errors
    /// [`Errno::Badf`] unless both are open.
    pub(crate) fn renumber(&mut self, fd: u32, to: u32) -> Result<(), Errno> {
        self.get(to)?;
        self.get(fd)?;
        if fd != to {
            let descriptor = self.remove(fd)?;
            *self.get_mut(to)? = descriptor;
        }
        Ok(())
    }
}
