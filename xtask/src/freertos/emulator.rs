//! Runs programs that may not end, and keeps what they print.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Result, process};

/// How many lines of a log are shown of what failed.
const SHOWN: usize = 40;

/// Why a C compiler cannot be used, or nothing.
pub fn absent(compiler: &str) -> Option<String> {
    let ended = Command::new(compiler)
        .args(["--specs=picolibc.specs", "-E", "-x", "c", "/dev/null"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match ended {
        Ok(status) if status.success() => None,
        Ok(_) => Some(format!("{compiler} has no picolibc")),
        Err(error) => Some(format!("{compiler}: {error}")),
    }
}

/// Runs a program to its end; what it printed is in `log`, and in the error if it failed.
pub fn logged(command: &mut Command, log: &Path) -> Result<()> {
    wait(command, log, None)
}

/// Runs a command of one word a line, for a time at most; returns what it printed last.
pub fn run(words: &str, log: &Path, patience: Duration) -> Result<String> {
    let mut words = words.lines();
    let program = words.next().ok_or("nothing to run")?;
    let mut command = process::emulator(program);
    if program.starts_with("qemu-") {
        // Time is that of the instructions, 32 ns each, and passes at once where all tasks wait: however busy this
        // computer is, the firmware sees the same.
        command.args(["-icount", "shift=5,sleep=off"]);
    }
    wait(command.args(words), log, Some(patience))?;
    Ok(lines(log, 1))
}

fn wait(command: &mut Command, log: &Path, patience: Option<Duration>) -> Result<()> {
    let failed = |error: std::io::Error| format!("{}: {error}", log.display());
    let output = File::create(log).map_err(failed)?;
    let errors = output.try_clone().map_err(failed)?;
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn()
        .map_err(|error| format!("{}: {error}", command.get_program().to_string_lossy()))?;
    let ended = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            if status.success() {
                return Ok(());
            }
            break status.to_string();
        }
        if patience.is_some_and(|patience| start.elapsed() > patience) {
            // An error says that it has just ended by itself.
            let _ = child.kill();
            child.wait().map_err(failed)?;
            break "did not end in time".to_owned();
        }
        sleep(Duration::from_millis(50));
    };
    Err(format!(
        "{ended}; the end of {}:\n{}",
        log.display(),
        lines(log, SHOWN)
    ))
}

/// The last lines of a log that are not empty.
fn lines(log: &Path, count: usize) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines
        .get(lines.len().saturating_sub(count)..)
        .unwrap_or_default()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::run;
    use std::time::Duration;

    #[test]
    fn tells_how_a_program_ended() {
        let log = std::env::temp_dir().join(format!("thimble-xtask-{}.txt", std::process::id()));
        let try_it = |words: &str, seconds| run(words, &log, Duration::from_secs(seconds));
        assert_eq!(try_it("echo\none\ntwo", 60), Ok("one two".to_owned()));
        let failed = try_it("sh\n-c\necho why; exit 3", 60).unwrap_err();
        assert!(failed.contains('3') && failed.ends_with("why"), "{failed}");
        let slow = try_it("sleep\n60", 0).unwrap_err();
        assert!(slow.starts_with("did not end in time"), "{slow}");
        let _ = std::fs::remove_file(&log);
    }
}
