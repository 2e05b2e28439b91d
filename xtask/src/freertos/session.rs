//! A person at the console of the sample, who types and waits for what appears.

use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Result, process};

/// How long anything takes at most, on a computer that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is typed again where the answer is not what is waited for: a program may be about to wait.
const QUESTION: &str = "wasm ps\r";
/// After how long.
const PAUSE: Duration = Duration::from_secs(3);

/// What is typed, and what appears then, from where the last one ended.
const STEPS: &[(&str, &str)] = &[
    ("", "> "),
    ("wasm list\r", "module in the firmware\r\n> "),
    ("wasm run hello\r", "Hello from WebAssembly!\r\n> "),
    ("wasm run hello-c\r", "Hello from WebAssembly!\r\n> "),
    // Lines are corrected, by the command and by the program's terminal.
    ("wasm run hellx\x7fo\r", "Hello from WebAssembly!\r\n> "),
    ("wasm run wc\r", "wasm run wc\r\n"),
    ("one twx\x7fo\rthree\r\x04", "2 3 14 -\r\n> "),
    ("wasm run spin\r", "wasm run spin\r\n"),
    ("\x03", "^C\r\nspin: stopped\r\n> "),
    // As urgent as programs may be: the console is more so.
    ("wasm run --prio 2 spin\r", "wasm run --prio 2 spin\r\n"),
    ("\x03", "^C\r\nspin: stopped\r\n> "),
    ("wasm run clock 1 100000 &\r", "[7] clock\r\n"),
    // What it prints before it sleeps.
    ("", "monotonic clock: resolution"),
    ("wasm ps\r", "waiting"),
    ("", " clock\r\n"),
    ("wasm kill 7\r", "wasm kill 7\r\n> "),
    ("wasm ps\r", "stopped"),
    ("", "> "),
    (
        "wasm run json get sensors.0.name\r",
        "wasm run json get sensors.0.name\r\n",
    ),
    (
        "{\"sensors\":[{\"name\":\"roof\"}]}\r\x04",
        "\"roof\"\r\n> ",
    ),
    // To the disk in RAM, and from there.
    (
        "wasm install hello-c greeting\r",
        "wasm install hello-c greeting\r\n> ",
    ),
    ("wasm list\r", "\r\ngreeting "),
    ("", " installed\r\n> "),
    ("wasm run greeting\r", "Hello from WebAssembly!\r\n> "),
    (
        "wasm run --dir /disk::/ ls /programs\r",
        "\r\ngreeting.thm\r\n> ",
    ),
    ("wasm remove greeting\r", "wasm remove greeting\r\n> "),
    ("wasm run greeting\r", "no such program"),
    ("", "> "),
    ("wasm run trap divide\r", "trap: integer divide by zero\r\n"),
    ("", "trap: failed\r\n> "),
    ("wasm run nothing\r", "nothing: no such program"),
    ("", "> "),
    ("dance\r", "exit [STATUS]"),
    ("", "> "),
    ("exit 7\r", ""),
];

/// What the last step ends the firmware with.
const STATUS: i32 = 7;

/// Runs a command of one word a line, and types at its console; returns how it went.
pub fn run(words: &str) -> Result<String> {
    let mut words = words.lines();
    let program = words.next().ok_or("nothing to run")?;
    let mut child = process::emulator(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    let result = talk(&mut child).and_then(|shown| end(&mut child, &shown));
    if result.is_err() {
        // An error says that it has ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
    result
}

/// Takes every step; returns what appeared.
fn talk(child: &mut Child) -> Result<String> {
    let (mut stdin, output) = child
        .stdin
        .take()
        .zip(child.stdout.take())
        .ok_or("no console")?;
    let output = read(output);
    let mut shown = String::new();
    let mut from = 0;
    for (typed, wanted) in STEPS {
        let start = Instant::now();
        from = loop {
            stdin
                .write_all(typed.as_bytes())
                .and_then(|()| stdin.flush())
                .map_err(|error| format!("the console is gone: {error}\n{shown}"))?;
            let patience = if *typed == QUESTION { PAUSE } else { PATIENCE };
            if let Some(end) = wait(&output, &mut shown, from, wanted, patience) {
                break end;
            }
            if start.elapsed() >= PATIENCE {
                return Err(format!(
                    "after {typed:?}, {wanted:?} did not appear; the console had:\n{shown}"
                ));
            }
        };
    }
    Ok(shown)
}

/// Reads on a thread of its own.
fn read(mut output: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut piece = [0; 1024];
        while let Ok(count) = output.read(&mut piece) {
            if count == 0 {
                break;
            }
            // To the end, also when nobody listens any more: the firmware is to end by itself.
            let _ = sender.send(piece.get(..count).unwrap_or_default().to_vec());
        }
    });
    receiver
}

/// Waits for a text from `from` on; returns where it ends.
fn wait(
    output: &Receiver<Vec<u8>>,
    shown: &mut String,
    from: usize,
    wanted: &str,
    patience: Duration,
) -> Option<usize> {
    let start = Instant::now();
    loop {
        if let Some(place) = shown.get(from..)?.find(wanted) {
            return Some(from + place + wanted.len());
        }
        let left = patience.checked_sub(start.elapsed())?;
        let bytes = output.recv_timeout(left).ok()?;
        shown.push_str(&String::from_utf8_lossy(&bytes));
    }
}

fn end(child: &mut Child, shown: &str) -> Result<String> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return match status.code() {
                Some(STATUS) => Ok(format!("{} steps", STEPS.len())),
                _ => Err(format!("ended with {status}; the console had:\n{shown}")),
            };
        }
        if start.elapsed() > PATIENCE {
            return Err(format!("did not end; the console had:\n{shown}"));
        }
        thread::sleep(Duration::from_millis(50));
    }
}

#[cfg(test)]
mod tests {
    use super::{PATIENCE, run, wait};
    use std::sync::mpsc::channel;

    #[test]
    fn finds_what_comes_in_parts() {
        let (sender, receiver) = channel();
        let mut shown = "> ".to_owned();
        for piece in ["lis", "t\r\n> ", "> "] {
            sender.send(piece.as_bytes().to_vec()).unwrap();
        }
        assert_eq!(
            wait(&receiver, &mut shown, 2, "list\r\n> ", PATIENCE),
            Some(10)
        );
        drop(sender);
        assert_eq!(wait(&receiver, &mut shown, 10, "> ", PATIENCE), Some(12));
        assert_eq!(wait(&receiver, &mut shown, 12, "> ", PATIENCE), None);
    }

    #[test]
    fn tells_a_console_that_ends() {
        let error = run("sh\n-c\nprintf '> '; exit 7").unwrap_err();
        assert!(
            error.contains("gone") || error.contains("did not appear"),
            "{error}"
        );
    }
}
