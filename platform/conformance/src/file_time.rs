//! Cases about the times of files.

use thimble_platform::TimeChange;

use crate::file::{KEEP, NEW, in_scratch};
use crate::outcome::{Result, check, supported};
use crate::run::{Config, cases};

cases![times_can_be_set, times_by_name, now_is_now];

/// An even second of the year 2001, which every medium with times can hold.
const THEN: u64 = 1_000_000_000_000_000_000;
const LATER: u64 = THEN + 86_400_000_000_000;
const NONE: &str = "no times of files";

/// The coarsest medium keeps accesses by the day, in its own time zone.
fn near(time: u64, expected: u64) -> bool {
    time.abs_diff(expected) <= 86_400_000_000_000
}

fn times_can_be_set(config: &Config) -> Result {
    in_scratch(config, |s| {
        let (file, _) = s.files.open_at(s.directory, "file", NEW)?;
        let (accessed, modified) = (TimeChange::At(LATER), TimeChange::At(THEN));
        let set = s.files.set_times(file, accessed, modified);
        let set = supported(set, NONE);
        if set.is_err() {
            s.files.close(file)?;
            return set;
        }
        let metadata = s.files.metadata(file)?;
        check(metadata.modified == THEN, "the time of writing")?;
        check(near(metadata.accessed, LATER), "the time of reading")?;
        s.files.set_times(file, KEEP, TimeChange::At(LATER))?;
        let metadata = s.files.metadata(file)?;
        check(metadata.modified == LATER, "the time of writing")?;
        check(near(metadata.accessed, LATER), "the time to be kept")?;
        s.files.set_times(file, KEEP, KEEP)?;
        let metadata = s.files.metadata(file)?;
        check(metadata.modified == LATER, "the time to be kept")?;
        s.files.close(file)?;
        let metadata = s.files.metadata_at(s.directory, "file")?;
        check(metadata.modified == LATER, "the time after closing")
    })
}

fn times_by_name(config: &Config) -> Result {
    in_scratch(config, |s| {
        s.make("file", b"content")?;
        s.files.create_directory_at(s.directory, "directory")?;
        for name in ["file", "directory"] {
            let modified = TimeChange::At(THEN);
            let set = s.files.set_times_at(s.directory, name, KEEP, modified);
            supported(set, NONE)?;
            let metadata = s.files.metadata_at(s.directory, name)?;
            check(metadata.modified == THEN, "the time of writing")?;
        }
        Ok(())
    })
}

fn now_is_now(config: &Config) -> Result {
    in_scratch(config, |s| {
        s.make("file", b"content")?;
        let change = |time| {
            s.files
                .set_times_at(s.directory, "file", TimeChange::Now, time)
        };
        supported(change(TimeChange::At(THEN)), NONE)?;
        let Some(Ok(now)) = config.platform.wall_clock().map(|clock| clock.now()) else {
            return Err(crate::outcome::Stop::Skipped("no wall clock that is set"));
        };
        change(TimeChange::Now)?;
        let metadata = s.files.metadata_at(s.directory, "file")?;
        check(metadata.modified.abs_diff(now) < 10_000_000_000, "now")
    })
}
