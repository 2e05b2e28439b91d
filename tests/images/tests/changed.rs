//! Images changed in places: none leaves its sandbox.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use thimble_code::image::Buffer;
use thimble_tests_images::{Outcome, change, image, run};
use thimble_tests_validation::Random;
use thimble_vm::Dispatch;

const IMAGES: u64 = 1000;
const CHANGES: u64 = 100;

#[test]
fn changed_images_are_refused_or_stay_in_their_sandbox() {
    let mut counts = [0; 3];
    for number in 0..IMAGES {
        let Some(whole) = image(number) else { continue };
        if whole.as_bytes().len() > 20_000 {
            continue;
        }
        for round in 0..CHANGES {
            let mut random = Random(number << 32 | round);
            let mut changed = Buffer::copy_of(whole.as_bytes()).unwrap();
            change(changed.as_bytes_mut(), &mut random);
            let dispatch = if round % 2 == 0 {
                Dispatch::Loop
            } else {
                Dispatch::Tail
            };
            counts[run(changed, dispatch) as usize] += 1;
        }
    }
    let [refused, not_instantiated, ran] = counts;
    println!("{refused} refused, {not_instantiated} not instantiated, {ran} ran");
    assert!(ran > refused / 20, "the changes are too wild");
    assert_eq!(
        [Outcome::Refused, Outcome::Ran].map(|outcome| outcome as usize),
        [0, 2]
    );
}
