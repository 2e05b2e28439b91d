//! Running the command, with an end to waiting.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Nothing here takes seconds on its own; a machine with much to do may need some.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a run of the command left.
#[derive(Debug)]
pub struct Outcome {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    pub time: Duration,
}

impl Outcome {
    pub fn code(&self) -> i32 {
        self.status
            .code()
            .unwrap_or_else(|| panic!("ended by a signal: {self:?}"))
    }

    /// The run succeeded, said nothing on standard error, and printed this.
    pub fn prints(&self, expected: &str) {
        assert_eq!(self.code(), 0, "{self:?}");
        assert_eq!(self.stderr, "");
        assert_eq!(self.stdout, expected);
    }

    /// The run ended with this status, and standard error has each of these.
    pub fn fails(&self, code: i32, reasons: &[&str]) {
        assert_eq!(self.code(), code, "{self:?}");
        for reason in reasons {
            assert!(
                self.stderr.contains(reason),
                "{reason} is missing in: {}",
                self.stderr
            );
        }
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
    }
}

/// Runs the command without input.
pub fn thimble<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Outcome {
    thimble_with(arguments, &[])
}

/// Runs the command with bytes on standard input.
pub fn thimble_with<I: AsRef<OsStr>>(
    arguments: impl IntoIterator<Item = I>,
    input: &[u8],
) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thimble"));
    command.args(arguments);
    let mut running = Running::start(&mut command);
    let input = input.to_vec();
    let mut stdin = running.child.stdin.take().unwrap();
    // Whoever does not read its input may have closed it.
    let feed = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let outcome = running.finish();
    feed.join().unwrap();
    outcome
}

/// A run that goes on.
pub struct Running {
    pub child: Child,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
    start: Instant,
}

impl Running {
    /// Starts a command with pipes at all ends.
    pub fn start(command: &mut Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Before the command's own clock starts.
        let start = Instant::now();
        let mut child = command.spawn().unwrap();
        let stdout = drain(child.stdout.take().unwrap());
        let stderr = drain(child.stderr.take().unwrap());
        Self {
            child,
            stdout,
            stderr,
            start,
        }
    }

    /// Waits for the end. Standard input stays open meanwhile if nobody took it.
    pub fn finish(mut self) -> Outcome {
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if self.start.elapsed() > PATIENCE {
                self.child.kill().unwrap();
                panic!("still running after {PATIENCE:?}");
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let time = self.start.elapsed();
        let stdout = self.stdout.join().unwrap();
        let stderr = self.stderr.join().unwrap();
        Outcome {
            status,
            stdout,
            stderr,
            time,
        }
    }
}

fn drain(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .into()
}

/// The path of a guest's module.
pub fn guest(name: &str) -> String {
    let path = root().join("guests/wasm").join(format!("{name}.wasm"));
    assert!(path.exists(), "{}", path.display());
    path.into_os_string().into_string().unwrap()
}

/// A directory of a test's own, which goes when the test ends.
pub struct Directory(PathBuf);

impl Directory {
    /// Makes an empty directory. The name is the test's.
    pub fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The path of a name as text, as arguments need it.
    pub fn text(&self, name: &str) -> String {
        self.path(name).into_os_string().into_string().unwrap()
    }

    /// Writes a file and returns its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.text(name)
    }

    /// Writes the module that a text describes and returns its path.
    pub fn module(&self, name: &str, text: &str) -> String {
        self.write(name, wat::parse_str(text).unwrap())
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
