//! Element and data segments.

use thimble_wasm::{SegmentMode, ValueType};

use super::Verifier;
use crate::image::{ImageError, Item, Section};

impl Verifier<'_> {
    /// Element segments: their items lie one behind another, as the translator
    /// writes them, so looking at each costs no more than the image's size.
    pub(super) fn elements(&self) -> Result<(), ImageError> {
        let image = self.image;
        let fault = |message| {
            Err(ImageError::malformed(
                image.section_range(Section::Elements).0,
                message,
            ))
        };
        let mut items_end = 0;
        for index in 0..image.element_count() {
            let Some(segment) = image.element(index).filter(|it| it.element.is_reference()) else {
                return fault("an element segment is malformed");
            };
            let (start, end) = image.items_range(index).unwrap_or_default();
            if start < end {
                if start < items_end {
                    return fault("the items of element segments overlap");
                }
                items_end = end;
            }
            if let SegmentMode::Active { index } = segment.mode {
                if image
                    .table(index)
                    .is_none_or(|table| table.element != segment.element)
                {
                    return fault("an element segment is for no table of its type");
                }
                if !self.is_expression(segment.offset, ValueType::I32) {
                    return fault("an element segment has no offset");
                }
            }
            for index in 0..segment.items.count() {
                let valid = match segment.items.get(index) {
                    Some(Item::Null) => true,
                    Some(Item::Function(index)) => {
                        segment.element == ValueType::FuncRef && index < image.function_count()
                    }
                    Some(Item::Global(index)) => image
                        .global(index)
                        .is_some_and(|(ty, ..)| ty.value_type == segment.element && !ty.mutable),
                    None => false,
                };
                if !valid {
                    return fault("an item of an element segment has another type");
                }
            }
        }
        Ok(())
    }

    /// Data segments.
    pub(super) fn data(&self) -> Result<(), ImageError> {
        let image = self.image;
        for index in 0..image.data_count() {
            let valid = image.data(index).is_some_and(|segment| match segment.mode {
                SegmentMode::Active { index } => {
                    index < image.memory_count()
                        && self.is_expression(segment.offset, ValueType::I32)
                }
                SegmentMode::Passive => true,
                SegmentMode::Declared => false,
            });
            if !valid {
                let (at, _) = image.section_range(Section::Data);
                return Err(ImageError::malformed(at, "a data segment is malformed"));
            }
        }
        Ok(())
    }
}
