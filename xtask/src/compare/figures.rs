//! What was measured of engines, as a table and as a file.

use std::collections::BTreeMap;
use std::fs;

use crate::Result;
use crate::process::root;
use crate::workloads::mean;

const RECORD: &str = "bench/compare/figures.csv";
const README: &str = "bench/compare/README.md";
const COLUMNS: &str = "engine,workload,instructions,time";

/// What stands before the table in the README and behind it.
const BEGIN: &str = "<!-- figures: written by cargo xtask compare --record -->\n";
const END: &str = "<!-- end of figures -->";

/// The row of the means.
const MEAN: &str = "mean";

/// An engine with a workload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The processor's for one of WebAssembly.
    pub instructions: f64,
    /// That of the processor's own code is 1.
    pub time: f64,
}

/// By engine and workload.
#[derive(Debug, Default)]
pub struct Figures(BTreeMap<(String, String), Figure>);

impl Figures {
    pub fn insert(&mut self, engine: &str, workload: &str, figure: Figure) {
        self.0
            .insert((engine.to_owned(), workload.to_owned()), figure);
    }

    fn get(&self, engine: &str, workload: &str) -> Result<Figure> {
        self.0
            .get(&(engine.to_owned(), workload.to_owned()))
            .copied()
            .ok_or_else(|| format!("{workload} was not measured with {engine}"))
    }

    /// Adds the geometric means.
    pub fn add_mean(&mut self, engine: &str) -> Result<()> {
        let values = |value: fn(&Figure) -> f64| -> Vec<(String, f64)> {
            self.0
                .iter()
                .filter(|((name, _), _)| name == engine)
                .map(|((_, workload), figure)| (workload.clone(), value(figure)))
                .collect()
        };
        let figure = Figure {
            instructions: mean(&values(|figure| figure.instructions))?,
            time: mean(&values(|figure| figure.time))?,
        };
        self.insert(engine, MEAN, figure);
        Ok(())
    }

    /// A row for each workload and for the means, two columns for each engine, whose names and titles these are.
    pub fn table(&self, engines: &[(&str, &str)]) -> String {
        let mut text = String::from("| |");
        for (_, title) in engines {
            text += &format!(" {title} | time |");
        }
        text += &format!("\n|---|{}\n", "---|---|".repeat(engines.len()));
        let mut workloads: Vec<&str> = self.0.keys().map(|(_, name)| name.as_str()).collect();
        // The means come last.
        workloads.sort_by_key(|name| (*name == MEAN, *name));
        workloads.dedup();
        for workload in workloads {
            text += &format!("| {workload} |");
            for (engine, _) in engines {
                text += &match self.get(engine, workload) {
                    Ok(figure) => format!(" {:.2} | {:.1} |", figure.instructions, figure.time),
                    Err(_) => " – | – |".into(),
                };
            }
            text += "\n";
        }
        text
    }

    fn file(&self) -> String {
        let mut text = format!("{COLUMNS}\n");
        for ((engine, workload), figure) in &self.0 {
            text += &format!(
                "{engine},{workload},{:.2},{:.2}\n",
                figure.instructions, figure.time
            );
        }
        text
    }
}

/// Writes figures to their file, and their table to the README.
pub fn record(figures: &Figures, table: &str) -> Result<()> {
    let failed = |path: &str, error: std::io::Error| format!("{path}: {error}");
    let readme = root()?.join(README);
    let text = fs::read_to_string(&readme).map_err(|error| failed(README, error))?;
    let text = replace(&text, table).ok_or_else(|| format!("{README}: no place for the table"))?;
    fs::write(&readme, text).map_err(|error| failed(README, error))?;
    fs::write(root()?.join(RECORD), figures.file()).map_err(|error| failed(RECORD, error))
}

/// The text with another table.
fn replace(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some([before, BEGIN, table, END, after].concat())
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, Figure, Figures, replace};

    fn figures() -> Figures {
        let mut figures = Figures::default();
        for workload in ["fib", "sieve", "nested", "sha256", "sort", "callind"] {
            let (instructions, time) = if workload == "fib" {
                (64.0, 1.0)
            } else {
                (1.0, 2.0)
            };
            figures.insert("a", workload, Figure { instructions, time });
        }
        figures
    }

    #[test]
    fn adds_means_of_an_engine() {
        let mut figures = figures();
        figures.add_mean("a").unwrap();
        let mean = figures.get("a", "mean").unwrap();
        assert!((mean.instructions - 2.0).abs() < 1e-9);
        assert!((mean.time - 2.0_f64.powf(5.0 / 6.0)).abs() < 1e-9);
        assert!(figures.add_mean("b").is_err());
    }

    #[test]
    fn writes_a_row_for_each_workload() {
        let mut figures = Figures::default();
        for (workload, instructions, time) in [("mean", 4.0, 2.0), ("nested", 8.0, 4.0)] {
            figures.insert("a", workload, Figure { instructions, time });
        }
        assert_eq!(
            figures.table(&[("a", "A 1.0"), ("b", "B")]),
            "| | A 1.0 | time | B | time |\n|---|---|---|---|---|\n\
             | nested | 8.00 | 4.0 | – | – |\n| mean | 4.00 | 2.0 | – | – |\n"
        );
        assert_eq!(
            figures.file(),
            "engine,workload,instructions,time\na,mean,4.00,2.00\na,nested,8.00,4.00\n"
        );
    }

    #[test]
    fn the_rest_of_the_text_stays() {
        let text = format!("A\n{BEGIN}old\n{END}\nB\n");
        assert_eq!(
            replace(&text, "new\n"),
            Some(format!("A\n{BEGIN}new\n{END}\nB\n"))
        );
        assert_eq!(replace("A\n", "new\n"), None);
    }
}
