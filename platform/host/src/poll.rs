//! Waiting with `ppoll`.

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use thimble_platform::{
    Error, ErrorKind, FileKind, Interest, Poll, PollEntry, PollOutcome, PollTarget, Readiness,
    Result, WakeHandle,
};

use crate::clock::{now, timespec};
use crate::error::from_errno;
use crate::file::OpenFile;
use crate::platform::Host;
use crate::socket::HostSocket;

/// What an entry waits for, kept alive while it does.
enum Source<'a> {
    Stream(BorrowedFd<'a>),
    File(Arc<OpenFile>),
    Socket(Arc<HostSocket>),
    Failed(Error),
}

impl Source<'_> {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Source::Stream(descriptor) => Some(*descriptor),
            Source::File(file) => Some(file.as_fd()),
            Source::Socket(socket) => Some(socket.as_fd()),
            Source::Failed(_) => None,
        }
    }

    /// The answer for what the kernel reported.
    fn readiness(&self, interest: Interest, events: PollFlags) -> Readiness {
        let error = events.contains(PollFlags::ERR);
        let hangup = events.intersects(PollFlags::HUP | PollFlags::RDHUP);
        let wanted = match interest {
            Interest::Read => PollFlags::IN,
            Interest::Write => PollFlags::OUT,
        };
        if events.contains(PollFlags::NVAL) {
            return Readiness::Failed(ErrorKind::BadDescriptor.into());
        }
        // What has arrived can be read though the connection has failed.
        let readable = interest == Interest::Read && events.contains(wanted);
        if error && !readable {
            return Readiness::Failed(self.pending_error());
        }
        if events.contains(wanted) || hangup {
            return Readiness::Ready {
                bytes: self.available(interest),
                hangup,
            };
        }
        Readiness::NotReady
    }

    fn pending_error(&self) -> Error {
        match self {
            Source::Socket(socket) => match rustix::net::sockopt::socket_error(socket.as_fd()) {
                Ok(Err(errno)) | Err(errno) => from_errno(errno),
                Ok(Ok(())) => ErrorKind::BrokenPipe.into(),
            },
            _ => ErrorKind::BrokenPipe.into(),
        }
    }

    fn available(&self, interest: Interest) -> u64 {
        // The caller knows its position in a regular file, and so how much is
        // left; a listener has connections, not bytes.
        let counted = match self {
            Source::File(file) => file.kind != FileKind::Regular,
            Source::Failed(_) => false,
            _ => true,
        };
        match (interest, self.descriptor()) {
            (Interest::Read, Some(descriptor)) if counted => {
                rustix::io::ioctl_fionread(descriptor).unwrap_or(0)
            }
            _ => 0,
        }
    }
}

impl Host {
    fn source(&self, entry: &PollEntry) -> Source<'_> {
        let source = match (entry.target, entry.interest) {
            (PollTarget::Stream(stream), Interest::Read) => {
                self.console.readable(stream).map(Source::Stream)
            }
            (PollTarget::Stream(stream), Interest::Write) => {
                self.console.writable(stream).map(Source::Stream)
            }
            (PollTarget::File(file), _) => self.files.get(file).map(Source::File),
            (PollTarget::Socket(socket), _) => self.sockets.get(socket).map(Source::Socket),
        };
        source.unwrap_or_else(Source::Failed)
    }
}

impl Poll for Host {
    fn poll(
        &self,
        entries: &mut [PollEntry],
        timeout: Option<u64>,
        wake: Option<WakeHandle>,
    ) -> Result<PollOutcome> {
        // A deadline past the end of time is none.
        let mut deadline = timeout.and_then(|timeout| now().checked_add(timeout));
        let polling = match wake {
            Some(wake) => Some(self.wakes.polling(wake)?),
            None => None,
        };
        let mut sources = Vec::new();
        sources.try_reserve_exact(entries.len())?;
        for entry in entries.iter() {
            sources.push(self.source(entry));
        }
        if sources.iter().any(|s| matches!(s, Source::Failed(_))) {
            deadline = Some(0);
        }
        let mut descriptors = Vec::new();
        descriptors.try_reserve_exact(entries.len() + 1)?;
        if let Some(polling) = &polling {
            let descriptor = polling.descriptor();
            descriptors.push(PollFd::from_borrowed_fd(descriptor, PollFlags::IN));
        }
        for (source, entry) in sources.iter().zip(entries.iter()) {
            let wanted = match entry.interest {
                Interest::Read => PollFlags::IN | PollFlags::RDHUP,
                Interest::Write => PollFlags::OUT,
            };
            if let Some(descriptor) = source.descriptor() {
                descriptors.push(PollFd::from_borrowed_fd(descriptor, wanted));
            }
        }
        loop {
            let left = deadline.map(|deadline| timespec(deadline.saturating_sub(now())));
            match rustix::event::poll(&mut descriptors, left.as_ref()) {
                Ok(0) if deadline.is_some_and(|deadline| now() >= deadline) => break,
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => break,
                Err(errno) => return Err(from_errno(errno)),
            }
        }
        let mut events = descriptors.iter().map(PollFd::revents);
        if polling.is_some() && events.next().is_some_and(|events| !events.is_empty()) {
            return Ok(PollOutcome::Woken);
        }
        let mut outcome = PollOutcome::TimedOut;
        for (source, entry) in sources.iter().zip(entries.iter_mut()) {
            entry.readiness = match source {
                Source::Failed(error) => Readiness::Failed(*error),
                other => {
                    let events = events.next().unwrap_or(PollFlags::empty());
                    other.readiness(entry.interest, events)
                }
            };
            if entry.readiness != Readiness::NotReady {
                outcome = PollOutcome::Ready;
            }
        }
        Ok(outcome)
    }
}
