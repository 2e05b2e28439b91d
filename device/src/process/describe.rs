//! What a program consists of, in words.

use core::fmt::{self, Write};

use thimble::Module;
use thimble::wasm::ExternalKind;

use super::explain::Failed;
use super::output::Output;
use super::place::Place;

/// Describes a module on the standard output.
pub(super) fn describe(place: &Place, module: &Module) -> Result<i32, Failed> {
    let mut output = Output::new(place, place.streams().output);
    // Who does not read it does not miss it.
    write(&mut output, module).map_err(|_| Failed)?;
    Ok(0)
}

fn write(output: &mut Output, module: &Module) -> fmt::Result {
    let image = module.as_image();
    writeln!(output, "image: {} bytes", module.image_bytes().len())?;
    let code = image.code_units().saturating_mul(2);
    writeln!(
        output,
        "code: {code} bytes in {} functions, from {} bytes of WebAssembly",
        image
            .function_count()
            .saturating_sub(image.imported_function_count()),
        image.body_bytes(),
    )?;
    for memory in (0..image.memory_count()).filter_map(|index| image.memory(index)) {
        let bytes = |pages: u64| pages.saturating_mul(1 << memory.page_size_log2);
        write!(output, "memory: {} bytes", bytes(memory.minimum))?;
        match memory.maximum {
            Some(maximum) => writeln!(output, ", at most {}", bytes(maximum))?,
            None => writeln!(output)?,
        }
    }
    for import in module.imports() {
        let (from, name) = (import.module.escape_default(), import.name.escape_default());
        writeln!(output, "import: {from} {name}")?;
    }
    for export in module.exports() {
        let name = export.name.escape_default();
        writeln!(output, "export: {name}, {}", kind(export.kind))?;
    }
    Ok(())
}

const fn kind(kind: ExternalKind) -> &'static str {
    match kind {
        ExternalKind::Function => "function",
        ExternalKind::Table => "table",
        ExternalKind::Memory => "memory",
        ExternalKind::Global => "global",
    }
}
