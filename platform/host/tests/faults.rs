//! Faults on demand, over the host.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "tests may abort"
)]

use std::sync::LazyLock;

use thimble_platform::testing::{Call, FaultInjector};
use thimble_platform::{Error, ErrorKind, OpenOptions, Platform};
use thimble_platform_conformance::{Config, run};
use thimble_platform_host::Host;

static HOST: LazyLock<Host> = LazyLock::new(Host::new);

#[test]
fn the_nth_call_fails_and_no_other() {
    let faulty = FaultInjector::new(&*HOST);
    let fill = || faulty.random().fill(&mut [0; 4]);
    faulty.fail(&[Call::Random, Call::Wake], 3, ErrorKind::Io);
    assert_eq!(fill(), Ok(()));
    // Groups that were not named do not count.
    assert!(faulty.files().unwrap().open_root("/").is_ok());
    assert_eq!(fill(), Ok(()));
    let created = faulty.wakes().create();
    assert_eq!(created, Err(Error::new(ErrorKind::Io)));
    assert_eq!(fill(), Ok(()));
    assert_eq!(faulty.seen(), 4);
    faulty.fail(&[Call::Random], 0, ErrorKind::Io);
    assert_eq!(fill(), Ok(()));
    assert_eq!(faulty.seen(), 1);
}

#[test]
fn a_call_that_fails_has_not_reached_the_platform() {
    let faulty = FaultInjector::new(&*HOST);
    let files = faulty.files().unwrap();
    let path = std::env::temp_dir().join(format!("platform-fault-{}", std::process::id()));
    std::fs::create_dir(&path).unwrap();
    let root = files.open_root(path.to_str().unwrap()).unwrap();
    let new = OpenOptions {
        write: true,
        create: true,
        ..OpenOptions::default()
    };
    faulty.fail(&[Call::FileOpen], 1, ErrorKind::NoSpace);
    let opened = files.open_at(root, "file", new).unwrap_err();
    assert_eq!(opened.kind(), ErrorKind::NoSpace);
    files.close(root).unwrap();
    // It is empty, so it can be removed.
    std::fs::remove_dir(&path).unwrap();
}

#[test]
fn the_suite_notices() {
    let path = std::env::temp_dir().join(format!("platform-notice-{}", std::process::id()));
    std::fs::create_dir(&path).unwrap();
    let faulty: &FaultInjector = Box::leak(Box::new(FaultInjector::new(&*HOST)));
    let config = Config {
        scratch: Some(path.to_str().unwrap().to_owned().leak()),
        ..Config::new(faulty)
    };
    for call in [
        Call::Random,
        Call::ConsoleWrite,
        Call::FileRead,
        Call::FileName,
        Call::SocketData,
    ] {
        faulty.fail(&[call], 1, ErrorKind::Io);
        let mut failed = Vec::new();
        let summary = run(&config, &mut |name, outcome| {
            if outcome.to_string().starts_with("FAILED") {
                failed.push(name);
            }
        });
        assert_eq!(summary.failed, 1, "{call:?}: {failed:?}");
    }
    std::fs::remove_dir(&path).unwrap();
}
