//! The whole of one system below, as its capabilities.

use crate::{
    Clock, Conditions, Console, Files, Memory, Mutexes, Poll, Random, Sockets, Threads, Wakes,
    WallClock,
};

/// A system below, as the set of its capabilities.
///
/// Every method returns the same object at every call, for as long as the
/// platform lives; asking costs nothing. All capabilities may be used from
/// any thread at once.
pub trait Platform: Sync {
    /// Threads with an explicit stack size and priority.
    fn threads(&self) -> &dyn Threads;

    /// Mutual exclusion.
    fn mutexes(&self) -> &dyn Mutexes;

    /// Conditions, to wait for what another thread does.
    fn conditions(&self) -> &dyn Conditions;

    /// Monotonic time.
    fn clock(&self) -> &dyn Clock;

    /// Cryptographic random numbers.
    fn random(&self) -> &dyn Random;

    /// Console streams.
    fn console(&self) -> &dyn Console;

    /// Memory mapping.
    fn memory(&self) -> &dyn Memory;

    /// Wake objects, which end a blocked [`Poll::poll`].
    fn wakes(&self) -> &dyn Wakes;

    /// Waiting for readiness, time or a wake.
    fn poll(&self) -> &dyn Poll;

    /// The wall clock, if the system has one.
    fn wall_clock(&self) -> Option<&dyn WallClock> {
        None
    }

    /// Files, if the system has any.
    fn files(&self) -> Option<&dyn Files> {
        None
    }

    /// Stream sockets, if the system has a network.
    fn sockets(&self) -> Option<&dyn Sockets> {
        None
    }
}
