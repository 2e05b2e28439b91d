//! What firmware without an operating system needs to run guests on an emulated board: the start,
//! an account of the heap and of the stack, a count of executed instructions, and a console on the
//! computer that emulates (semihosting).
#![no_std]
extern crate alloc;

mod guest;
pub mod heap;
pub mod machine;
pub mod stack;
#[cfg(feature = "wasi")]
pub mod system;

pub use guest::guest;
pub use semihosting::{print, println};

use core::panic::PanicInfo;

use semihosting::experimental::env::args;

/// Words that the emulator can be given, at most.
const WORDS: usize = 64;

/// Ends the emulator with an exit status.
pub fn exit(status: u8) -> ! {
    semihosting::process::exit(i32::from(status))
}

/// Calls `run` with what the emulator was given as `-semihosting-config arg=…`, and ends the
/// emulator with its exit status.
pub fn firmware(run: fn(&[&str]) -> Result<u8, &'static str>) -> ! {
    machine::start_counting();
    let status = call(run).unwrap_or_else(|message| {
        println!("error: {message}");
        1
    });
    exit(status)
}

fn call(run: fn(&[&str]) -> Result<u8, &'static str>) -> Result<u8, &'static str> {
    let arguments = args::<1024>().map_err(|_| "no arguments, or too long ones")?;
    let mut words = [""; WORDS];
    let mut count = 0;
    // The first is the name of the firmware.
    for word in (&arguments).skip(1) {
        let place = words.get_mut(count).ok_or("too many arguments")?;
        *place = word.map_err(|_| "an argument is not UTF-8")?;
        count += 1;
    }
    run(words.get(..count).unwrap_or_default())
}

/// Begins at `run`, a function for [`firmware`].
#[macro_export]
macro_rules! start {
    ($run:expr) => {
        #[$crate::machine::entry]
        fn main() -> ! {
            $crate::firmware($run)
        }
    };
}

/// An error in the runtime itself ends the emulator with status 101.
#[panic_handler]
#[cfg_attr(feature = "quiet", expect(unused_variables))]
fn panic(information: &PanicInfo<'_>) -> ! {
    #[cfg(not(feature = "quiet"))]
    println!("panic: {information}");
    semihosting::process::exit(101);
}
