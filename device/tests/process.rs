//! Programs that run to their end, and what is said of those that cannot.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may run out of memory"
)]

mod process_support;

use std::io::{Read, Write};
use std::sync::atomic::Ordering;
use std::time::Duration;

use process_support::image::trusted;
use process_support::{
    Bench, CONSOLE, GREETING, LONG, SETTINGS, Scratch, TestDevice, guest, host, request,
    request_with,
};
use thimble_device::storage::FileStorage;
use thimble_device::{
    Content, Ending, ProcessError, ProcessId, Request, Settings, StartError, State,
};

const DONE: Ending = Ending::Exited(0);

#[test]
fn a_program_of_the_firmware_runs_as_module_and_as_image() {
    let image = Content::Image(trusted(guest!("hello")));
    let bench = Bench::device().with("hello-image", image).begin();
    for name in ["hello", "hello-image"] {
        assert_eq!(
            bench.run(request(&[name])),
            (DONE, GREETING.into()),
            "{name}"
        );
    }
}

#[test]
fn a_program_in_a_file_runs_as_module_and_as_image() {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let image = trusted(guest!("hello")).as_bytes();
    let module = scratch.write("hello.wasm", guest!("hello"));
    let plain = scratch.write("hello.thm", image);
    let signed = scratch.write("signed.thm", &[image, b"a signature"].concat());
    for file in [&module, &plain, &signed] {
        assert_eq!(
            bench.run(request(&[file])),
            (DONE, GREETING.into()),
            "{file}"
        );
    }
}

#[test]
fn the_exit_status_comes_back() {
    let bench = Bench::new();
    for (status, ending) in [("0", 0), ("1", 1), ("42", 42)] {
        let (ended, text) = bench.run(request(&["exit", status]));
        assert_eq!((ended, text.as_str()), (Ending::Exited(ending), ""));
    }
}

#[test]
fn output_and_error_go_to_their_streams_and_input_comes_from_its() {
    let (host, mut person) = host();
    let bench = TestDevice::new(host, SETTINGS).begin();
    let id = bench.start(request_with(&["cat", "-", "missing"], |request| {
        request.streams(CONSOLE)
    }));
    person.input.write_all(b"typed").unwrap();
    drop(person.input);
    assert_eq!(bench.wait(id), Ending::Exited(1));
    let mut output = [0; 5];
    person.output.read_exact(&mut output).unwrap();
    assert_eq!(&output, b"typed");
    let mut error = [0; 12];
    person.error.read_exact(&mut error).unwrap();
    assert_eq!(&error, b"cat: missing");
    assert_eq!(bench.device.closed.load(Ordering::Relaxed), 1);
}

#[test]
fn without_a_stream_the_input_is_at_its_end() {
    let bench = Bench::new();
    assert_eq!(bench.run(request(&["cat"])), (DONE, String::new()));
}

/// Prints its arguments or its environment, whichever its one import gives.
fn printer(sizes: &str, get: &str) -> String {
    format!(
        r#"(module
            (import "wasi_snapshot_preview1" "{sizes}" (func $sizes (param i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "{get}" (func $get (param i32 i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_write"
                (func $write (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "_start")
                (drop (call $sizes (i32.const 0) (i32.const 12)))
                (drop (call $get (i32.const 64) (i32.const 1024)))
                (i32.store (i32.const 8) (i32.const 1024))
                (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))"#
    )
}

#[test]
fn arguments_and_environment_arrive() {
    let arguments = printer("args_sizes_get", "args_get");
    let environment = printer("environ_sizes_get", "environ_get");
    let scratch = Scratch::new();
    let module = thimble_tests_memory::modules::binary(&arguments);
    let file = scratch.write("arguments.wasm", &module);
    let bench = Bench::device()
        .with_text("arguments", &arguments)
        .with_text("environment", &environment)
        .begin();
    let expected = "arguments\0one\0\0two words\0";
    let (_, text) = bench.run(request(&["arguments", "one", "", "two words"]));
    assert_eq!(text, expected);
    // The way to a file is nothing for the program.
    let (_, text) = bench.run(request(&[&file, "one"]));
    assert_eq!(text, "arguments.wasm\0one\0");
    let request = request_with(&["environment"], |request| {
        for (name, value) in [("A", "1"), ("EMPTY", ""), ("EQUATION", "a=b")] {
            request.variable(name, value).unwrap();
        }
    });
    let (_, text) = bench.run(request);
    assert_eq!(text, "A=1\0EMPTY=\0EQUATION=a=b\0");
}

#[test]
fn two_programs_have_directories_of_their_own() {
    let (bench, one, two) = (Bench::new(), Scratch::new(), Scratch::new());
    one.write("file", b"one's");
    two.write("file", b"two's");
    let cat = |scratch: &Scratch| {
        request_with(&["cat", "/data/file", "-"], |request| {
            request.streams(CONSOLE);
            request.directory(scratch.path(), "/data").unwrap();
        })
    };
    let ids = [&one, &two].map(|scratch| bench.start(cat(scratch)));
    for (id, text) in ids.into_iter().zip(["one's", "two's"]) {
        assert_eq!(bench.wait(id), DONE);
        assert_eq!(bench.log(id), text);
    }
    // Nothing else can be reached.
    let escape = request_with(&["cat", "/data/../../etc/passwd"], |request| {
        request.directory(one.path(), "/data").unwrap();
    });
    let (ending, text) = bench.run(escape);
    assert_eq!(ending, Ending::Exited(1));
    assert!(text.starts_with("cat: /data/../../etc/passwd: "), "{text}");
}

#[test]
fn what_is_not_there_is_said() {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let refused = bench.processes.start(request(&["nothing"]));
    assert_eq!(refused, Err(StartError::NotFound));
    assert_eq!(
        bench.processes.start(Request::new()),
        Err(StartError::NotFound)
    );
    let file = format!("{}/missing.wasm", scratch.path());
    let (ending, text) = bench.run(request(&[&file]));
    assert_eq!(ending, Ending::Failed);
    assert!(text.starts_with(&format!("{file}: not found")), "{text}");
    let file = format!("{}/missing/missing.wasm", scratch.path());
    let (_, text) = bench.run(request(&[&file]));
    assert!(text.starts_with(&format!("{file}: not found")), "{text}");
    let directory = format!("{}/missing", scratch.path());
    let (ending, text) = bench.run(request_with(&["cat"], |request| {
        request.directory(&directory, "/").unwrap()
    }));
    assert_eq!(ending, Ending::Failed);
    assert!(
        text.starts_with(&format!("cat: {directory}: not found")),
        "{text}"
    );
}

#[test]
fn a_damaged_file_is_refused_with_what_is_wrong_where() {
    let (bench, scratch) = (Bench::new(), Scratch::new());
    let module = guest!("hello");
    let image = trusted(module).as_bytes();
    let mut version = image.to_vec();
    version[4] += 1;
    let mut content = image.to_vec();
    *content.last_mut().unwrap() ^= 1;
    let cases: [(&str, &[u8], &str); 7] = [
        (
            "empty",
            b"",
            "not a module that can run: at offset 0x0: unexpected end",
        ),
        (
            "text",
            b"#!/bin/sh\n",
            "not a module that can run: at offset 0x0: magic header not detected",
        ),
        (
            "cut",
            &module[..1000],
            "not a module that can run: at offset 0x",
        ),
        (
            "version",
            &version,
            "the image has format version 4, this runtime reads version 3",
        ),
        (
            "content",
            &content,
            "the image's content is damaged (checksum)",
        ),
        (
            "short",
            &image[..30],
            "the image is truncated: 64 bytes were expected",
        ),
        (
            "half",
            &image[..2000],
            &format!(
                "the image is truncated: {} bytes were expected",
                image.len()
            ),
        ),
    ];
    for (name, bytes, reason) in cases {
        let file = scratch.write(name, bytes);
        let (ending, text) = bench.run(request(&[&file]));
        assert_eq!(ending, Ending::Failed, "{name}");
        assert!(
            text.starts_with(&format!("{file}: {reason}")),
            "{name}: {text}"
        );
        assert_eq!(text.lines().count(), 1, "{name}: {text}");
    }
    let (ending, text) = bench.run(request(&[&format!("{}/", scratch.path())]));
    assert_eq!(ending, Ending::Failed);
    assert!(text.starts_with(scratch.path()), "{text}");
}

#[test]
fn a_trap_is_explained_with_the_functions_that_were_executed() {
    let bench = Bench::new();
    let (ending, text) = bench.run(request(&["trap", "unreachable"]));
    assert_eq!(ending, Ending::Failed);
    let start = "trap: unreachable\n  in trap_unreachable\n";
    assert!(text.starts_with(start), "{text}");
    let (_, text) = bench.run(request(&["trap", "divide"]));
    assert!(
        text.starts_with("trap: integer divide by zero\n  in "),
        "{text}"
    );
    let (_, text) = bench.run(request(&["recurse"]));
    assert!(text.contains("trap: call stack exhausted\n  in "), "{text}");
    assert_eq!(
        text.matches("  in ").count(),
        SETTINGS.backtrace_frames as usize
    );
}

#[test]
fn a_module_that_cannot_be_a_program_is_refused_by_name() {
    let import = |ty| {
        format!(
            r#"(module (import "wasi_snapshot_preview1" "fd_close" (func {ty}))
            (func (export "_start")))"#
        )
    };
    let bench = Bench::device()
        .with_text(
            "unknown",
            r#"(module (import "env" "led\n" (func)) (func (export "_start")))"#,
        )
        .with_text("other", &import("(param f32)"))
        .with_text("library", r#"(module (func (export "add")))"#)
        .with_text("large", r#"(module (memory 65) (func (export "_start")))"#)
        .with_text(
            "starts",
            r#"(module (start 0) (func unreachable) (func (export "_start")))"#,
        )
        .begin();
    for (name, message) in [
        ("unknown", "unknown: there is no import env led\\n\n"),
        (
            "other",
            "other: there is no import of its type: wasi_snapshot_preview1 fd_close\n",
        ),
        ("library", "library: there is no function `_start` to run\n"),
        (
            "large",
            "large: it needs 4259840 bytes of memory, the limit is 4194304 bytes\n",
        ),
        ("starts", "trap: unreachable\n  in function 0\n"),
    ] {
        assert_eq!(
            bench.run(request(&[name])),
            (Ending::Failed, message.into())
        );
    }
}

#[test]
fn a_request_may_lower_the_limit_of_memory() {
    let bench = Bench::device()
        .with_text("pages", r#"(module (memory 3) (func (export "_start")))"#)
        .begin();
    assert_eq!(
        bench
            .run(request_with(&["pages"], |request| request.memory(3 << 16)))
            .0,
        DONE
    );
    assert_eq!(
        bench
            .run(request_with(&["pages"], |request| request.memory(u64::MAX)))
            .0,
        DONE
    );
    assert_eq!(
        bench
            .run(request_with(&["pages"], |request| request.memory(2 << 16)))
            .0,
        Ending::Failed
    );
}

#[test]
fn the_log_of_a_program_stays_after_its_end() {
    let settings = Settings {
        log: 100,
        ..SETTINGS
    };
    let (host, _person) = host();
    let bench = TestDevice::new(host, settings).begin();
    let scratch = Scratch::new();
    let text: String = (0..100).map(|number| format!("{number:03}\n")).collect();
    scratch.write("text", text.as_bytes());
    let id = bench.start(request_with(&["cat", "/text"], |request| {
        request.directory(scratch.path(), "/").unwrap()
    }));
    bench.await_state(id, State::Ended(DONE));
    assert_eq!(bench.log(id), text[300..]);
    assert_eq!(bench.wait(id), DONE);
    assert_eq!(bench.log(id), text[300..]);
}

#[test]
fn without_a_log_programs_run_all_the_same() {
    let settings = Settings { log: 0, ..SETTINGS };
    let (host, mut person) = host();
    let bench = TestDevice::new(host, settings).begin();
    assert_eq!(bench.run(request(&["hello"])), (DONE, String::new()));
    let mut output = [0; GREETING.len()];
    person.output.read_exact(&mut output).unwrap();
    assert_eq!(output, GREETING.as_bytes());
}

#[test]
fn as_many_programs_run_as_there_are_places() {
    let bench = Bench::new();
    let spinning: Vec<_> = (0..4).map(|_| bench.start(request(&["spin"]))).collect();
    let numbers: Vec<_> = spinning.iter().map(|id| id.number()).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let refused = bench
        .processes
        .start(request_with(&["hello"], |request| request.streams(CONSOLE)));
    assert_eq!(refused, Err(StartError::TooMany));
    // What was given with the request is given back too.
    assert_eq!(bench.device.closed.load(Ordering::Relaxed), 1);
    bench.processes.stop(spinning[1]).unwrap();
    assert_eq!(bench.wait(spinning[1]), Ending::Stopped);
    // Its place is free, and not its number.
    let id = bench.start(request(&["hello"]));
    assert_eq!(id.number(), 5);
    assert_eq!(bench.wait(id), DONE);
    // Of who was there before, nothing is left.
    assert_eq!(
        bench.processes.wait(spinning[1], None),
        Err(ProcessError::NotFound)
    );
    assert_eq!(
        bench.processes.log(spinning[1], &mut |_| ()),
        Err(ProcessError::NotFound)
    );
    for id in [spinning[0], spinning[2], spinning[3]] {
        bench.processes.stop(id).unwrap();
        assert_eq!(bench.wait(id), Ending::Stopped);
    }
}

#[test]
fn what_is_known_is_listed() {
    let bench = Bench::new();
    let done = bench.start(request(&["exit", "3"]));
    bench.wait(done);
    let runs = bench.start(request(&["spin"]));
    bench.await_state(runs, State::Running);
    let mut seen = Vec::new();
    let list = &mut |status: &thimble_device::Status<'_>| {
        seen.push((status.id, status.name.to_owned(), status.state));
        let runs = status.state == State::Running;
        assert_eq!(status.usage.stack_size.is_some(), runs);
        assert_eq!(status.memory > 0, runs);
        assert_eq!(status.stack > 0, runs);
        assert!(status.age > 0);
        // The table may be used meanwhile.
        assert_eq!(
            bench.processes.wait(status.id, Some(0)).unwrap().is_none(),
            runs
        );
    };
    bench.until(|| {
        let mut stack = 0;
        bench
            .processes
            .list(&mut |status| stack += status.stack)
            .unwrap();
        stack > 0
    });
    bench.processes.list(list).unwrap();
    let ended = State::Ended(Ending::Exited(3));
    assert_eq!(
        seen,
        [
            (done, "exit".into(), ended),
            (runs, "spin".into(), State::Running)
        ]
    );
    bench.processes.stop(runs).unwrap();
    bench.wait(runs);
}

#[test]
fn what_does_not_run_cannot_be_waited_for_or_stopped() {
    let bench = Bench::new();
    let unknown = ProcessId::from_number(7);
    assert_eq!(
        bench.processes.wait(unknown, None),
        Err(ProcessError::NotFound)
    );
    assert_eq!(bench.processes.stop(unknown), Err(ProcessError::NotFound));
    assert_eq!(
        bench.processes.log(unknown, &mut |_| ()),
        Err(ProcessError::NotFound)
    );
    assert_eq!(
        bench.processes.wait(ProcessId::from_number(0), None),
        Err(ProcessError::NotFound)
    );
    let id = bench.start(request(&["hello"]));
    assert_eq!(bench.wait(id), DONE);
    assert_eq!(bench.processes.stop(id), Err(ProcessError::NotFound));
}

#[test]
fn requests_are_checked() {
    let settings = Settings {
        priorities: Some((5, 10)),
        ..SETTINGS
    };
    let bench = TestDevice::new(Bench::device().platform, settings).begin();
    for priority in [4, 11, -5] {
        let refused = bench.processes.start(request_with(&["hello"], |request| {
            request.priority(priority)
        }));
        assert_eq!(refused, Err(StartError::Priority));
    }
    let many = request_with(&["hello"], |request| {
        for _ in 0..3 {
            request.directory("/", "/").unwrap();
        }
    });
    assert_eq!(
        bench.processes.start(many),
        Err(StartError::TooManyDirectories)
    );
    let mut request = Request::new();
    for refused in [
        request.program("a\0"),
        request.argument("\0"),
        request.variable("", "value"),
        request.variable("a=b", "value"),
        request.directory("/", "\0"),
        request.listener("localhost"),
    ] {
        assert_eq!(refused, Err(StartError::Text));
    }
}

#[test]
fn who_watches_a_program_is_told_its_end_however_late() {
    let settings = Settings {
        processes: 2,
        ..SETTINGS
    };
    let bench = TestDevice::new(Bench::device().platform, settings).begin();
    let watched = bench.processes.start_watched(request(&["exit", "3"]));
    let watched = watched.unwrap();
    bench.await_state(watched.id(), State::Ended(Ending::Exited(3)));
    // The other place is used again and again.
    for _ in 0..3 {
        assert_eq!(bench.run(request(&["hello"])).0, DONE);
    }
    let again = bench.processes.watch(watched.id()).unwrap();
    for watch in [watched, again] {
        assert_eq!(watch.wait(Some(0)), Ok(Some(Ending::Exited(3))));
    }
}

#[test]
fn a_program_starts_when_nobody_watches_one_that_has_ended() {
    let settings = Settings {
        processes: 1,
        ..SETTINGS
    };
    let bench = TestDevice::new(Bench::device().platform, settings).begin();
    let watch = bench.processes.start_watched(request(&["exit", "3"]));
    let watch = watch.unwrap();
    bench.await_state(watch.id(), State::Ended(Ending::Exited(3)));
    assert_eq!(watch.wait(Some(LONG)), Ok(Some(Ending::Exited(3))));
    // Not as long as it is watched; this waits for some time.
    assert_eq!(
        bench.processes.start(request(&["hello"])),
        Err(StartError::TooMany)
    );
    let started = std::thread::scope(|scope| {
        let starter = scope.spawn(|| bench.processes.start(request(&["hello"])));
        std::thread::sleep(Duration::from_millis(50));
        drop(watch);
        starter.join().unwrap()
    });
    assert_eq!(bench.wait(started.unwrap()), DONE);
}

#[test]
fn many_threads_start_and_wait_at_once() {
    let settings = Settings {
        processes: 3,
        ..SETTINGS
    };
    let bench = TestDevice::new(Bench::device().platform, settings).begin();
    let (ran, refused) = std::thread::scope(|scope| {
        let runner = |_| {
            scope.spawn(|| {
                let (mut ran, mut refused) = (0, 0);
                while ran < 25 {
                    match bench
                        .processes
                        .start_watched(request_with(&["exit", "9"], |request| {
                            request.streams(CONSOLE)
                        })) {
                        Ok(watch) => {
                            let ended = watch.wait(Some(LONG));
                            assert_eq!(ended, Ok(Some(Ending::Exited(9))));
                            ran += 1;
                        }
                        Err(StartError::TooMany) => {
                            refused += 1;
                            std::thread::yield_now();
                        }
                        Err(error) => panic!("{error:?}"),
                    }
                }
                (ran, refused)
            })
        };
        let runners: Vec<_> = (0..4).map(runner).collect();
        let counts = runners.into_iter().map(|runner| runner.join().unwrap());
        counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1))
    });
    assert_eq!(ran, 100);
    let closed = bench.device.closed.load(Ordering::Relaxed);
    assert_eq!(closed, ran + refused);
}

#[test]
fn a_program_is_described() {
    let bench = Bench::new();
    let (ending, text) = bench.run(request_with(&["hello"], |request| request.describe()));
    assert_eq!(ending, DONE);
    for part in [
        "image: ",
        "memory: 65536 bytes\n",
        "import: wasi_snapshot_preview1 fd_write\n",
        "export: _start, function\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains(GREETING));
}

#[test]
fn programs_are_installed_and_run() {
    let scratch = Scratch::new();
    let mut device = Bench::device();
    let path: &'static str = format!("{}/store", scratch.path()).leak();
    let storage = FileStorage::new(device.platform, path, 512).unwrap();
    device.storage = Some(Box::leak(Box::new(storage)));
    let bench = device.begin();
    let file = scratch.write("hello.wasm", guest!("hello"));
    let damaged = scratch.write("damaged.wasm", &guest!("hello")[..3000]);
    for (program, name) in [(file.as_str(), "greet"), ("exit", "leave")] {
        let installed = bench.run(request_with(&[program], |request| {
            request.install(name).unwrap()
        }));
        assert_eq!(installed, (DONE, String::new()));
    }
    assert_eq!(bench.run(request(&["greet"])), (DONE, GREETING.into()));
    assert_eq!(bench.run(request(&["leave", "5"])).0, Ending::Exited(5));
    for (program, name, reason) in [
        (damaged.as_str(), "damaged", "at offset 0x"),
        ("/missing/file", "missing", "not found"),
        ("greet", "again", "no such file, nor part of the firmware"),
        ("hello", "a name", "not a name of a program"),
    ] {
        let (ending, text) = bench.run(request_with(&[program], |request| {
            request.install(name).unwrap()
        }));
        assert_eq!(ending, Ending::Failed);
        assert!(text.starts_with(&format!("{program}: {reason}")), "{text}");
    }
    let (ending, text) = bench.run(request(&["damaged"]));
    assert_eq!(
        (ending, text.as_str()),
        (Ending::Failed, "damaged: no such program\n")
    );
}
