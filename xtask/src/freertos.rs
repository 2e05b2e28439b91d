//! Builds and runs the tests of the back end for FreeRTOS: in its simulator, which is a process, and on emulated
//! boards.

mod emulator;
mod requirements;
mod session;
mod sources;

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Result;
use crate::ci::{Done, is_automatic};
use crate::process::{self, root, target_directory};
use sources::Sources;

/// What `cargo xtask freertos` can be told.
pub const ARGUMENTS: &str = "[--quick] [BOARD...]";

struct Board {
    /// The directory below `freertos-port/boards`.
    name: &'static str,
    /// The compiler and the emulator; none for what runs as a process.
    programs: Option<(&'static str, &'static str)>,
    /// The only test that is run; none for all.
    only: Option<&'static str>,
}

const ARM: Option<(&str, &str)> = Some(("arm-none-eabi-gcc", "qemu-system-arm"));

const BOARDS: &[Board] = &[
    Board {
        name: "posix",
        programs: None,
        only: None,
    },
    Board {
        name: "mps2_an385",
        programs: ARM,
        only: None,
    },
    Board {
        name: "qemu_riscv32",
        programs: Some(("riscv64-unknown-elf-gcc", "qemu-system-riscv32")),
        only: None,
    },
    // Other processors: their ports of the kernel, and their Rust targets.
    Board {
        name: "mps2_m0",
        programs: ARM,
        only: Some("programs"),
    },
    Board {
        name: "mps2_an386",
        programs: ARM,
        only: Some("programs"),
    },
    Board {
        name: "mps2_an505",
        programs: ARM,
        only: Some("programs"),
    },
];

struct Test {
    /// The last part of its directory, and the name of the firmware.
    name: &'static str,
    /// The directory, below `freertos-port`.
    directory: &'static str,
    /// Whether somebody types at its console, rather than that it runs by itself.
    is_session: bool,
    /// Whether it is only for emulated boards.
    only_emulated: bool,
    /// Whether it takes minutes.
    slow: bool,
    /// Longer than it takes on a computer that is busy.
    patience: Duration,
}

const TESTS: &[Test] = &[
    Test {
        name: "conformance",
        directory: "tests/conformance",
        is_session: false,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(300),
    },
    Test {
        name: "files",
        directory: "tests/files",
        is_session: false,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(600),
    },
    Test {
        name: "sockets",
        directory: "tests/sockets",
        is_session: false,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(600),
    },
    Test {
        name: "network",
        directory: "tests/network",
        is_session: false,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(300),
    },
    Test {
        name: "programs",
        directory: "tests/programs",
        is_session: false,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(600),
    },
    Test {
        name: "hooks",
        directory: "tests/hooks",
        is_session: false,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(300),
    },
    Test {
        name: "store",
        directory: "tests/store",
        is_session: false,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(300),
    },
    Test {
        name: "guests",
        directory: "tests/guests",
        is_session: false,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(600),
    },
    Test {
        name: "console",
        directory: "samples/console",
        is_session: true,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(600),
    },
    Test {
        name: "embed",
        directory: "samples/embed",
        is_session: false,
        only_emulated: false,
        slow: false,
        patience: Duration::from_secs(300),
    },
    // The crate that it takes fixes FreeRTOS's types at what they are on 32 bits.
    Test {
        name: "rust",
        directory: "samples/rust",
        is_session: false,
        only_emulated: true,
        slow: false,
        patience: Duration::from_secs(300),
    },
    Test {
        name: "specification",
        directory: "tests/specification",
        is_session: false,
        only_emulated: true,
        slow: true,
        patience: Duration::from_secs(1800),
    },
];

/// A line of the table.
struct Row {
    board: &'static str,
    test: &'static str,
    outcome: &'static str,
    seconds: u64,
    /// What the firmware said last, or why it was not run.
    remark: String,
}

impl Display for Row {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Row {
            board,
            test,
            outcome,
            seconds,
            remark,
        } = self;
        write!(
            formatter,
            "{board:14}{test:15}{outcome:9}{seconds:>5} s  {remark}"
        )
    }
}

pub fn run(arguments: &[String]) -> Result<()> {
    let mut quick = false;
    let mut boards = Vec::new();
    for argument in arguments {
        if argument == "--quick" {
            quick = true;
            continue;
        }
        let board = BOARDS.iter().find(|board| board.name == argument);
        boards.push(board.ok_or_else(|| {
            let names: Vec<&str> = BOARDS.iter().map(|board| board.name).collect();
            format!("no board {argument}; there are: {}", names.join(", "))
        })?);
    }
    if boards.is_empty() {
        boards.extend(BOARDS);
    }
    test(&boards, quick).map(|_| ())
}

/// The CI's part: everything. It has installed what that needs; elsewhere a part may be left out.
pub fn all() -> Result<Done> {
    test(&BOARDS.iter().collect::<Vec<_>>(), false)
}

fn test(boards: &[&'static Board], quick: bool) -> Result<Done> {
    let sources = sources::fetch()?;
    requirements::check(&sources)?;
    let mut rows = Vec::new();
    for board in boards {
        let absent = board.programs.and_then(|(compiler, emulator)| {
            emulator::absent(compiler).or_else(|| process::absent(emulator))
        });
        for test in TESTS.iter().filter(|test| {
            (board.programs.is_some() || !test.only_emulated)
                && !(quick && test.slow)
                && board.only.is_none_or(|only| only == test.name)
        }) {
            let row = match &absent {
                Some(reason) => Row {
                    board: board.name,
                    test: test.name,
                    outcome: "not run",
                    seconds: 0,
                    remark: reason.clone(),
                },
                None => build_and_run(board, test, &sources)?,
            };
            // For who watches; all come again at the end.
            println!("{row}");
            rows.push(row);
        }
    }
    println!();
    for row in &rows {
        println!("{row}");
    }
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    match (count("failed"), count("not run")) {
        (0, 0) => Ok(Done::Passed),
        (0, _) if !is_automatic() => Ok(Done::NotRun),
        (failed, left_out) => Err(format!(
            "{failed} of {} failed, {left_out} were not run",
            rows.len()
        )),
    }
}

/// Builds firmware and runs it.
///
/// # Errors
/// Only for what makes every test fail.
fn build_and_run(board: &'static Board, test: &'static Test, sources: &Sources) -> Result<Row> {
    let directory = target_directory()?
        .join("freertos")
        .join(board.name)
        .join(test.name);
    fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let start = Instant::now();
    let result = build(board, test, sources, &directory).and_then(|()| {
        let run = directory.join("run.txt");
        let text =
            fs::read_to_string(&run).map_err(|error| format!("{}: {error}", run.display()))?;
        if test.is_session {
            session::run(&text)
        } else {
            emulator::run(&text, &directory.join("output.txt"), test.patience)
        }
    });
    let (outcome, remark) = match result {
        Ok(last_line) => ("passed", last_line),
        Err(error) => {
            eprintln!("{}, {}: {error}", board.name, test.name);
            let first = error.lines().next().unwrap_or_default().to_owned();
            ("failed", first)
        }
    };
    Ok(Row {
        board: board.name,
        test: test.name,
        outcome,
        seconds: start.elapsed().as_secs(),
        remark,
    })
}

fn build(board: &Board, test: &Test, sources: &Sources, directory: &Path) -> Result<()> {
    let port = root()?.join("freertos-port");
    let mut configure = cmake()?;
    configure
        .args(["-G", "Ninja", "-S"])
        .arg(port.join(test.directory))
        .arg("-B")
        .arg(directory)
        .arg(format!("-DBOARD={}", board.name))
        .arg(format!(
            "-DFREERTOS_KERNEL_PATH={}",
            sources.kernel.display()
        ))
        .arg(format!("-DLITTLEFS_PATH={}", sources.littlefs.display()))
        .arg(format!("-DLWIP_PATH={}", sources.lwip.display()))
        .arg(format!(
            "-DFREERTOS_RUST_PATH={}",
            sources.freertos_rust.display()
        ));
    if board.programs.is_some() {
        let toolchain = port.join("boards").join(board.name).join("toolchain.cmake");
        configure.arg(format!("-DCMAKE_TOOLCHAIN_FILE={}", toolchain.display()));
    }
    emulator::logged(&mut configure, &directory.join("configure.txt"))?;
    let mut build = cmake()?;
    build.arg("--build").arg(directory);
    emulator::logged(&mut build, &directory.join("build.txt"))
}

/// Builds share what they have in common of the Rust side.
fn cmake() -> Result<Command> {
    let mut cmake = Command::new("cmake");
    cmake.env("CARGO_BUILD_BUILD_DIR", cargo_directory()?);
    Ok(cmake)
}

fn cargo_directory() -> Result<PathBuf> {
    Ok(target_directory()?.join("freertos-cargo"))
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn knows_its_boards() {
        let error = run(&["--quick".to_owned(), "frdm".to_owned()]).unwrap_err();
        assert!(error.starts_with("no board frdm;"), "{error}");
        assert!(error.contains("mps2_an385"), "{error}");
    }
}
