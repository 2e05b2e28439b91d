//! Images that strangers could send: made from modules, changed, with checksums
//! that fit. The verifier refuses them, or they run, and stay in their sandbox.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod change;
mod sandbox;

pub use change::{change, change_at, repair};
pub use sandbox::{Outcome, run};

use std::sync::OnceLock;

use thimble_code::image::Buffer;
use thimble_code::{Config, translate};
use thimble_tests_validation::Random;
use thimble_vm::Dispatch;
use thimble_wasm::Limits;

/// The image of a module, if that is valid.
pub fn image_of(mut module: &[u8]) -> Option<Buffer> {
    let mut buffer = Buffer::new();
    translate(
        &mut module,
        &Limits::DEFAULT,
        Config::default(),
        &mut buffer,
    )
    .ok()?;
    Some(buffer)
}

/// The image with a number: of a program with a little of everything, or of a
/// generated module.
pub fn image(number: u64) -> Option<Buffer> {
    if number == 0 {
        let text = include_str!("../../../runtime/code/tests/everything.wat");
        return image_of(&wat::parse_str(text).unwrap());
    }
    image_of(&thimble_tests_validation::module(number))
}

/// What a fuzzer's bytes ask for: the image with the number in the first byte,
/// changed as the others say. The second says how they are read: as places and
/// units, or as seeds of changes that may be valid; and how the image is run.
pub fn fuzz(input: &[u8]) {
    static IMAGES: [OnceLock<Option<Buffer>>; 256] = [const { OnceLock::new() }; 256];
    let [number, mode, changes @ ..] = input else {
        return;
    };
    let whole = IMAGES[usize::from(*number)].get_or_init(|| image((*number).into()));
    let Some(whole) = whole else { return };
    let mut buffer = Buffer::copy_of(whole.as_bytes()).unwrap();
    let bytes = buffer.as_bytes_mut();
    for word in changes.chunks_exact(4).take(16) {
        let [low, high] = [[word[0], word[1]], [word[2], word[3]]].map(u16::from_le_bytes);
        if mode & 1 == 0 {
            change_at(bytes, low.into(), high);
        } else {
            change(bytes, &mut Random(u64::from(low) << 16 | u64::from(high)));
        }
    }
    repair(bytes);
    let dispatch = if mode & 2 == 0 {
        Dispatch::Loop
    } else {
        Dispatch::Tail
    };
    run(buffer, dispatch);
}
