//! `echo-server [CONNECTIONS]`: accepts connections on the listening socket that the host opened as
//! descriptor 3 and sends back what each sends, one connection at a time, until CONNECTIONS were served
//! (without the argument: for ever).

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::FromRawFd;
use std::process::ExitCode;

/// The first descriptor after standard input, output and error.
const LISTENER: i32 = 3;

fn main() -> ExitCode {
    let connections = match std::env::args().nth(1).map(|argument| argument.parse::<u64>()) {
        None => u64::MAX,
        Some(Ok(connections)) => connections,
        Some(Err(_)) => {
            eprintln!("usage: echo-server [CONNECTIONS]");
            return ExitCode::from(2);
        }
    };
    // SAFETY: WASI preview1 cannot open a socket, so the descriptor is the host's to give, and nothing else in
    // this program uses it.
    let listener = unsafe { TcpListener::from_raw_fd(LISTENER) };
    for _ in 0..connections {
        let result = listener.accept().and_then(|(stream, _)| echo(stream));
        match result {
            Ok(length) => println!("{length} bytes echoed"),
            Err(error) => {
                eprintln!("echo-server: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn echo(mut stream: TcpStream) -> io::Result<u64> {
    let mut echoed = 0;
    let mut buffer = [0; 1024];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            stream.shutdown(Shutdown::Both)?;
            return Ok(echoed);
        }
        stream.write_all(&buffer[..length])?;
        echoed += length as u64;
    }
}
