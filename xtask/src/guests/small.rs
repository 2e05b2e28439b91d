//! Gives a program a memory of exactly the bytes that it needs, in pages of one byte.
//!
//! Compilers emit memories in pages of 64 KiB. What a program needs of that ends at `__heap_base`: the linker puts
//! the stack first, then data. A program that asks for the size of its memory, or lets it grow, counts in pages of
//! 64 KiB, and is refused.

use thimble_wasm::{
    Declarations, ExpressionKind, ExternalKind, Failure, Immediate, Instruction, Limits, Opcode,
    Visitor, decode,
};

use super::sections::{HEADER, encoded, sections};
use crate::Result;

/// The number of the memory section.
const MEMORY: u8 = 5;
/// Limits with a maximum, and a page size behind them.
const MAXIMUM_AND_PAGE_SIZE: u8 = 0x01 | 0x08;

/// The module with such a memory, and how many bytes it has.
pub fn with_small_memory(module: &[u8]) -> Result<(Vec<u8>, u32)> {
    let mut needs = Needs::default();
    decode(&mut &*module, &Limits::default(), &mut needs).map_err(|error| error.to_string())?;
    if needs.asks_for_size {
        return Err("it asks for the size of its memory, or lets it grow".into());
    }
    let end = needs.heap_base.ok_or("it does not export __heap_base")?;
    let end = needs.globals.get(end as usize).copied().flatten();
    let bytes = end.ok_or("__heap_base is not a constant")?;

    let cut_off = "its last section is cut off";
    let mut small = module.get(..HEADER).ok_or(cut_off)?.to_vec();
    let mut memories = 0;
    for section in sections(module).ok_or(cut_off)? {
        if section.id != MEMORY {
            small.extend_from_slice(section.whole);
            continue;
        }
        memories += 1;
        let size = encoded(bytes);
        let contents = [&[1, MAXIMUM_AND_PAGE_SIZE], &size[..], &size[..], &[0]].concat();
        let length = u32::try_from(contents.len()).map_err(|error| error.to_string())?;
        small.push(MEMORY);
        small.extend(encoded(length));
        small.extend(contents);
    }
    if memories != 1 || needs.memories != 1 {
        return Err("it has not one memory of its own".into());
    }
    Ok((small, bytes))
}

#[derive(Default)]
struct Needs {
    asks_for_size: bool,
    memories: usize,
    /// The global that is exported as `__heap_base`.
    heap_base: Option<u32>,
    /// The values of the globals that are constants.
    globals: Vec<Option<u32>>,
    /// The global whose value is being read.
    global: Option<u32>,
}

impl Visitor for Needs {
    fn export(
        &mut self,
        _: &Declarations,
        name: &str,
        kind: ExternalKind,
        index: u32,
    ) -> std::result::Result<(), Failure> {
        if name == "__heap_base" && kind == ExternalKind::Global {
            self.heap_base = Some(index);
        }
        Ok(())
    }

    fn expression_start(
        &mut self,
        _: &Declarations,
        kind: ExpressionKind,
        _: thimble_wasm::ValueType,
    ) -> std::result::Result<(), Failure> {
        self.global = match kind {
            ExpressionKind::Global(index) => Some(index),
            _ => None,
        };
        if let Some(index) = self.global {
            self.globals.resize(index as usize + 1, None);
        }
        Ok(())
    }

    fn expression_end(
        &mut self,
        _: &Declarations,
        _: ExpressionKind,
    ) -> std::result::Result<(), Failure> {
        self.global = None;
        Ok(())
    }

    fn operator(
        &mut self,
        _: &Declarations,
        _: u64,
        instruction: &Instruction,
    ) -> std::result::Result<(), Failure> {
        match (self.global, instruction.opcode, instruction.immediate) {
            (Some(_), Opcode::I32Const, Immediate::I32(value)) => {
                if let Some(last) = self.globals.last_mut() {
                    *last = Some(value.cast_unsigned());
                }
            }
            (_, Opcode::MemorySize | Opcode::MemoryGrow, _) => self.asks_for_size = true,
            _ => {}
        }
        Ok(())
    }

    fn module_end(&mut self, m: &Declarations) -> std::result::Result<(), Failure> {
        self.memories = m.memories().len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use thimble_wasm::validate;

    use super::with_small_memory;

    /// A module with a memory, a global that is exported, and a function with this body.
    fn module(export: &[u8], body: &[u8]) -> Vec<u8> {
        let section = |id: u8, contents: &[u8]| {
            [&[id, u8::try_from(contents.len()).unwrap()], contents].concat()
        };
        let length = u8::try_from(body.len() + 2).unwrap();
        let name = u8::try_from(export.len()).unwrap();
        [
            b"\0asm\x01\0\0\0".to_vec(),
            section(1, &[1, 0x60, 0, 0]),
            section(3, &[1, 0]),
            section(5, &[1, 0, 2]),
            // A constant of 1040, which is no page.
            section(6, &[1, 0x7f, 0, 0x41, 0x90, 0x08, 0x0b]),
            section(7, &[&[1, name], export, &[3, 0]].concat()),
            section(10, &[&[1, length, 0], body, &[0x0b]].concat()),
        ]
        .concat()
    }

    #[test]
    fn a_memory_ends_where_the_heap_would_begin() {
        let (small, bytes) = with_small_memory(&module(b"__heap_base", &[])).unwrap();
        assert_eq!(bytes, 1040);
        validate(&small).unwrap();
        let memory = [5, 7, 1, 9, 0x90, 0x08, 0x90, 0x08, 0];
        assert!(small.windows(memory.len()).any(|window| window == memory));
    }

    #[test]
    fn who_counts_pages_is_refused() {
        for body in [&[0x3f, 0, 0x1a][..], &[0x41, 1, 0x40, 0, 0x1a]] {
            let error = with_small_memory(&module(b"__heap_base", body)).unwrap_err();
            assert!(error.contains("asks for the size"), "{error}");
        }
    }

    #[test]
    fn without_an_end_there_is_no_size() {
        let error = with_small_memory(&module(b"end", &[])).unwrap_err();
        assert!(error.contains("does not export"), "{error}");
        assert!(with_small_memory(b"\0asm\x01\0\0\0").is_err());
    }
}
