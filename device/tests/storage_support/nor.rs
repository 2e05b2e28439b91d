//! A simulated NOR flash that is strict about granules and pages, counts wear, fails,
//! and loses power.
#![allow(unsafe_code, reason = "mapped flash changes behind shared references")]

use std::sync::{Mutex, MutexGuard, PoisonError};

use thimble::TrustedImage;
use thimble_device::storage::Flash;
use thimble_platform::{ErrorKind, Result};

/// What is left of the operation during which power is lost, or which fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It had not begun.
    None,
    /// The first half was done.
    Half,
    /// All bits that were to change have done so or not, by chance.
    Garbage,
    /// It was done.
    All,
}

impl Effect {
    pub const EACH: [Self; 4] = [Self::None, Self::Half, Self::Garbage, Self::All];
}

/// The sizes of a flash.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    pub page: u32,
    pub pages: u32,
    pub granule: u32,
    pub erased: u8,
    pub mapped: bool,
}

/// A flash that lives as long as the process.
pub struct Nor {
    geometry: Geometry,
    /// `pages * page` bytes from an allocation that is never freed.
    bytes: *mut u8,
    state: Mutex<State>,
}

struct State {
    /// By granule: whether it was programmed since it was erased.
    programmed: Vec<bool>,
    /// By page: how often it was erased.
    wear: Vec<u32>,
    /// By page: whether it cannot be read.
    unreadable: Vec<bool>,
    /// A byte that no operation changes any more.
    worn_out: Option<u32>,
    /// Programming and erasing so far.
    operations: u32,
    /// The operation to fail.
    fail_at: Option<(u32, Effect)>,
    /// Whether power is lost with the operation that fails.
    cut: bool,
    off: bool,
    random: u32,
}

// SAFETY: `bytes` is read and written by `Nor` only with `state` locked. The slices that
// `image` gives out are of records that are not written or erased while they are used:
// that is what the storage under test promises to all back ends.
unsafe impl Sync for Nor {}

impl Nor {
    pub fn new(geometry: Geometry) -> &'static Self {
        let size = (geometry.page * geometry.pages) as usize;
        // Of words, so that the start is aligned as an image's.
        let erased = u32::from_ne_bytes([geometry.erased; 4]);
        let words: &'static mut [u32] = vec![erased; size.div_ceil(4)].leak();
        let state = State {
            programmed: vec![false; size / geometry.granule as usize],
            wear: vec![0; geometry.pages as usize],
            unreadable: vec![false; geometry.pages as usize],
            worn_out: None,
            operations: 0,
            fail_at: None,
            cut: false,
            off: false,
            random: 1,
        };
        Box::leak(Box::new(Self {
            geometry,
            bytes: words.as_mut_ptr().cast(),
            state: Mutex::new(state),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn byte(&self, at: u32) -> *mut u8 {
        assert!(at < self.size(), "{at}");
        // SAFETY: the allocation is as long as the flash.
        unsafe { self.bytes.add(at as usize) }
    }

    /// A byte as it is, with the power off too.
    pub fn peek(&self, at: u32) -> u8 {
        let _state = self.state();
        // SAFETY: `byte` has checked the range; `state` is locked.
        unsafe { self.byte(at).read() }
    }

    /// Changes a byte: time has passed.
    pub fn poke(&self, at: u32, value: u8) {
        let _state = self.state();
        // SAFETY: `byte` has checked the range; `state` is locked.
        unsafe { self.byte(at).write(value) }
    }

    /// Power is lost during the operation with this number, counted from 0.
    pub fn cut_at(&self, number: u32, effect: Effect) {
        let mut state = self.state();
        state.fail_at = Some((state.operations + number, effect));
        state.cut = true;
    }

    /// The operation with this number, counted from 0, fails.
    pub fn fail_at(&self, number: u32, effect: Effect) {
        self.cut_at(number, effect);
        self.state().cut = false;
    }

    /// Power is back, and nothing fails. Returns whether power was lost, or something
    /// failed.
    pub fn restart(&self) -> bool {
        let mut state = self.state();
        let was_to_fail = state.fail_at.is_some();
        let failed = state.fail_at.is_some_and(|(at, _)| state.operations > at);
        state.fail_at = None;
        state.off = false;
        was_to_fail && failed
    }

    pub fn wear(&self) -> Vec<u32> {
        self.state().wear.clone()
    }

    pub fn set_unreadable(&self, page: u32, unreadable: bool) {
        self.state().unreadable[page as usize] = unreadable;
    }

    /// From now on a byte stays as it is, and no operation tells.
    pub fn wear_out(&self, at: u32) {
        self.state().worn_out = Some(at);
    }

    /// Applies a change to a range of bytes, or what comes of it.
    fn change(&self, offset: u32, length: u32, change: &dyn Fn(u32) -> u8) -> Result<()> {
        let mut state = self.state();
        if state.off {
            return Err(ErrorKind::Io.into());
        }
        let number = state.operations;
        state.operations += 1;
        let failing = state.fail_at.filter(|(at, _)| *at == number);
        let effect = failing.map_or(Effect::All, |(_, effect)| effect);
        for at in 0..length {
            let byte = self.byte(offset + at);
            // SAFETY: `byte` has checked the range; `state` is locked.
            let old = unsafe { byte.read() };
            let new = change(at);
            state.random = state
                .random
                .wrapping_mul(1_664_525)
                .wrapping_add(1_013_904_223);
            let chance = (state.random >> 24) as u8;
            let left = match effect {
                _ if state.worn_out == Some(offset + at) => old,
                Effect::None => old,
                Effect::Half if at >= length / 2 => old,
                Effect::Garbage => old ^ (old ^ new) & chance,
                _ => new,
            };
            // SAFETY: as above.
            unsafe { byte.write(left) }
        }
        if failing.is_some() {
            state.off = state.cut;
            return Err(ErrorKind::Io.into());
        }
        Ok(())
    }
}

impl Flash for Nor {
    fn size(&self) -> u32 {
        self.geometry.page * self.geometry.pages
    }

    fn erase_size(&self) -> u32 {
        self.geometry.page
    }

    fn write_size(&self) -> u32 {
        self.geometry.granule
    }

    fn erased_value(&self) -> u8 {
        self.geometry.erased
    }

    fn read(&self, offset: u32, buffer: &mut [u8]) -> Result<()> {
        let state = self.state();
        let page = (offset / self.geometry.page) as usize;
        if state.off || state.unreadable[page] {
            return Err(ErrorKind::Io.into());
        }
        for (at, place) in (offset..).zip(buffer) {
            // SAFETY: `byte` has checked the range; `state` is locked.
            *place = unsafe { self.byte(at).read() };
        }
        Ok(())
    }

    fn write(&self, offset: u32, data: &[u8]) -> Result<()> {
        let length = data.len() as u32;
        let granule = self.geometry.granule;
        assert!(!data.is_empty(), "nothing to program");
        assert_eq!(offset % granule, 0, "not at the start of a granule");
        assert_eq!(length % granule, 0, "a part of a granule");
        {
            let mut state = self.state();
            for number in offset / granule..(offset + length) / granule {
                let programmed = &mut state.programmed[number as usize];
                assert!(!*programmed, "granule {number} is programmed twice");
            }
            if !state.off {
                for number in offset / granule..(offset + length) / granule {
                    state.programmed[number as usize] = true;
                }
            }
        }
        self.change(offset, length, &|at| data[at as usize])
    }

    fn erase(&self, offset: u32, length: u32) -> Result<()> {
        let Geometry { page, granule, .. } = self.geometry;
        assert_eq!(offset % page, 0, "not at the start of a page");
        assert_eq!(length % page, 0, "a part of a page");
        let erased = self.geometry.erased;
        let done = self.change(offset, length, &|_| erased);
        let mut state = self.state();
        for number in offset / page..(offset + length) / page {
            state.wear[number as usize] += 1;
            state.unreadable[number as usize] = false;
        }
        if done.is_ok() {
            for number in offset / granule..(offset + length) / granule {
                state.programmed[number as usize] = false;
            }
        }
        done
    }

    fn image(&self, offset: u32, length: u32) -> Option<TrustedImage> {
        assert!(
            offset
                .checked_add(length)
                .is_some_and(|end| end <= self.size())
        );
        if !self.geometry.mapped {
            return None;
        }
        // SAFETY: the range was checked, and the bytes stay as they are while the image is
        // used. Only the storage under test writes; where a test does (`poke`), the
        // checksum of the image tells before it is executed.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.byte(offset), length as usize);
            Some(TrustedImage::new(bytes))
        }
    }
}
