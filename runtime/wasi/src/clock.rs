//! Clocks.

use crate::context::{System, WasiContext};
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};
use crate::types::Clockid;

impl System {
    /// The time of `clock` in nanoseconds.
    ///
    /// # Errors
    /// [`Errno::Notsup`] if the system has no such clock, or nobody has set it.
    pub(crate) fn time(self, clock: Clockid) -> Result<u64, Errno> {
        match clock {
            Clockid::Realtime => {
                let clock = self.platform.wall_clock().ok_or(Errno::Notsup)?;
                Ok(clock.now()?)
            }
            Clockid::Monotonic => Ok(self.platform.clock().now()),
            // A program is one thread.
            Clockid::ProcessCputimeId | Clockid::ThreadCputimeId => {
                Ok(self.platform.clock().thread_time()?)
            }
        }
    }
}

impl WasiContext {
    /// `clock_res_get`: stores the smallest step of a clock in nanoseconds.
    ///
    /// # Errors
    /// [`Errno::Inval`] for an unknown clock, [`Errno::Notsup`] for one that the system has not, [`Errno::Fault`].
    pub fn clock_res_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        id: u32,
        resolution: GuestPtr<u64>,
    ) -> Result<(), Failure> {
        let platform = self.system.platform;
        let step = match Clockid::decode(id)? {
            Clockid::Realtime => platform.wall_clock().ok_or(Errno::Notsup)?.resolution(),
            Clockid::Monotonic => platform.clock().resolution(),
            clock => {
                self.system.time(clock)?;
                platform.clock().resolution()
            }
        };
        Ok(memory.store_u64(resolution, step)?)
    }

    /// `clock_time_get`: stores the time of a clock in nanoseconds. It is always the exact
    /// time, whatever `precision` would allow.
    ///
    /// # Errors
    /// As [`clock_res_get`](Self::clock_res_get).
    pub fn clock_time_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        id: u32,
        _precision: u64,
        time: GuestPtr<u64>,
    ) -> Result<(), Failure> {
        let now = self.system.time(Clockid::decode(id)?)?;
        Ok(memory.store_u64(time, now)?)
    }
}
