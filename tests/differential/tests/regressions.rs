//! Thimble and wasmi agree on the modules of `regressions/`.

// Runs on a developer's machine, where an allocation that fails may abort; and a
// check that cannot be made fails.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::panic
)]

use std::path::Path;

use thimble::Dispatch;
use thimble_tests_differential::compare::{Report, Way, compare};

/// How often a module is executed in each way, with other arguments.
const SEEDS: u64 = 30;

#[test]
fn same_behaviour_as_wasmi() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions");
    let mut modules = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_some_and(|extension| extension == "wat") {
            let module = wat::parse_file(&path).expect("a module in text form");
            let report = execute(&module, &path);
            assert_eq!(report.given_up(), 0, "{}: {report:?}", path.display());
            assert!(report.returned > 0, "{}: {report:?}", path.display());
            println!(
                "{}: {} calls, {} returned",
                path.display(),
                report.calls,
                report.returned
            );
            modules += 1;
        }
    }
    assert!(modules > 0);
}

fn execute(module: &[u8], path: &Path) -> Report {
    let mut report = Report::default();
    for dispatch in [Dispatch::Tail, Dispatch::Loop] {
        for image in [false, true] {
            for seed in 0..SEEDS {
                let way = Way { image, dispatch };
                let result = compare(module, false, seed, way);
                let more =
                    result.unwrap_or_else(|difference| panic!("{}: {difference}", path.display()));
                report.merge(&more);
            }
        }
    }
    report
}
