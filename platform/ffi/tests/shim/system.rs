//! Time, random, console, memory and poll.

use std::collections::BTreeMap;
use std::ffi::c_void;
use std::sync::Mutex;

use thimble_platform::{
    ErrorKind, FileHandle, Interest, Platform, PollEntry, PollOutcome, PollTarget, Readiness,
    Region, SocketHandle, Stream, WakeHandle,
};
use thimble_platform_ffi::abi;

use super::{HOST, count, done, failed, filled, timeout};

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_clock_now() -> u64 {
    HOST.clock().now()
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_clock_resolution() -> u64 {
    HOST.clock().resolution()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_clock_thread_time(time: *mut u64) -> i32 {
    // SAFETY: the header promises a time that can be written.
    unsafe { filled(HOST.clock().thread_time(), time) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_wall_clock_now(time: *mut u64) -> i32 {
    // SAFETY: the header promises a time that can be written.
    unsafe { filled(HOST.wall_clock().unwrap().now(), time) }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_wall_clock_set(time: u64) -> i32 {
    done(HOST.wall_clock().unwrap().set(time))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_wall_clock_resolution() -> u64 {
    HOST.wall_clock().unwrap().resolution()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_random_fill(buffer: *mut c_void, length: usize) -> i32 {
    // SAFETY: the header promises that many bytes that can be written.
    let buffer = unsafe { std::slice::from_raw_parts_mut(buffer.cast(), length) };
    done(HOST.random().fill(buffer))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_console_read(
    stream: usize,
    buffer: *mut c_void,
    length: usize,
) -> i32 {
    // SAFETY: the header promises that many bytes that can be written.
    let buffer = unsafe { std::slice::from_raw_parts_mut(buffer.cast(), length) };
    count(HOST.console().read(Stream::from_raw(stream), buffer))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_console_write(
    stream: usize,
    data: *const c_void,
    length: usize,
) -> i32 {
    // SAFETY: the header promises that many bytes that can be read.
    let data = unsafe { std::slice::from_raw_parts(data.cast(), length) };
    count(HOST.console().write(Stream::from_raw(stream), data))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_console_is_terminal(stream: usize) -> i32 {
    HOST.console().is_terminal(Stream::from_raw(stream)).into()
}

/// The regions that are reserved, by their address.
static REGIONS: Mutex<BTreeMap<usize, Region>> = Mutex::new(BTreeMap::new());

fn with_region(address: usize, call: impl FnOnce(&Region) -> thimble_platform::Result<()>) -> i32 {
    match REGIONS.lock().unwrap().get(&address) {
        Some(region) => done(call(region)),
        None => failed(ErrorKind::BadDescriptor.into()),
    }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_memory_granule() -> usize {
    HOST.memory().granule()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_memory_reserve(
    length: usize,
    address: *mut *mut c_void,
) -> i32 {
    let reserved = HOST.memory().reserve(length).map(|region| {
        let start: *mut c_void = region.as_ptr().cast();
        REGIONS.lock().unwrap().insert(region.address(), region);
        start
    });
    // SAFETY: the header promises an address that can be written.
    unsafe { filled(reserved, address) }
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_memory_commit(region: usize, offset: usize, length: usize) -> i32 {
    with_region(region, |region| {
        HOST.memory().commit(region, offset, length)
    })
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_memory_seal(region: usize, offset: usize, length: usize) -> i32 {
    with_region(region, |region| HOST.memory().seal(region, offset, length))
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_memory_sync_code(
    region: usize,
    offset: usize,
    length: usize,
) -> i32 {
    with_region(region, |region| {
        HOST.memory().sync_code(region, offset, length)
    })
}

#[unsafe(no_mangle)]
extern "C" fn thimble_platform_memory_release(region: usize) -> i32 {
    match REGIONS.lock().unwrap().remove(&region) {
        Some(region) => done(HOST.memory().release(region)),
        None => failed(ErrorKind::BadDescriptor.into()),
    }
}

fn from_c(entry: &abi::PollEntry) -> PollEntry {
    let target = match entry.target {
        abi::TARGET_STREAM => PollTarget::Stream(Stream::from_raw(entry.handle)),
        abi::TARGET_FILE => PollTarget::File(FileHandle::from_raw(entry.handle)),
        _ => PollTarget::Socket(SocketHandle::from_raw(entry.handle)),
    };
    let interest = match entry.interest {
        abi::INTEREST_READ => Interest::Read,
        _ => Interest::Write,
    };
    PollEntry::new(target, interest)
}

fn answer(entry: &mut abi::PollEntry, readiness: Readiness) {
    match readiness {
        Readiness::NotReady => entry.state = abi::STATE_NOT_READY,
        Readiness::Ready { bytes, hangup } => {
            entry.bytes = bytes;
            entry.state = match hangup {
                true => abi::STATE_HANGUP,
                false => abi::STATE_READY,
            };
        }
        Readiness::Failed(error) => {
            entry.state = abi::STATE_FAILED;
            entry.error = failed(error);
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn thimble_platform_poll(
    entries: *mut abi::PollEntry,
    count: usize,
    longest: u64,
    wake: usize,
) -> i32 {
    // SAFETY: the header promises that many entries that can be changed.
    let entries = unsafe { std::slice::from_raw_parts_mut(entries, count) };
    let mut list: Vec<PollEntry> = entries.iter().map(from_c).collect();
    let wake = (wake != 0).then_some(WakeHandle::from_raw(wake));
    let outcome = HOST.poll().poll(&mut list, timeout(longest), wake);
    for (entry, answered) in entries.iter_mut().zip(list) {
        answer(entry, answered.readiness);
    }
    match outcome {
        Ok(PollOutcome::Ready) => abi::POLL_READY,
        Ok(PollOutcome::TimedOut) => abi::POLL_TIMED_OUT,
        Ok(PollOutcome::Woken) => abi::POLL_WOKEN,
        Err(error) => failed(error),
    }
}
