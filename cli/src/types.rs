//! Types of imports and exports as text.

use thimble::code::image::Image;
use thimble::wasm::{GlobalType, ImportType, MemoryType, TableType, ValueType};

/// What an import asks for.
pub fn import(image: &Image<'_>, import: ImportType) -> String {
    match import {
        ImportType::Function(index) => {
            format!("function {}", function_type(image.function_type(index)))
        }
        ImportType::Table(ty) => table(ty),
        ImportType::Memory(ty) => memory(ty),
        ImportType::Global(ty) => global(ty),
    }
}

/// Parameters and results of a function, such as `(i32, i32) -> (i64)`.
pub fn signature(image: &Image<'_>, function: u32) -> String {
    function_type(image.signature(function))
}

fn function_type(ty: Option<(&[u8], &[u8])>) -> String {
    let (params, results) = ty.unwrap_or_default();
    format!("({}) -> ({})", values(params), values(results))
}

/// Value types, a byte each.
pub fn values(bytes: &[u8]) -> String {
    let name = |&byte: &u8| ValueType::from_byte(byte).map_or("?", ValueType::name);
    let names: Vec<&str> = bytes.iter().map(name).collect();
    names.join(", ")
}

/// A table's element type and limits.
pub fn table(ty: TableType) -> String {
    let maximum = ty
        .maximum
        .map(|maximum| format!(", at most {maximum}"))
        .unwrap_or_default();
    format!("table of {} {}{maximum}", ty.minimum, ty.element)
}

/// A memory's page size and limits.
pub fn memory(ty: MemoryType) -> String {
    let pages = |pages: u64| format!("{pages} ({} bytes)", pages.saturating_mul(page(ty)));
    let maximum = match ty.maximum {
        Some(maximum) => format!("at most {}", pages(maximum)),
        None => "no maximum".into(),
    };
    format!(
        "memory, pages of {} bytes: {} at the start, {maximum}",
        page(ty),
        pages(ty.minimum)
    )
}

/// The bytes of a memory's page.
fn page(ty: MemoryType) -> u64 {
    1u64.checked_shl(ty.page_size_log2.into()).unwrap_or(0)
}

/// The bytes that a memory has at the start.
pub fn initial_bytes(ty: MemoryType) -> u64 {
    ty.minimum.saturating_mul(page(ty))
}

/// A global's type and whether it can change.
pub fn global(ty: GlobalType) -> String {
    format!(
        "{}global {}",
        if ty.mutable { "mutable " } else { "" },
        ty.value_type
    )
}
