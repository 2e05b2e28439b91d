//! How many assertions were run.

use crate::way::{WAYS, Way};

/// Assertions by way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    by_way: [usize; WAYS.len()],
    /// Texts that the parser of the text format refused, as it should.
    texts: usize,
}

impl Tally {
    /// Counts assertions of one way.
    pub fn add(&mut self, way: Way, assertions: usize) {
        let index = WAYS
            .iter()
            .position(|other| *other == way)
            .expect("a way of WAYS");
        self.by_way[index] += assertions;
    }

    /// Counts texts that were refused.
    pub fn add_texts(&mut self, texts: usize) {
        self.texts += texts;
    }

    /// Counts what another tally has.
    pub fn merge(&mut self, other: &Self) {
        for (sum, more) in self.by_way.iter_mut().zip(other.by_way) {
            *sum += more;
        }
        self.texts += other.texts;
    }

    /// The assertions of one way; all ways have the same.
    pub fn in_each_way(&self) -> usize {
        self.total() / WAYS.len()
    }

    /// The assertions of all ways.
    pub fn total(&self) -> usize {
        self.by_way.iter().sum()
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} assertions", self.total())?;
        for (way, count) in WAYS.iter().zip(self.by_way) {
            write!(f, "; {}: {count}", way.name)?;
        }
        write!(
            f,
            "; besides, {} texts that the text parser refused",
            self.texts
        )
    }
}
