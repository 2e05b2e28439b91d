//! Handlers of loads, stores and operations on whole memories.

use core::marker::PhantomData;

use thimble_code::operation::Access;

use super::operands::{A, Ai, Ar, One, R, Ra, Result_, Ri, Rr};
use super::{Absent, Body, Context, Registers, Step};
use crate::execute::state::Value;
use crate::trap::Trap;

/// A load of `N` bytes as a value.
pub(in super::super) trait LoadKind {
    type Output: Value;
    fn load(r: &Registers, c: &Context, address: u32, offset: u16) -> Result<Self::Output, Trap>;
}

macro_rules! loads {
    ($($name:ident $memory:ty => $signed:ty => $output:ty;)*) => {$(
        pub(in super::super) struct $name;
        impl LoadKind for $name {
            type Output = $output;
            #[inline(always)]
            fn load(r: &Registers, c: &Context, address: u32, offset: u16) -> Result<$output, Trap> {
                let number: $memory = c.load(r, address, offset)?;
                Ok(number as $signed as $output)
            }
        }
    )*};
}

loads! {
    I32Load u32 => u32 => u32;
    I32Load8S u8 => i8 => u32;
    I32Load8U u8 => u32 => u32;
    I32Load16S u16 => i16 => u32;
    I32Load16U u16 => u32 => u32;
    I64Load u64 => u64 => u64;
    I64Load8S u8 => i8 => u64;
    I64Load8U u8 => u64 => u64;
    I64Load16S u16 => i16 => u64;
    I64Load16U u16 => u64 => u64;
    I64Load32S u32 => i32 => u64;
    I64Load32U u32 => u64 => u64;
}

pub(in super::super) struct Load<K, F, D>(PhantomData<(K, F, D)>);

impl<K: LoadKind, F: One, D: Result_> Body for Load<K, F, D> {
    type Slow = Absent;

    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let address = F::get(r, c);
        let offset = r.unit();
        let value = K::load(r, c, address, offset)?;
        D::put(value, r, c);
        Ok(())
    }
}

/// A store of the low bytes of a value.
pub(in super::super) trait StoreKind {
    type Input: Value;
    fn store(
        r: &Registers,
        c: &mut Context,
        address: u32,
        offset: u16,
        value: Self::Input,
    ) -> Result<(), Trap>;
}

macro_rules! stores {
    ($($name:ident $input:ty => $memory:ty;)*) => {$(
        pub(in super::super) struct $name;
        impl StoreKind for $name {
            type Input = $input;
            #[inline(always)]
            fn store(
                r: &Registers,
                c: &mut Context,
                address: u32,
                offset: u16,
                value: $input,
            ) -> Result<(), Trap> {
                c.store(r, address, offset, value as $memory)
            }
        }
    )*};
}

stores! {
    I32Store8 u32 => u8;
    I32Store16 u32 => u16;
    I32Store u32 => u32;
    I64Store u64 => u64;
}

/// Address, offset and value of a store.
pub(in super::super) trait StoreForm {
    fn get<V: Value>(r: &mut Registers, c: &Context) -> (u32, u16, V);
}

macro_rules! store_form {
    ($($name:ident $address:ident |$r:ident, $c:ident| $value:expr;)*) => {$(
        impl StoreForm for $name {
            #[inline(always)]
            fn get<V: Value>($r: &mut Registers, $c: &Context) -> (u32, u16, V) {
                let address = <$address as One>::get($r, $c);
                let offset = $r.unit();
                (address, offset, $value)
            }
        }
    )*};
}

store_form! {
    Rr R |r, _c| r.next();
    Ra R |r, c| V::from_accumulator(r, c);
    Ar A |r, c| r.next();
    Ri R |r, _c| V::from_immediate(r.unit());
    Ai A |r, c| V::from_immediate(r.unit());
}

pub(in super::super) struct Store<K, F>(PhantomData<(K, F)>);

impl<K: StoreKind, F: StoreForm> Body for Store<K, F> {
    type Slow = Absent;

    #[inline(always)]
    fn execute(r: &mut Registers, c: &mut Context) -> Step {
        let (address, offset, value) = F::get(r, c);
        Ok(K::store(r, c, address, offset, value)?)
    }
}

/// The operands of a general load or store, and the bytes they name.
struct General {
    memory: u16,
    start: u64,
    access: Access,
}

impl General {
    fn read(r: &mut Registers) -> Self {
        let memory = r.unit();
        let address: u32 = r.next();
        let offset = r.unit64();
        // An offset that overflows lies outside any memory.
        let start = offset.saturating_add(address.into());
        let access = Access::from_unit(r.unit()).unwrap_or(Access::Whole64);
        Self {
            memory,
            start,
            access,
        }
    }

    fn load(r: &mut Registers, c: &mut Context) -> Result<u64, Trap> {
        let general = Self::read(r);
        let instance = c.instance;
        let bytes = c.store_mut().memory(instance, general.memory)?.bytes();
        let mut value = [0; 8];
        let length = usize::from(general.access.bytes());
        let source = usize::try_from(general.start)
            .ok()
            .and_then(|start| bytes.get(start..start.checked_add(length)?));
        let place = value.get_mut(..length).ok_or(Trap::MemoryOutOfBounds)?;
        place.copy_from_slice(source.ok_or(Trap::MemoryOutOfBounds)?);
        let value = u64::from_le_bytes(value);
        Ok(match general.access {
            Access::Signed8 => value as i8 as u64,
            Access::Signed16 => value as i16 as u64,
            Access::Signed32 => value as i32 as u64,
            _ => value,
        })
    }

    fn store(r: &mut Registers, c: &mut Context, value: u64) -> Result<(), Trap> {
        let general = Self::read(r);
        let instance = c.instance;
        let bytes = c.store_mut().memory(instance, general.memory)?.bytes_mut();
        let length = usize::from(general.access.bytes());
        let place = usize::try_from(general.start)
            .ok()
            .and_then(|start| bytes.get_mut(start..start.checked_add(length)?));
        let value = value.to_le_bytes();
        let source = value.get(..length).ok_or(Trap::MemoryOutOfBounds)?;
        place
            .ok_or(Trap::MemoryOutOfBounds)?
            .copy_from_slice(source);
        Ok(())
    }
}

super::outlined! {
    LoadGeneral32 |r, c| {
        let value = General::load(r, c)?;
        (value as u32).to_accumulator(r, c);
        Ok(())
    };
    LoadGeneral64 |r, c| {
        let value = General::load(r, c)?;
        value.to_accumulator(r, c);
        Ok(())
    };
    StoreGeneral32 |r, c| {
        let value = u32::from_accumulator(r, c);
        Ok(General::store(r, c, value.into())?)
    };
    StoreGeneral64 |r, c| {
        let value = u64::from_accumulator(r, c);
        Ok(General::store(r, c, value)?)
    };
    MemorySize |r, c| {
        let memory = r.unit();
        let instance = c.instance;
        let pages = c.store_mut().memory(instance, memory)?.pages();
        (pages as u32).to_accumulator(r, c);
        Ok(())
    };
    MemoryGrow |r, c| {
        let memory = r.unit();
        let delta = u32::from_accumulator(r, c);
        let instance = c.instance;
        let number = c.store_mut().memory_number(instance, memory)?;
        let before = c.store_mut().grow_memory(number, delta.into());
        // The block may have moved.
        c.refresh();
        before.map_or(u32::MAX, |pages| pages as u32).to_accumulator(r, c);
        Ok(())
    };
    MemoryFill |r, c| {
        let memory = r.unit();
        let (start, value, length): (u32, u32, u32) = (r.next(), r.next(), r.next());
        let instance = c.instance;
        Ok(c.store_mut().memory(instance, memory)?.fill(start, value as u8, length)?)
    };
    MemoryCopy |r, c| {
        let (target, source) = (r.unit(), r.unit());
        let (to, from, length): (u32, u32, u32) = (r.next(), r.next(), r.next());
        let instance = c.instance;
        Ok(c.store_mut().memory_copy(instance, [target, source], [to, from, length])?)
    };
    MemoryInit |r, c| {
        let (memory, segment) = (r.unit(), r.unit());
        let (to, from, length): (u32, u32, u32) = (r.next(), r.next(), r.next());
        let instance = c.instance;
        Ok(c.store_mut().memory_init(instance, memory, segment.into(), [to, from, length])?)
    };
    DataDrop |r, c| {
        let segment = r.unit();
        let instance = c.instance;
        c.store_mut().drop_segment(instance, u32::from(segment), false);
        Ok(())
    };
}
