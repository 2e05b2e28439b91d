//! Dispatch by tail jumps: each handler ends in a call of the next, which the
//! optimiser makes a jump. A test runs a long program on a small native stack.
#![allow(unsafe_code, reason = "the executor")]
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `table`")]

use thimble_code::operation::CELL;

use crate::execute::handlers::{Body, define_table, set_row};
use crate::execute::state::{Context, Registers};

/// The registers come apart, to be passed in registers: 32-bit Arm has four.
pub(in crate::execute) type Handler = extern "C" fn(*const u16, *mut u32, usize, &mut Context);

pub(super) extern "C" fn handler<B: Body>(
    ip: *const u16,
    fp: *mut u32,
    acc: usize,
    c: &mut Context,
) {
    let mut r = Registers { ip, fp, acc };
    match B::execute(&mut r, c) {
        Ok(()) => next(r, c),
        Err(exit) => {
            c.exit = exit;
            c.saved = r;
        }
    }
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
    #[cfg(target_pointer_width = "32")]
    let table = c.handlers;
    #[cfg(not(target_pointer_width = "32"))]
    let table = TABLE.as_ptr();
    // Tokens are offsets in a table of pointers of 32 bits.
    const SCALE: usize = size_of::<Handler>() / CELL as usize;
    // SAFETY: trusted code holds tokens of the table only (invariant 1 of the
    // machine's state), and `run` has set the context's pointer to it.
    let handler = unsafe { *table.byte_add(usize::from(token) * SCALE) };
    handler(r.ip, r.fp, r.acc, c);
}

pub(super) fn run(r: Registers, c: &mut Context) {
    #[cfg(target_pointer_width = "32")]
    {
        #[cfg(not(thimble_thumb))]
        let table = &raw const TABLE;
        // What lies behind the handlers is reached by the same pointer.
        #[cfg(thimble_thumb)]
        let table = &raw const TABLES;
        c.handlers = table.cast();
    }
    #[cfg(not(thimble_thumb))]
    next(r, c);
    // SAFETY: registers and context are those of a run, and its table was set above.
    #[cfg(thimble_thumb)]
    unsafe {
        super::thumb::enter(r.ip, r.fp, r.acc, c, handler::<Nothing>);
    }
}

/// Does nothing, and so begins a run: it goes on to the first operation.
#[cfg(thimble_thumb)]
struct Nothing;

#[cfg(thimble_thumb)]
impl Body for Nothing {
    #[inline(always)]
    fn execute(_: &mut Registers, _: &mut Context) -> crate::execute::state::Step {
        Ok(())
    }
}
