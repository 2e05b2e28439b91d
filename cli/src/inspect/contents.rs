//! What crosses a program's border, what memory it asks for, and sizes.

use std::io::{self, Write};

use thimble::code::image::{Image, Import};
use thimble::wasm::ExternalKind;

use crate::report::printable;
use crate::types;

/// The names of functions, by index.
pub struct Names<'a>(Vec<Option<&'a str>>);

impl<'a> Names<'a> {
    /// Looks all of them up once.
    pub fn new(image: &Image<'a>) -> Self {
        Self(
            (0..image.function_count())
                .map(|index| image.function_name(index))
                .collect(),
        )
    }

    /// The function's index, and its name if it has one.
    pub fn of(&self, index: u32) -> String {
        match self.0.get(index as usize) {
            Some(Some(name)) => format!("{index} {}", printable(name)),
            _ => index.to_string(),
        }
    }
}

/// Lists imports, exports, memories and the start function.
pub fn list(output: &mut impl Write, image: &Image<'_>) -> io::Result<()> {
    heading(output, "imports", image.imports().count())?;
    for Import {
        module,
        name,
        import,
    } in image.imports()
    {
        writeln!(
            output,
            "  {module:?} {name:?}: {}",
            types::import(image, import)
        )?;
    }
    heading(output, "exports", image.exports().count())?;
    for export in image.exports() {
        let index = export.index;
        let ty = match export.kind {
            ExternalKind::Function => Some(format!("function {}", types::signature(image, index))),
            ExternalKind::Table => image.table(index).map(types::table),
            ExternalKind::Memory => image.memory(index).map(types::memory),
            ExternalKind::Global => image.global(index).map(|(ty, _, _)| types::global(ty)),
        };
        writeln!(output, "  {:?}: {}", export.name, ty.unwrap_or_default())?;
    }
    heading(output, "memories", image.memory_count() as usize)?;
    for index in 0..image.memory_count() {
        if let Some(ty) = image.memory(index) {
            writeln!(output, "  {index}: {}", types::memory(ty))?;
        }
    }
    if let Some(start) = image.start() {
        writeln!(output, "\nstart: function {start}")?;
    }
    Ok(())
}

/// Shows how large internal code and image are.
pub fn sizes(output: &mut impl Write, image: &Image<'_>, module: Option<&[u8]>) -> io::Result<()> {
    let functions = image.function_count();
    let imported = image.imported_function_count();
    let internal = u64::from(image.code_units()) * 2;
    let (what, code) = match module.and_then(super::sections::code_size) {
        Some(bytes) => ("code section", bytes),
        // The image does not know the section, only the bodies in it.
        None => ("function bodies", image.body_bytes().into()),
    };
    writeln!(output, "\nsizes")?;
    writeln!(
        output,
        "  functions        {functions:>10}, {imported} of them imported"
    )?;
    writeln!(output, "  {what:<17}{code:>10} bytes of WebAssembly")?;
    write!(output, "  internal code    {internal:>10} bytes")?;
    if code > 0 {
        // Two digits say enough, and are exact for any size that fits a device.
        write!(
            output,
            ", {:.2} times the WebAssembly",
            internal as f64 / code as f64
        )?;
    }
    writeln!(
        output,
        "\n  image            {:>10} bytes",
        image.bytes().len()
    )
}

fn heading(output: &mut impl Write, what: &str, count: usize) -> io::Result<()> {
    writeln!(
        output,
        "\n{what}: {}",
        if count == 0 {
            "none".into()
        } else {
            count.to_string()
        }
    )
}
