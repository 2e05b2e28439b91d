//! The references that live in cells across a label.

use super::function::Function;
use super::{Kinds, Verifier};
use crate::image::ImageError;
use crate::image::code::Code;
use crate::operation::{CELL, Operation};

/// How many units a `references` operation may list: what the translator limits
/// itself to, and a separator. A branch costs as much as what its label lists.
pub(super) const MAX_LISTED: u16 = 65;

/// The cells that hold references whenever a position is reached.
///
/// Cells with references to functions come first, then, if there are any, the
/// cell of the return address (which is none) and cells with external ones.
pub(super) fn listed(code: Code<'_>, link: u16, at: u32) -> impl Iterator<Item = (u16, Kinds)> {
    let is = |at, operation: Operation| code.unit(at) == Some(operation.single());
    // An island on the way to a label has no list of its own.
    let far = is(at, Operation::BranchFar).then(|| code.target32(at.saturating_add(1)));
    let at = far.flatten().unwrap_or(at);
    let count = if is(at, Operation::References) {
        code.unit(at.saturating_add(1))
            .unwrap_or_default()
            .min(MAX_LISTED)
    } else {
        0
    };
    let first = at.saturating_add(2);
    let mut kinds = Kinds::FUNCTION;
    (first..).take(count.into()).filter_map(move |at| {
        // That it is a whole number is checked where the operation itself is.
        let cell = code.unit(at)? / CELL;
        if cell == link {
            kinds = Kinds::EXTERN;
            return None;
        }
        Some((cell, kinds))
    })
}

impl Verifier<'_> {
    /// Checks that the cells listed at a target hold references, at an operation
    /// from which it is reached.
    pub(super) fn check_references(
        &self,
        function: &Function<'_>,
        at: u32,
        target: u32,
    ) -> Result<(), ImageError> {
        let mut listed = listed(function.code, function.link, target);
        if listed.any(|(cell, kinds)| !self.state.get(cell).covers(kinds)) {
            return Err(function.fault(at, "a cell listed at a label holds no reference"));
        }
        Ok(())
    }

    /// At a target, what it lists is known.
    pub(super) fn assume_references(&mut self, function: &Function<'_>, at: u32) {
        for (cell, kinds) in listed(function.code, function.link, at) {
            // Parameters and locals are known anyway.
            if cell >= function.stack {
                self.state.write(cell, kinds);
            }
        }
    }
}
