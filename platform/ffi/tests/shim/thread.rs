//! Threads, mutexes, conditions and wake objects.

use std::ffi::{CStr, c_void};

use thimble_platform::{
    ConditionHandle, MutexHandle, Platform, Task, ThreadHandle, ThreadOptions, WaitOutcome,
    WakeHandle,
};
use thimble_platform_ffi::abi;

use super::{HOST, done, failed, filled, flag, timeout};

/// An argument that another thread is allowed to have.
struct Argument(*mut c_void);

// SAFETY: the header lets `entry` run on a new thread with its argument.
unsafe impl Send for Argument {}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_thread_spawn(
    options: *const abi::ThreadOptions,
    entry: abi::ThreadEntry,
    argument: *mut c_void,
    thread: *mut usize,
) -> i32 {
    // SAFETY: the header promises options with a name that ends with NUL.
    let (options, name) = unsafe { (&*options, CStr::from_ptr((*options).name)) };
    let options = ThreadOptions {
        stack_size: options.stack_size,
        priority: (options.has_priority != 0).then_some(options.priority),
        name: name.to_str().unwrap(),
    };
    let argument = Argument(argument);
    let task = Task::new(move || {
        let argument = argument;
        // SAFETY: called once, with the argument that came with it.
        unsafe { entry(argument.0) };
    });
    let spawned = task.and_then(|task| HOST.threads().spawn(&options, task));
    // SAFETY: the header promises a handle that can be written.
    unsafe { filled(spawned.map(ThreadHandle::raw), thread) }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_thread_join(thread: usize) -> i32 {
    done(HOST.threads().join(ThreadHandle::from_raw(thread)))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_thread_yield() {
    HOST.threads().yield_now();
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_mutex_create(mutex: *mut usize) -> i32 {
    // SAFETY: the header promises a handle that can be written.
    unsafe { filled(HOST.mutexes().create().map(MutexHandle::raw), mutex) }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_mutex_lock(mutex: usize) -> i32 {
    done(HOST.mutexes().lock(MutexHandle::from_raw(mutex)))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_mutex_try_lock(mutex: usize) -> i32 {
    flag(HOST.mutexes().try_lock(MutexHandle::from_raw(mutex)))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_mutex_unlock(mutex: usize) -> i32 {
    done(HOST.mutexes().unlock(MutexHandle::from_raw(mutex)))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_mutex_destroy(mutex: usize) -> i32 {
    done(HOST.mutexes().destroy(MutexHandle::from_raw(mutex)))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_condition_create(condition: *mut usize) -> i32 {
    let created = HOST.conditions().create().map(ConditionHandle::raw);
    // SAFETY: the header promises a handle that can be written.
    unsafe { filled(created, condition) }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_condition_wait(condition: usize, mutex: usize, longest: u64) -> i32 {
    let condition = ConditionHandle::from_raw(condition);
    let mutex = MutexHandle::from_raw(mutex);
    match HOST.conditions().wait(condition, mutex, timeout(longest)) {
        Ok(WaitOutcome::Notified) => abi::WAIT_NOTIFIED,
        Ok(WaitOutcome::TimedOut) => abi::WAIT_TIMED_OUT,
        Err(error) => failed(error),
    }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_condition_notify_one(condition: usize) -> i32 {
    let condition = ConditionHandle::from_raw(condition);
    done(HOST.conditions().notify_one(condition))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_condition_notify_all(condition: usize) -> i32 {
    let condition = ConditionHandle::from_raw(condition);
    done(HOST.conditions().notify_all(condition))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_condition_destroy(condition: usize) -> i32 {
    let condition = ConditionHandle::from_raw(condition);
    done(HOST.conditions().destroy(condition))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_wake_create(wake: *mut usize) -> i32 {
    // SAFETY: the header promises a handle that can be written.
    unsafe { filled(HOST.wakes().create().map(WakeHandle::raw), wake) }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_wake_set(wake: usize) -> i32 {
    done(HOST.wakes().wake(WakeHandle::from_raw(wake)))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_wake_clear(wake: usize) -> i32 {
    done(HOST.wakes().clear(WakeHandle::from_raw(wake)))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_wake_destroy(wake: usize) -> i32 {
    done(HOST.wakes().destroy(WakeHandle::from_raw(wake)))
}
