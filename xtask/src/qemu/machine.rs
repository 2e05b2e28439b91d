//! The emulated machines, and how firmware runs on them.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use std::{fs, thread};

use crate::Result;
use crate::device_target::build_for;
use crate::process::{self, root, target_directory};

/// A machine that QEMU emulates.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// QEMU's name of it, which is also this task's.
    pub name: &'static str,
    /// What it is, for people.
    pub processor: &'static str,
    /// The Rust target of its firmware.
    pub target: &'static str,
    emulator: &'static str,
    options: &'static [&'static str],
    /// Where `boards/bare/machines` has guests.
    guest: &'static str,
    /// What the memories of a part of the specification suite can take together there, in bytes.
    pub memory: u32,
}

pub const MACHINES: &[Machine] = &[
    Machine {
        name: "mps2-an385",
        processor: "Cortex-M3",
        target: "thumbv7m-none-eabi",
        emulator: "qemu-system-arm",
        options: &[],
        guest: "0x21000000",
        memory: 3_670_016,
    },
    Machine {
        name: "mps2-an386",
        processor: "Cortex-M4F",
        target: "thumbv7em-none-eabihf",
        emulator: "qemu-system-arm",
        options: &[],
        guest: "0x21000000",
        memory: 3_670_016,
    },
    Machine {
        name: "mps2-an505",
        processor: "Cortex-M33",
        target: "thumbv8m.main-none-eabi",
        emulator: "qemu-system-arm",
        options: &[],
        guest: "0x80000000",
        memory: 3_670_016,
    },
    Machine {
        name: "virt",
        processor: "RV32IMAC",
        target: "riscv32imac-unknown-none-elf",
        emulator: "qemu-system-riscv32",
        options: &["-bios", "none", "-m", "256M"],
        guest: "0x81000000",
        memory: 128 << 20,
    },
];

/// The machine of a name.
pub fn find(name: &str) -> Result<&'static Machine> {
    MACHINES
        .iter()
        .find(|machine| machine.name == name)
        .ok_or_else(|| {
            let names: Vec<_> = MACHINES.iter().map(|machine| machine.name).collect();
            format!("no machine {name}; there are {}", names.join(", "))
        })
}

/// Firmware: a binary of `boards/bare`, with features of it.
#[derive(Clone, Copy, Debug)]
pub struct Firmware {
    pub binary: &'static str,
    pub features: &'static str,
}

/// What firmware did.
#[derive(Debug)]
pub struct Outcome {
    /// The emulator's exit status, which is the firmware's.
    pub status: Option<i32>,
    /// What was written to standard output.
    pub output: String,
}

/// Longer than the specification suite takes on a busy computer.
const PATIENCE: Duration = Duration::from_secs(600);

impl Machine {
    /// Builds firmware, if there is an emulator for it. Returns the file.
    pub fn build(&self, firmware: Firmware) -> Result<PathBuf> {
        if let Some(reason) = process::absent(self.emulator) {
            return Err(reason);
        }
        // Each choice of features has a directory, so that none is built anew because of another.
        let mut directory = target_directory()?.join("bare");
        directory.push(if firmware.features.is_empty() {
            "none"
        } else {
            firmware.features
        });
        let mut build = process::cargo()?;
        build
            .args(["build", "--release", "--locked", "--quiet"])
            .args(["--manifest-path", "boards/bare/Cargo.toml"])
            .args(["--bin", firmware.binary, "--features", firmware.features]);
        build_for(&mut build, self.target)?;
        // After that, which may have chosen another; the last one counts.
        build.arg("--target-dir").arg(&directory);
        build.env_remove("RUSTFLAGS").env_remove("CARGO_TARGET_DIR");
        process::run(&mut build)?;
        Ok(directory
            .join(self.target)
            .join("release")
            .join(firmware.binary))
    }

    /// Runs firmware that finds `guest` in its memory and gets `words`. With `counting`, an instruction takes a
    /// nanosecond of its time, and all counts are the same at each run.
    pub fn run(
        &self,
        firmware: &Path,
        guest: &Path,
        words: &[&str],
        input: &Path,
        counting: bool,
    ) -> Result<Outcome> {
        let mut semihosting = "enable=on,target=native,arg=firmware".to_owned();
        for word in words {
            semihosting.push_str(",arg=");
            // A comma would begin another option.
            semihosting.push_str(&word.replace(',', ",,"));
        }
        let mut loader = "loader,force-raw=on,addr=".to_owned();
        loader.push_str(self.guest);
        loader.push_str(",file=");
        loader.push_str(&guest.to_string_lossy());
        let input =
            fs::File::open(input).map_err(|error| format!("{}: {error}", input.display()))?;

        let mut emulator = process::emulator(self.emulator);
        emulator
            .args(["-machine", self.name])
            .args(self.options)
            .args(["-display", "none", "-monitor", "none", "-serial", "none"])
            .args(["-semihosting-config", &semihosting, "-device", &loader])
            .arg("-kernel")
            .arg(firmware)
            .stdin(Stdio::from(input))
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        if counting {
            emulator.args(["-icount", "shift=0"]);
        }
        let mut child = emulator
            .spawn()
            .map_err(|error| format!("{}: {error}", self.emulator))?;
        let pipe = child.stdout.take().ok_or("no output")?;
        let reader = thread::spawn(move || std::io::read_to_string(pipe));
        let end = std::time::Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                break status;
            }
            if std::time::Instant::now() > end {
                // Its own process; there is nothing else to do about a failure.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{}: no end after {PATIENCE:?}", self.name));
            }
            thread::sleep(Duration::from_millis(5));
        };
        let output = reader
            .join()
            .map_err(|_| "the reader of the output failed")?
            .map_err(|error| error.to_string())?;
        Ok(Outcome {
            status: status.code(),
            output,
        })
    }
}

impl Outcome {
    /// The number behind a name, on a line of the output.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T> {
        self.output
            .lines()
            .filter_map(|line| line.split_once(' '))
            .find(|(found, _)| *found == name)
            .and_then(|(_, number)| number.parse().ok())
            .ok_or_else(|| format!("the firmware told no {name}:\n{}", self.output))
    }
}

/// A file below the repository.
pub fn file(path: &str) -> Result<PathBuf> {
    Ok(root()?.join(path))
}

#[cfg(test)]
mod tests {
    use super::{Outcome, find};

    #[test]
    fn finds_numbers_by_their_names() {
        let outcome = Outcome {
            status: Some(0),
            output: "Hello world\nresult -5\nleft 0\n".to_owned(),
        };
        assert_eq!(outcome.number::<i32>("result"), Ok(-5));
        assert_eq!(outcome.number::<u64>("left"), Ok(0));
        assert!(outcome.number::<u64>("right").is_err());
        assert!(outcome.number::<u64>("result").is_err());
    }

    #[test]
    fn names_the_machines_there_are() {
        assert_eq!(
            find("virt").map(|machine| machine.processor),
            Ok("RV32IMAC")
        );
        assert!(find("pc").unwrap_err().contains("mps2-an385"));
    }
}
