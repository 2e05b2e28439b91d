//! Reads what twister reports and prints it as a table.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Result;

/// A test on a board.
#[derive(Debug, PartialEq)]
pub struct Instance {
    pub scenario: String,
    pub board: String,
    pub outcome: Outcome,
    pub reason: String,
    /// Cases that passed, and all.
    pub passed: usize,
    pub cases: usize,
    /// How long the build took, with what went on beside it.
    pub build_seconds: f64,
    /// How long the test ran.
    pub test_seconds: f64,
    /// Where it was built.
    pub directory: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    /// Built but not run, for it is not to be run or the emulator is missing.
    Built,
    Skipped,
    Failed,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Built => "built",
            Self::Skipped => "skipped",
            Self::Failed => "FAILED",
        }
    }
}

impl Instance {
    pub fn good(&self) -> bool {
        self.outcome != Outcome::Failed
    }
}

/// Reads the report in a directory of output.
pub fn read(directory: &Path) -> Result<Vec<Instance>> {
    let path = path(directory);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&text, directory).map_err(|error| format!("{}: {error}", path.display()))
}

/// Where twister writes its report, and reads what it is to test of what it has built.
pub fn path(directory: &Path) -> PathBuf {
    directory.join("twister.json")
}

/// Takes from a report of builds what was not built. Returns whether anything is left.
pub fn keep_built(directory: &Path) -> Result<bool> {
    let path = path(directory);
    let failed = |error: &dyn Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(&path).map_err(|error| failed(&error))?;
    let (text, left) = built_of(&text).map_err(|error| failed(&error))?;
    fs::write(&path, text).map_err(|error| failed(&error))?;
    Ok(left)
}

/// A field of a report that twister has not written: one that is found after tests is that of the builds.
const MARK: &str = "nothing tested yet";

/// The report without what was not built, and whether it has anything else.
fn built_of(text: &str) -> Result<(String, bool)> {
    let mut report: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let fields = report.as_object_mut().ok_or("not an object")?;
    let suites = fields
        .get_mut("testsuites")
        .and_then(Value::as_array_mut)
        .ok_or("no test suites")?;
    suites.retain(|suite| outcome(suite) != Outcome::Failed);
    let left = !suites.is_empty();
    fields.insert(MARK.to_owned(), true.into());
    Ok((report.to_string(), left))
}

fn outcome(suite: &Value) -> Outcome {
    let status = suite.get("status").and_then(Value::as_str);
    let runnable = suite.get("runnable").and_then(Value::as_bool);
    match (status, runnable) {
        (Some("passed"), Some(false)) | (Some("not run" | "built"), _) => Outcome::Built,
        (Some("passed"), _) => Outcome::Passed,
        (Some("skipped" | "filtered"), _) => Outcome::Skipped,
        _ => Outcome::Failed,
    }
}

fn parse(text: &str, directory: &Path) -> Result<Vec<Instance>> {
    let report: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if report.get(MARK).is_some() {
        return Err("twister ended before it reported of the tests".into());
    }
    let suites = report
        .get("testsuites")
        .and_then(Value::as_array)
        .ok_or("no test suites")?;
    suites
        .iter()
        .map(|suite| {
            let field = |name: &str| suite.get(name).and_then(Value::as_str);
            // Releases differ in whether the name has the path of the suite in front.
            let name = field("name").ok_or("a suite without a name")?;
            let scenario = name.rsplit('/').next().unwrap_or(name);
            let board = field("platform").ok_or("a suite without a platform")?;
            // One that stands for those which are known only when the test runs has no status.
            let cases: Vec<&str> = suite
                .get("testcases")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|case| case.get("status").and_then(Value::as_str))
                .collect();
            Ok(Instance {
                scenario: scenario.to_owned(),
                board: board.to_owned(),
                outcome: outcome(suite),
                passed: cases.iter().filter(|status| **status == "passed").count(),
                cases: cases.len(),
                build_seconds: seconds(field("build_time"))?,
                test_seconds: seconds(field("execution_time"))?,
                reason: field("reason").unwrap_or_default().to_owned(),
                directory: directory.join(board.replace('/', "_")).join(name),
            })
        })
        .collect()
}

/// What was built, with what came of testing it.
pub fn merge(mut built: Vec<Instance>, tested: &[Instance]) -> Vec<Instance> {
    for instance in built.iter_mut().filter(|instance| instance.good()) {
        let found = tested
            .iter()
            .find(|tested| tested.scenario == instance.scenario && tested.board == instance.board);
        let Some(tested) = found else {
            instance.outcome = Outcome::Failed;
            instance.reason = "built, but not tested".to_owned();
            continue;
        };
        instance.outcome = tested.outcome;
        instance.passed = tested.passed;
        instance.cases = tested.cases;
        instance.reason.clone_from(&tested.reason);
        instance.test_seconds = tested.test_seconds;
    }
    built
}

/// Twister writes numbers as texts, and none for what it has not built.
fn seconds(text: Option<&str>) -> Result<f64> {
    let text = text.unwrap_or("0");
    text.parse().map_err(|_| format!("not a time: {text}"))
}

/// A row for each test on each board, and below why something was not run or did not pass.
pub fn print(instances: &[Instance]) {
    let width = |name: fn(&Instance) -> &str| {
        let lengths = instances.iter().map(|instance| name(instance).len());
        lengths.max().unwrap_or(0)
    };
    let scenario_width = width(|instance| &instance.scenario);
    let board_width = width(|instance| &instance.board);
    let mut rows: Vec<&Instance> = instances.iter().collect();
    rows.sort_by_key(|instance| (&instance.scenario, &instance.board));
    println!(
        "\n{:scenario_width$}  {:board_width$}  {:7}  {:>7}  {:>7}",
        "scenario", "board", "result", "build/s", "test/s"
    );
    for instance in &rows {
        let Instance {
            scenario, board, ..
        } = instance;
        let word = instance.outcome.word();
        println!(
            "{scenario:scenario_width$}  {board:board_width$}  {word:7}  {:>7.1}  {:>7.1}",
            instance.build_seconds, instance.test_seconds
        );
    }
    for instance in rows {
        if matches!(instance.outcome, Outcome::Skipped | Outcome::Failed) {
            println!(
                "{} on {}: {}",
                instance.scenario, instance.board, instance.reason
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, built_of, merge, parse};
    use std::path::Path;

    #[test]
    fn reads_a_report() {
        let text = r#"{"environment": {}, "testsuites": [
            {"name": "a.b", "platform": "mps2/an385", "runnable": true, "status": "passed",
             "execution_time": "1.25", "build_time": "20.50"},
            {"name": "tests/x/a.c", "platform": "p", "runnable": true, "status": "failed", "reason": "Timeout"},
            {"name": "a.d", "platform": "p", "runnable": false, "status": "passed"},
            {"name": "a.e", "platform": "p", "runnable": true}
        ]}"#;
        let instances = parse(text, Path::new("out")).unwrap();
        let outcomes: Vec<Outcome> = instances.iter().map(|i| i.outcome).collect();
        use Outcome::{Built, Failed, Passed};
        assert_eq!(outcomes, [Passed, Failed, Built, Failed]);
        assert_eq!(instances[0].directory, Path::new("out/mps2_an385/a.b"));
        assert_eq!(instances[0].build_seconds, 20.5);
        assert_eq!(instances[0].test_seconds, 1.25);
        assert_eq!(instances[1].scenario, "a.c");
        assert_eq!(instances[1].reason, "Timeout");
    }

    #[test]
    fn takes_the_outcome_of_the_test_where_there_is_one() {
        let instances = |outcomes: &[(&str, &str)]| {
            let suite = |(name, status): &(&str, &str)| {
                format!(
                    r#"{{"name": "{name}", "platform": "p", "runnable": true, "status": "{status}",
                     "build_time": "7", "execution_time": "3"}}"#
                )
            };
            let suites = outcomes.iter().map(suite).collect::<Vec<_>>().join(",");
            parse(&format!(r#"{{"testsuites": [{suites}]}}"#), Path::new("")).unwrap()
        };
        let built = instances(&[("a", "passed"), ("b", "error"), ("c", "passed")]);
        let tested = instances(&[("b", "passed"), ("a", "failed")]);
        let merged = merge(built, &tested);
        assert_eq!(merged[0].outcome, Outcome::Failed);
        assert_eq!(merged[0].test_seconds, 3.0);
        // What was not built has not passed, whatever is said later.
        assert_eq!(merged[1].outcome, Outcome::Failed);
        assert_eq!(merged[2].outcome, Outcome::Failed);
    }

    #[test]
    fn tests_only_what_was_built() {
        let report = r#"{"testsuites": [
            {"name": "good", "platform": "p", "runnable": false, "status": "passed"},
            {"name": "bad", "platform": "p", "runnable": false, "status": "error"}
        ]}"#;
        let (built, left) = built_of(report).unwrap();
        assert!(left && built.contains("good") && !built.contains("bad"));
        // Where twister has left that, it has not reported of any test.
        assert!(parse(&built, Path::new("out")).is_err());
        let (_, left) = built_of(&report.replace("passed", "failed")).unwrap();
        assert!(!left);
    }

    #[test]
    fn counts_the_cases_that_passed() {
        let text = r#"{"testsuites": [{"name": "a", "platform": "p", "status": "passed", "testcases":
            [{"status": "passed"}, {"status": "skipped"}, {"status": "passed"}, {"status": null}]}]}"#;
        let instances = parse(text, Path::new("out")).unwrap();
        assert_eq!((instances[0].passed, instances[0].cases), (2, 3));
    }

    #[test]
    fn refuses_what_is_no_report() {
        for text in [
            "",
            "{}",
            r#"{"testsuites": [{"name": "a"}]}"#,
            r#"{"testsuites": [{"name": "a", "platform": "p", "build_time": "soon"}]}"#,
        ] {
            assert!(parse(text, Path::new("out")).is_err(), "{text}");
        }
    }
}
