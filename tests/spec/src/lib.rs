//! Runs the files of the WebAssembly specification suite on Thimble.
//!
//! `tests/suite.rs` lists the files, one test each; [`left_out`] says which are
//! not run, and which feature each of them needs that Thimble lacks. A file is
//! parsed once (`script`), then run in every `Way`.

// Runs on a developer's machine, where an allocation that fails may abort; a
// script that cannot be run is a failed test, which a panic reports.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing
)]

pub mod files;
pub mod left_out;
mod messages;
pub mod pack;
mod run;
mod script;
pub mod tally;
mod value;
mod way;

use tally::Tally;

/// Runs one file in every way.
///
/// # Panics
/// With everything that is wrong, if anything is.
pub fn check(folder: &str, name: &str) -> Tally {
    let file = files::find(folder, name);
    let buffer = file
        .wast()
        .expect("the suite's files can be split into tokens");
    let commands = script::commands(&file, &buffer);
    let mut tally = Tally::default();
    tally.add_texts(script::count_texts(&commands));
    let mut problems = Vec::new();
    for way in way::WAYS {
        let ran = run::run(&files::path(&file), &commands, *way, &mut problems);
        assert_eq!(ran, script::count(&commands), "assertions were passed over");
        tally.add(*way, ran);
    }
    assert!(
        problems.is_empty(),
        "{folder}/{name}: {} problems\n  {}\n",
        problems.len(),
        problems.join("\n  ")
    );
    tally
}
