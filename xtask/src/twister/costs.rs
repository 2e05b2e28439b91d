//! Tests that the help of every option of the Zephyr module says what the option costs, as it was measured.
//!
//! boards/option_costs.py and boards/heap_costs.py measure, and write the figures to files beside them;
//! boards/write_costs.py writes them to the helps, and to the tables of the module's README.

use std::collections::BTreeMap;

use super::footprint::TOLERANCE;

const README: &str = include_str!("../../../zephyr-module/README.md");
const KCONFIG: &str = include_str!("../../../zephyr-module/Kconfig");
const OPTION_COSTS: &str = include_str!("../../../boards/option_costs.csv");
const HEAP_COSTS: &str = include_str!("../../../boards/heap_costs.csv");
const FOOTPRINTS: &str = include_str!("../../../boards/footprints.csv");

/// What is said of an option that no figure was measured for.
const NOTHING: &str = "osts nothing";

/// The level of messages, whose help is Zephyr's: the cost stands in another one.
const LOG_LEVEL: (&str, &str) = ("THIMBLE_LOG_LEVEL", "THIMBLE");

/// The help of each option that can be set, on one line.
fn helps(kconfig: &str) -> BTreeMap<&str, String> {
    let mut helps = BTreeMap::new();
    let mut option = "";
    let mut in_help = false;
    for line in kconfig.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["config" | "menuconfig", name] => (option, in_help) = (name, false),
            // Without a text, people cannot set it.
            ["bool" | "int" | "string", text, ..] if text.starts_with('"') => {
                helps.insert(option, String::new());
            }
            ["help"] => in_help = true,
            [] => {}
            _ if !line.starts_with('\t') => in_help = false,
            words if in_help => {
                if let Some(help) = helps.get_mut(option) {
                    *help += &words.join(" ");
                    help.push(' ');
                }
            }
            _ => {}
        }
    }
    helps
}

/// The rows of a file behind its head: a name and numbers.
fn rows(text: &str) -> impl Iterator<Item = (&str, Vec<i64>)> {
    text.lines().skip(1).map(|line| {
        let (option, numbers) = line.split_once(',').unwrap();
        let numbers = numbers.split(',').map(|number| number.parse().unwrap());
        (option, numbers.collect())
    })
}

/// How a help writes a size: to a tenth of 1024 bytes, or in bytes below that.
fn amount(bytes: i64, of: &str) -> String {
    match bytes.abs() {
        0 => format!("no {of}"),
        1 => format!("1 byte of {of}"),
        bytes @ 2..1024 => format!("{bytes} bytes of {of}"),
        bytes => {
            let tenths = (bytes * 10 + 512) / 1024;
            format!("{}.{} KB of {of}", tenths / 10, tenths % 10)
        }
    }
}

/// What the helps must have, by option.
fn expected() -> BTreeMap<&'static str, Vec<String>> {
    let mut expected: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (option, numbers) in rows(OPTION_COSTS) {
        let [flash, ram] = numbers[..] else {
            panic!("{option}");
        };
        let place = if option == LOG_LEVEL.0 {
            LOG_LEVEL.1
        } else {
            option
        };
        let phrases = expected.entry(place).or_default();
        if (flash, ram) == (0, 0) {
            phrases.push(NOTHING.into());
            continue;
        }
        phrases.push(amount(flash, "flash"));
        phrases.push(amount(ram, "RAM"));
        if flash < 0 {
            phrases.push("aves".into());
        }
        phrases.push("on Cortex-M3".into());
    }
    for (option, numbers) in rows(HEAP_COSTS) {
        let most = numbers.into_iter().max().unwrap();
        assert!(most > 0, "{option}");
        expected
            .entry(option)
            .or_default()
            .push(amount(most, "the heap"));
    }
    expected
}

#[test]
fn every_option_says_what_it_costs() {
    let expected = expected();
    let helps = helps(KCONFIG);
    assert!(helps.len() > 40, "{}", helps.len());
    let mut wrong = String::new();
    for (option, help) in &helps {
        let nothing = vec![NOTHING.to_owned()];
        for phrase in expected.get(option).unwrap_or(&nothing) {
            if !help.contains(phrase.as_str()) {
                wrong += &format!("{option} does not say \"{phrase}\"\n");
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "in zephyr-module/Kconfig (boards/write_costs.py writes it):\n{wrong}"
    );
    for option in expected.keys() {
        assert!(
            helps.contains_key(option),
            "{option} is measured and is none"
        );
    }
}

#[test]
fn the_readme_says_what_options_cost() {
    let mut found = 0;
    for (option, numbers) in rows(OPTION_COSTS) {
        let start = format!("| `{option}` | ");
        for line in README.lines().filter(|line| line.starts_with(&start)) {
            let cells: Vec<&str> = line.split('|').rev().skip(1).take(2).collect();
            let says: Vec<i64> = cells
                .iter()
                .map(|cell| cell.trim().replace(',', "").parse().unwrap())
                .collect();
            assert_eq!(says, [numbers[1], numbers[0]], "{option}");
            found += 1;
        }
    }
    assert!(found >= 10, "{found}");
}

/// Footprints are measured more often than what options cost, which takes an hour: all of Thimble is in both.
#[test]
fn costs_are_no_older_than_footprints() {
    let footprint = |scenario: &str| {
        let start = format!("mps2/an385,thimble.footprint.{scenario},");
        let row = FOOTPRINTS
            .lines()
            .find_map(|line| line.strip_prefix(&start));
        let (flash, _) = row.unwrap().split_once(',').unwrap();
        flash.parse::<i64>().unwrap()
    };
    let now = footprint("options") - footprint("options_without");
    let (_, costs) = rows(OPTION_COSTS)
        .find(|(name, _)| *name == "THIMBLE")
        .unwrap();
    let tolerance = i64::try_from(TOLERANCE).unwrap();
    assert!(
        (now - costs[0]).abs() <= tolerance,
        "Thimble takes {now} bytes of flash by boards/footprints.csv, {} by boards/option_costs.csv \
         (boards/option_costs.py measures it)",
        costs[0]
    );
}

#[test]
fn reads_helps() {
    let helps = helps(
        "config A\n\tbool \"a\"\n\thelp\n\t  One\n\t  two.\n\n\t  Three.\n\nconfig B\n\tbool\n\thelp\n\t  Hidden.\n\
         comment \"c\"\n\nconfig D\n\tint \"d\"\n\tdefault 1\n",
    );
    assert_eq!(
        helps.into_iter().collect::<Vec<_>>(),
        [("A", "One two. Three. ".to_owned()), ("D", String::new())]
    );
}

#[test]
fn writes_amounts_as_people_do() {
    assert_eq!(amount(0, "flash"), "no flash");
    assert_eq!(amount(-1023, "RAM"), "1023 bytes of RAM");
    assert_eq!(amount(41_244, "flash"), "40.3 KB of flash");
    assert_eq!(amount(1, "the heap"), "1 byte of the heap");
}
