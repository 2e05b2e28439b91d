//! Runs the conformance suite on the host.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "tests may abort"
)]

use std::io::Write;
use std::os::fd::OwnedFd;
use std::sync::LazyLock;

use thimble_platform_conformance::{Config, Outcome, run};
use thimble_platform_host::Host;

static TYPED: &[u8] = b"what somebody typed\n";

static HOST: LazyLock<Host> = LazyLock::new(|| {
    let (input, mut keyboard) = std::io::pipe().unwrap();
    keyboard.write_all(TYPED).unwrap();
    let screen = || OwnedFd::from(std::fs::File::create("/dev/null").unwrap());
    Host::with_console(input.into(), screen(), screen())
});

#[test]
fn the_host_conforms() {
    let scratch = std::env::temp_dir().join(format!("platform-host-{}", std::process::id()));
    std::fs::create_dir(&scratch).unwrap();
    let config = Config {
        scratch: Some(scratch.to_str().unwrap().to_owned().leak()),
        typed: Some(TYPED),
        ..Config::new(&*HOST)
    };
    let mut skipped = Vec::new();
    let summary = run(&config, &mut |name, outcome| {
        println!("{name}: {outcome}");
        if matches!(outcome, Outcome::Skipped(_)) {
            skipped.push(name);
        }
    });
    println!("{summary:?}");
    assert_eq!(summary.failed, 0);
    // The host has every capability.
    assert!(skipped.is_empty(), "{skipped:?}");
    // Nothing was left behind.
    std::fs::remove_dir(&scratch).unwrap();
}
