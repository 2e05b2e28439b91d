//! Runs the tests and samples of the Zephyr module on emulated boards, with Zephyr's twister.
//!
//! Twister takes one toolchain at a time; boards need several. So it is run once for each toolchain that is
//! found, and the results come in one table.

#[cfg(test)]
mod costs;
mod footprint;
mod manifest;
mod messages;
mod options;
mod prebuilt;
mod report;
mod results;
mod toolchain;
mod workspace;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::available_parallelism;
use std::time::Instant;

use crate::Result;
use crate::ci::{Done, is_automatic};
use crate::process::{self, root, target_directory};
use options::Options;
use report::Instance;
use toolchain::{Architecture, Toolchain};
use workspace::Workspace;

/// What `cargo xtask twister` can be told.
pub const ARGUMENTS: &str = "[--wide] [--quick] [--footprint] [--results] [-- TWISTER-OPTION...]";

struct Board {
    name: &'static str,
    architecture: Architecture,
}

/// The boards that every change is tried on.
const SET: &[Board] = &[
    Board {
        name: "native_sim/native/64",
        architecture: Architecture::Native,
    },
    Board {
        name: "qemu_cortex_m3",
        architecture: Architecture::Arm,
    },
    Board {
        name: "mps2/an385",
        architecture: Architecture::Arm,
    },
    Board {
        name: "mps3/an547",
        architecture: Architecture::Arm,
    },
    Board {
        name: "qemu_riscv32",
        architecture: Architecture::RiscV32,
    },
];

/// What `--wide` adds.
const WIDER: &[Board] = &[
    Board {
        name: "mps2/an521/cpu0",
        architecture: Architecture::Arm,
    },
    Board {
        name: "qemu_riscv64",
        architecture: Architecture::RiscV64,
    },
    Board {
        name: "qemu_cortex_a53",
        architecture: Architecture::Arm64,
    },
];

pub fn run(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let workspace = workspace::find()?.ok_or(workspace::ABSENT)?;
    in_workspace(&workspace, &options)
}

/// The CI's part: of the set, what the tests name as their integration platforms, without the footprints.
/// Says so where there is no workspace, which is no error.
pub fn quick() -> Result<Done> {
    let Some(workspace) = workspace::find()? else {
        println!("not run: {}", workspace::ABSENT);
        return Ok(Done::NotRun);
    };
    let options = Options {
        quick: true,
        ..Options::default()
    };
    if is_automatic() {
        let emulators = ["qemu-system-arm", "qemu-system-riscv32"];
        let (_, mut absent) = groups(&boards(&options)?);
        absent.extend(
            emulators
                .map(|name| Some((name, process::absent(name)?)))
                .into_iter()
                .flatten(),
        );
        if !absent.is_empty() {
            return Err(format!("the boards of the set need: {absent:?}"));
        }
    }
    in_workspace(&workspace, &options)?;
    Ok(Done::Passed)
}

/// Boards that one run of twister takes together.
struct Group {
    toolchain: Toolchain,
    boards: Vec<&'static str>,
}

fn in_workspace(workspace: &Workspace, options: &Options) -> Result<()> {
    println!("Zephyr: {}", workspace.zephyr.display());
    // Who asks for something of twister's wants only that.
    if !options.footprint && options.boards.is_empty() && options.twister.is_empty() {
        manifest::check(workspace)?;
        messages::check(workspace)?;
        prebuilt::check(workspace)?;
    }
    let (groups, absent) = groups(&boards(options)?);
    let output = target_directory()?.join("twister");
    let mut instances = Vec::new();
    let mut failed = Vec::new();
    for group in &groups {
        let directory = output.join(group.toolchain.name());
        let start = Instant::now();
        instances.extend(build_and_test(
            workspace,
            group,
            options,
            &directory,
            &mut failed,
        )?);
        let seconds = start.elapsed().as_secs();
        println!("{}: {seconds} s", group.boards.join(", "));
    }
    report::print(&instances);
    for board in groups.iter().flat_map(|group| &group.boards) {
        if !instances.iter().any(|instance| instance.board == *board) {
            println!("not run: {board}: none of the tests asked for is for it");
        }
    }
    for (board, reason) in &absent {
        println!("not run: {board}: {reason}");
    }
    if options.footprint || options.results {
        footprint::record(&instances)?;
    }
    if options.results {
        let all = !options.footprint && !options.quick && options.twister.is_empty();
        results::record(&instances, all)?;
    }
    if failed.is_empty() && instances.iter().all(Instance::good) {
        footprint::check(&instances)
    } else {
        failed.push(format!("the logs are in {}", output.display()));
        Err(failed.join("\n"))
    }
}

/// Runs twister to build everything, and again to test what it has built. Emulators are started by the build, which
/// asks cargo once more: were other firmware built at that time, it would wait for that until the test is over.
///
/// `failed` is told of runs that have not ended well.
fn build_and_test(
    workspace: &Workspace,
    group: &Group,
    options: &Options,
    directory: &Path,
    failed: &mut Vec<String>,
) -> Result<Vec<Instance>> {
    let report = report::path(directory);
    // None is to be left from the last time.
    if report.exists() {
        fs::remove_file(&report).map_err(|error| format!("{}: {error}", report.display()))?;
    }
    let mut build = twister(workspace, group, options, directory)?;
    failed.extend(process::run(build.arg("--build-only")).err());
    // Twister leaves none where it has found nothing to run.
    if !report.exists() {
        return Ok(Vec::new());
    }
    let built = report::read(directory)?;
    let given = |name: &str| options.twister.iter().any(|option| option == name);
    if options.footprint || given("--build-only") || given("-b") {
        return Ok(built);
    }
    // Twister would try to run what was not built, and end at that without a report.
    if !report::keep_built(directory)? {
        return Ok(built);
    }
    let mut test = twister(workspace, group, options, directory)?;
    failed.extend(process::run(test.arg("--test-only")).err());
    let tested = report::read(directory).unwrap_or_else(|error| {
        failed.push(error);
        Vec::new()
    });
    Ok(report::merge(built, &tested))
}

/// The boards that were asked for by name, else those of the set.
///
/// # Errors
/// Names one that no toolchain is known for.
fn boards(options: &Options) -> Result<Vec<&'static Board>> {
    let all = || SET.iter().chain(WIDER);
    if options.boards.is_empty() {
        return Ok(if options.wide {
            all().collect()
        } else {
            SET.iter().collect()
        });
    }
    let mut boards = Vec::new();
    for name in &options.boards {
        boards.push(all().find(|board| board.name == name).ok_or_else(|| {
            let known: Vec<&str> = all().map(|board| board.name).collect();
            format!(
                "no board {name} is known here, but {}; twister itself knows all of Zephyr's",
                known.join(", ")
            )
        })?);
    }
    Ok(boards)
}

/// The boards by toolchain, and those without one with the reason.
fn groups(boards: &[&Board]) -> (Vec<Group>, Vec<(&'static str, String)>) {
    let mut groups: Vec<Group> = Vec::new();
    let mut absent = Vec::new();
    for board in boards {
        let toolchain = match toolchain::find(board.architecture) {
            Ok(toolchain) => toolchain,
            Err(reason) => {
                absent.push((board.name, reason));
                continue;
            }
        };
        match groups.iter_mut().find(|group| group.toolchain == toolchain) {
            Some(group) => group.boards.push(board.name),
            None => groups.push(Group {
                toolchain,
                boards: vec![board.name],
            }),
        }
    }
    (groups, absent)
}

fn twister(
    workspace: &Workspace,
    group: &Group,
    options: &Options,
    directory: &Path,
) -> Result<Command> {
    let root = root()?;
    let mut twister = Command::new("python3");
    twister
        .current_dir(&root)
        .env("PATH", workspace.path()?)
        .env("ZEPHYR_BASE", &workspace.zephyr)
        .arg(workspace.zephyr.join("scripts/twister"))
        .args(["--inline-logs", "--clobber-output", "--force-toolchain"])
        .arg("--outdir")
        .arg(directory)
        // The builds share what they have in common of the Rust side, and the translator of modules. One cargo
        // waits for the other then, so one more build fills the time.
        .env("CARGO_BUILD_BUILD_DIR", cargo_directory()?)
        .arg("--jobs")
        .arg(jobs()?.to_string());
    let roots: &[&str] = if options.footprint {
        &["twister-tests/shell", "twister-tests/footprint"]
    } else {
        &["twister-tests", "samples"]
    };
    for tests in roots {
        twister.arg("--testsuite-root").arg(root.join(tests));
    }
    for board in &group.boards {
        twister.args(["--platform", board]);
    }
    if options.quick {
        twister.args(["--integration", "--exclude-tag", "footprint"]);
    } else {
        twister.arg("--enable-slow");
    }
    group.toolchain.apply(&mut twister);
    twister.args(&options.twister);
    Ok(twister)
}

/// How many builds and tests go on at once.
fn jobs() -> Result<usize> {
    let processors = available_parallelism().map_err(|error| error.to_string())?;
    Ok(processors.get() + 1)
}

fn cargo_directory() -> Result<PathBuf> {
    Ok(target_directory()?.join("zephyr-cargo"))
}

#[cfg(test)]
mod tests {
    use super::{Options, SET, WIDER, boards};

    fn names(arguments: &[&str]) -> Result<Vec<&'static str>, String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let boards = boards(&Options::parse(&arguments)?)?;
        Ok(boards.iter().map(|board| board.name).collect())
    }

    #[test]
    fn takes_the_set_unless_boards_are_named() {
        assert_eq!(names(&[]).unwrap().len(), SET.len());
        assert_eq!(names(&["--wide"]).unwrap().len(), SET.len() + WIDER.len());
        let named = ["--", "-p", "qemu_riscv64", "-p", "mps2/an385"];
        assert_eq!(names(&named).unwrap(), ["qemu_riscv64", "mps2/an385"]);
    }

    #[test]
    fn refuses_a_board_without_a_toolchain() {
        assert!(names(&["--", "-p", "qemu_x86"]).is_err());
    }
}
