//! The verifier: whether an image from a stranger may be executed.
//!
//! The executor looks at nothing twice: it reads `fp[cell]`, `functions[index]`
//! and jumps to `ip + distance` as the code says. What it relies on is checked
//! here, in time and memory proportional to the image. Once [`verify`] has
//! accepted an image (whose frame [`Image::open`] has checked), this holds:
//!
//! **Sections.** The directory and all sections lie in the image, aligned to 4
//! except for the names, and hold whole records. The stubs are in their place.
//! There is no machine code. Value types exist and are not vectors; minima are
//! not above maxima; memories are of at most 4 GiB. The imports are, in order,
//! the first functions, tables, memories and globals. Exports have unique names
//! and existing indexes. The start function takes and returns nothing. Segments
//! lie in the image, their tables and memories exist, their items are of their
//! type, and their offsets are expressions of type i32. The globals that the
//! module defines lie in its cells one behind another, and each has an
//! expression of its type. Wherever a function type is named, it is the first of
//! its equals, so equal numbers are equal types; only imports may name others.
//!
//! **Functions.** The code of different functions does not overlap. A frame has
//! room for parameters, return address, locals and results. Operations follow
//! each other without a gap, the last one does not go on, and branches lead to
//! operations of the same function. A branch whose token says "forward" leads
//! forward, all others test the interrupt word, as calls do: no run of
//! operations is endless without such a test.
//!
//! **Operands.** Cells lie in the frame. The cell of the return address is
//! neither read nor written, save by calls and returns. The frame of a callee
//! begins behind the caller's locals, and its parameters and results lie in the
//! caller's frame; the results of a tail call in that of the caller's caller.
//! Indexes exist, and are of what the operation needs: a global of its width
//! (mutable to be set), a table of functions to call through, tables and
//! segments of the same type. Returns return the function's results. An
//! [`Access`] exists and has the operation's width. Memory 0 exists where it is
//! accessed, and offsets have 32 bits.
//!
//! **References.** A reference is a handle of 32 bits, and none can be forged or
//! used as one of the other kind (function, external). Parameters and locals of
//! reference types always hold one: whatever writes them is known to write one.
//! Of other cells and the accumulator it is known from one label to the next
//! what they hold; a `references` operation at a label says which cells do
//! whenever it is reached. The number 0 is null, of either kind.
//!
//! For its part, the executor must leave the accumulator alone in operations
//! without a result except calls; leave the result of a call there if it has
//! exactly one, whoever is called; begin a frame's locals with 0; copy ranges as
//! `memmove` does; and test the interrupt word in backward branches, `br.far`,
//! `br.table` and all calls. Stack space is its own business, in calls.
//!
//! Constant expressions consist of a few operations, which only compute, and
//! read globals.
//!
//! [`Access`]: crate::operation::Access

mod function;
mod operation;
mod reference;
mod sections;
mod segments;
mod state;
mod types;

use alloc::vec::Vec;

use thimble_wasm::ValueType;

use self::state::{Kinds, State};
use self::types::Summary;
use super::{EXPRESSION_TYPE, Image, ImageError};

/// What a unit of code may cost, in cells and values looked at: passing as many
/// references as the default limits allow, with three units, is a little dearer,
/// but bringing them into place takes units too.
const WORK_PER_UNIT: u32 = 256;

/// Checks that executing the image cannot reach outside its sandbox.
///
/// # Errors
/// [`ImageError::Malformed`] says what is wrong and where, and
/// [`ImageError::OutOfMemory`] that there was no room: a bit for each unit of
/// the largest function, two for each cell of the largest frame, 8 bytes a
/// function type (14 for a while) and 4 an export are needed.
pub fn verify(image: &Image<'_>) -> Result<(), ImageError> {
    let mut verifier = Verifier {
        image: *image,
        types: Vec::new(),
        targets: Vec::new(),
        state: State::default(),
        imported_globals: 0,
        work: 65_536,
    };
    verifier.frame()?;
    verifier.types()?;
    verifier.records()?;
    verifier.imports()?;
    verifier.limits()?;
    verifier.globals()?;
    verifier.exports()?;
    verifier.elements()?;
    verifier.data()?;
    verifier.functions()
}

/// What is known of the image, and what is kept from function to function.
struct Verifier<'a> {
    image: Image<'a>,
    types: Vec<Summary>,
    /// A bit for each unit of a function: whether a branch leads there.
    targets: Vec<u32>,
    state: State,
    imported_globals: u32,
    /// Work that may still be done; see [`WORK_PER_UNIT`].
    work: u32,
}

impl Verifier<'_> {
    /// Whether the record is a constant expression of that type.
    fn is_expression(&self, index: u32, ty: ValueType) -> bool {
        index >= self.image.function_count()
            && self
                .image
                .function(index)
                .is_some_and(|record| record.type_index == EXPRESSION_TYPE | u32::from(ty as u8))
    }

    /// Notes work, and says whether there may be as much.
    fn spend(&mut self, work: usize) -> bool {
        let left = u32::try_from(work)
            .ok()
            .and_then(|work| self.work.checked_sub(work));
        self.work = left.unwrap_or_default();
        left.is_some()
    }
}

/// How many cells a value takes.
const fn cells(ty: ValueType) -> u16 {
    match ty {
        ValueType::I64 | ValueType::F64 => 2,
        ValueType::V128 => 4,
        _ => 1,
    }
}
