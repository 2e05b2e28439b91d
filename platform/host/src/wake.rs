//! Wake objects: an `eventfd` each.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;
use thimble_platform::{ErrorKind, Result, WakeHandle, Wakes};

use crate::error::from_errno;
use crate::table::Table;

/// All wake objects.
#[derive(Debug, Default)]
pub(crate) struct HostWakes(Table<HostWake>);

/// One wake object: set while the counter of the descriptor is above 0.
#[derive(Debug)]
pub(crate) struct HostWake {
    descriptor: OwnedFd,
    polling: AtomicUsize,
}

/// A poll that is going on with a wake object.
#[derive(Debug)]
pub(crate) struct Polling(Arc<HostWake>);

impl Polling {
    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.0.descriptor.as_fd()
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        self.0.polling.fetch_sub(1, Ordering::Release);
    }
}

impl HostWakes {
    /// The wake object, which cannot be destroyed until the result is
    /// dropped.
    pub(crate) fn polling(&self, wake: WakeHandle) -> Result<Polling> {
        let wake = self.0.get(wake.raw())?;
        wake.polling.fetch_add(1, Ordering::Acquire);
        Ok(Polling(wake))
    }
}

impl Wakes for HostWakes {
    fn create(&self) -> Result<WakeHandle> {
        let descriptor =
            eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK).map_err(from_errno)?;
        self.0
            .insert(HostWake {
                descriptor,
                polling: AtomicUsize::new(0),
            })
            .map(WakeHandle::from_raw)
    }

    fn wake(&self, wake: WakeHandle) -> Result<()> {
        let wake = self.0.get(wake.raw())?;
        match rustix::io::write(&wake.descriptor, &1u64.to_ne_bytes()) {
            // The counter is full, so the object is set.
            Ok(_) | Err(Errno::AGAIN) => Ok(()),
            Err(errno) => Err(from_errno(errno)),
        }
    }

    fn clear(&self, wake: WakeHandle) -> Result<()> {
        let wake = self.0.get(wake.raw())?;
        match rustix::io::read(&wake.descriptor, &mut [0; 8]) {
            // The counter is 0, so the object is not set.
            Ok(_) | Err(Errno::AGAIN) => Ok(()),
            Err(errno) => Err(from_errno(errno)),
        }
    }

    fn destroy(&self, wake: WakeHandle) -> Result<()> {
        self.0
            .remove_if(wake.raw(), |wake| {
                if wake.polling.load(Ordering::Acquire) > 0 {
                    return Err(ErrorKind::Busy.into());
                }
                Ok(())
            })
            .map(drop)
    }
}
