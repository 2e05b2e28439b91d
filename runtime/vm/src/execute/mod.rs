//! Running internal code: from a function's entry to its return, a trap, or a
//! call of the embedder.
#![allow(unsafe_code, reason = "the executor")]

mod calls;
mod dispatch;
mod handlers;
mod state;

use core::ptr;

use thimble_code::image::{CROSS_STUB, EXIT_STUB, PROLOGUE_UNITS, Section};
use thimble_code::operation::CELL;
use thimble_wasm::fallible::TryVec;

pub use dispatch::Dispatch;
use state::Saved;
pub(crate) use state::{Context, Exit, Step};

use crate::inner::{Frame, Inner, split_handle};
use crate::trap::Trap;

/// A run at rest: between two stretches of executing code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// The instance whose code is next.
    pub instance: u32,
    /// Where in its image, in bytes.
    ip: u32,
    /// The frame, in cells from the start of the stack.
    fp: usize,
    acc: u64,
    /// Crossings that belong to runs below.
    crossings: usize,
}

/// Why a run came to rest.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    /// The function returned; its results are where its arguments were.
    Finished,
    /// A function of the embedder is to be called, with arguments at that cell
    /// of the stack.
    Host { index: u32, base: usize },
    /// A trap.
    Trap(Trap),
}

impl Context {
    fn new(inner: *mut Inner, instance: u32) -> Self {
        let mut context = Self {
            memory_length: 0,
            memory_base: ptr::null_mut(),
            #[cfg(thimble_pinned)]
            memory_end: 0,
            #[cfg(thimble_thumb)]
            words_end: 0,
            #[cfg(thimble_thumb)]
            halves_end: 0,
            #[cfg(thimble_thumb)]
            doubles_end: 0,
            #[cfg(not(target_pointer_width = "64"))]
            acc_high: 0,
            #[cfg(all(thimble_tail, target_pointer_width = "32"))]
            handlers: ptr::null(),
            interrupt: ptr::null(),
            globals: ptr::null_mut(),
            image: ptr::null(),
            functions: ptr::null(),
            stack_end: ptr::null_mut(),
            table_base: ptr::null(),
            table_length: 0,
            instance,
            inner,
            host: (0, ptr::null_mut()),
            saved: Saved {
                ip: ptr::null(),
                fp: ptr::null_mut(),
                acc: 0,
            },
            exit: Exit::Finished,
        };
        context.switch(instance);
        context
    }

    /// Makes another instance the one whose code runs.
    fn switch(&mut self, instance: u32) {
        self.instance = instance;
        let inner = self.store_mut();
        let interrupt = &raw const inner.watched.interrupt;
        if let Some(entity) = inner.instances.get_mut(instance as usize) {
            let globals = entity.globals.as_mut_ptr();
            let image = entity.module.image();
            let functions = image.section(Section::Functions).as_ptr();
            let image = image.bytes().as_ptr();
            self.globals = globals;
            self.image = image;
            // The image is aligned, and the section within it.
            self.functions = functions.cast();
        }
        self.interrupt = interrupt;
        self.refresh();
    }

    /// Looks again where memory, table and stack lie, which may have grown.
    fn refresh(&mut self) {
        let instance = self.instance;
        let inner = self.store_mut();
        let (memory_base, memory_length) = match inner.memory(instance, 0) {
            Ok(memory) => (memory.base(), memory.length()),
            Err(_) => (ptr::null_mut(), 0),
        };
        let (table_base, table_length) = match inner.table(instance, 0) {
            Ok(table) => (table.base(), table.size()),
            Err(_) => (ptr::null(), 0),
        };
        // Not by way of a slice, which would claim the frames that `fp` points to.
        let cells = inner.stack.len();
        let stack_end = inner.stack.as_mut_ptr().wrapping_add(cells);
        self.memory_base = memory_base;
        self.memory_length = memory_length;
        #[cfg(thimble_pinned)]
        {
            self.memory_end = memory_length.saturating_sub(7);
        }
        #[cfg(thimble_thumb)]
        {
            self.words_end = memory_length.saturating_sub(3);
            self.halves_end = memory_length.saturating_sub(1);
            self.doubles_end = memory_length.saturating_sub(7);
        }
        self.table_base = table_base;
        self.table_length = table_length;
        self.stack_end = stack_end;
    }
}

impl Run {
    /// Prepares a call of a function of an instance, whose arguments are at
    /// `base` on the stack.
    pub(crate) fn start(inner: &mut Inner, handle: u32, base: usize) -> Result<Self, Trap> {
        let (instance, index) = split_handle(handle);
        let entity = inner
            .instances
            .get(instance as usize)
            .ok_or(Trap::Unreachable)?;
        let image = entity.module.image();
        let record = image.function(index).ok_or(Trap::Unreachable)?;
        let unit = |number: u32| image.unit(record.code + number * 2).map(usize::from);
        let cells = |number| unit(number).map(|size| size / usize::from(CELL));
        let prologue = cells(0).zip(cells(1)).zip(cells(2));
        let ((frame, link), zero) = prologue.ok_or(Trap::Unreachable)?;
        inner.reserve_stack(base + frame)?;
        let locals = base + link + 1;
        let cells = inner.stack.get_mut(base + link..locals + zero);
        if let Some((back, locals)) = cells.and_then(<[u32]>::split_first_mut) {
            *back = EXIT_STUB;
            locals.fill(0);
        }
        Ok(Self {
            instance,
            ip: record.code + PROLOGUE_UNITS * 2,
            fp: base,
            acc: 0,
            crossings: inner.crossings.len(),
        })
    }

    /// Executes code until the run comes to rest.
    pub(crate) fn resume(&mut self, inner: &mut Inner) -> Outcome {
        let dispatch = inner.dispatch();
        let mut context = Context::new(inner, self.instance);
        let stack = context.store_mut().stack.as_mut_ptr();
        let registers = Saved {
            ip: context.at_offset(self.ip),
            // SAFETY: `fp` is a cell of the stack: `start` reserved the frame, and
            // stacks do not shrink.
            fp: unsafe { stack.add(self.fp) },
            acc: self.acc as usize,
        };
        #[cfg(not(target_pointer_width = "64"))]
        {
            context.acc_high = (self.acc >> 32) as u32;
        }
        dispatch::run(dispatch, registers, &mut context);

        let stack = context.store_mut().stack.as_ptr() as usize;
        let cell = |pointer: *mut u32| (pointer as usize).wrapping_sub(stack) / 4;
        let saved = context.saved;
        self.instance = context.instance;
        self.ip = context.offset_of(saved.ip);
        self.fp = cell(saved.fp);
        self.acc = saved.acc as u64;
        #[cfg(not(target_pointer_width = "64"))]
        {
            self.acc |= u64::from(context.acc_high) << 32;
        }
        match context.exit {
            Exit::Finished => Outcome::Finished,
            Exit::Host => Outcome::Host {
                index: context.host.0,
                base: cell(context.host.1),
            },
            Exit::Trap(trap) => Outcome::Trap(trap),
            // Dispatchers do not stop for these.
            Exit::Poll | Exit::Again => Outcome::Trap(Trap::Unreachable),
        }
    }

    /// The embedder's function has left its results at `base`.
    pub(crate) fn after_host(&mut self, inner: &Inner, base: usize) {
        let cell = |index| u64::from(inner.stack.get(index).copied().unwrap_or_default());
        // As after any call, a single result is in the accumulator too.
        self.acc = cell(base) | cell(base + 1) << 32;
    }

    /// Ends the run: what it noted in the store is forgotten.
    pub(crate) fn end(&self, inner: &mut Inner) {
        inner.crossings.truncate(self.crossings);
    }

    /// Notes where the run is, innermost function first.
    pub(crate) fn note_backtrace(&self, inner: &mut Inner) {
        inner.backtrace.clear();
        let mut crossing = inner.crossings.len();
        let (mut instance, mut offset, mut fp) = (self.instance, self.ip, self.fp);
        while inner.backtrace.len() < inner.config.limits.backtrace_frames as usize {
            let Some(entity) = inner.instances.get(instance as usize) else {
                return;
            };
            let image = entity.module.image();
            // The operation lies before the place where code goes on.
            let Some(function) = image.function_at(offset.saturating_sub(2)) else {
                return;
            };
            let Some(record) = image.function(function) else {
                return;
            };
            let unit = (offset - record.code) / 2;
            let site = image
                .sites(function)
                .and_then(|map| map.find(unit.saturating_sub(1)));
            let Some(link) = image.unit(record.code + 2) else {
                return;
            };
            let frame = Frame {
                instance,
                function,
                offset: site,
            };
            let Some(&back) = inner.stack.get(fp + usize::from(link / CELL)) else {
                return;
            };
            let base = image.unit(back.wrapping_sub(2));
            if inner.backtrace.try_push(frame).is_err() || back == EXIT_STUB {
                return;
            }
            if back == CROSS_STUB {
                crossing = crossing.wrapping_sub(1);
                let Some(&caller) = inner.crossings.get(crossing) else {
                    return;
                };
                (instance, offset) = (caller.instance, caller.back);
                fp = fp.saturating_sub(usize::from(caller.base / CELL));
            } else {
                offset = back;
                fp = fp.saturating_sub(base.map_or(0, |base| usize::from(base / CELL)));
            }
        }
    }
}

impl Inner {
    /// The value of a constant expression of an instance.
    pub(crate) fn evaluate(&mut self, instance: u32, function: u32) -> Result<u64, Trap> {
        let base = self.stack_used;
        let handle = crate::inner::make_handle(instance, function);
        let mut run = Run::start(self, handle, base)?;
        match run.resume(self) {
            Outcome::Finished => Ok(run.acc),
            Outcome::Trap(trap) => Err(trap),
            Outcome::Host { .. } => Err(Trap::Unreachable),
        }
    }
}
