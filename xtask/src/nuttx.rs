//! Tests on NuttX, in the trees that `NUTTX_DIR` and `NUTTX_APPS_DIR` name: the simulator and emulated boards.

mod build;
mod console;
mod module;
mod tests;
mod uart;

use std::path::PathBuf;

use crate::Result;
use crate::ci::Done;
use build::Trees;
use console::Console;
use uart::{Place, Uart};

pub const ARGUMENTS: &str = "[TARGET...]";

/// A target: a configuration of NuttX, changed by `nuttx-app/boards/FRAGMENT.config`.
struct Target {
    name: &'static str,
    configuration: &'static str,
    fragment: &'static str,
    /// Options that are changed besides.
    options: &'static str,
    /// What runs the firmware; empty where it is a program itself.
    emulator: &'static str,
    /// What the emulator is told besides the firmware.
    machine: &'static [&'static str],
    /// The largest memory of a program, by which the specification suite is packed; 0 where it is not run.
    memory: u32,
    /// The UART of the console, where its driver can leave a character in it.
    uart: Option<Place>,
    kind: Kind,
}

/// What a target has, and so what is tested there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Everything.
    Whole,
    /// No file systems: programs are those of the firmware, in 64 KB of RAM.
    Small,
    /// The command as a loadable module, in a file system.
    Module,
}

const TARGETS: &[Target] = &[
    Target {
        name: "sim",
        configuration: "sim:nsh",
        fragment: "sim",
        options: "",
        emulator: "",
        machine: &[],
        memory: 0,
        uart: None,
        kind: Kind::Whole,
    },
    Target {
        name: "mps2-an500",
        configuration: "mps2-an500:nsh",
        fragment: "mps2-an500",
        // The stock configuration counts milliseconds by interrupts, of which it misses all but one whenever
        // the emulator has to wait: on a busy computer, a second takes half a minute.
        options: "CONFIG_USEC_PER_TICK=10000\n",
        emulator: "qemu-system-arm",
        machine: &["-M", "mps2-an500"],
        memory: 3_670_016,
        uart: Some(Place {
            registers: 0x4000_4000,
            interrupt: 0,
        }),
        kind: Kind::Whole,
    },
    rv_virt("rv-virt", "rv-virt:nsh", "qemu-system-riscv32", ""),
    // With doubles in registers (ilp32d).
    rv_virt(
        "rv-virt-fpu",
        "rv-virt:nsh",
        "qemu-system-riscv32",
        "CONFIG_ARCH_FPU=y\nCONFIG_ARCH_DPFPU=y\n",
    ),
    rv_virt("rv-virt64", "rv-virt:nsh64", "qemu-system-riscv64", ""),
    qemu_armv7a("qemu-armv7a", 3_670_016, Kind::Whole),
    qemu_armv7a("qemu-armv7a-module", 0, Kind::Module),
    Target {
        name: "lm3s6965-ek",
        configuration: "lm3s6965-ek:nsh",
        fragment: "lm3s6965-ek",
        options: "",
        emulator: "qemu-system-arm",
        machine: &["-M", "lm3s6965evb"],
        memory: 0,
        uart: None,
        kind: Kind::Small,
    },
];

/// A configuration of the board rv-virt.
const fn rv_virt(
    name: &'static str,
    configuration: &'static str,
    emulator: &'static str,
    options: &'static str,
) -> Target {
    Target {
        name,
        configuration,
        fragment: "rv-virt",
        options,
        emulator,
        machine: &["-M", "virt,aclint=on", "-bios", "none"],
        memory: 3_670_016,
        uart: None,
        kind: Kind::Whole,
    }
}

/// A configuration of the board qemu-armv7a.
const fn qemu_armv7a(name: &'static str, memory: u32, kind: Kind) -> Target {
    Target {
        name,
        configuration: "qemu-armv7a:nsh",
        fragment: "qemu-armv7a",
        // What there is: the suite takes 3 MB.
        options: "CONFIG_FLASH_SIZE=8388608\n",
        emulator: "qemu-system-arm",
        machine: &[
            "-M",
            "virt,virtualization=off,gic-version=2",
            "-cpu",
            "cortex-a7",
            // By default there would be a network card, which some packages of QEMU lack a file for.
            "-nic",
            "none",
        ],
        memory,
        uart: None,
        kind,
    }
}

/// The trees, if the environment names them.
fn trees() -> Result<Option<Trees>> {
    let Some(nuttx) = std::env::var_os("NUTTX_DIR") else {
        return Ok(None);
    };
    let nuttx = PathBuf::from(nuttx);
    let apps =
        std::env::var_os("NUTTX_APPS_DIR").map_or_else(|| nuttx.join("../apps"), PathBuf::from);
    for (variable, file) in [
        ("NUTTX_DIR", nuttx.join("Kconfig")),
        ("NUTTX_APPS_DIR", apps.join("interpreters/Makefile")),
    ] {
        if !file.exists() {
            return Err(format!("{variable}: there is no {}", file.display()));
        }
    }
    Ok(Some(Trees { nuttx, apps }))
}

/// What to do where there are no trees.
const NO_TREES: &str =
    "NUTTX_DIR names no tree of NuttX (and NUTTX_APPS_DIR none of its applications)";

/// Runs all tests on the targets that are named, or on all.
pub fn run(names: &[String]) -> Result<()> {
    let trees = trees()?.ok_or(NO_TREES)?;
    if let Some(name) = names
        .iter()
        .find(|name| TARGETS.iter().all(|target| target.name != name.as_str()))
    {
        let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        return Err(format!("no target {name}; there are: {}", known.join(", ")));
    }
    let wanted =
        |target: &&Target| names.is_empty() || names.iter().any(|name| name == target.name);
    for target in TARGETS.iter().filter(wanted) {
        test(&trees, target).map_err(|error| format!("{}: {error}", target.name))?;
    }
    Ok(())
}

/// All of it, as a step of the CI.
pub fn all() -> Result<Done> {
    if trees()?.is_none() {
        println!("NuttX is not tested: {NO_TREES}");
        return Ok(Done::NotRun);
    }
    run(&[]).map(|()| Done::Passed)
}

fn test(trees: &Trees, target: &Target) -> Result<()> {
    let firmware = build::build(trees, target)?;
    println!("{}", target.name);
    let socket = firmware.with_extension("uart");
    let uart = target.uart.map(|place| Uart::new(place, &socket));
    let mut console = Console::start(target.emulator, target.machine, &firmware, uart)?;
    let result = match target.kind {
        Kind::Whole => tests::run(&mut console, target.memory > 0),
        Kind::Small => tests::run_small(&mut console),
        Kind::Module => module::run(&mut console),
    };
    if result.is_err() {
        console.show();
    }
    if let Some(missing) = console.missing_interrupts() {
        println!("  the UART's interrupt was missing {missing} times");
    }
    result
}
