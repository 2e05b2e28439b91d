//! The machine: registers, and the context that handlers reach through a pointer.
//!
//! # What makes this sound
//!
//! The methods here dereference raw pointers, and are safe to call only on
//! values that keep these invariants. Registers and contexts are made by
//! [`run`](super::run) alone, and changed by handlers alone.
//!
//! 1. *Trusted code.* `ip` points into the code of a function of the image of
//!    `Context::instance`: the image was made by the translator or passed the
//!    verifier. So a token is followed by the operands of its shape, there is an
//!    operation behind every operation that does not end a path, every cell
//!    lies below the `frame` of the function's prologue, and every index of
//!    a function, type, table, memory, global or segment exists.
//! 2. *Frames.* From `fp` on, `frame` cells lie within the stack, which the
//!    entry of a call has checked. The cell of the return address is written by
//!    that entry only.
//! 3. *The store stands still.* While code runs, stack, memories, tables and
//!    instances are changed by handlers only, which refresh the pointers that
//!    the context keeps.
#![allow(unsafe_code, reason = "the executor")]

use core::hint::cold_path;

use portable_atomic::{AtomicU32, Ordering};

use crate::inner::Inner;
use crate::trap::Trap;

/// The registers of the machine: what a handler passes to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Registers {
    /// The next unit of code.
    pub ip: *const u16,
    /// The first cell of the frame.
    pub fp: *mut u32,
    /// The accumulator; where it has 32 bits, the upper half is in the context.
    pub acc: usize,
    /// What seldom changes.
    pub pinned: Pinned,
}

/// What of the context handlers pass on in registers too, where the processor has
/// enough of them for parameters (RISC-V). Whatever may change it there says so
/// ([`Body::REFRESHES`](super::handlers::Body::REFRESHES)).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pinned {
    /// The table of handlers.
    #[cfg(thimble_pinned)]
    pub handlers: *const super::dispatch::tail::Handler,
    /// First byte of memory 0.
    #[cfg(thimble_pinned)]
    pub memory_base: *mut u8,
    /// The first place of memory 0 where 64 bits do not fit.
    #[cfg(thimble_pinned)]
    pub memory_end: usize,
    /// The interrupt word.
    #[cfg(thimble_pinned)]
    pub interrupt: *const AtomicU32,
}

impl Pinned {
    /// What the context says.
    #[inline(always)]
    #[cfg_attr(not(thimble_pinned), allow(unused_variables, reason = "nothing is"))]
    pub(crate) const fn of(c: &Context) -> Self {
        Self {
            #[cfg(thimble_pinned)]
            handlers: c.handlers,
            #[cfg(thimble_pinned)]
            memory_base: c.memory_base,
            #[cfg(thimble_pinned)]
            memory_end: c.memory_end,
            #[cfg(thimble_pinned)]
            interrupt: c.interrupt,
        }
    }
}

/// Where the operands of an operation begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operands(*const u16);

/// The registers but for what is pinned: of code that is at rest, or that calls a
/// function between two operations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Saved {
    pub ip: *const u16,
    pub fp: *mut u32,
    pub acc: usize,
}

impl Saved {
    /// The registers, with what the context says is pinned.
    #[inline(always)]
    pub(crate) const fn registers(self, c: &Context) -> Registers {
        Registers {
            ip: self.ip,
            fp: self.fp,
            acc: self.acc,
            pinned: Pinned::of(c),
        }
    }
}

impl Registers {
    /// What is not pinned.
    #[inline(always)]
    pub(crate) const fn save(&self) -> Saved {
        Saved {
            ip: self.ip,
            fp: self.fp,
            acc: self.acc,
        }
    }

    /// Takes up what was saved.
    #[inline(always)]
    pub(crate) const fn restore(&mut self, saved: Saved) {
        self.ip = saved.ip;
        self.fp = saved.fp;
        self.acc = saved.acc;
    }
}

/// Why code stopped running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The function that was called has returned.
    Finished,
    /// A host function is to be called: [`Context::host`] says which.
    Host,
    /// A trap. After `Interrupted` and `OutOfFuel` the run can be resumed.
    Trap(Trap),
    /// It goes on, but looks at the interrupt word first. Dispatchers do that.
    Poll,
    /// Nothing was done: the operation's [`Slow`](super::handlers::Body::Slow) body
    /// does it. Dispatchers call that.
    Again,
}

impl From<Trap> for Exit {
    fn from(trap: Trap) -> Self {
        Self::Trap(trap)
    }
}

/// What a handler returns: go on, or stop.
pub(crate) type Step = Result<(), Exit>;

/// What handlers reach beside the registers.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Context {
    /// Bytes of memory 0.
    pub memory_length: usize,
    /// First byte of memory 0.
    pub memory_base: *mut u8,
    /// The first place of memory 0 where 32 bits do not fit, 16 bits, and 64 bits.
    #[cfg(thimble_thumb)]
    pub words_end: usize,
    #[cfg(thimble_thumb)]
    pub halves_end: usize,
    #[cfg(thimble_thumb)]
    pub doubles_end: usize,
    /// The first place of memory 0 where 64 bits do not fit.
    #[cfg(thimble_pinned)]
    pub memory_end: usize,
    /// The upper half of the accumulator, where a register has 32 bits.
    #[cfg(not(target_pointer_width = "64"))]
    pub acc_high: u32,
    /// The table of handlers, where its address would take two instructions.
    #[cfg(all(thimble_tail, target_pointer_width = "32"))]
    pub handlers: *const super::dispatch::tail::Handler,
    /// Not 0 when a back edge or call is to look closer.
    pub interrupt: *const AtomicU32,
    /// Cells of the globals that the instance defines.
    pub globals: *mut u32,
    /// The image.
    pub image: *const u8,
    /// The function records of the image: four words each.
    pub functions: *const u32,
    /// Behind the last cell of the stack.
    pub stack_end: *mut u32,
    /// The elements of table 0.
    pub table_base: *const u32,
    /// How many.
    pub table_length: u32,
    /// The instance whose code runs.
    pub instance: u32,
    /// The store.
    pub inner: *mut Inner,
    /// The host function to be called, and the cell of its first argument.
    pub host: (u32, *mut u32),
    /// The registers when code stopped.
    pub saved: Saved,
    /// Why it stopped. While code runs it is `Finished`, or a trap that is about to stop it.
    pub exit: Exit,
}

/// A number in a guest's memory: little-endian, at any address.
pub(crate) trait InMemory: Copy {
    /// # Safety
    /// The number's bytes can be read from there on.
    unsafe fn read(start: *const u8) -> Self;
    /// # Safety
    /// The number's bytes can be written from there on.
    unsafe fn write(self, start: *mut u8);
}

/// Whether a processor accesses words at even multiples only: then a number that lies there is
/// taken as words, and another byte by byte.
const ALIGNED_ONLY: bool = cfg!(target_arch = "riscv32");

macro_rules! in_memory {
    ($($ty:ident of $word:ident;)*) => {$(
        impl InMemory for $ty {
            #[inline(always)]
            unsafe fn read(start: *const u8) -> Self {
                if ALIGNED_ONLY {
                    let words = start.cast::<$word>();
                    if !words.is_aligned() {
                        cold_path();
                        // SAFETY: the caller's promise.
                        let bytes = unsafe { start.cast::<[u8; size_of::<Self>()]>().read() };
                        return Self::from_le_bytes(bytes);
                    }
                    let mut number: Self = 0;
                    for index in 0..size_of::<Self>() / size_of::<$word>() {
                        // SAFETY: the caller's promise, and it is aligned. Volatile, as the
                        // compiler would make it one with the other case.
                        let word = unsafe { words.add(index).read_volatile() };
                        number |= Self::from($word::from_le(word)) << (index as u32 * $word::BITS);
                    }
                    return number;
                }
                // SAFETY: the caller's promise.
                Self::from_le_bytes(unsafe { start.cast::<[u8; size_of::<Self>()]>().read() })
            }

            #[inline(always)]
            unsafe fn write(self, start: *mut u8) {
                if ALIGNED_ONLY {
                    let words = start.cast::<$word>();
                    if !words.is_aligned() {
                        cold_path();
                        let bytes = start.cast::<[u8; size_of::<Self>()]>();
                        // SAFETY: the caller's promise.
                        return unsafe { bytes.write(self.to_le_bytes()) };
                    }
                    for index in 0..size_of::<Self>() / size_of::<$word>() {
                        let word = (self >> (index as u32 * $word::BITS)) as $word;
                        // SAFETY: the caller's promise, and it is aligned. Volatile as in `read`.
                        unsafe { words.add(index).write_volatile(word.to_le()) };
                    }
                    return;
                }
                // SAFETY: the caller's promise.
                unsafe { start.cast::<[u8; size_of::<Self>()]>().write(self.to_le_bytes()) }
            }
        }
    )*};
}

in_memory! {
    u8 of u8;
    u16 of u16;
    u32 of u32;
    u64 of u32;
}

/// A value in a cell, two cells, or the accumulator.
pub(crate) trait Value: Copy {
    fn read(r: &Registers, cell: u16) -> Self;
    fn write(self, r: &mut Registers, cell: u16);
    fn from_accumulator(r: &Registers, c: &Context) -> Self;
    fn to_accumulator(self, r: &mut Registers, c: &mut Context);
    fn from_immediate(unit: u16) -> Self;
}

impl Value for u32 {
    #[inline(always)]
    fn read(r: &Registers, cell: u16) -> Self {
        // SAFETY: by the invariants 1 and 2 the cell lies in the frame.
        unsafe { r.fp.byte_add(usize::from(cell)).read() }
    }

    #[inline(always)]
    fn write(self, r: &mut Registers, cell: u16) {
        // SAFETY: by the invariants 1 and 2 the cell lies in the frame.
        unsafe { r.fp.byte_add(usize::from(cell)).write(self) }
    }

    #[inline(always)]
    fn from_accumulator(r: &Registers, _: &Context) -> Self {
        r.acc as Self
    }

    #[inline(always)]
    fn to_accumulator(self, r: &mut Registers, _: &mut Context) {
        r.acc = self as usize;
    }

    #[inline(always)]
    fn from_immediate(unit: u16) -> Self {
        unit as i16 as Self
    }
}

impl Value for u64 {
    #[cfg(target_pointer_width = "64")]
    #[inline(always)]
    fn read(r: &Registers, cell: u16) -> Self {
        // SAFETY: by the invariants 1 and 2 both cells lie in the frame.
        unsafe {
            r.fp.byte_add(usize::from(cell))
                .cast::<Self>()
                .read_unaligned()
        }
    }

    #[cfg(not(target_pointer_width = "64"))]
    #[inline(always)]
    fn read(r: &Registers, cell: u16) -> Self {
        // SAFETY: by the invariants 1 and 2 both cells lie in the frame.
        let [low, high] = unsafe { r.fp.byte_add(usize::from(cell)).cast::<[u32; 2]>().read() };
        Self::from(low) | Self::from(high) << 32
    }

    #[cfg(target_pointer_width = "64")]
    #[inline(always)]
    fn write(self, r: &mut Registers, cell: u16) {
        // SAFETY: by the invariants 1 and 2 both cells lie in the frame.
        unsafe {
            r.fp.byte_add(usize::from(cell))
                .cast::<Self>()
                .write_unaligned(self)
        }
    }

    #[cfg(not(target_pointer_width = "64"))]
    #[inline(always)]
    fn write(self, r: &mut Registers, cell: u16) {
        let cells = [self as u32, (self >> 32) as u32];
        // SAFETY: by the invariants 1 and 2 both cells lie in the frame.
        unsafe {
            r.fp.byte_add(usize::from(cell))
                .cast::<[u32; 2]>()
                .write(cells);
        }
    }

    #[cfg(target_pointer_width = "64")]
    #[inline(always)]
    fn from_accumulator(r: &Registers, _: &Context) -> Self {
        r.acc as Self
    }

    #[cfg(not(target_pointer_width = "64"))]
    #[inline(always)]
    fn from_accumulator(r: &Registers, c: &Context) -> Self {
        r.acc as Self | Self::from(c.acc_high) << 32
    }

    #[cfg(target_pointer_width = "64")]
    #[inline(always)]
    fn to_accumulator(self, r: &mut Registers, _: &mut Context) {
        r.acc = self as usize;
    }

    #[cfg(not(target_pointer_width = "64"))]
    #[inline(always)]
    fn to_accumulator(self, r: &mut Registers, c: &mut Context) {
        r.acc = self as usize;
        c.acc_high = (self >> 32) as u32;
    }

    #[inline(always)]
    fn from_immediate(unit: u16) -> Self {
        unit as i16 as Self
    }
}

impl Registers {
    /// The next unit.
    #[inline(always)]
    pub(crate) fn unit(&mut self) -> u16 {
        // SAFETY: by invariant 1 handlers read no more units than an operation
        // has, and behind the last of them is another operation.
        unsafe {
            let unit = self.ip.read();
            self.ip = self.ip.add(1);
            unit
        }
    }

    /// The token of this operation, whose operands begin at `ip`.
    #[inline(always)]
    pub(crate) fn token(&self) -> u16 {
        // SAFETY: a handler runs because its token was read from in front of `ip`.
        unsafe { self.ip.sub(1).read() }
    }

    /// The next two units, the low one first.
    #[inline(always)]
    pub(crate) fn unit32(&mut self) -> u32 {
        let low = self.unit();
        u32::from(low) | u32::from(self.unit()) << 16
    }

    /// The next four units, the lowest first.
    #[inline(always)]
    pub(crate) fn unit64(&mut self) -> u64 {
        let low = self.unit32();
        u64::from(low) | u64::from(self.unit32()) << 32
    }

    /// The value in the cell that the next unit names.
    #[inline(always)]
    pub(crate) fn next<V: Value>(&mut self) -> V {
        let cell = self.unit();
        V::read(self, cell)
    }

    /// Goes on `distance` bytes from here.
    #[inline(always)]
    pub(crate) fn jump(&mut self, distance: isize) {
        // SAFETY: by invariant 1 every distance leads to an operation of the
        // same function.
        self.ip = unsafe { self.ip.byte_offset(distance) };
    }

    /// Where the operands of this operation begin, before one is read.
    #[inline(always)]
    pub(crate) const fn operands(&self) -> Operands {
        Operands(self.ip)
    }

    /// Reads the distance of a branch, its last operand, and goes there if the
    /// condition holds.
    #[inline(always)]
    pub(crate) fn branch_if(&mut self, operands: Operands, condition: bool) {
        let read = (self.ip as usize).wrapping_sub(operands.0 as usize);
        let mut from = operands.0;
        if condition {
            // SAFETY: the distance is an operand of this operation, and by invariant 1
            // leads to one of the same function.
            unsafe {
                // Volatile, where the compiler would compute instead of branching.
                let distance = if cfg!(thimble_pinned) {
                    self.ip.read_volatile()
                } else {
                    self.ip.read()
                };
                from = from.byte_offset((distance as i16).into());
            }
        }
        // The sum of constants comes last, as a part of what is loaded next.
        self.ip = from.wrapping_byte_add(read + 2);
    }

    /// A run of cells of the frame, to be copied within it: `size` bytes.
    #[inline(always)]
    pub(crate) fn copy_cells(&mut self, from: u16, to: u16, size: u16) {
        // SAFETY: by the invariants 1 and 2 both runs lie in the frame.
        unsafe {
            let source = self.fp.byte_add(usize::from(from)).cast::<u8>();
            let target = self.fp.byte_add(usize::from(to)).cast::<u8>();
            source.copy_to(target, usize::from(size));
        }
    }
}

impl Context {
    /// The first byte of an access to memory 0.
    #[cfg(not(thimble_pinned))]
    #[inline(always)]
    fn access(
        &self,
        _: &Registers,
        address: u32,
        offset: u16,
        length: usize,
    ) -> Result<*mut u8, Trap> {
        if usize::BITS > 32 {
            let start = address as usize + usize::from(offset);
            if start + length > self.memory_length {
                return Err(Trap::MemoryOutOfBounds);
            }
            // SAFETY: `start` is below the memory's length.
            Ok(unsafe { self.memory_base.add(start) })
        } else {
            // One comparison, and no sum that could overflow.
            let behind = usize::from(offset) + length;
            let Some(last) = self.memory_length.checked_sub(behind) else {
                return Err(Trap::MemoryOutOfBounds);
            };
            if address as usize > last {
                return Err(Trap::MemoryOutOfBounds);
            }
            // SAFETY: `address + offset + length` is not above the memory's length.
            Ok(unsafe {
                self.memory_base
                    .add(address as usize)
                    .add(usize::from(offset))
            })
        }
    }

    /// The first byte of an access to memory 0, with what is pinned.
    #[cfg(thimble_pinned)]
    #[inline(always)]
    fn access(
        &self,
        r: &Registers,
        address: u32,
        offset: u16,
        length: usize,
    ) -> Result<*mut u8, Trap> {
        let address = address as usize;
        let start = address.wrapping_add(usize::from(offset));
        if start < address || start >= r.pinned.memory_end {
            cold_path();
            // Only what is near the memory's end depends on its own length.
            let last = self.memory_length.checked_sub(length);
            if start < address || last.is_none_or(|last| start > last) {
                return Err(Trap::MemoryOutOfBounds);
            }
        }
        // SAFETY: `start` and `length` bytes from there are below the memory's length.
        Ok(unsafe { r.pinned.memory_base.add(start) })
    }

    /// Loads a number from memory 0.
    #[inline(always)]
    pub(crate) fn load<N: InMemory>(
        &self,
        r: &Registers,
        address: u32,
        offset: u16,
    ) -> Result<N, Trap> {
        let start = self.access(r, address, offset, size_of::<N>())?;
        // SAFETY: `access` returns the start of as many bytes of the memory.
        Ok(unsafe { N::read(start) })
    }

    /// Stores a number to memory 0.
    #[inline(always)]
    pub(crate) fn store<N: InMemory>(
        &mut self,
        r: &Registers,
        address: u32,
        offset: u16,
        number: N,
    ) -> Result<(), Trap> {
        let start = self.access(r, address, offset, size_of::<N>())?;
        // SAFETY: `access` returns the start of as many bytes of the memory.
        unsafe { number.write(start) };
        Ok(())
    }

    /// Reads cells of the instance's own globals.
    #[inline(always)]
    pub(crate) fn global<V: Value>(&self, cell: u16) -> V {
        // A value of `V` is read as if the globals were a frame.
        V::read(
            &Registers {
                ip: core::ptr::null(),
                fp: self.globals,
                acc: 0,
                pinned: Pinned::of(self),
            },
            cell,
        )
    }

    /// Writes cells of the instance's own globals.
    #[inline(always)]
    pub(crate) fn set_global<V: Value>(&mut self, cell: u16, value: V) {
        value.write(
            &mut Registers {
                ip: core::ptr::null(),
                fp: self.globals,
                acc: 0,
                pinned: Pinned::of(self),
            },
            cell,
        );
    }

    /// Where the code of a function begins: at its prologue.
    #[inline(always)]
    pub(crate) fn function(&self, index: u32) -> *const u16 {
        // SAFETY: by invariant 1 there is such a function: a record of four words,
        // the first of which is the offset of the code in the image.
        unsafe {
            let code = self.functions.add(index as usize * 4).read();
            self.image.add(code as usize).cast()
        }
    }

    /// The canonical type of a function.
    #[inline(always)]
    pub(crate) fn function_type(&self, index: u32) -> u32 {
        // SAFETY: as for `function`; the third word is the type.
        unsafe { self.functions.add(index as usize * 4 + 2).read() }
    }

    /// The element of table 0 with that index.
    #[inline(always)]
    pub(crate) fn element(&self, index: u32) -> Option<u32> {
        if index >= self.table_length {
            return None;
        }
        // SAFETY: the index is below the table's length.
        Some(unsafe { self.table_base.add(index as usize).read() })
    }

    /// The place in the image that `ip` points to, in bytes.
    #[inline(always)]
    pub(crate) fn offset_of(&self, ip: *const u16) -> u32 {
        (ip as usize).wrapping_sub(self.image as usize) as u32
    }

    /// The place of an offset.
    #[inline(always)]
    pub(crate) fn at_offset(&self, offset: u32) -> *const u16 {
        // SAFETY: offsets come from `offset_of` (return addresses, which only
        // calls write) or are those of the stubs: they lie in the image.
        unsafe { self.image.add(offset as usize).cast() }
    }

    /// Tests the interrupt word.
    #[inline(always)]
    #[cfg_attr(
        not(thimble_pinned),
        allow(unused_variables, reason = "nothing is pinned")
    )]
    pub(crate) fn poll(&self, r: &Registers) -> Step {
        #[cfg(thimble_pinned)]
        let interrupt = r.pinned.interrupt;
        #[cfg(not(thimble_pinned))]
        let interrupt = self.interrupt;
        // SAFETY: the word lives as long as the store.
        if unsafe { &*interrupt }.load(Ordering::Relaxed) != 0 {
            cold_path();
            return Err(Exit::Poll);
        }
        Ok(())
    }

    /// The store.
    #[inline(always)]
    pub(crate) fn store_mut(&mut self) -> &mut Inner {
        // SAFETY: the store outlives the run, and by invariant 3 nobody else
        // refers to it while code runs; the reference ends with the borrow of
        // the context, so there is one at a time.
        unsafe { &mut *self.inner }
    }
}
