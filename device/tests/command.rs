//! The command of a shell: what it is called, and translating to files.

// Runs on a developer's machine; a check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic
)]

mod process_support;
mod storage_support;

use std::fs;

use process_support::image::trusted;
use process_support::{Bench, CONSOLE, GREETING, SETTINGS, Scratch, TestDevice, guest, request};
use storage_support::files::Medium;
use storage_support::nor::Effect;
use thimble_device::command::{self, Session};
use thimble_device::{Content, Processes, Settings, State, Streams};
use thimble_platform::Error;

/// A shell whose text is kept.
struct Shell(String);

impl Session for Shell {
    fn write(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn open_streams(&mut self, _: bool) -> Result<Streams, Error> {
        Ok(CONSOLE)
    }

    fn interrupted(&mut self) -> bool {
        false
    }
}

/// Does a command; returns its status, and what it and its program wrote.
fn line(bench: &Bench, words: &[&str]) -> (i32, String) {
    let last = || {
        let mut last = None;
        let listed = bench
            .processes
            .list(&mut |status| last = Some(status.id).max(last));
        listed.unwrap();
        last
    };
    let before = last();
    let mut shell = Shell(String::new());
    let status = command::execute(bench.processes, &mut shell, words);
    if let Some(id) = last().filter(|id| Some(*id) != before) {
        shell.0.push_str(&bench.log(id));
    }
    (status, shell.0)
}

/// Does a command that must say nothing.
fn done(bench: &Bench, words: &[&str]) {
    assert_eq!(line(bench, words), (0, String::new()), "{words:?}");
}

/// The files of a directory, in order.
fn names(scratch: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(scratch.path()).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn image(module: &[u8]) -> &'static [u8] {
    trusted(module).as_bytes()
}

#[test]
fn a_module_is_translated_to_a_file_that_runs() {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let module = scratch.write("hello.wasm", guest!("hello"));
    let path = |name: &str| format!("{}/{name}", scratch.path());
    done(&bench, &["compile", &module]);
    done(&bench, &["compile", &module, "-o", &path("other")]);
    done(&bench, &["compile", "-o", &path("a.b.thm"), "hello"]);
    assert_eq!(
        names(&scratch),
        ["a.b.thm", "hello.thm", "hello.wasm", "other"]
    );
    for name in ["a.b.thm", "hello.thm", "other"] {
        assert_eq!(fs::read(path(name)).unwrap(), image(guest!("hello")));
        assert_eq!(line(&bench, &["run", &path(name)]), (0, GREETING.into()));
    }
    // Again, and by another one.
    done(&bench, &["compile", &module]);
    done(&bench, &["compile", "exit", "-o", &path("hello.thm")]);
    assert_eq!(fs::read(path("hello.thm")).unwrap(), image(guest!("exit")));
    assert_eq!(names(&scratch).len(), 4);
}

#[test]
fn what_cannot_be_translated_leaves_what_was_there() {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let cut = scratch.write("cut.wasm", &guest!("hello")[..1000]);
    let text = scratch.write("text.wasm", b"no module");
    let image = scratch.write("image.wasm", image(guest!("hello")));
    let out = scratch.write("out.thm", b"before");
    let before = names(&scratch);
    let missing = format!("{}/missing.wasm", scratch.path());
    for (program, reason) in [
        (cut.as_str(), "not a module that can run"),
        (&text, "not a module that can run"),
        (&image, "not a module that can run"),
        (&missing, "missing.wasm: "),
        (scratch.path(), ": "),
    ] {
        let (status, said) = line(&bench, &["compile", program, "-o", &out]);
        assert_eq!(status, 1, "{program}");
        assert!(
            said.starts_with(program) && said.contains(reason),
            "{program}: {said}"
        );
        assert_eq!(names(&scratch), before, "{program}");
        assert_eq!(fs::read(&out).unwrap(), b"before", "{program}");
    }
}

#[test]
fn an_image_needs_a_place() {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let directory = scratch.path();
    let nowhere = format!("{directory}/missing/out.thm");
    let (status, said) = line(&bench, &["compile", "hello", "-o", &nowhere]);
    assert_eq!(status, 1);
    assert!(said.contains(&format!("\nhello: {nowhere}: ")), "{said}");
    // There is a directory of that name.
    fs::create_dir(format!("{directory}/out.thm")).unwrap();
    let (status, said) = line(&bench, &["compile", "hello", "-o", &nowhere[..0]]);
    assert!(
        status == 1 && said.contains("usage: wasm compile"),
        "{said}"
    );
    let taken = format!("{directory}/out.thm");
    let (status, said) = line(&bench, &["compile", "hello", "-o", &taken]);
    assert_eq!(status, 1);
    assert!(said.contains(&format!("\nhello: {taken}: ")), "{said}");
    assert_eq!(names(&scratch), ["out.thm"]);
    // A file that nobody but its owner knows is in the way of the one to be written.
    let new = scratch.write("mine.new", b"precious");
    let mine = format!("{directory}/mine.thm");
    let (status, said) = line(&bench, &["compile", "hello", "-o", &mine]);
    assert!(status == 1 && said.contains("mine.new: "), "{said}");
    assert_eq!(fs::read(new).unwrap(), b"precious");
    assert_eq!(names(&scratch), ["mine.new", "out.thm"]);
}

#[test]
fn words_that_make_no_sense_are_refused() {
    let bench = Bench::new();
    for words in [
        &["compile"][..],
        &["compile", "-o", "/tmp/out.thm"],
        &["compile", "/tmp/a.wasm", "-o"],
        &["compile", "/tmp/a.wasm", "/tmp/b.thm"],
        &["compile", "-x", "/tmp/a.wasm"],
        // Where should the image go?
        &["compile", "hello"],
        // Onto itself, or onto what is written before.
        &["compile", "/tmp/a.thm"],
        &["compile", "/tmp/a", "-o", "/tmp/a"],
        &["compile", "/tmp/a", "-o", "/tmp/a.new"],
        &["compile", "/tmp/a", "-o", "/tmp/"],
        &["compile", "/tmp/a", "-o", ""],
    ] {
        let (status, said) = line(&bench, words);
        assert_eq!(status, 1, "{words:?}");
        assert!(
            said.ends_with("usage: wasm compile FILE [-o IMAGE]\n"),
            "{words:?}: {said}"
        );
    }
}

#[test]
fn after_a_cut_there_is_the_old_or_the_new_image() {
    let module = guest!("hello-freestanding");
    let (old, new) = (image(guest!("hello")), image(module));
    for two_steps in [false, true] {
        let mut cuts = 0;
        for effect in [Effect::None, Effect::Half, Effect::All] {
            for number in 0.. {
                let (scratch, medium) = (Scratch::new(), Medium::new(two_steps));
                let bench = TestDevice::new(medium, SETTINGS)
                    .with("new", Content::Module(module))
                    .begin();
                let file = scratch.write("a.thm", old);
                let words = ["compile", "new", "-o", &file];
                medium.cut_at(number, effect);
                let (status, said) = line(&bench, &words);
                let was_cut = medium.restart();
                let what = format!("{effect:?} at {number}, {two_steps}: {said}");
                match fs::read(&file) {
                    Ok(found) => assert!(found == old || found == new, "{what}"),
                    // It was replaced in two steps, and the second did not come.
                    Err(_) => {
                        assert!(two_steps, "{what}");
                        let spare = format!("{}/a.new", scratch.path());
                        assert_eq!(fs::read(spare).unwrap(), new, "{what}");
                    }
                }
                if !was_cut {
                    assert_eq!((status, said), (0, String::new()));
                    assert_eq!(names(&scratch), ["a.thm"]);
                    break;
                }
                cuts += 1;
                // What it has left is in nobody's way.
                done(&bench, &words);
                assert_eq!(fs::read(&file).unwrap(), new, "{what}");
                assert_eq!(names(&scratch), ["a.thm"], "{what}");
            }
        }
        // Opening, pieces, the header, synchronising, renaming.
        assert!(cuts >= 3 * 6, "{cuts}");
    }
}

#[test]
fn messages_say_what_the_command_is_called() {
    let settings = Settings {
        command: "thimble",
        ..SETTINGS
    };
    let (host, _person) = process_support::host();
    let bench = TestDevice::new(host, settings).begin();
    let said = |words: &[&str]| line(&bench, words).1;
    let help = said(&["help"]);
    assert_eq!(help, said(&[]));
    assert!(help.lines().all(|line| line.starts_with("thimble ")));
    assert!(help.lines().all(|line| line.trim_end() == line));
    assert!(help.contains("\nthimble compile FILE [-o IMAGE]\n"));
    assert_eq!(
        said(&["nothing"]),
        format!("thimble: no command nothing\n{help}")
    );
    for (words, expected) in [
        (&["kill"][..], "usage: thimble kill ID\n"),
        (
            &["ps", "all"],
            "thimble ps: all is wrong\nusage: thimble ps\n",
        ),
        (
            &["kill", "x"],
            "thimble kill: x is wrong\nusage: thimble kill ID\n",
        ),
        (
            &["kill", "99"],
            "99: no such program runs; `thimble ps` shows those that do\n",
        ),
        (
            &["run", "nothing"],
            "nothing: no such program; `thimble list` shows those there are\n",
        ),
        (
            &["run", "a\0"],
            "thimble: an option is not what it should be\n",
        ),
    ] {
        let found = said(words);
        assert!(found.starts_with(expected), "{words:?}: {found}");
    }
    let mut shell = Shell(String::new());
    let bench: &'static Processes = Bench::new().processes;
    command::execute(bench, &mut shell, &["kill"]);
    assert_eq!(shell.0, "usage: wasm kill ID\n");
}

#[test]
fn completion_knows_the_numbers_of_programs() {
    let bench = Bench::new();
    bench.run(request(&["exit", "3"]));
    let spinning = bench.start(request(&["spin"]));
    bench.await_state(spinning, State::Running);
    let numbers = |ended| {
        let number = |index| command::program_number(bench.processes, index, ended);
        (0..).map_while(number).collect::<Vec<_>>()
    };
    assert_eq!((numbers(false), numbers(true)), (vec![2], vec![1, 2]));
    bench.processes.stop(spinning).unwrap();
    bench.wait(spinning);
    assert_eq!((numbers(false), numbers(true)), (vec![], vec![1, 2]));
}
