//! Cases about random numbers.

use crate::outcome::{Result, check, supported};
use crate::run::{Config, cases};

cases![fills_differ, every_byte_is_filled, nothing_is_filled];

const NONE: &str = "no cryptographic source";

fn fills_differ(config: &Config) -> Result {
    let random = config.platform.random();
    let (mut first, mut second) = ([0; 32], [0; 32]);
    supported(random.fill(&mut first), NONE)?;
    random.fill(&mut second)?;
    check(first != second, "two fills to differ")?;
    check(first != [0; 32] && second != [0; 32], "more than zeroes")
}

fn every_byte_is_filled(config: &Config) -> Result {
    let random = config.platform.random();
    // No length of these is a multiple of a machine word.
    for length in [1, 3, 7, 33, 61] {
        // Ones stay where a bit of any fill is one: 64 fills leave no zero.
        let mut seen = [0u8; 61];
        for _ in 0..64 {
            let mut buffer = [0; 61];
            let part = buffer.get_mut(..length).unwrap_or_default();
            supported(random.fill(part), NONE)?;
            for (seen, byte) in seen.iter_mut().zip(buffer) {
                *seen |= byte;
            }
        }
        let (filled, rest) = seen.split_at(length);
        check(filled.iter().all(|b| *b == 0xff), "every bit to be random")?;
        check(rest.iter().all(|b| *b == 0), "nothing after the buffer")?;
    }
    Ok(())
}

fn nothing_is_filled(config: &Config) -> Result {
    supported(config.platform.random().fill(&mut []), NONE)
}
