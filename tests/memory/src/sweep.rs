//! Fails every allocation of a scenario in turn.

use crate::allocator::{self, Failing};

/// How a scenario ended that did not fail itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All that was to happen has.
    Complete,
    /// An error said that there was no memory.
    NoMemory,
    /// The guest was told that there was no memory (`memory.grow` returned -1).
    GuestTold,
    /// What is for information only was left out: frames of a backtrace.
    LessInformation,
}

/// Runs the scenario with each of its allocations failing, once only that one and
/// once all from it on. Returns the number of allocations.
///
/// # Panics
/// If a failure passes unnoticed, an error comes without one, or memory is lost.
pub fn sweep(name: &str, scenario: impl Fn() -> End) -> u64 {
    // What is made once for the process must not count.
    assert_eq!(scenario(), End::Complete, "{name}");
    let mut allocations = 0;
    for which in [Failing::Only as fn(u64) -> Failing, Failing::From] {
        let mut number = 0;
        loop {
            let which = which(number);
            let before = allocator::live();
            let (end, failed) = allocator::failing(which, &scenario);
            let lost = allocator::live() - before;
            assert_eq!(lost, 0, "{name}: bytes lost, {which:?}");
            if failed == 0 {
                assert_eq!(
                    end,
                    End::Complete,
                    "{name}: an error without a failure, {which:?}"
                );
                break;
            }
            // Who fails to get a generous amount may ask for less.
            let coped = matches!(which, Failing::Only(_));
            assert!(
                coped || end != End::Complete,
                "{name}: a failure without an error, {which:?}"
            );
            number += 1;
        }
        allocations = number;
    }
    println!("{name}: {allocations} allocations");
    allocations
}
