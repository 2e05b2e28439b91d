//! Values at the border between embedder and guest.

use thimble_wasm::ValueType;

use crate::error::Error;
use crate::func::Func;
use crate::inner::{HostSignature, Instance, is_function};

/// A reference to something of the embedder's, as a guest holds it: a number
/// that means what the embedder wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExternRef(core::num::NonZeroU32);

impl ExternRef {
    /// The reference with this number, below 2³² - 1.
    ///
    /// `u32::MAX` is taken for `u32::MAX - 1`.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        // 0 is null, so the number is kept plus 1.
        Self(core::num::NonZeroU32::MIN.saturating_add(number))
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0.get() - 1
    }

    pub(crate) const fn handle(this: Option<Self>) -> u32 {
        match this {
            Some(reference) => reference.0.get(),
            None => 0,
        }
    }

    pub(crate) fn from_handle(handle: u32) -> Option<Self> {
        core::num::NonZeroU32::new(handle).map(Self)
    }
}

/// A value. Floating-point numbers are kept as bits, so that no value of them is
/// lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Val {
    /// An i32.
    I32(i32),
    /// An i64.
    I64(i64),
    /// The bits of an f32.
    F32(u32),
    /// The bits of an f64.
    F64(u64),
    /// A function or null.
    FuncRef(Option<Func>),
    /// A reference of the embedder's or null.
    ExternRef(Option<ExternRef>),
}

impl Val {
    /// The value's type.
    #[must_use]
    pub const fn ty(&self) -> ValueType {
        match self {
            Self::I32(_) => ValueType::I32,
            Self::I64(_) => ValueType::I64,
            Self::F32(_) => ValueType::F32,
            Self::F64(_) => ValueType::F64,
            Self::FuncRef(_) => ValueType::FuncRef,
            Self::ExternRef(_) => ValueType::ExternRef,
        }
    }

    /// The value's bits: of a function the handle, and above it its store.
    pub(crate) const fn bits(self) -> u64 {
        match self {
            Self::I32(value) => value as u32 as u64,
            Self::I64(value) => value as u64,
            Self::F32(bits) => bits as u64,
            Self::F64(bits) => bits,
            Self::FuncRef(Some(function)) => function.handle as u64 | (function.store as u64) << 32,
            Self::FuncRef(None) => 0,
            Self::ExternRef(reference) => ExternRef::handle(reference) as u64,
        }
    }

    /// The value of a type with these bits.
    pub(crate) fn from_bits(ty: ValueType, bits: u64) -> Self {
        match ty {
            ValueType::I64 => Self::I64(bits as i64),
            ValueType::F32 => Self::F32(bits as u32),
            ValueType::F64 => Self::F64(bits),
            ValueType::FuncRef => Self::FuncRef(Func::from_bits(bits)),
            ValueType::ExternRef => Self::ExternRef(ExternRef::from_handle(bits as u32)),
            ValueType::I32 | ValueType::V128 => Self::I32(bits as i32),
        }
    }

    /// 0 or null.
    #[must_use]
    pub fn default_of(ty: ValueType) -> Self {
        Self::from_bits(ty, 0)
    }
}

/// A Rust type that stands for a value type.
pub trait WasmType: Copy + 'static {
    /// The value type.
    const TYPE: ValueType;
    /// The value's bits. Those of a function mean something to its store only.
    fn to_bits(self) -> u64;
    /// The value with these bits.
    fn from_bits(bits: u64) -> Self;
}

macro_rules! wasm_type {
    ($($rust:ty = $ty:ident, |$value:ident| $to:expr, |$bits:ident| $from:expr;)*) => {$(
        impl WasmType for $rust {
            const TYPE: ValueType = ValueType::$ty;
            fn to_bits(self) -> u64 { let $value = self; $to }
            fn from_bits($bits: u64) -> Self { $from }
        }
    )*};
}

wasm_type! {
    i32 = I32, |value| u64::from(value as u32), |bits| bits as i32;
    u32 = I32, |value| u64::from(value), |bits| bits as u32;
    i64 = I64, |value| value as u64, |bits| bits as i64;
    u64 = I64, |value| value, |bits| bits;
    f32 = F32, |value| u64::from(value.to_bits()), |bits| Self::from_bits(bits as u32);
    f64 = F64, |value| value.to_bits(), |bits| Self::from_bits(bits);
    Option<Func> = FuncRef, |value| Val::FuncRef(value).bits(), |bits| Func::from_bits(bits);
    Option<ExternRef> = ExternRef, |value| Val::ExternRef(value).bits(),
        |bits| ExternRef::from_handle(bits as u32);
}

/// Several values: a tuple of [`WasmType`]s, or one.
pub trait WasmTypes: Copy + 'static {
    /// Their types, a byte each.
    const TYPES: &'static [u8];
    /// Writes the values to cells.
    fn write(self, cells: &mut CellWriter<'_>);
    /// Reads the values from cells.
    fn read(cells: &mut CellReader<'_>) -> Self;
}

const DISAGREED: Error = Error::Usage("values of other types than agreed");

/// Writes values to cells, one after another.
#[derive(Debug)]
pub struct CellWriter<'a> {
    pub(crate) cells: core::slice::IterMut<'a, u32>,
    /// The types of the values that are to come, unless they are known to fit.
    pub(crate) types: Option<core::slice::Iter<'a, u8>>,
    pub(crate) instances: &'a [Instance],
    pub(crate) host_functions: &'a [HostSignature],
    /// The number of the store.
    pub(crate) store: u32,
    /// Why what was written cannot be used.
    pub(crate) error: Option<Error>,
}

impl CellWriter<'_> {
    /// Whether all values were written, and can be used.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let missing = self.types.is_some_and(|mut types| types.next().is_some());
        match self.error {
            Some(error) => Err(error),
            None if missing => Err(DISAGREED),
            None => Ok(()),
        }
    }

    /// Writes a value. The machine trusts references, so functions that are not
    /// of the store are refused here, and values of other types than agreed.
    pub(crate) fn put(&mut self, ty: ValueType, bits: u64) {
        let expected = self.types.as_mut().map(|types| types.next().copied());
        if expected.is_some_and(|expected| expected != Some(ty as u8)) {
            self.error = Some(DISAGREED);
        } else if ty == ValueType::FuncRef && bits as u32 != 0 {
            let known = is_function(self.instances, self.host_functions, bits as u32);
            if !known || (bits >> 32) as u32 != self.store {
                self.error = Some(crate::func::FOREIGN);
            }
        }
        for shift in (0..crate::inner::cells_of(ty)).map(|cell| cell * 32) {
            if let Some(cell) = self.cells.next() {
                *cell = (bits >> shift) as u32;
            }
        }
    }
}

/// Reads values from cells, one after another.
#[derive(Debug)]
pub struct CellReader<'a> {
    pub(crate) cells: core::slice::Iter<'a, u32>,
    /// The number of the store.
    pub(crate) store: u32,
}

impl CellReader<'_> {
    pub(crate) fn take(&mut self, ty: ValueType) -> u64 {
        let mut bits = 0;
        for shift in (0..crate::inner::cells_of(ty)).map(|cell| cell * 32) {
            bits |= u64::from(self.cells.next().copied().unwrap_or_default()) << shift;
        }
        if ty == ValueType::FuncRef {
            bits |= u64::from(self.store) << 32;
        }
        bits
    }
}

impl<A: WasmType> WasmTypes for A {
    const TYPES: &'static [u8] = &[A::TYPE as u8];
    fn write(self, cells: &mut CellWriter<'_>) {
        cells.put(A::TYPE, self.to_bits());
    }
    fn read(cells: &mut CellReader<'_>) -> Self {
        A::from_bits(cells.take(A::TYPE))
    }
}

macro_rules! wasm_types {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: WasmType),*> WasmTypes for ($($name,)*) {
            const TYPES: &'static [u8] = &[$($name::TYPE as u8),*];
            #[allow(non_snake_case, unused_variables, reason = "a tuple of any length")]
            fn write(self, cells: &mut CellWriter<'_>) {
                let ($($name,)*) = self;
                $(cells.put($name::TYPE, $name.to_bits());)*
            }
            #[allow(unused_variables, clippy::unused_unit, reason = "a tuple of any length")]
            fn read(cells: &mut CellReader<'_>) -> Self {
                ($($name::from_bits(cells.take($name::TYPE)),)*)
            }
        }
    )*};
}

wasm_types! {
    ;
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
}
