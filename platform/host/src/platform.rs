//! The host as a whole.

use std::os::fd::OwnedFd;

use thimble_platform as api;
use thimble_platform::Platform;

use crate::clock::{HostClock, HostWallClock};
use crate::condition::HostConditions;
use crate::console::HostConsole;
use crate::file::HostFiles;
use crate::memory::HostMemory;
use crate::mutex::HostMutexes;
use crate::random::HostRandom;
use crate::socket::HostSockets;
use crate::thread::HostThreads;
use crate::wake::HostWakes;

/// Linux as a platform, with every optional capability.
///
/// Handles belong to the `Host` that issued them; dropping it closes what is
/// still open. Threads that were not joined go on.
#[derive(Debug, Default)]
pub struct Host {
    threads: HostThreads,
    pub(crate) mutexes: HostMutexes,
    pub(crate) conditions: HostConditions,
    clock: HostClock,
    wall_clock: HostWallClock,
    random: HostRandom,
    pub(crate) console: HostConsole,
    memory: HostMemory,
    pub(crate) wakes: HostWakes,
    pub(crate) files: HostFiles,
    pub(crate) sockets: HostSockets,
}

impl Host {
    /// A host whose console is that of this process.
    pub fn new() -> Host {
        Host::default()
    }

    /// A host whose console is made of these descriptors: what programs read,
    /// what they write, and where they complain.
    pub fn with_console(input: OwnedFd, output: OwnedFd, error: OwnedFd) -> Host {
        Host {
            console: HostConsole::new(input, output, error),
            ..Host::default()
        }
    }
}

impl Platform for Host {
    fn threads(&self) -> &dyn api::Threads {
        &self.threads
    }

    fn mutexes(&self) -> &dyn api::Mutexes {
        &self.mutexes
    }

    fn conditions(&self) -> &dyn api::Conditions {
        self
    }

    fn clock(&self) -> &dyn api::Clock {
        &self.clock
    }

    fn random(&self) -> &dyn api::Random {
        &self.random
    }

    fn console(&self) -> &dyn api::Console {
        &self.console
    }

    fn memory(&self) -> &dyn api::Memory {
        &self.memory
    }

    fn wakes(&self) -> &dyn api::Wakes {
        &self.wakes
    }

    fn poll(&self) -> &dyn api::Poll {
        self
    }

    fn wall_clock(&self) -> Option<&dyn api::WallClock> {
        Some(&self.wall_clock)
    }

    fn files(&self) -> Option<&dyn api::Files> {
        Some(&self.files)
    }

    fn sockets(&self) -> Option<&dyn api::Sockets> {
        Some(&self.sockets)
    }
}
