//! Measures what the runtime takes on emulated microcontrollers and on the computer itself, by counts that are the same on every computer, and
//! compares it with budgets.
//!
//! `boards/bare/figures.csv` has the figures as they were recorded last, `history.csv` the main ones as they were
//! before, `budgets.csv` what they must not exceed.

mod firmware;
mod flash;
pub mod handlers;
mod history;

use std::collections::BTreeMap;
use std::fs;

use crate::process::{self, cargo, root};
use crate::qemu::{self, Machine};
use crate::{Result, count};
pub use flash::Sections;

pub const ARGUMENTS: &str = "[--record] [--budgets] [MACHINE...]";

const RECORD: &str = "boards/bare/figures.csv";
const BUDGETS: &str = "boards/bare/budgets.csv";
const COLUMNS: &str = "machine,figure,value";

/// Values by machine and name.
type Figures = BTreeMap<(String, String), f64>;

/// The computer itself, among the machines.
const HOST: &str = "x86-64";

/// Measures on the machines that are named, or on those that have budgets.
pub fn run(arguments: &[String]) -> Result<()> {
    let (mut record, mut compare, mut names) = (false, false, Vec::new());
    for argument in arguments {
        match argument.as_str() {
            "--record" => record = true,
            "--budgets" => compare = true,
            name => names.push(name),
        }
    }
    let budgets = read(BUDGETS)?;
    if names.is_empty() {
        for (machine, _) in budgets.keys() {
            if !names.contains(&machine.as_str()) {
                names.push(machine);
            }
        }
    }
    let host = names.contains(&HOST);
    names.retain(|name| *name != HOST);
    let machines: Vec<&Machine> = names
        .iter()
        .map(|name| qemu::find(name))
        .collect::<Result<_>>()?;

    let mut figures = Figures::new();
    let mut add = |machine: &str, measured: Vec<(String, f64)>| {
        for (name, value) in measured {
            figures.insert((machine.to_owned(), name), value);
        }
    };
    if host {
        let (thimble, counts) = count::measure()?;
        add(HOST, counts);
        add(HOST, handlers::measure(&thimble)?);
    }
    if !machines.is_empty() {
        process::run(cargo()?.args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            "thimble-compile",
        ]))?;
    }
    for machine in machines {
        add(machine.name, firmware::measure(machine)?);
    }
    print(&figures, &read(RECORD)?, &budgets);
    if record {
        write(&figures)?;
        history::append(&figures)?;
    }
    if compare {
        check(&figures, &budgets)
    } else {
        Ok(())
    }
}

/// Counts instructions on the computer itself, and compares them with the budgets.
pub fn count() -> Result<()> {
    run(&["--budgets".to_owned(), HOST.to_owned()])
}

/// Prints each figure with what was recorded and the budget.
fn print(figures: &Figures, recorded: &Figures, budgets: &Figures) {
    let text = |value: Option<&f64>| value.map_or_else(String::new, |value| format(*value));
    println!(
        "{:<12}{:<36}{:>12}{:>12}{:>12}",
        "machine", "figure", "measured", "recorded", "budget"
    );
    for (key, value) in figures {
        println!(
            "{:<12}{:<36}{:>12}{:>12}{:>12}",
            key.0,
            key.1,
            format(*value),
            text(recorded.get(key)),
            text(budgets.get(key)),
        );
    }
}

/// Counts are whole, ratios have two digits.
fn format(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value}")
    } else {
        format!("{value:.2}")
    }
}

/// Fails if a figure exceeds its budget, or a budget of a machine that was measured has no figure.
fn check(figures: &Figures, budgets: &Figures) -> Result<()> {
    let measured = |machine: &str| figures.keys().any(|(name, _)| name == machine);
    let mut exceeded = Vec::new();
    for (key, budget) in budgets.iter().filter(|(key, _)| measured(&key.0)) {
        let what = format!("{} on {}", key.1, key.0);
        match figures.get(key) {
            // Written so that a value which is no number fails as well.
            Some(value) if value <= budget => {}
            Some(value) => exceeded.push(format!(
                "{what} is {}, the budget {}",
                format(*value),
                format(*budget)
            )),
            None => exceeded.push(format!("{what} was not measured")),
        }
    }
    if exceeded.is_empty() {
        Ok(())
    } else {
        Err(exceeded.join("\n"))
    }
}

fn read(path: &str) -> Result<Figures> {
    let file = root()?.join(path);
    let text = fs::read_to_string(&file).map_err(|error| format!("{path}: {error}"))?;
    parse(&text).map_err(|error| format!("{path}: {error}"))
}

fn parse(text: &str) -> Result<Figures> {
    let mut lines = text.lines();
    if lines.next() != Some(COLUMNS) {
        return Err(format!("the first line is not {COLUMNS}"));
    }
    let mut figures = Figures::new();
    for line in lines {
        let columns: Vec<&str> = line.split(',').collect();
        let [machine, name, value] = columns[..] else {
            return Err(format!("not three columns: {line}"));
        };
        let value = value.parse().map_err(|_| format!("no number: {line}"))?;
        let key = (machine.to_owned(), name.to_owned());
        if figures.insert(key, value).is_some() {
            return Err(format!("there twice: {line}"));
        }
    }
    Ok(figures)
}

/// Records figures; those of other machines stay.
fn write(figures: &Figures) -> Result<()> {
    let mut all = read(RECORD)?;
    all.retain(|(machine, _), _| !figures.keys().any(|(name, _)| name == machine));
    all.extend(figures.iter().map(|(key, value)| (key.clone(), *value)));
    let mut text = format!("{COLUMNS}\n");
    for ((machine, name), value) in all {
        text.push_str(&format!("{machine},{name},{}\n", format(value)));
    }
    fs::write(root()?.join(RECORD), text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{check, parse};

    const TEXT: &str = "machine,figure,value\nvirt,flash,100\nvirt,ratio,2.5\n";

    #[test]
    fn reads_figures() {
        let figures = parse(TEXT).unwrap();
        assert_eq!(figures.len(), 2);
        assert_eq!(figures[&("virt".to_owned(), "ratio".to_owned())], 2.5);
    }

    #[test]
    fn refuses_what_is_no_table() {
        for text in [
            "",
            "virt,flash,100\n",
            "machine,figure,value\nvirt,flash\n",
            "machine,figure,value\nvirt,flash,many\n",
            "machine,figure,value\nvirt,flash,1\nvirt,flash,2\n",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn compares_with_budgets() {
        let figures = parse(TEXT).unwrap();
        let budget = |line: &str| parse(&format!("machine,figure,value\n{line}\n")).unwrap();
        assert_eq!(check(&figures, &budget("virt,flash,100")), Ok(()));
        // Of a machine that was not measured.
        assert_eq!(check(&figures, &budget("other,flash,1")), Ok(()));
        assert!(check(&figures, &budget("virt,flash,99")).is_err());
        assert!(check(&figures, &budget("virt,heap,99")).is_err());
        assert!(check(&figures, &budget("virt,ratio,NaN")).is_err());
    }
}
