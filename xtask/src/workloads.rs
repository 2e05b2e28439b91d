//! The programs that measure the interpreter: `bench/workloads`.

use std::fs;
use std::path::PathBuf;

use crate::Result;
use crate::process::root;

/// A program, and how it is called.
pub struct Workload {
    pub program: String,
    pub argument: String,
    /// What one call returns.
    pub result: String,
    /// The WebAssembly instructions one call executes.
    pub operators: u32,
}

impl Workload {
    /// The file of the program.
    pub fn module(&self) -> Result<PathBuf> {
        Ok(root()?.join(format!("bench/workloads/{}.wasm", self.program)))
    }
}

/// All of them.
pub fn workloads() -> Result<Vec<Workload>> {
    let table = root()?.join("bench/workloads/workloads.csv");
    let table =
        fs::read_to_string(&table).map_err(|error| format!("{}: {error}", table.display()))?;
    parse(&table)
}

/// The integer ones, whose mean is comparable with that of other interpreters: they depend on no library for
/// floating-point numbers.
const MEAN_OF: &[&str] = &["fib", "sieve", "nested", "sha256", "sort", "callind"];

/// The geometric mean of the integer workloads, of values by program.
pub fn mean(values: &[(String, f64)]) -> Result<f64> {
    let mut sum_of_logarithms = 0.0;
    for program in MEAN_OF {
        let (_, value) = values
            .iter()
            .find(|(name, _)| name == program)
            .ok_or_else(|| format!("{program} was not measured"))?;
        sum_of_logarithms += value.ln();
    }
    Ok((sum_of_logarithms / MEAN_OF.len() as f64).exp())
}

fn parse(table: &str) -> Result<Vec<Workload>> {
    let mut lines = table.lines();
    if lines.next() != Some("program,argument,result,operators") {
        return Err("workloads.csv: the first line does not name the columns expected".into());
    }
    let mut workloads = Vec::new();
    for line in lines {
        let columns: Vec<&str> = line.split(',').collect();
        let [program, argument, result, operators] = columns[..] else {
            return Err(format!("workloads.csv: not four columns: {line}"));
        };
        let operators = match operators.parse() {
            Ok(0) | Err(_) => {
                return Err(format!("workloads.csv: not a count of operators: {line}"));
            }
            Ok(operators) => operators,
        };
        workloads.push(Workload {
            program: program.to_owned(),
            argument: argument.to_owned(),
            result: result.to_owned(),
            operators,
        });
    }
    if workloads.is_empty() {
        Err("workloads.csv: no workloads".into())
    } else {
        Ok(workloads)
    }
}

#[cfg(test)]
mod tests {
    use super::{MEAN_OF, mean, parse};

    #[test]
    fn the_mean_is_geometric_and_of_the_integer_ones() {
        let mut values: Vec<(String, f64)> = MEAN_OF
            .iter()
            .zip([2.0, 8.0, 4.0, 4.0, 4.0, 4.0])
            .map(|(name, value)| ((*name).to_owned(), value))
            .collect();
        values.push(("mandel".to_owned(), 100.0));
        assert!((mean(&values).unwrap() - 4.0).abs() < 1e-9);
        values.remove(0);
        assert!(mean(&values).is_err());
    }

    #[test]
    fn reads_the_table() {
        let table = include_str!("../../bench/workloads/workloads.csv");
        let workloads = parse(table).unwrap();
        assert_eq!(workloads.len(), 8);
        assert!(
            workloads
                .iter()
                .any(|workload| workload.program == "fib" && workload.operators == 243_384)
        );
    }

    #[test]
    fn refuses_a_bad_table() {
        const COLUMNS: &str = "program,argument,result,operators";
        for table in [
            "",
            COLUMNS,
            "program\n",
            &format!("{COLUMNS}\nfib,1,1"),
            &format!("{COLUMNS}\nfib,1,1,0"),
        ] {
            assert!(parse(table).is_err(), "{table}");
        }
    }
}
