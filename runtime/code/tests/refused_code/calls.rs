//! Calls, tail calls and returns.

use thimble_code::operation::Operation as O;

use crate::writing::{
    BINARY, BINARY_FRAME, IMPORT, INDEX, LONG, LONG_FRAME, NOTHING, RESULTS, ROOM, S, TWO,
    TWO_FRAME, bad, good, op,
};

#[test]
fn calls() {
    let place = "the callee's frame begins at a wrong cell";
    good(BINARY, BINARY_FRAME, &[&op(O::Call, &[BINARY, S])]);
    good(BINARY, BINARY_FRAME, &[&op(O::Call, &[BINARY, 15])]);
    bad(place, BINARY, BINARY_FRAME, &[&op(O::Call, &[BINARY, 16])]);
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::Call, &[BINARY, u16::MAX])],
    );
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::Call, &[BINARY, S - 1])],
    );
    bad(place, BINARY, BINARY_FRAME, &[&op(O::Call, &[BINARY, 0])]);
    // Three cells of results.
    good(BINARY, BINARY_FRAME, &[&op(O::Call, &[TWO, 14])]);
    bad(place, BINARY, BINARY_FRAME, &[&op(O::Call, &[TWO, 15])]);
    good(BINARY, BINARY_FRAME, &[&op(O::Call, &[NOTHING, 17])]);
    bad(place, BINARY, BINARY_FRAME, &[&op(O::Call, &[NOTHING, 18])]);
    bad(
        "the function is imported",
        BINARY,
        BINARY_FRAME,
        &[&op(O::Call, &[IMPORT, S])],
    );
    bad(INDEX, BINARY, BINARY_FRAME, &[&op(O::Call, &[8, S])]);
    bad(INDEX, BINARY, BINARY_FRAME, &[&op(O::Call, &[u16::MAX, S])]);
    good(BINARY, BINARY_FRAME, &[&op(O::CallImport, &[IMPORT, S])]);
    bad(
        INDEX,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallImport, &[BINARY, S])],
    );

    let ty = "there is no such type";
    good(BINARY, BINARY_FRAME, &[&op(O::CallIndirect, &[1, 0, S])]);
    bad(
        ty,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[2, 0, S])],
    );
    bad(
        ty,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[7, 0, S])],
    );
    bad(
        "there is no such table",
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[1, 2, S])],
    );
    let table = "the table does not hold functions";
    bad(
        table,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[1, 1, S])],
    );
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::CallIndirect, &[4, 0, 15])],
    );
    good(BINARY, BINARY_FRAME, &[&op(O::RefFunc, &[IMPORT])]);
    bad(INDEX, BINARY, BINARY_FRAME, &[&op(O::RefFunc, &[8])]);
}

#[test]
fn tail_calls() {
    let link = "the return address is in another cell";
    let results = "a tail call has other results";
    good(BINARY, BINARY_FRAME, &[&op(O::ReturnCall, &[2, BINARY, S])]);
    bad(
        link,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[3, BINARY, S])],
    );
    bad(
        results,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[2, LONG, S])],
    );
    bad(
        results,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[2, NOTHING, S])],
    );
    good(
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallImport, &[2, IMPORT, S])],
    );
    bad(
        INDEX,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallImport, &[2, BINARY, S])],
    );
    good(
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallIndirect, &[2, 1, 0, S])],
    );
    bad(
        link,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallIndirect, &[0, 1, 0, S])],
    );
    let table = "the table does not hold functions";
    bad(
        table,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallIndirect, &[2, 1, 1, S])],
    );
    bad(
        results,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCallIndirect, &[2, 5, 0, S])],
    );
    let place = "the callee's frame begins at a wrong cell";
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[2, BINARY, 16])],
    );
    bad(
        place,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCall, &[2, BINARY, 1])],
    );
    bad(
        place,
        BINARY,
        [3, 2, 0, 0],
        &[&op(O::ReturnCall, &[2, BINARY, 3])],
    );
}

#[test]
fn returns() {
    good(BINARY, BINARY_FRAME, &[&op(O::ReturnAccumulator32, &[2])]);
    good(BINARY, BINARY_FRAME, &[&op(O::ReturnCell32, &[2, 0])]);
    bad(
        "the return address is in another cell",
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnAccumulator32, &[1])],
    );
    bad(
        "a return leaves out results",
        BINARY,
        BINARY_FRAME,
        &[&op(O::Return, &[2])],
    );
    let width = "a return has a result of another width";
    bad(
        width,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnAccumulator64, &[2])],
    );
    bad(
        width,
        BINARY,
        BINARY_FRAME,
        &[&op(O::ReturnCell64, &[2, 3])],
    );
    bad(
        width,
        LONG,
        LONG_FRAME,
        &[&op(O::ReturnAccumulator32, &[2])],
    );
    good(LONG, LONG_FRAME, &[&op(O::ReturnCell64, &[2, 0])]);
    // One result must come to the accumulator too, so not as a range.
    bad(
        RESULTS,
        LONG,
        LONG_FRAME,
        &[&op(O::ReturnRange, &[2, S, 2])],
    );
    good(TWO, TWO_FRAME, &[&op(O::ReturnRange, &[0, S, 3])]);
    bad(RESULTS, TWO, TWO_FRAME, &[&op(O::ReturnRange, &[0, S, 2])]);
    bad(RESULTS, TWO, TWO_FRAME, &[&op(O::ReturnRange, &[0, S, 4])]);
    bad(ROOM, TWO, TWO_FRAME, &[&op(O::ReturnRange, &[0, 13, 3])]);
    bad(RESULTS, TWO, TWO_FRAME, &[&op(O::ReturnCell32, &[0, S])]);
    bad(
        "a return leaves out results",
        TWO,
        TWO_FRAME,
        &[&op(O::Return, &[0])],
    );
}
