//! Programs that serve connections.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "tests, and what several of them share"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use support::{Running, guest, thimble};

#[test]
fn a_server_answers_on_the_socket_it_was_given() {
    for server in ["echo-server", "small/echo-server"] {
        answers(server);
    }
}

fn answers(server: &str) {
    let address = free_address();
    let mut command = Command::new(env!("CARGO_BIN_EXE_thimble"));
    command.args(["run", "--timeout", "50s"]);
    command.args(["--tcplisten", &address, &guest(server), "2"]);
    let running = Running::start(&mut command);
    for text in ["first", "and a second"] {
        let mut stream = connect(&address);
        stream.write_all(text.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(answer, text);
    }
    running.finish().prints("5 bytes echoed\n12 bytes echoed\n");
}

#[test]
fn an_address_in_use_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let outcome = thimble(["run", "--tcplisten", &address, &guest("echo-server"), "1"]);
    outcome.fails(1, &[&address, "in use"]);
}

/// An address that nobody listened at a moment ago.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Connects once the server listens.
fn connect(address: &str) -> TcpStream {
    let start = Instant::now();
    loop {
        match TcpStream::connect(address) {
            Ok(stream) => return stream,
            Err(error) if start.elapsed() > Duration::from_secs(30) => panic!("{error}"),
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}
