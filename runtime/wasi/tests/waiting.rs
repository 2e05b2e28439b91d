//! Waiting: clocks, descriptors, sockets, and being stopped while waiting.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]
mod support;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::OwnedFd;
use std::thread;
use std::time::{Duration, Instant};

use support::{CREAT, Guest, NONBLOCK, ROOT, Scratch, clock_subscription, errno, fd_subscription};
use thimble_platform::{Platform, WakeHandle};
use thimble_platform_host::Host;
use thimble_wasi::{Errno, Failure, GuestPtr, WasiContext};

const MILLISECOND: u64 = 1_000_000;

/// A guest whose standard input and output are pipes, and the other ends of them.
fn piped(
    wake: bool,
) -> (
    Guest,
    std::io::PipeWriter,
    std::io::PipeReader,
    &'static Host,
    Option<WakeHandle>,
) {
    let (input, to_guest) = std::io::pipe().unwrap();
    let (from_guest, output) = std::io::pipe().unwrap();
    let error = output.try_clone().unwrap();
    let host = Host::with_console(
        OwnedFd::from(input),
        OwnedFd::from(output),
        OwnedFd::from(error),
    );
    let host: &'static Host = Box::leak(Box::new(host));
    let mut builder = WasiContext::builder(host);
    let handle = wake.then(|| host.wakes().create().unwrap());
    if let Some(handle) = handle {
        builder = builder.wake(handle);
    }
    (
        Guest::new(builder.build().unwrap()),
        to_guest,
        from_guest,
        host,
        handle,
    )
}

/// Sets the wake object after a while.
fn wake_soon(host: &'static Host, wake: Option<WakeHandle>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        host.wakes().wake(wake.unwrap()).unwrap();
    })
}

#[test]
fn clocks_tell_time() {
    let mut guest = Guest::new(WasiContext::builder(support::host()).build().unwrap());
    let one = guest.time(1).unwrap();
    assert!(guest.time(1).unwrap() >= one);
    let since_1970 = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    assert!(
        guest
            .time(0)
            .unwrap()
            .abs_diff(since_1970.as_nanos() as u64)
            < 10_000 * MILLISECOND
    );
    assert_eq!(guest.time(4), Err(Errno::Inval));
    for clock in 0..4 {
        let answer = guest.call(|c, m| c.clock_res_get(m, clock, GuestPtr::new(0)));
        assert_eq!(errno(answer).is_ok(), guest.time(clock).is_ok());
    }
    assert!(guest.u64_at(0) > 0);
    assert_eq!(
        errno(guest.call(|c, m| c.clock_res_get(m, 4, GuestPtr::new(0)))),
        Err(Errno::Inval)
    );
}

#[test]
fn a_clock_is_waited_for() {
    let mut guest = Guest::new(WasiContext::builder(support::host()).build().unwrap());
    for (clock, absolute) in [(1, false), (1, true), (0, false), (0, true)] {
        let start = Instant::now();
        let base = if absolute {
            guest.time(clock).unwrap()
        } else {
            0
        };
        let events = guest.poll(&[
            clock_subscription(8, clock, base + 5_000 * MILLISECOND, absolute),
            clock_subscription(7, clock, base + 30 * MILLISECOND, absolute),
        ]);
        let events = events.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(
            (events[0].userdata, events[0].error, events[0].eventtype),
            (7, 0, 0)
        );
        let passed = start.elapsed();
        assert!(
            passed >= Duration::from_millis(29) && passed < Duration::from_secs(4),
            "{passed:?}"
        );
    }
    // A time that is past.
    assert_eq!(
        guest
            .poll(&[clock_subscription(1, 1, 0, true)])
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        guest
            .poll(&[clock_subscription(1, 0, 5, true)])
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn files_are_ready_and_what_cannot_be_waited_for_says_so() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let fd = guest.open(ROOT, "file", CREAT).unwrap();
    guest.write(fd, b"content").unwrap();
    guest.seek(fd, 2, 0).unwrap();
    let events = guest.poll(&[
        fd_subscription(1, false, fd),
        fd_subscription(2, true, fd),
        fd_subscription(3, false, 77),
        fd_subscription(4, false, ROOT),
        fd_subscription(5, false, 1),
        clock_subscription(6, 9, 0, false),
        clock_subscription(7, 1, 60_000 * MILLISECOND, false),
    ]);
    let events = events.unwrap();
    let seen: Vec<_> = events
        .iter()
        .map(|event| (event.userdata, event.error, event.eventtype))
        .collect();
    let (badf, inval) = (Errno::Badf as u16, Errno::Inval as u16);
    assert_eq!(
        seen,
        [
            (1, 0, 1),
            (2, 0, 2),
            (3, badf, 1),
            (4, badf, 1),
            (5, badf, 1),
            (6, inval, 0)
        ]
    );
    assert_eq!(events[0].bytes, 5);
    // Without the right to poll.
    let fd = guest
        .open_with(ROOT, 0, "file", 0, (support::READ, 0), 0)
        .unwrap();
    let events = guest.poll(&[fd_subscription(1, false, fd)]).unwrap();
    assert_eq!(events[0].error, Errno::Notcapable as u16);
}

#[test]
fn no_or_absurdly_many_subscriptions_are_refused() {
    let mut guest = Guest::new(WasiContext::builder(support::host()).build().unwrap());
    let mut poll = |count| {
        errno(guest.call(|context, memory| {
            let (from, to) = (GuestPtr::new(0x4000), GuestPtr::new(0x6000));
            context.poll_oneoff(memory, from, to, count, GuestPtr::new(0))
        }))
    };
    assert_eq!(poll(0), Err(Errno::Inval));
    assert_eq!(poll(257), Err(Errno::Inval));
    assert_eq!(poll(u32::MAX), Err(Errno::Inval));
    guest.put(0x4000, &[9; 48]);
    assert_eq!(errno(guest.poll(&[[9; 48]])), Err(Errno::Inval));
}

#[test]
fn events_may_be_stored_over_their_subscriptions() {
    let mut guest = Guest::new(WasiContext::builder(support::host()).build().unwrap());
    for index in 0..10 {
        guest.put(
            index * 48,
            &clock_subscription(u64::from(index), 1, 0, false),
        );
    }
    guest
        .call(|context, memory| {
            context.poll_oneoff(
                memory,
                GuestPtr::new(0),
                GuestPtr::new(0),
                10,
                GuestPtr::new(0x1000),
            )
        })
        .unwrap();
    assert_eq!(guest.u32_at(0x1000), 10);
    for index in 0..10 {
        assert_eq!(guest.u64_at(index * 32), u64::from(index));
    }
}

#[test]
fn a_pipe_becomes_readable_and_ends() {
    let (mut guest, mut to_guest, mut from_guest, ..) = piped(false);
    // Nothing yet: the clock is first.
    let both = [
        fd_subscription(1, false, 0),
        clock_subscription(2, 1, 20 * MILLISECOND, false),
    ];
    let events = guest.poll(&both).unwrap();
    assert_eq!((events.len(), events[0].userdata), (1, 2));
    to_guest.write_all(b"data").unwrap();
    let events = guest.poll(&both).unwrap();
    assert_eq!(
        (events.len(), events[0].userdata, events[0].error),
        (1, 1, 0)
    );
    assert_eq!(guest.read(0, 100).unwrap(), b"data");
    let events = guest
        .poll(&[fd_subscription(1, true, 1), fd_subscription(2, true, 2)])
        .unwrap();
    assert_eq!(events.len(), 2);
    guest.write(1, b"out").unwrap();
    guest.write(2, b"err").unwrap();
    let mut bytes = [0; 6];
    from_guest.read_exact(&mut bytes).unwrap();
    assert_eq!(&bytes, b"outerr");
    // Non-blocking, there is nothing.
    guest
        .call(|context, memory| context.fd_fdstat_set_flags(memory, 0, NONBLOCK))
        .unwrap();
    assert_eq!(guest.read(0, 100), Err(Errno::Again));
    drop(to_guest);
    assert_eq!(guest.read(0, 100).unwrap(), b"");
    drop(from_guest);
    assert_eq!(guest.write(1, b"x"), Err(Errno::Pipe));
}

#[test]
fn a_blocked_read_is_stopped() {
    let (mut guest, to_guest, _from_guest, host, wake) = piped(true);
    let waker = wake_soon(host, wake);
    assert_eq!(guest.try_read(0, 10), Err(Failure::Interrupted));
    waker.join().unwrap();
    // While the wake object is set nothing waits, not even if it could go on.
    assert_eq!(guest.try_read(0, 10), Err(Failure::Interrupted));
    let sleep = [clock_subscription(1, 1, 60_000 * MILLISECOND, false)];
    assert_eq!(guest.poll(&sleep), Err(Failure::Interrupted));
    drop(to_guest);
}

#[test]
fn a_blocked_write_is_stopped() {
    let (mut guest, _to_guest, _from_guest, host, wake) = piped(true);
    let waker = wake_soon(host, wake);
    let failure = loop {
        // Nobody reads, so the pipe is full at last.
        match guest.try_write(1, &[0; 4096]) {
            Ok(written) => assert!(written > 0),
            Err(failure) => break failure,
        }
    };
    assert_eq!(failure, Failure::Interrupted);
    waker.join().unwrap();
}

#[test]
fn a_sleep_is_stopped() {
    let (mut guest, _to_guest, _from_guest, host, wake) = piped(true);
    let waker = wake_soon(host, wake);
    let start = Instant::now();
    let sleep = [
        clock_subscription(1, 1, 60_000 * MILLISECOND, false),
        fd_subscription(2, false, 0),
    ];
    assert_eq!(guest.poll(&sleep), Err(Failure::Interrupted));
    assert!(start.elapsed() < Duration::from_secs(30));
    waker.join().unwrap();
}

fn listening() -> (
    Guest,
    std::net::SocketAddr,
    &'static Host,
    Option<WakeHandle>,
) {
    let host = support::host();
    let sockets = host.sockets().unwrap();
    let listener = sockets.listen("127.0.0.1:0".parse().unwrap(), 4).unwrap();
    let address = sockets.local_address(listener).unwrap();
    let wake = host.wakes().create().unwrap();
    let builder = WasiContext::builder(host)
        .wake(wake)
        .listener(listener)
        .unwrap();
    (
        Guest::new(builder.build().unwrap()),
        address,
        host,
        Some(wake),
    )
}

fn accept(guest: &mut Guest, fd: u32, flags: u32) -> Result<u32, Failure> {
    guest.call(|context, memory| context.sock_accept(memory, fd, flags, GuestPtr::new(0x80)))?;
    Ok(guest.u32_at(0x80))
}

fn receive(guest: &mut Guest, fd: u32, length: u32, flags: u32) -> Result<Vec<u8>, Failure> {
    guest.put(
        0x100,
        &[0x8000_u32.to_le_bytes(), length.to_le_bytes()].concat(),
    );
    guest.put(0x90, &[0xff; 4]);
    guest.call(|context, memory| {
        let vectors = GuestPtr::new(0x100);
        context.sock_recv(
            memory,
            fd,
            vectors,
            1,
            flags,
            GuestPtr::new(0x80),
            GuestPtr::new(0x90),
        )
    })?;
    assert_eq!(guest.get(0x90, 4), [0, 0, 0xff, 0xff]);
    Ok(guest.get(0x8000, guest.u32_at(0x80) as usize).to_vec())
}

fn send(guest: &mut Guest, fd: u32, bytes: &[u8], flags: u32) -> Result<u32, Failure> {
    guest.put(
        0x100,
        &[0x8000_u32.to_le_bytes(), (bytes.len() as u32).to_le_bytes()].concat(),
    );
    guest.put(0x8000, bytes);
    guest.call(|context, memory| {
        context.sock_send(
            memory,
            fd,
            GuestPtr::new(0x100),
            1,
            flags,
            GuestPtr::new(0x80),
        )
    })?;
    Ok(guest.u32_at(0x80))
}

fn shutdown(guest: &mut Guest, fd: u32, how: u32) -> Result<(), Errno> {
    errno(guest.call(|context, memory| context.sock_shutdown(memory, fd, how)))
}

#[test]
fn a_connection_is_accepted_and_used() {
    let (mut guest, address, ..) = listening();
    assert_eq!(guest.fdstat(3).unwrap().0, 6);
    assert_eq!(errno(accept(&mut guest, 3, 1)), Err(Errno::Inval));
    let client = thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"first ").unwrap();
        thread::sleep(Duration::from_millis(30));
        stream.write_all(b"second").unwrap();
        let mut answer = [0; 6];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"answer");
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"!");
        stream.shutdown(Shutdown::Write).unwrap();
        stream
    });
    let events = guest.poll(&[fd_subscription(1, false, 3)]).unwrap();
    assert_eq!((events[0].userdata, events[0].error), (1, 0));
    let fd = errno(accept(&mut guest, 3, 0)).unwrap();
    assert_eq!(fd, 4);
    assert_eq!(guest.fdstat(fd).unwrap().0, 6);
    assert_eq!(receive(&mut guest, fd, 5, 1).unwrap(), b"first");
    assert_eq!(receive(&mut guest, fd, 12, 2).unwrap(), b"first second");
    assert_eq!(send(&mut guest, fd, b"answer", 0), Ok(6));
    assert_eq!(
        send(&mut guest, fd, b"x", 1),
        Err(Failure::Errno(Errno::Inval))
    );
    assert_eq!(
        receive(&mut guest, fd, 1, 4),
        Err(Failure::Errno(Errno::Inval))
    );
    assert_eq!(guest.write(fd, b"!"), Ok(1));
    assert_eq!(shutdown(&mut guest, fd, 0), Err(Errno::Inval));
    assert_eq!(shutdown(&mut guest, fd, 4), Err(Errno::Inval));
    assert_eq!(shutdown(&mut guest, fd, 2), Ok(()));
    assert_eq!(guest.read(fd, 10).unwrap(), b"");
    assert_eq!(guest.seek(fd, 0, 0), Err(Errno::Spipe));
    client.join().unwrap();
    guest.close(fd).unwrap();
}

#[test]
fn what_is_no_socket_says_so() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let file = guest.open(ROOT, "file", CREAT).unwrap();
    for fd in [0, 1, ROOT, file] {
        assert_eq!(errno(accept(&mut guest, fd, 0)), Err(Errno::Notsock));
        assert_eq!(errno(receive(&mut guest, fd, 1, 0)), Err(Errno::Notsock));
        assert_eq!(errno(send(&mut guest, fd, b"x", 0)), Err(Errno::Notsock));
        assert_eq!(shutdown(&mut guest, fd, 1), Err(Errno::Notsock));
    }
    assert_eq!(shutdown(&mut guest, 30, 1), Err(Errno::Badf));
    let (mut guest, address, ..) = listening();
    assert_eq!(errno(receive(&mut guest, 3, 1, 0)), Err(Errno::Notconn));
    assert_eq!(guest.read(3, 1), Err(Errno::Badf));
    let _client = TcpStream::connect(address).unwrap();
    let fd = accept(&mut guest, 3, NONBLOCK).unwrap();
    assert_eq!(errno(accept(&mut guest, fd, 0)), Err(Errno::Inval));
    assert_eq!(errno(receive(&mut guest, fd, 1, 0)), Err(Errno::Again));
}

#[test]
fn a_waiting_accept_or_receive_is_stopped() {
    let (mut guest, address, host, wake) = listening();
    guest
        .call(|context, memory| context.fd_fdstat_set_flags(memory, 3, NONBLOCK))
        .unwrap();
    assert_eq!(errno(accept(&mut guest, 3, 0)), Err(Errno::Again));
    guest
        .call(|context, memory| context.fd_fdstat_set_flags(memory, 3, 0))
        .unwrap();
    let _client = TcpStream::connect(address).unwrap();
    let fd = accept(&mut guest, 3, 0).unwrap();
    let waker = wake_soon(host, wake);
    assert_eq!(receive(&mut guest, fd, 1, 0), Err(Failure::Interrupted));
    waker.join().unwrap();
    host.wakes().clear(wake.unwrap()).unwrap();
    let waker = wake_soon(host, wake);
    assert_eq!(accept(&mut guest, 3, 0), Err(Failure::Interrupted));
    waker.join().unwrap();
}
