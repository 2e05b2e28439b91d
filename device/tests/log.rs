//! What the log of the system is told.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "a test"
)]

mod process_support;

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use log::LevelFilter;
use process_support::image::trusted;
use process_support::messages::Messages;
use process_support::{Bench, Scratch, guest, request, request_with};
use thimble::Engine;
use thimble::wasm::Source;
use thimble_device::storage::{FileStorage, Loaded};
use thimble_device::{Content, Ending, Installed, State, Storage, StorageError};

const DONE: Ending = Ending::Exited(0);

#[test]
fn programs_from_start_to_end() {
    let messages = Messages::keep(LevelFilter::Info);
    let bench = Bench::new();
    bench.run(request(&["exit", "3"]));
    bench.run(request_with(&["spin"], |request| {
        request.timeout(1_000_000)
    }));
    let spinning = bench.start(request(&["spin"]));
    bench.await_state(spinning, State::Running);
    bench.processes.stop(spinning).unwrap();
    bench.wait(spinning);
    bench.run(request_with(&["hello"], |request| request.describe()));
    // Nothing was started.
    bench.processes.start(request(&["nothing"])).unwrap_err();
    assert_eq!(
        messages.take(),
        [
            "INFO: program 1 (exit) starts",
            "INFO: program 1 (exit): exit status 3",
            "INFO: program 2 (spin) starts",
            "INFO: program 2 (spin): its time was over",
            "INFO: program 3 (spin) starts",
            "INFO: program 3 (spin): stopped",
            "INFO: program 4 (hello) is described",
            "INFO: program 4 (hello): exit status 0",
        ]
    );
}

#[test]
fn a_trap_and_where_it_happened() {
    let messages = Messages::keep(LevelFilter::Warn);
    let bench = Bench::device()
        .with_text(
            "anonymous",
            r#"(module (func (export "_start") unreachable))"#,
        )
        .begin();
    assert_eq!(
        bench.run(request(&["trap", "unreachable"])).0,
        Ending::Failed
    );
    assert_eq!(bench.run(request(&["anonymous"])).0, Ending::Failed);
    let [named, anonymous] = messages.take().try_into().unwrap();
    let site = named.strip_prefix("WARN: program 1: trap: unreachable at 0x");
    let (offset, function) = site.unwrap().split_once(" in ").unwrap();
    let offset = usize::from_str_radix(offset, 16).unwrap();
    assert!((1..guest!("trap").len()).contains(&offset), "{named}");
    assert_eq!(function, "trap_unreachable");
    assert!(
        anonymous.starts_with("WARN: program 2: trap: unreachable at 0x")
            && anonymous.ends_with(" in function 0"),
        "{anonymous}"
    );
}

#[test]
fn a_stop_that_was_repeated() {
    let messages = Messages::keep(LevelFilter::Warn);
    let (go, wait) = channel();
    let mut device = Bench::device();
    device.storage = Some(Box::leak(Box::new(Slow(Mutex::new(wait)))));
    let bench = device.begin();
    let id = bench.start(request(&["slow"]));
    bench.processes.stop(id).unwrap();
    assert!(messages.take().is_empty());
    bench.processes.stop(id).unwrap();
    assert_eq!(messages.take(), ["WARN: program 1 was told to end again"]);
    go.send(()).unwrap();
    assert_eq!(bench.wait(id), Ending::Stopped);
    assert!(messages.take().is_empty());
}

/// A storage that answers when it is let to.
struct Slow(Mutex<Receiver<()>>);

impl Storage for Slow {
    fn list(&self, _: &mut dyn FnMut(&Installed<'_>)) -> Result<(), StorageError> {
        Ok(())
    }

    fn load(&self, _: &Engine, _: &str) -> Result<Loaded<'_>, StorageError> {
        self.0.lock().unwrap().recv().unwrap();
        Err(StorageError::NotFound)
    }

    fn install(&self, _: &Engine, _: &str, _: &mut dyn Source) -> Result<u32, StorageError> {
        Err(StorageError::Full)
    }

    fn remove(&self, _: &str) -> Result<(), StorageError> {
        Err(StorageError::NotFound)
    }
}

#[test]
fn how_a_program_was_loaded() {
    let messages = Messages::keep(LevelFilter::Debug);
    let image = trusted(guest!("hello"));
    let scratch = Scratch::new();
    let file = scratch.write("hello.thm", image.as_bytes());
    let bench = Bench::device()
        .with("hello-image", Content::Image(image))
        .begin();
    let length = image.as_bytes().len();
    for (program, how) in [
        ("hello", "translated"),
        ("hello-image", "in place"),
        (&file, "copied"),
    ] {
        assert_eq!(bench.run(request(&[program])).0, DONE);
        let message = format!("DEBUG: {program}: image {how}, {length} bytes");
        assert!(messages.take().contains(&message), "{message}");
    }
}

#[test]
fn installations_and_what_was_left_of_them() {
    let messages = Messages::keep(LevelFilter::Warn);
    let scratch = Scratch::new();
    let mut device = Bench::device();
    let path: &'static str = format!("{}/store", scratch.path()).leak();
    let storage = FileStorage::new(device.platform, path, 512).unwrap();
    device.storage = Some(Box::leak(Box::new(storage)));
    let bench = device.begin();
    let install = |program: &str, name: &str| {
        let (ending, _) = bench.run(request_with(&[program], |request| {
            request.install(name).unwrap();
        }));
        (ending, messages.take())
    };
    let cut = &guest!("hello")[..3000];
    let cut = scratch.write("cut.wasm", cut);
    let (ending, messages_of_cut) = install(&cut, "greet");
    assert_eq!(ending, Ending::Failed);
    let [message] = messages_of_cut.try_into().unwrap();
    assert!(
        message.starts_with("WARN: program 1: greet was not installed: "),
        "{message}"
    );
    // Power failed before an installation was complete, and before one was renamed.
    scratch.write("store/half.new", b"not even a header");
    let image = trusted(guest!("hello"));
    scratch.write("store/whole.new", image.as_bytes());
    let (ending, mut repaired) = install("hello", "greet");
    assert_eq!(ending, DONE);
    repaired.sort();
    assert_eq!(
        repaired,
        [
            "WARN: store: half was not installed to its end, removed",
            "WARN: store: whole was installed, and gets its name",
        ]
    );
    assert_eq!(bench.run(request(&["whole"])).0, DONE);
    assert!(messages.take().is_empty());
}

#[test]
fn a_store_that_cannot_be_read() {
    let messages = Messages::keep(LevelFilter::Warn);
    let scratch = Scratch::new();
    let mut device = Bench::device();
    let path: &'static str = format!("{}/removed/store", scratch.path()).leak();
    let storage = FileStorage::new(device.platform, path, 512).unwrap();
    device.storage = Some(Box::leak(Box::new(storage)));
    let bench = device.begin();
    assert_eq!(bench.run(request(&["greet"])).0, Ending::Failed);
    let [message] = messages.take().try_into().unwrap();
    assert!(
        message.starts_with("WARN: program 1: not loaded from the store: not found"),
        "{message}"
    );
}
