//! Cases about connections.

use core::net::SocketAddr;

use thimble_platform::{
    ErrorKind, Interest, PollEntry, PollOutcome, PollTarget, Shutdown, SocketHandle, Sockets,
};

use crate::outcome::{Result, Stop, check, fails};
use crate::run::{Config, LONG, SHORT, cases};

cases![
    a_connection_carries_bytes_both_ways,
    peeked_bytes_stay,
    peeking_at_a_part_keeps_the_order,
    shutting_down_sending_ends_one_direction,
    shutting_down_receiving_ends_one_direction,
    shutting_down_both_directions_ends_the_connection,
    what_was_sent_before_closing_arrives,
    sending_never_blocks_and_loses_nothing,
    addresses_agree,
];

/// Two ends of a connection, and the listener between them.
pub(crate) struct Connection {
    config: Config,
    pub(crate) sockets: &'static dyn Sockets,
    pub(crate) listener: SocketHandle,
    pub(crate) client: SocketHandle,
    pub(crate) server: SocketHandle,
    pub(crate) client_address: SocketAddr,
}

impl Connection {
    pub(crate) fn new(config: &Config) -> Result<Connection> {
        let (sockets, address) = config.sockets()?;
        let listener = sockets.listen(address, 1)?;
        let address = sockets.local_address(listener)?;
        check(address.port() != 0, "a port to be chosen")?;
        let client = sockets.connect(address)?;
        ready(config, listener, Interest::Read)?;
        let (server, client_address) = sockets.accept(listener)?;
        ready(config, client, Interest::Write)?;
        Ok(Connection {
            config: *config,
            sockets,
            listener,
            client,
            server,
            client_address,
        })
    }

    /// Sends all of `data`.
    pub(crate) fn send_all(&self, socket: SocketHandle, data: &[u8]) -> Result {
        let mut rest = data;
        while !rest.is_empty() {
            ready(&self.config, socket, Interest::Write)?;
            let count = self.sockets.send(socket, rest)?;
            check((1..=rest.len()).contains(&count), "progress")?;
            rest = rest.get(count..).unwrap_or_default();
        }
        Ok(())
    }

    /// Fails unless exactly `data` can be received.
    pub(crate) fn receives(&self, socket: SocketHandle, data: &[u8]) -> Result {
        let mut rest = data;
        while !rest.is_empty() {
            ready(&self.config, socket, Interest::Read)?;
            let mut buffer = [0; 16];
            let room = buffer.get_mut(..rest.len().min(16)).unwrap_or_default();
            let count = self.sockets.receive(socket, room, false)?;
            check(count > 0, "more bytes")?;
            let received = buffer.get(..count).unwrap_or_default();
            check(rest.starts_with(received), "the bytes that were sent")?;
            rest = rest.get(count..).unwrap_or_default();
        }
        Ok(())
    }

    /// Fails unless the stream has ended.
    pub(crate) fn ends(&self, socket: SocketHandle) -> Result {
        ready(&self.config, socket, Interest::Read)?;
        for _ in 0..2 {
            let count = self.sockets.receive(socket, &mut [0; 4], false)?;
            check(count == 0, "the end of the stream")?;
        }
        Ok(())
    }

    pub(crate) fn close(self) -> Result {
        self.sockets.close(self.client)?;
        self.sockets.close(self.server)?;
        Ok(self.sockets.close(self.listener)?)
    }
}

/// Waits until the socket is ready, but not for ever.
pub(crate) fn ready(config: &Config, socket: SocketHandle, interest: Interest) -> Result {
    let mut entries = [PollEntry::new(PollTarget::Socket(socket), interest)];
    let outcome = config
        .platform
        .poll()
        .poll(&mut entries, Some(LONG), None)?;
    check(outcome == PollOutcome::Ready, "the socket to be ready")
}

fn a_connection_carries_bytes_both_ways(config: &Config) -> Result {
    let c = Connection::new(config)?;
    c.send_all(c.client, b"a question, longer than one buffer")?;
    c.receives(c.server, b"a question, longer than one buffer")?;
    c.send_all(c.server, b"an answer")?;
    c.receives(c.client, b"an answer")?;
    check(c.sockets.send(c.client, &[])? == 0, "nothing to be sent")?;
    c.close()
}

fn peeked_bytes_stay(config: &Config) -> Result {
    let c = Connection::new(config)?;
    c.send_all(c.client, b"bytes")?;
    ready(config, c.server, Interest::Read)?;
    for _ in 0..2 {
        let mut buffer = [0; 1];
        let count = c.sockets.receive(c.server, &mut buffer, true)?;
        check(count == 1 && &buffer == b"b", "the first byte")?;
    }
    c.receives(c.server, b"bytes")?;
    let more = c.sockets.receive(c.server, &mut [0; 1], true);
    fails(more, ErrorKind::WouldBlock)?;
    c.close()
}

fn peeking_at_a_part_keeps_the_order(config: &Config) -> Result {
    let c = Connection::new(config)?;
    // In packets of their own, where the system keeps packets.
    for part in [b"one ", b"two ", b"six."] {
        c.send_all(c.client, part)?;
        config.sleep(SHORT)?;
    }
    let mut buffer = [0; 6];
    let count = c.sockets.receive(c.server, &mut buffer, true)?;
    check(count > 0, "the first bytes")?;
    let peeked = buffer.get(..count).unwrap_or_default();
    check(b"one tw".starts_with(peeked), "the first bytes")?;
    c.receives(c.server, b"one two six.")?;
    c.close()
}

fn shutting_down_sending_ends_one_direction(config: &Config) -> Result {
    let c = Connection::new(config)?;
    c.send_all(c.client, b"last words")?;
    match c.sockets.shutdown(c.client, Shutdown::Write) {
        Err(error) if error.kind() == ErrorKind::NotSupported => {
            // Nothing has changed.
            c.send_all(c.client, b"!")?;
            c.receives(c.server, b"last words!")?;
            c.close()?;
            return Err(Stop::Skipped("no connections that are half open"));
        }
        other => other?,
    }
    fails(c.sockets.send(c.client, b"more"), ErrorKind::BrokenPipe)?;
    c.receives(c.server, b"last words")?;
    c.ends(c.server)?;
    // The other direction is still open.
    c.send_all(c.server, b"reply")?;
    c.receives(c.client, b"reply")?;
    c.sockets.shutdown(c.server, Shutdown::Both)?;
    c.ends(c.client)?;
    c.close()
}

fn shutting_down_receiving_ends_one_direction(config: &Config) -> Result {
    let c = Connection::new(config)?;
    c.sockets.shutdown(c.client, Shutdown::Read)?;
    c.ends(c.client)?;
    c.send_all(c.client, b"still heard")?;
    c.receives(c.server, b"still heard")?;
    c.close()
}

fn shutting_down_both_directions_ends_the_connection(config: &Config) -> Result {
    let c = Connection::new(config)?;
    c.send_all(c.client, b"last words")?;
    c.sockets.shutdown(c.client, Shutdown::Both)?;
    fails(c.sockets.send(c.client, b"more"), ErrorKind::BrokenPipe)?;
    c.ends(c.client)?;
    c.receives(c.server, b"last words")?;
    c.ends(c.server)?;
    c.close()
}

fn what_was_sent_before_closing_arrives(config: &Config) -> Result {
    let c = Connection::new(config)?;
    c.send_all(c.client, b"last words")?;
    c.sockets.close(c.client)?;
    c.receives(c.server, b"last words")?;
    c.ends(c.server)?;
    c.sockets.close(c.server)?;
    Ok(c.sockets.close(c.listener)?)
}

/// The byte at a place in an endless stream that does not repeat by a power
/// of two.
fn pattern(place: usize) -> u8 {
    (place % 251) as u8
}

/// Sends the pattern from `sent` on until it would block; where it is then.
fn fill(c: &Connection, mut sent: usize) -> Result<usize> {
    // What the system buffers is less than this.
    while sent < 64 << 20 {
        let mut buffer = [0; 128];
        for (place, byte) in (sent..).zip(&mut buffer) {
            *byte = pattern(place);
        }
        match c.sockets.send(c.client, &buffer) {
            Ok(count) => sent += count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(sent),
            Err(error) => return Err(error.into()),
        }
    }
    check(false, "a send to block at some time")?;
    Ok(sent)
}

fn sending_never_blocks_and_loses_nothing(config: &Config) -> Result {
    let c = Connection::new(config)?;
    let mut sent = fill(&c, 0)?;
    loop {
        // What was sent is on its way to the other side, which makes room.
        let target = PollTarget::Socket(c.client);
        let mut entries = [PollEntry::new(target, Interest::Write)];
        let poll = config.platform.poll();
        if poll.poll(&mut entries, Some(SHORT), None)? == PollOutcome::TimedOut {
            break;
        }
        let more = fill(&c, sent)?;
        check(more > sent, "no readiness without room")?;
        sent = more;
    }
    let mut received = 0;
    while received < sent {
        ready(config, c.server, Interest::Read)?;
        let mut buffer = [0; 128];
        let count = c.sockets.receive(c.server, &mut buffer, false)?;
        check(count > 0, "more bytes")?;
        let read = buffer.get(..count).unwrap_or_default();
        let right = (received..).zip(read).all(|(p, b)| pattern(p) == *b);
        check(right, "the bytes that were sent, in order")?;
        received += count;
    }
    check(received == sent, "no byte more than was sent")?;
    ready(config, c.client, Interest::Write)?;
    c.send_all(c.client, b"again")?;
    c.receives(c.server, b"again")?;
    c.close()
}

fn addresses_agree(config: &Config) -> Result {
    let c = Connection::new(config)?;
    let sockets = c.sockets;
    let listening = sockets.local_address(c.listener)?;
    check(
        sockets.peer_address(c.client)? == listening,
        "the client's peer to be the listener's address",
    )?;
    check(
        sockets.local_address(c.client)? == c.client_address,
        "accept to tell the client's address",
    )?;
    check(
        sockets.peer_address(c.server)? == c.client_address,
        "the server's peer to be the client",
    )?;
    check(
        sockets.local_address(c.server)? == listening,
        "the server's address to be the listener's",
    )?;
    c.close()
}
