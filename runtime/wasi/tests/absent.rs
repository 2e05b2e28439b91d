//! What a guest is told of a system that lacks something every system may lack.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]
mod support;

use support::{Guest, errno};
use thimble_platform::ErrorKind;
use thimble_platform::testing::{Call, FaultInjector};
use thimble_wasi::{Errno, GuestPtr, WasiContext};

const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;

/// A guest, and the system below it, which lacks what it is told to lack.
fn guest() -> (Guest, &'static FaultInjector<'static>) {
    let system: &FaultInjector = Box::leak(Box::new(FaultInjector::new(support::host())));
    let context = WasiContext::builder(system).build().unwrap();
    (Guest::new(context), system)
}

#[test]
fn without_a_source_there_are_no_random_numbers() {
    let (mut guest, system) = guest();
    let mut fill = |kind| {
        system.fail(&[Call::Random], 1, kind);
        guest.put(0x100, &[0xee; 8]);
        let result = errno(guest.call(|c, m| c.random_get(m, GuestPtr::new(0x100), 8)));
        (result, guest.get(0x100, 8) == [0xee; 8])
    };
    // The guest's memory stays as it was, so that it cannot take for random what is not.
    assert_eq!(fill(ErrorKind::NotSupported), (Err(Errno::Nosys), true));
    assert_eq!(fill(ErrorKind::Io), (Err(Errno::Io), true));
}

#[test]
fn a_wall_clock_that_nobody_has_set_is_not_supported() {
    let (mut guest, system) = guest();
    for kind in [ErrorKind::NotSet, ErrorKind::NotSupported] {
        system.fail(&[Call::Clock], 1, kind);
        assert_eq!(guest.time(REALTIME), Err(Errno::Notsup));
        assert!(guest.time(MONOTONIC).is_ok());
    }
    assert!(guest.time(REALTIME).is_ok());
}
