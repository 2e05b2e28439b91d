//! Random numbers.

use thimble_platform::ErrorKind;

use crate::context::WasiContext;
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr};

impl WasiContext {
    /// `random_get`: fills the buffer with numbers that nobody can predict.
    ///
    /// # Errors
    /// [`Errno::Fault`], before anything is written; [`Errno::Nosys`] if the system has no source of that
    /// quality, [`Errno::Io`].
    pub fn random_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        buf: GuestPtr<u8>,
        buf_len: u32,
    ) -> Result<(), Failure> {
        let random = self.system.platform.random();
        memory.bytes(buf, buf_len)?;
        let mut address = buf.address();
        let mut left = buf_len;
        while left > 0 {
            let step = left.min(u32::try_from(self.buffer.len()).unwrap_or(u32::MAX));
            let size = usize::try_from(step).map_err(|_| Errno::Overflow)?;
            let Some(bytes) = self.buffer.get_mut(..size) else {
                break;
            };
            random.fill(bytes).map_err(|error| match error.kind() {
                // As if there were no such function: a guest that has another way to go on takes it then.
                ErrorKind::NotSupported => Errno::Nosys,
                _ => error.into(),
            })?;
            memory.store(GuestPtr::new(address), bytes)?;
            address = address.wrapping_add(step);
            left -= step;
        }
        Ok(())
    }
}
