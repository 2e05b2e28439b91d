//! References: that none is forged from a number, across cells, calls and labels.

use thimble_code::image::ImageError;
use thimble_code::operation::{CELL, Form, Operation as O, Variant};

use crate::writing::{
    FORGED, IMPORT, IMPORT_REFERENCES, NOTHING, PAIR, PAIR_FRAME, REFERENCES, REFERENCES_FRAME, S,
    bad, form, good, op, second, verdict,
};

#[test]
fn references_are_not_forged() {
    let number = op(O::Constant32Short, &[5]);
    let null = op(O::Constant32Short, &[0]);
    let function = op(O::RefFunc, &[IMPORT]);
    let external = op(O::TableGet, &[1]);
    // f3 has the parameters r0 funcref, r1 externref, the locals r3 funcref, r4 externref.
    let f = |code: &[&[u16]]| verdict(REFERENCES, REFERENCES_FRAME, code);
    let uses: [(&str, Vec<u16>, bool); 10] = [
        ("parameter", op(O::Put32, &[0]), true),
        ("local", op(O::Put32, &[3]), true),
        ("parameter", op(O::Put32, &[1]), false),
        ("local", op(O::Put32, &[4]), false),
        ("global", op(O::GlobalSet32, &[3]), true),
        ("global", op(O::GlobalSet32, &[4]), false),
        ("imported global", op(O::ImportGlobalSet32, &[3]), true),
        ("return", op(O::ReturnAccumulator32, &[2]), false),
        (
            "table",
            [op(O::Put32, &[S]), op(O::TableSet, &[0, 5, S])].concat(),
            true,
        ),
        (
            "table",
            [op(O::Put32, &[S]), op(O::TableGrow, &[1, S, 5])].concat(),
            false,
        ),
    ];
    let forged = |result: Result<(), ImageError>| match result {
        Err(ImageError::Malformed { message, .. }) => {
            assert_eq!(message, FORGED);
            true
        }
        other => {
            assert_eq!(other, Ok(()));
            false
        }
    };
    for (name, usage, of_function) in &uses {
        assert!(!forged(f(&[&null, usage])), "{name}: null is a reference");
        assert!(forged(f(&[&number, usage])), "{name}: a number is not");
        assert_eq!(forged(f(&[&function, usage])), !of_function, "{name}");
        assert_eq!(forged(f(&[&external, usage])), *of_function, "{name}");
        assert!(forged(f(&[usage])), "{name}: nothing is known at the start");
        assert!(
            forged(f(&[&function, &op(O::Take64, &[5]), usage])),
            "{name}"
        );
        assert!(
            forged(f(&[&external, &op(O::MemorySize, &[0]), usage])),
            "{name}"
        );
        // Across a branch target nothing is known.
        assert!(forged(f(&[&null, &op(O::Branch, &[0]), usage])), "{name}");
    }
    for (cell, kind) in [(0, true), (1, false), (3, true), (4, false)] {
        let take = op(O::Take32, &[cell]);
        for (name, usage, of_function) in &uses {
            assert_eq!(
                forged(f(&[&take, usage])),
                kind != *of_function,
                "{name} from r{cell}"
            );
        }
        // What is not a reference is not written there, by whatever operation.
        let pieces: [Vec<u16>; 6] = [
            second(O::Constant32Short, &[5, cell]),
            second(O::Constant32, &[0, 0, cell]),
            form(O::I32Add, Form::Rr, Variant::Second, &[5, 6, cell]),
            op(O::Copy32, &[5, cell]),
            second(O::GlobalGet32, &[2, cell]),
            second(O::Select32, &[5, 6, cell]),
        ];
        for piece in &pieces {
            assert!(forged(f(&[piece])), "r{cell}");
        }
    }
    assert!(forged(f(&[&op(O::Copy64, &[5, 3])])), "two cells");
    assert!(
        forged(f(&[&op(O::Copy64, &[S, 4])])),
        "the second of two cells"
    );
    assert!(!forged(f(&[&second(O::Constant32Short, &[0, 4])])));

    // References on the operand stack are gone when any part is written.
    let keep = [function.clone(), op(O::Put32, &[S])].concat();
    let back = op(O::Copy32, &[S, 3]);
    assert!(!forged(f(&[&keep, &back])));
    assert!(forged(f(&[
        &keep,
        &second(O::Constant64Short, &[0, S]),
        &back
    ])));
    assert!(forged(f(&[
        &keep,
        &second(O::Constant64Short, &[0, S - 1]),
        &back
    ])));
    assert!(forged(f(&[&keep, &op(O::Call, &[NOTHING, S]), &back])));
    assert!(!forged(f(&[&keep, &op(O::Call, &[NOTHING, S + 1]), &back])));
    assert!(forged(f(&[
        &keep,
        &op(O::CopyRange, &[S + 1, S, 1]),
        &back
    ])));
    assert!(!forged(f(&[
        &keep,
        &op(O::CopyRange, &[S, S + 2, 1]),
        &op(O::Copy32, &[S + 2, 3])
    ])));
    // A select of two kinds is of none, save null.
    let select = |a: u16, b: u16| second(O::Select32, &[a, b, 3]);
    assert!(!forged(f(&[&select(0, 3)])));
    assert!(forged(f(&[&select(0, 1)])));
    assert!(forged(f(&[&select(0, 5)])));
}

#[test]
fn references_pass_through_calls() {
    let arguments =
        |a: &[u16], b: &[u16]| [a, &op(O::Put32, &[S]), b, &op(O::Put32, &[S + 1])].concat();
    let (function, external) = (op(O::RefFunc, &[IMPORT]), op(O::TableGet, &[1]));
    let number = op(O::Constant32Short, &[1]);
    let right = arguments(&function, &external);
    for call in [
        op(O::Call, &[REFERENCES, S]),
        op(O::CallImport, &[IMPORT_REFERENCES, S]),
        op(O::CallIndirect, &[3, 0, S]),
        op(O::ReturnCall, &[2, REFERENCES, S]),
        op(O::ReturnCallImport, &[2, IMPORT_REFERENCES, S]),
        op(O::ReturnCallIndirect, &[2, 3, 0, S]),
    ] {
        good(REFERENCES, REFERENCES_FRAME, &[&right, &call]);
        for wrong in [
            arguments(&external, &function),
            arguments(&number, &external),
            arguments(&function, &number),
            Vec::new(),
        ] {
            bad(FORGED, REFERENCES, REFERENCES_FRAME, &[&wrong, &call]);
        }
    }
    // The single result is in its cell and in the accumulator.
    let call = op(O::Call, &[REFERENCES, S]);
    let put = |cell: u16| op(O::Put32, &[cell]);
    let copy = |from: u16, to: u16| op(O::Copy32, &[from, to]);
    good(
        REFERENCES,
        REFERENCES_FRAME,
        &[&right, &call, &put(1), &copy(S, 4)],
    );
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&right, &call, &put(0)],
    );
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&right, &call, &copy(S, 3)],
    );
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&right, &call, &copy(S + 1, 4)],
    );
    // Of several results, none is in the accumulator.
    let pair = op(O::Call, &[PAIR, S]);
    good(
        REFERENCES,
        REFERENCES_FRAME,
        &[&pair, &copy(S, 3), &copy(S + 1, 4)],
    );
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&pair, &copy(S + 1, 3)],
    );
    bad(FORGED, REFERENCES, REFERENCES_FRAME, &[&pair, &put(3)]);
    bad(
        FORGED,
        REFERENCES,
        REFERENCES_FRAME,
        &[&function, &pair, &put(3)],
    );
    // Returns of several.
    let range = op(O::ReturnRange, &[1, 6, 2]);
    good(
        PAIR,
        PAIR_FRAME,
        &[&pair, &op(O::CopyRange, &[S, 6, 2]), &range],
    );
    bad(FORGED, PAIR, PAIR_FRAME, &[&range]);
    bad(
        FORGED,
        PAIR,
        PAIR_FRAME,
        &[
            &pair,
            &op(O::CopyRange, &[S, S + 1, 1]),
            &op(O::ReturnRange, &[1, S, 2]),
        ],
    );
}

#[test]
fn references_across_labels() {
    let unlisted = "a cell listed at a label holds no reference";
    let keep = [op(O::RefFunc, &[IMPORT]), op(O::Put32, &[S])].concat();
    let branch = op(O::Branch, &[0]);
    let list = op(O::References, &[1, S]);
    let external = op(O::References, &[2, 2, S]);
    let back = op(O::Copy32, &[S, 3]);
    let f = REFERENCES;
    let frame = REFERENCES_FRAME;
    good(f, frame, &[&keep, &branch, &list, &back]);
    bad(FORGED, f, frame, &[&keep, &branch, &back]);
    bad(unlisted, f, frame, &[&branch, &list, &back]);
    bad(
        unlisted,
        f,
        frame,
        &[&keep, &branch, &external, &op(O::Copy32, &[S, 4])],
    );
    // Reached from behind and by going on: each path must bring it.
    let nez = form(O::BranchNez, Form::R, Variant::First, &[5, 4]);
    let number = op(O::Constant32Short, &[5]);
    good(f, frame, &[&keep, &nez, &number, &branch, &list, &back]);
    let other = second(O::Constant32Short, &[5, S]);
    let nez = form(O::BranchNez, Form::R, Variant::First, &[5, 3]);
    bad(unlisted, f, frame, &[&keep, &nez, &other, &list, &back]);
    let loop_back = second(O::Branch, &[(-8i16) as u16]);
    bad(unlisted, f, frame, &[&keep, &list, &other, &loop_back]);
    good(
        f,
        frame,
        &[&keep, &list, &op(O::Copy32, &[5, 6]), &loop_back],
    );
    // A list that no branch leads to is no source of references.
    bad(FORGED, f, frame, &[&list, &back]);
    // Only the operand stack is listed, and not too much of it.
    let place = "a cell is listed that is not on the operand stack";
    bad(place, f, frame, &[&op(O::References, &[1, 0])]);
    bad(FORGED, f, frame, &[&op(O::References, &[1, 17])]);
    let between = [O::References.single(), 1, S * CELL + 2];
    bad(place, f, frame, &[&keep, &between]);
    let many: Vec<u16> = [S].repeat(66);
    bad(
        "too many references are listed",
        f,
        frame,
        &[
            &keep,
            &op(O::References, &[&[66], many.as_slice()].concat()),
        ],
    );
    // On the way through an island.
    let island = op(O::BranchFar, &[0, 0]);
    good(f, frame, &[&keep, &branch, &island, &list, &back]);
    bad(unlisted, f, frame, &[&branch, &island, &list, &back]);
    bad(
        unlisted,
        f,
        frame,
        &[&keep, &branch, &island, &island, &list, &back],
    );
}
