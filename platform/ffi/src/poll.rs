//! Waiting.

use alloc::vec::Vec;

use thimble_platform::{
    ErrorKind, Interest, Poll, PollEntry, PollOutcome, PollTarget, Readiness, Result, WakeHandle,
};

use crate::abi;
use crate::platform::CPlatform;
use crate::status::{error, timeout};

unsafe extern "C" {
    fn thimble_platform_poll(
        entries: *mut abi::PollEntry,
        count: usize,
        timeout: u64,
        wake: usize,
    ) -> i32;
}

fn to_c(entry: &PollEntry) -> abi::PollEntry {
    let (target, handle) = match entry.target {
        PollTarget::Stream(stream) => (abi::TARGET_STREAM, stream.raw()),
        PollTarget::File(file) => (abi::TARGET_FILE, file.raw()),
        PollTarget::Socket(socket) => (abi::TARGET_SOCKET, socket.raw()),
    };
    abi::PollEntry {
        bytes: 0,
        handle,
        error: 0,
        target,
        interest: match entry.interest {
            Interest::Read => abi::INTEREST_READ,
            Interest::Write => abi::INTEREST_WRITE,
        },
        state: abi::STATE_NOT_READY,
    }
}

fn readiness(entry: &abi::PollEntry) -> Readiness {
    match entry.state {
        abi::STATE_NOT_READY => Readiness::NotReady,
        abi::STATE_READY | abi::STATE_HANGUP => Readiness::Ready {
            bytes: entry.bytes,
            hangup: entry.state == abi::STATE_HANGUP,
        },
        _ => Readiness::Failed(error(entry.error)),
    }
}

impl Poll for CPlatform {
    fn poll(
        &self,
        entries: &mut [PollEntry],
        longest: Option<u64>,
        wake: Option<WakeHandle>,
    ) -> Result<PollOutcome> {
        let wake = match wake {
            // To the shim, 0 means none.
            Some(wake) if wake.raw() == 0 => return Err(ErrorKind::BadDescriptor.into()),
            Some(wake) => wake.raw(),
            None => 0,
        };
        let mut list: Vec<abi::PollEntry> = Vec::new();
        list.try_reserve_exact(entries.len())?;
        #[allow(clippy::disallowed_methods, reason = "room was reserved above")]
        entries.iter().for_each(|entry| list.push(to_c(entry)));
        // SAFETY: the list can be read and written during the call for its
        // whole length, and the shim does not keep the pointer.
        let status =
            unsafe { thimble_platform_poll(list.as_mut_ptr(), list.len(), timeout(longest), wake) };
        let outcome = match status {
            abi::POLL_READY => PollOutcome::Ready,
            abi::POLL_TIMED_OUT => PollOutcome::TimedOut,
            abi::POLL_WOKEN => PollOutcome::Woken,
            status if status < 0 => return Err(error(status)),
            _ => return Err(ErrorKind::Other.into()),
        };
        for (entry, answer) in entries.iter_mut().zip(&list) {
            entry.readiness = readiness(answer);
        }
        Ok(outcome)
    }
}
