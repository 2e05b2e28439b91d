//! Entering and leaving functions, within an instance and across.
#![allow(unsafe_code, reason = "the executor")]

use thimble_code::image::{CROSS_STUB, PROLOGUE_UNITS};
use thimble_code::operation::CELL;

use super::state::{Context, Exit, Registers, Step};
use crate::inner::{Crossing, HOST, split_handle};
use crate::trap::Trap;

impl Registers {
    /// The address of a cell of the frame.
    #[inline(always)]
    pub(crate) fn cell(&self, cell: u16) -> *mut u32 {
        // SAFETY: the cell lies in the frame, or is the first behind it (a base).
        unsafe { self.fp.byte_add(usize::from(cell)) }
    }
}

impl Context {
    /// Enters a function of the current instance, whose arguments begin at `fp`, if
    /// the stack has room for its frame.
    #[inline(always)]
    pub(crate) fn enter(
        &mut self,
        r: &mut Registers,
        code: *const u16,
        fp: *mut u32,
        back: u32,
    ) -> Step {
        let unit = |index| {
            // SAFETY: a function's code begins with the four units of its prologue.
            unsafe {
                let unit = code.add(index);
                // Volatile, where the compiler would make one number of several units and then
                // not have enough registers to take it apart.
                if cfg!(thimble_pinned) {
                    unit.read_volatile()
                } else {
                    unit.read()
                }
            }
        };
        if !self.has_room(fp, unit(0)) {
            return Err(Exit::Again);
        }
        // SAFETY: `frame` bytes from `fp` on are within the stack now, and link
        // and the zeroed locals are within the frame, as the verifier checks of
        // a prologue. Volatile, as the compiler would call `memset` for a few cells.
        unsafe {
            let mut cell = fp.byte_add(usize::from(unit(1)));
            cell.write(back);
            let last = cell.byte_add(usize::from(unit(2)));
            while cell != last {
                cell = cell.add(1);
                cell.write_volatile(0);
            }
            r.ip = code.add(PROLOGUE_UNITS as usize);
        }
        r.fp = fp;
        self.poll(r)
    }

    /// Whether the stack has room for a frame.
    #[inline(always)]
    fn has_room(&self, fp: *mut u32, frame: u16) -> bool {
        (self.stack_end as usize).wrapping_sub(fp as usize) >= usize::from(frame)
    }

    /// The same as [`enter`](Self::enter), but the stack grows for the frame. It is for operations that are
    /// executed by functions of their own.
    #[inline(never)]
    pub(crate) fn enter_growing(
        &mut self,
        r: &mut Registers,
        code: *const u16,
        mut fp: *mut u32,
        back: u32,
    ) -> Step {
        // SAFETY: a prologue's first unit is the size of the frame.
        let frame = unsafe { code.read() };
        if !self.has_room(fp, frame) {
            // The frames below move with the stack, so `fp` does too.
            fp = self.grow_stack(fp, frame);
            if fp.is_null() {
                return Err(self.exit);
            }
        }
        self.enter(r, code, fp, back)
    }

    /// Enters a function in place of the current one.
    pub(crate) fn reenter(
        &mut self,
        r: &mut Registers,
        code: *const u16,
        base: u16,
        back: u32,
    ) -> Step {
        // SAFETY: a prologue's second unit is the size of the arguments.
        let arguments = unsafe { code.add(1).read() };
        r.copy_cells(base, 0, arguments);
        let fp = r.fp;
        self.enter_growing(r, code, fp, back)
    }

    /// Goes back to the caller, who called from in front of `back`.
    #[inline(always)]
    pub(crate) fn leave(&mut self, r: &mut Registers, back: u32) {
        let ip = self.at_offset(back);
        // SAFETY: the unit before the place to which a call returns is its base,
        // and the caller's frame begins that many bytes below this one.
        unsafe {
            let base = ip.sub(1).read();
            r.fp = r.fp.byte_sub(usize::from(base));
        }
        r.ip = ip;
    }

    /// Gives the stack room for a frame at `fp`. Returns where that is then, or
    /// null when there is no room; the trap is noted in `exit`.
    #[cold]
    #[inline(never)]
    fn grow_stack(&mut self, fp: *mut u32, frame: u16) -> *mut u32 {
        let inner = self.store_mut();
        let below = (fp as usize).wrapping_sub(inner.stack.as_ptr() as usize) / 4;
        if let Err(trap) = inner.reserve_stack(below + usize::from(frame / CELL)) {
            self.exit = Exit::Trap(trap);
            return core::ptr::null_mut();
        }
        self.refresh();
        // SAFETY: the stack has `below` cells and the frame at least.
        unsafe { self.store_mut().stack.as_mut_ptr().add(below) }
    }

    /// The element of a table other than table 0.
    #[inline(never)]
    pub(crate) fn other_element(&mut self, table: u16, index: u32) -> Option<u32> {
        let instance = self.instance;
        self.store_mut()
            .table(instance, table)
            .ok()?
            .get(index)
            .ok()
    }

    /// The index of a function of the current instance.
    #[inline(always)]
    pub(crate) fn own_function(&self, handle: u32) -> Option<u32> {
        let (instance, index) = split_handle(handle);
        (instance == self.instance).then_some(index)
    }

    /// Calls a function that may belong to another instance or the embedder.
    pub(crate) fn call_elsewhere(&mut self, r: &mut Registers, handle: u32, base: u16) -> Step {
        let (instance, index) = split_handle(handle);
        let fp = r.cell(base);
        if instance == HOST {
            self.host = (index, fp);
            return Err(Exit::Host);
        }
        let back = self.offset_of(r.ip);
        self.cross(
            r,
            instance,
            index,
            fp,
            Crossing {
                instance: self.instance,
                back,
                base,
            },
        )
    }

    /// Calls a function in place of the current one, as
    /// [`call_elsewhere`](Self::call_elsewhere).
    pub(crate) fn leave_for(
        &mut self,
        r: &mut Registers,
        handle: u32,
        base: u16,
        back: u32,
    ) -> Step {
        let arguments = self.store_mut().param_cells(handle)?;
        r.copy_cells(base, 0, arguments * CELL);
        let fp = r.fp;
        let (instance, index) = split_handle(handle);
        if instance == HOST {
            // As if the caller had called the embedder.
            self.leave(r, back);
            self.host = (index, fp);
            return Err(Exit::Host);
        }
        if instance == self.instance {
            // An import can be the importer's own function.
            let code = self.function(index);
            return self.enter_growing(r, code, fp, back);
        }
        if back == CROSS_STUB {
            // This function was called across already: its caller is noted.
            return self.enter_other(r, instance, index, fp);
        }
        let caller = self.instance;
        self.leave(r, back);
        let base = (fp as usize).wrapping_sub(r.fp as usize);
        let crossing = Crossing {
            instance: caller,
            back,
            base: base as u16,
        };
        self.cross(r, instance, index, fp, crossing)
    }

    /// Enters a function of another instance.
    fn cross(
        &mut self,
        r: &mut Registers,
        instance: u32,
        index: u32,
        fp: *mut u32,
        crossing: Crossing,
    ) -> Step {
        if instance == self.instance {
            let code = self.function(index);
            return self.enter_growing(r, code, fp, crossing.back);
        }
        self.store_mut().push_crossing(crossing)?;
        let entered = self.enter_other(r, instance, index, fp);
        if self.instance != instance {
            self.store_mut().crossings.pop();
        }
        entered
    }

    /// Enters a function of another instance, whose caller is noted. If there is
    /// no room for its frame, the current instance stays the one it was: the
    /// trap is the caller's.
    fn enter_other(&mut self, r: &mut Registers, instance: u32, index: u32, fp: *mut u32) -> Step {
        self.store_mut().enter_instance(instance)?;
        let caller = self.instance;
        self.switch(instance);
        let code = self.function(index);
        let entered = self.enter_growing(r, code, fp, CROSS_STUB);
        let full = [Trap::StackOverflow, Trap::OutOfMemory].map(|trap| Err(Exit::Trap(trap)));
        if full.contains(&entered) {
            self.switch(caller);
        }
        entered
    }

    /// Goes back to the instance that called across.
    pub(crate) fn come_back(&mut self, r: &mut Registers) -> Step {
        let crossing = self.store_mut().crossings.pop().ok_or(Exit::Finished)?;
        self.switch(crossing.instance);
        r.ip = self.at_offset(crossing.back);
        // SAFETY: the caller's frame begins that many bytes below its callee's.
        r.fp = unsafe { r.fp.byte_sub(usize::from(crossing.base)) };
        Ok(())
    }
}
