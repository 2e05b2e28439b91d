//! Runs the conformance suite through the C symbols, which a shim in Rust
//! defines over the host.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "tests may abort"
)]
#![allow(unsafe_code, reason = "a shim is C in all but syntax")]

mod shim;

use thimble_platform::Platform;
use thimble_platform_conformance::{Config, Outcome, run};
use thimble_platform_ffi::CPlatform;

#[test]
fn the_c_form_conforms() {
    let platform: &CPlatform = Box::leak(Box::new(CPlatform::new().unwrap()));
    assert!(platform.files().is_some() && platform.sockets().is_some());
    let scratch = std::env::temp_dir().join(format!("platform-ffi-{}", std::process::id()));
    std::fs::create_dir(&scratch).unwrap();
    let config = Config {
        scratch: Some(scratch.to_str().unwrap().to_owned().leak()),
        typed: Some(shim::TYPED),
        ..Config::new(platform)
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
    assert!(skipped.is_empty(), "{skipped:?}");
    std::fs::remove_dir(&scratch).unwrap();
}
