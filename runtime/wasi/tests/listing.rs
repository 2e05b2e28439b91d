//! Listing directories with every size of buffer.
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

use std::collections::BTreeSet;
use std::fs;

use support::{ROOT, Scratch};
use thimble_wasi::Errno;

#[test]
fn an_empty_directory_has_two_entries() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let entries = guest.list(ROOT, 256).unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!((entries[0].name.as_str(), entries[0].filetype), (".", 3));
    assert_eq!((entries[1].name.as_str(), entries[1].filetype), ("..", 3));
    assert_eq!(entries[0].inode, guest.stat(ROOT).unwrap().inode);
    assert_eq!(guest.readdir(ROOT, 256, entries[1].next).unwrap(), b"");
}

#[test]
fn every_size_of_buffer_shows_every_entry_once() {
    let scratch = Scratch::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for number in 0..20 {
        let name = "n".repeat(number * 3 % 17) + &number.to_string();
        fs::write(scratch.path().join(&name), "").unwrap();
        names.insert(name);
    }
    fs::create_dir(scratch.path().join("dir")).unwrap();
    std::os::unix::fs::symlink("dir", scratch.path().join("link")).unwrap();
    names.extend(["dir", "link", ".", ".."].map(String::from));
    let mut guest = scratch.guest();
    let whole = guest.list(ROOT, 8192).unwrap();
    for room in 1..400 {
        let entries = guest.list(ROOT, room).unwrap();
        assert_eq!(entries, whole, "buffer of {room}");
    }
    assert_eq!(
        whole
            .iter()
            .map(|entry| entry.name.clone())
            .collect::<BTreeSet<_>>(),
        names
    );
    assert_eq!(whole.len(), names.len());
    let of = |name| whole.iter().find(|entry| entry.name == name).unwrap();
    assert_eq!(
        (of("dir").filetype, of("link").filetype, of("0").filetype),
        (3, 7, 4)
    );
    assert_eq!(
        of("dir").inode,
        guest.path_stat(ROOT, 0, "dir").unwrap().inode
    );
    // Every cookie restarts behind its entry, in any order.
    for (index, entry) in whole.iter().enumerate().rev() {
        let bytes = guest.readdir(ROOT, 8192, entry.next).unwrap();
        assert_eq!(support::entries(&bytes), whole[index + 1..]);
    }
}

#[test]
fn a_buffer_that_is_too_small_is_filled() {
    let scratch = Scratch::new();
    fs::write(scratch.path().join("a-name-of-some-length"), "").unwrap();
    let mut guest = scratch.guest();
    let whole = guest.readdir(ROOT, 8192, 0).unwrap();
    for room in 0..whole.len() as u32 {
        let bytes = guest.readdir(ROOT, room, 0).unwrap();
        assert_eq!(bytes, whole[..room as usize]);
    }
    assert_eq!(
        guest.readdir(ROOT, whole.len() as u32 + 1, 0).unwrap(),
        whole
    );
}

#[test]
fn changes_are_seen_from_the_start() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    assert_eq!(guest.list(ROOT, 100).unwrap().len(), 2);
    for number in 0..100 {
        guest
            .open(ROOT, &format!("file.{number}"), support::CREAT)
            .map(|fd| guest.close(fd))
            .unwrap()
            .unwrap();
    }
    assert_eq!(guest.list(ROOT, 100).unwrap().len(), 102);
    for number in 0..100 {
        guest.unlink(ROOT, &format!("file.{number}")).unwrap();
    }
    assert_eq!(guest.list(ROOT, 100).unwrap().len(), 2);
}

#[test]
fn only_directories_are_listed() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let fd = guest.open(ROOT, "file", support::CREAT).unwrap();
    assert_eq!(guest.readdir(fd, 100, 0), Err(Errno::Notdir));
    assert_eq!(guest.readdir(1, 100, 0), Err(Errno::Notdir));
    assert_eq!(guest.readdir(50, 100, 0), Err(Errno::Badf));
    let blind = guest
        .open_with(ROOT, 0, ".", support::DIRECTORY, (0, 0), 0)
        .unwrap();
    assert_eq!(guest.readdir(blind, 100, 0), Err(Errno::Notcapable));
}

#[test]
fn names_that_are_not_text_are_left_out() {
    use std::os::unix::ffi::OsStrExt;
    let scratch = Scratch::new();
    let name = std::ffi::OsStr::from_bytes(b"odd\xff");
    if fs::write(scratch.path().join(name), "").is_err() {
        return;
    }
    fs::write(scratch.path().join("even"), "").unwrap();
    let mut guest = scratch.guest();
    assert_eq!(guest.list(ROOT, 256).unwrap().len(), 3);
}
