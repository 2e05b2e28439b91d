//! Roundings of floating-point numbers and conversions to integers, by arithmetic of integers: for processors without a
//! unit for 64-bit numbers, where one function for all takes a quarter of what one for each does, and less time.

#[cfg(thimble_soft)]
use super::{SIGN32, SIGN64, Unary, f32, quiet32, quiet64};
use crate::trap::Trap;

const MANTISSA: u64 = (1 << 52) - 1;

/// The integer that a 64-bit number is without its fraction, at most `most`, or at least minus `least`.
#[inline(never)]
pub(super) fn truncate(bits: u64, most: u64, least: u64) -> Result<u64, Trap> {
    let mantissa = bits & MANTISSA;
    // Of the mantissa as an integer.
    let exponent = (bits >> 52 & 0x7ff) as i32 - 1075;
    let integer = mantissa | 1 << 52;
    let magnitude = match exponent {
        ..-52 => 0,
        -52..0 => integer >> -exponent,
        0..=11 => integer << exponent,
        972 if mantissa != 0 => return Err(Trap::InvalidConversionToInteger),
        _ => return Err(Trap::IntegerOverflow),
    };
    let negative = bits >> 63 != 0;
    if magnitude > if negative { least } else { most } {
        return Err(Trap::IntegerOverflow);
    }
    Ok(if negative {
        magnitude.wrapping_neg()
    } else {
        magnitude
    })
}

/// The same, or the nearest that there is; 0 for not-a-number.
#[inline(never)]
pub(super) fn saturate(bits: u64, most: u64, least: u64) -> u64 {
    match truncate(bits, most, least) {
        Ok(integer) => integer,
        Err(Trap::InvalidConversionToInteger) => 0,
        Err(_) if bits >> 63 != 0 => least.wrapping_neg(),
        Err(_) => most,
    }
}

/// Where a number between two integers goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rounding {
    /// Away from 0.
    Up,
    /// To 0.
    Down,
    /// To the nearer one, or the even one.
    Nearest,
}

/// The nearest integers of a number, whose sign was removed: it has a mantissa of so many bits.
#[inline(never)]
pub(super) fn round(magnitude: u64, mantissa: u32, rounding: Rounding) -> u64 {
    // Half of the exponents that there are, less one, is that of 1.
    let bias = if mantissa == 52 { 1023 } else { 127 };
    let exponent = (magnitude >> mantissa) as u32;
    if exponent >= bias + mantissa {
        return magnitude;
    }
    let (down, unit, half) = if exponent < bias {
        let one = u64::from(bias) << mantissa;
        (0, one, one - (1 << mantissa))
    } else {
        // The bit that counts 1. That of the number 1 itself is not in the mantissa, but its exponent is odd.
        let unit = 1 << (bias + mantissa - exponent);
        (magnitude & !(unit - 1), unit, unit >> 1)
    };
    let rest = magnitude - down;
    let up = match rounding {
        Rounding::Up => rest != 0,
        Rounding::Down => false,
        Rounding::Nearest => rest > half || rest == half && down & unit != 0,
    };
    if up { down + unit } else { down }
}

/// The bits of the same number with 64 of them.
#[cfg(thimble_soft)]
fn wide(a: u32) -> u64 {
    f64::from(f32(a)).to_bits()
}

/// That of a number, if one with the sign `away` goes away from 0.
#[cfg(thimble_soft)]
fn toward(negative: bool, away: bool) -> Rounding {
    if negative == away {
        Rounding::Up
    } else {
        Rounding::Down
    }
}

#[cfg(thimble_soft)]
fn single(a: u32, rounding: Rounding) -> Result<u32, Trap> {
    let rounded = round((a & !SIGN32).into(), 23, rounding) as u32;
    Ok(quiet32(rounded | a & SIGN32))
}

#[cfg(thimble_soft)]
fn double(a: u64, rounding: Rounding) -> Result<u64, Trap> {
    let rounded = round(a & !SIGN64, 52, rounding);
    Ok(quiet64(rounded | a & SIGN64))
}

#[cfg(thimble_soft)]
unary! {
    F32Ceil: u32 => u32, |a| single(a, toward(a & SIGN32 != 0, false));
    F32Floor: u32 => u32, |a| single(a, toward(a & SIGN32 != 0, true));
    F32Trunc: u32 => u32, |a| single(a, Rounding::Down);
    F32Nearest: u32 => u32, |a| single(a, Rounding::Nearest);
    F64Ceil: u64 => u64, |a| double(a, toward(a & SIGN64 != 0, false));
    F64Floor: u64 => u64, |a| double(a, toward(a & SIGN64 != 0, true));
    F64Trunc: u64 => u64, |a| double(a, Rounding::Down);
    F64Nearest: u64 => u64, |a| double(a, Rounding::Nearest);
    I32TruncF32S: u32 => u32, |a| truncate(wide(a), i32::MAX as u64, 1 << 31).map(|i| i as u32);
    I32TruncF32U: u32 => u32, |a| truncate(wide(a), u32::MAX.into(), 0).map(|i| i as u32);
    I32TruncF64S: u64 => u32, |a| truncate(a, i32::MAX as u64, 1 << 31).map(|i| i as u32);
    I32TruncF64U: u64 => u32, |a| truncate(a, u32::MAX.into(), 0).map(|i| i as u32);
    I64TruncF32S: u32 => u64, |a| truncate(wide(a), i64::MAX as u64, 1 << 63);
    I64TruncF32U: u32 => u64, |a| truncate(wide(a), u64::MAX, 0);
    I64TruncF64S: u64 => u64, |a| truncate(a, i64::MAX as u64, 1 << 63);
    I64TruncF64U: u64 => u64, |a| truncate(a, u64::MAX, 0);
    I32TruncSatF32S: u32 => u32, |a| Ok(saturate(wide(a), i32::MAX as u64, 1 << 31) as u32);
    I32TruncSatF32U: u32 => u32, |a| Ok(saturate(wide(a), u32::MAX.into(), 0) as u32);
    I32TruncSatF64S: u64 => u32, |a| Ok(saturate(a, i32::MAX as u64, 1 << 31) as u32);
    I32TruncSatF64U: u64 => u32, |a| Ok(saturate(a, u32::MAX.into(), 0) as u32);
    I64TruncSatF32S: u32 => u64, |a| Ok(saturate(wide(a), i64::MAX as u64, 1 << 63));
    I64TruncSatF32U: u32 => u64, |a| Ok(saturate(wide(a), u64::MAX, 0));
    I64TruncSatF64S: u64 => u64, |a| Ok(saturate(a, i64::MAX as u64, 1 << 63));
    I64TruncSatF64U: u64 => u64, |a| Ok(saturate(a, u64::MAX, 0));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers about each power of two, and others.
    fn numbers() -> impl Iterator<Item = f64> {
        let special = [f64::NAN, f64::INFINITY, 0.0, 0.1, 0.5, 1.5, 2.5, 3.5, 1e300];
        let powers = (-70..70).flat_map(|power| {
            let power = 2f64.powi(power);
            [-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0].map(|more| power + more)
        });
        let near = (-70..1000).flat_map(|power| {
            let bits = 2f64.powi(power).to_bits();
            [bits - 1, bits + 1].map(f64::from_bits)
        });
        special
            .into_iter()
            .chain(powers)
            .chain(near)
            .flat_map(|number| [number, -number])
    }

    #[test]
    fn converts_as_the_language_does() {
        for number in numbers() {
            let bits = number.to_bits();
            let all = [
                (i32::MAX as u64, 1 << 31, i64::from(number as i32) as u64),
                (u32::MAX.into(), 0, (number as u32).into()),
                (i64::MAX as u64, 1 << 63, number as i64 as u64),
                (u64::MAX, 0, number as u64),
            ];
            for (most, least, integer) in all {
                assert_eq!(saturate(bits, most, least), integer, "{number} {most}");
                let exact = number as i128;
                let fits = -i128::from(least) <= exact && exact <= i128::from(most);
                let expected = match number {
                    _ if number.is_nan() => Err(Trap::InvalidConversionToInteger),
                    _ if fits => Ok(integer),
                    _ => Err(Trap::IntegerOverflow),
                };
                assert_eq!(truncate(bits, most, least), expected, "{number} {most}");
            }
        }
    }

    #[test]
    fn rounds_as_the_language_does() {
        for number in numbers().filter(|number| !number.is_nan()) {
            let single = (number as f32).abs();
            let number = number.abs();
            let of = |rounding| f64::from_bits(round(number.to_bits(), 52, rounding));
            assert_eq!(of(Rounding::Up), number.ceil(), "{number}");
            assert_eq!(of(Rounding::Down), number.floor(), "{number}");
            assert_eq!(of(Rounding::Nearest), number.round_ties_even(), "{number}");
            let of = |rounding| f32::from_bits(round(single.to_bits().into(), 23, rounding) as u32);
            assert_eq!(of(Rounding::Up), single.ceil(), "{single}");
            assert_eq!(of(Rounding::Down), single.floor(), "{single}");
            assert_eq!(of(Rounding::Nearest), single.round_ties_even(), "{single}");
        }
    }
}
