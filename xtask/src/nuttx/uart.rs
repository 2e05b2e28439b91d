//! The UART of Arm's Cortex-M System Design Kit, whose driver in NuttX can leave a character in it.
//!
//! A task that finds nothing to read disables the receive interrupt and enables it again (`uart_readv` of
//! `drivers/serial/serial.c`, by `uart_cmsdk_rxint`). A character that comes in between is kept, but sets no
//! interrupt status, since the device does that when a character comes, and only while the interrupt is
//! enabled; nor does enabling it afterwards. The driver does not look, and the emulated device takes no other
//! character before this one is read: the console stands still for good. So whoever waits for the console
//! looks at the registers, by QEMU's interface for tests of devices, and in just that state raises the
//! interrupt that is missing. No character is lost by that, and none is made.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use crate::Result;

/// Where a UART is.
#[derive(Clone, Copy)]
pub struct Place {
    /// Its registers.
    pub registers: u32,
    /// The number of its receive interrupt, below 32.
    pub interrupt: u32,
}

/// STATE: a character was received and not read yet.
const STATE: u32 = 0x4;
const IS_FULL: u32 = 1 << 1;
/// CTRL: the receive interrupt is enabled.
const CONTROL: u32 = 0x8;
const IS_ENABLED: u32 = 1 << 3;
/// INTSTATUS: the receive interrupt was raised and not handled yet.
const STATUS: u32 = 0xc;
const IS_RAISED: u32 = 1 << 1;
/// The interrupt controller's register that makes interrupts 0 to 31 pending.
const SET_PENDING: u32 = 0xe000_e200;

/// A UART of a firmware that runs.
pub struct Uart {
    place: Place,
    socket: PathBuf,
    connection: Option<BufReader<UnixStream>>,
    /// How often an interrupt was missing.
    missing: u32,
}

impl Uart {
    /// A UART that is reached by a socket, which the emulator makes.
    pub fn new(place: Place, socket: &Path) -> Self {
        Self {
            place,
            socket: socket.to_owned(),
            connection: None,
            missing: 0,
        }
    }

    /// What the emulator is told to be reached.
    pub fn arguments(&self) -> [String; 4] {
        [
            "-qtest".into(),
            format!("unix:{},server=on,wait=off", self.socket.display()),
            "-qtest-log".into(),
            "none".into(),
        ]
    }

    /// Raises the receive interrupt if it is missing.
    pub fn look(&mut self) -> Result<()> {
        let registers = self.place.registers;
        let state = self.read(registers + STATE)?;
        let control = self.read(registers + CONTROL)?;
        let status = self.read(registers + STATUS)?;
        if is_missing(state, control, status) {
            let pending = 1 << self.place.interrupt;
            self.ask(&format!("writel {SET_PENDING:#x} {pending:#x}"))?;
            self.missing += 1;
        }
        Ok(())
    }

    /// How often an interrupt was missing.
    pub const fn missing(&self) -> u32 {
        self.missing
    }

    fn read(&mut self, address: u32) -> Result<u32> {
        let answer = self.ask(&format!("readl {address:#x}"))?;
        value(&answer).ok_or(format!("the emulator answers {answer}"))
    }

    /// Asks the emulator for something; returns its answer.
    fn ask(&mut self, request: &str) -> Result<String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.socket.display());
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(BufReader::new(
                UnixStream::connect(&self.socket).map_err(failed)?,
            )),
        };
        let mut answer = String::new();
        writeln!(connection.get_mut(), "{request}")
            .and_then(|()| connection.read_line(&mut answer))
            .map_err(failed)?;
        if answer.starts_with("OK") {
            return Ok(answer);
        }
        Err(format!("`{request}`: the emulator answers {answer}"))
    }
}

/// Whether there is a character whose interrupt will not come.
const fn is_missing(state: u32, control: u32, status: u32) -> bool {
    state & IS_FULL != 0 && control & IS_ENABLED != 0 && status & IS_RAISED == 0
}

/// The value in an answer.
fn value(answer: &str) -> Option<u32> {
    let digits = answer.trim_end().strip_prefix("OK 0x")?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod unit {
    use super::{Place, Uart, is_missing, value};
    use std::io::{BufRead, BufReader, Write};
    use std::os::unix::net::UnixListener;
    use std::thread;

    #[test]
    fn an_interrupt_is_missing_only_with_a_character() {
        // As it was seen: a character, transmitter and receiver with the receiver's interrupts, no status.
        assert!(is_missing(0x2, 0x2b, 0x0));
        assert!(!is_missing(0x0, 0x2b, 0x0), "no character");
        assert!(!is_missing(0x2, 0x03, 0x0), "not enabled");
        assert!(!is_missing(0x2, 0x2b, 0x2), "it comes");
        assert!(is_missing(0x2, 0x2f, 0x1), "the transmitter's is another");
    }

    #[test]
    fn answers_have_a_value() {
        assert_eq!(value("OK 0x000000000000002b\n"), Some(0x2b));
        assert_eq!(value("OK\n"), None);
        assert_eq!(value("FAIL Unknown command\n"), None);
    }

    #[test]
    fn raises_what_is_missing_once() {
        let directory = crate::process::target_directory().unwrap().join("nuttx");
        std::fs::create_dir_all(&directory).unwrap();
        let socket = directory.join(format!("uart-{}", std::process::id()));
        let listener = UnixListener::bind(&socket).unwrap();
        let emulator = thread::spawn(move || {
            let mut requests = Vec::new();
            let (mut to, _) = listener.accept().unwrap();
            for line in BufReader::new(to.try_clone().unwrap()).lines() {
                let line = line.unwrap();
                let is_raised = requests.iter().any(|line: &String| line.contains("writel"));
                let answer = match line.as_str() {
                    "readl 0x40004004" if is_raised => "OK 0x0",
                    "readl 0x40004004" => "OK 0x2",
                    "readl 0x40004008" => "OK 0x2b",
                    "readl 0x4000400c" => "OK 0x0",
                    "writel 0xe000e200 0x1" => "OK",
                    _ => "FAIL",
                };
                writeln!(to, "{answer}").unwrap();
                requests.push(line);
            }
            requests
        });
        let place = Place {
            registers: 0x4000_4000,
            interrupt: 0,
        };
        let mut uart = Uart::new(place, &socket);
        uart.look().unwrap();
        uart.look().unwrap();
        assert_eq!(uart.missing(), 1);
        drop(uart);
        std::fs::remove_file(&socket).unwrap();
        assert_eq!(emulator.join().unwrap().len(), 7);
    }
}
