//! Which internal operation stands for each numeric operator.

use thimble_wasm::{Opcode, ValueType};

use crate::operation::{Operation, Width};

/// How an operator of fixed signature is translated.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lowering {
    /// Both operands as they come.
    Binary(Operation),
    /// The operands exchanged: `gt` and `ge` are `lt` and `le` of the other.
    Swapped(Operation),
    /// One operand.
    Unary(Operation),
    /// The bits stay, the type changes.
    Reinterpret,
    /// A load.
    Load(Operation),
    /// A store.
    Store(Operation),
}

/// All there is to know of translating an operator of fixed signature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub lowering: Lowering,
    /// The type of the result; of a store any.
    pub result: ValueType,
    flags: u8,
}

/// The operator takes or gives floating-point numbers.
const FLOAT: u8 = 1;
/// The operation can trap.
const TRAPS: u8 = 2;
/// The operands can be exchanged.
const COMMUTES: u8 = 4;
/// With a constant it becomes another operation.
const REWRITES: u8 = 8;

impl Row {
    pub(super) const fn float(self) -> bool {
        self.flags & FLOAT != 0
    }

    pub(super) const fn traps(self) -> bool {
        self.flags & TRAPS != 0
    }

    pub(super) const fn commutes(self) -> bool {
        self.flags & COMMUTES != 0
    }

    /// Whether [`with_constant`] makes another operation, or another constant, of a second
    /// operand that is a constant.
    pub(super) const fn rewrites(self) -> bool {
        self.flags & REWRITES != 0
    }

    const fn of(opcode: Opcode) -> Option<Self> {
        let (Some(lowering), Some(signature)) = (lowering(opcode), opcode.signature()) else {
            return None;
        };
        let result = signature.result();
        let mut flags = 0;
        if is_float(result) || is_float(signature.param(0)) || is_float(signature.param(1)) {
            flags |= FLOAT;
        }
        if let Lowering::Binary(operation)
        | Lowering::Swapped(operation)
        | Lowering::Unary(operation) = lowering
        {
            if traps(operation) {
                flags |= TRAPS;
            }
            if commutes(operation) {
                flags |= COMMUTES;
            }
            if rewrites(operation) {
                flags |= REWRITES;
            }
        }
        let result = match result {
            Some(result) => result,
            None => ValueType::I32,
        };
        Some(Self {
            lowering,
            result,
            flags,
        })
    }
}

const fn is_float(ty: Option<ValueType>) -> bool {
    matches!(ty, Some(ValueType::F32 | ValueType::F64))
}

/// The row of an operator, if it is a numeric or memory operator of fixed
/// signature.
#[inline]
pub(super) fn row(opcode: Opcode) -> Option<Row> {
    // A table: as code, the rows would take 2 KB more.
    static ROWS: [Option<Row>; Opcode::ALL.len()] = {
        let mut table = [None; Opcode::ALL.len()];
        let mut index = 0;
        #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        while index < table.len() {
            table[index] = Row::of(Opcode::ALL[index]);
            index += 1;
        }
        table
    };
    *ROWS.get(opcode as usize)?
}

#[allow(clippy::too_many_lines, reason = "a table")]
const fn lowering(opcode: Opcode) -> Option<Lowering> {
    use Lowering::{Binary, Load, Reinterpret, Store, Swapped, Unary};
    use Opcode as W;
    use Operation as O;
    Some(match opcode {
        W::I32Add => Binary(O::I32Add),
        W::I32Sub => Binary(O::I32Sub),
        W::I32Mul => Binary(O::I32Mul),
        W::I32DivS => Binary(O::I32DivS),
        W::I32DivU => Binary(O::I32DivU),
        W::I32RemS => Binary(O::I32RemS),
        W::I32RemU => Binary(O::I32RemU),
        W::I32And => Binary(O::I32And),
        W::I32Or => Binary(O::I32Or),
        W::I32Xor => Binary(O::I32Xor),
        W::I32Shl => Binary(O::I32Shl),
        W::I32ShrS => Binary(O::I32ShrS),
        W::I32ShrU => Binary(O::I32ShrU),
        W::I32Rotl => Binary(O::I32Rotl),
        W::I32Rotr => Binary(O::I32Rotr),
        W::I32Eq => Binary(O::I32Eq),
        W::I32Ne => Binary(O::I32Ne),
        W::I32LtS => Binary(O::I32LtS),
        W::I32LtU => Binary(O::I32LtU),
        W::I32GtS => Swapped(O::I32LtS),
        W::I32GtU => Swapped(O::I32LtU),
        W::I32LeS => Binary(O::I32LeS),
        W::I32LeU => Binary(O::I32LeU),
        W::I32GeS => Swapped(O::I32LeS),
        W::I32GeU => Swapped(O::I32LeU),
        W::I32Eqz => Unary(O::I32Eqz),
        W::I32Clz => Unary(O::I32Clz),
        W::I32Ctz => Unary(O::I32Ctz),
        W::I32Popcnt => Unary(O::I32Popcnt),
        W::I32Extend8S => Unary(O::I32Extend8S),
        W::I32Extend16S => Unary(O::I32Extend16S),
        W::I64Add => Binary(O::I64Add),
        W::I64Sub => Binary(O::I64Sub),
        W::I64Mul => Binary(O::I64Mul),
        W::I64DivS => Binary(O::I64DivS),
        W::I64DivU => Binary(O::I64DivU),
        W::I64RemS => Binary(O::I64RemS),
        W::I64RemU => Binary(O::I64RemU),
        W::I64And => Binary(O::I64And),
        W::I64Or => Binary(O::I64Or),
        W::I64Xor => Binary(O::I64Xor),
        W::I64Shl => Binary(O::I64Shl),
        W::I64ShrS => Binary(O::I64ShrS),
        W::I64ShrU => Binary(O::I64ShrU),
        W::I64Rotl => Binary(O::I64Rotl),
        W::I64Rotr => Binary(O::I64Rotr),
        W::I64Eq => Binary(O::I64Eq),
        W::I64Ne => Binary(O::I64Ne),
        W::I64LtS => Binary(O::I64LtS),
        W::I64LtU => Binary(O::I64LtU),
        W::I64GtS => Swapped(O::I64LtS),
        W::I64GtU => Swapped(O::I64LtU),
        W::I64LeS => Binary(O::I64LeS),
        W::I64LeU => Binary(O::I64LeU),
        W::I64GeS => Swapped(O::I64LeS),
        W::I64GeU => Swapped(O::I64LeU),
        W::I64Eqz => Unary(O::I64Eqz),
        W::I64Clz => Unary(O::I64Clz),
        W::I64Ctz => Unary(O::I64Ctz),
        W::I64Popcnt => Unary(O::I64Popcnt),
        W::I64Extend8S => Unary(O::I64Extend8S),
        W::I64Extend16S => Unary(O::I64Extend16S),
        W::I64Extend32S => Unary(O::I64Extend32S),
        W::I32WrapI64 => Unary(O::I32WrapI64),
        W::I64ExtendI32S => Unary(O::I64ExtendI32S),
        W::I64ExtendI32U => Unary(O::I64ExtendI32U),
        W::F32Add => Binary(O::F32Add),
        W::F32Sub => Binary(O::F32Sub),
        W::F32Mul => Binary(O::F32Mul),
        W::F32Div => Binary(O::F32Div),
        W::F32Min => Binary(O::F32Min),
        W::F32Max => Binary(O::F32Max),
        W::F32Copysign => Binary(O::F32Copysign),
        W::F32Eq => Binary(O::F32Eq),
        W::F32Ne => Binary(O::F32Ne),
        W::F32Lt => Binary(O::F32Lt),
        W::F32Gt => Swapped(O::F32Lt),
        W::F32Le => Binary(O::F32Le),
        W::F32Ge => Swapped(O::F32Le),
        W::F32Abs => Unary(O::F32Abs),
        W::F32Neg => Unary(O::F32Neg),
        W::F32Ceil => Unary(O::F32Ceil),
        W::F32Floor => Unary(O::F32Floor),
        W::F32Trunc => Unary(O::F32Trunc),
        W::F32Nearest => Unary(O::F32Nearest),
        W::F32Sqrt => Unary(O::F32Sqrt),
        W::F64Add => Binary(O::F64Add),
        W::F64Sub => Binary(O::F64Sub),
        W::F64Mul => Binary(O::F64Mul),
        W::F64Div => Binary(O::F64Div),
        W::F64Min => Binary(O::F64Min),
        W::F64Max => Binary(O::F64Max),
        W::F64Copysign => Binary(O::F64Copysign),
        W::F64Eq => Binary(O::F64Eq),
        W::F64Ne => Binary(O::F64Ne),
        W::F64Lt => Binary(O::F64Lt),
        W::F64Gt => Swapped(O::F64Lt),
        W::F64Le => Binary(O::F64Le),
        W::F64Ge => Swapped(O::F64Le),
        W::F64Abs => Unary(O::F64Abs),
        W::F64Neg => Unary(O::F64Neg),
        W::F64Ceil => Unary(O::F64Ceil),
        W::F64Floor => Unary(O::F64Floor),
        W::F64Trunc => Unary(O::F64Trunc),
        W::F64Nearest => Unary(O::F64Nearest),
        W::F64Sqrt => Unary(O::F64Sqrt),
        W::I32TruncF32S => Unary(O::I32TruncF32S),
        W::I32TruncF32U => Unary(O::I32TruncF32U),
        W::I32TruncF64S => Unary(O::I32TruncF64S),
        W::I32TruncF64U => Unary(O::I32TruncF64U),
        W::I64TruncF32S => Unary(O::I64TruncF32S),
        W::I64TruncF32U => Unary(O::I64TruncF32U),
        W::I64TruncF64S => Unary(O::I64TruncF64S),
        W::I64TruncF64U => Unary(O::I64TruncF64U),
        W::I32TruncSatF32S => Unary(O::I32TruncSatF32S),
        W::I32TruncSatF32U => Unary(O::I32TruncSatF32U),
        W::I32TruncSatF64S => Unary(O::I32TruncSatF64S),
        W::I32TruncSatF64U => Unary(O::I32TruncSatF64U),
        W::I64TruncSatF32S => Unary(O::I64TruncSatF32S),
        W::I64TruncSatF32U => Unary(O::I64TruncSatF32U),
        W::I64TruncSatF64S => Unary(O::I64TruncSatF64S),
        W::I64TruncSatF64U => Unary(O::I64TruncSatF64U),
        W::F32ConvertI32S => Unary(O::F32ConvertI32S),
        W::F32ConvertI32U => Unary(O::F32ConvertI32U),
        W::F32ConvertI64S => Unary(O::F32ConvertI64S),
        W::F32ConvertI64U => Unary(O::F32ConvertI64U),
        W::F64ConvertI32S => Unary(O::F64ConvertI32S),
        W::F64ConvertI32U => Unary(O::F64ConvertI32U),
        W::F64ConvertI64S => Unary(O::F64ConvertI64S),
        W::F64ConvertI64U => Unary(O::F64ConvertI64U),
        W::F32DemoteF64 => Unary(O::F32DemoteF64),
        W::F64PromoteF32 => Unary(O::F64PromoteF32),
        W::I32ReinterpretF32
        | W::I64ReinterpretF64
        | W::F32ReinterpretI32
        | W::F64ReinterpretI64 => Reinterpret,
        W::I32Load | W::F32Load => Load(O::I32Load),
        W::I32Load8S => Load(O::I32Load8S),
        W::I32Load8U => Load(O::I32Load8U),
        W::I32Load16S => Load(O::I32Load16S),
        W::I32Load16U => Load(O::I32Load16U),
        W::I64Load | W::F64Load => Load(O::I64Load),
        W::I64Load8S => Load(O::I64Load8S),
        W::I64Load8U => Load(O::I64Load8U),
        W::I64Load16S => Load(O::I64Load16S),
        W::I64Load16U => Load(O::I64Load16U),
        W::I64Load32S => Load(O::I64Load32S),
        W::I64Load32U => Load(O::I64Load32U),
        W::I32Store | W::F32Store | W::I64Store32 => Store(O::I32Store),
        W::I32Store8 | W::I64Store8 => Store(O::I32Store8),
        W::I32Store16 | W::I64Store16 => Store(O::I32Store16),
        W::I64Store | W::F64Store => Store(O::I64Store),
        _ => return None,
    })
}

/// Whether the operands can be exchanged.
const fn commutes(operation: Operation) -> bool {
    use Operation as O;
    matches!(
        operation,
        O::I32Add
            | O::I32Mul
            | O::I32And
            | O::I32Or
            | O::I32Xor
            | O::I32Eq
            | O::I32Ne
            | O::I64Add
            | O::I64Mul
            | O::I64And
            | O::I64Or
            | O::I64Xor
            | O::I64Eq
            | O::I64Ne
            | O::F32Add
            | O::F32Mul
            | O::F32Eq
            | O::F32Ne
            | O::F64Add
            | O::F64Mul
            | O::F64Eq
            | O::F64Ne
    )
}

/// Whether [`with_constant`] rewrites it with a constant as second operand.
const fn rewrites(operation: Operation) -> bool {
    let mut rows = REWRITTEN.as_slice();
    while let [row, rest @ ..] = rows {
        if !row.constant_first && row.from as u8 == operation as u8 {
            return true;
        }
        rows = rest;
    }
    false
}

/// Whether the operation can trap.
const fn traps(operation: Operation) -> bool {
    use Operation as O;
    matches!(
        operation,
        O::I32DivS
            | O::I32DivU
            | O::I32RemS
            | O::I32RemU
            | O::I64DivS
            | O::I64DivU
            | O::I64RemS
            | O::I64RemU
            | O::I32TruncF32S
            | O::I32TruncF32U
            | O::I32TruncF64S
            | O::I32TruncF64U
            | O::I64TruncF32S
            | O::I64TruncF32U
            | O::I64TruncF64S
            | O::I64TruncF64U
    )
}

/// An operation with a constant as second operand, rewritten so that it exists
/// with an immediate: the operation and the constant.
///
/// `lt` and `le` of a swapped comparison have the constant as first operand:
/// `constant < x` is `x >= constant + 1`.
pub(super) fn with_constant(
    operation: Operation,
    constant_first: bool,
    bits: u64,
    width: Width,
) -> Option<(Operation, u64)> {
    let (mask, bit_mask) = match width {
        Width::W64 => (u64::MAX, 63),
        Width::W0 | Width::W32 => (u32::MAX.into(), 31),
    };
    let found = REWRITTEN
        .iter()
        .find(|row| row.from == operation && row.constant_first == constant_first);
    let Some(row) = found else {
        return (!constant_first || commutes(operation)).then_some((operation, bits));
    };
    let negative = bits.wrapping_neg() & mask;
    let last = match row.change {
        Change::None => return Some((row.to, bits)),
        Change::Negative => return Some((row.to, negative)),
        Change::NegativeCount => return Some((row.to, negative & bit_mask)),
        Change::NextSigned => mask >> 1,
        Change::NextUnsigned => mask,
    };
    // One more, unless it wraps in the signed or unsigned order.
    (bits != last).then_some((row.to, bits.wrapping_add(1) & mask))
}

/// What happens to a constant when its operation is rewritten.
#[derive(Clone, Copy)]
enum Change {
    None,
    Negative,
    NegativeCount,
    NextSigned,
    NextUnsigned,
}

/// An operation on a constant, and the one that stands for it.
struct Rewritten {
    from: Operation,
    constant_first: bool,
    to: Operation,
    change: Change,
}

/// A table: as code, it would take four times as much, and it is rare.
static REWRITTEN: [Rewritten; 16] = {
    use Operation as O;
    const fn row(
        from: Operation,
        constant_first: bool,
        to: Operation,
        change: Change,
    ) -> Rewritten {
        Rewritten {
            from,
            constant_first,
            to,
            change,
        }
    }
    [
        row(O::I32LtS, true, O::I32GeS, Change::NextSigned),
        row(O::I32LtU, true, O::I32GeU, Change::NextUnsigned),
        row(O::I64LtS, true, O::I64GeS, Change::NextSigned),
        row(O::I64LtU, true, O::I64GeU, Change::NextUnsigned),
        row(O::I32LeS, true, O::I32GeS, Change::None),
        row(O::I32LeU, true, O::I32GeU, Change::None),
        row(O::I64LeS, true, O::I64GeS, Change::None),
        row(O::I64LeU, true, O::I64GeU, Change::None),
        row(O::I32Sub, false, O::I32Add, Change::Negative),
        row(O::I64Sub, false, O::I64Add, Change::Negative),
        row(O::I32LeS, false, O::I32LtS, Change::NextSigned),
        row(O::I32LeU, false, O::I32LtU, Change::NextUnsigned),
        row(O::I64LeS, false, O::I64LtS, Change::NextSigned),
        row(O::I64LeU, false, O::I64LtU, Change::NextUnsigned),
        row(O::I32Rotr, false, O::I32Rotl, Change::NegativeCount),
        row(O::I64Rotr, false, O::I64Rotl, Change::NegativeCount),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_to_is_rewritten() {
        for &opcode in Opcode::ALL {
            let Some(Row {
                lowering: Lowering::Binary(operation) | Lowering::Swapped(operation),
                ..
            }) = row(opcode)
            else {
                continue;
            };
            let same = [0, 1, 7, u32::MAX.into()].iter().all(|&bits| {
                with_constant(operation, false, bits, operation.row().input)
                    == Some((operation, bits))
            });
            assert_eq!(same, !rewrites(operation), "{}", operation.text());
        }
    }
}
