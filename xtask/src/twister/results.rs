//! Keeps the table in README.md of what was tested on which board: cases, flash and RAM.

use std::collections::BTreeMap;
use std::fs;

use crate::Result;
use crate::process::root;
use crate::twister::footprint::{self, Footprint};
use crate::twister::report::{Instance, Outcome};

/// What stands before the table and behind it.
const BEGIN: &str = "<!-- results: written by cargo xtask twister --results -->\n";
const END: &str = "<!-- end of results -->";
const HEAD: &str = "| board | scenario | cases passed | flash | RAM |\n|---|---|---|---|---|\n";

/// The cells behind board and scenario, by these.
type Table = BTreeMap<(String, String), String>;

/// Writes the rows of what was run. Those of other boards stay, and so do other rows of these boards unless `all` of
/// their tests are among the instances.
pub fn record(instances: &[Instance], all: bool) -> Result<()> {
    let path = root()?.join("README.md");
    let failed = |error: &str| format!("{}: {error}", path.display());
    let text = fs::read_to_string(&path).map_err(|error| failed(&error.to_string()))?;
    let (before, table, after) = split(&text).map_err(failed)?;
    let mut table = parse(table).map_err(|error| failed(&error))?;
    if all {
        table.retain(|(board, _), _| instances.iter().all(|instance| instance.board != *board));
    }
    for instance in instances {
        if instance.outcome != Outcome::Skipped {
            let key = (instance.board.clone(), instance.scenario.clone());
            table.insert(key, cells(instance, footprint::of(instance)?));
        }
    }
    let text = [before, &print(&table), after].concat();
    fs::write(&path, text).map_err(|error| failed(&error.to_string()))
}

/// What is before the table, the table, and what is behind it.
fn split(text: &str) -> std::result::Result<(&str, &str, &str), &'static str> {
    let begin = text.find(BEGIN).ok_or("no place for the results")? + BEGIN.len();
    let (before, rest) = text.split_at(begin);
    let end = rest.find(END).ok_or("the results do not end")?;
    let (table, after) = rest.split_at(end);
    Ok((before, table, after))
}

fn parse(table: &str) -> Result<Table> {
    table
        .lines()
        .skip(HEAD.lines().count())
        .map(|line| {
            let row = line.strip_prefix("| ").unwrap_or(line);
            let mut columns = row.splitn(3, " | ");
            let mut next = || columns.next().ok_or(format!("not a row: {line}"));
            let key = (next()?.to_owned(), next()?.to_owned());
            Ok((key, next()?.to_owned()))
        })
        .collect()
}

fn print(table: &Table) -> String {
    let mut text = HEAD.to_owned();
    for ((board, scenario), cells) in table {
        text += &format!("| {board} | {scenario} | {cells}\n");
    }
    text
}

fn cells(instance: &Instance, footprint: Option<Footprint>) -> String {
    let (passed, cases) = (instance.passed, instance.cases);
    let result = match instance.outcome {
        Outcome::Passed => format!("{passed} of {cases}"),
        Outcome::Built => "built".to_owned(),
        Outcome::Skipped | Outcome::Failed => format!("FAILED, {passed} of {cases}"),
    };
    let bytes = |size: Option<u64>| match size {
        // In RAM, or not built.
        None | Some(0) => "–".to_owned(),
        Some(bytes) => grouped(bytes),
    };
    let flash = bytes(footprint.map(|footprint| footprint.flash));
    let ram = bytes(footprint.map(|footprint| footprint.ram));
    format!("{result} | {flash} | {ram} |")
}

/// With commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, Footprint, HEAD, cells, grouped, parse, print, split};
    use crate::twister::report::{Instance, Outcome};
    use std::path::PathBuf;

    fn instance(outcome: Outcome) -> Instance {
        Instance {
            scenario: "a.b".into(),
            board: "mps2/an385".into(),
            outcome,
            reason: String::new(),
            passed: 3,
            cases: 4,
            build_seconds: 0.0,
            test_seconds: 0.0,
            directory: PathBuf::new(),
        }
    }

    #[test]
    fn tells_cases_and_sizes() {
        let footprint = Footprint {
            flash: 0,
            ram: 1_234_567,
        };
        assert_eq!(
            cells(&instance(Outcome::Passed), Some(footprint)),
            "3 of 4 | – | 1,234,567 |"
        );
        assert_eq!(cells(&instance(Outcome::Built), None), "built | – | – |");
        assert_eq!(
            cells(&instance(Outcome::Failed), None),
            "FAILED, 3 of 4 | – | – |"
        );
        assert_eq!(
            [grouped(999), grouped(1000), grouped(100_000)],
            ["999", "1,000", "100,000"]
        );
    }

    #[test]
    fn keeps_the_table_and_what_is_around_it() {
        let table = format!("{HEAD}| a/b | x.y | 1 of 1 | 2 | 3 |\n| c | x.z | built | – | 4 |\n");
        let text = format!("before\n{BEGIN}{table}{END}\nafter\n");
        let (before, found, after) = split(&text).unwrap();
        assert_eq!(print(&parse(found).unwrap()), table);
        assert_eq!([before, &table, after].concat(), text);
        assert!(split("no table").is_err() && split(BEGIN).is_err());
        assert!(parse(&format!("{HEAD}| a/b |\n")).is_err());
        assert_eq!(print(&parse("").unwrap()), HEAD);
    }

    #[test]
    fn readme_has_a_place_for_results() {
        let readme = include_str!("../../../README.md");
        let (_, table, _) = split(readme).unwrap();
        assert!(!parse(table).unwrap().is_empty());
    }
}
