//! A firmware that runs, and its shell.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::uart::Uart;
use crate::{Result, process};

/// What the shell writes when it is ready for a command.
const PROMPT: &str = "nsh> ";
/// What a command may take, where nothing else is said: the clock of a board that counts interrupts stands
/// still while the emulator has to wait.
const PATIENCE: Duration = Duration::from_secs(300);
/// After which silence the UART is looked at.
const SILENCE: Duration = Duration::from_secs(1);

/// The console of a firmware, which ends with this.
pub struct Console {
    child: Child,
    input: ChildStdin,
    output: Receiver<Vec<u8>>,
    uart: Option<Uart>,
    /// All that was written.
    text: String,
}

impl Drop for Console {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Console {
    /// Starts a firmware, and waits for its shell.
    pub fn start(
        emulator: &str,
        machine: &[&str],
        firmware: &Path,
        uart: Option<Uart>,
    ) -> Result<Self> {
        let mut command = if emulator.is_empty() {
            process::emulator(firmware)
        } else {
            let mut command = process::emulator(emulator);
            command.args(machine).args(["-nographic", "-kernel"]);
            command.arg(firmware);
            command.args(uart.iter().flat_map(Uart::arguments));
            command
        };
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let (Some(input), Some(mut from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("no pipes".into());
        };
        let (to, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                let read = buffer.get(..length).unwrap_or_default();
                if to.send(read.to_vec()).is_err() {
                    return;
                }
            }
        });
        let mut console = Self {
            child,
            input,
            output,
            uart,
            text: String::new(),
        };
        console.wait(0, PROMPT, PATIENCE)?;
        Ok(console)
    }

    /// Waits until `wanted` is in the text behind `from`; returns where it ends.
    fn wait(&mut self, from: usize, wanted: &str, patience: Duration) -> Result<usize> {
        let until = Instant::now() + patience;
        loop {
            let rest = self.text.get(from..).unwrap_or_default();
            if let Some(place) = rest.find(wanted) {
                return Ok(from + place + wanted.len());
            }
            let left = until.saturating_duration_since(Instant::now());
            let bytes = match self.output.recv_timeout(left.min(SILENCE)) {
                Ok(bytes) => bytes,
                Err(RecvTimeoutError::Timeout) if left > SILENCE => {
                    self.uart.as_mut().map_or(Ok(()), Uart::look)?;
                    continue;
                }
                Err(_) => return Err(format!("`{wanted}` did not come")),
            };
            self.text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// Types a command, of less than 80 characters, which is what the shell takes; returns what it wrote
    /// until the next prompt.
    pub fn command(&mut self, line: &str) -> Result<String> {
        self.command_within(line, PATIENCE)
    }

    /// As `command`, for one that may take so long.
    pub fn command_within(&mut self, line: &str, patience: Duration) -> Result<String> {
        let start = self.text.len();
        // As a person would: the UART of a board holds one character.
        for byte in line.bytes().chain(*b"\n") {
            self.input
                .write_all(&[byte])
                .and_then(|()| self.input.flush())
                .map_err(|error| error.to_string())?;
        }
        let end = self
            .wait(start, PROMPT, patience)
            .map_err(|error| format!("`{line}`: {error}"))?;
        Ok(self.text.get(start..end).unwrap_or_default().to_owned())
    }

    /// Types a command, whose output must have `wanted`.
    pub fn expect(&mut self, line: &str, wanted: &str) -> Result<String> {
        let found = self.command(line)?;
        if found.contains(wanted) {
            return Ok(found);
        }
        Err(format!("`{line}`: expected `{wanted}`, got `{found}`"))
    }

    /// How often the UART's interrupt was missing, where it can be.
    pub fn missing_interrupts(&self) -> Option<u32> {
        self.uart.as_ref().map(Uart::missing)
    }

    /// Prints the end of what was written.
    pub fn show(&self) {
        let lines: Vec<&str> = self.text.lines().collect();
        let first = lines.len().saturating_sub(40);
        println!("{}", lines.get(first..).unwrap_or_default().join("\n"));
    }
}
