//! Cases about time.

use thimble_platform::ErrorKind;

use crate::outcome::{Result, Stop, check, supported};
use crate::run::{Config, LONG, SHORT, cases};

cases![
    monotonic_time_never_goes_back,
    monotonic_time_passes_while_asleep,
    resolution_is_sensible,
    thread_time_never_goes_back,
    wall_clock_runs_or_says_it_is_not_set,
];

fn monotonic_time_never_goes_back(config: &Config) -> Result {
    let clock = config.platform.clock();
    let mut last = clock.now();
    for _ in 0..1000 {
        let now = clock.now();
        check(now >= last, "time not to go back")?;
        last = now;
    }
    Ok(())
}

fn monotonic_time_passes_while_asleep(config: &Config) -> Result {
    let clock = config.platform.clock();
    let start = clock.now();
    config.sleep(SHORT)?;
    let passed = clock.now() - start;
    check(passed >= SHORT, "at least the time asleep")?;
    check(passed < LONG, "nanoseconds")
}

fn resolution_is_sensible(config: &Config) -> Result {
    let resolution = config.platform.clock().resolution();
    check(resolution >= 1, "at least a nanosecond")?;
    check(resolution <= 1_000_000_000, "at most a second")
}

fn thread_time_never_goes_back(config: &Config) -> Result {
    let clock = config.platform.clock();
    let first = supported(clock.thread_time(), "no account of processor time")?;
    let start = clock.now();
    let mut last = first;
    while last == first && clock.now() - start < LONG {
        let time = clock.thread_time()?;
        check(time >= last, "time used not to go back")?;
        last = time;
    }
    check(last > first, "time used to grow while the thread works")
}

fn wall_clock_runs_or_says_it_is_not_set(config: &Config) -> Result {
    let clock = config
        .platform
        .wall_clock()
        .ok_or(Stop::Skipped("no wall clock"))?;
    check(clock.resolution() >= 1, "at least a nanosecond")?;
    let first = match clock.now() {
        Err(error) if error.kind() == ErrorKind::NotSet => return Ok(()),
        other => other?,
    };
    // A coarse clock may need a few steps.
    let clock_moved = || clock.now().is_ok_and(|now| now > first);
    check(config.wait_until(clock_moved)?, "the clock to run")
}
