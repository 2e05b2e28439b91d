//! The program itself: ending it, signalling it, letting others run.

use crate::context::WasiContext;
use crate::errno::{Errno, Failure};
use crate::guest::GuestMemory;

impl WasiContext {
    /// `proc_exit`: ends the program with `code`. It does not return to the guest.
    ///
    /// # Errors
    /// Always [`Failure::Exit`], with the code as the guest gave it.
    pub fn proc_exit(&mut self, _: &mut GuestMemory<'_>, code: u32) -> Result<(), Failure> {
        Err(Failure::Exit(code))
    }

    /// `proc_raise`: there are no signals, so none can be raised.
    ///
    /// # Errors
    /// [`Errno::Inval`] for what is no signal, else [`Errno::Notsup`].
    pub fn proc_raise(&mut self, _: &mut GuestMemory<'_>, signal: u32) -> Result<(), Failure> {
        // `signal::sys`, the last one.
        if signal > 30 {
            return Err(Errno::Inval.into());
        }
        Err(Errno::Notsup.into())
    }

    /// `sched_yield`: lets others run.
    ///
    /// # Errors
    /// None.
    pub fn sched_yield(&mut self, _: &mut GuestMemory<'_>) -> Result<(), Failure> {
        self.system.platform.threads().yield_now();
        Ok(())
    }
}
