//! Numbers, sizes and times as they are typed.

use super::Wrong;

/// The words of a command, front to back, with the place of the last.
pub(super) struct Words<'a> {
    words: &'a [&'a str],
    /// The number of the next word.
    next: usize,
}

impl<'a> Words<'a> {
    pub(super) const fn new(words: &'a [&'a str]) -> Self {
        Self { words, next: 0 }
    }

    /// The next word.
    pub(super) fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.next)?;
        self.next += 1;
        Some(word)
    }

    /// The next word, which must be there.
    pub(super) fn required(&mut self) -> Result<&'a str, Wrong> {
        self.next().ok_or(Wrong::Usage)
    }

    /// The next word as something that it must be.
    pub(super) fn parse<T>(&mut self, parse: fn(&str) -> Option<T>) -> Result<T, Wrong> {
        parse(self.required()?).ok_or_else(|| self.wrong())
    }

    /// That the last word is wrong.
    pub(super) const fn wrong(&self) -> Wrong {
        Wrong::Word(self.next.saturating_sub(1))
    }

    /// Nothing may follow.
    pub(super) fn end(&self) -> Result<(), Wrong> {
        if self.next < self.words.len() {
            return Err(Wrong::Word(self.next));
        }
        Ok(())
    }
}

/// A number in decimal.
pub(super) fn number<T: core::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// Splits a text into its digits and the unit behind them.
fn split_unit(text: &str) -> Option<(u64, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at_checked(end)?;
    Some((number(digits)?, unit))
}

/// A size in bytes: `4096`, `64K`, `1M`.
pub(super) fn size(text: &str) -> Option<u64> {
    let (size, unit) = split_unit(text)?;
    let shift = match unit {
        "" => 0,
        "k" | "K" => 10,
        "m" | "M" => 20,
        "g" | "G" => 30,
        _ => return None,
    };
    size.checked_mul(1 << shift)
}

/// A time in nanoseconds: `2s`, `500ms`, `2` for seconds.
pub(super) fn time(text: &str) -> Option<u64> {
    let (time, unit) = split_unit(text)?;
    let factor = match unit {
        "" | "s" => 1_000_000_000,
        "ms" => 1_000_000,
        "us" => 1_000,
        "m" | "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    time.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::{size, time};

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("4096"), Some(4096));
        assert_eq!(size("64K"), Some(65_536));
        assert_eq!(size("1m"), Some(1 << 20));
        for wrong in [
            "",
            "K",
            "1X",
            "-1",
            "99999999999999999999",
            "18446744073709551615G",
        ] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_have_units() {
        assert_eq!(time("2"), Some(2_000_000_000));
        assert_eq!(time("500ms"), Some(500_000_000));
        assert_eq!(time("1h"), Some(3_600_000_000_000));
        for wrong in ["", "s", "2 s", "1.5s", "9999999999999h"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }
}
