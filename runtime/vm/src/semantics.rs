//! What numeric operators compute (section 4.3): pure functions on bits.
//!
//! Integers and floating-point numbers are the same bits in cells, so all
//! operands are `u32` or `u64`.

use crate::trap::Trap;

/// An operator with two operands.
pub(crate) trait Binary {
    /// The operands.
    type Input: Copy;
    /// The result.
    type Output: Copy;
    /// Computes the result, or traps.
    fn apply(a: Self::Input, b: Self::Input) -> Result<Self::Output, Trap>;
}

/// An operator with one operand.
pub(crate) trait Unary {
    /// The operand.
    type Input: Copy;
    /// The result.
    type Output: Copy;
    /// Computes the result, or traps.
    fn apply(a: Self::Input) -> Result<Self::Output, Trap>;
}

macro_rules! binary {
    ($($name:ident: $input:ty => $output:ty, |$a:ident, $b:ident| $body:expr;)*) => {$(
        pub(crate) struct $name;
        impl Binary for $name {
            type Input = $input;
            type Output = $output;
            #[inline(always)]
            fn apply($a: $input, $b: $input) -> Result<$output, Trap> { $body }
        }
    )*};
}

macro_rules! unary {
    ($($name:ident: $input:ty => $output:ty, |$a:ident| $body:expr;)*) => {$(
        pub(crate) struct $name;
        impl Unary for $name {
            type Input = $input;
            type Output = $output;
            #[inline(always)]
            fn apply($a: $input) -> Result<$output, Trap> { $body }
        }
    )*};
}

const fn signed32(a: u32) -> i32 {
    a as i32
}

const fn signed64(a: u64) -> i64 {
    a as i64
}

fn f32(a: u32) -> f32 {
    f32::from_bits(a)
}

fn f64(a: u64) -> f64 {
    f64::from_bits(a)
}

macro_rules! float_extreme {
    ($name:ident, $float:ident, $zero:expr, $less:tt) => {
        fn $name(a: $float, b: $float) -> $float {
            if a.is_nan() || b.is_nan() {
                // An arithmetic operation makes the result a quiet NaN.
                a + b
            } else if a == b {
                // Of zeros of both signs one is the lesser.
                $zero(a, b)
            } else if a $less b {
                a
            } else {
                b
            }
        }
    };
}

float_extreme!(min32, f32, |a: f32, b: f32| f32::from_bits(a.to_bits() | b.to_bits()), <);
float_extreme!(max32, f32, |a: f32, b: f32| f32::from_bits(a.to_bits() & b.to_bits()), >);
float_extreme!(min64, f64, |a: f64, b: f64| f64::from_bits(a.to_bits() | b.to_bits()), <);
float_extreme!(max64, f64, |a: f64, b: f64| f64::from_bits(a.to_bits() & b.to_bits()), >);

const SIGN32: u32 = 1 << 31;
const SIGN64: u64 = 1 << 63;

/// Makes a not-a-number quiet, as an arithmetic operation does.
fn quiet32(a: u32) -> u32 {
    if f32(a).is_nan() { a | 1 << 22 } else { a }
}

fn quiet64(a: u64) -> u64 {
    if f64(a).is_nan() { a | 1 << 51 } else { a }
}

/// Applies a rounding, which need not keep a not-a-number.
fn round32(a: u32, round: impl Fn(f32) -> f32) -> Result<u32, Trap> {
    Ok(if f32(a).is_nan() {
        quiet32(a)
    } else {
        round(f32(a)).to_bits()
    })
}

fn round64(a: u64, round: impl Fn(f64) -> f64) -> Result<u64, Trap> {
    Ok(if f64(a).is_nan() {
        quiet64(a)
    } else {
        round(f64(a)).to_bits()
    })
}

binary! {
    I32Add: u32 => u32, |a, b| Ok(a.wrapping_add(b));
    I32Sub: u32 => u32, |a, b| Ok(a.wrapping_sub(b));
    I32Mul: u32 => u32, |a, b| Ok(a.wrapping_mul(b));
    I32And: u32 => u32, |a, b| Ok(a & b);
    I32Or: u32 => u32, |a, b| Ok(a | b);
    I32Xor: u32 => u32, |a, b| Ok(a ^ b);
    I32Shl: u32 => u32, |a, b| Ok(a.wrapping_shl(b));
    I32ShrS: u32 => u32, |a, b| Ok(signed32(a).wrapping_shr(b) as u32);
    I32ShrU: u32 => u32, |a, b| Ok(a.wrapping_shr(b));
    I32Rotl: u32 => u32, |a, b| Ok(a.rotate_left(b & 31));
    I32Rotr: u32 => u32, |a, b| Ok(a.rotate_right(b & 31));
    I32DivS: u32 => u32, |a, b| {
        if b == 0 {
            Err(Trap::IntegerDivideByZero)
        } else {
            signed32(a).checked_div(signed32(b)).map(|q| q as u32).ok_or(Trap::IntegerOverflow)
        }
    };
    I32DivU: u32 => u32, |a, b| a.checked_div(b).ok_or(Trap::IntegerDivideByZero);
    I32RemS: u32 => u32, |a, b| {
        if b == 0 {
            Err(Trap::IntegerDivideByZero)
        } else {
            Ok(signed32(a).wrapping_rem(signed32(b)) as u32)
        }
    };
    I32RemU: u32 => u32, |a, b| a.checked_rem(b).ok_or(Trap::IntegerDivideByZero);
    I32Eq: u32 => u32, |a, b| Ok(u32::from(a == b));
    I32Ne: u32 => u32, |a, b| Ok(u32::from(a != b));
    I32LtS: u32 => u32, |a, b| Ok(u32::from(signed32(a) < signed32(b)));
    I32LtU: u32 => u32, |a, b| Ok(u32::from(a < b));
    I32LeS: u32 => u32, |a, b| Ok(u32::from(signed32(a) <= signed32(b)));
    I32LeU: u32 => u32, |a, b| Ok(u32::from(a <= b));
    I32GeS: u32 => u32, |a, b| Ok(u32::from(signed32(a) >= signed32(b)));
    I32GeU: u32 => u32, |a, b| Ok(u32::from(a >= b));
    I64Add: u64 => u64, |a, b| Ok(a.wrapping_add(b));
    I64Sub: u64 => u64, |a, b| Ok(a.wrapping_sub(b));
    I64Mul: u64 => u64, |a, b| Ok(a.wrapping_mul(b));
    I64And: u64 => u64, |a, b| Ok(a & b);
    I64Or: u64 => u64, |a, b| Ok(a | b);
    I64Xor: u64 => u64, |a, b| Ok(a ^ b);
    I64Shl: u64 => u64, |a, b| Ok(a.wrapping_shl(b as u32));
    I64ShrS: u64 => u64, |a, b| Ok(signed64(a).wrapping_shr(b as u32) as u64);
    I64ShrU: u64 => u64, |a, b| Ok(a.wrapping_shr(b as u32));
    I64Rotl: u64 => u64, |a, b| Ok(a.rotate_left(b as u32 & 63));
    I64Rotr: u64 => u64, |a, b| Ok(a.rotate_right(b as u32 & 63));
    I64DivS: u64 => u64, |a, b| {
        if b == 0 {
            Err(Trap::IntegerDivideByZero)
        } else {
            signed64(a).checked_div(signed64(b)).map(|q| q as u64).ok_or(Trap::IntegerOverflow)
        }
    };
    I64DivU: u64 => u64, |a, b| a.checked_div(b).ok_or(Trap::IntegerDivideByZero);
    I64RemS: u64 => u64, |a, b| {
        if b == 0 {
            Err(Trap::IntegerDivideByZero)
        } else {
            Ok(signed64(a).wrapping_rem(signed64(b)) as u64)
        }
    };
    I64RemU: u64 => u64, |a, b| a.checked_rem(b).ok_or(Trap::IntegerDivideByZero);
    I64Eq: u64 => u32, |a, b| Ok(u32::from(a == b));
    I64Ne: u64 => u32, |a, b| Ok(u32::from(a != b));
    I64LtS: u64 => u32, |a, b| Ok(u32::from(signed64(a) < signed64(b)));
    I64LtU: u64 => u32, |a, b| Ok(u32::from(a < b));
    I64LeS: u64 => u32, |a, b| Ok(u32::from(signed64(a) <= signed64(b)));
    I64LeU: u64 => u32, |a, b| Ok(u32::from(a <= b));
    I64GeS: u64 => u32, |a, b| Ok(u32::from(signed64(a) >= signed64(b)));
    I64GeU: u64 => u32, |a, b| Ok(u32::from(a >= b));
    F32Add: u32 => u32, |a, b| Ok((f32(a) + f32(b)).to_bits());
    F32Sub: u32 => u32, |a, b| Ok((f32(a) - f32(b)).to_bits());
    F32Mul: u32 => u32, |a, b| Ok((f32(a) * f32(b)).to_bits());
    F32Div: u32 => u32, |a, b| Ok((f32(a) / f32(b)).to_bits());
    F32Min: u32 => u32, |a, b| Ok(min32(f32(a), f32(b)).to_bits());
    F32Max: u32 => u32, |a, b| Ok(max32(f32(a), f32(b)).to_bits());
    F32Copysign: u32 => u32, |a, b| Ok(a & !SIGN32 | b & SIGN32);
    F32Eq: u32 => u32, |a, b| Ok(u32::from(f32(a) == f32(b)));
    F32Ne: u32 => u32, |a, b| Ok(u32::from(f32(a) != f32(b)));
    F32Lt: u32 => u32, |a, b| Ok(u32::from(f32(a) < f32(b)));
    F32Le: u32 => u32, |a, b| Ok(u32::from(f32(a) <= f32(b)));
    F64Add: u64 => u64, |a, b| Ok((f64(a) + f64(b)).to_bits());
    F64Sub: u64 => u64, |a, b| Ok((f64(a) - f64(b)).to_bits());
    F64Mul: u64 => u64, |a, b| Ok((f64(a) * f64(b)).to_bits());
    F64Div: u64 => u64, |a, b| Ok((f64(a) / f64(b)).to_bits());
    F64Min: u64 => u64, |a, b| Ok(min64(f64(a), f64(b)).to_bits());
    F64Max: u64 => u64, |a, b| Ok(max64(f64(a), f64(b)).to_bits());
    F64Copysign: u64 => u64, |a, b| Ok(a & !SIGN64 | b & SIGN64);
    F64Eq: u64 => u32, |a, b| Ok(u32::from(f64(a) == f64(b)));
    F64Ne: u64 => u32, |a, b| Ok(u32::from(f64(a) != f64(b)));
    F64Lt: u64 => u32, |a, b| Ok(u32::from(f64(a) < f64(b)));
    F64Le: u64 => u32, |a, b| Ok(u32::from(f64(a) <= f64(b)));
}

unary! {
    I32Eqz: u32 => u32, |a| Ok(u32::from(a == 0));
    I32Clz: u32 => u32, |a| Ok(a.leading_zeros());
    I32Ctz: u32 => u32, |a| Ok(a.trailing_zeros());
    I32Popcnt: u32 => u32, |a| Ok(a.count_ones());
    I32Extend8S: u32 => u32, |a| Ok(a as i8 as u32);
    I32Extend16S: u32 => u32, |a| Ok(a as i16 as u32);
    I64Eqz: u64 => u32, |a| Ok(u32::from(a == 0));
    I64Clz: u64 => u64, |a| Ok(u64::from(a.leading_zeros()));
    I64Ctz: u64 => u64, |a| Ok(u64::from(a.trailing_zeros()));
    I64Popcnt: u64 => u64, |a| Ok(u64::from(a.count_ones()));
    I64Extend8S: u64 => u64, |a| Ok(a as i8 as u64);
    I64Extend16S: u64 => u64, |a| Ok(a as i16 as u64);
    I64Extend32S: u64 => u64, |a| Ok(a as i32 as u64);
    I32WrapI64: u64 => u32, |a| Ok(a as u32);
    I64ExtendI32S: u32 => u64, |a| Ok(signed32(a) as u64);
    I64ExtendI32U: u32 => u64, |a| Ok(u64::from(a));
    F32Abs: u32 => u32, |a| Ok(a & !SIGN32);
    F32Neg: u32 => u32, |a| Ok(a ^ SIGN32);
    F32Sqrt: u32 => u32, |a| round32(a, libm::sqrtf);
    F64Abs: u64 => u64, |a| Ok(a & !SIGN64);
    F64Neg: u64 => u64, |a| Ok(a ^ SIGN64);
    F64Sqrt: u64 => u64, |a| round64(a, libm::sqrt);
    F32ConvertI32S: u32 => u32, |a| Ok((signed32(a) as f32).to_bits());
    F32ConvertI32U: u32 => u32, |a| Ok((a as f32).to_bits());
    F32ConvertI64S: u64 => u32, |a| Ok((signed64(a) as f32).to_bits());
    F32ConvertI64U: u64 => u32, |a| Ok((a as f32).to_bits());
    F64ConvertI32S: u32 => u64, |a| Ok(f64::from(signed32(a)).to_bits());
    F64ConvertI32U: u32 => u64, |a| Ok(f64::from(a).to_bits());
    F64ConvertI64S: u64 => u64, |a| Ok((signed64(a) as f64).to_bits());
    F64ConvertI64U: u64 => u64, |a| Ok((a as f64).to_bits());
    F32DemoteF64: u64 => u32, |a| Ok(quiet32((f64(a) as f32).to_bits()));
    F64PromoteF32: u32 => u64, |a| Ok(quiet64(f64::from(f32(a)).to_bits()));
}

#[cfg(not(thimble_soft))]
mod native;
#[cfg(any(thimble_soft, test))]
mod soft;

#[cfg(not(thimble_soft))]
pub(crate) use native::*;
#[cfg(thimble_soft)]
pub(crate) use soft::*;
