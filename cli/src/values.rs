//! Values of WebAssembly as text: arguments are read, results printed.

use std::fmt::Display;

use thimble::{Val, ValueType};

/// Reads a value of a type.
pub fn parse(ty: ValueType, text: &str) -> Result<Val, String> {
    Ok(match ty {
        ValueType::I32 => Val::I32(parse_i32(text)?),
        ValueType::I64 => Val::I64(parse_i64(text)?),
        ValueType::F32 => Val::F32(parse_f32(text)?),
        ValueType::F64 => Val::F64(parse_f64(text)?),
        // Other references have no text.
        ValueType::FuncRef | ValueType::ExternRef if text == "null" => Val::default_of(ty),
        _ => return Err(format!("`{text}` is not a value of type {ty}")),
    })
}

/// A value as text that [`parse`] reads, if it has one.
pub fn format(value: Val) -> String {
    match value {
        Val::I32(number) => number.to_string(),
        Val::I64(number) => number.to_string(),
        Val::F32(bits) => format_f32(bits),
        Val::F64(bits) => format_f64(bits),
        Val::FuncRef(None) | Val::ExternRef(None) => "null".into(),
        other => other.ty().to_string(),
    }
}

/// Reads an i32: decimal or, with 0x, hexadecimal; signed or unsigned.
fn parse_i32(text: &str) -> Result<i32, String> {
    let number = integer(text)?;
    i32::try_from(number)
        .or_else(|_| u32::try_from(number).map(u32::cast_signed))
        .map_err(|_| format!("`{text}` does not fit in an i32"))
}

/// Reads an i64: decimal or, with 0x, hexadecimal; signed or unsigned.
fn parse_i64(text: &str) -> Result<i64, String> {
    let number = integer(text)?;
    i64::try_from(number)
        .or_else(|_| u64::try_from(number).map(u64::cast_signed))
        .map_err(|_| format!("`{text}` does not fit in an i64"))
}

fn integer(text: &str) -> Result<i128, String> {
    let (negative, digits) = sign(text);
    let (radix, digits) = match digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        Some(digits) => (16, digits),
        None => (10, digits),
    };
    // A second sign would be read as part of the number.
    let number = Some(digits)
        .filter(|digits| digits.starts_with(|first: char| first.is_digit(radix)))
        .and_then(|digits| i128::from_str_radix(digits, radix).ok())
        .ok_or_else(|| format!("`{text}` is not an integer"))?;
    Ok(if negative { -number } else { number })
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Reads the bits of an f32: decimal, `inf`, `nan`, or `nan:0x…` with a payload.
fn parse_f32(text: &str) -> Result<u32, String> {
    let (negative, magnitude) = sign(text);
    let sign = u32::from(negative) << 31;
    if let Some(payload) = payload(magnitude, 1 << 22, 23)? {
        // The payload has 23 bits.
        return Ok(sign | 0x7f80_0000 | payload as u32);
    }
    let number: f32 = decimal(text, magnitude)?;
    Ok(sign | number.to_bits())
}

/// Reads the bits of an f64: decimal, `inf`, `nan`, or `nan:0x…` with a payload.
fn parse_f64(text: &str) -> Result<u64, String> {
    let (negative, magnitude) = sign(text);
    let sign = u64::from(negative) << 63;
    if let Some(payload) = payload(magnitude, 1 << 51, 52)? {
        return Ok(sign | 0x7ff0_0000_0000_0000 | payload);
    }
    let number: f64 = decimal(text, magnitude)?;
    Ok(sign | number.to_bits())
}

/// Reads a number without its sign; `text` has it, for the message.
fn decimal<T: std::str::FromStr>(text: &str, magnitude: &str) -> Result<T, String> {
    // Any other letter or sign at the front is a spelling of Rust's alone.
    let first = |first: char| first.is_ascii_digit() || first == '.' || first == 'i';
    Some(magnitude)
        .filter(|magnitude| magnitude.starts_with(first))
        .and_then(|magnitude| magnitude.parse().ok())
        .ok_or_else(|| format!("`{text}` is not a number"))
}

/// The payload of a NaN: `nan` stands for the canonical one.
fn payload(magnitude: &str, canonical: u64, bits: u32) -> Result<Option<u64>, String> {
    let Some(rest) = magnitude.strip_prefix("nan") else {
        return Ok(None);
    };
    if rest.is_empty() {
        return Ok(Some(canonical));
    }
    rest.strip_prefix(":0x")
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .filter(|&payload| payload != 0 && payload >> bits == 0)
        .map(Some)
        .ok_or_else(|| format!("`{magnitude}` is not a NaN: its payload has 1 to {bits} bits"))
}

/// An f32 as the shortest text that reads as the same bits.
fn format_f32(bits: u32) -> String {
    let number = f32::from_bits(bits);
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let payload = u64::from(bits & 0x007f_ffff);
    if number.is_nan() {
        return nan(sign, payload, 1 << 22);
    }
    // Debug changes to an exponent where the zeroes would not end.
    without_point(&format!("{number:?}"))
}

/// An f64 as the shortest text that reads as the same bits.
fn format_f64(bits: u64) -> String {
    let number = f64::from_bits(bits);
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let payload = bits & 0x000f_ffff_ffff_ffff;
    if number.is_nan() {
        return nan(sign, payload, 1 << 51);
    }
    without_point(&format!("{number:?}"))
}

fn nan(sign: impl Display, payload: u64, canonical: u64) -> String {
    if payload == canonical {
        format!("{sign}nan")
    } else {
        format!("{sign}nan:{payload:#x}")
    }
}

fn without_point(text: &str) -> String {
    text.strip_suffix(".0").unwrap_or(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_decimal_or_hexadecimal() {
        assert_eq!(parse_i32("20"), Ok(20));
        assert_eq!(parse_i32("-20"), Ok(-20));
        assert_eq!(parse_i32("+20"), Ok(20));
        assert_eq!(parse_i32("0x10"), Ok(16));
        assert_eq!(parse_i32("-0x80000000"), Ok(i32::MIN));
        assert_eq!(parse_i32("4294967295"), Ok(-1));
        assert_eq!(parse_i32("0xffffffff"), Ok(-1));
        assert_eq!(parse_i64("0xffffffffffffffff"), Ok(-1));
        assert_eq!(parse_i64("-9223372036854775808"), Ok(i64::MIN));
        for bad in [
            "",
            "-",
            "x",
            "0x",
            "1.5",
            "--1",
            "-+1",
            "0x-1",
            " 1",
            "1e3",
            "4294967296",
            "-2147483649",
        ] {
            assert!(parse_i32(bad).is_err(), "{bad}");
        }
        assert!(parse_i64("18446744073709551616").is_err());
        assert!(parse_i64("1000000000000000000000000000000000000000000").is_err());
    }

    #[test]
    fn floats_are_decimal_or_special() {
        assert_eq!(parse_f32("1.5"), Ok(1.5f32.to_bits()));
        assert_eq!(parse_f32("-0"), Ok(0x8000_0000));
        assert_eq!(parse_f32("1e10"), Ok(1e10f32.to_bits()));
        assert_eq!(parse_f64("-inf"), Ok(f64::NEG_INFINITY.to_bits()));
        assert_eq!(parse_f64("+.5"), Ok(0.5f64.to_bits()));
        assert_eq!(parse_f32("nan"), Ok(0x7fc0_0000));
        assert_eq!(parse_f32("-nan:0x1"), Ok(0xff80_0001));
        assert_eq!(parse_f64("nan"), Ok(0x7ff8_0000_0000_0000));
        for bad in [
            "",
            "-",
            "--1",
            "+-1",
            "nan:0x0",
            "nan:0x800000",
            "nan:1",
            "nanx",
            "NaN",
            "e5",
            "1f",
        ] {
            assert!(parse_f32(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn floats_read_as_they_were_printed() {
        for bits in [
            0,
            1,
            0x8000_0000,
            0x3f80_0000,
            0x3fc0_0000,
            0x7f7f_ffff,
            0x7f80_0000,
            0xff80_0000,
            0x7fc0_0000,
            0xffc0_0000,
            0x7f80_0001,
            0x7fff_ffff,
        ] {
            assert_eq!(
                parse_f32(&format_f32(bits)),
                Ok(bits),
                "{}",
                format_f32(bits)
            );
        }
        for number in [0.1f64, -1.0, 1e300, 5e-324, 123_456_789.0] {
            assert_eq!(
                parse_f64(&format_f64(number.to_bits())),
                Ok(number.to_bits())
            );
        }
        assert_eq!(format_f64(1f64.to_bits()), "1");
        assert_eq!(format_f64(1e300f64.to_bits()), "1e300");
        assert_eq!(format_f32(0x7fc0_0000), "nan");
        assert_eq!(format_f32(0xff80_0000), "-inf");
    }
}
