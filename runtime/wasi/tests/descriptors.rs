//! Descriptors, rights and addresses: what a guest may hold and point to.
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
use std::sync::{Arc, Mutex};

use support::{ALL, CREAT, FILE, Guest, READ, ROOT, SEEK, Scratch, WRITE, errno};
use thimble_wasi::{
    Empty, Errno, Failure, GuestMemory, GuestPtr, InputStream, OutputStream, Sink, WasiContext,
};

#[test]
fn the_lowest_number_is_given_and_the_table_has_an_end() {
    let scratch = Scratch::new();
    let mut guest = Guest::new(scratch.builder().maximum_descriptors(7).build().unwrap());
    let fds: Vec<u32> = (0..3)
        .map(|_| guest.open(ROOT, "file", CREAT).unwrap())
        .collect();
    assert_eq!(fds, [4, 5, 6]);
    // Nothing is created when there is no number for it.
    assert_eq!(guest.open(ROOT, "new", CREAT), Err(Errno::Mfile));
    assert!(!scratch.path().join("new").exists());
    guest.close(5).unwrap();
    guest.close(0).unwrap();
    assert_eq!(guest.open(ROOT, "file", 0), Ok(0));
    assert_eq!(guest.open(ROOT, "file", 0), Ok(5));
    assert_eq!(guest.close(u32::MAX), Err(Errno::Badf));
    assert_eq!(guest.close(7), Err(Errno::Badf));
    assert!(scratch.builder().maximum_descriptors(3).build().is_err());
}

#[test]
fn a_failed_open_takes_no_number() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    for _ in 0..300 {
        assert_eq!(guest.open(ROOT, "none", 0), Err(Errno::Noent));
        assert_eq!(guest.open(ROOT, ".", 0), Err(Errno::Isdir));
    }
    assert_eq!(guest.open(ROOT, "file", CREAT), Ok(4));
}

#[test]
fn renumbering_moves_and_closes() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let one = guest.open(ROOT, "one", CREAT).unwrap();
    let two = guest.open(ROOT, "two", CREAT).unwrap();
    guest.write(one, b"one").unwrap();
    let stat = guest.fdstat(one).unwrap();
    guest.renumber(one, two).unwrap();
    assert_eq!(guest.fdstat(two).unwrap(), stat);
    assert_eq!(guest.tell(two), Ok(3));
    assert_eq!(guest.close(one), Err(Errno::Badf));
    assert_eq!(guest.renumber(two, one), Err(Errno::Badf));
    assert_eq!(guest.renumber(one, two), Err(Errno::Badf));
    assert_eq!(guest.renumber(two, two), Ok(()));
    // Over a preopened directory, and a standard stream away.
    let directory = guest.open_directory(ROOT, ".").unwrap();
    guest.renumber(directory, ROOT).unwrap();
    assert!(guest.open(ROOT, "two", 0).is_ok());
    let file = guest.open(ROOT, "file", CREAT).unwrap();
    guest.renumber(file, 1).unwrap();
    guest.write(1, b"output").unwrap();
    assert_eq!(fs::read(scratch.path().join("file")).unwrap(), b"output");
}

#[test]
fn a_preopened_directory_can_be_closed() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let other = guest.open_directory(ROOT, ".").unwrap();
    guest.close(ROOT).unwrap();
    assert_eq!(guest.open(ROOT, "file", CREAT), Err(Errno::Badf));
    assert_eq!(guest.open(other, "file", CREAT), Ok(ROOT));
}

#[test]
fn rights_only_shrink() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let rights = READ | WRITE | SEEK | 1 << 5;
    let fd = guest
        .open_with(ROOT, 0, "file", CREAT, (rights, 0), 0)
        .unwrap();
    assert_eq!(guest.fdstat(fd), Ok((4, 0, rights, 0)));
    guest.write(fd, b"content").unwrap();
    guest.set_rights(fd, SEEK | 1 << 5, 0).unwrap();
    assert_eq!(guest.seek(fd, 0, 0), Ok(0));
    assert_eq!(guest.read(fd, 1), Err(Errno::Badf));
    assert_eq!(guest.write(fd, b"x"), Err(Errno::Badf));
    assert_eq!(guest.set_rights(fd, rights, 0), Err(Errno::Notcapable));
    assert_eq!(guest.set_rights(fd, SEEK, 1), Err(Errno::Notcapable));
    assert_eq!(guest.set_rights(fd, 1 << 63, 0), Err(Errno::Notcapable));
    // To tell is less than to seek.
    guest.set_rights(fd, 1 << 5, 0).unwrap();
    assert_eq!((guest.tell(fd), guest.seek(fd, 0, 1)), (Ok(0), Ok(0)));
    assert_eq!(guest.seek(fd, 1, 1), Err(Errno::Notcapable));
    guest.set_rights(fd, 0, 0).unwrap();
    assert_eq!(guest.tell(fd), Err(Errno::Notcapable));
    let flags = guest.call(|context, memory| context.fd_fdstat_set_flags(memory, fd, 0));
    assert_eq!(errno(flags), Err(Errno::Notcapable));
}

#[test]
fn what_a_directory_does_not_pass_on_cannot_be_had_through_it() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path().join("dir")).unwrap();
    fs::write(scratch.path().join("dir/file"), "content").unwrap();
    let mut guest = scratch.guest();
    // A directory whose files can be read only.
    let dir = guest
        .open_with(
            ROOT,
            0,
            "dir",
            2,
            (ALL & !(READ | WRITE), READ | 1 << 13),
            0,
        )
        .unwrap();
    let (_, _, base, inheriting) = guest.fdstat(dir).unwrap();
    assert_eq!(inheriting, READ | 1 << 13);
    assert_eq!(base & (READ | WRITE | SEEK | 1 << 22), 0);
    assert_eq!(
        guest.open_with(dir, 0, "file", 0, (WRITE, 0), 0),
        Err(Errno::Notcapable)
    );
    let fd = guest
        .open_with(dir, 0, "file", 0, (READ | SEEK, ALL), 0)
        .unwrap();
    assert_eq!(guest.fdstat(fd).unwrap().2, READ);
    assert_eq!(guest.read(fd, 3).unwrap(), b"con");
    assert_eq!(guest.seek(fd, 0, 0), Err(Errno::Notcapable));
    assert_eq!(guest.pread(fd, 1, 0), Err(Errno::Notcapable));
    // The same one opened again cannot give more.
    let again = guest
        .open_with(dir, 0, ".", 2, (ALL & !(READ | WRITE), ALL), 0)
        .unwrap();
    assert_eq!(guest.fdstat(again).unwrap().3, READ | 1 << 13);
    assert_eq!(guest.unlink(again, "file"), Err(Errno::Notcapable));
    // Synchronous writing takes the right to synchronise.
    assert_eq!(
        guest.open_with(dir, 0, "file", 0, (READ, 0), 16),
        Err(Errno::Notcapable)
    );
    let synchronous = guest
        .open_with(ROOT, 0, "dir/file", 0, (FILE, 0), 16 | 2)
        .unwrap();
    assert_eq!(guest.fdstat(synchronous).unwrap().1, 18);
    assert_eq!(guest.write(synchronous, b"x"), Ok(1));
}

#[test]
fn files_are_no_directories_and_directories_no_files() {
    let scratch = Scratch::new();
    let mut guest = scratch.guest();
    let file = guest.open(ROOT, "file", CREAT).unwrap();
    assert_eq!(guest.open(file, "x", CREAT), Err(Errno::Notdir));
    assert_eq!(guest.create_directory(file, "x"), Err(Errno::Notdir));
    assert_eq!(guest.read(ROOT, 1), Err(Errno::Isdir));
    assert_eq!(guest.pread(ROOT, 1, 0), Err(Errno::Isdir));
    assert_eq!(guest.write(ROOT, b"x"), Err(Errno::Isdir));
    assert_eq!(guest.pwrite(ROOT, b"x", 0), Err(Errno::Isdir));
    assert_eq!(guest.seek(ROOT, 0, 1), Err(Errno::Isdir));
    assert_eq!(guest.tell(ROOT), Err(Errno::Isdir));
    assert_eq!(guest.set_size(ROOT, 0), Err(Errno::Isdir));
    assert_eq!(guest.seek(1, 0, 1), Err(Errno::Spipe));
    assert_eq!(guest.tell(0), Err(Errno::Spipe));
}

/// An output that a test can look at, and that takes few bytes at a time.
struct Captured(Arc<Mutex<Vec<u8>>>);

impl OutputStream for Captured {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Failure> {
        let taken = &bytes[..bytes.len().min(7)];
        self.0.lock().unwrap().extend_from_slice(taken);
        Ok(taken.len())
    }
}

struct Text(&'static [u8]);

impl InputStream for Text {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let length = buffer.len().min(self.0.len());
        let (head, tail) = self.0.split_at(length);
        buffer[..length].copy_from_slice(head);
        self.0 = tail;
        Ok(length)
    }

    fn is_terminal(&self) -> bool {
        true
    }
}

#[test]
fn streams_of_the_embedder_are_used() {
    let output = Arc::new(Mutex::new(Vec::new()));
    let context = WasiContext::builder(support::host())
        .standard_input(Box::new(Text(b"some input")))
        .standard_output(Box::new(Captured(Arc::clone(&output))))
        .standard_error(Box::new(Sink))
        .build()
        .unwrap();
    let mut guest = Guest::new(context);
    assert_eq!(guest.read(0, 4).unwrap(), b"some");
    assert_eq!(guest.read(0, 40).unwrap(), b" input");
    assert_eq!(guest.read(0, 40).unwrap(), b"");
    assert_eq!(guest.write(1, b"a line of some length\n"), Ok(22));
    assert_eq!(guest.write(1, b""), Ok(0));
    assert_eq!(guest.write(2, b"lost"), Ok(4));
    assert_eq!(*output.lock().unwrap(), b"a line of some length\n");
    assert_eq!(guest.read(1, 1), Err(Errno::Badf));
    assert_eq!(guest.write(0, b"x"), Err(Errno::Badf));
    // What a library takes for a terminal: a character device that cannot seek.
    let (filetype, _, rights, _) = guest.fdstat(0).unwrap();
    assert_eq!((filetype, rights & (SEEK | 1 << 5)), (2, 0));
    assert_eq!(guest.fdstat(1).unwrap().0, 0);
    assert_eq!(guest.stat(0).unwrap().filetype, 2);
}

#[test]
fn several_buffers_are_one_transfer() {
    let output = Arc::new(Mutex::new(Vec::new()));
    let context = WasiContext::builder(support::host())
        .standard_input(Box::new(Empty))
        .standard_output(Box::new(Captured(Arc::clone(&output))))
        .build()
        .unwrap();
    let mut guest = Guest::new(context);
    guest.put(0, b"hello, world");
    for (index, (address, length)) in [(7, 5), (0, 0), (5, 2), (0, 5)].into_iter().enumerate() {
        let vector = [u32::to_le_bytes(address), u32::to_le_bytes(length)].concat();
        guest.put(0x100 + index as u32 * 8, &vector);
    }
    let mut write = |count| {
        errno(guest.call(|context, memory| {
            context.fd_write(memory, 1, GuestPtr::new(0x100), count, GuestPtr::new(0x200))
        }))
        .map(|()| guest.u32_at(0x200))
    };
    assert_eq!(write(4), Ok(12));
    assert_eq!(*output.lock().unwrap(), b"world, hello");
    assert_eq!(write(0), Ok(0));
    assert_eq!(write(1025), Err(Errno::Inval));
    assert_eq!(write(u32::MAX), Err(Errno::Inval));
}

/// Every function, with each of its addresses outside the memory in turn: an error, and
/// nothing has changed.
#[test]
fn every_address_is_checked() {
    let scratch = Scratch::new();
    fs::write(scratch.path().join("file"), "content").unwrap();
    std::os::unix::fs::symlink("file", scratch.path().join("link")).unwrap();
    let named = scratch
        .builder()
        .directory(scratch.path().to_str().unwrap(), "/name")
        .unwrap();
    let builder = named
        .argument("program")
        .unwrap()
        .variable("A", "b")
        .unwrap();
    let mut guest = Guest::new(builder.build().unwrap());
    let file = guest.open(ROOT, "file", 0).unwrap();
    guest.put(0x1000, b"file");
    guest.put(0x1010, b"link");
    guest.put(0x1020, b"newname");
    guest.put(
        0x100,
        &[0x8000_u32.to_le_bytes(), 4_u32.to_le_bytes()].concat(),
    );
    guest.put(
        0x110,
        &[0xffff_u32.to_le_bytes(), 2_u32.to_le_bytes()].concat(),
    );
    guest.put(0x4000, &support::clock_subscription(1, 1, 0, false));
    const END: u32 = 0x10000;

    type Call = fn(&mut WasiContext, &mut GuestMemory<'_>, u32, [u32; 3]) -> Result<(), Failure>;
    fn at<T>(address: u32) -> GuestPtr<T> {
        GuestPtr::new(address)
    }
    // The call, and the addresses with which it works.
    let calls: [(&str, Call, &[u32]); 25] = [
        (
            "args_get",
            |c, m, _, [a, b, _]| c.args_get(m, at(a), at(b)),
            &[0, 0x200],
        ),
        (
            "args_sizes_get",
            |c, m, _, [a, b, _]| c.args_sizes_get(m, at(a), at(b)),
            &[0, 8],
        ),
        (
            "environ_get",
            |c, m, _, [a, b, _]| c.environ_get(m, at(a), at(b)),
            &[0, 0x200],
        ),
        (
            "environ_sizes_get",
            |c, m, _, [a, b, _]| c.environ_sizes_get(m, at(a), at(b)),
            &[0, 8],
        ),
        (
            "clock_res_get",
            |c, m, _, [a, ..]| c.clock_res_get(m, 1, at(a)),
            &[0],
        ),
        (
            "clock_time_get",
            |c, m, _, [a, ..]| c.clock_time_get(m, 1, 0, at(a)),
            &[0],
        ),
        (
            "fd_fdstat_get",
            |c, m, f, [a, ..]| c.fd_fdstat_get(m, f, at(a)),
            &[0],
        ),
        (
            "fd_filestat_get",
            |c, m, f, [a, ..]| c.fd_filestat_get(m, f, at(a)),
            &[0],
        ),
        (
            "fd_prestat_get",
            |c, m, _, [a, ..]| c.fd_prestat_get(m, ROOT, at(a)),
            &[0],
        ),
        (
            "fd_prestat_dir_name",
            |c, m, _, [a, ..]| c.fd_prestat_dir_name(m, 4, at(a), 9),
            &[0],
        ),
        (
            "fd_read",
            |c, m, f, [a, b, _]| c.fd_read(m, f, at(a), 1, at(b)),
            &[0x100, 0],
        ),
        (
            "fd_pread",
            |c, m, f, [a, b, _]| c.fd_pread(m, f, at(a), 1, 0, at(b)),
            &[0x100, 0],
        ),
        (
            "fd_write",
            |c, m, f, [a, b, _]| c.fd_write(m, f, at(a), 1, at(b)),
            &[0x100, 0],
        ),
        (
            "fd_pwrite",
            |c, m, f, [a, b, _]| c.fd_pwrite(m, f, at(a), 1, 0, at(b)),
            &[0x100, 0],
        ),
        (
            "fd_readdir",
            |c, m, _, [a, b, _]| c.fd_readdir(m, ROOT, at(a), 64, 0, at(b)),
            &[0x8000, 0],
        ),
        (
            "fd_seek",
            |c, m, f, [a, ..]| c.fd_seek(m, f, 1, 0, at(a)),
            &[0],
        ),
        ("fd_tell", |c, m, f, [a, ..]| c.fd_tell(m, f, at(a)), &[0]),
        (
            "path_filestat_get",
            |c, m, _, [a, b, _]| c.path_filestat_get(m, ROOT, 0, at(a), 4, at(b)),
            &[0x1000, 0],
        ),
        (
            "path_readlink",
            |c, m, _, [a, b, d]| c.path_readlink(m, ROOT, at(a), 4, at(b), 9, at(d)),
            &[0x1010, 0x8000, 0],
        ),
        (
            "path_open",
            |c, m, _, [a, b, _]| c.path_open(m, ROOT, 0, at(a), 7, 1, FILE, 0, 0, at(b)),
            &[0x1020, 0],
        ),
        (
            "path_link",
            |c, m, _, [a, b, _]| c.path_link(m, ROOT, 0, at(a), 4, ROOT, at(b), 4),
            &[0x1000, 0x1020],
        ),
        (
            "path_symlink",
            |c, m, _, [a, b, _]| c.path_symlink(m, at(a), 4, ROOT, at(b), 5),
            &[0x1000, 0x1020],
        ),
        (
            "path_rename",
            |c, m, _, [a, b, _]| c.path_rename(m, ROOT, at(a), 5, ROOT, at(b), 6),
            &[0x1020, 0x1020],
        ),
        (
            "poll_oneoff",
            |c, m, _, [a, b, d]| c.poll_oneoff(m, at(a), at(b), 1, at(d)),
            &[0x4000, 0x5000, 0],
        ),
        (
            "random_get",
            |c, m, _, [a, ..]| c.random_get(m, at(a), 8),
            &[0],
        ),
    ];
    for (name, call, good) in calls {
        for bad in [END - 1, END, u32::MAX] {
            for position in 0..good.len() {
                let mut addresses = [0; 3];
                addresses[..good.len()].copy_from_slice(good);
                addresses[position] = bad;
                let failure = guest.call(|context, memory| call(context, memory, file, addresses));
                assert_eq!(
                    failure,
                    Err(Failure::Errno(Errno::Fault)),
                    "{name} {position} {bad:#x}"
                );
            }
        }
        assert!(!scratch.path().join("newname").exists(), "{name}");
    }
    assert_eq!(
        guest.tell(file),
        Ok(0),
        "a failed transfer has moved the position"
    );
    // All of it works with good addresses.
    for (name, call, good) in calls {
        let mut addresses = [0; 3];
        addresses[..good.len()].copy_from_slice(good);
        let result = guest.call(|context, memory| call(context, memory, file, addresses));
        assert_eq!(result, Ok(()), "{name}");
    }
    // A buffer that reaches out of the memory.
    let read = guest.call(|c, m| c.fd_read(m, file, at(0x110), 1, at(0)));
    assert_eq!(read, Err(Failure::Errno(Errno::Fault)));
    let write = guest.call(|c, m| c.fd_write(m, file, at(0x110), 1, at(0)));
    assert_eq!(write, Err(Failure::Errno(Errno::Fault)));
}

#[test]
fn arguments_and_environment_reach_the_guest() {
    let builder = WasiContext::builder(support::host());
    let builder = builder
        .argument("cat")
        .unwrap()
        .argument("é")
        .unwrap()
        .variable("K", "v=w")
        .unwrap();
    let mut guest = Guest::new(builder.build().unwrap());
    guest
        .call(|c, m| c.args_sizes_get(m, GuestPtr::new(0), GuestPtr::new(4)))
        .unwrap();
    assert_eq!((guest.u32_at(0), guest.u32_at(4)), (2, 7));
    guest
        .call(|c, m| c.args_get(m, GuestPtr::new(0), GuestPtr::new(0x100)))
        .unwrap();
    assert_eq!((guest.u32_at(0), guest.u32_at(4)), (0x100, 0x104));
    assert_eq!(guest.get(0x100, 7), "cat\0é\0".as_bytes());
    guest
        .call(|c, m| c.environ_get(m, GuestPtr::new(0), GuestPtr::new(0x100)))
        .unwrap();
    assert_eq!(guest.get(0x100, 6), b"K=v=w\0");
    let refused = |name, value| {
        WasiContext::builder(support::host())
            .variable(name, value)
            .err()
    };
    assert_eq!(refused("", "x"), Some(Errno::Inval));
    assert_eq!(refused("a=b", "x"), Some(Errno::Inval));
    assert_eq!(refused("a", "x\0"), Some(Errno::Inval));
}

#[test]
fn a_program_ends_itself_and_raises_nothing() {
    let mut guest = Guest::new(WasiContext::builder(support::host()).build().unwrap());
    assert_eq!(
        guest.call(|c, m| c.proc_exit(m, 42)),
        Err(Failure::Exit(42))
    );
    assert_eq!(
        guest.call(|c, m| c.proc_exit(m, u32::MAX)),
        Err(Failure::Exit(u32::MAX))
    );
    assert_eq!(
        errno(guest.call(|c, m| c.proc_raise(m, 6))),
        Err(Errno::Notsup)
    );
    assert_eq!(
        errno(guest.call(|c, m| c.proc_raise(m, 31))),
        Err(Errno::Inval)
    );
    assert_eq!(guest.call(|c, m| c.sched_yield(m)), Ok(()));
}

#[test]
fn random_numbers_fill_exactly_the_buffer() {
    let mut guest = Guest::new(WasiContext::builder(support::host()).build().unwrap());
    guest
        .call(|c, m| c.random_get(m, GuestPtr::new(0x100), 5000))
        .unwrap();
    let bytes = guest.get(0x100, 5000);
    assert!(
        bytes
            .chunks(500)
            .all(|chunk| chunk.iter().any(|byte| *byte != chunk[0]))
    );
    assert_eq!(
        (guest.get(0xff, 1), guest.get(0x100 + 5000, 1)),
        (&[0][..], &[0][..])
    );
    assert_eq!(
        guest.call(|c, m| c.random_get(m, GuestPtr::new(0), 0)),
        Ok(())
    );
}
