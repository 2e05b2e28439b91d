//! The host module `spectest`, which the suite's modules import from.

use thimble::{
    Error, Extern, Global, Linker, Memory, MemoryType, Store, Table, TableType, Val, ValueType,
};

use crate::format::{NEEDS_MEMORY, NEEDS_TABLE};

/// Defines the module. Of its table and its memory, which take room, it defines those
/// in `needs`: [`NEEDS_TABLE`], [`NEEDS_MEMORY`], or both.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn define(linker: &mut Linker<()>, store: &mut Store<()>, needs: u8) -> Result<(), Error> {
    linker.func("spectest", "print", || {})?;
    linker.func("spectest", "print_i32", |_: i32| {})?;
    linker.func("spectest", "print_i64", |_: i64| {})?;
    linker.func("spectest", "print_f32", |_: f32| {})?;
    linker.func("spectest", "print_f64", |_: f64| {})?;
    linker.func("spectest", "print_i32_f32", |_: i32, _: f32| {})?;
    linker.func("spectest", "print_f64_f64", |_: f64, _: f64| {})?;
    for (name, value) in [
        ("global_i32", Val::I32(666)),
        ("global_i64", Val::I64(666)),
        ("global_f32", Val::F32(666.6_f32.to_bits())),
        ("global_f64", Val::F64(666.6_f64.to_bits())),
    ] {
        let global = Global::new(&mut *store, value, false)?;
        linker.define("spectest", name, Extern::Global(global))?;
    }
    if needs & NEEDS_TABLE != 0 {
        let table = TableType {
            element: ValueType::FuncRef,
            minimum: 10,
            maximum: Some(20),
        };
        let table = Table::new(&mut *store, table, Val::FuncRef(None))?;
        linker.define("spectest", "table", Extern::Table(table))?;
    }
    if needs & NEEDS_MEMORY != 0 {
        let memory = MemoryType {
            minimum: 1,
            maximum: Some(2),
            page_size_log2: 16,
        };
        let memory = Memory::new(&mut *store, memory)?;
        linker.define("spectest", "memory", Extern::Memory(memory))?;
    }
    Ok(())
}
