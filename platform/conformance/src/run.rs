//! The list of cases, and how they are run.

use core::net::{Ipv4Addr, SocketAddr};

use thimble_platform::{Files, Platform, Sockets, Task, ThreadHandle, ThreadOptions};

use crate::outcome::{Outcome, Result, Stop};
use crate::{
    clock, condition, console, file_data, file_link, file_list, file_name, file_open, file_time,
    memory, mutex, poll, random, socket, socket_state, socket_wait, thread, wake,
};

/// Long enough to be noticed on a coarse clock.
pub(crate) const SHORT: u64 = 20_000_000;
/// What must have happened by now has failed, however slow the device.
pub(crate) const LONG: u64 = 10_000_000_000;

/// What to test, and with what.
#[derive(Clone, Copy)]
pub struct Config {
    /// The platform. Threads of the suite use it, so it lasts for ever.
    pub platform: &'static dyn Platform,
    /// The path of a directory that the suite may fill and that it leaves
    /// empty. `None` skips the cases about files.
    pub scratch: Option<&'static str>,
    /// Where to listen for connections from the suite itself; port 0 lets the
    /// system choose. `None` skips the cases about sockets.
    pub loopback: Option<SocketAddr>,
    /// What somebody typed at the console's standard input, to be read.
    /// `None` skips reading.
    pub typed: Option<&'static [u8]>,
    /// Bytes of stack that a thread needs for a few calls of the platform.
    pub stack_size: usize,
}

impl Config {
    /// A configuration without files and console input, with IPv4 loopback
    /// and 16 KiB of stack.
    pub fn new(platform: &'static dyn Platform) -> Config {
        Config {
            platform,
            scratch: None,
            loopback: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
            typed: None,
            stack_size: 16 * 1024,
        }
    }

    /// Starts a thread of the suite.
    pub(crate) fn spawn(
        &self,
        function: impl FnOnce() + Send + 'static,
    ) -> thimble_platform::Result<ThreadHandle> {
        let options = ThreadOptions {
            stack_size: self.stack_size,
            priority: None,
            name: "conformance",
        };
        self.platform
            .threads()
            .spawn(&options, Task::new(function)?)
    }

    /// Lets `time` nanoseconds pass.
    pub(crate) fn sleep(&self, time: u64) -> Result {
        self.platform.poll().poll(&mut [], Some(time), None)?;
        Ok(())
    }

    /// Waits until `condition` holds; whether it did in time.
    pub(crate) fn wait_until(&self, condition: impl Fn() -> bool) -> Result<bool> {
        let start = self.platform.clock().now();
        while !condition() {
            if self.platform.clock().now() - start > LONG {
                return Ok(false);
            }
            self.sleep(1_000_000)?;
        }
        Ok(true)
    }

    pub(crate) fn files(&self) -> Result<(&'static dyn Files, &'static str)> {
        let files = self.platform.files().ok_or(Stop::Skipped("no files"))?;
        let scratch = self.scratch.ok_or(Stop::Skipped("no scratch directory"))?;
        Ok((files, scratch))
    }

    pub(crate) fn sockets(&self) -> Result<(&'static dyn Sockets, SocketAddr)> {
        let sockets = self.platform.sockets().ok_or(Stop::Skipped("no sockets"))?;
        let address = self.loopback.ok_or(Stop::Skipped("no loopback"))?;
        Ok((sockets, address))
    }
}

/// One case.
pub(crate) struct Case {
    name: &'static str,
    function: fn(&Config) -> Result,
}

/// Makes a list of cases named by their module and function.
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        /// The cases of this file.
        pub(crate) const CASES: &[$crate::run::Case] = &[
            $($crate::run::Case::new(
                concat!(module_path!(), "::", stringify!($name)),
                $name,
            ),)*
        ];
    };
}
pub(crate) use cases;

impl Case {
    pub(crate) const fn new(name: &'static str, function: fn(&Config) -> Result) -> Case {
        Case { name, function }
    }

    /// The name without the crate's.
    fn short_name(&self) -> &'static str {
        match self.name.split_once("::") {
            Some((_, short)) => short,
            None => self.name,
        }
    }
}

const GROUPS: &[&[Case]] = &[
    clock::CASES,
    random::CASES,
    console::CASES,
    memory::CASES,
    thread::CASES,
    mutex::CASES,
    condition::CASES,
    wake::CASES,
    poll::CASES,
    file_open::CASES,
    file_data::CASES,
    file_list::CASES,
    file_name::CASES,
    file_link::CASES,
    file_time::CASES,
    socket::CASES,
    socket_state::CASES,
    socket_wait::CASES,
];

/// How a run went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Cases that passed.
    pub passed: usize,
    /// Cases that were skipped.
    pub skipped: usize,
    /// Cases that failed.
    pub failed: usize,
}

/// The names of all cases, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().copied().flatten().map(Case::short_name)
}

/// Runs all cases, one after the other, and tells `report` the name and
/// outcome of each.
pub fn run(config: &Config, report: &mut dyn FnMut(&'static str, Outcome)) -> Summary {
    let mut summary = Summary::default();
    for case in GROUPS.iter().copied().flatten() {
        let outcome = match (case.function)(config) {
            Ok(()) => {
                summary.passed += 1;
                Outcome::Passed
            }
            Err(Stop::Skipped(why)) => {
                summary.skipped += 1;
                Outcome::Skipped(why)
            }
            Err(Stop::Failed(failure)) => {
                summary.failed += 1;
                Outcome::Failed(failure)
            }
        };
        report(case.short_name(), outcome);
    }
    summary
}
