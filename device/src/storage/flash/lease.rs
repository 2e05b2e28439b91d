//! Which records are executed where they lie.

use alloc::vec::Vec;

use thimble::fallible::{OutOfMemory, TryVec};

use super::State;
use super::record::Record;
use crate::guarded::Guarded;

/// Use counts of records. All their memory is there from the start: what a program's
/// thread allocates may go with it.
pub(super) struct Uses(Vec<Use>);

struct Use {
    /// The first page of the record.
    page: u32,
    /// Its pages.
    pages: u32,
    /// How often it is used; never 0.
    count: u32,
}

impl Uses {
    /// Room for so many records.
    pub fn new(records: usize) -> Result<Self, OutOfMemory> {
        let mut uses = Vec::new();
        uses.try_reserve_exact(records).map_err(|_| OutOfMemory)?;
        Ok(Self(uses))
    }

    /// Whether the page belongs to a record that is used.
    pub fn contains(&self, page: u32) -> bool {
        let covers = |used: &Use| {
            page.checked_sub(used.page)
                .is_some_and(|at| at < used.pages)
        };
        self.0.iter().any(covers)
    }

    pub fn add(&mut self, record: &Record) -> Result<(), OutOfMemory> {
        let Record { page, pages, .. } = *record;
        let is_full = self.0.len() == self.0.capacity();
        match self.0.iter_mut().find(|used| used.page == page) {
            Some(used) => used.count += 1,
            None if is_full => return Err(OutOfMemory),
            None => self.0.try_push(Use {
                page,
                pages,
                count: 1,
            })?,
        }
        Ok(())
    }

    fn remove(&mut self, page: u32) {
        if let Some(used) = self.0.iter_mut().find(|used| used.page == page) {
            used.count -= 1;
        }
        self.0.retain(|used| used.count > 0);
    }
}

/// Keeps a program in flash from being erased, until it is dropped.
pub struct Lease<'a> {
    state: &'a Guarded<State>,
    page: u32,
}

impl<'a> Lease<'a> {
    /// The lease of a record for which a use was added.
    pub(super) const fn new(state: &'a Guarded<State>, page: u32) -> Self {
        Self { state, page }
    }
}

impl core::fmt::Debug for Lease<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Lease").field("page", &self.page).finish()
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        // If the mutex fails, the record stays until the device starts again.
        if let Ok(mut state) = self.state.lock() {
            state.uses.remove(self.page);
        }
    }
}
