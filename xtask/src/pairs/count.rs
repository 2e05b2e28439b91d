//! Counting the sequences of operations in functions.

use std::collections::{BTreeMap, BTreeSet};

use thimble_code::image::{Code, Step as Operation};
use thimble_code::operation::{Decoded, Form, Operand, Operation as O, Variant};

/// Instructions to go on to the next operation, on a Cortex-M3 and on RV32IMAC: saved if two become one.
const DISPATCH: [f64; 2] = [2.0, 5.0];
/// Instructions to load a cell there: saved too if the second operation reads a cell that the first writes.
const CELL_LOAD: [f64; 2] = [2.0, 3.0];

/// An operation of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub token: u16,
    /// Whether it reads the cell that the operation in front of it writes.
    pub reads_result: bool,
}

/// Operations that follow one another: one, two or three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sequence([Option<Step>; 3]);

impl Sequence {
    /// None for a slice that is too long.
    pub fn of(steps: &[Step]) -> Option<Self> {
        let mut sequence = Self([None; 3]);
        for (index, step) in steps.iter().enumerate() {
            *sequence.0.get_mut(index)? = Some(*step);
        }
        Some(sequence)
    }

    pub fn steps(&self) -> impl Iterator<Item = Step> + use<'_> {
        self.0.iter().copied().flatten()
    }

    pub fn length(&self) -> usize {
        self.steps().count()
    }

    /// The instructions that each occurrence would save as one operation, on both processors.
    pub fn saved(&self) -> [f64; 2] {
        let dispatches = self.length().saturating_sub(1) as f64;
        let loads = self.steps().filter(|step| step.reads_result).count() as f64;
        let [dispatch_arm, dispatch_riscv] = DISPATCH.map(|instructions| dispatches * instructions);
        let [loads_arm, loads_riscv] = CELL_LOAD.map(|instructions| loads * instructions);
        [dispatch_arm + loads_arm, dispatch_riscv + loads_riscv]
    }
}

/// How often sequences occur in a module.
pub struct Counts {
    longest: usize,
    plain: bool,
    pub sequences: BTreeMap<Sequence, f64>,
    /// The sum of what all operations count.
    pub weight: f64,
    /// How many operations there are.
    pub operations: u64,
}

impl Counts {
    /// Counts sequences of at most `longest` operations; if `plain`, regardless of their forms.
    pub fn new(longest: usize, plain: bool) -> Self {
        Self {
            longest,
            plain,
            sequences: BTreeMap::new(),
            weight: 0.0,
            operations: 0,
        }
    }

    /// Counts the operations of a function; `weight` says how much one counts in so many loops.
    pub fn function(&mut self, code: Code<'_>, weight: impl Fn(u8) -> f64) {
        let flow = Flow::of(code);
        let mut block: Vec<Step> = Vec::new();
        let mut before: Option<Operation> = None;
        for step in code.operations() {
            // For the verifier only.
            if step.decoded.operation == O::References {
                continue;
            }
            if flow.targets.contains(&step.at) {
                block.clear();
                before = None;
            }
            let weight = weight(flow.loops(step.at));
            self.operations += 1;
            self.weight += weight;
            block.push(Step {
                token: if self.plain {
                    plain_token(step.decoded)
                } else {
                    token(step.decoded)
                },
                reads_result: !self.plain
                    && before.is_some_and(|before| reads_result(code, &before, &step)),
            });
            for length in 1..=self.longest.min(block.len()) {
                let steps = block.get(block.len() - length..).unwrap_or_default();
                // What the first reads does not matter.
                let mut steps = steps.to_vec();
                if let Some(first) = steps.first_mut() {
                    first.reads_result = false;
                }
                if let Some(sequence) = Sequence::of(&steps) {
                    *self.sequences.entry(sequence).or_default() += weight;
                }
            }
            if ends_block(&step) {
                block.clear();
                before = None;
            } else {
                before = Some(step);
            }
        }
    }
}

fn token(decoded: Decoded) -> u16 {
    decoded
        .operation
        .token(decoded.form, decoded.variant)
        .unwrap_or_default()
}

/// The first token of an operation, which stands for all of its forms.
fn plain_token(decoded: Decoded) -> u16 {
    let forms = [
        Form::One,
        Form::R,
        Form::A,
        Form::Rr,
        Form::Ar,
        Form::Ra,
        Form::Ri,
        Form::Ai,
    ];
    forms
        .into_iter()
        .find_map(|form| decoded.operation.token(form, Variant::First))
        .unwrap_or_default()
}

/// Whether the code goes on elsewhere behind an operation, or may.
fn ends_block(step: &Operation) -> bool {
    use O::{
        CrossReturn, Exit, Return, ReturnAccumulator32, ReturnAccumulator64, ReturnCell32,
        ReturnCell64, ReturnRange, Unreachable,
    };
    let leads_elsewhere = matches!(
        step.shape.operands().last(),
        Some(Operand::Branch16 | Operand::Branch32 | Operand::TableCount | Operand::Base)
    );
    leads_elsewhere
        || matches!(
            step.decoded.operation,
            CrossReturn
                | Exit
                | Return
                | ReturnAccumulator32
                | ReturnAccumulator64
                | ReturnCell32
                | ReturnCell64
                | ReturnRange
                | Unreachable
        )
}

/// The operands of an operation with the positions of their first units.
fn operands(step: &Operation) -> impl Iterator<Item = (Operand, u32)> + use<'_> {
    let mut next = step.at + 1;
    step.shape.operands().map(move |operand| {
        let at = next;
        next += operand.units() as u32;
        (operand, at)
    })
}

/// Whether an operation reads the cell that the one in front of it writes.
fn reads_result(code: Code<'_>, before: &Operation, step: &Operation) -> bool {
    operands(before)
        .filter(|(operand, _)| matches!(operand, Operand::Write32 | Operand::Write64))
        .any(|(_, written)| {
            operands(step)
                .filter(|(operand, _)| matches!(operand, Operand::Read32 | Operand::Read64))
                .any(|(_, read)| code.unit(read) == code.unit(written))
        })
}

/// Where branches of a function lead.
struct Flow {
    targets: BTreeSet<u32>,
    /// From the start of each loop to its last branch back.
    loops: BTreeMap<u32, u32>,
}

impl Flow {
    fn of(code: Code<'_>) -> Self {
        let mut flow = Self {
            targets: BTreeSet::new(),
            loops: BTreeMap::new(),
        };
        for step in code.operations() {
            for (operand, at) in operands(&step) {
                match operand {
                    Operand::Branch16 => flow.branch(step.at, code.target16(at)),
                    Operand::Branch32 => flow.branch(step.at, code.target32(at)),
                    Operand::TableCount => {
                        for at in (at + 2..step.end).step_by(2) {
                            flow.branch(step.at, code.target32(at));
                        }
                    }
                    _ => {}
                }
            }
        }
        flow
    }

    fn branch(&mut self, from: u32, target: Option<u32>) {
        let Some(target) = target else {
            return;
        };
        self.targets.insert(target);
        if target <= from {
            let end = self.loops.entry(target).or_default();
            *end = from.max(*end);
        }
    }

    /// How many loops are around a position.
    fn loops(&self, at: u32) -> u8 {
        let around = self.loops.range(..=at).filter(|(_, end)| **end >= at);
        around.count().try_into().unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use thimble_code::image::{Buffer, Image};
    use thimble_code::{Config, translate};
    use thimble_wasm::Limits;

    use super::{Counts, Sequence, Step};
    use crate::pairs::name;

    /// What is counted in the functions of a module, by the names of the operations; loops count ten times.
    fn counts(text: &str, plain: bool) -> (f64, BTreeMap<String, f64>) {
        let module = wat::parse_str(text).unwrap();
        let mut buffer = Buffer::new();
        translate(
            &mut &*module,
            &Limits::DEFAULT,
            Config::default(),
            &mut buffer,
        )
        .unwrap();
        let image = Image::open(buffer.as_bytes()).unwrap();
        let mut counts = Counts::new(3, plain);
        for function in 0..image.function_count() {
            counts.function(image.code(function).unwrap(), |loops| {
                10f64.powi(loops.into())
            });
        }
        let text = |sequence: &Sequence| {
            let names: Vec<String> = sequence.steps().map(|step| name(step, plain)).collect();
            names.join(" ")
        };
        let named = counts
            .sequences
            .iter()
            .map(|(sequence, weight)| (text(sequence), *weight))
            .collect();
        (counts.weight, named)
    }

    /// One operation in front of a loop, two in it and the branch back, one behind it.
    const LOOP: &str = "(module (func (param i32 i32) (result i32)
        (local.set 0 (i32.mul (local.get 0) (local.get 0)))
        (loop $again
            (local.set 0 (i32.xor (local.get 0) (local.get 1)))
            (local.set 1 (i32.and (local.get 0) (i32.const 7)))
            (br_if $again (local.get 0)))
        (local.get 1)))";

    #[test]
    fn counts_what_follows_in_one_block_and_more_of_it_in_loops() {
        let (weight, counts) = counts(LOOP, false);
        assert_eq!(weight, 32.0);
        let expected = [
            ("i32.mul.Rr.cell", 1.0),
            ("i32.xor.Rr.cell", 10.0),
            ("i32.and.Ai.cell", 10.0),
            ("br.nez.R.back", 10.0),
            ("return.acc32", 1.0),
            ("i32.xor.Rr.cell i32.and.Ai.cell", 10.0),
            ("i32.and.Ai.cell br.nez.R.back", 10.0),
            ("i32.xor.Rr.cell i32.and.Ai.cell br.nez.R.back", 10.0),
        ];
        let expected: BTreeMap<String, f64> = expected
            .into_iter()
            .map(|(name, weight)| (name.to_owned(), weight))
            .collect();
        assert_eq!(counts, expected);
    }

    #[test]
    fn a_cell_that_is_read_behind_its_writer_is_marked() {
        let (_, counts) = counts(
            "(module (func (param i32 i32 f32) (result f32)
                (local.set 0 (i32.mul (local.get 0) (local.get 0)))
                (local.set 1 (i32.xor (local.get 1) (local.get 0)))
                (f32.sqrt (local.get 2))))",
            false,
        );
        assert!(counts.contains_key("i32.mul.Rr.cell i32.xor.Ar.cell"));
        assert!(counts.contains_key("i32.xor.Ar.cell take32 f32.sqrt.A"));
        let step = |token, reads_result| Step {
            token,
            reads_result,
        };
        let two = Sequence::of(&[step(0, false), step(0, false)]).unwrap();
        let reading = Sequence::of(&[step(0, false), step(0, true)]).unwrap();
        assert_eq!(two.saved(), [2.0, 5.0]);
        assert_eq!(reading.saved(), [4.0, 8.0]);
    }

    #[test]
    fn forms_can_be_left_out() {
        let (weight, counts) = counts(LOOP, true);
        assert_eq!(weight, 32.0);
        assert_eq!(counts["i32.xor i32.and"], 10.0);
        assert_eq!(counts["i32.and br.nez"], 10.0);
    }
}
