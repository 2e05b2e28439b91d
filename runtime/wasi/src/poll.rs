//! Waiting for the first of several things: clocks and descriptors.

use alloc::vec::Vec;

use thimble_platform::{Interest, PollEntry, PollOutcome, Readiness};
use thimble_vm::fallible::TryVec;

use crate::context::WasiContext;
use crate::descriptor::Resource;
use crate::errno::{Errno, Failure};
use crate::guest::{GuestMemory, GuestPtr, GuestValue};
use crate::limits::MAXIMUM_SUBSCRIPTIONS;
use crate::records::{Event, Subscription, SubscriptionKind};
use crate::rights::Rights;
use crate::types::{Clockid, Eventrwflags};

/// What a subscription comes to, once its descriptor or clock has been looked at.
enum Examined {
    /// It waits for this monotonic time.
    Until(u64),
    /// The system below has to wait for it.
    Wait(PollEntry),
    /// It is ready, with this many bytes at least.
    Ready(u64),
}

impl WasiContext {
    /// The monotonic time at which a clock subscription made at `start` is due.
    fn deadline(&self, start: u64, id: u32, timeout: u64, absolute: bool) -> Result<u64, Errno> {
        match (Clockid::decode(id)?, absolute) {
            (Clockid::Monotonic, true) => Ok(timeout),
            // A duration is the same by either clock, and setting the time of day does not
            // change it.
            (Clockid::Monotonic | Clockid::Realtime, false) => Ok(start.saturating_add(timeout)),
            (Clockid::Realtime, true) => {
                let left = timeout.saturating_sub(self.system.time(Clockid::Realtime)?);
                Ok(start.saturating_add(left))
            }
            (Clockid::ProcessCputimeId | Clockid::ThreadCputimeId, _) => Err(Errno::Notsup),
        }
    }

    fn examine(&self, kind: SubscriptionKind, start: u64) -> Result<Examined, Errno> {
        let (fd, interest, right) = match kind {
            SubscriptionKind::Clock {
                id,
                timeout,
                absolute,
            } => {
                return self
                    .deadline(start, id, timeout, absolute)
                    .map(Examined::Until);
            }
            SubscriptionKind::FdRead(fd) => {
                (fd, Interest::Read, [Rights::FD_READ, Rights::SOCK_ACCEPT])
            }
            SubscriptionKind::FdWrite(fd) => (fd, Interest::Write, [Rights::FD_WRITE; 2]),
        };
        let descriptor = self.table.get(fd)?;
        if let Resource::Directory { .. } = descriptor.resource {
            return Err(Errno::Badf);
        }
        descriptor.require(Rights::POLL_FD_READWRITE)?;
        if !right.iter().any(|right| descriptor.rights.contains(*right)) {
            return Err(Errno::Badf);
        }
        if let Some(target) = descriptor.poll_target() {
            return Ok(Examined::Wait(PollEntry::new(target, interest)));
        }
        // Regular files never wait, and the embedder's streams only know when asked.
        let mut bytes = 1;
        if let (Resource::File(file), Interest::Read) = (&descriptor.resource, interest) {
            bytes = file.metadata()?.size.saturating_sub(descriptor.position);
        }
        Ok(Examined::Ready(bytes))
    }

    /// Waits until a subscription is due, and returns how many events are stored.
    fn poll_once(
        &self,
        memory: &mut GuestMemory<'_>,
        subscriptions: GuestPtr<Subscription>,
        events: GuestPtr<u8>,
        nsubscriptions: u32,
    ) -> Result<u32, Failure> {
        let start = self.system.platform.clock().now();
        let mut entries = Vec::new();
        let mut first: Option<u64> = None;
        for index in 0..nsubscriptions {
            let subscription = memory.load(subscriptions.element(index)?)?;
            match self.examine(subscription.kind, start) {
                Ok(Examined::Until(time)) => first = Some(first.map_or(time, |old| old.min(time))),
                Ok(Examined::Wait(entry)) => entries.try_push(entry)?,
                Ok(Examined::Ready(_)) | Err(_) => first = Some(0),
            }
        }
        let timeout = first.map(|time| time.saturating_sub(start));
        let outcome = self
            .system
            .platform
            .poll()
            .poll(&mut entries, timeout, self.system.wake)?;
        if outcome == PollOutcome::Woken {
            return Err(Failure::Interrupted);
        }

        let now = self.system.platform.clock().now();
        let mut entries = entries.iter();
        let mut count = 0;
        for index in 0..nsubscriptions {
            // The guest's memory has not changed but by our events, each of which lies before
            // the subscriptions yet to be read even if the two arrays are one.
            let subscription = memory.load(subscriptions.element(index)?)?;
            let happened = match self.examine(subscription.kind, start) {
                Ok(Examined::Until(time)) if time > now => continue,
                Ok(Examined::Until(_)) => Ok((0, false)),
                Ok(Examined::Ready(bytes)) => Ok((bytes, false)),
                Ok(Examined::Wait(_)) => match entries.next().map(|entry| entry.readiness) {
                    Some(Readiness::Ready { bytes, hangup }) => Ok((bytes, hangup)),
                    Some(Readiness::Failed(error)) => Err(error.into()),
                    Some(Readiness::NotReady) | None => continue,
                },
                Err(errno) => Err(errno),
            };
            let (bytes, hangup) = happened.unwrap_or((0, false));
            let event = Event {
                userdata: subscription.userdata,
                error: happened.err(),
                eventtype: subscription.kind.eventtype(),
                bytes,
                flags: if hangup {
                    Eventrwflags::FD_READWRITE_HANGUP
                } else {
                    Eventrwflags::default()
                },
            };
            let address = events.address().wrapping_add(count * Event::SIZE);
            memory.store(GuestPtr::new(address), &event.to_bytes())?;
            count += 1;
        }
        Ok(count)
    }

    /// `poll_oneoff`: waits until at least one of the subscriptions has happened, and stores an
    /// event for each that has.
    ///
    /// A subscription that cannot be waited for has happened at once, with its own error in
    /// the event: [`Errno::Badf`], [`Errno::Notcapable`], [`Errno::Inval`] for an unknown clock, [`Errno::Notsup`].
    ///
    /// # Errors
    /// [`Errno::Inval`] for no subscriptions, too many, or a kind that does not exist; [`Errno::Fault`],
    /// [`Errno::Nomem`]; [`Failure::Interrupted`].
    pub fn poll_oneoff(
        &mut self,
        memory: &mut GuestMemory<'_>,
        subscriptions: GuestPtr<Subscription>,
        events: GuestPtr<u8>,
        nsubscriptions: u32,
        nevents: GuestPtr<u32>,
    ) -> Result<(), Failure> {
        if nsubscriptions == 0 || nsubscriptions > MAXIMUM_SUBSCRIPTIONS {
            return Err(Errno::Inval.into());
        }
        memory.bytes(nevents.cast(), 4)?;
        memory.bytes(events, nsubscriptions * Event::SIZE)?;
        memory.bytes(subscriptions.cast(), nsubscriptions * Subscription::SIZE)?;

        let mut count = 0;
        // Once is enough, unless the time of day was set back while we waited for it.
        while count == 0 {
            count = self.poll_once(memory, subscriptions, events, nsubscriptions)?;
        }
        Ok(memory.store_u32(nevents, count)?)
    }
}
