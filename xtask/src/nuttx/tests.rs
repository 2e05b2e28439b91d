//! What is tested on each target, through its shell.

use std::time::{Duration, Instant};

use super::console::Console;
use crate::Result;

/// How often a program is run in a row.
const RUNS: u32 = 1000;
/// What the suites may take on an emulator of a busy machine.
const PATIENCE: Duration = Duration::from_secs(1800);

/// How long a program that should wait is looked at.
const LOOKING: Duration = Duration::from_secs(60);

/// Bytes of the heap that the task of a command has, which are lost with it.
const COMMAND: u64 = 512;

/// A prompt, that is: nothing is said of what goes well.
const PROMPT: &str = "nsh> ";

pub type Test = fn(&mut Console) -> Result<()>;

/// Runs all tests; the specification suite if it is part of the firmware.
pub fn run(console: &mut Console, specification: bool) -> Result<()> {
    // What boards mount by themselves may be small.
    console.command("mkdir /ram")?;
    console.command("mount -t tmpfs /ram")?;
    console.command("thimble_test_files")?;
    console.expect("ls /guests", "hello.wasm")?;
    let tests: [(&str, Test); 9] = [
        ("conformance", conformance),
        ("guests", guests),
        ("exit statuses", exit_statuses),
        ("the C API", c_api),
        ("modules are translated to files", compiled),
        ("programs are apart", apart),
        ("a blocked program is killed", killed),
        ("tasks that wait are ended from outside", deleted),
        ("runs in a row", in_a_row),
    ];
    for (name, test) in tests {
        timed(name, || test(console))?;
    }
    if specification {
        // The simulator delivers no signals to a task that is ready to run while another one computes.
        timed("tasks that compute are ended from outside", || {
            deleted_while_it_computes(console)
        })?;
        timed("specification", || self::specification(console))?;
    }
    Ok(())
}

/// Runs what there is room for in 64 KB of RAM: programs of the firmware.
pub fn run_small(console: &mut Console) -> Result<()> {
    let tests: [(&str, Test); 2] = [
        ("programs of the firmware", built_in),
        ("runs in a row", typed_in_a_row),
    ];
    for (name, test) in tests {
        timed(name, || test(console))?;
    }
    Ok(())
}

pub fn timed(name: &str, test: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    test().map_err(|error| format!("{name}: {error}"))?;
    println!("  {name}: passed, {} s", start.elapsed().as_secs());
    Ok(())
}

/// Runs a suite that says how it went at its end.
fn suite(console: &mut Console, command: &str, passed: &str) -> Result<()> {
    let output = console.command_within(command, PATIENCE)?;
    let failed = output.lines().filter(|line| line.contains("FAILED"));
    let failed: Vec<&str> = failed.collect();
    if !output.contains(passed) || !failed.is_empty() {
        return Err(format!("`{command}`: {}", failed.join("\n")));
    }
    for line in output.lines().filter(|line| line.contains("assertions")) {
        println!("  {line}");
    }
    Ok(())
}

fn conformance(console: &mut Console) -> Result<()> {
    suite(console, "thimble_conformance /ram", "conformance: 0 failed")
}

fn specification(console: &mut Console) -> Result<()> {
    suite(console, "thimble_specification", "specification: passed")
}

/// Programs that read and write files, the command being in the firmware or a module.
pub fn files(console: &mut Console) -> Result<()> {
    console.command("echo one two > /ram/text")?;
    for (command, wanted) in [
        ("thimble run /guests/hello.wasm", "Hello from WebAssembly!"),
        (
            "thimble run --dir /ram /guests/small/wc.wasm /ram/text",
            "1 2 8 /ram/text",
        ),
        (
            "thimble run --dir /ram /guests/copy.wasm /ram/text /ram/copy",
            "8 bytes copied",
        ),
        ("cat /ram/copy", "one two"),
        (
            "thimble --dir /guests /guests/json.wasm get c /guests/data.json",
            "\"x\"",
        ),
        // A program that never waits, until its time is over.
        (
            "thimble run --timeout 200ms /guests/small/spin.wasm",
            "its time was over",
        ),
    ] {
        console.expect(command, wanted)?;
    }
    ticks(console)
}

fn guests(console: &mut Console) -> Result<()> {
    files(console)?;
    for (command, wanted) in [
        (
            "thimble /guests/small/hello.wasm",
            "Hello from WebAssembly!",
        ),
        (
            "thimble run --dir /ram /guests/small/cat.wasm /ram/text",
            "one two",
        ),
        ("thimble run --dir /ram /guests/small/ls.wasm /ram", "text"),
        ("thimble run /guests/nothing.wasm", "nothing.wasm"),
    ] {
        console.expect(command, wanted)?;
    }
    console.command("thimble run --tcplisten 127.0.0.1:7077 /guests/small/echo-server.wasm 1 &")?;
    console.command("sleep 1")?;
    console.expect("thimble_test_echo 7077 through", "answer: through")?;
    console.command("sleep 1")?;
    console.expect("thimble ps", "done")?;
    Ok(())
}

/// A program waits twice for 20 ms: never less, and more where the emulator has to wait itself.
fn ticks(console: &mut Console) -> Result<()> {
    let said = console.command("thimble run /guests/clock.wasm 2 20")?;
    let time = said
        .split_once("tick 2: ")
        .and_then(|(_, rest)| rest.split_whitespace().next()?.parse::<u32>().ok());
    match time {
        Some(time) if time >= 40 => Ok(()),
        _ => Err(format!("the clock's ticks are not 20 ms apart: {said}")),
    }
}

/// What nsh is told of a program's end, of which it tells 0 from all else.
pub fn exit_statuses(console: &mut Console) -> Result<()> {
    for (command, status) in [
        ("thimble /guests/exit.wasm 0", 0),
        ("thimble /guests/exit.wasm 42", 1),
        ("thimble run /guests/exit.wasm 1", 1),
        ("thimble run /guests/exit.wasm 0", 0),
        ("thimble run /guests/nothing.wasm", 1),
        ("thimble list", 0),
        ("thimble nothing", 1),
        ("thimble run --fuel 100 /guests/small/spin.wasm", 1),
        ("thimble help", 0),
    ] {
        console.command(command)?;
        let answer = console.expect("echo status $?", &format!("status {status}"));
        answer.map_err(|error| format!("`{command}`: {error}"))?;
    }
    // The messages have the name of this command.
    console.expect("thimble kill", "usage: thimble kill ID")?;
    console.expect("thimble nothing", "thimble: no command nothing")?;
    Ok(())
}

/// Another application calls a guest by the C API.
fn c_api(console: &mut Console) -> Result<()> {
    let before = used(console)?;
    for (command, wanted) in [
        (
            "thimble_example /guests/sort.wasm 8 -7 42 0 3",
            "-7 0 3 8 42",
        ),
        ("echo status $?", "status 0"),
        (
            "thimble_example /guests/nothing.wasm 1",
            "/guests/nothing.wasm: not found",
        ),
        ("echo status $?", "status 1"),
        (
            "thimble_example /guests/small/hello.wasm 1",
            "fd_write: there is no such import",
        ),
    ] {
        console.expect(command, wanted)?;
    }
    same(before, used(console)?)
}

pub fn compiled(console: &mut Console) -> Result<()> {
    for (command, wanted) in [
        ("thimble compile /guests/json.wasm -o /ram/json.thm", PROMPT),
        (
            "thimble --dir /guests /ram/json.thm get c /guests/data.json",
            "\"x\"",
        ),
        // Again, in the place of the other.
        ("cat /guests/small/hello.wasm > /ram/json.wasm", PROMPT),
        ("thimble compile /ram/json.wasm", PROMPT),
        ("thimble /ram/json.thm", "Hello from WebAssembly!"),
        ("thimble compile /ram/json.thm -o /ram/none", "not a module"),
        ("thimble compile /guests/hello.wasm", "/guests/hello.thm: "),
        (
            "thimble compile /guests/hello.wasm -o /no/hello.thm",
            "/no/hello.thm: not found",
        ),
        ("thimble compile", "usage: thimble compile FILE [-o IMAGE]"),
    ] {
        let output = console.expect(command, wanted)?;
        if wanted == PROMPT && output.lines().count() > 2 {
            return Err(format!("`{command}`: {output}"));
        }
    }
    let list = console.expect("ls /ram", "json.thm")?;
    if list.contains(".new") || list.contains("none") {
        return Err(format!("something is left of a file: {list}"));
    }
    console.command("rm /ram/json.thm")?;
    console.command("rm /ram/json.wasm")?;
    Ok(())
}

/// The number of the program that was started last, by the shell.
fn last_program(console: &mut Console) -> Result<u32> {
    let list = console.command("thimble ps")?;
    let numbers = list
        .lines()
        .filter_map(|line| line.split_whitespace().next()?.parse().ok());
    numbers.max().ok_or(format!("no program in {list}"))
}

/// Two programs at once have directories of the same name, and each sees its own.
fn apart(console: &mut Console) -> Result<()> {
    for command in [
        "mkdir /ram/one",
        "mkdir /ram/two",
        "echo first > /ram/one/mine",
        "echo second > /ram/two/theirs",
        "thimble run --dir /ram/one::/data /guests/small/spin.wasm &",
    ] {
        console.command(command)?;
    }
    console.command("sleep 1")?;
    let number = last_program(console)?;
    let list = console.expect(
        "thimble run --dir /ram/two::/data /guests/small/ls.wasm /data",
        "theirs",
    )?;
    if list.contains("mine") {
        return Err("a program saw another one's directory".into());
    }
    console.expect(
        "thimble run --dir /ram/one::/data /guests/small/ls.wasm /data",
        "mine",
    )?;
    let outside = console
        .command("thimble run --dir /ram/two::/data /guests/small/cat.wasm /data/../one/mine")?;
    if outside.contains("first") {
        return Err("a program left its directory".into());
    }
    console.command(&format!("thimble kill {number}"))?;
    Ok(())
}

/// Bytes of the heap that are used.
pub fn used(console: &mut Console) -> Result<u64> {
    // The task that ended last gives its stack back a moment later.
    console.command("sleep 1")?;
    let table = console.command("free")?;
    let row = table.lines().find(|line| line.trim_end().ends_with("Umem"));
    row.and_then(|row| row.split_whitespace().nth(1)?.parse().ok())
        .ok_or(format!("no figures in {table}"))
}

/// The list of programs, once one of them was seen waiting: it looks every few milliseconds whether it was
/// stopped, which on a busy computer is most of its time.
fn waiting(console: &mut Console) -> Result<String> {
    let start = Instant::now();
    loop {
        let list = console.command("thimble ps")?;
        if list.contains("waiting") {
            return Ok(list);
        }
        if start.elapsed() > LOOKING {
            return Err(format!("it does not wait: {list}"));
        }
    }
}

fn killed(console: &mut Console) -> Result<()> {
    let before = used(console)?;
    console.command("thimble run --tcplisten 127.0.0.1:7079 /guests/small/echo-server.wasm &")?;
    console.command("sleep 1")?;
    let number = last_program(console)?;
    let list = waiting(console)?;
    let row = list
        .lines()
        .find(|line| line.split_whitespace().next() == Some(&number.to_string()));
    let stack = row.and_then(|row| row.split_whitespace().find_map(|word| word.split_once('/')));
    let (peak, size): (u32, u32) = stack
        .and_then(|(peak, size)| Some((peak.parse().ok()?, size.parse().ok()?)))
        .ok_or(format!("no stack in {list}"))?;
    if peak < 500 || peak > size {
        return Err(format!("{peak} of {size} bytes of stack"));
    }
    console.expect(&format!("thimble kill {number}"), PROMPT)?;
    console.expect("thimble ps", "stopped")?;
    same(before, used(console)?)
}

/// Somebody ends the task of a program that waits: it counts as ended, and what it had is there for others.
fn deleted(console: &mut Console) -> Result<()> {
    delete(console, "--dir /ram /guests/clock.wasm 9 100000")
}

/// Somebody ends the task of a program that computes.
fn deleted_while_it_computes(console: &mut Console) -> Result<()> {
    delete(console, "/guests/small/spin.wasm")
}

fn delete(console: &mut Console, program: &str) -> Result<()> {
    // More often than there are places for programs or directories.
    const ROUNDS: u64 = 10;
    let mut before = 0;
    for round in 0..ROUNDS {
        let said = console.command(&format!("thimble {program} &"))?;
        let task = said.split_once("thimble [").and_then(|(_, rest)| {
            let (number, _) = rest.split_once(':')?;
            number.parse::<u32>().ok()
        });
        let task = task.ok_or(format!("no number of a task in {said}"))?;
        console.command("sleep 1")?;
        let number = last_program(console)?;
        console.command(&format!("kill -9 {task}"))?;
        // It takes a turn of the task itself.
        console.command("sleep 1")?;
        let list = console.expect("thimble ps", "deleted")?;
        let row = list
            .lines()
            .find(|line| line.split_whitespace().next() == Some(&number.to_string()));
        if row.is_none_or(|row| !row.contains("deleted")) {
            return Err(format!("program {number} runs: {list}"));
        }
        if round == 0 {
            before = used(console)?;
        }
    }
    let lost = used(console)?.saturating_sub(before) / (ROUNDS - 1);
    println!("  {lost} bytes lost of each");
    if lost > COMMAND {
        return Err(format!("{lost} bytes are lost of each"));
    }
    Ok(())
}

/// By scripts of the shell, and without output, which takes less time than to type them.
fn in_a_row(console: &mut Console) -> Result<()> {
    let run = "thimble /guests/small/hello.wasm > /dev/null";
    for _ in 0..10 {
        console.command(&format!("echo \"{run}\" >> /ram/ten"))?;
    }
    for _ in 0..10 {
        console.command("cat /ram/ten >> /ram/hundred")?;
    }
    console.command("source /ram/hundred")?;
    let first = last_program(console)?;
    let before = used(console)?;
    for _ in 0..RUNS / 100 {
        console.command("source /ram/hundred")?;
    }
    let after = used(console)?;
    let runs = last_program(console)?.saturating_sub(first);
    if runs != RUNS {
        return Err(format!("{runs} of {RUNS} programs were started"));
    }
    same(before, after)
}

/// Programs of the firmware, which has no translator.
fn built_in(console: &mut Console) -> Result<()> {
    for (command, wanted) in [
        ("thimble list", "image in the firmware"),
        ("thimble run hello", "Hello from WebAssembly!"),
        ("echo status $?", "status 0"),
        ("thimble run --timeout 200ms spin", "its time was over"),
        ("echo status $?", "status 1"),
        ("thimble run --fuel 100 spin", "fuel"),
        (
            "thimble run --dir /data hello",
            "this firmware has no files",
        ),
        ("thimble info hello", "export: _start, function"),
        (
            "thimble run nothing",
            "`thimble list` shows those there are",
        ),
        ("thimble compile hello", "thimble: no command compile"),
        ("thimble install hello", "no place for programs"),
    ] {
        console.expect(command, wanted)?;
    }
    console.command("thimble run spin &")?;
    console.command("sleep 1")?;
    let number = last_program(console)?;
    console.expect("thimble run hello", "too many programs run")?;
    console.expect(&format!("thimble kill {number}"), PROMPT)?;
    console.expect("thimble ps", "stopped")?;
    Ok(())
}

fn typed_in_a_row(console: &mut Console) -> Result<()> {
    console.command("thimble run hello > /dev/null")?;
    let first = last_program(console)?;
    let before = allocated(console)?;
    for _ in 0..RUNS {
        console.command("thimble run hello > /dev/null")?;
    }
    let after = allocated(console)?;
    let runs = last_program(console)?.saturating_sub(first);
    if runs != RUNS {
        return Err(format!("{runs} of {RUNS} programs were started"));
    }
    same(before, after)
}

/// Bytes of the heap that are used, as the command itself says.
fn allocated(console: &mut Console) -> Result<u64> {
    console.command("sleep 1")?;
    let list = console.command("thimble ps")?;
    let line = list.lines().find_map(|line| line.strip_prefix("heap: "));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .ok_or(format!("no figures in {list}"))
}

pub fn same(before: u64, after: u64) -> Result<()> {
    if before == after {
        return Ok(());
    }
    Err(format!("{before} bytes were used before, {after} are now"))
}
