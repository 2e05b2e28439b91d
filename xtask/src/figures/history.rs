//! The main figures over time: `boards/bare/history.csv`, to which a row comes when one of them changes.

use std::fs;
use std::process::Command;

use super::{Figures, format};
use crate::Result;
use crate::process::{self, root};

const PATH: &str = "boards/bare/history.csv";

/// Those that are kept.
const MAIN: &[&str] = &[
    "mean.instructions",
    "flash.whole",
    "flash.images",
    "flash.net.whole",
    "sha256.module.load_per_kilobyte",
    "sha256.image.load_per_kilobyte",
    "smallest.heap",
    "hello-c.load_heap",
    "sha256.module.load_stack",
    "sha256.module.run_stack",
];

/// Adds a row for each machine of which one of the main figures is not what its last row says.
pub fn append(figures: &Figures) -> Result<()> {
    let file = root()?.join(PATH);
    let failed = |error: std::io::Error| format!("{PATH}: {error}");
    let text = fs::read_to_string(&file).map_err(failed)?;
    let subject = process::output(
        Command::new("git")
            .args(["log", "-1", "--format=%s"])
            .current_dir(root()?),
    )?;
    let text = appended(&text, figures, subject.trim())?;
    fs::write(&file, text).map_err(failed)
}

/// The history with new rows.
fn appended(text: &str, figures: &Figures, subject: &str) -> Result<String> {
    let columns = columns();
    if text.lines().next() != Some(&columns) {
        return Err(format!("{PATH}: the first line is not {columns}"));
    }
    let mut machines: Vec<&str> = figures.keys().map(|(name, _)| name.as_str()).collect();
    machines.dedup();
    let mut text = text.to_owned();
    for machine in machines {
        let mut row = format!("{machine},");
        for name in MAIN {
            let key = (machine.to_owned(), (*name).to_owned());
            // On the computer itself, few are measured.
            row += &figures
                .get(&key)
                .map_or_else(String::new, |value| format(*value));
            row += ",";
        }
        let last = text
            .lines()
            .rfind(|line| line.split(',').next() == Some(machine));
        if !last.is_some_and(|last| last.starts_with(&row)) {
            text += &format!("{row}{subject}\n");
        }
    }
    Ok(text)
}

/// The last column may have commas in it.
fn columns() -> String {
    format!("machine,{},after", MAIN.join(","))
}

#[cfg(test)]
mod tests {
    use super::{Figures, MAIN, appended, columns};

    fn figures(first: f64) -> Figures {
        let mut value = first;
        let mut figures = Figures::new();
        for name in MAIN {
            figures.insert(("virt".to_owned(), (*name).to_owned()), value);
            value += 1.0;
        }
        figures
    }

    #[test]
    fn a_row_comes_when_a_figure_changes() {
        let empty = columns() + "\n";
        let first = appended(&empty, &figures(1.0), "One, and more").unwrap();
        assert_eq!(first, empty + "virt,1,2,3,4,5,6,7,8,9,10,One, and more\n");
        assert_eq!(appended(&first, &figures(1.0), "Two").unwrap(), first);
        let second = appended(&first, &figures(2.0), "Three").unwrap();
        assert_eq!(second, first.clone() + "virt,2,3,4,5,6,7,8,9,10,11,Three\n");
        // It counts what the last row says, not whether there was such a row.
        assert_eq!(
            appended(&second, &figures(1.0), "Four").unwrap(),
            second.clone() + "virt,1,2,3,4,5,6,7,8,9,10,Four\n"
        );
    }

    #[test]
    fn refuses_what_is_no_history() {
        assert!(appended("", &figures(1.0), "").is_err());
    }
}
