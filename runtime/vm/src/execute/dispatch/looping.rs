//! Dispatch by a loop: for any compiler and any interpreter of this code.
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `table`")]

use crate::execute::handlers::{Body, define_table, set_row};
use crate::execute::state::{Context, Registers, Step};
use crate::trap::Trap;

type Handler = fn(&mut Registers, &mut Context) -> Step;

fn handler<B: Body>(r: &mut Registers, c: &mut Context) -> Step {
    B::execute(r, c)
}

/// Operations share handlers where they can: a loop is chosen for size, if at all,
/// and so the tests that run both dispatchers run both kinds of handlers.
const SHARE: bool = true;

thimble_code::for_each_operation!(define_table);

static TABLE: [Handler; thimble_code::operation::TOKENS as usize] = table();

pub(super) fn run(mut r: Registers, c: &mut Context) {
    loop {
        let token = r.unit();
        let step = match TABLE.get(usize::from(token / thimble_code::operation::CELL)) {
            Some(handler) => handler(&mut r, c),
            None => Err(Trap::Unreachable.into()),
        };
        if let Err(exit) = step {
            c.exit = exit;
            c.saved = r;
            return;
        }
    }
}
