//! Runs other programs and finds the places they work in.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::Result;

/// The root of the repository.
pub fn root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .ok_or_else(|| "xtask is not below the root of the repository".into())
}

/// The directory for build output, as cargo chooses it.
pub fn target_directory() -> Result<PathBuf> {
    match std::env::var_os("CARGO_TARGET_DIR") {
        // A relative path counts from where cargo was started, which is where this process still is.
        Some(directory) => std::path::absolute(directory).map_err(|error| error.to_string()),
        None => Ok(root()?.join("target")),
    }
}

/// The cargo that runs this task.
pub fn cargo() -> Result<Command> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root()?).stdin(Stdio::null());
    Ok(command)
}

/// A program that reads nothing.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// An emulator, or firmware that is a program itself: it would never end by itself, so it ends when this process
/// does, also when that is killed. Where `setpriv` is not, which is part of Linux's usual tools, it goes on.
pub fn emulator(program: impl AsRef<OsStr>) -> Command {
    static TIES: OnceLock<bool> = OnceLock::new();
    let ties = *TIES.get_or_init(|| {
        let mut nothing = Command::new("setpriv");
        nothing.args(["--pdeathsig", "KILL", "true"]);
        nothing
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    });
    if !ties {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]).arg(program);
    command
}

/// Why a program cannot be started, or nothing.
pub fn absent(program: &str) -> Option<String> {
    let ended = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    ended.err().map(|error| format!("{program}: {error}"))
}

/// Prints the command and runs it. Fails if it cannot be started or does not end with 0.
pub fn run(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", display(command));
    let status = command
        .status()
        .map_err(|error| format!("{}: {error}", display(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{}: {status}", display(command)))
    }
}

/// Runs the command and returns what it printed to standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", display(command)))?;
    if !output.status.success() {
        return Err(format!(
            "{}: {}\n{}",
            display(command),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{}: {error}", display(command)))
}

fn display(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::Read;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Stdio;
    use std::thread;

    use super::{absent, emulator};

    #[test]
    fn an_emulator_ends_with_who_started_it() {
        // What counts is the thread, of which a task has one.
        let started = thread::spawn(|| {
            let mut shell = emulator("sh");
            shell.args(["-c", "echo; exec sleep 60"]);
            let mut child = shell.stdout(Stdio::piped()).spawn().unwrap();
            let mut begun = [0];
            child.stdout.take().unwrap().read_exact(&mut begun).unwrap();
            child
        });
        let mut child = started.join().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
    }

    #[test]
    fn knows_what_is_absent() {
        assert_eq!(absent("true"), None);
        let reason = absent("qemu-system-pdp11").unwrap();
        assert!(reason.starts_with("qemu-system-pdp11: "), "{reason}");
    }
}
