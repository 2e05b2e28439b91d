//! One pass over a module: decoding, validating, reporting.
//!
//! This file walks the sections (section 5.5); the files below it read what
//! stands in them.

mod body;
mod declare;
mod name;
mod segment;

use alloc::vec::Vec;

use crate::declarations::Declarations;
use crate::error::Error;
use crate::fallible::{OutOfMemory, TryVec};
use crate::fault::{self, Fault};
use crate::instruction::Instruction;
use crate::limits::Limits;
use crate::reader::Reader;
use crate::source::Source;
use crate::validator::Validator;
use crate::visitor::Visitor;

/// Decodes and validates the module that `source` yields, reporting each item
/// to `visitor`.
///
/// # Errors
/// The first fault met, in the order of the bytes; of a
/// [`Visitor`] the first failure.
pub fn decode<V: Visitor + ?Sized>(
    source: &mut dyn Source,
    limits: &Limits,
    visitor: &mut V,
) -> Result<(), Error> {
    let mut declarations = Vec::new();
    if declare(&mut declarations).is_err() {
        return Err(Error::out_of_memory());
    }
    let [m] = declarations.as_mut_slice() else {
        return Err(Error::out_of_memory());
    };
    let mut decoder = Decoder {
        reader: Reader::new(source),
        limits,
        m,
        validator: Validator::new(limits),
        names: Vec::new(),
        exports: Vec::new(),
        instruction: Instruction::NOP,
        visitor,
    };
    match decoder.module() {
        Ok(()) => Ok(()),
        Err(failure) => Err(Error::new(failure, decoder.reader.marked())),
    }
}

/// Puts what is declared so far, which is nothing, on the heap: native stack is scarce. (A
/// box whose allocation can fail would need unsafe code.)
#[inline(never)]
fn declare(place: &mut Vec<Declarations>) -> Result<(), OutOfMemory> {
    place.try_push_only(Declarations::default())
}

/// Validates a module that lies in memory, within the default limits.
///
/// # Errors
/// The first fault met, in the order of the bytes.
pub fn validate(mut bytes: &[u8]) -> Result<(), Error> {
    decode(&mut bytes, &Limits::DEFAULT, &mut ())
}

/// What a module begins with.
const MAGIC: [u8; 4] = *b"\0asm";

/// The version of the binary format, which follows the magic.
const VERSION: [u8; 4] = [1, 0, 0, 0];

/// Names of the sections by their number in the binary format.
mod id {
    pub(super) const CUSTOM: u8 = 0;
    pub(super) const TYPE: u8 = 1;
    pub(super) const IMPORT: u8 = 2;
    pub(super) const FUNCTION: u8 = 3;
    pub(super) const TABLE: u8 = 4;
    pub(super) const MEMORY: u8 = 5;
    pub(super) const GLOBAL: u8 = 6;
    pub(super) const EXPORT: u8 = 7;
    pub(super) const START: u8 = 8;
    pub(super) const ELEMENT: u8 = 9;
    pub(super) const CODE: u8 = 10;
    pub(super) const DATA: u8 = 11;
    pub(super) const DATA_COUNT: u8 = 12;
}

/// The place of each section in the order of a module, by its number.
const ORDER: [u8; 13] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10];

/// All that the pass remembers.
struct Decoder<'a, V: ?Sized> {
    reader: Reader<'a>,
    limits: &'a Limits,
    m: &'a mut Declarations,
    validator: Validator<'a>,
    /// The names of the item being read; of the export section, all of them.
    names: Vec<u8>,
    /// Where in `names` each name starts and ends, in the order of the names.
    exports: Vec<(usize, usize)>,
    /// The instruction that was read last: a field, as it is only passed on.
    instruction: Instruction,
    visitor: &'a mut V,
}

impl<V: Visitor + ?Sized> Decoder<'_, V> {
    fn module(&mut self) -> Result<(), Fault> {
        self.header()?;
        let mut place = 0;
        let mut code_met = false;
        let mut data_met = false;
        while !self.reader.at_end()? {
            let id = self.reader.byte()?;
            let next = *ORDER.get(usize::from(id)).ok_or(fault::SECTION_ID)?;
            if id != id::CUSTOM {
                if next <= place {
                    return Err(fault::SECTION_ORDER);
                }
                place = next;
            }
            code_met |= id == id::CODE;
            data_met |= id == id::DATA;
            let size = self.reader.u32()?;
            let outer = self.reader.enter(size)?;
            self.section(id, size)?;
            self.reader.leave(outer, fault::SECTION_SIZE)?;
        }
        self.reader.mark_here();
        if !code_met && self.m.function_count() > self.m.imported_function_count() {
            return Err(fault::CODE_COUNT);
        }
        if !data_met && self.m.data_count().is_some_and(|count| count != 0) {
            return Err(fault::DATA_COUNT);
        }
        self.visitor.module_end(self.m)
    }

    fn header(&mut self) -> Result<(), Fault> {
        if self.reader.fixed()? != MAGIC {
            return Err(fault::MAGIC);
        }
        if self.reader.fixed()? != VERSION {
            return Err(fault::VERSION);
        }
        Ok(())
    }

    fn section(&mut self, id: u8, size: u32) -> Result<(), Fault> {
        match id {
            id::CUSTOM => self.custom_section(),
            id::TYPE => {
                // A type index is kept in 16 bits.
                let most = self.limits.types.min(1 << 16);
                self.vector(most, fault::LIMIT_TYPES, Self::function_type)
            }
            id::IMPORT => self.vector(self.limits.imports, fault::LIMIT_IMPORTS, Self::import),
            id::FUNCTION => self.vector(u32::MAX, fault::LIMIT_FUNCTIONS, Self::function),
            id::TABLE => self.vector(u32::MAX, fault::LIMIT_TABLES, Self::table),
            id::MEMORY => self.vector(u32::MAX, fault::LIMIT_MEMORIES, Self::memory),
            id::GLOBAL => self.vector(u32::MAX, fault::LIMIT_GLOBALS, Self::global),
            id::EXPORT => self.export_section(),
            id::START => self.start_section(),
            id::ELEMENT => {
                let most = self.limits.element_segments;
                self.vector(most, fault::LIMIT_ELEMENT_SEGMENTS, Self::element_segment)
            }
            id::CODE => self.code_section(),
            id::DATA => self.data_section(),
            id::DATA_COUNT => self.data_count_section(),
            _ => self.reader.skip(size),
        }
    }

    /// Reads a vector (section 5.1.3): a count, then each item by `item`,
    /// which gets its index.
    #[inline(never)]
    fn vector(
        &mut self,
        most: u32,
        too_many: Fault,
        item: fn(&mut Self, u32) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let count = self.reader.u32()?;
        if count > most {
            return Err(too_many);
        }
        (0..count).try_for_each(|index| item(self, index))
    }

    /// Reads a name (section 5.2.4) and appends it to `names`; returns where it
    /// starts and ends there.
    fn name(&mut self) -> Result<(usize, usize), Fault> {
        let length = self.reader.u32()?;
        if u64::from(length) > self.reader.remaining() {
            return Err(fault::LENGTH);
        }
        if length > self.limits.name_length {
            return Err(fault::LIMIT_NAME);
        }
        let offset = self.reader.offset();
        let start = self.names.len();
        self.reader.append(length, &mut self.names)?;
        self.reader.mark(offset);
        let bytes = self.names.get(start..).unwrap_or_default();
        match str::from_utf8(bytes) {
            Ok(_) => Ok((start, self.names.len())),
            Err(_) => Err(fault::UTF8),
        }
    }
}

/// The name that [`Decoder::name`] read: UTF-8, as was checked there.
fn text(names: &[u8], (start, end): (usize, usize)) -> &str {
    names
        .get(start..end)
        .and_then(|bytes| str::from_utf8(bytes).ok())
        .unwrap_or_default()
}
