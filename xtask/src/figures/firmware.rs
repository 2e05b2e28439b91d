//! Measures firmware of `boards/bare`.

use std::fs;
use std::path::{Path, PathBuf};

use super::flash::size;
use super::handlers;
use crate::Result;
use crate::process::target_directory;
use crate::qemu::{Firmware, Machine, Outcome, file, image, length};
use crate::workloads::{mean, workloads};

/// The whole: modules are validated and translated.
const WHOLE: Firmware = Firmware {
    binary: "workload",
    features: "translate,verify,fast-numerics",
};
/// Executes images that it trusts.
const IMAGES: Firmware = Firmware {
    binary: "workload",
    features: "",
};
const PROGRAM: Firmware = Firmware {
    binary: "program",
    features: "translate,verify,wasi",
};

/// The least that runs a module, and an image: for sizes.
const LEAST_WHOLE: Firmware = Firmware {
    binary: "least",
    features: "translate,verify,fast-numerics,quiet",
};
const LEAST_IMAGES: Firmware = Firmware {
    binary: "least",
    features: "quiet",
};

/// Starts and ends.
const EMPTY: Firmware = Firmware {
    binary: "empty",
    features: "quiet",
};

/// A module without anything in it.
const SMALLEST: &[u8] = b"\0asm\x01\0\0\0";

/// All figures of a machine, each with its name.
pub fn measure(machine: &Machine) -> Result<Vec<(String, f64)>> {
    let mut figures = Vec::new();
    let mut add = |name: &str, value: f64| figures.push((name.to_owned(), value));
    let whole = machine.build(WHOLE)?;
    let images = machine.build(IMAGES)?;
    let program = machine.build(PROGRAM)?;
    let empty = size(&machine.build(EMPTY)?)?.flash as f64;
    add("flash.empty", empty);
    for (name, firmware) in [
        (
            "whole",
            &least(machine, LEAST_WHOLE, |module| Ok(module.to_owned()))?,
        ),
        ("images", &least(machine, LEAST_IMAGES, image)?),
        ("program", &program),
    ] {
        let size = size(firmware)?;
        add(&format!("flash.{name}"), size.flash as f64);
        add(&format!("flash.net.{name}"), size.flash as f64 - empty);
        add(&format!("static.{name}"), size.ram as f64);
        for (part, bytes) in size.parts {
            add(&format!("flash.{name}.{part}"), bytes as f64);
        }
    }

    for (name, length) in handlers::measure(&whole)? {
        add(&name, length);
    }

    let mut ratios = Vec::new();
    for workload in workloads()? {
        let module = workload.module()?;
        let kilobytes = kilobytes(&module)?;
        let kinds = [
            ("module", &whole, module.clone()),
            ("image", &images, image(&module)?),
        ];
        for (kind, firmware, content) in kinds {
            let words = [kind, &length(&content)?, "run", &workload.argument];
            let outcome = run(machine, firmware, &content, &words)?;
            if outcome.number::<String>("result")? != workload.result {
                return Err(format!("{}: {outcome:?}", workload.program));
            }
            let name = format!("{}.{}", workload.program, kind);
            let memory = outcome.number::<f64>("memory")?;
            add(
                &format!("{name}.heap"),
                outcome.number::<f64>("heap_peak")? - memory,
            );
            // A memory is zeroed, a word at a time at best; that depends on its size only.
            add(
                &format!("{name}.load_per_kilobyte"),
                (outcome.number::<f64>("load_instructions")? / kilobytes).round(),
            );
            add(&format!("{name}.load_stack"), outcome.number("load_stack")?);
            add(&format!("{name}.run_stack"), outcome.number("run_stack")?);
            if kind == "module" {
                let ratio = outcome.number::<f64>("instructions")? / f64::from(workload.operators);
                add(&format!("{}.instructions", workload.program), ratio);
                ratios.push((workload.program.clone(), ratio));
            }
        }
    }
    add("mean.instructions", mean(&ratios)?);

    let smallest = target_directory()?.join("bare/smallest.wasm");
    fs::write(&smallest, SMALLEST).map_err(|error| error.to_string())?;
    let words = ["module", &length(&smallest)?, "-"];
    let outcome = run(machine, &whole, &smallest, &words)?;
    add("smallest.heap", outcome.number("heap_peak")?);

    for guest in ["hello-freestanding", "hello-c"] {
        let module = file(&format!("guests/wasm/{guest}.wasm"))?;
        let words = ["once", &length(&module)?, guest];
        let outcome = run(machine, &program, &module, &words)?;
        // Each of them has one page.
        add(
            &format!("{guest}.load_heap"),
            outcome.number::<f64>("load_heap_peak")? - 65_536.0,
        );
    }
    for guest in ["hello-c", "cat-c"] {
        let module = file(&format!("guests/wasm/{guest}.wasm"))?;
        let kilobytes = kilobytes(&module)?;
        for (kind, mode, content) in [
            ("module", "load", module.clone()),
            ("image", "trust", image(&module)?),
        ] {
            let words = [mode, &length(&content)?, guest];
            let outcome = run(machine, &program, &content, &words)?;
            let instructions = outcome.number::<f64>("load_instructions")?;
            add(
                &format!("{guest}.{kind}.load_per_kilobyte"),
                (instructions / kilobytes).round(),
            );
            add(
                &format!("{guest}.{kind}.load_stack"),
                outcome.number("stack")?,
            );
        }
    }
    Ok(figures)
}

/// The size of a module in units of 1,024 bytes.
fn kilobytes(module: &Path) -> Result<f64> {
    let metadata = fs::metadata(module).map_err(|error| error.to_string())?;
    Ok(metadata.len() as f64 / 1024.0)
}

/// Builds the least firmware, and sees that it runs the workloads.
fn least(
    machine: &Machine,
    firmware: Firmware,
    guest: impl Fn(&Path) -> Result<PathBuf>,
) -> Result<PathBuf> {
    let firmware = machine.build(firmware)?;
    let content = target_directory()?.join("bare/least.guest");
    for workload in workloads()? {
        let argument: i32 = parsed(&workload.argument)?;
        let expected: i32 = parsed(&workload.result)?;
        let guest = guest(&workload.module()?)?;
        let guest = fs::read(&guest).map_err(|error| format!("{}: {error}", guest.display()))?;
        let length = u32::try_from(guest.len()).map_err(|error| error.to_string())?;
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend(argument.to_le_bytes());
        bytes.extend(guest);
        fs::write(&content, bytes).map_err(|error| error.to_string())?;
        let outcome = machine.run(&firmware, &content, &[], &file("/dev/null")?, false)?;
        if outcome.status != Some(expected & 0xff) {
            return Err(format!("{}: {outcome:?}", workload.program));
        }
    }
    Ok(firmware)
}

fn parsed(number: &str) -> Result<i32> {
    number.parse().map_err(|error| format!("{number}: {error}"))
}

fn run(machine: &Machine, firmware: &Path, content: &Path, words: &[&str]) -> Result<Outcome> {
    let outcome = machine.run(firmware, content, words, &file("/dev/null")?, true)?;
    if outcome.status == Some(0) && outcome.number::<u64>("left")? == 0 {
        Ok(outcome)
    } else {
        Err(format!("{}: {words:?}: {outcome:?}", machine.name))
    }
}
