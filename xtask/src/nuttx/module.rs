//! What is tested of the command as a loadable module, which is in the file system of the guest programs.

use super::console::Console;
use super::tests::{Test, compiled, exit_statuses, files, same, timed, used};
use crate::Result;

/// How often the command is loaded in a row.
const RUNS: u32 = 100;

/// Runs all tests.
pub fn run(console: &mut Console) -> Result<()> {
    console.command("mkdir /ram")?;
    console.command("mount -t tmpfs /ram")?;
    console.command("thimble_test_files")?;
    console.expect("ls /guests", "thimble")?;
    let tests: [(&str, Test); 5] = [
        ("guests", guests),
        ("exit statuses", exit_statuses),
        ("modules are translated to files", compiled),
        ("commands are apart", apart),
        ("loaded and run in a row", in_a_row),
    ];
    for (name, test) in tests {
        timed(name, || test(console))?;
    }
    Ok(())
}

fn guests(console: &mut Console) -> Result<()> {
    files(console)?;
    for (command, wanted) in [
        (
            "/guests/thimble /guests/small/hello.wasm",
            "Hello from WebAssembly!",
        ),
        // Another command finds what this one has installed.
        ("thimble install /guests/small/hello.wasm", "nsh> "),
        ("thimble run hello", "Hello from WebAssembly!"),
        ("thimble remove hello", "nsh> "),
        ("thimble run hello", "hello: no such program"),
    ] {
        console.expect(command, wanted)?;
    }
    Ok(())
}

/// A command sees nothing of what another one runs, which a signal stops.
fn apart(console: &mut Console) -> Result<()> {
    let before = used(console)?;
    console.command("thimble /guests/small/spin.wasm &")?;
    console.command("sleep 1")?;
    let list = console.expect("thimble ps", "ID STATE")?;
    if list.contains("spin.wasm") {
        return Err(format!("a command sees the program of another one: {list}"));
    }
    // The shell itself says 0 for the number of a task that comes from a file.
    let tasks = console.command("ps")?;
    let task: u32 = tasks
        .lines()
        .find(|row| row.contains("thimble /guests/small/spin.wasm"))
        .and_then(|row| row.split_whitespace().next()?.parse().ok())
        .ok_or(format!("the command is not in {tasks}"))?;
    let loaded = used(console)?;
    console.command(&format!("kill -15 {task}"))?;
    console.command("sleep 1")?;
    let tasks = console.command("ps")?;
    if tasks.contains("spin.wasm") {
        return Err(format!("the program was not stopped: {tasks}"));
    }
    println!("  {} bytes of the heap while it ran", loaded - before);
    same(before, used(console)?)
}

/// Each time, the command is loaded to the heap, and gives back all that it had.
fn in_a_row(console: &mut Console) -> Result<()> {
    let run = "thimble /guests/small/hello.wasm";
    let before = used(console)?;
    for _ in 0..RUNS {
        console.expect(run, "Hello from WebAssembly!")?;
    }
    same(before, used(console)?)
}
