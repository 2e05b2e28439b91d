//! The sections of a module or image, with offsets and sizes.

use std::io::{self, Write};

use thimble::code::image::{HEADER_LENGTH, Image, Section};
use wasmparser::{Parser, Payload};

/// One line of the table.
struct Row {
    name: String,
    offset: u64,
    size: u64,
    /// How many items the section has, if it has any to count.
    items: Option<u32>,
}

/// Lists the sections of a module, up to the first that cannot be read.
pub fn of_module(output: &mut impl Write, module: &[u8]) -> io::Result<()> {
    let mut rows = Vec::new();
    for payload in Parser::new(0).parse_all(module).map_while(Result::ok) {
        let (name, items) = describe(&payload);
        if let Some((_, range)) = payload.as_section() {
            let size = range.end.saturating_sub(range.start);
            rows.push(Row {
                name,
                offset: range.start,
                size,
                items,
            });
        }
    }
    table(output, &rows)
}

/// The size of a module's code section, without its number and length.
pub fn code_size(module: &[u8]) -> Option<u64> {
    let payloads = Parser::new(0).parse_all(module).map_while(Result::ok);
    let range = payloads
        .filter(|payload| matches!(payload, Payload::CodeSectionStart { .. }))
        .find_map(|payload| payload.as_section())?
        .1;
    Some(range.end.saturating_sub(range.start))
}

fn describe(payload: &Payload<'_>) -> (String, Option<u32>) {
    let (name, items) = match payload {
        Payload::TypeSection(types) => ("types", Some(types.count())),
        Payload::ImportSection(imports) => ("imports", Some(imports.count())),
        Payload::FunctionSection(functions) => ("functions", Some(functions.count())),
        Payload::TableSection(tables) => ("tables", Some(tables.count())),
        Payload::MemorySection(memories) => ("memories", Some(memories.count())),
        Payload::TagSection(tags) => ("tags", Some(tags.count())),
        Payload::GlobalSection(globals) => ("globals", Some(globals.count())),
        Payload::ExportSection(exports) => ("exports", Some(exports.count())),
        Payload::StartSection { .. } => ("start", None),
        Payload::ElementSection(elements) => ("elements", Some(elements.count())),
        Payload::DataCountSection { .. } => ("data count", None),
        Payload::CodeSectionStart { count, .. } => ("code", Some(*count)),
        Payload::DataSection(data) => ("data", Some(data.count())),
        Payload::CustomSection(custom) => return (format!("custom {:?}", custom.name()), None),
        _ => ("unknown", None),
    };
    (name.into(), items)
}

/// Lists the sections of an image; code and segments lie between header and types.
pub fn of_image(output: &mut impl Write, image: &Image<'_>) -> io::Result<()> {
    let count = |count: u32| Some(count).filter(|&count| count > 0);
    let sections = [
        ("types", Section::Types, image.type_count()),
        ("imports", Section::Imports, image.imports().count() as u32),
        ("functions", Section::Functions, image.record_count()),
        ("tables", Section::Tables, image.table_count()),
        ("memories", Section::Memories, image.memory_count()),
        ("globals", Section::Globals, image.global_count()),
        ("exports", Section::Exports, image.exports().count() as u32),
        ("elements", Section::Elements, image.element_count()),
        ("data", Section::Data, image.data_count()),
        ("names", Section::Names, 0),
        ("native code", Section::Native, 0),
    ];
    let mut rows = Vec::new();
    for (name, section, items) in sections {
        let (offset, size) = image.section_range(section);
        if size > 0 {
            let (offset, size) = (offset.into(), size.into());
            rows.push(Row {
                name: name.into(),
                offset,
                size,
                items: count(items),
            });
        }
    }
    // Code, site maps and segments come as they were translated; names may too.
    let header = HEADER_LENGTH as u64;
    let tables = rows
        .iter()
        .filter(|row| row.name != "names")
        .map(|row| row.offset)
        .min();
    let end = tables.unwrap_or(header);
    let code = Row {
        name: "code and segments".into(),
        offset: header,
        size: end.saturating_sub(header),
        items: None,
    };
    rows.push(Row {
        name: "header".into(),
        offset: 0,
        size: header,
        items: None,
    });
    rows.push(code);
    rows.sort_by_key(|row| row.offset);
    table(output, &rows)
}

fn table(output: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    writeln!(
        output,
        "\n{:<24}{:>10}{:>10}{:>8}",
        "section", "offset", "bytes", "items"
    )?;
    for Row {
        name,
        offset,
        size,
        items,
    } in rows
    {
        let items = items.map(|items| items.to_string()).unwrap_or_default();
        let line = format!(
            "{name:<24}{:>10}{size:>10}{items:>8}",
            format!("{offset:#x}")
        );
        writeln!(output, "{}", line.trim_end())?;
    }
    Ok(())
}
