//! Cases about listing directories.

use thimble_platform::{DirectoryEntry, ErrorKind, FileHandle, FileKind, ListControl};

use crate::file::{DIRECTORY, READ, Scratch, in_scratch};
use crate::outcome::{Result, check, fails};
use crate::run::{Config, cases};

cases![
    an_empty_directory_has_no_entries,
    every_name_is_shown_once,
    a_listing_goes_on_from_any_cookie,
    two_listings_do_not_disturb_each_other,
    entries_say_what_they_name,
    only_directories_are_listed,
];

const COUNT: usize = 12;
const NAMES: [&str; COUNT] = [
    "a", "b.txt", "c0", "d1", "e2", "f3", "g4", "h5", "i6", "j7", "k8", "l9",
];

/// Which of [`NAMES`] this is.
fn index(name: &[u8]) -> Option<usize> {
    NAMES.iter().position(|known| known.as_bytes() == name)
}

fn fill(s: &Scratch) -> Result {
    NAMES.iter().try_for_each(|name| s.make(name, b""))
}

/// Lists one entry at `cookie`: which name it is, and where to go on.
fn one(s: &Scratch, directory: FileHandle, cookie: u64) -> Result<Option<(usize, u64)>> {
    let mut found = None;
    let mut visits = 0;
    let ended = s
        .files
        .list(directory, cookie, &mut |entry: DirectoryEntry<'_>| {
            visits += 1;
            found = index(entry.name).map(|index| (index, entry.next));
            ListControl::Stop
        })?;
    check(visits <= 1, "no entry after the listing was stopped")?;
    check(ended == (visits == 0), "the end to be told")?;
    check(found.is_some() == (visits == 1), "a name of the suite")?;
    Ok(found)
}

fn an_empty_directory_has_no_entries(config: &Config) -> Result {
    in_scratch(config, |s| {
        check(s.count()? == 0, "no entries, also not `.` and `..`")?;
        let mut visits = 0;
        let ended = s.files.list(s.directory, 0, &mut |_| {
            visits += 1;
            ListControl::Stop
        })?;
        check(ended && visits == 0, "the end at once")
    })
}

fn every_name_is_shown_once(config: &Config) -> Result {
    in_scratch(config, |s| {
        fill(s)?;
        for _ in 0..2 {
            let mut seen = [0; COUNT];
            let mut others = 0;
            let mut cookies_hold = true;
            let ended = s
                .files
                .list(s.directory, 0, &mut |entry: DirectoryEntry<'_>| {
                    match index(entry.name).and_then(|index| seen.get_mut(index)) {
                        Some(count) => *count += 1,
                        None => others += 1,
                    }
                    cookies_hold &= (1..1 << 63).contains(&entry.next);
                    ListControl::Continue
                })?;
            check(ended, "the end to be reached")?;
            check(others == 0, "no other name")?;
            check(seen == [1; COUNT], "every name once")?;
            check(cookies_hold, "cookies above 0 and below 2^63")?;
        }
        s.files.remove_file_at(s.directory, "f3")?;
        check(s.count()? == COUNT - 1, "a removed name to be gone")
    })
}

fn a_listing_goes_on_from_any_cookie(config: &Config) -> Result {
    in_scratch(config, |s| {
        fill(s)?;
        let mut order = [0; COUNT];
        let mut cookies = [0; COUNT];
        let mut cookie = 0;
        for (place, at) in order.iter_mut().zip(&mut cookies) {
            *at = cookie;
            match one(s, s.directory, cookie)? {
                Some((index, next)) => (*place, cookie) = (index, next),
                None => return check(false, "another entry"),
            }
        }
        check(one(s, s.directory, cookie)?.is_none(), "the end")?;
        let mut sorted = order;
        sorted.sort_unstable();
        let every = sorted.iter().enumerate().all(|(i, index)| i == *index);
        check(every, "every name once")?;
        // Backwards, so that no position left behind can help.
        for (index, cookie) in order.iter().zip(cookies).rev() {
            let entry = one(s, s.directory, cookie)?.map(|(index, _)| index);
            check(entry == Some(*index), "the same entry at the same cookie")?;
        }
        Ok(())
    })
}

fn two_listings_do_not_disturb_each_other(config: &Config) -> Result {
    in_scratch(config, |s| {
        fill(s)?;
        let second = s.files.duplicate(s.directory)?;
        let mut cookies = (0, 0);
        for _ in 0..COUNT {
            let first = one(s, s.directory, cookies.0)?;
            let other = one(s, second, cookies.1)?;
            let (Some(first), Some(other)) = (first, other) else {
                return check(false, "another entry in both");
            };
            check(first.0 == other.0, "the same order in both")?;
            cookies = (first.1, other.1);
        }
        Ok(s.files.close(second)?)
    })
}

fn entries_say_what_they_name(config: &Config) -> Result {
    in_scratch(config, |s| {
        s.make("file", b"")?;
        s.files.create_directory_at(s.directory, "directory")?;
        let mut file = None;
        let mut directory = None;
        s.files
            .list(s.directory, 0, &mut |entry: DirectoryEntry<'_>| {
                let found = Some((entry.kind, entry.inode));
                match entry.name {
                    b"file" => file = found,
                    b"directory" => directory = found,
                    _ => {}
                }
                ListControl::Continue
            })?;
        for (name, entry, kind) in [
            ("file", file, FileKind::Regular),
            ("directory", directory, FileKind::Directory),
        ] {
            let Some((shown, inode)) = entry else {
                return check(false, "both names");
            };
            check(
                shown == kind || shown == FileKind::Unknown,
                "the kind, or that it is not known",
            )?;
            let metadata = s.files.metadata_at(s.directory, name)?;
            check(metadata.kind == kind, "the kind")?;
            check(
                inode == metadata.inode || inode == 0,
                "the number, or that it is not known",
            )?;
        }
        Ok(())
    })
}

fn only_directories_are_listed(config: &Config) -> Result {
    in_scratch(config, |s| {
        s.make("file", b"")?;
        let (file, _) = s.files.open_at(s.directory, "file", READ)?;
        let listed = s.files.list(file, 0, &mut |_| ListControl::Continue);
        fails(listed, ErrorKind::NotDirectory)?;
        s.files.close(file)?;
        let absurd = s
            .files
            .list(s.directory, u64::MAX, &mut |_| ListControl::Continue);
        fails(absurd, ErrorKind::InvalidArgument)?;
        let (again, _) = {
            s.files.create_directory_at(s.directory, "directory")?;
            s.files.open_at(s.directory, "directory", DIRECTORY)?
        };
        s.files.close(again)?;
        let stale = s.files.list(again, 0, &mut |_| ListControl::Continue);
        fails(stale, ErrorKind::BadDescriptor)
    })
}
