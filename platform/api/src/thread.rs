//! Threads with an explicit stack size and priority.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use crate::{Error, ErrorKind, Result, ThreadHandle};

/// What a new thread gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadOptions<'a> {
    /// The stack in bytes, without what the system adds for itself. A back
    /// end rounds up, never down.
    pub stack_size: usize,
    /// The priority in the numbering of the system below; `None` takes that
    /// of the creating thread.
    pub priority: Option<i32>,
    /// A name for people, cut where the system allows less.
    pub name: &'a str,
}

/// What a thread does: a closure, boxed without an allocation that aborts.
pub struct Task(Box<dyn Run>);

trait Run: Send {
    fn run(self: Box<Self>);
}

// An array of one, because a slice can be boxed fallibly and a lone value
// cannot.
impl<F: FnOnce() + Send> Run for [F; 1] {
    fn run(self: Box<Self>) {
        let [function] = *self;
        function();
    }
}

impl Task {
    /// Boxes `function`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`].
    pub fn new<F: FnOnce() + Send + 'static>(function: F) -> Result<Task> {
        let mut one = Vec::new();
        one.try_reserve_exact(1)?;
        #[allow(clippy::disallowed_methods, reason = "room was reserved above")]
        one.push(function);
        #[allow(
            clippy::disallowed_methods,
            reason = "reserved exactly, so there is nothing to give back"
        )]
        let slice = one.into_boxed_slice();
        let boxed: Box<[F; 1]> = slice
            .try_into()
            .map_err(|_| Error::new(ErrorKind::OutOfMemory))?;
        Ok(Task(boxed))
    }

    /// Does it; called by the back end on the new thread.
    pub fn run(self) {
        self.0.run();
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Task")
    }
}

/// Threads. Mandatory.
pub trait Threads: Sync {
    /// Starts a thread that runs `task` and then ends.
    ///
    /// Every thread is joined once with [`join`](Threads::join), which gives
    /// its stack back. When spawning fails, `task` is dropped without having
    /// run.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OutOfMemory`] when there is no room for the stack,
    /// [`ErrorKind::TooManyOpen`] when the system has no thread left,
    /// [`ErrorKind::InvalidArgument`] for a priority that does not exist,
    /// [`ErrorKind::PermissionDenied`] for one that is not allowed.
    fn spawn(&self, options: &ThreadOptions<'_>, task: Task) -> Result<ThreadHandle>;

    /// Waits until the thread has ended, and returns all it had.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadDescriptor`] for an unknown handle or one already
    /// joined, [`ErrorKind::Deadlock`] for the calling thread itself.
    fn join(&self, thread: ThreadHandle) -> Result<()>;

    /// Lets other threads that are ready run.
    fn yield_now(&self);
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests may abort")]
mod tests {
    extern crate std;
    use super::Task;
    use alloc::sync::Arc;
    use core::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn a_task_runs_once_and_drops_what_it_holds() {
        let count = Arc::new(AtomicU32::new(0));
        let inner = Arc::clone(&count);
        let task = Task::new(move || {
            inner.fetch_add(1, Ordering::Relaxed);
        });
        task.expect("boxed").run();
        assert_eq!(count.load(Ordering::Relaxed), 1);
        assert_eq!(Arc::strong_count(&count), 1);
    }

    #[test]
    fn a_task_that_never_runs_drops_what_it_holds() {
        let count = Arc::new(());
        let inner = Arc::clone(&count);
        drop(Task::new(move || drop(inner)));
        assert_eq!(Arc::strong_count(&count), 1);
    }
}
