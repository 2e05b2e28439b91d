//! Starts and ends: what firmware takes that does nothing.
#![no_std]
#![no_main]

use thimble_bare::machine::entry;

#[entry]
fn main() -> ! {
    thimble_bare::exit(0)
}
