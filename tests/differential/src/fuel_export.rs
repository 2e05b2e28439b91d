//! Adds an export to a module: the global that `wasm-smith` counts fuel in.

use wasm_encoder::{ExportKind, ExportSection, Module, RawSection};
use wasmparser::{ExternalKind, Parser, Payload};

/// The name of the export.
pub const NAME: &str = "fuel left";

/// The module with the global of that index exported.
///
/// # Panics
/// If the bytes are not a module with an export section.
pub fn add(module: &[u8], global: u32) -> Vec<u8> {
    let mut output = Module::new();
    let mut added = false;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.expect("a module from the generator");
        if let Payload::ExportSection(reader) = &payload {
            let mut exports = ExportSection::new();
            for export in reader.clone() {
                let export = export.expect("a module from the generator");
                let kind = match export.kind {
                    ExternalKind::Table => ExportKind::Table,
                    ExternalKind::Memory => ExportKind::Memory,
                    ExternalKind::Global => ExportKind::Global,
                    _ => ExportKind::Func,
                };
                exports.export(export.name, kind, export.index);
            }
            exports.export(NAME, ExportKind::Global, global);
            output.section(&exports);
            added = true;
        } else if let Some((id, range)) = payload.as_section() {
            let range = range.start as usize..range.end as usize;
            output.section(&RawSection {
                id,
                data: &module[range],
            });
        }
    }
    assert!(added, "the module exports nothing");
    output.finish()
}
