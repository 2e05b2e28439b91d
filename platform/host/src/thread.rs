//! Threads of `std`.

use std::sync::Mutex;
use std::sync::mpsc;
use std::thread::{Builder, JoinHandle, ThreadId};

use rustix::process::setpriority_process;
use thimble_platform::{Error, ErrorKind, Result, Task, ThreadHandle, ThreadOptions, Threads};

use crate::error::{from_errno, from_io};
use crate::table::{Table, locked};

/// Threads that were started and not yet joined. A priority is a nice value:
/// -20 the highest, 19 the lowest.
#[derive(Debug, Default)]
pub(crate) struct HostThreads(Table<Entry>);

#[derive(Debug)]
struct Entry {
    id: ThreadId,
    handle: Mutex<Option<JoinHandle<()>>>,
}

impl Threads for HostThreads {
    fn spawn(&self, options: &ThreadOptions<'_>, task: Task) -> Result<ThreadHandle> {
        if options
            .priority
            .is_some_and(|nice| !(-20..=19).contains(&nice))
        {
            return Err(ErrorKind::InvalidArgument.into());
        }
        // std refuses a name with NUL by panicking.
        let name = options.name.chars().filter(|c| *c != '\0').collect();
        let builder = Builder::new().name(name).stack_size(options.stack_size);
        let priority = options.priority;
        // The thread waits to be told to go on, so that nothing has run when
        // the priority or a place in the table cannot be had.
        let (ready, is_ready) = mpsc::sync_channel(1);
        let (go, may_go) = mpsc::sync_channel::<()>(1);
        let handle = builder
            .spawn(move || {
                let result = match priority {
                    Some(nice) => setpriority_process(None, nice).map_err(from_errno),
                    None => Ok(()),
                };
                let _ = ready.send(result);
                if may_go.recv().is_ok() {
                    task.run();
                }
            })
            .map_err(|error| match from_io(&error) {
                // Linux answers EAGAIN when there is no room for a thread.
                error if error.kind() == ErrorKind::WouldBlock => {
                    Error::with_code(ErrorKind::TooManyOpen, error.code())
                }
                error => error,
            })?;
        is_ready
            .recv()
            .unwrap_or(Err(Error::new(ErrorKind::Other)))?;
        let raw = self.0.insert(Entry {
            id: handle.thread().id(),
            handle: Mutex::new(Some(handle)),
        })?;
        let _ = go.send(());
        Ok(ThreadHandle::from_raw(raw))
    }

    fn join(&self, thread: ThreadHandle) -> Result<()> {
        let current = std::thread::current().id();
        let entry = self.0.remove_if(thread.raw(), |entry| {
            if entry.id == current {
                return Err(ErrorKind::Deadlock.into());
            }
            Ok(())
        })?;
        let handle = locked(&entry.handle).take();
        // A panic on the thread has been reported on standard error.
        if let Some(handle) = handle {
            let _ = handle.join();
        }
        Ok(())
    }

    fn yield_now(&self) {
        std::thread::yield_now();
    }
}
