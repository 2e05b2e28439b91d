//! Function types: how they lie in the image, which are equal, how large they are.

use alloc::vec::Vec;

use thimble_wasm::ValueType;
use thimble_wasm::fallible::TryVec;

use super::{Kinds, Verifier, cells};
use crate::image::{Image, ImageError, Section};
use crate::sort::first_of_equals;

/// What the verifier asks of a type again and again.
#[derive(Clone, Copy, Default)]
pub(super) struct Summary {
    /// The first of the types equal to it.
    pub canonical: u16,
    /// Cells of the parameters; `u16::MAX` if there are as many or more, which
    /// fit in no frame.
    pub params: u16,
    /// Cells of the results, likewise.
    pub results: u16,
    /// Whether any parameter or result is a reference.
    pub references: bool,
}

/// Cells of values, of which each type was looked at before.
pub(super) fn sum(values: &[u8]) -> u16 {
    values
        .iter()
        .filter_map(|&byte| ValueType::from_byte(byte))
        .fold(0, |sum: u16, ty| sum.saturating_add(cells(ty)))
}

impl Verifier<'_> {
    /// Checks the section and fills in the summaries.
    pub(super) fn types(&mut self) -> Result<(), ImageError> {
        let image = self.image;
        let (start, length) = image.section_range(Section::Types);
        let fault = |message| ImageError::malformed(start, message);
        let count = image.type_count();
        // Types one behind another: with shared bytes, comparing them could take
        // longer than the image's size allows.
        let mut end = count * 4;
        if count == 0 && length != 0 {
            return Err(fault("the types' offsets are wrong"));
        }
        let count = u16::try_from(count).map_err(|_| fault("there are too many types"))?;
        for index in 0..count {
            if image.type_offset(index.into()) != Some(end) {
                return Err(fault("the types' offsets are wrong"));
            }
            let (params, results) = image
                .function_type(index.into())
                .ok_or_else(|| fault("a function type lies outside its section"))?;
            let mut references = false;
            for &byte in params.iter().chain(results) {
                let ty = value_type(byte).ok_or_else(|| fault("there is no such value type"))?;
                references |= ty.is_reference();
            }
            let summary = Summary {
                canonical: 0,
                params: sum(params),
                results: sum(results),
                references,
            };
            self.types.try_push(summary)?;
            end += 4 + (params.len() + results.len()) as u32;
        }
        if end != length {
            return Err(fault("there are bytes behind the function types"));
        }
        self.canonical_types(count)
    }

    fn canonical_types(&mut self, count: u16) -> Result<(), ImageError> {
        let image = self.image;
        let ty = |index: u16| image.function_type(index.into());
        let mut canonical = Vec::new();
        first_of_equals(count, &mut canonical, &|a, b| ty(a).cmp(&ty(b)))?;
        for (summary, index) in self.types.iter_mut().zip(canonical) {
            summary.canonical = index;
        }
        Ok(())
    }

    /// The summary of a type that is the first of its equals.
    pub(super) fn canonical(&self, index: u32) -> Option<Summary> {
        let summary = *self.types.get(index as usize)?;
        (u32::from(summary.canonical) == index).then_some(summary)
    }
}

/// A value type that this version executes.
pub(super) fn value_type(byte: u8) -> Option<ValueType> {
    ValueType::from_byte(byte).filter(|&ty| ty != ValueType::V128)
}

/// The kinds of reference that a value of a type may be used as.
pub(super) fn kinds(byte: u8) -> Kinds {
    match ValueType::from_byte(byte) {
        Some(ValueType::FuncRef) => Kinds::FUNCTION,
        Some(ValueType::ExternRef) => Kinds::EXTERN,
        _ => Kinds::NONE,
    }
}

/// The parameters and results of a type.
pub(super) fn values(image: Image<'_>, index: u32) -> (&[u8], &[u8]) {
    image.function_type(index).unwrap_or_default()
}
