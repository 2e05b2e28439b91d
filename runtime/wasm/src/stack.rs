//! The stacks of the validation algorithm (specification, appendix "Validation
//! Algorithm"): operand types and open blocks.

use alloc::vec::Vec;

use crate::declarations::Declarations;
use crate::fallible::TryVec;
use crate::fault::{self, Fault};
use crate::limits::Limits;
use crate::opcode::Signature;
use crate::types::{BlockType, ValueType};

/// What opened a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// `block`, `else`, a function body or a constant expression: branches go
    /// to the end.
    Block,
    /// `loop`: branches go to the start.
    Loop,
    /// `if`, whose `else` has not been met.
    If,
}

/// An open block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) kind: FrameKind,
    /// Whether the rest of the block cannot be reached, so that operands below
    /// may be of any type.
    unreachable: bool,
    pub(crate) block_type: BlockType,
    /// Operands below the block.
    height: usize,
}

/// An operand, by a code of its type: for numbers that of a [`Signature`], so that
/// both can be compared as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operand(u8);

impl Operand {
    /// One of any type, which unreachable code conjures up.
    pub(crate) const ANY: Self = Self(0);

    pub(crate) const fn of(value_type: ValueType) -> Self {
        Self(0x80 - value_type as u8)
    }

    /// Whether it can stand where one of this type is expected.
    const fn is(self, expected: Self) -> bool {
        self.0 == expected.0 || self.0 == Self::ANY.0
    }

    /// Whether it is known to be a reference.
    pub(crate) const fn is_reference(self) -> bool {
        self.0 >= Self::of(ValueType::FuncRef).0
    }
}

/// Both stacks. They keep their room from one function to the next.
#[derive(Debug, Default)]
pub(crate) struct Stack {
    operands: Vec<Operand>,
    frames: Vec<Frame>,
    /// Operands below the innermost block, as it says itself.
    height: usize,
}

/// Parameters of a block type.
pub(crate) fn params(m: &Declarations, block_type: BlockType) -> &[ValueType] {
    match block_type {
        BlockType::Function(index) => m.function_type(index).map_or(&[], |ty| ty.params),
        BlockType::Empty | BlockType::Value(_) => &[],
    }
}

/// Results of a block type.
pub(crate) fn results(m: &Declarations, block_type: BlockType) -> &[ValueType] {
    match block_type {
        BlockType::Empty => &[],
        BlockType::Value(value_type) => value_type.as_slice(),
        BlockType::Function(index) => m.function_type(index).map_or(&[], |ty| ty.results),
    }
}

impl Frame {
    /// The operands that a branch to this block takes.
    pub(crate) fn label_types<'m>(&self, m: &'m Declarations) -> &'m [ValueType] {
        match self.kind {
            FrameKind::Loop => params(m, self.block_type),
            FrameKind::Block | FrameKind::If => results(m, self.block_type),
        }
    }
}

impl Stack {
    /// Starts anew with one block open.
    pub(crate) fn reset(&mut self, block_type: BlockType) -> Result<(), Fault> {
        self.operands.clear();
        self.frames.clear();
        self.height = 0;
        Ok(self.frames.try_push(Frame {
            kind: FrameKind::Block,
            unreachable: false,
            block_type,
            height: 0,
        })?)
    }

    /// Whether the outermost block is closed.
    pub(crate) fn is_finished(&self) -> bool {
        self.frames.is_empty()
    }

    /// The outermost block: the function body or constant expression.
    pub(crate) fn outermost(&self) -> Result<Frame, Fault> {
        self.frames.first().copied().ok_or(fault::UNKNOWN_LABEL)
    }

    /// The block that label `label` stands for: 0 is the innermost.
    pub(crate) fn label(&self, label: u32) -> Result<Frame, Fault> {
        usize::try_from(label)
            .ok()
            .and_then(|label| self.frames.iter().nth_back(label))
            .copied()
            .ok_or(fault::UNKNOWN_LABEL)
    }

    #[inline(never)]
    pub(crate) fn push(&mut self, operand: Operand, limits: &Limits) -> Result<(), Fault> {
        self.push_inlined(operand, limits)
    }

    /// As [`push`](Self::push), for operators that are frequent.
    #[inline(always)]
    pub(crate) fn push_inlined(&mut self, operand: Operand, limits: &Limits) -> Result<(), Fault> {
        if self.operands.len() >= limits.operands as usize {
            return Err(fault::LIMIT_OPERANDS);
        }
        Ok(self.operands.try_push(operand)?)
    }

    pub(crate) fn push_all(&mut self, types: &[ValueType], limits: &Limits) -> Result<(), Fault> {
        for &value_type in types {
            self.push(Operand::of(value_type), limits)?;
        }
        Ok(())
    }

    /// Takes an operand of any type.
    pub(crate) fn pop_any(&mut self) -> Result<Operand, Fault> {
        if self.operands.len() > self.height
            && let Some(operand) = self.operands.pop()
        {
            return Ok(operand);
        }
        self.conjure()?;
        Ok(Operand::ANY)
    }

    /// Takes an operand where none of the block is left, if the code cannot be reached.
    #[cold]
    #[inline(never)]
    fn conjure(&self) -> Result<(), Fault> {
        match self.frames.last() {
            Some(frame) if frame.unreachable => Ok(()),
            _ => Err(fault::TYPE_MISMATCH),
        }
    }

    /// Takes an operand of type `expected`.
    #[inline(never)]
    pub(crate) fn pop(&mut self, expected: ValueType) -> Result<(), Fault> {
        self.pop_inlined(Operand::of(expected))
    }

    /// As [`pop`](Self::pop), for operators that are frequent.
    #[inline(always)]
    pub(crate) fn pop_inlined(&mut self, expected: Operand) -> Result<(), Fault> {
        let length = self.operands.len();
        if length <= self.height {
            return self.conjure();
        }
        if let Some(actual) = self.operands.get(length - 1)
            && !actual.is(expected)
        {
            return Err(fault::TYPE_MISMATCH);
        }
        self.operands.truncate(length - 1);
        Ok(())
    }

    /// Checks that the top operand is of type `expected`, and leaves it.
    #[inline(always)]
    pub(crate) fn peek_inlined(&mut self, expected: Operand, limits: &Limits) -> Result<(), Fault> {
        match self.operands.last() {
            Some(top) if *top == expected && self.operands.len() > self.height => Ok(()),
            // One of any type is of that type from now on.
            _ => {
                self.pop_inlined(expected)?;
                self.push(expected, limits)
            }
        }
    }

    /// Takes the parameters of an operator, and gives its result.
    #[inline(always)]
    pub(crate) fn apply(&mut self, signature: Signature, limits: &Limits) -> Result<(), Fault> {
        let mut length = self.operands.len();
        let mut params = signature.param_codes();
        while params != 0 {
            if length <= self.height {
                self.conjure()?;
            } else {
                length -= 1;
                if let Some(actual) = self.operands.get(length)
                    && !actual.is(Operand((params & 0xf) as u8))
                {
                    return Err(fault::TYPE_MISMATCH);
                }
            }
            params >>= 4;
        }
        let result = Operand(signature.result_code());
        if result != Operand::ANY {
            let Some(place) = self.operands.get_mut(length) else {
                return self.push_inlined(result, limits);
            };
            *place = result;
            length += 1;
        }
        self.operands.truncate(length);
        Ok(())
    }

    /// Takes operands of these types, the last one first.
    pub(crate) fn pop_all(&mut self, types: &[ValueType]) -> Result<(), Fault> {
        types
            .iter()
            .rev()
            .try_for_each(|&expected| self.pop(expected))
    }

    /// Checks that operands of these types could be taken, and leaves them.
    pub(crate) fn peek_all(&self, types: &[ValueType]) -> Result<(), Fault> {
        let frame = self.frames.last().ok_or(fault::TYPE_MISMATCH)?;
        let mut operands = self.operands.iter().skip(frame.height).rev();
        for &expected in types.iter().rev() {
            match operands.next() {
                Some(actual) if !actual.is(Operand::of(expected)) => {
                    return Err(fault::TYPE_MISMATCH);
                }
                None if !frame.unreachable => return Err(fault::TYPE_MISMATCH),
                _ => {}
            }
        }
        Ok(())
    }

    /// Opens a block, whose parameters were taken, and gives them back.
    pub(crate) fn open(
        &mut self,
        m: &Declarations,
        kind: FrameKind,
        block_type: BlockType,
        limits: &Limits,
    ) -> Result<(), Fault> {
        if self.frames.len() > limits.block_depth as usize {
            return Err(fault::LIMIT_BLOCK_DEPTH);
        }
        self.frames.try_push(Frame {
            kind,
            unreachable: false,
            block_type,
            height: self.operands.len(),
        })?;
        self.height = self.operands.len();
        self.push_all(params(m, block_type), limits)
    }

    /// Closes the innermost block, which must hold exactly its results.
    pub(crate) fn close(&mut self, m: &Declarations) -> Result<Frame, Fault> {
        let frame = self.frames.last().copied().ok_or(fault::TYPE_MISMATCH)?;
        self.pop_all(results(m, frame.block_type))?;
        if self.operands.len() != frame.height {
            return Err(fault::TYPE_MISMATCH);
        }
        self.frames.pop();
        self.height = self.frames.last().map_or(0, |frame| frame.height);
        Ok(frame)
    }

    /// Notes that the rest of the innermost block cannot be reached.
    pub(crate) fn unreachable(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.unreachable = true;
            self.operands.truncate(frame.height);
        }
    }
}
