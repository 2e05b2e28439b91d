//! Records the flash and RAM that firmware takes, in `boards/footprints.csv`, and fails where it has become more.
//!
//! The figures are those that the linker prints at the end of a build; of firmware that is a process, for which it prints
//! none, the sizes of its sections.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::figures::Sections;
use crate::process::root;
use crate::twister::report::{Instance, Outcome};

/// In bytes. Where a board has no flash, the whole image is in RAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    pub flash: u64,
    pub ram: u64,
}

const COLUMNS: &str = "board,scenario,flash,ram";

/// By board and scenario.
type Table = BTreeMap<(String, String), Footprint>;

/// Bytes more than recorded that are no failure: other releases of the compilers differ by less.
pub const TOLERANCE: u64 = 1024;

/// What the boards are called whose firmware is a process.
const PROCESSES: &str = "native_sim";

/// The scenarios that are recorded: the sample's firmware, and the steps from a shell without Thimble to one with it.
const SCENARIOS: &[&str] = &["thimble.shell", "thimble.footprint."];

/// Writes the footprints of what was built of these scenarios; those of other boards stay.
pub fn record(instances: &[Instance]) -> Result<()> {
    let path = path()?;
    let mut table = recorded(&path)?;
    for (key, footprint) in measured(instances)? {
        if !SCENARIOS.iter().any(|start| key.1.starts_with(start)) {
            continue;
        }
        println!(
            "{:<20} {:<36} {:>9} {:>9}",
            key.0, key.1, footprint.flash, footprint.ram
        );
        table.insert(key, footprint);
    }
    fs::write(&path, text(&table)).map_err(|error| format!("{}: {error}", path.display()))
}

/// Compares what was built with what is recorded of it.
///
/// # Errors
/// Names what has become larger.
pub fn check(instances: &[Instance]) -> Result<()> {
    let larger = larger(&recorded(&path()?)?, &measured(instances)?);
    if larger.is_empty() {
        return Ok(());
    }
    Err(format!(
        "larger than in boards/footprints.csv (if they are to be: cargo xtask twister --footprint):\n{larger}"
    ))
}

/// A line for each footprint that is larger than its record.
fn larger(recorded: &Table, measured: &Table) -> String {
    let mut lines = String::new();
    for ((board, scenario), now) in measured {
        // The computer's own compiler makes them, which is another one elsewhere.
        if board.starts_with(PROCESSES) {
            continue;
        }
        let Some(before) = recorded.get(&(board.clone(), scenario.clone())) else {
            continue;
        };
        for (what, now, before) in [
            ("flash", now.flash, before.flash),
            ("RAM", now.ram, before.ram),
        ] {
            if now > before + TOLERANCE {
                lines += &format!("{board} {scenario}: {now} bytes of {what}, were {before}\n");
            }
        }
    }
    lines
}

fn path() -> Result<PathBuf> {
    Ok(root()?.join("boards/footprints.csv"))
}

fn recorded(path: &Path) -> Result<Table> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text).map_err(|error| format!("{}: {error}", path.display())),
        Err(_) => Ok(Table::new()),
    }
}

fn measured(instances: &[Instance]) -> Result<Table> {
    let mut table = Table::new();
    for instance in instances {
        if let Some(footprint) = of(instance)? {
            let key = (instance.board.clone(), instance.scenario.clone());
            table.insert(key, footprint);
        }
    }
    Ok(table)
}

/// What a test takes; nothing of what was not built.
pub fn of(instance: &Instance) -> Result<Option<Footprint>> {
    if !matches!(instance.outcome, Outcome::Passed | Outcome::Built) {
        return Ok(None);
    }
    let log = instance.directory.join("build.log");
    let log = fs::read_to_string(&log).map_err(|error| format!("{}: {error}", log.display()))?;
    match regions(&log)? {
        None => process(&instance.directory.join("zephyr/zephyr.exe")).map(Some),
        footprint => Ok(footprint),
    }
}

/// The sizes of a process's sections. Its stacks and what it allocates of the computer are not among them.
fn process(firmware: &Path) -> Result<Footprint> {
    let failed = |error: &dyn Display| format!("{}: {error}", firmware.display());
    let bytes = fs::read(firmware).map_err(|error| failed(&error))?;
    let object = object::File::parse(&*bytes).map_err(|error| failed(&error))?;
    let Sections { flash, ram, .. } = Sections::of(&object).map_err(|error| failed(&error))?;
    Ok(Footprint { flash, ram })
}

fn parse(text: &str) -> Result<Table> {
    let mut lines = text.lines();
    if lines.next() != Some(COLUMNS) {
        return Err("the first line does not name the columns".into());
    }
    lines
        .map(|line| {
            let columns: Vec<&str> = line.split(',').collect();
            let [board, scenario, flash, ram] = columns[..] else {
                return Err(format!("not four columns: {line}"));
            };
            let bytes = |text: &str| text.parse().map_err(|_| format!("not a size: {line}"));
            let footprint = Footprint {
                flash: bytes(flash)?,
                ram: bytes(ram)?,
            };
            Ok(((board.to_owned(), scenario.to_owned()), footprint))
        })
        .collect()
}

fn text(table: &Table) -> String {
    let mut text = format!("{COLUMNS}\n");
    for ((board, scenario), Footprint { flash, ram }) in table {
        text += &format!("{board},{scenario},{flash},{ram}\n");
    }
    text
}

/// Reads the linker's table of regions, which is nowhere in a build for the host.
fn regions(log: &str) -> Result<Option<Footprint>> {
    // A build links more than once; the last table is that of the firmware.
    let Some((_, table)) = log.rsplit_once("Memory region") else {
        return Ok(None);
    };
    let used = |region: &str| -> Result<u64> {
        for line in table.lines() {
            let Some((name, sizes)) = line.split_once(':') else {
                continue;
            };
            if name.trim() == region {
                return size(sizes).ok_or_else(|| format!("not a size: {line}"));
            }
        }
        Ok(0)
    };
    Ok(Some(Footprint {
        flash: used("FLASH")?,
        ram: used("RAM")?,
    }))
}

/// Reads a number and its unit. The linker takes a larger unit only where nothing is lost.
fn size(text: &str) -> Option<u64> {
    let mut words = text.split_whitespace();
    let number: u64 = words.next()?.parse().ok()?;
    let unit = match words.next()? {
        "B" => 1,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::{Footprint, TOLERANCE, larger, parse, regions, text};

    #[test]
    fn reads_the_linkers_table() {
        let log = "[1/2] Linking\nMemory region         Used Size  Region Size  %age Used\n\
            \x20          FLASH:      155180 B       256 KB     59.20%\n\
            \x20            RAM:         54 KB        64 KB     83.75%\n\
            \x20       IDT_LIST:          0 GB        32 KB      0.00%\n";
        let expected = Footprint {
            flash: 155_180,
            ram: 54 * 1024,
        };
        assert_eq!(regions(log), Ok(Some(expected)));
        assert_eq!(regions("no table"), Ok(None));
        assert!(regions("Memory region\n FLASH: many B\n").is_err());
    }

    #[test]
    fn tells_what_has_become_larger() {
        let columns = "board,scenario,flash,ram\n";
        let recorded = parse(&format!("{columns}a,b,5000,3000\n")).unwrap();
        let process =
            |flash| parse(&format!("{columns}native_sim/native/64,b,{flash},1\n")).unwrap();
        let measured = |flash: u64, ram: u64| {
            let table = parse(&format!("{columns}a,b,{flash},{ram}\na,new,9,9\n")).unwrap();
            larger(&recorded, &table)
        };
        assert_eq!(measured(5000 + TOLERANCE, 3000 + TOLERANCE), "");
        assert_eq!(larger(&process(5000), &process(9000 + TOLERANCE)), "");
        assert_eq!(
            measured(5001 + TOLERANCE, 2000),
            "a b: 6025 bytes of flash, were 5000\n"
        );
        assert_eq!(
            measured(1, 3001 + TOLERANCE),
            "a b: 4025 bytes of RAM, were 3000\n"
        );
    }

    #[test]
    fn keeps_the_table() {
        let table = "board,scenario,flash,ram\na,b.c,1,2\na,b.d,3,4\n";
        assert_eq!(text(&parse(table).unwrap()), table);
        for bad in ["", "board\n", "board,scenario,flash,ram\na,b,1\n"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
