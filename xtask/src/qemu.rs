//! Tests the runtime without an operating system, on emulated microcontrollers: `boards/bare`.

mod bad;
mod guests;
mod machine;

use std::path::{Path, PathBuf};
use std::{fs, iter};

use crate::Result;
use crate::process::{self, cargo, target_directory};
use crate::workloads::workloads;
use machine::MACHINES;
pub use machine::{Firmware, Machine, Outcome, file, find};

pub const ARGUMENTS: &str = "[--quick] [MACHINE...]";

const WORKLOAD: Firmware = Firmware {
    binary: "workload",
    features: "translate,verify,fast-numerics",
};
const SPECIFICATION: Firmware = Firmware {
    binary: "specification",
    features: "specification,fast-numerics",
};

/// Cells of a stack in the specification suite: as `tests/spec` has them.
const STACK_CELLS: u32 = 64 << 10;

/// Runs all tests on the machines that are named, or on all; with `--quick`, all but the specification suite.
pub fn run(arguments: &[String]) -> Result<()> {
    let (options, names): (Vec<_>, Vec<_>) = arguments
        .iter()
        .partition(|argument| *argument == "--quick");
    let machines: Vec<&Machine> = if names.is_empty() {
        MACHINES.iter().collect()
    } else {
        names.iter().map(|name| find(name)).collect::<Result<_>>()?
    };
    process::run(cargo()?.args([
        "build",
        "--quiet",
        "--locked",
        "--package",
        "thimble-compile",
    ]))?;
    let mut rows = Vec::new();
    for machine in machines {
        println!("{} ({})", machine.name, machine.processor);
        rows.push([
            machine.name.to_owned(),
            run_workloads(machine)?,
            guests::run(machine)?,
            if options.is_empty() {
                run_specification(machine)?
            } else {
                "not run".into()
            },
        ]);
    }
    println!();
    let head = ["machine", "workloads", "guests", "specification"].map(str::to_owned);
    for [machine, workloads, guests, specification] in iter::once(&head).chain(&rows) {
        println!("{machine:<12}{workloads:>12}{guests:>10}  {specification}");
    }
    Ok(())
}

/// The image that the host makes of a module, with `thimble-compile`, which must have been built.
pub fn image(module: &Path) -> Result<PathBuf> {
    let directory = target_directory()?.join("bare/images");
    fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
    let name = module.file_stem().ok_or("a module without a name")?;
    let image = directory.join(name).with_extension("thm");
    let compiler = target_directory()?.join("debug/thimble-compile");
    let mut compile = process::command(compiler);
    process::output(compile.arg(module).arg(&image))?;
    Ok(image)
}

/// How many bytes a file has.
pub fn length(path: &Path) -> Result<String> {
    let length = fs::metadata(path)
        .map_err(|error| format!("{}: {error}", path.display()))?
        .len();
    Ok(length.to_string())
}

/// Calls each of `bench/workloads` and compares what it returns: as a module that is translated there, and as an
/// image that is executed where it lies.
fn run_workloads(machine: &Machine) -> Result<String> {
    let firmware = machine.build(WORKLOAD)?;
    let mut runs = 0;
    for workload in workloads()? {
        let module = workload.module()?;
        let image = image(&module)?;
        for (kind, content) in [("module", &module), ("image", &image)] {
            let length = length(content)?;
            let words = [kind, &length, "run", &workload.argument];
            let outcome = machine.run(&firmware, content, &words, &file("/dev/null")?, false)?;
            let what = format!("{}: {} as a {kind}", machine.name, workload.program);
            if outcome.status != Some(0)
                || outcome.number::<String>("result")? != workload.result
                || outcome.number::<u64>("left")? != 0
            {
                return Err(format!("{what}: {outcome:?}"));
            }
            runs += 1;
        }
    }
    Ok(format!("{runs} passed"))
}

/// Runs the specification suite, with modules as they are translated and through images.
fn run_specification(machine: &Machine) -> Result<String> {
    let firmware = machine.build(SPECIFICATION)?;
    let (memory, stack_cells) = (machine.memory.to_string(), STACK_CELLS.to_string());
    let pack = target_directory()?.join(format!("bare/specification-{memory}.pack"));
    process::run(
        cargo()?
            .args([
                "run",
                "--quiet",
                "--locked",
                "--package",
                "thimble-tests-spec",
            ])
            .args(["--bin", "pack-specification", "--", "--memory", &memory])
            .args(["--stack-cells", &stack_cells, "--output"])
            .arg(&pack),
    )?;
    let length = length(&pack)?;
    let mut assertions = 0;
    for images in [None, Some("images")] {
        let words: Vec<&str> = [&length, &memory, &stack_cells]
            .map(String::as_str)
            .into_iter()
            .chain(images)
            .collect();
        let outcome = machine.run(&firmware, &pack, &words, &file("/dev/null")?, false)?;
        if outcome.status != Some(0) {
            return Err(format!("{}: {}", machine.name, outcome.output));
        }
        assertions = outcome.number("passed")?;
    }
    Ok(format!("{assertions} assertions passed, twice"))
}
