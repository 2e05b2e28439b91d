//! Runs a pack of the specification suite.
//!
//! Arguments: `LENGTH MEMORY STACK`, which are the bytes of the pack, the bytes that a program's
//! memories can take together, and the cells of its stack; and `images` to have each module pass
//! through an image and the verifier.
#![no_std]
#![no_main]

use thimble::Limits;
use thimble_bare::{guest, println, start};
use thimble_test_pack::{Options, left_out, run as run_pack, stated};

start!(run);

fn run(words: &[&str]) -> Result<u8, &'static str> {
    let [length, memory, stack_cells, rest @ ..] = words else {
        return Err("LENGTH MEMORY STACK");
    };
    let number = |word: &str| word.parse::<u32>().map_err(|_| "not a number");
    let (length, memory, stack_cells) = (number(length)?, number(memory)?, number(stack_cells)?);
    let images = match rest {
        [] => false,
        ["images"] => true,
        _ => return Err("an unknown word"),
    };
    let pack = guest(length as usize);
    let stated = stated(pack).map_err(|_| "the pack is damaged")?;
    left_out(pack, |what| println!("left out: {what}")).map_err(|_| "the pack is damaged")?;
    let options = Options {
        limits: Limits {
            memory_bytes: u64::from(memory),
            stack_cells,
            ..Limits::default()
        },
        images,
    };
    let ran = run_pack(pack, &options, &mut |failure| println!("{failure}"));
    println!(
        "stated {stated}\nassertions {}\npassed {}\nfailed {}",
        ran.assertions, ran.passed, ran.failed
    );
    let all = ran.failed == 0 && ran.assertions == stated && ran.passed == stated;
    Ok(u8::from(!all))
}
