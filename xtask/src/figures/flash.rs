//! What of a firmware is in flash, and which crate it belongs to.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use object::{Architecture, Object, ObjectSection, ObjectSymbol, SectionFlags, SectionIndex, elf};

use crate::Result;

/// Bytes of a firmware.
pub struct Size {
    /// Code, constants, and what variables begin with.
    pub flash: u64,
    /// Variables. The heap and the stack are not among them.
    pub ram: u64,
    /// The parts of what is in flash.
    pub parts: BTreeMap<String, u64>,
}

/// Bytes of a program's sections.
pub struct Sections {
    /// What the file holds of the memory that the program begins with.
    pub flash: u64,
    /// What can be written.
    pub ram: u64,
    /// The sections that the file holds.
    kept: Vec<SectionIndex>,
}

impl Sections {
    /// Adds up the sections that take memory.
    pub fn of(object: &object::File<'_>) -> Result<Self> {
        let (mut flash, mut ram) = (0, 0);
        let mut kept = Vec::new();
        for section in object.sections() {
            let SectionFlags::Elf { sh_flags, .. } = section.flags() else {
                return Err("not an ELF file".into());
            };
            // The runtime of RISC-V has the rest of the memory as a section.
            if !sh_flags.contains(elf::SHF_ALLOC) || section.name() == Ok(".stack") {
                continue;
            }
            if sh_flags.contains(elf::SHF_WRITE) {
                ram += section.size();
            }
            if section.file_range().is_some() {
                flash += section.size();
                kept.push(section.index());
            }
        }
        Ok(Self { flash, ram, kept })
    }
}

/// The part of what has no name: constants, and what fills gaps.
const UNNAMED: &str = "unnamed";

/// The size of a firmware, which is a file in ELF with its symbols.
pub fn size(firmware: &Path) -> Result<Size> {
    let bytes = fs::read(firmware).map_err(|error| error.to_string())?;
    let object = object::File::parse(&*bytes).map_err(|error| error.to_string())?;
    let Sections { flash, ram, kept } = Sections::of(&object)?;

    // Where the processor has two lengths of instructions, the lowest bit of a function's address says which.
    let mask = match object.architecture() {
        Architecture::Arm => !1,
        _ => !0,
    };
    let mut symbols: Vec<(u64, u64, String)> = object
        .symbols()
        .filter(|symbol| {
            symbol
                .section_index()
                .is_some_and(|index| kept.contains(&index))
        })
        .map(|symbol| {
            let name = part(symbol.name().unwrap_or_default());
            (symbol.address() & mask, symbol.size(), name)
        })
        .collect();
    symbols.sort();
    Ok(Size {
        flash,
        ram,
        parts: parts(&symbols, flash),
    })
}

/// The bytes of each part, given where symbols begin, how long they are and which part they belong to. What has several
/// names counts once.
fn parts(symbols: &[(u64, u64, String)], flash: u64) -> BTreeMap<String, u64> {
    let mut parts = BTreeMap::new();
    let mut end = 0;
    let mut named = 0;
    for (address, length, part) in symbols {
        let from = end.max(*address);
        let to = address + length;
        if part != UNNAMED && to > from {
            *parts.entry(part.clone()).or_default() += to - from;
            named += to - from;
            end = to;
        }
    }
    parts.insert(UNNAMED.to_owned(), flash.saturating_sub(named));
    parts
}

/// The part that a symbol belongs to: the crate that defines it, or for a method the one that defines its type. What
/// small crates have for the firmware itself counts as one part, as does the standard library.
fn part(symbol: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(symbol));
    // What drops a value belongs to the value's type.
    let path = name
        .split_once("drop_in_place<")
        .map_or(name.as_str(), |(_, value)| value);
    match first_crate(path).or_else(|| first_crate(&name)) {
        Some("alloc" | "core" | "__rustc") => "core".to_owned(),
        Some(name) if name == "libm" || name == "compiler_builtins" => name.to_owned(),
        Some(name) if name.starts_with("thimble") && name != "thimble_bare" => name.to_owned(),
        Some(_) => "firmware".to_owned(),
        None if name.is_empty() || name.starts_with(".L") => UNNAMED.to_owned(),
        // Sequences that several functions have in common, of whichever crate.
        None if name.starts_with("OUTLINED_FUNCTION") => "outlined".to_owned(),
        None if name.starts_with("mem") => "compiler_builtins".to_owned(),
        // Arithmetic that the processor has not. What is in capitals are the runtime's tables.
        None if name.starts_with("__") && !name.contains(|c: char| c.is_ascii_uppercase()) => {
            "libgcc".to_owned()
        }
        // Methods of types that the language has.
        None if name.starts_with('<') => "core".to_owned(),
        None => "firmware".to_owned(),
    }
}

/// The first name of the first path with more names than one.
fn first_crate(text: &str) -> Option<&str> {
    let (before, _) = text.split_once("::")?;
    let begin = before
        .rfind(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .map_or(0, |last| last + 1);
    before.get(begin..).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{UNNAMED, part, parts};

    #[test]
    fn symbols_belong_to_crates() {
        for (symbol, expected) in [
            (
                "_ZN10thimble_vm7execute8dispatch4tail5TABLE17h88877f668ab1d8eaE",
                "thimble_vm",
            ),
            (
                "_ZN69_$LT$thimble_wasm..error..Error$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE",
                "thimble_wasm",
            ),
            (
                "_ZN4core3ptr47drop_in_place$LT$thimble_code..image..Image$GT$17h0123456789abcdefE",
                "thimble_code",
            ),
            ("_ZN4core3fmt5write17h0123456789abcdefE", "core"),
            ("_RNvNtCs1234_4core3str9from_utf8", "core"),
            ("_ZN8workload3run17h0123456789abcdefE", "firmware"),
            (
                "_ZN12thimble_bare4heap7restart17h0123456789abcdefE",
                "firmware",
            ),
            ("__aeabi_fmul", "libgcc"),
            ("__INTERRUPTS", "firmware"),
            ("memcpy", "compiler_builtins"),
            ("Reset", "firmware"),
            ("OUTLINED_FUNCTION_7", "outlined"),
            (".Lanon.f9e6bc70.282", UNNAMED),
            ("$d", "firmware"),
        ] {
            assert_eq!(part(symbol), expected, "{symbol}");
        }
    }

    #[test]
    fn what_has_two_names_counts_once() {
        let symbols = [
            (100, 20, "a".to_owned()),
            (100, 20, "b".to_owned()),
            (110, 20, "c".to_owned()),
            (140, 5, "a".to_owned()),
        ];
        let parts = parts(&symbols, 60);
        let expected = [("a", 25), ("c", 10), (UNNAMED, 25)];
        assert_eq!(
            parts,
            expected
                .map(|(name, bytes)| (name.to_owned(), bytes))
                .into()
        );
    }
}
