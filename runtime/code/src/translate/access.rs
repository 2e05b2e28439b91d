//! Translating loads and stores.

use thimble_wasm::{Failure, MemoryArgument, ValueType};

use super::emit::{Units, short32, short64};
use super::function::{Function, unit};
use super::stack::{Place, width};
use crate::operation::{Access, Form, Operation, Width};

impl Function {
    #[inline(never)]
    pub(super) fn load(
        &mut self,
        operation: Operation,
        argument: &MemoryArgument,
        result: ValueType,
    ) -> Result<(), Failure> {
        let mut address = self.pop();
        self.site()?;
        self.vacate()?;
        match u16::try_from(argument.offset) {
            Ok(offset) if argument.memory == 0 => {
                if self.cell_of(&address).is_none() || self.in_accumulator(&address) {
                    self.place_in_accumulator(&address)?;
                    self.produce(operation, Form::A, &[offset])?;
                } else {
                    let cell = self.place_in_cell(&mut address)?;
                    self.produce(operation, Form::R, &[cell, offset])?;
                }
            }
            _ => {
                let cell = self.place_in_cell(&mut address)?;
                let general = if width(result) == Width::W64 {
                    Operation::LoadGeneral64
                } else {
                    Operation::LoadGeneral32
                };
                self.vacate()?;
                let units = general_units(cell, argument, access_of(operation))?;
                self.long_operation(general, &units)?;
                self.mirror = None;
            }
        }
        self.push_accumulator(result)
    }

    #[inline(never)]
    pub(super) fn store(
        &mut self,
        operation: Operation,
        argument: &MemoryArgument,
    ) -> Result<(), Failure> {
        let mut value = self.pop();
        let mut address = self.pop();
        self.site()?;
        let offset = match u16::try_from(argument.offset) {
            Ok(offset) if argument.memory == 0 => offset,
            _ => {
                // The value goes to the accumulator, last.
                self.vacate()?;
                let [cell, _] = self.place_in_cells([&mut address, &mut value])?;
                self.place_in_accumulator(&value)?;
                let general = if operation == Operation::I64Store {
                    Operation::StoreGeneral64
                } else {
                    Operation::StoreGeneral32
                };
                let units = general_units(cell, argument, access_of(operation))?;
                return self.long_operation(general, &units);
            }
        };
        let immediate = match value.place() {
            Place::Constant(value) if operation == Operation::I64Store => short64(value.bits()),
            Place::Constant(value) => short32(value.low()),
            _ => None,
        };
        let (form, units) = if let Some(immediate) = immediate {
            if address.is_constant() {
                self.vacate()?;
                self.place_in_accumulator(&address)?;
                (Form::Ai, Units::of(&[offset, immediate]))
            } else if self.in_accumulator(&address) {
                (Form::Ai, Units::of(&[offset, immediate]))
            } else {
                let cell = self.place_in_cell(&mut address)?;
                (Form::Ri, Units::of(&[cell, offset, immediate]))
            }
        } else if address.is_constant() {
            self.vacate()?;
            let cell = self.place_in_cell(&mut value)?;
            self.place_in_accumulator(&address)?;
            (Form::Ar, Units::of(&[offset, cell]))
        } else if value.is_constant() {
            self.vacate()?;
            let cell = self.place_in_cell(&mut address)?;
            self.place_in_accumulator(&value)?;
            (Form::Ra, Units::of(&[cell, offset]))
        } else if self.in_accumulator(&value) {
            // Moving the address to a cell leaves the accumulator as it was.
            let cell = self.place_in_cell(&mut address)?;
            (Form::Ra, Units::of(&[cell, offset]))
        } else {
            let value_cell = self.place_in_cell(&mut value)?;
            if self.in_accumulator(&address) {
                (Form::Ar, Units::of(&[offset, value_cell]))
            } else {
                let cell = self.place_in_cell(&mut address)?;
                (Form::Rr, Units::of(&[cell, offset, value_cell]))
            }
        };
        self.form_units(operation, form, units)
    }
}

/// The access of the general form of a load or store.
const fn access_of(operation: Operation) -> Access {
    use Operation as O;
    match operation {
        O::I32Load8S | O::I64Load8S => Access::Signed8,
        O::I32Load8U | O::I64Load8U | O::I32Store8 => Access::Unsigned8,
        O::I32Load16S | O::I64Load16S => Access::Signed16,
        O::I32Load16U | O::I64Load16U | O::I32Store16 => Access::Unsigned16,
        O::I64Load32S => Access::Signed32,
        O::I64Load | O::I64Store => Access::Whole64,
        _ => Access::Unsigned32,
    }
}

/// The units behind the token of a general load or store.
fn general_units(
    cell: u16,
    argument: &MemoryArgument,
    access: Access,
) -> Result<[u16; 7], Failure> {
    let offset = |shift: u32| (argument.offset >> shift) as u16;
    Ok([
        unit(argument.memory)?,
        cell,
        offset(0),
        offset(16),
        offset(32),
        offset(48),
        access as u16,
    ])
}
