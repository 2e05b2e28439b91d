//! One operation: its operands, and what it does to references.

use thimble_wasm::{GlobalType, ValueType};

use super::function::Function;
use super::reference::MAX_LISTED;
use super::types::{Summary, kinds, sum, values};
use super::{Kinds, Verifier};
use crate::image::code::Step;
use crate::image::{Features, ImageError};
use crate::operation::{Access, CELL, Family, Operand, Operation, Variant, Width};

type Checked<T = ()> = Result<T, &'static str>;

/// What the operands of an operation turned out to be.
#[derive(Default)]
struct Operands {
    /// First unit of each operand; cells as numbers.
    units: [u16; 5],
    /// The type of the callee, and its number.
    callee: Option<(u32, Summary)>,
    /// Element types of the tables and element segments named.
    elements: [Option<ValueType>; 2],
    global: Option<GlobalType>,
    /// Where the callee's frame begins.
    base: u16,
}

impl Operands {
    fn name_element(&mut self, element: ValueType) {
        let [first, second] = &mut self.elements;
        let place = if first.is_none() { first } else { second };
        *place = Some(element);
    }
}

const NO_REFERENCE: &str = "a number is used as a reference, or one of another kind";
const COSTLY: &str = "the code is too costly to verify";
const GLOBAL: &str = "there is no such global";
const NO_CELL: &str = "an offset is between cells";

fn require(condition: bool, message: &'static str) -> Checked {
    if condition { Ok(()) } else { Err(message) }
}

/// Whether an operand is a cell or a number of them, in bytes.
const fn is_cell(operand: Operand) -> bool {
    use Operand as O;
    matches!(
        operand,
        O::Read32
            | O::Read64
            | O::Reference
            | O::Write32
            | O::Write64
            | O::RangeFrom
            | O::RangeTo
            | O::Count
            | O::Link
            | O::Base
            | O::Global32
            | O::Global64
    )
}

/// The number of the cell at an offset, if there is one.
pub(super) fn number_of(offset: u16) -> Option<u16> {
    offset.is_multiple_of(CELL).then_some(offset / CELL)
}

impl Function<'_> {
    /// Whether cells lie in the frame, the return address not among them.
    fn cells(&self, first: u16, count: u16) -> Checked {
        let end = u32::from(first) + u32::from(count);
        if end > u32::from(self.frame) {
            return Err("a cell lies outside the frame");
        }
        if first <= self.link && end > u32::from(self.link) {
            return Err("the return address is used as a value");
        }
        Ok(())
    }
}

impl<'a> Verifier<'a> {
    /// Checks an operation and notes what it leaves where.
    pub(super) fn operation(
        &mut self,
        function: &Function<'a>,
        step: &Step,
    ) -> Result<(), ImageError> {
        self.check(function, step)
            .map_err(|message| function.fault(step.at, message))
    }

    fn check(&mut self, function: &Function<'a>, step: &Step) -> Checked {
        let operation = step.decoded.operation;
        if function.expression && !in_expression(operation) {
            return Err("an operation that is not allowed in a constant expression");
        }
        if !self.image.features().contains(needs(operation)) {
            return Err("the header lacks a feature that the operation needs");
        }
        if matches!(operation.row().family, Family::Load | Family::Store)
            && self.image.memory_count() == 0
        {
            return Err("there is no memory");
        }
        let operands = self.operands(function, step)?;
        let result = self.effect(function, step, &operands)?;
        let width = step.shape.accumulator_out;
        if width != Width::W0 {
            self.state.accumulator = result;
        }
        let family = operation.row().family;
        if step.decoded.variant == Variant::Second && family != Family::Branch {
            // The result goes to a cell as well, which is the last unit.
            let cell = function.code.unit(step.end - 1).unwrap_or_default() / CELL;
            self.write(cell, width, result)?;
        }
        Ok(())
    }

    fn write(&mut self, cell: u16, width: Width, kinds: Kinds) -> Checked {
        let both = self.state.write(cell, kinds)
            && (width != Width::W64 || self.state.write(cell.saturating_add(1), Kinds::NONE));
        require(both, NO_REFERENCE)
    }

    fn use_as(&self, cell: u16, wanted: Kinds) -> Checked {
        require(self.state.get(cell).covers(wanted), NO_REFERENCE)
    }

    /// Checks each operand by itself.
    fn operands(&self, function: &Function<'a>, step: &Step) -> Checked<Operands> {
        let image = self.image;
        let mut operands = Operands::default();
        // Ranges wait for their count.
        let mut ranges = [None; 2];
        let mut at = step.at + 1;
        let mut places = [0; 5];
        for (operand, place) in step.shape.operands().zip(&mut places) {
            let mut unit = function.code.unit(at).unwrap_or_default();
            if is_cell(operand) {
                unit = number_of(unit).ok_or(NO_CELL)?;
            }
            let index = u32::from(unit);
            *place = unit;
            at += operand.units() as u32;
            let below = |count| require(index < count, "there is no such index");
            match operand {
                Operand::Read32 | Operand::Reference | Operand::Write32 => {
                    function.cells(unit, 1)?;
                }
                Operand::Read64 | Operand::Write64 => function.cells(unit, 2)?,
                Operand::RangeFrom | Operand::RangeTo => {
                    let [first, second] = &mut ranges;
                    *(if first.is_none() { first } else { second }) = Some(unit);
                }
                Operand::Count => {
                    for first in ranges.into_iter().flatten() {
                        function.cells(first, unit)?;
                    }
                }
                Operand::Link => {
                    require(
                        unit == function.link,
                        "the return address is in another cell",
                    )?;
                }
                Operand::ReferenceCount => {
                    require(unit <= MAX_LISTED, "too many references are listed")?;
                }
                Operand::Access => {
                    let access = Access::from_unit(unit).ok_or("there is no such access")?;
                    let whole = access == Access::Whole64;
                    let fits = match step.decoded.operation {
                        Operation::LoadGeneral64 => true,
                        Operation::StoreGeneral64 => whole,
                        _ => !whole,
                    };
                    require(fits, "the access has another width")?;
                }
                Operand::Function => {
                    below(image.function_count())?;
                    require(
                        index >= image.imported_function_count(),
                        "the function is imported",
                    )?;
                    operands.callee = self.callee_of(index);
                }
                Operand::ImportFunction => {
                    below(image.imported_function_count())?;
                    operands.callee = self.callee_of(index);
                }
                Operand::AnyFunction => below(image.function_count())?,
                Operand::Type => {
                    let summary = self.canonical(index).ok_or("there is no such type")?;
                    operands.callee = Some((index, summary));
                }
                Operand::Base => {
                    let (_, callee) = operands.callee.ok_or("there is no callee")?;
                    // The results of a tail call go to the frame's own beginning.
                    let tail = step.shape.operands().next() == Some(Operand::Link);
                    let results = if tail { 0 } else { callee.results };
                    let end = index + u32::from(callee.params.max(results));
                    if unit < function.stack || end > u32::from(function.frame) {
                        return Err("the callee's frame begins at a wrong cell");
                    }
                    operands.base = unit;
                }
                Operand::Table => {
                    let table = image.table(index).ok_or("there is no such table")?;
                    operands.name_element(table.element);
                }
                Operand::Element => {
                    let segment = image.element(index).ok_or("there is no such segment")?;
                    operands.name_element(segment.element);
                }
                Operand::Memory => below(image.memory_count())?,
                Operand::Data => below(image.data_count())?,
                Operand::Global32 | Operand::Global64 => {
                    operands.global = Some(self.global_at(unit).ok_or(GLOBAL)?);
                }
                Operand::ImportGlobal => {
                    below(self.imported_globals)?;
                    let (global, ..) = image.global(index).ok_or(GLOBAL)?;
                    operands.global = Some(global);
                }
                Operand::Immediate16
                | Operand::Immediate32
                | Operand::Immediate64
                | Operand::Offset
                | Operand::Branch16
                | Operand::Branch32
                | Operand::TableCount => {}
            }
        }
        operands.units = places;
        Ok(operands)
    }

    fn callee_of(&self, function: u32) -> Option<(u32, Summary)> {
        let index = self.image.function(function)?.type_index;
        Some((index, self.canonical(index)?))
    }

    /// The global that the module defines whose first cell is this.
    fn global_at(&self, cell: u16) -> Option<GlobalType> {
        // They lie in order, so halving the range finds it.
        let (mut low, mut high) = (self.imported_globals, self.image.global_count());
        while low < high {
            let middle = low + (high - low) / 2;
            let (global, first, _) = self.image.global(middle)?;
            match first.cmp(&cell) {
                core::cmp::Ordering::Less => low = middle + 1,
                core::cmp::Ordering::Equal => return Some(global),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Checks what operands have to do with each other, and notes what the
    /// operation does to references. Returns the kinds of its result.
    fn effect(
        &mut self,
        function: &Function<'a>,
        step: &Step,
        operands: &Operands,
    ) -> Checked<Kinds> {
        use Operation as O;
        let [a, b, c, ..] = operands.units;
        let [first, second] = operands.elements;
        let element = first.map_or(Kinds::NONE, |ty| kinds(ty as u8));
        let mut result = Kinds::NONE;
        match step.decoded.operation {
            O::Constant32Short if a == 0 => result = Kinds::NULL,
            O::Take32 => result = self.state.get(a),
            O::Select32 => result = self.state.get(a).and(self.state.get(b)),
            O::Put32 => self.write(a, Width::W32, self.state.accumulator)?,
            O::Put64 => self.write(a, Width::W64, Kinds::NONE)?,
            O::Copy32 => self.write(b, Width::W32, self.state.get(a))?,
            O::Copy64 => self.write(b, Width::W64, Kinds::NONE)?,
            O::CopyRange => {
                if a < function.stack || b < function.stack {
                    return Err("a range is copied from or to locals");
                }
                let work = self.state.copy(a, b, c);
                self.limit(work)?;
            }
            O::References => {
                self.check_references(function, step.at, step.at)
                    .map_err(|_| NO_REFERENCE)?;
                let cells = function.code;
                if (step.at + 2..step.end)
                    .filter_map(|at| cells.unit(at))
                    .any(|offset| {
                        number_of(offset).is_none_or(|cell| {
                            cell != function.link
                                && (cell < function.stack || cell >= function.frame)
                        })
                    })
                {
                    return Err("a cell is listed that is not on the operand stack");
                }
            }
            O::GlobalGet32 | O::GlobalGet64 | O::ImportGlobalGet32 | O::ImportGlobalGet64 => {
                result = global_kinds(operands, step.shape.accumulator_out)?;
            }
            O::GlobalSet32 | O::GlobalSet64 | O::ImportGlobalSet32 | O::ImportGlobalSet64 => {
                let mutable = operands.global.is_some_and(|global| global.mutable);
                require(mutable, "a global that does not change is set")?;
                let wanted = global_kinds(operands, step.shape.accumulator_in)?;
                require(self.state.accumulator.covers(wanted), NO_REFERENCE)?;
            }
            O::LoadGeneral32 | O::LoadGeneral64 | O::StoreGeneral32 | O::StoreGeneral64 => {
                // Memory, address, then the offset of 64 bits.
                require(
                    function.code.wide(step.at + 5) == Some(0),
                    "an offset exceeds 32 bits",
                )?;
            }
            O::RefFunc => result = Kinds::FUNCTION,
            O::TableGet => result = element,
            O::TableSet | O::TableFill => self.use_as(c, element)?,
            O::TableGrow => self.use_as(b, element)?,
            O::TableCopy | O::TableInit => {
                require(first == second, "the element types differ")?;
            }
            O::Call | O::CallImport | O::CallIndirect => self.call(operands)?,
            O::ReturnCall | O::ReturnCallImport | O::ReturnCallIndirect => {
                self.tail_call(function, operands)?;
            }
            O::Return => require(function.results.is_empty(), "a return leaves out results")?,
            O::ReturnAccumulator32 => self.return_one(function, Width::W32, None)?,
            O::ReturnAccumulator64 => self.return_one(function, Width::W64, None)?,
            O::ReturnCell32 => self.return_one(function, Width::W32, Some(b))?,
            O::ReturnCell64 => self.return_one(function, Width::W64, Some(b))?,
            O::ReturnRange => {
                // A single result must be in the accumulator as well.
                if function.results.len() < 2 || c != function.result_cells {
                    return Err("a return has the wrong number of results");
                }
                self.values(function.results, b)?;
            }
            O::Exit | O::CrossReturn => return Err("an operation of the stubs"),
            _ => {}
        }
        Ok(result)
    }

    /// Notes work; an error if it was too much.
    fn limit(&mut self, work: usize) -> Checked {
        require(self.spend(work), COSTLY)
    }

    /// Checks that values lie in cells: references, where their type says so.
    fn values(&mut self, types: &[u8], first: u16) -> Checked {
        self.limit(types.len())?;
        let mut cell = first;
        for &byte in types {
            self.use_as(cell, kinds(byte))?;
            cell = cell.saturating_add(sum(&[byte]));
        }
        Ok(())
    }

    /// Checks the arguments of a call.
    fn arguments(&mut self, operands: &Operands) -> Checked<(&'a [u8], Summary)> {
        let (index, callee) = operands.callee.ok_or("there is no callee")?;
        let (params, results) = values(self.image, index);
        if callee.references {
            self.values(params, operands.base)?;
        }
        // The executor would find other things in it than functions.
        if operands
            .elements
            .iter()
            .flatten()
            .any(|&element| element != ValueType::FuncRef)
        {
            return Err("the table does not hold functions");
        }
        Ok((results, callee))
    }

    fn call(&mut self, operands: &Operands) -> Checked {
        let (results, callee) = self.arguments(operands)?;
        let work = self.state.forget_from(operands.base);
        self.limit(work)?;
        if callee.references {
            self.limit(results.len())?;
            let mut cell = operands.base;
            for &byte in results {
                self.state.write(cell, kinds(byte));
                cell = cell.saturating_add(sum(&[byte]));
            }
        }
        self.state.accumulator = match results {
            [one] => kinds(*one),
            _ => Kinds::NONE,
        };
        Ok(())
    }

    fn tail_call(&mut self, function: &Function<'a>, operands: &Operands) -> Checked {
        let (results, _) = self.arguments(operands)?;
        self.limit(results.len())?;
        // That the arguments and a return address have room at the frame's own
        // beginning follows from the base, which lies behind the return address.
        if results != function.results {
            return Err("a tail call has other results");
        }
        Ok(())
    }

    /// Checks that the function has one result of that width, and that the
    /// accumulator or cell holds it.
    fn return_one(&self, function: &Function<'a>, width: Width, cell: Option<u16>) -> Checked {
        let cells = if width == Width::W64 { 2 } else { 1 };
        let &[result] = function.results else {
            return Err("a return has the wrong number of results");
        };
        if function.result_cells != cells {
            return Err("a return has a result of another width");
        }
        let held = cell.map_or(self.state.accumulator, |cell| self.state.get(cell));
        require(held.covers(kinds(result)), NO_REFERENCE)
    }
}

/// The kinds of a global's value, if it has the width of the operation.
fn global_kinds(operands: &Operands, width: Width) -> Checked<Kinds> {
    let ty = operands.global.ok_or(GLOBAL)?.value_type;
    let cells = if width == Width::W64 { 2 } else { 1 };
    if super::cells(ty) != cells {
        return Err("a global has another width");
    }
    Ok(kinds(ty as u8))
}

/// What an operation needs of the runtime.
fn needs(operation: Operation) -> Features {
    use Operation as O;
    if operation.is_float() {
        Features::FLOAT
    } else if matches!(
        operation,
        O::ReturnCall | O::ReturnCallImport | O::ReturnCallIndirect
    ) {
        Features::TAIL_CALL
    } else {
        Features::default()
    }
}

/// Whether a constant expression may contain an operation.
const fn in_expression(operation: Operation) -> bool {
    use Operation as O;
    matches!(
        operation,
        O::Constant32Short
            | O::Constant32
            | O::Constant64Short
            | O::Constant64
            | O::Take32
            | O::Take64
            | O::Put32
            | O::Put64
            | O::Copy32
            | O::Copy64
            | O::I32Add
            | O::I32Sub
            | O::I32Mul
            | O::I64Add
            | O::I64Sub
            | O::I64Mul
            | O::GlobalGet32
            | O::GlobalGet64
            | O::ImportGlobalGet32
            | O::ImportGlobalGet64
            | O::RefFunc
            | O::ReturnAccumulator32
            | O::ReturnAccumulator64
            | O::ReturnCell32
            | O::ReturnCell64
    )
}
