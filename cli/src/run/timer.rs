//! The end of a program's time.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use thimble::InterruptHandle;
use thimble_platform::{Platform, WakeHandle};

/// Stops a program when its time is over, whether it computes or waits.
pub struct Timer {
    over: Arc<AtomicBool>,
}

impl Timer {
    /// Starts the time. The thread is not waited for: it ends with the process.
    pub fn start(
        time: Duration,
        handle: InterruptHandle,
        platform: &'static dyn Platform,
        wake: WakeHandle,
    ) -> io::Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let timer = Self { over: over.clone() };
        thread::Builder::new()
            .name("timeout".into())
            .spawn(move || {
                thread::sleep(time);
                over.store(true, Ordering::Release);
                handle.stop();
                // A wake object that exists can be set.
                let _ = platform.wakes().wake(wake);
            })?;
        Ok(timer)
    }

    /// Whether the program was stopped because its time was over.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }
}
