//! Conditions of branches: a comparison just emitted becomes part of the branch.

use thimble_wasm::Failure;

use super::emit::{Producer, Units};
use super::function::{Function, broken};
use super::stack::Entry;
use crate::operation::{Form, Operation, Variant, decode};

/// A condition: a branch operation with its operands, without the distance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Condition {
    pub operation: Operation,
    pub form: Form,
    operands: [u16; 2],
    count: usize,
}

impl Condition {
    /// The units in front of the distance.
    pub(super) fn operands(&self) -> Units {
        let [first, second] = self.operands;
        Units::of(&[first, second]).first(self.count)
    }

    /// The opposite condition.
    pub(super) fn invert(mut self) -> Self {
        use Operation as O;
        let ordered = !matches!(self.form, Form::Ri | Form::Ai);
        self.operation = match self.operation {
            O::BranchEqz => O::BranchNez,
            O::BranchNez => O::BranchEqz,
            O::BranchEq => O::BranchNe,
            O::BranchNe => O::BranchEq,
            O::BranchLtS if ordered => O::BranchLeS,
            O::BranchLtU if ordered => O::BranchLeU,
            O::BranchLeS => O::BranchLtS,
            O::BranchLeU => O::BranchLtU,
            O::BranchLtS => O::BranchGeS,
            O::BranchLtU => O::BranchGeU,
            O::BranchGeS => O::BranchLtS,
            O::BranchGeU => O::BranchLtU,
            other => other,
        };
        let equality = matches!(
            self.operation,
            O::BranchEqz | O::BranchNez | O::BranchEq | O::BranchNe
        );
        if ordered && !equality {
            // a < b is the opposite of b <= a.
            self.operands.swap(0, 1);
            if self.count == 1 {
                self.operands.swap(0, 1);
            }
            self.form = match self.form {
                Form::Ar => Form::Ra,
                Form::Ra => Form::Ar,
                form => form,
            };
        }
        self
    }
}

/// The branch that a 32-bit comparison becomes.
const fn branch_of(operation: Operation) -> Option<Operation> {
    use Operation as O;
    Some(match operation {
        O::I32Eqz => O::BranchEqz,
        O::I32Eq => O::BranchEq,
        O::I32Ne => O::BranchNe,
        O::I32LtS => O::BranchLtS,
        O::I32LtU => O::BranchLtU,
        O::I32LeS => O::BranchLeS,
        O::I32LeU => O::BranchLeU,
        O::I32GeS => O::BranchGeS,
        O::I32GeU => O::BranchGeU,
        _ => return None,
    })
}

/// The comparison that becomes a branch.
const fn comparison_of(branch: Operation) -> Option<Operation> {
    use Operation as O;
    Some(match branch {
        O::BranchEqz => O::I32Eqz,
        O::BranchEq => O::I32Eq,
        O::BranchNe => O::I32Ne,
        O::BranchLtS => O::I32LtS,
        O::BranchLtU => O::I32LtU,
        O::BranchLeS => O::I32LeS,
        O::BranchLeU => O::I32LeU,
        O::BranchGeS => O::I32GeS,
        O::BranchGeU => O::I32GeU,
        _ => return None,
    })
}

impl Function {
    /// The comparison that was emitted last, as a condition.
    fn last_comparison(&self) -> Option<Condition> {
        let producer = self.open_producer()?;
        let (token, operands) = self
            .code
            .units()
            .get(producer.at as usize..)?
            .split_first()?;
        let decoded = decode(*token)?;
        let mut condition = Condition {
            operation: branch_of(decoded.operation)?,
            form: decoded.form,
            operands: [0; 2],
            count: operands.len(),
        };
        condition
            .operands
            .get_mut(..operands.len())?
            .copy_from_slice(operands);
        (decoded.variant == Variant::First).then_some(condition)
    }

    /// Takes back the comparison that was emitted last.
    fn retract(&mut self) {
        self.code.truncate(self.producer.at as usize);
        self.mirror = self.producer.mirror;
        self.producer = Producer::NONE;
    }

    /// Turns a popped value into a condition: that it is not 0.
    pub(super) fn condition(&mut self, entry: &Entry) -> Result<Condition, Failure> {
        if entry.is_accumulator()
            && let Some(condition) = self.last_comparison()
        {
            self.retract();
            return Ok(condition);
        }
        let mut condition = Condition {
            operation: Operation::BranchNez,
            form: Form::A,
            operands: [0; 2],
            count: 0,
        };
        match self.cell_of(entry) {
            Some(cell) if !self.in_accumulator(entry) => {
                condition.form = Form::R;
                condition.operands = [cell, 0];
                condition.count = 1;
            }
            _ => {
                self.vacate()?;
                self.place_in_accumulator(entry)?;
            }
        }
        Ok(condition)
    }

    /// `i32.eqz` of a comparison emitted last is the opposite comparison. Says
    /// whether there was one.
    pub(super) fn invert_comparison(&mut self) -> Result<bool, Failure> {
        let Some(condition) = self.last_comparison().map(Condition::invert) else {
            return Ok(false);
        };
        let Some(operation) = comparison_of(condition.operation) else {
            return Ok(false);
        };
        if !operation.has(condition.form) {
            return Err(broken());
        }
        self.retract();
        self.produce_units(operation, condition.form, condition.operands())?;
        Ok(true)
    }
}
