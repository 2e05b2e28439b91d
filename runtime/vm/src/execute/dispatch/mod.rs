//! From one operation to the next: two dispatchers over the same bodies.

mod looping;
#[cfg(thimble_tail)]
mod tail;

use super::state::{Context, Registers};

/// How one operation goes on to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispatch {
    /// Each handler jumps to the next: faster, where the compiler makes a call
    /// in tail position a jump. Builds without optimisation loop instead.
    Tail,
    /// A loop calls one handler after another.
    Loop,
}

impl Dispatch {
    /// Whether this build can dispatch by tail jumps.
    pub const HAS_TAIL: bool = cfg!(thimble_tail);
}

/// Runs code from these registers until it stops; why, and with which
/// registers, is in the context then.
pub(super) fn run(dispatch: Dispatch, r: Registers, c: &mut Context) {
    match dispatch {
        #[cfg(thimble_tail)]
        Dispatch::Tail => tail::run(r, c),
        _ => looping::run(r, c),
    }
}
