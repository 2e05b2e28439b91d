//! Files: opening, positions, sizes, times, names.
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

use std::fs;

use support::{
    ALL, APPEND, CREAT, DIRECTORY, EXCL, FILE, FOLLOW, READ, ROOT, SEEK, Scratch, TRUNC, WRITE,
};
use thimble_wasi::{Errno, GuestPtr, Rights};

#[test]
fn a_file_is_created_written_and_read_back() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    assert_eq!(guest.open(ROOT, "new", 0), Err(Errno::Noent));
    let fd = guest.open(ROOT, "new", CREAT).unwrap();
    assert_eq!(fd, 4);
    assert_eq!(guest.write(fd, b"hello, world"), Ok(12));
    assert_eq!(guest.tell(fd), Ok(12));
    assert_eq!(guest.read(fd, 10).unwrap(), b"");
    assert_eq!(guest.seek(fd, -5, 1), Ok(7));
    assert_eq!(guest.read(fd, 3).unwrap(), b"wor");
    assert_eq!(guest.seek(fd, -1, 2), Ok(11));
    assert_eq!(guest.read(fd, 100).unwrap(), b"d");
    assert_eq!(guest.seek(fd, 0, 1), Ok(12));
    guest.close(fd).unwrap();
    assert_eq!(guest.close(fd), Err(Errno::Badf));
    assert_eq!(
        fs::read(scratch.path().join("new")).unwrap(),
        b"hello, world"
    );
}

#[test]
fn large_transfers_take_several_steps() {
    let scratch = Scratch::new();
    let data: Vec<u8> = (0..20_000_u32).map(|number| (number % 251) as u8).collect();
    for size in [32, 33, 512, 4096, 100_000] {
        let mut guest = support::Guest::new(scratch.builder().transfer_size(size).build().unwrap());
        let fd = guest.open(ROOT, "data", CREAT | TRUNC).unwrap();
        assert_eq!(guest.write(fd, &data), Ok(20_000));
        guest.seek(fd, 0, 0).unwrap();
        assert!(guest.read(fd, 19_000).unwrap() == data[..19_000]);
        assert!(guest.read(fd, 19_000).unwrap() == data[19_000..]);
        assert_eq!(guest.tell(fd), Ok(20_000));
    }
}

#[test]
fn positions_have_bounds() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let fd = guest.open(ROOT, "file", CREAT).unwrap();
    assert_eq!(guest.seek(fd, -1, 0), Err(Errno::Inval));
    assert_eq!(guest.seek(fd, -1, 1), Err(Errno::Inval));
    assert_eq!(guest.seek(fd, 0, 3), Err(Errno::Inval));
    assert_eq!(guest.seek(fd, i64::MAX, 0), Ok(i64::MAX as u64));
    assert_eq!(guest.seek(fd, 1, 1), Err(Errno::Overflow));
    assert_eq!(guest.tell(fd), Ok(i64::MAX as u64));
    guest.seek(fd, 1 << 62, 0).unwrap();
    assert_eq!(guest.read(fd, 4), Ok(vec![]));
    assert_eq!(guest.pread(fd, 4, u64::MAX), Err(Errno::Inval));
    assert!(guest.write(fd, b"x").is_err());
    assert_eq!(guest.set_size(fd, u64::MAX), Err(Errno::Inval));
    // Writing behind the end leaves zeroes between.
    guest.seek(fd, 3, 0).unwrap();
    guest.write(fd, b"x").unwrap();
    assert_eq!(guest.pread(fd, 10, 0).unwrap(), b"\0\0\0x");
}

#[test]
fn append_goes_to_the_end_and_pwrite_does_not() {
    let scratch = Scratch::new();
    fs::write(scratch.path().join("log"), "one ").unwrap();
    let mut guest = scratch.guest();
    let fd = guest
        .open_with(ROOT, 0, "log", 0, (FILE, 0), APPEND)
        .unwrap();
    assert_eq!(guest.tell(fd), Ok(0));
    guest.write(fd, b"two ").unwrap();
    assert_eq!(guest.tell(fd), Ok(8));
    guest.seek(fd, 0, 0).unwrap();
    guest.write(fd, b"three").unwrap();
    assert_eq!(guest.tell(fd), Ok(13));
    guest.pwrite(fd, b"ONE", 0).unwrap();
    assert_eq!(guest.tell(fd), Ok(13));
    assert_eq!(guest.pread(fd, 100, 0).unwrap(), b"ONE two three");
    // Another writer's data is not overwritten.
    let other = guest
        .open_with(ROOT, 0, "log", 0, (FILE, 0), APPEND)
        .unwrap();
    guest.write(other, b"!").unwrap();
    guest.write(fd, b"?").unwrap();
    assert_eq!(
        fs::read(scratch.path().join("log")).unwrap(),
        b"ONE two three!?"
    );
    // The flag can be taken away.
    assert_eq!(guest.fdstat(fd).unwrap().1, 1);
    guest
        .call(|context, memory| context.fd_fdstat_set_flags(memory, fd, 0))
        .unwrap();
    guest.seek(fd, 0, 0).unwrap();
    guest.write(fd, b"x").unwrap();
    assert_eq!(guest.pread(fd, 3, 0).unwrap(), b"xNE");
}

#[test]
fn pread_and_pwrite_leave_the_position() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let fd = guest.open(ROOT, "file", CREAT).unwrap();
    assert_eq!(guest.pwrite(fd, b"abcdef", 2), Ok(6));
    assert_eq!(guest.pread(fd, 3, 3).unwrap(), b"bcd");
    assert_eq!(guest.pread(fd, 3, 100).unwrap(), b"");
    assert_eq!(guest.tell(fd), Ok(0));
}

#[test]
fn open_flags_do_what_they_say() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    fs::write(scratch.path().join("file"), "content").unwrap();
    fs::create_dir(scratch.path().join("dir")).unwrap();
    assert_eq!(guest.open(ROOT, "file", CREAT | EXCL), Err(Errno::Exist));
    assert_eq!(guest.open(ROOT, "dir", CREAT | EXCL), Err(Errno::Exist));
    assert!(guest.open(ROOT, "exclusive", CREAT | EXCL).is_ok());
    let read = (FILE & !WRITE, 0);
    assert_eq!(
        guest.open_with(ROOT, 0, "file", DIRECTORY, read, 0),
        Err(Errno::Notdir)
    );
    assert_eq!(
        guest.open_with(ROOT, 0, "none", DIRECTORY, read, 0),
        Err(Errno::Noent)
    );
    assert_eq!(
        guest.open_with(ROOT, 0, "dir", DIRECTORY, (FILE, 0), 0),
        Err(Errno::Isdir)
    );
    assert_eq!(
        guest.open_with(ROOT, 0, "dir", 0, (FILE, 0), 0),
        Err(Errno::Isdir)
    );
    assert_eq!(
        guest.open_with(ROOT, 0, ".", DIRECTORY, (READ | WRITE, 0), 0),
        Err(Errno::Isdir)
    );
    assert_eq!(
        guest.open_with(ROOT, 0, "x", DIRECTORY | CREAT, read, 0),
        Err(Errno::Inval)
    );
    assert_eq!(
        guest.open_with(ROOT, 0, "x", DIRECTORY | TRUNC, read, 0),
        Err(Errno::Inval)
    );
    assert_eq!(
        guest.open_with(ROOT, 0, "file", 16, read, 0),
        Err(Errno::Inval)
    );
    assert_eq!(
        guest.open_with(ROOT, 2, "file", 0, read, 0),
        Err(Errno::Inval)
    );
    assert_eq!(
        guest.open_with(ROOT, 0, "file", 0, read, 32),
        Err(Errno::Inval)
    );
    assert_eq!(guest.open_with(99, 0, "file", 0, read, 0), Err(Errno::Badf));
    assert_eq!(
        guest.open_with(1, 0, "file", 0, read, 0),
        Err(Errno::Notdir)
    );
    // Nothing was cut so far.
    assert_eq!(fs::read(scratch.path().join("file")).unwrap(), b"content");
    // Without any right a file can still be created and cut.
    let fd = guest.open_with(ROOT, 0, "file", TRUNC, (0, 0), 0).unwrap();
    assert_eq!(guest.stat(fd).err(), Some(Errno::Notcapable));
    assert_eq!(guest.path_stat(ROOT, 0, "file").unwrap().size, 0);
    assert!(
        guest
            .open_with(ROOT, 0, "created", CREAT, (0, 0), 0)
            .is_ok()
    );
}

#[test]
fn sizes_change() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let fd = guest.open(ROOT, "file", CREAT).unwrap();
    guest.write(fd, b"abcdef").unwrap();
    guest.set_size(fd, 3).unwrap();
    guest.set_size(fd, 5).unwrap();
    assert_eq!(guest.pread(fd, 10, 0).unwrap(), b"abc\0\0");
    assert_eq!(guest.stat(fd).unwrap().size, 5);
    assert_eq!(guest.tell(fd), Ok(6));
    let read_only = guest.open_read(ROOT, "file").unwrap();
    assert_eq!(guest.set_size(read_only, 0), Err(Errno::Notcapable));
    assert_eq!(guest.write(read_only, b"x"), Err(Errno::Badf));
    assert_eq!(guest.pwrite(read_only, b"x", 0), Err(Errno::Badf));
    let write_only = guest
        .open_with(ROOT, 0, "file", 0, (WRITE | SEEK, 0), 0)
        .unwrap();
    assert_eq!(guest.read(write_only, 1), Err(Errno::Badf));
    assert_eq!(guest.pread(write_only, 1, 0), Err(Errno::Badf));
    assert_eq!(guest.write(write_only, b"x"), Ok(1));
}

#[test]
fn advice_is_taken_and_allocation_is_not() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let fd = guest
        .open_with(ROOT, 0, "file", CREAT, (ALL & !(1 << 7), 0), 0)
        .unwrap();
    let advised = guest.open_with(ROOT, 0, "file", 0, (ALL, 0), 0).unwrap();
    let mut advise = |fd, offset, advice| {
        support::errno(
            guest.call(|context, memory| context.fd_advise(memory, fd, offset, 10, advice)),
        )
    };
    assert_eq!(advise(advised, 0, 0), Ok(()));
    assert_eq!(advise(advised, 0, 6), Err(Errno::Inval));
    assert_eq!(advise(advised, u64::MAX, 0), Err(Errno::Inval));
    assert_eq!(advise(fd, 0, 0), Err(Errno::Notcapable));
    assert_eq!(advise(ROOT, 0, 0), Err(Errno::Isdir));
    assert_eq!(advise(1, 0, 0), Err(Errno::Spipe));
    let mut allocate =
        |fd| support::errno(guest.call(|context, memory| context.fd_allocate(memory, fd, 0, 10)));
    assert_eq!(allocate(advised), Err(Errno::Notsup));
    assert_eq!(allocate(ROOT), Err(Errno::Isdir));
    let mut sync = |fd| support::errno(guest.call(|context, memory| context.fd_sync(memory, fd)));
    assert_eq!(sync(advised), Ok(()));
    assert_eq!(sync(ROOT), Ok(()));
    assert_eq!(sync(1), Err(Errno::Inval));
    let mut sync =
        |fd| support::errno(guest.call(|context, memory| context.fd_datasync(memory, fd)));
    assert_eq!(sync(advised), Ok(()));
    assert_eq!(sync(9), Err(Errno::Badf));
}

#[test]
fn times_are_set() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let fd = guest.open(ROOT, "file", CREAT).unwrap();
    let before = guest.stat(fd).unwrap();
    assert!(before.modified > 1_600_000_000_000_000_000);
    guest
        .set_times(fd, 1_000_000_007, 2_000_000_009, 4)
        .unwrap();
    let after = guest.stat(fd).unwrap();
    assert_eq!(
        (after.accessed, after.modified),
        (before.accessed, 2_000_000_009)
    );
    guest
        .path_set_times(ROOT, 0, "file", 3_000_000_001, 0, 1 | 8)
        .unwrap();
    let after = guest.path_stat(ROOT, 0, "file").unwrap();
    assert_eq!(after.accessed, 3_000_000_001);
    assert!(after.modified >= before.modified);
    for flags in [3, 12, 15, 16] {
        assert_eq!(guest.set_times(fd, 1, 1, flags), Err(Errno::Inval));
        assert_eq!(
            guest.path_set_times(ROOT, 0, "file", 1, 1, flags),
            Err(Errno::Inval)
        );
    }
    // Of a link, or of what it leads to.
    guest.symlink("file", ROOT, "link").unwrap();
    guest
        .path_set_times(ROOT, 0, "link", 0, 5_000_000_000, 4)
        .unwrap();
    assert_eq!(
        guest.path_stat(ROOT, 0, "link").unwrap().modified,
        5_000_000_000
    );
    assert_ne!(
        guest.path_stat(ROOT, 0, "file").unwrap().modified,
        5_000_000_000
    );
    guest
        .path_set_times(ROOT, FOLLOW, "link", 0, 6_000_000_000, 4)
        .unwrap();
    assert_eq!(
        guest.path_stat(ROOT, 0, "file").unwrap().modified,
        6_000_000_000
    );
    assert_eq!(guest.set_times(1, 0, 0, 2), Err(Errno::Inval));
    assert_eq!(
        guest.path_set_times(ROOT, 0, "file/", 0, 0, 0),
        Err(Errno::Notdir)
    );
    guest
        .path_set_times(ROOT, 0, ".", 0, 7_000_000_000, 4)
        .unwrap();
    assert_eq!(guest.stat(ROOT).unwrap().modified, 7_000_000_000);
}

#[test]
fn names_are_given_changed_and_removed() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    fs::write(scratch.path().join("file"), "content").unwrap();
    guest.create_directory(ROOT, "dir").unwrap();
    assert_eq!(guest.create_directory(ROOT, "dir"), Err(Errno::Exist));
    assert_eq!(guest.create_directory(ROOT, "."), Err(Errno::Exist));
    assert_eq!(guest.create_directory(ROOT, "a/b"), Err(Errno::Noent));
    guest.create_directory(ROOT, "slash/").unwrap();
    guest.remove_directory(ROOT, "slash/").unwrap();

    // Hard links.
    guest.link(ROOT, 0, "file", ROOT, "dir/again").unwrap();
    let (one, two) = (
        guest.path_stat(ROOT, 0, "file").unwrap(),
        guest.path_stat(ROOT, 0, "dir/again").unwrap(),
    );
    assert_eq!((one.inode, one.links), (two.inode, 2));
    assert_eq!(
        guest.link(ROOT, 0, "file", ROOT, "dir/again"),
        Err(Errno::Exist)
    );
    assert_eq!(guest.link(ROOT, 0, "file", ROOT, "file"), Err(Errno::Exist));
    assert_eq!(guest.link(ROOT, 0, "file", ROOT, "dir"), Err(Errno::Exist));
    assert_eq!(guest.link(ROOT, 0, "dir", ROOT, "x"), Err(Errno::Perm));
    assert_eq!(guest.link(ROOT, 0, ".", ROOT, "x"), Err(Errno::Perm));
    assert_eq!(guest.link(ROOT, 0, "file", ROOT, "x/"), Err(Errno::Noent));
    assert_eq!(guest.link(ROOT, 0, "file/", ROOT, "x"), Err(Errno::Notdir));
    assert_eq!(guest.link(ROOT, 0, "none", ROOT, "x"), Err(Errno::Noent));
    assert_eq!(
        guest.link(ROOT, FOLLOW, "file", ROOT, "x"),
        Err(Errno::Inval)
    );
    guest.symlink("nowhere", ROOT, "link").unwrap();
    guest.link(ROOT, 0, "link", ROOT, "link2").unwrap();
    assert_eq!(guest.readlink(ROOT, "link2", 100).unwrap(), b"nowhere");

    // Symbolic links.
    assert_eq!(guest.readlink(ROOT, "link", 4).unwrap(), b"nowh");
    assert_eq!(guest.readlink(ROOT, "link", 0).unwrap(), b"");
    assert_eq!(guest.readlink(ROOT, "file", 4), Err(Errno::Inval));
    assert_eq!(guest.readlink(ROOT, "none", 4), Err(Errno::Noent));
    assert_eq!(guest.readlink(ROOT, ".", 4), Err(Errno::Inval));
    assert_eq!(guest.symlink("x", ROOT, "file"), Err(Errno::Exist));
    assert_eq!(guest.symlink("x", ROOT, "new/"), Err(Errno::Noent));
    assert_eq!(guest.symlink("x", ROOT, "dir/"), Err(Errno::Exist));
    assert_eq!(guest.symlink("x", ROOT, "file/"), Err(Errno::Notdir));
    assert_eq!(
        guest.link(ROOT, 0, "file", ROOT, "file/"),
        Err(Errno::Notdir)
    );
    let long = "d/".repeat(500) + "end";
    guest.symlink(&long, ROOT, "long").unwrap();
    assert_eq!(guest.readlink(ROOT, "long", 2000).unwrap(), long.as_bytes());
    assert_eq!(guest.open(ROOT, "long", 0), Err(Errno::Noent));

    // Renaming.
    guest.rename(ROOT, "file", ROOT, "dir/moved").unwrap();
    assert_eq!(guest.path_stat(ROOT, 0, "file").err(), Some(Errno::Noent));
    guest.rename(ROOT, "dir/moved", ROOT, "file").unwrap();
    fs::write(scratch.path().join("other"), "").unwrap();
    guest.rename(ROOT, "other", ROOT, "file").unwrap();
    assert_eq!(guest.path_stat(ROOT, 0, "file").unwrap().size, 0);
    guest.create_directory(ROOT, "empty").unwrap();
    assert_eq!(guest.rename(ROOT, "file", ROOT, "empty"), Err(Errno::Isdir));
    assert_eq!(
        guest.rename(ROOT, "empty", ROOT, "file"),
        Err(Errno::Notdir)
    );
    assert_eq!(
        guest.rename(ROOT, "empty", ROOT, "dir"),
        Err(Errno::Notempty)
    );
    assert_eq!(guest.rename(ROOT, "dir", ROOT, "dir/x"), Err(Errno::Inval));
    assert_eq!(guest.rename(ROOT, "file", ROOT, "x/"), Err(Errno::Notdir));
    assert_eq!(guest.rename(ROOT, "file/", ROOT, "x"), Err(Errno::Notdir));
    assert_eq!(guest.rename(ROOT, "none", ROOT, "x"), Err(Errno::Noent));
    assert_eq!(guest.rename(ROOT, ".", ROOT, "x"), Err(Errno::Busy));
    guest.rename(ROOT, "dir/", ROOT, "empty/").unwrap();
    guest.rename(ROOT, "empty", ROOT, "dir/").unwrap();
    guest.rename(ROOT, "link", ROOT, "link3").unwrap();

    // Removing.
    assert_eq!(guest.remove_directory(ROOT, "dir"), Err(Errno::Notempty));
    assert_eq!(guest.remove_directory(ROOT, "file"), Err(Errno::Notdir));
    assert_eq!(guest.remove_directory(ROOT, "file/"), Err(Errno::Notdir));
    assert_eq!(guest.remove_directory(ROOT, "."), Err(Errno::Inval));
    assert_eq!(guest.remove_directory(ROOT, "none"), Err(Errno::Noent));
    assert_eq!(guest.unlink(ROOT, "dir"), Err(Errno::Isdir));
    assert_eq!(guest.unlink(ROOT, "dir/"), Err(Errno::Isdir));
    assert_eq!(guest.unlink(ROOT, "."), Err(Errno::Isdir));
    assert_eq!(guest.unlink(ROOT, "file/"), Err(Errno::Notdir));
    guest.unlink(ROOT, "dir/again").unwrap();
    guest.remove_directory(ROOT, "dir").unwrap();
    guest.unlink(ROOT, "link3").unwrap();
    // A file that is open lives on without a name.
    let fd = guest.open(ROOT, "file", 0).unwrap();
    guest.write(fd, b"still").unwrap();
    guest.unlink(ROOT, "file").unwrap();
    assert_eq!(guest.pread(fd, 10, 0).unwrap(), b"still");
}

#[test]
fn between_two_directories() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path().join("a")).unwrap();
    fs::create_dir(scratch.path().join("b")).unwrap();
    fs::write(scratch.path().join("a/file"), "content").unwrap();
    let mut guest = scratch.guest();
    let a = guest.open_directory(ROOT, "a").unwrap();
    let b = guest.open_directory(ROOT, "b").unwrap();
    guest.link(a, 0, "file", b, "linked").unwrap();
    guest.rename(a, "file", b, "moved").unwrap();
    assert_eq!(guest.path_stat(b, 0, "moved").unwrap().links, 2);
    assert_eq!(guest.path_stat(ROOT, 0, "a/file").err(), Some(Errno::Noent));
    assert_eq!(guest.rename(a, "../b/moved", a, "file"), Err(Errno::Perm));
}

#[test]
fn a_read_only_directory_stays_as_it_is() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path().join("dir")).unwrap();
    fs::write(scratch.path().join("dir/file"), "content").unwrap();
    let builder = thimble_wasi::WasiContext::builder(support::host());
    let path = scratch.path().to_str().unwrap();
    let context = builder
        .directory_with(path, "/", Rights::READ_ONLY)
        .unwrap()
        .build()
        .unwrap();
    let mut guest = support::Guest::new(context);
    // What a library asks for to read is more than reading.
    let fd = guest
        .open_with(ROOT, FOLLOW, "dir/file", 0, (ALL & !WRITE, ALL), 0)
        .unwrap();
    assert_eq!(guest.read(fd, 10).unwrap(), b"content");
    assert_eq!(guest.write(fd, b"x"), Err(Errno::Badf));
    assert_eq!(guest.set_size(fd, 0), Err(Errno::Notcapable));
    assert_eq!(guest.set_times(fd, 0, 0, 2), Err(Errno::Notcapable));
    assert_eq!(guest.open(ROOT, "dir/file", 0), Err(Errno::Notcapable));
    assert_eq!(
        guest.open_with(ROOT, 0, "new", CREAT, (0, 0), 0),
        Err(Errno::Notcapable)
    );
    assert_eq!(
        guest.open_with(ROOT, 0, "dir/file", TRUNC, (0, 0), 0),
        Err(Errno::Notcapable)
    );
    for directory in [ROOT, guest.open_directory(ROOT, "dir").unwrap()] {
        assert_eq!(
            guest.create_directory(directory, "x"),
            Err(Errno::Notcapable)
        );
        assert_eq!(
            guest.remove_directory(directory, "dir"),
            Err(Errno::Notcapable)
        );
        assert_eq!(guest.unlink(directory, "file"), Err(Errno::Notcapable));
        assert_eq!(guest.symlink("x", directory, "y"), Err(Errno::Notcapable));
        assert_eq!(
            guest.link(directory, 0, "file", directory, "y"),
            Err(Errno::Notcapable)
        );
        assert_eq!(
            guest.rename(directory, "file", directory, "y"),
            Err(Errno::Notcapable)
        );
        assert_eq!(
            guest.path_set_times(directory, 0, "file", 0, 0, 2),
            Err(Errno::Notcapable)
        );
        assert!(guest.list(directory, 4096).is_ok());
    }
}

#[test]
fn preopened_directories_tell_their_names() {
    let scratch = Scratch::new();
    let path = scratch.path().to_str().unwrap();
    let context = scratch
        .builder()
        .directory(path, "/data/é")
        .unwrap()
        .build()
        .unwrap();
    let mut guest = support::Guest::new(context);
    let mut stat = |fd| {
        support::errno(
            guest.call(|context, memory| context.fd_prestat_get(memory, fd, GuestPtr::new(0))),
        )
        .map(|()| (guest.u32_at(0), guest.u32_at(4)))
    };
    assert_eq!(stat(3), Ok((0, 1)));
    assert_eq!(stat(4), Ok((0, 8)));
    assert_eq!(stat(5), Err(Errno::Badf));
    assert_eq!(stat(1), Err(Errno::Badf));
    let mut name = |fd, length| {
        guest.put(0, &[0xff; 16]);
        support::errno(guest.call(|context, memory| {
            context.fd_prestat_dir_name(memory, fd, GuestPtr::new(0), length)
        }))
        .map(|()| guest.get(0, 16).to_vec())
    };
    assert_eq!(
        name(4, 8).unwrap(),
        b"/data/\xc3\xa9\xff\xff\xff\xff\xff\xff\xff\xff"
    );
    assert!(name(4, 16).is_ok());
    assert_eq!(name(4, 7), Err(Errno::Nametoolong));
    assert_eq!(name(0, 16), Err(Errno::Badf));
    let opened = guest.open_directory(ROOT, ".").unwrap();
    let stat =
        guest.call(|context, memory| context.fd_prestat_get(memory, opened, GuestPtr::new(0)));
    assert_eq!(support::errno(stat), Err(Errno::Badf));
}
