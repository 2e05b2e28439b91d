//! Roundings of floating-point numbers and conversions to integers, as the compiler and its library have them.

use super::{Unary, f32, f64, round32, round64};
use crate::trap::Trap;

/// A truncation that traps: the number must lie strictly between the bounds,
/// which are the nearest numbers of its format that do not fit the integer.
macro_rules! truncate {
    ($float:expr, $low:literal, $high:literal, $integer:ty) => {{
        let number = $float;
        if number > $low && number < $high {
            Ok(number as $integer)
        } else if number.is_nan() {
            Err(Trap::InvalidConversionToInteger)
        } else {
            Err(Trap::IntegerOverflow)
        }
    }};
}

unary! {
    F32Ceil: u32 => u32, |a| round32(a, libm::ceilf);
    F32Floor: u32 => u32, |a| round32(a, libm::floorf);
    F32Trunc: u32 => u32, |a| round32(a, libm::truncf);
    F32Nearest: u32 => u32, |a| round32(a, libm::roundevenf);
    F64Ceil: u64 => u64, |a| round64(a, libm::ceil);
    F64Floor: u64 => u64, |a| round64(a, libm::floor);
    F64Trunc: u64 => u64, |a| round64(a, libm::trunc);
    F64Nearest: u64 => u64, |a| round64(a, libm::roundeven);
    I32TruncF32S: u32 => u32, |a| truncate!(f32(a), -2147483904.0, 2147483648.0, i32).map(|i| i as u32);
    I32TruncF32U: u32 => u32, |a| truncate!(f32(a), -1.0, 4294967296.0, u32);
    I32TruncF64S: u64 => u32, |a| truncate!(f64(a), -2147483649.0, 2147483648.0, i32).map(|i| i as u32);
    I32TruncF64U: u64 => u32, |a| truncate!(f64(a), -1.0, 4294967296.0, u32);
    I64TruncF32S: u32 => u64, |a| truncate!(f32(a), -9223373136366403584.0, 9223372036854775808.0, i64).map(|i| i as u64);
    I64TruncF32U: u32 => u64, |a| truncate!(f32(a), -1.0, 18446744073709551616.0, u64);
    I64TruncF64S: u64 => u64, |a| truncate!(f64(a), -9223372036854777856.0, 9223372036854775808.0, i64).map(|i| i as u64);
    I64TruncF64U: u64 => u64, |a| truncate!(f64(a), -1.0, 18446744073709551616.0, u64);
    I32TruncSatF32S: u32 => u32, |a| Ok(f32(a) as i32 as u32);
    I32TruncSatF32U: u32 => u32, |a| Ok(f32(a) as u32);
    I32TruncSatF64S: u64 => u32, |a| Ok(f64(a) as i32 as u32);
    I32TruncSatF64U: u64 => u32, |a| Ok(f64(a) as u32);
    I64TruncSatF32S: u32 => u64, |a| Ok(f32(a) as i64 as u64);
    I64TruncSatF32U: u32 => u64, |a| Ok(f32(a) as u64);
    I64TruncSatF64S: u64 => u64, |a| Ok(f64(a) as i64 as u64);
    I64TruncSatF64U: u64 => u64, |a| Ok(f64(a) as u64);
}
