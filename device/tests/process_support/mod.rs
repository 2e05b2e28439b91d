//! A device for tests: the host, with the guests of this repository in its firmware.

// Runs on a developer's machine; a check that cannot be made fails. Each test file
// uses a part.
#![allow(
    dead_code,
    unused_imports,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::panic
)]

pub mod image;
pub mod messages;

use std::fs::File;
use std::io::{PipeReader, PipeWriter, pipe};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use thimble_device::{
    BuiltIn, Content, Device, Ending, ProcessId, Processes, Request, Settings, State, Storage,
    Streams, Usage,
};
use thimble_platform::{Platform, Stream, ThreadHandle};
use thimble_platform_host::Host;

/// A guest of this repository.
macro_rules! guest {
    ($name:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../guests/wasm/",
            $name,
            ".wasm"
        ))
    };
}
pub(crate) use guest;

const MODULES: &[(&str, &[u8])] = &[
    ("cat", guest!("cat")),
    ("clock", guest!("clock")),
    ("echo-server", guest!("echo-server")),
    ("exit", guest!("exit")),
    ("hello", guest!("hello")),
    ("recurse", guest!("recurse")),
    ("spin", guest!("spin")),
    ("trap", guest!("trap")),
];

/// What every guest that greets prints.
pub const GREETING: &str = "Hello from WebAssembly!\n";

/// Far longer than anything here takes.
pub const LONG: u64 = 60_000_000_000;

pub const SETTINGS: Settings = Settings {
    command: "wasm",
    processes: 4,
    memory: 4 << 20,
    stack_cells: 64 << 10,
    table_elements: 1000,
    backtrace_frames: 8,
    host_depth: 2,
    descriptors: 16,
    directories: 2,
    backlog: 4,
    transfer: 512,
    thread_stack: 256 << 10,
    priority: None,
    priorities: None,
    log: 4096,
};

pub struct TestDevice {
    pub platform: &'static dyn Platform,
    pub settings: Settings,
    pub built_in: Vec<BuiltIn>,
    pub storage: Option<&'static dyn Storage>,
    pub slice: Option<u64>,
    /// Calls of `pause`.
    pub pauses: AtomicU32,
    /// Calls of `close_streams`.
    pub closed: AtomicU32,
    /// When the next tick is due.
    due: Mutex<Option<u64>>,
    changed: Condvar,
}

impl TestDevice {
    pub fn new(platform: &'static dyn Platform, settings: Settings) -> Self {
        let modules = MODULES.iter().map(|(name, bytes)| BuiltIn {
            name,
            content: Content::Module(bytes),
        });
        Self {
            platform,
            settings,
            built_in: modules.collect(),
            storage: None,
            slice: None,
            pauses: AtomicU32::new(0),
            closed: AtomicU32::new(0),
            due: Mutex::new(None),
            changed: Condvar::new(),
        }
    }

    /// A program in the firmware besides.
    pub fn with(mut self, name: &'static str, content: Content) -> Self {
        self.built_in.push(BuiltIn { name, content });
        self
    }

    /// As [`with`](Self::with), from WebAssembly as text.
    pub fn with_text(self, name: &'static str, text: &str) -> Self {
        let module = thimble_tests_memory::modules::binary(text);
        self.with(name, Content::Module(Box::leak(module.into_boxed_slice())))
    }

    /// Makes the table, and the thread that ticks.
    pub fn begin(self) -> Bench {
        let device: &'static Self = Box::leak(Box::new(self));
        let processes = Processes::new(device).expect("a table");
        let processes: &'static Processes = Box::leak(Box::new(processes));
        std::thread::spawn(move || device.tick(processes));
        Bench { device, processes }
    }

    fn tick(&self, processes: &Processes) {
        let clock = self.platform.clock();
        let mut due = self.due.lock().expect("not poisoned");
        loop {
            let now = clock.now();
            let left = match *due {
                Some(at) if at <= now => {
                    *due = None;
                    drop(due);
                    processes.tick();
                    due = self.due.lock().expect("not poisoned");
                    continue;
                }
                Some(at) => Duration::from_nanos(at - now),
                None => Duration::from_secs(3600),
            };
            let waited = self.changed.wait_timeout(due, left);
            due = waited.expect("not poisoned").0;
        }
    }
}

impl Device for TestDevice {
    fn platform(&self) -> &'static dyn Platform {
        self.platform
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn built_in(&self, index: usize) -> Option<BuiltIn> {
        self.built_in.get(index).copied()
    }

    fn storage(&self) -> Option<&dyn Storage> {
        self.storage.map(|storage| storage as &dyn Storage)
    }

    fn usage(&self, thread: ThreadHandle) -> Usage {
        Usage {
            stack_size: Some(thread.raw()),
            ..Usage::default()
        }
    }

    fn schedule_tick(&self, at: u64) {
        let mut due = self.due.lock().expect("not poisoned");
        *due = Some(due.map_or(at, |before| before.min(at)));
        self.changed.notify_one();
    }

    fn slice(&self) -> Option<u64> {
        self.slice
    }

    fn pause(&self) {
        self.pauses.fetch_add(1, Ordering::Relaxed);
    }

    fn close_streams(&self, _: &Streams) {
        self.closed.fetch_add(1, Ordering::Relaxed);
    }
}

/// The ends of a console that a person has.
pub struct Person {
    pub input: PipeWriter,
    pub output: PipeReader,
    pub error: PipeReader,
}

/// A host with a console of its own.
pub fn host() -> (&'static Host, Person) {
    let (input, person_input) = pipe().expect("a pipe");
    let (person_output, output) = pipe().expect("a pipe");
    let (person_error, error) = pipe().expect("a pipe");
    let host = Host::with_console(input.into(), output.into(), error.into());
    let person = Person {
        input: person_input,
        output: person_output,
        error: person_error,
    };
    (Box::leak(Box::new(host)), person)
}

/// A host whose console nobody reads.
pub fn silent_host() -> Host {
    let null = || File::options().read(true).write(true).open("/dev/null");
    let [input, output, error] = [null(), null(), null()].map(|file| file.expect("it opens"));
    Host::with_console(input.into(), output.into(), error.into())
}

/// A device that runs programs.
pub struct Bench {
    pub device: &'static TestDevice,
    pub processes: &'static Processes,
}

impl Bench {
    /// A device with the guests in its firmware, whose console nobody reads.
    pub fn new() -> Self {
        Self::device().begin()
    }

    /// The same, to be changed first.
    pub fn device() -> TestDevice {
        TestDevice::new(Box::leak(Box::new(silent_host())), SETTINGS)
    }

    pub fn start(&self, request: Request) -> ProcessId {
        self.processes.start(request).expect("a program")
    }

    pub fn wait(&self, id: ProcessId) -> Ending {
        let ended = self.processes.wait(id, Some(LONG)).expect("known");
        ended.expect("it ends")
    }

    /// Runs a program to its end; also returns all that it wrote.
    pub fn run(&self, request: Request) -> (Ending, String) {
        let id = self.start(request);
        let ending = self.wait(id);
        (ending, self.log(id))
    }

    pub fn log(&self, id: ProcessId) -> String {
        let mut text = String::new();
        let logged = self.processes.log(id, &mut |piece| {
            text += std::str::from_utf8(piece).expect("whole characters");
        });
        logged.expect("known");
        text
    }

    /// The state of a program, if anything is known of it.
    pub fn state(&self, id: ProcessId) -> Option<State> {
        let mut state = None;
        let listed = self.processes.list(&mut |status| {
            if status.id == id {
                state = Some(status.state);
            }
        });
        listed.expect("a list");
        state
    }

    /// Waits until a program has written something that ends so.
    pub fn await_log(&self, id: ProcessId, end: &str) {
        self.until(|| self.log(id).ends_with(end));
    }

    /// Waits until a program is in a state.
    pub fn await_state(&self, id: ProcessId, state: State) {
        self.until(|| self.state(id) == Some(state));
    }

    pub fn until(&self, condition: impl Fn() -> bool) {
        let clock = self.device.platform.clock();
        let end = clock.now() + LONG;
        while !condition() {
            assert!(clock.now() < end, "it does not come to that");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// A request for a program with arguments.
pub fn request(words: &[&str]) -> Request {
    let (program, arguments) = words.split_first().expect("a program");
    let mut request = Request::new();
    request.program(program).expect("a request");
    for argument in arguments {
        request.argument(argument).expect("an argument");
    }
    request
}

/// The same, with more that is asked for.
pub fn request_with(words: &[&str], ask: impl FnOnce(&mut Request)) -> Request {
    let mut request = request(words);
    ask(&mut request);
    request
}

/// The standard streams of the console, input included.
pub const CONSOLE: Streams = Streams {
    input: Some(Stream::INPUT),
    output: Stream::OUTPUT,
    error: Stream::ERROR,
};

/// A directory that is removed at the end of a test.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("thimble-device-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a directory");
        Self(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }

    /// Writes a file; returns its path.
    pub fn write(&self, name: &str, content: &[u8]) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("it is written");
        path.to_str().expect("UTF-8").to_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
