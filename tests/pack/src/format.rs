//! The format of packs.
//!
//! ```text
//! pack      = MAGIC  assertions:number  left out:text*  file*
//! file      = name:text  strings:text*  part*
//! part      = content:bytes
//! content   = spectest:byte  (command:byte  line:number  operands)*
//! ```
//!
//! A *number* is an unsigned LEB128; *bytes* are a number and so many bytes; a *text*
//! is bytes in UTF-8. What has a star begins with a number that says how many there
//! are, but for files and commands, which go on to the end. A *string* is a number
//! of one of the file's strings; where one is optional, 0 is none and all numbers are
//! one larger. A line is its distance from that of the command before, after [`zigzag`].
//!
//! A *part* is a stretch of a file that uses nothing of what was made before it, so
//! it begins with an empty store. Its byte `spectest` says what of the host module it
//! needs: [`NEEDS_TABLE`], [`NEEDS_MEMORY`].
//!
//! | command | operands |
//! |---|---|
//! | [`MODULE`] | name:string?, module:bytes |
//! | [`DEFINITION`] | name:string?, module:bytes |
//! | [`INSTANCE`] | name:string?, module:string? |
//! | [`REGISTER`] | as:string, instance:string? |
//! | [`DO`] | action |
//! | [`ASSERT_RETURN`] | action, results:(pattern)* |
//! | [`ASSERT_TRAP`] | action, message:string |
//! | [`ASSERT_UNLINKABLE`] | module:bytes, message:string |
//! | [`ASSERT_REFUSED`] | module:bytes, message:string? |
//! | [`ASSERT_ACCEPTED`] | module:bytes |
//!
//! | action | operands |
//! |---|---|
//! | [`INVOKE`] | instance:string?, export:string, arguments:(value)* |
//! | [`GET`] | instance:string?, export:string |
//! | [`INSTANTIATE`] | module:bytes |
//!
//! Values and patterns begin with a byte of the constants below. Integers are numbers
//! after [`zigzag`]; floating-point numbers are their bits, little-endian.

/// The first bytes; the last is the version.
pub const MAGIC: [u8; 8] = *b"thmpack\x01";

/// The part imports the table of `spectest`.
pub const NEEDS_TABLE: u8 = 1;
/// The part imports the memory of `spectest`.
pub const NEEDS_MEMORY: u8 = 2;

/// Defines and instantiates a module.
pub const MODULE: u8 = 0;
/// Defines a module.
pub const DEFINITION: u8 = 1;
/// Instantiates a module that was defined.
pub const INSTANCE: u8 = 2;
/// Makes the exports of an instance importable.
pub const REGISTER: u8 = 3;
/// Executes, whatever the results.
pub const DO: u8 = 4;
/// Executes; the results match.
pub const ASSERT_RETURN: u8 = 5;
/// Executes; it ends in a trap.
pub const ASSERT_TRAP: u8 = 6;
/// The module is valid but cannot be linked.
pub const ASSERT_UNLINKABLE: u8 = 7;
/// The module is refused; without a message, whatever the reason.
pub const ASSERT_REFUSED: u8 = 8;
/// The module is accepted: an older suite refuses it for lack of what Thimble has.
pub const ASSERT_ACCEPTED: u8 = 9;

/// Calls an export.
pub const INVOKE: u8 = 0;
/// Reads an exported global.
pub const GET: u8 = 1;
/// Instantiates a module.
pub const INSTANTIATE: u8 = 2;

/// An i32, as value or pattern.
pub const I32: u8 = 0;
/// An i64.
pub const I64: u8 = 1;
/// An f32.
pub const F32: u8 = 2;
/// An f64.
pub const F64: u8 = 3;
/// A null reference to a function.
pub const NULL_FUNC: u8 = 4;
/// A null reference of the host's.
pub const NULL_EXTERN: u8 = 5;
/// A reference of the host's: a number.
pub const EXTERN: u8 = 6;

/// The rest are patterns only. An f32 that is a canonical NaN.
pub const F32_CANONICAL: u8 = 7;
/// An f32 that is an arithmetic NaN.
pub const F32_ARITHMETIC: u8 = 8;
/// An f64 that is a canonical NaN.
pub const F64_CANONICAL: u8 = 9;
/// An f64 that is an arithmetic NaN.
pub const F64_ARITHMETIC: u8 = 10;
/// A null reference of either type.
pub const NULL: u8 = 11;
/// Any function.
pub const ANY_FUNC: u8 = 12;
/// Any reference of the host's but null.
pub const ANY_EXTERN: u8 = 13;
/// One of several: their number, then the patterns, none of which is this one.
pub const EITHER: u8 = 14;

/// A number that is small where the integer is near 0.
#[must_use]
pub const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// The integer of a number that [`zigzag`] made.
#[must_use]
pub const fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_come_back() {
        for value in [0, 1, -1, 63, -64, i64::MAX, i64::MIN] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
        assert_eq!([0, -1, 1].map(zigzag), [0, 1, 2]);
    }
}
