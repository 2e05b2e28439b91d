//! From one operation to the next: two dispatchers over the same bodies.

#[cfg(any(not(thimble_tail), feature = "both-dispatchers"))]
mod looping;
#[cfg(thimble_tail)]
pub(super) mod tail;
#[cfg(thimble_thumb)]
mod thumb;

use super::state::{Context, Saved};

/// How one operation goes on to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispatch {
    /// Each handler jumps to the next: faster, where the compiler makes a call
    /// in tail position a jump. Builds without optimisation loop instead.
    Tail,
    /// A loop calls one handler after another. Builds with the optimiser have it
    /// if the feature `both-dispatchers` is on, and jump instead without it.
    Loop,
}

impl Dispatch {
    /// Whether this build can dispatch by tail jumps.
    pub const HAS_TAIL: bool = cfg!(thimble_tail);
}

/// Runs code from these registers until it stops; why, and with which
/// registers, is in the context then.
pub(super) fn run(dispatch: Dispatch, r: Saved, c: &mut Context) {
    match dispatch {
        #[cfg(not(thimble_tail))]
        _ => looping::run(r, c),
        #[cfg(all(thimble_tail, feature = "both-dispatchers"))]
        Dispatch::Loop => looping::run(r, c),
        #[cfg(thimble_tail)]
        _ => tail::run(r, c),
    }
}
