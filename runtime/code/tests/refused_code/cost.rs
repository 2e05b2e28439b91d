//! Code that takes long to verify.

use thimble_code::operation::Operation as O;

use crate::writing::{REFERENCES, S, long_bad, long_good, op, second};

/// Code that is cheap to write must not be dear to verify.
#[test]
fn costly_code_is_refused_before_it_takes_long() {
    let costly = "the code is too costly to verify";
    let frame = [16_380, 2, 4, 1 | 1 << 8];
    let null = |cell: u16| second(O::Constant32Short, &[0, cell]);
    let start = std::time::Instant::now();
    // References copied in ranges as large as the frame allows.
    let copies = op(O::CopyRange, &[S, S + 1, 16_000]).repeat(40_000);
    long_bad(costly, REFERENCES, frame, &[&null(S), &copies]);
    // Labels that forget the whole frame, again and again, are within bounds.
    let ends = [null(S), null(16_300), op(O::Branch, &[0])]
        .concat()
        .repeat(20_000);
    long_good(REFERENCES, frame, &[&ends]);
    // So is a table of branches to a label that lists as much as it may.
    let list: Vec<u16> = (S..S + 64).collect();
    let known: Vec<u16> = list.iter().flat_map(|&cell| null(cell)).collect();
    let table = [[50_000u16, 0].as_slice(), &table_to_the_end(50_001)].concat();
    let code = [
        known,
        op(O::BranchTable, &table),
        op(O::References, &[[64].as_slice(), &list].concat()),
    ]
    .concat();
    long_good(REFERENCES, frame, &[&code]);
    let taken = start.elapsed();
    assert!(taken.as_secs() < 60, "{taken:?}");
}

/// Distances of a table of branches from each entry to the end of the table.
fn table_to_the_end(entries: u32) -> Vec<u16> {
    let distance = |entry: u32| (entries - 1 - entry) * 2;
    (0..entries)
        .map(distance)
        .flat_map(|distance| [distance as u16, (distance >> 16) as u16])
        .collect()
}
