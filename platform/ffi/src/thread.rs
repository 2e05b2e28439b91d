//! Threads.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ffi::c_void;

use thimble_platform::{Error, ErrorKind, Result, Task, ThreadHandle, ThreadOptions, Threads};

use crate::abi;
use crate::platform::CPlatform;
use crate::status::{done, handle};
use crate::text::Text;

unsafe extern "C" {
    fn thimble_platform_thread_spawn(
        options: *const abi::ThreadOptions,
        entry: abi::ThreadEntry,
        argument: *mut c_void,
        thread: *mut usize,
    ) -> i32;
    safe fn thimble_platform_thread_join(thread: usize) -> i32;
    safe fn thimble_platform_thread_yield();
}

/// A task behind a pointer that C can carry; boxed as an array of one,
/// because only slices can be boxed without an allocation that aborts.
type Carried = [Task; 1];

fn carry(task: Task) -> Result<Box<Carried>> {
    let mut one = Vec::new();
    one.try_reserve_exact(1)?;
    #[allow(clippy::disallowed_methods, reason = "room was reserved above")]
    one.push(task);
    #[allow(
        clippy::disallowed_methods,
        reason = "reserved exactly, so there is nothing to give back"
    )]
    let slice = one.into_boxed_slice();
    slice
        .try_into()
        .map_err(|_| Error::new(ErrorKind::OutOfMemory))
}

/// What the shim calls on the new thread.
///
/// # Safety
///
/// `argument` comes from `Box::into_raw` of a [`Carried`], and nobody else
/// uses it any more.
unsafe extern "C" fn run(argument: *mut c_void) {
    // SAFETY: by this function's own condition, which the header asks of
    // shims: `entry` is called once, with the `argument` of the same spawn.
    let carried = unsafe { Box::from_raw(argument.cast::<Carried>()) };
    let [task] = *carried;
    task.run();
}

impl Threads for CPlatform {
    fn spawn(&self, options: &ThreadOptions<'_>, task: Task) -> Result<ThreadHandle> {
        let name = Text::cut(options.name)?;
        let options = abi::ThreadOptions {
            stack_size: options.stack_size,
            name: name.as_ptr(),
            priority: options.priority.unwrap_or(0),
            has_priority: options.priority.is_some().into(),
        };
        let argument = Box::into_raw(carry(task)?);
        // SAFETY: `options` and the name in it can be read during the call,
        // the handle can be written, and the shim keeps neither. `argument`
        // is what `run` asks for, and a task may run on any thread.
        let spawned = handle(|thread| unsafe {
            thimble_platform_thread_spawn(&raw const options, run, argument.cast(), thread)
        });
        if spawned.is_err() {
            // SAFETY: a shim that fails has not called `run` and never will,
            // so the box is still this function's.
            drop(unsafe { Box::from_raw(argument) });
        }
        spawned.map(ThreadHandle::from_raw)
    }

    fn join(&self, thread: ThreadHandle) -> Result<()> {
        done(thimble_platform_thread_join(thread.raw()))
    }

    fn yield_now(&self) {
        thimble_platform_thread_yield();
    }
}
