//! No path leads out of the directory it starts from.
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
use std::os::unix::fs::symlink;

use support::{ALL, CREAT, DIRECTORY, EXCL, FILE, FOLLOW, Guest, ROOT, Scratch};
use thimble_wasi::{Errno, WasiContext};

/// A directory `in` with a neighbour `out` that holds a secret.
fn scene() -> (Scratch, Guest) {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path().join("in/dir/nested")).unwrap();
    fs::create_dir(scratch.path().join("out")).unwrap();
    fs::write(scratch.path().join("out/secret"), "secret").unwrap();
    fs::write(scratch.path().join("in/dir/nested/file"), "inside").unwrap();
    let inside = scratch.path().join("in");
    let context = WasiContext::builder(support::host())
        .directory(inside.to_str().unwrap(), "/")
        .unwrap()
        .build()
        .unwrap();
    (scratch, Guest::new(context))
}

#[test]
fn parents_stay_inside() {
    let (_scratch, mut guest) = scene();
    for path in [
        "dir/nested/file",
        "./dir//.///nested/file",
        "dir/.//nested/../../dir/nested/../nested///./file",
        "dir/../dir/../dir/nested/file",
    ] {
        let fd = guest.open(ROOT, path, 0).unwrap();
        assert_eq!(guest.read(fd, 10).unwrap(), b"inside", "{path}");
        guest.close(fd).unwrap();
    }
    for path in [
        "..",
        "../out/secret",
        "../in/dir/nested/file",
        "dir/../../out/secret",
        "dir/nested/../../../in/dir/nested/file",
        "/etc/passwd",
        "/",
    ] {
        assert_eq!(guest.open(ROOT, path, 0), Err(Errno::Perm), "{path}");
        assert_eq!(
            guest.path_stat(ROOT, FOLLOW, path).err(),
            Some(Errno::Perm),
            "{path}"
        );
        assert_eq!(guest.unlink(ROOT, path), Err(Errno::Perm), "{path}");
        assert_eq!(
            guest.create_directory(ROOT, path),
            Err(Errno::Perm),
            "{path}"
        );
        assert_eq!(
            guest.remove_directory(ROOT, path),
            Err(Errno::Perm),
            "{path}"
        );
        assert_eq!(guest.readlink(ROOT, path, 10), Err(Errno::Perm), "{path}");
        assert_eq!(
            guest.rename(ROOT, "dir", ROOT, path),
            Err(Errno::Perm),
            "{path}"
        );
        assert_eq!(
            guest.rename(ROOT, path, ROOT, "new"),
            Err(Errno::Perm),
            "{path}"
        );
        assert_eq!(
            guest.link(ROOT, 0, path, ROOT, "new"),
            Err(Errno::Perm),
            "{path}"
        );
        assert_eq!(guest.symlink("dir", ROOT, path), Err(Errno::Perm), "{path}");
        assert_eq!(
            guest.path_set_times(ROOT, 0, path, 0, 0, 0),
            Err(Errno::Perm),
            "{path}"
        );
    }
}

#[test]
fn a_subdirectory_is_a_root_of_its_own() {
    let (_scratch, mut guest) = scene();
    let fd = guest.open_directory(ROOT, "dir").unwrap();
    assert!(guest.open(fd, "nested/file", 0).is_ok());
    assert_eq!(guest.open(fd, "../dir/nested/file", 0), Err(Errno::Perm));
    assert_eq!(guest.open(fd, "nested/../..", 0), Err(Errno::Perm));
}

#[test]
fn links_of_the_host_lead_nowhere_outside() {
    let (scratch, mut guest) = scene();
    let inside = scratch.path().join("in");
    symlink("../out", inside.join("to-out")).unwrap();
    symlink("../out/secret", inside.join("to-secret")).unwrap();
    symlink(scratch.path().join("out/secret"), inside.join("absolute")).unwrap();
    symlink("/", inside.join("to-root")).unwrap();
    symlink("../../out", inside.join("dir/up")).unwrap();
    symlink("dir/up", inside.join("chain")).unwrap();
    for path in [
        "to-secret",
        "to-out/secret",
        "absolute",
        "to-root/etc/passwd",
        "dir/up/secret",
        "chain/secret",
        "dir/nested/../up/secret",
        "to-out/",
        "to-out/.",
    ] {
        assert_eq!(guest.open(ROOT, path, 0), Err(Errno::Perm), "{path}");
        assert!(guest.open(ROOT, path, CREAT).is_err(), "{path}");
        assert_eq!(
            guest.path_stat(ROOT, FOLLOW, path).err(),
            Some(Errno::Perm),
            "{path}"
        );
    }
    assert_eq!(guest.unlink(ROOT, "to-out/secret"), Err(Errno::Perm));
    assert_eq!(guest.create_directory(ROOT, "chain/new"), Err(Errno::Perm));
    assert_eq!(
        guest.rename(ROOT, "dir", ROOT, "to-out/new"),
        Err(Errno::Perm)
    );
    assert_eq!(
        guest.link(ROOT, 0, "to-out/secret", ROOT, "new"),
        Err(Errno::Perm)
    );
    assert_eq!(guest.symlink("x", ROOT, "to-out/new"), Err(Errno::Perm));
    // What an absolute link says would tell of the host.
    assert_eq!(guest.readlink(ROOT, "absolute", 100), Err(Errno::Perm));
    assert_eq!(guest.readlink(ROOT, "to-out", 100).unwrap(), b"../out");
    // The link itself is inside.
    assert_eq!(guest.path_stat(ROOT, 0, "to-out").unwrap().filetype, 7);
    guest.unlink(ROOT, "to-out").unwrap();
    assert!(scratch.path().join("out/secret").exists());
}

#[test]
fn links_inside_are_followed() {
    let (_scratch, mut guest) = scene();
    guest.symlink("dir/nested", ROOT, "short").unwrap();
    guest
        .symlink("../short/./file", ROOT, "dir/around")
        .unwrap();
    guest.symlink("nested/../around", ROOT, "dir/more").unwrap();
    for path in ["short/file", "dir/around", "dir/more", "short/../around"] {
        let fd = guest.open(ROOT, path, 0).unwrap();
        assert_eq!(guest.read(fd, 10).unwrap(), b"inside", "{path}");
        guest.close(fd).unwrap();
    }
    // Without following, a link as the last name is not opened.
    let open =
        |guest: &mut Guest, path, oflags| guest.open_with(ROOT, 0, path, oflags, (FILE, 0), 0);
    assert_eq!(open(&mut guest, "dir/around", 0), Err(Errno::Loop));
    let read = FILE & !support::WRITE;
    let directory = guest.open_with(ROOT, 0, "short", DIRECTORY, (read, 0), 0);
    assert!(
        matches!(directory, Err(Errno::Loop | Errno::Notdir)),
        "{directory:?}"
    );
    // With a slash it says that it is a directory, and so is followed.
    assert!(
        guest
            .open_with(ROOT, 0, "short/", DIRECTORY, (read, 0), 0)
            .is_ok()
    );
    assert_eq!(guest.path_stat(ROOT, 0, "short").unwrap().filetype, 7);
    assert_eq!(guest.path_stat(ROOT, 0, "short/").unwrap().filetype, 3);
    assert_eq!(guest.path_stat(ROOT, FOLLOW, "short").unwrap().filetype, 3);
    assert_eq!(guest.open(ROOT, "dir/around/", 0), Err(Errno::Notdir));
}

#[test]
fn links_in_a_circle_end() {
    let (_scratch, mut guest) = scene();
    guest.symlink("self", ROOT, "self").unwrap();
    guest.symlink("pong", ROOT, "ping").unwrap();
    guest.symlink("ping", ROOT, "pong").unwrap();
    guest.symlink("deep/x", ROOT, "deep").unwrap();
    for path in ["self", "ping", "self/file", "ping/../pong", "deep"] {
        assert_eq!(guest.open(ROOT, path, 0), Err(Errno::Loop), "{path}");
        assert_eq!(
            guest.path_stat(ROOT, FOLLOW, path).err(),
            Some(Errno::Loop),
            "{path}"
        );
    }
    assert_eq!(
        guest.open_with(ROOT, 0, "self", 0, (FILE, 0), 0),
        Err(Errno::Loop)
    );
    // 32 links in a row are followed, 33 are not.
    guest.symlink("dir/nested/file", ROOT, "l0").unwrap();
    for number in 1..=32 {
        guest
            .symlink(&format!("l{}", number - 1), ROOT, &format!("l{number}"))
            .unwrap();
    }
    assert!(guest.open(ROOT, "l31", 0).is_ok());
    assert_eq!(guest.open(ROOT, "l32", 0), Err(Errno::Loop));
}

#[test]
fn a_dangling_link_creates_its_target() {
    let (scratch, mut guest) = scene();
    guest.symlink("dir/new", ROOT, "link").unwrap();
    assert_eq!(guest.open(ROOT, "link", 0), Err(Errno::Noent));
    assert_eq!(guest.open(ROOT, "link", CREAT | EXCL), Err(Errno::Exist));
    guest.open(ROOT, "link", CREAT).unwrap();
    assert!(scratch.path().join("in/dir/new").exists());
    // But not outside.
    guest.symlink("../new", ROOT, "bad").unwrap();
    assert_eq!(guest.open(ROOT, "bad", CREAT), Err(Errno::Perm));
    assert!(!scratch.path().join("new").exists());
}

#[test]
fn an_absolute_link_cannot_be_made() {
    let (_scratch, mut guest) = scene();
    assert_eq!(guest.symlink("/", ROOT, "link"), Err(Errno::Perm));
    assert_eq!(guest.symlink("/etc/passwd", ROOT, "link"), Err(Errno::Perm));
    assert_eq!(guest.symlink("", ROOT, "link"), Err(Errno::Noent));
}

#[test]
fn odd_paths_have_their_errors() {
    let (_scratch, mut guest) = scene();
    assert_eq!(guest.open(ROOT, "", 0), Err(Errno::Noent));
    assert_eq!(guest.open(ROOT, "dir/nested/file\0", 0), Err(Errno::Inval));
    assert_eq!(
        guest.open(ROOT, &"a/".repeat(3000), 0),
        Err(Errno::Nametoolong)
    );
    assert_eq!(
        guest.open(ROOT, &"a".repeat(300), CREAT),
        Err(Errno::Nametoolong)
    );
    assert_eq!(guest.open(ROOT, "dir/nested/file/", 0), Err(Errno::Notdir));
    assert_eq!(
        guest.open(ROOT, "dir/nested/file///", 0),
        Err(Errno::Notdir)
    );
    assert_eq!(guest.open(ROOT, "dir/nested/file/x", 0), Err(Errno::Notdir));
    assert_eq!(
        guest.open(ROOT, "dir/nested/file/..", 0),
        Err(Errno::Notdir)
    );
    assert_eq!(guest.open(ROOT, "dir/nothing/..", 0), Err(Errno::Noent));
    assert_eq!(guest.open(ROOT, "new/", CREAT), Err(Errno::Isdir));
    assert!(guest.open_directory(ROOT, "dir/nested///").is_ok());
    assert!(guest.open_directory(ROOT, ".").is_ok());
    assert!(guest.open_directory(ROOT, "dir/..").is_ok());
    // A path that is no UTF-8.
    guest.put(0x1000, b"dir\xff");
    let stat = guest.call(|context, memory| {
        use thimble_wasi::GuestPtr;
        context.path_filestat_get(
            memory,
            ROOT,
            0,
            GuestPtr::new(0x1000),
            4,
            GuestPtr::new(0x80),
        )
    });
    assert_eq!(support::errno(stat), Err(Errno::Ilseq));
}

#[test]
fn a_path_that_goes_up_and_down_for_ever_is_given_up() {
    let (_scratch, mut guest) = scene();
    let mut deep = String::new();
    for _ in 0..60 {
        deep += "d/";
        guest.create_directory(ROOT, &deep).unwrap();
    }
    let up_and_down = |times| deep.clone() + &"../d/".repeat(times);
    assert!(guest.open_directory(ROOT, &up_and_down(50)).is_ok());
    assert_eq!(
        guest.open_directory(ROOT, &up_and_down(400)),
        Err(Errno::Nametoolong)
    );
}

#[test]
fn two_programs_see_only_their_own_files() {
    let scratch = Scratch::new();
    let make = |name: &str| {
        let path = scratch.path().join(name);
        fs::create_dir(&path).unwrap();
        fs::write(path.join("name"), name).unwrap();
        let builder = WasiContext::builder(support::host());
        Guest::new(
            builder
                .directory(path.to_str().unwrap(), "/")
                .unwrap()
                .build()
                .unwrap(),
        )
    };
    let (mut one, mut two) = (make("one"), make("two"));
    let fd_one = one.open(ROOT, "name", 0).unwrap();
    let fd_two = two.open(ROOT, "name", 0).unwrap();
    assert_eq!(one.read(fd_one, 10).unwrap(), b"one");
    assert_eq!(two.read(fd_two, 10).unwrap(), b"two");
    one.open(ROOT, "only-one", CREAT).unwrap();
    assert_eq!(two.open(ROOT, "only-one", 0), Err(Errno::Noent));
    assert_eq!(two.open(ROOT, "../one/name", 0), Err(Errno::Perm));
    one.close(fd_one).unwrap();
    assert_eq!(two.tell(fd_two), Ok(3));
    // A program without directories has none.
    let mut none = Guest::new(WasiContext::builder(support::host()).build().unwrap());
    assert_eq!(none.open(ROOT, "name", 0), Err(Errno::Badf));
    assert_eq!(
        none.open_with(0, 0, "name", 0, (ALL, 0), 0),
        Err(Errno::Notdir)
    );
}
