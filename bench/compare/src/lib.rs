//! Runs one of the workloads on an engine, and says what it returned and how long one call took.
//!
//! Each program of this package takes `MODULE ARGUMENT CALLS` and prints lines of a name and a number: the `result`
//! of the last call, and the processor's time of the shortest call as `nanoseconds`. The first call counts for
//! neither: it lets stacks grow and caches fill.
// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::error::Error;

use rustix::time::{ClockId, clock_gettime};

/// What may go wrong is told to whoever called the program.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Loads the module that the program was told to and calls it. `load` takes the module's bytes and the argument of
/// the function, and returns the call.
pub fn run_workload<C, L>(load: L) -> Result<()>
where
    L: FnOnce(&[u8], i32) -> Result<C>,
    C: FnMut() -> Result<i32>,
{
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, argument, calls] = &arguments[..] else {
        return Err("expected MODULE ARGUMENT CALLS".into());
    };
    let calls: u32 = calls.parse()?;
    let mut call = load(&std::fs::read(module)?, argument.parse()?)?;
    call()?;
    let mut last = None;
    let mut shortest = u64::MAX;
    for _ in 0..calls {
        let start = processor_time();
        last = Some(measured_call(&mut call)?);
        shortest = shortest.min(processor_time() - start);
    }
    let result = last.ok_or("no call is measured")?;
    println!("result {result}\nnanoseconds {shortest}");
    Ok(())
}

/// A function of its own for who counts instructions between its begin and its end.
#[inline(never)]
fn measured_call(call: &mut impl FnMut() -> Result<i32>) -> Result<i32> {
    call()
}

/// The time that this thread has had a processor, in nanoseconds: other programs do not count.
fn processor_time() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
