//! Cases about waiting for sockets together with other things.

use thimble_platform::{
    ErrorKind, FileHandle, Interest, PollEntry, PollOutcome, PollTarget, Readiness, Shutdown,
    Stream,
};

use crate::outcome::{Result, check};
use crate::run::{Config, LONG, SHORT, cases};
use crate::socket::{Connection, ready};

cases![
    a_wake_ends_the_wait_for_a_connection,
    a_wake_before_the_wait_for_a_connection_is_kept,
    a_wake_at_any_moment_ends_the_wait_for_a_connection,
    waiting_for_a_connection_takes_the_whole_time,
    several_sockets_are_waited_for_at_once,
    other_targets_are_waited_for_with_sockets,
    both_directions_are_waited_for_at_once,
];

fn a_wake_ends_the_wait_for_a_connection(config: &Config) -> Result {
    let (sockets, address) = config.sockets()?;
    let platform = config.platform;
    let listener = sockets.listen(address, 1)?;
    let wake = platform.wakes().create()?;
    let thread = config.spawn(move || {
        let _ = platform.poll().poll(&mut [], Some(SHORT), None);
        let _ = platform.wakes().wake(wake);
    })?;
    let target = PollTarget::Socket(listener);
    let mut entries = [PollEntry::new(target, Interest::Read)];
    let outcome = platform.poll().poll(&mut entries, Some(LONG), Some(wake));
    platform.threads().join(thread)?;
    platform.wakes().destroy(wake)?;
    sockets.close(listener)?;
    check(outcome? == PollOutcome::Woken, "the wait to be ended")
}

fn several_sockets_are_waited_for_at_once(config: &Config) -> Result {
    let c = Connection::new(config)?;
    c.send_all(c.client, b"bytes")?;
    ready(config, c.server, Interest::Read)?;
    let entry = |socket| PollEntry::new(PollTarget::Socket(socket), Interest::Read);
    let mut entries = [entry(c.listener), entry(c.server), entry(c.client)];
    let poll = config.platform.poll();
    let outcome = poll.poll(&mut entries, Some(LONG), None)?;
    check(outcome == PollOutcome::Ready, "an answer")?;
    let [listener, server, client] = entries.map(|entry| entry.readiness);
    check(listener == Readiness::NotReady, "nobody else to connect")?;
    check(client == Readiness::NotReady, "nothing for the client")?;
    check(
        matches!(
            server,
            Readiness::Ready {
                bytes: 0 | 5,
                hangup: false
            }
        ),
        "five bytes, or that their number is not known",
    )?;
    c.sockets.shutdown(c.client, Shutdown::Both)?;
    c.receives(c.server, b"bytes")?;
    c.ends(c.server)?;
    c.close()
}

fn a_wake_before_the_wait_for_a_connection_is_kept(config: &Config) -> Result {
    let (sockets, address) = config.sockets()?;
    let (wakes, poll) = (config.platform.wakes(), config.platform.poll());
    let listener = sockets.listen(address, 1)?;
    let wake = wakes.create()?;
    wakes.wake(wake)?;
    for timeout in [None, Some(LONG), Some(0)] {
        let target = PollTarget::Socket(listener);
        let mut entries = [PollEntry::new(target, Interest::Read)];
        let outcome = poll.poll(&mut entries, timeout, Some(wake))?;
        check(outcome == PollOutcome::Woken, "the wake to stay set")?;
    }
    wakes.destroy(wake)?;
    Ok(sockets.close(listener)?)
}

fn a_wake_at_any_moment_ends_the_wait_for_a_connection(config: &Config) -> Result {
    let (sockets, address) = config.sockets()?;
    let platform = config.platform;
    let listener = sockets.listen(address, 1)?;
    let wake = platform.wakes().create()?;
    for _ in 0..20 {
        // While the wait is being prepared, or a little before or after.
        let thread = config.spawn(move || {
            let _ = platform.wakes().wake(wake);
        })?;
        let target = PollTarget::Socket(listener);
        let mut entries = [PollEntry::new(target, Interest::Read)];
        let outcome = platform.poll().poll(&mut entries, Some(LONG), Some(wake));
        platform.threads().join(thread)?;
        check(outcome? == PollOutcome::Woken, "the wait to be ended")?;
        platform.wakes().clear(wake)?;
    }
    platform.wakes().destroy(wake)?;
    Ok(sockets.close(listener)?)
}

fn waiting_for_a_connection_takes_the_whole_time(config: &Config) -> Result {
    let (sockets, address) = config.sockets()?;
    let (clock, poll) = (config.platform.clock(), config.platform.poll());
    let listener = sockets.listen(address, 1)?;
    for timeout in [0, 1, SHORT, 3 * SHORT + 1] {
        let target = PollTarget::Socket(listener);
        let mut entries = [PollEntry::new(target, Interest::Read)];
        let start = clock.now();
        let outcome = poll.poll(&mut entries, Some(timeout), None)?;
        let passed = clock.now() - start;
        check(outcome == PollOutcome::TimedOut, "a timeout")?;
        check(passed >= timeout, "the whole time to pass")?;
        check(passed < LONG, "no more than the time to pass")?;
    }
    Ok(sockets.close(listener)?)
}

fn other_targets_are_waited_for_with_sockets(config: &Config) -> Result {
    let (sockets, address) = config.sockets()?;
    let poll = config.platform.poll();
    let listener = sockets.listen(address, 1)?;
    let read = |target| PollEntry::new(target, Interest::Read);
    let output = PollEntry::new(PollTarget::Stream(Stream::OUTPUT), Interest::Write);
    let mut entries = [read(PollTarget::Socket(listener)), output];
    let outcome = poll.poll(&mut entries, Some(LONG), None)?;
    check(outcome == PollOutcome::Ready, "an answer")?;
    let [waiting, written] = entries.map(|entry| entry.readiness);
    check(waiting == Readiness::NotReady, "nobody to connect")?;
    let is_ready = matches!(written, Readiness::Ready { .. });
    check(is_ready, "standard output to be ready")?;
    let unknown = read(PollTarget::File(FileHandle::from_raw(usize::MAX)));
    let mut entries = [read(PollTarget::Socket(listener)), unknown];
    let outcome = poll.poll(&mut entries, None, None)?;
    check(outcome == PollOutcome::Ready, "an answer")?;
    let [waiting, refused] = entries.map(|entry| entry.readiness);
    check(waiting == Readiness::NotReady, "nobody to connect")?;
    let is_refused = matches!(
        refused,
        Readiness::Failed(error) if error.kind() == ErrorKind::BadDescriptor
    );
    check(is_refused, "the file to be refused")?;
    Ok(sockets.close(listener)?)
}

fn both_directions_are_waited_for_at_once(config: &Config) -> Result {
    let c = Connection::new(config)?;
    let target = PollTarget::Socket(c.client);
    let mut entries = [Interest::Read, Interest::Write].map(|i| PollEntry::new(target, i));
    let outcome = config
        .platform
        .poll()
        .poll(&mut entries, Some(LONG), None)?;
    check(outcome == PollOutcome::Ready, "an answer")?;
    let [read, write] = entries.map(|entry| entry.readiness);
    check(read == Readiness::NotReady, "nothing to receive")?;
    let is_ready = matches!(write, Readiness::Ready { .. });
    check(is_ready, "room to send")?;
    c.close()
}
