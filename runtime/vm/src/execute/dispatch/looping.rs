//! Dispatch by a loop: for any compiler and any interpreter of this code.
#![allow(clippy::indexing_slicing, reason = "the compiler evaluates `table`")]

use crate::execute::handlers::{Body, Poll, define_table, set_row};
use crate::execute::state::{Context, Exit, Pinned, Registers, Saved, Step};
use crate::trap::Trap;

type Handler = fn(&mut Registers, &mut Context) -> Step;

fn handler<B: Body>(r: &mut Registers, c: &mut Context) -> Step {
    let before = r.save();
    let mut step = B::execute(r, c);
    if B::REFRESHES {
        r.pinned = Pinned::of(c);
    }
    if step == Err(Exit::Again) {
        r.restore(before);
        step = B::Slow::execute(r, c);
        r.pinned = Pinned::of(c);
    }
    if step == Err(Exit::Poll) {
        step = Poll::execute(r, c);
    }
    step
}

/// Operations share handlers where they can: a loop is chosen for size, if at all,
/// and so the tests that run both dispatchers run both kinds of handlers.
const SHARE: bool = true;

thimble_code::for_each_operation!(define_table);

static TABLE: [Handler; thimble_code::operation::TOKENS as usize] = table();

pub(super) fn run(saved: Saved, c: &mut Context) {
    let mut r = saved.registers(c);
    loop {
        let token = r.unit();
        let step = match TABLE.get(usize::from(token / thimble_code::operation::CELL)) {
            Some(handler) => handler(&mut r, c),
            None => Err(Trap::Unreachable.into()),
        };
        if let Err(exit) = step {
            c.exit = exit;
            c.saved = r.save();
            return;
        }
    }
}
