//! Dispatch by tail jumps: each handler ends in a call of the next, which the
//! optimiser makes a jump. A test runs a long program on a small native stack.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `table`")]

#[cfg(thimble_pinned)]
use portable_atomic::AtomicU32;
use thimble_code::operation::CELL;

use crate::execute::handlers::{Body, Poll, define_table, set_row};
use crate::execute::state::{Context, Exit, Pinned, Registers, Saved};

/// The registers come apart, to be passed in registers: 32-bit Arm has four.
#[cfg(not(thimble_pinned))]
pub(in crate::execute) type Handler = extern "C" fn(*const u16, *mut u32, usize, &mut Context);
/// The same with what is pinned; the first of these points to handlers.
#[cfg(thimble_pinned)]
pub(in crate::execute) type Handler = extern "C" fn(
    *const u16,
    *mut u32,
    usize,
    &mut Context,
    *const (),
    *mut u8,
    usize,
    *const AtomicU32,
);

/// Defines a function of the type [`Handler`], from registers and context.
macro_rules! define_handler {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident<$body:ident>($r:ident, $c:ident) $code:block) => {
        $(#[$attribute])*
        $visibility extern "C" fn $name<$body: Body>(
            ip: *const u16,
            fp: *mut u32,
            acc: usize,
            $c: &mut Context,
            #[cfg(thimble_pinned)] handlers: *const (),
            #[cfg(thimble_pinned)] memory_base: *mut u8,
            #[cfg(thimble_pinned)] memory_end: usize,
            #[cfg(thimble_pinned)] interrupt: *const AtomicU32,
        ) {
            let $r = Registers {
                ip: behind_token(ip),
                fp,
                acc,
                pinned: Pinned {
                    #[cfg(thimble_pinned)]
                    handlers: handlers.cast(),
                    #[cfg(thimble_pinned)]
                    memory_base,
                    #[cfg(thimble_pinned)]
                    memory_end,
                    #[cfg(thimble_pinned)]
                    interrupt,
                },
            };
            $code
        }
    };
}

define_handler! {
    pub(super) fn handler<B>(before, c) {
        let mut r = before;
        let step = B::execute(&mut r, c);
        if B::REFRESHES {
            r.pinned = Pinned::of(c);
        }
        match step {
            Ok(()) => next(r, c),
            Err(Exit::Poll) => call(aside::<Poll>, r, c),
            Err(Exit::Again) => call(aside::<B::Slow>, before, c),
            Err(exit) => {
                c.exit = exit;
                c.saved = r.save();
            }
        }
    }
}

define_handler! {
    /// What is rare, so that the handlers that jump here have nothing to keep on the stack.
    #[cold]
    #[inline(never)]
    pub(super) fn aside<B>(r, c) {
        call(handler::<B>, r, c);
    }
}

/// Where operands begin, from what a handler is passed. That is the same, but with handlers in assembler the place of
/// the token: these name operands by their distance from it, which takes shorter instructions.
#[inline(always)]
const fn behind_token(ip: *const u16) -> *const u16 {
    ip.wrapping_add(cfg!(thimble_thumb) as usize)
}

/// The reverse.
#[inline(always)]
const fn passed(ip: *const u16) -> *const u16 {
    ip.wrapping_sub(cfg!(thimble_thumb) as usize)
}

/// Goes on in a handler.
#[inline(always)]
fn call(handler: Handler, r: Registers, c: &mut Context) {
    let ip = passed(r.ip);
    #[cfg(not(thimble_pinned))]
    handler(ip, r.fp, r.acc, c);
    #[cfg(thimble_pinned)]
    handler(
        ip,
        r.fp,
        r.acc,
        c,
        r.pinned.handlers.cast(),
        r.pinned.memory_base,
        r.pinned.memory_end,
        r.pinned.interrupt,
    );
}

// Where there are handlers in assembler, other ones are shared.
const SHARE: bool = !cfg!(feature = "fast-numerics") && !cfg!(thimble_thumb);

thimble_code::for_each_operation!(define_table);

#[cfg(not(thimble_thumb))]
static TABLE: [Handler; thimble_code::operation::TOKENS as usize] = table();
#[cfg(thimble_thumb)]
static TABLES: super::thumb::Tables = super::thumb::with_assembler(table());

#[inline(always)]
fn next(mut r: Registers, c: &mut Context) {
    let token = r.unit();
    debug_assert!(token / CELL < thimble_code::operation::TOKENS);
    // Loading where the table is takes half the code of two immediates, in each
    // handler. Where instructions are larger anyway the compiler does better.
    #[cfg(thimble_pinned)]
    let table = r.pinned.handlers;
    #[cfg(all(target_pointer_width = "32", not(thimble_pinned)))]
    let table = c.handlers;
    #[cfg(not(target_pointer_width = "32"))]
    let table = TABLE.as_ptr();
    // Tokens are offsets in a table of pointers of 32 bits.
    const SCALE: usize = size_of::<Handler>() / CELL as usize;
    // SAFETY: trusted code holds tokens of the table only (invariant 1 of the
    // machine's state), and `run` has set the context's pointer to it.
    let handler = unsafe { *table.byte_add(usize::from(token) * SCALE) };
    call(handler, r, c);
}

pub(super) fn run(saved: Saved, c: &mut Context) {
    #[cfg(target_pointer_width = "32")]
    {
        #[cfg(not(thimble_thumb))]
        let table = &raw const TABLE;
        // What lies behind the handlers is reached by the same pointer.
        #[cfg(thimble_thumb)]
        let table = &raw const TABLES;
        c.handlers = table.cast();
    }
    // With the table set.
    let r = saved.registers(c);
    #[cfg(not(thimble_thumb))]
    next(r, c);
    // SAFETY: registers and context are those of a run, and its table was set above.
    #[cfg(thimble_thumb)]
    unsafe {
        super::thumb::enter(passed(r.ip), r.fp, r.acc, c, handler::<Nothing>);
    }
}

/// Does nothing, and so begins a run: it goes on to the first operation.
#[cfg(thimble_thumb)]
struct Nothing;

#[cfg(thimble_thumb)]
impl Body for Nothing {
    type Slow = crate::execute::handlers::Absent;

    #[inline(always)]
    fn execute(_: &mut Registers, _: &mut Context) -> crate::execute::state::Step {
        Ok(())
    }
}
