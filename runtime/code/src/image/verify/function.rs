//! Functions: where their code lies, where branches lead, and one walk over the
//! operations in order.

use thimble_wasm::ValueType;
use thimble_wasm::fallible::TryVec;

use super::operation::number_of;
use super::types::{kinds, sum, values};
use super::{Kinds, Verifier};
use crate::image::code::{Code, Step};
use crate::image::reader::value_byte;
use crate::image::{EXPRESSION_TYPE, FunctionRecord, HEADER_LENGTH, ImageError, PROLOGUE_UNITS};
use crate::operation::{Operand, Operation, Variant};

/// The function that is being verified.
pub(super) struct Function<'a> {
    pub code: Code<'a>,
    /// Where the code lies, for errors.
    pub offset: u32,
    pub frame: u16,
    /// The cell of the return address.
    pub link: u16,
    /// The first cell of the operand stack.
    pub stack: u16,
    pub results: &'a [u8],
    pub result_cells: u16,
    /// Whether it is a constant expression.
    pub expression: bool,
}

impl Function<'_> {
    /// The error of the operation at a position.
    pub(super) fn fault(&self, at: u32, message: &'static str) -> ImageError {
        ImageError::malformed(self.offset.saturating_add(at.saturating_mul(2)), message)
    }
}

impl<'a> Verifier<'a> {
    /// All functions and expressions, and that their code does not overlap.
    pub(super) fn functions(&mut self) -> Result<(), ImageError> {
        let image = self.image;
        // Functions come in the order of their code, and so do expressions: at
        // each step the next piece of code is the lower of two.
        let mut function = image.imported_function_count();
        let mut expression = image.function_count();
        let mut end = HEADER_LENGTH as u32 + 8;
        loop {
            let next = image
                .function(function)
                .filter(|_| function < image.function_count());
            let (index, record) = match (next, image.function(expression)) {
                (Some(next), other) if other.is_none_or(|other| next.code < other.code) => {
                    function += 1;
                    (function - 1, next)
                }
                (_, Some(other)) => {
                    expression += 1;
                    (expression - 1, other)
                }
                _ => return Ok(()),
            };
            let start = record.code.checked_sub(record.map_bytes);
            if start.is_none_or(|start| start < end) || !record.code.is_multiple_of(2) {
                return Err(ImageError::malformed(
                    record.code,
                    "code overlaps, is out of order or unaligned",
                ));
            }
            let code = image.code(index).ok_or(ImageError::malformed(
                record.code,
                "code lies outside the image",
            ))?;
            end = record.code.saturating_add(record.units.saturating_mul(2));
            self.function(record, code)?;
        }
    }

    fn function(&mut self, record: FunctionRecord, code: Code<'a>) -> Result<(), ImageError> {
        let mut function = Function {
            code,
            offset: record.code,
            frame: 0,
            link: 0,
            stack: 0,
            results: &[],
            result_cells: 0,
            expression: record.type_index & EXPRESSION_TYPE != 0,
        };
        self.prologue(&mut function, record.type_index)?;
        self.targets(&function)?;
        self.walk(&function)
    }

    /// The units in front of the operations. Places what parameters and locals hold.
    fn prologue(&mut self, function: &mut Function<'a>, type_index: u32) -> Result<(), ImageError> {
        let code = function.code;
        let mut params: &[u8] = &[];
        let mut param_cells = 0;
        if function.expression {
            let result = ValueType::from_byte(type_index as u8);
            function.results = result.map_or(&[], value_byte);
            function.result_cells = sum(function.results);
        } else {
            let summary = self.canonical(type_index).unwrap_or_default();
            (params, function.results) = values(self.image, type_index);
            param_cells = summary.params;
            function.result_cells = summary.results;
            // Only references need a look at each parameter.
            if !summary.references {
                params = &[];
            }
        }
        let unit = |at| {
            code.unit(at)
                .ok_or(function.fault(0, "the prologue is cut"))
        };
        let (sizes, references) = ([unit(0)?, unit(1)?, unit(2)?].map(number_of), unit(3)?);
        let [Some(frame), Some(link), Some(zero)] = sizes else {
            return Err(function.fault(0, "the prologue does not fit the function"));
        };
        let (functions, externs) = (references & 0xff, references >> 8);
        let stack = u32::from(link) + 1 + u32::from(zero);
        if link != param_cells
            || stack > u32::from(frame)
            || functions + externs > zero
            || frame < function.result_cells
            || function.result_cells == u16::MAX
        {
            return Err(function.fault(0, "the prologue does not fit the function"));
        }
        (function.frame, function.link, function.stack) = (frame, link, stack as u16);

        self.state.begin(frame, function.stack)?;
        if !self.spend(params.len()) {
            return Err(function.fault(0, "the code is too costly to verify"));
        }
        let mut cell = 0;
        for &byte in params {
            self.state.set(cell, kinds(byte));
            cell += sum(&[byte]);
        }
        for (index, cell) in (0..functions + externs).zip(link + 1..) {
            let kinds = if index < functions {
                Kinds::FUNCTION
            } else {
                Kinds::EXTERN
            };
            self.state.set(cell, kinds);
        }
        Ok(())
    }

    /// The first walk: notes where branches lead.
    fn targets(&mut self, function: &Function<'a>) -> Result<(), ImageError> {
        let code = function.code;
        self.targets.clear();
        self.targets.try_resize(code.units() as usize / 32 + 1, 0)?;
        let mut at = PROLOGUE_UNITS;
        while at < code.units() {
            let step = code
                .step(at)
                .ok_or(function.fault(at, "there is no such operation, or it is cut"))?;
            at = step.end;
            each_target(code, &step, |target| {
                // Distances have a sign, and what is checked is where they lead.
                let target = target
                    .filter(|&target| target >= PROLOGUE_UNITS && target < code.units())
                    .ok_or(function.fault(step.at, "a branch leaves its function"))?;
                let forward = target > step.at;
                if step
                    .shape
                    .operands()
                    .any(|operand| operand == Operand::Branch16)
                    && forward != (step.decoded.variant == Variant::First)
                {
                    return Err(function.fault(step.at, "a branch has the wrong direction"));
                }
                if let Some(word) = self.targets.get_mut(target as usize / 32) {
                    *word |= 1 << (target % 32);
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn is_target(&self, at: u32) -> bool {
        self.targets
            .get(at as usize / 32)
            .is_some_and(|word| word >> (at % 32) & 1 != 0)
    }

    /// The second walk: checks each operation.
    fn walk(&mut self, function: &Function<'a>) -> Result<(), ImageError> {
        let code = function.code;
        let mut at = PROLOGUE_UNITS;
        // Whether the operation before goes on here.
        let mut reached = true;
        while let Some(step) = code.step(at) {
            if (at + 1..step.end).any(|at| self.is_target(at)) {
                return Err(function.fault(at, "a branch leads into an operation"));
            }
            let target = self.is_target(at);
            if target && reached {
                self.check_references(function, at, at)?;
            }
            if target || !reached {
                let work = self.state.reset();
                if !self.spend(work) {
                    return Err(function.fault(at, "the code is too costly to verify"));
                }
            }
            if target {
                self.assume_references(function, at);
            }
            self.operation(function, &step)?;
            each_target(code, &step, |target| {
                target.map_or(Ok(()), |target| {
                    self.check_references(function, step.at, target)
                })
            })?;
            reached = goes_on(step.decoded.operation);
            at = step.end;
        }
        if reached {
            return Err(function.fault(at, "a function goes on behind its end"));
        }
        Ok(())
    }
}

/// Calls `with` for each position to which an operation may branch.
fn each_target(
    code: Code<'_>,
    step: &Step,
    mut with: impl FnMut(Option<u32>) -> Result<(), ImageError>,
) -> Result<(), ImageError> {
    match step.shape.operands().last() {
        // The distance is the last unit.
        Some(Operand::Branch16) => with(code.target16(step.end - 1)),
        Some(Operand::Branch32) => with(code.target32(step.end - 2)),
        Some(Operand::TableCount) => (step.at + 3..step.end)
            .step_by(2)
            .try_for_each(|at| with(code.target32(at))),
        _ => Ok(()),
    }
}

/// Whether the operation behind may be reached through this one.
const fn goes_on(operation: Operation) -> bool {
    use Operation as O;
    !matches!(
        operation,
        O::Branch
            | O::BranchFar
            | O::BranchTable
            | O::Unreachable
            | O::Return
            | O::ReturnAccumulator32
            | O::ReturnAccumulator64
            | O::ReturnCell32
            | O::ReturnCell64
            | O::ReturnRange
            | O::ReturnCall
            | O::ReturnCallImport
            | O::ReturnCallIndirect
            | O::Exit
            | O::CrossReturn
    )
}
