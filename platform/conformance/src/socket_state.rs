//! Cases about the states of sockets.

use thimble_platform::{
    ErrorKind, Interest, PollEntry, PollOutcome, PollTarget, Readiness, Shutdown, SocketHandle,
};

use crate::outcome::{Result, check, fails};
use crate::run::{Config, LONG, SHORT, cases};
use crate::socket::Connection;

cases![
    without_a_connection_accepting_would_block,
    without_bytes_receiving_would_block,
    listeners_are_told_from_connections,
    a_used_address_is_refused,
    nobody_listening_is_refused,
    unknown_sockets_are_refused,
    closed_sockets_come_back,
];

fn without_a_connection_accepting_would_block(config: &Config) -> Result {
    let (sockets, address) = config.sockets()?;
    let listener = sockets.listen(address, 1)?;
    fails(sockets.accept(listener), ErrorKind::WouldBlock)?;
    let target = PollTarget::Socket(listener);
    let mut entries = [PollEntry::new(target, Interest::Read)];
    let poll = config.platform.poll();
    let outcome = poll.poll(&mut entries, Some(SHORT), None)?;
    check(outcome == PollOutcome::TimedOut, "nobody to connect")?;
    check(
        entries.map(|entry| entry.readiness) == [Readiness::NotReady],
        "the listener not to be ready",
    )?;
    Ok(sockets.close(listener)?)
}

fn without_bytes_receiving_would_block(config: &Config) -> Result {
    let c = Connection::new(config)?;
    let received = c.sockets.receive(c.server, &mut [0; 4], false);
    fails(received, ErrorKind::WouldBlock)?;
    let target = PollTarget::Socket(c.server);
    let mut entries = [PollEntry::new(target, Interest::Read)];
    let poll = config.platform.poll();
    let outcome = poll.poll(&mut entries, Some(SHORT), None)?;
    check(outcome == PollOutcome::TimedOut, "nothing to receive")?;
    c.close()
}

fn listeners_are_told_from_connections(config: &Config) -> Result {
    let c = Connection::new(config)?;
    check(c.sockets.is_listener(c.listener)?, "a listener")?;
    check(!c.sockets.is_listener(c.client)?, "no listener")?;
    check(!c.sockets.is_listener(c.server)?, "no listener")?;
    fails(c.sockets.accept(c.server), ErrorKind::InvalidArgument)?;
    let received = c.sockets.receive(c.listener, &mut [0; 4], false);
    fails(received, ErrorKind::NotConnected)?;
    fails(c.sockets.peer_address(c.listener), ErrorKind::NotConnected)?;
    c.close()
}

fn a_used_address_is_refused(config: &Config) -> Result {
    let (sockets, address) = config.sockets()?;
    let listener = sockets.listen(address, 1)?;
    let used = sockets.local_address(listener)?;
    fails(sockets.listen(used, 1), ErrorKind::AddressInUse)?;
    Ok(sockets.close(listener)?)
}

fn nobody_listening_is_refused(config: &Config) -> Result {
    let (sockets, address) = config.sockets()?;
    let listener = sockets.listen(address, 1)?;
    let nobody = sockets.local_address(listener)?;
    sockets.close(listener)?;
    let client = match sockets.connect(nobody) {
        Err(error) => {
            let refused = error.kind() == ErrorKind::ConnectionRefused;
            return check(refused, "the connection to be refused");
        }
        Ok(client) => client,
    };
    let target = PollTarget::Socket(client);
    let mut entries = [PollEntry::new(target, Interest::Write)];
    let poll = config.platform.poll();
    let outcome = poll.poll(&mut entries, Some(LONG), None)?;
    check(outcome == PollOutcome::Ready, "an answer")?;
    let [entry] = entries;
    // Either poll tells, or the first use does.
    let error = match entry.readiness {
        Readiness::Failed(error) => Some(error),
        _ => sockets.send(client, b"data").err(),
    };
    sockets.close(client)?;
    check(
        error.is_some_and(|error| error.kind() == ErrorKind::ConnectionRefused),
        "the connection to be refused",
    )
}

fn unknown_sockets_are_refused(config: &Config) -> Result {
    let refused = ErrorKind::BadDescriptor;
    let (sockets, address) = config.sockets()?;
    let stale = sockets.listen(address, 1)?;
    sockets.close(stale)?;
    for socket in [stale, SocketHandle::from_raw(usize::MAX)] {
        fails(sockets.accept(socket), refused)?;
        fails(sockets.receive(socket, &mut [0; 4], false), refused)?;
        fails(sockets.send(socket, b"data"), refused)?;
        fails(sockets.shutdown(socket, Shutdown::Both), refused)?;
        fails(sockets.local_address(socket), refused)?;
        fails(sockets.peer_address(socket), refused)?;
        fails(sockets.is_listener(socket), refused)?;
        fails(sockets.close(socket), refused)?;
    }
    Ok(())
}

fn closed_sockets_come_back(config: &Config) -> Result {
    for _ in 0..50 {
        Connection::new(config)?.close()?;
    }
    Ok(())
}
