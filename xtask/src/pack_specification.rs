//! Packs the specification suite for a device.

use crate::Result;
use crate::process::{self, cargo};

/// Passes the task's arguments on to the program that does it: it needs crates that no
/// other task does.
pub fn run() -> Result<()> {
    let mut pack = cargo()?;
    pack.args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "thimble-tests-spec",
    ])
    .args(["--bin", "pack-specification", "--"])
    .args(std::env::args().skip(2));
    process::run(&mut pack)
}
