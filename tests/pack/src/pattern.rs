//! Values and what a result may be, as packs hold them.

use thimble::{ExternRef, Val};

use crate::format;
use crate::reader::{Damaged, Reader};

/// What a result may be.
#[derive(Clone, Copy, Debug)]
pub enum Pattern {
    /// This value, bit by bit; not a reference to a function.
    Value(Val),
    /// An f32 that is a NaN whose payload is the topmost bit only, of either sign.
    F32Canonical,
    /// An f32 that is a NaN whose payload has the topmost bit, of either sign.
    F32Arithmetic,
    /// As [`Self::F32Canonical`], of an f64.
    F64Canonical,
    /// As [`Self::F32Arithmetic`], of an f64.
    F64Arithmetic,
    /// A null reference of either type.
    Null,
    /// Any function.
    Func,
    /// Any reference of the host's but null.
    Extern,
}

impl Pattern {
    /// Whether a result is what was expected.
    #[must_use]
    pub fn matches(&self, value: &Val) -> bool {
        match (self, value) {
            (Self::Value(expected), value) => expected == value,
            (Self::F32Canonical, Val::F32(bits)) => bits & 0x7fff_ffff == 0x7fc0_0000,
            (Self::F32Arithmetic, Val::F32(bits)) => bits & 0x7fc0_0000 == 0x7fc0_0000,
            (Self::F64Canonical, Val::F64(bits)) => bits & (u64::MAX >> 1) == 0x7ff8_0000_0000_0000,
            (Self::F64Arithmetic, Val::F64(bits)) => {
                bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000
            }
            (Self::Null, Val::FuncRef(None) | Val::ExternRef(None))
            | (Self::Func, Val::FuncRef(Some(_)))
            | (Self::Extern, Val::ExternRef(Some(_))) => true,
            _ => false,
        }
    }

    fn read(kind: u8, reader: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(match kind {
            format::F32_CANONICAL => Self::F32Canonical,
            format::F32_ARITHMETIC => Self::F32Arithmetic,
            format::F64_CANONICAL => Self::F64Canonical,
            format::F64_ARITHMETIC => Self::F64Arithmetic,
            format::NULL => Self::Null,
            format::ANY_FUNC => Self::Func,
            format::ANY_EXTERN => Self::Extern,
            kind => Self::Value(value_of(kind, reader)?),
        })
    }
}

/// Reads a value.
pub(crate) fn value(reader: &mut Reader<'_>) -> Result<Val, Damaged> {
    let kind = reader.byte()?;
    value_of(kind, reader)
}

fn value_of(kind: u8, reader: &mut Reader<'_>) -> Result<Val, Damaged> {
    Ok(match kind {
        format::I32 => {
            let value = format::unzigzag(reader.long()?);
            Val::I32(value.try_into().map_err(|_| Damaged)?)
        }
        format::I64 => Val::I64(format::unzigzag(reader.long()?)),
        format::F32 => Val::F32(u32::from_le_bytes(reader.array()?)),
        format::F64 => Val::F64(u64::from_le_bytes(reader.array()?)),
        format::NULL_FUNC => Val::FuncRef(None),
        format::NULL_EXTERN => Val::ExternRef(None),
        format::EXTERN => Val::ExternRef(Some(ExternRef::new(reader.number()?))),
        _ => return Err(Damaged),
    })
}

/// Reads the patterns of one result, one or several, of which one must match.
fn alternatives(reader: &mut Reader<'_>, mut each: impl FnMut(Pattern)) -> Result<(), Damaged> {
    match reader.byte()? {
        format::EITHER => {
            for _ in 0..reader.number()? {
                let kind = reader.byte()?;
                each(Pattern::read(kind, reader)?);
            }
        }
        kind => each(Pattern::read(kind, reader)?),
    }
    Ok(())
}

/// The patterns of all results of a command.
#[derive(Clone, Copy)]
pub struct Patterns<'a>(Reader<'a>);

impl<'a> Patterns<'a> {
    pub(crate) const fn new(reader: Reader<'a>) -> Self {
        Self(reader)
    }

    /// Reads over the patterns.
    pub(crate) fn skip(reader: &mut Reader<'_>) -> Result<(), Damaged> {
        for _ in 0..reader.number()? {
            alternatives(reader, |_| {})?;
        }
        Ok(())
    }

    /// Whether these results are those expected.
    pub(crate) fn match_all(self, results: &[Val]) -> Result<bool, Damaged> {
        let mut reader = self.0;
        let mut all = reader.number()? as usize == results.len();
        if !all {
            return Ok(false);
        }
        for result in results {
            let mut any = false;
            alternatives(&mut reader, |pattern| any |= pattern.matches(result))?;
            all &= any;
        }
        Ok(all)
    }
}

impl core::fmt::Debug for Patterns<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut reader = self.0;
        let mut list = f.debug_list();
        for _ in 0..reader.number().unwrap_or(0) {
            let read = alternatives(&mut reader, |pattern| {
                list.entry(&pattern);
            });
            if read.is_err() {
                break;
            }
        }
        list.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_numbers_that_are_none() {
        for (bits, is_canonical, is_arithmetic) in [
            (0x7fc0_0000, true, true),
            (0xffc0_0000, true, true),
            (0x7fc0_0001, false, true),
            (0x7fa0_0000, false, false),
            (0x7f80_0000, false, false),
            (0, false, false),
        ] {
            let value = Val::F32(bits);
            assert_eq!(Pattern::F32Canonical.matches(&value), is_canonical);
            assert_eq!(Pattern::F32Arithmetic.matches(&value), is_arithmetic);
        }
        for (bits, is_canonical, is_arithmetic) in [
            (0x7ff8_0000_0000_0000, true, true),
            (0xfff8_0000_0000_0000, true, true),
            (0x7ff8_0000_0000_0001, false, true),
            (0x7ff4_0000_0000_0000, false, false),
            (0x7ff0_0000_0000_0000, false, false),
        ] {
            let value = Val::F64(bits);
            assert_eq!(Pattern::F64Canonical.matches(&value), is_canonical);
            assert_eq!(Pattern::F64Arithmetic.matches(&value), is_arithmetic);
        }
    }

    #[test]
    fn a_result_of_another_type_never_matches() {
        assert!(!Pattern::Value(Val::I32(0)).matches(&Val::I64(0)));
        assert!(!Pattern::Value(Val::FuncRef(None)).matches(&Val::ExternRef(None)));
        assert!(!Pattern::Value(Val::F64(0)).matches(&Val::F32(0)));
        assert!(!Pattern::Func.matches(&Val::FuncRef(None)));
        assert!(!Pattern::Extern.matches(&Val::ExternRef(None)));
    }

    #[test]
    fn one_of_several_is_enough() {
        let bytes = [
            2,
            format::EITHER,
            2,
            format::I32,
            2,
            format::NULL,
            format::I32,
            4,
        ];
        let patterns = Patterns::new(Reader::new(&bytes));
        let results = |first| [first, Val::I32(2)];
        assert_eq!(patterns.match_all(&results(Val::I32(1))), Ok(true));
        assert_eq!(patterns.match_all(&results(Val::FuncRef(None))), Ok(true));
        assert_eq!(patterns.match_all(&results(Val::I32(2))), Ok(false));
        assert_eq!(patterns.match_all(&[Val::I32(1)]), Ok(false));
    }
}
