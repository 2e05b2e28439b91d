//! Arguments for exported functions, of which the interesting ones are frequent.

use crate::outcome::{Type, Value};
use crate::random::Random;

/// A value of that type.
pub fn value(ty: Type, random: &mut Random) -> Value {
    match ty {
        Type::I32 => Value::I32(integer(random) as i32),
        Type::I64 => Value::I64(integer(random)),
        Type::F32 => Value::F32(match random.below(3) {
            0 => random.next_bits() as u32,
            1 => (integer(random) as f32).to_bits(),
            _ => random.choose(&[
                0x0000_0000,
                0x8000_0000,
                0x0000_0001,
                0x007f_ffff,
                0x3f80_0000,
                0xbf00_0000,
                0x4f00_0000,
                0xcf00_0000,
                0x4f80_0000,
                0x5f00_0000,
                0x7f7f_ffff,
                0x7f80_0000,
                0xff80_0000,
                0x7fc0_0000,
            ]),
        }),
        Type::F64 => Value::F64(match random.below(3) {
            0 => random.next_bits(),
            1 => (integer(random) as f64).to_bits(),
            _ => random.choose(&[
                0x0000_0000_0000_0000,
                0x8000_0000_0000_0000,
                0x0000_0000_0000_0001,
                0x000f_ffff_ffff_ffff,
                0x3ff0_0000_0000_0000,
                0xbfe0_0000_0000_0000,
                0x41e0_0000_0000_0000,
                0xc1e0_0000_0020_0000,
                0x43e0_0000_0000_0000,
                0x7fef_ffff_ffff_ffff,
                0x7ff0_0000_0000_0000,
                0xfff0_0000_0000_0000,
                0x7ff8_0000_0000_0000,
            ]),
        }),
        Type::Func => Value::Func(false),
        Type::Extern => Value::Extern((random.below(3) > 0).then(|| random.below(100) as u32)),
    }
}

fn integer(random: &mut Random) -> i64 {
    match random.below(4) {
        0 => random.next_bits() as i64,
        1 => random.below(40) as i64,
        2 => random.below(1 << 17) as i64,
        _ => random.choose(&[
            0,
            1,
            -1,
            2,
            31,
            32,
            63,
            64,
            127,
            -128,
            255,
            0x7fff,
            -0x8000,
            0xffff,
            0x7fff_ffff,
            -0x8000_0000,
            0xffff_ffff,
            i64::MAX,
            i64::MIN,
            i64::MIN + 1,
        ]),
    }
}
