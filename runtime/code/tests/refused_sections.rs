//! Images whose sections the verifier refuses, rule by rule.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use support::{check, image_of_text, repair};
use thimble_code::image::{Buffer, Image, ImageError, Section};
use thimble_code::operation::Operation;

/// An image to be damaged.
struct Victim(Buffer);

impl Victim {
    fn new() -> Self {
        let text = include_str!("support/victim.wat").replace("FILL", "");
        Self(image_of_text(&text))
    }

    fn bytes(&mut self) -> &mut [u8] {
        self.0.as_bytes_mut()
    }

    fn image(&self) -> Image<'_> {
        Image::assume_open(self.0.as_bytes())
    }

    fn word(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.0.as_bytes()[at..at + 4].try_into().unwrap())
    }

    fn put(mut self, at: usize, bytes: &[u8]) -> Self {
        self.bytes()[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    fn put_word(self, at: usize, word: u32) -> Self {
        self.put(at, &word.to_le_bytes())
    }

    /// Changes bytes of a section.
    fn section(self, section: Section, at: usize, bytes: &[u8]) -> Self {
        let (start, _) = self.image().section_range(section);
        self.put(start as usize + at, bytes)
    }

    fn section_word(self, section: Section, at: usize, word: u32) -> Self {
        self.section(section, at, &word.to_le_bytes())
    }

    /// Where the directory says where a section lies.
    fn entry(&self, section: Section) -> usize {
        self.word(20) as usize + section as usize * 8
    }

    /// Makes a section longer, or shorter.
    fn lengthen(self, section: Section, by: i32) -> Self {
        let at = self.entry(section) + 4;
        let length = self.word(at).wrapping_add_signed(by);
        self.put_word(at, length)
    }

    /// A word of a function's record.
    fn record(self, function: usize, word: usize, value: u32) -> Self {
        self.section_word(Section::Functions, function * 16 + word * 4, value)
    }

    /// Where something stands in a section.
    fn find(&self, section: Section, what: &[u8]) -> usize {
        let bytes = self.image().section(section);
        bytes
            .windows(what.len())
            .position(|window| window == what)
            .unwrap()
    }

    #[track_caller]
    fn refused(mut self, message: &str) {
        repair(self.bytes());
        match check(self.0.as_bytes()) {
            Err(ImageError::Malformed { message: found, .. }) => assert_eq!(found, message),
            other => panic!("{other:?}, not {message:?}"),
        }
    }
}

fn victim() -> Victim {
    Victim::new()
}

/// The first expression: f0 to f7 are functions.
const EXPRESSION: u32 = 8;

#[test]
fn the_victim_is_whole() {
    check(victim().0.as_bytes()).unwrap();
}

#[test]
fn frames() {
    victim().put(64, &[1]).refused("the stubs are missing");
    victim().put(68, &[0xff]).refused("the stubs are missing");
    let directory = "the directory is not in the image";
    let at = victim().word(20);
    victim().put_word(20, at + 2).refused(directory);
    victim().put_word(20, at + 4).refused(directory);
    victim().put_word(20, u32::MAX - 3).refused(directory);
    victim().put_word(24, 12).refused(directory);
    let section = "a section is not in the image, unaligned or cut";
    for of in [
        Section::Types,
        Section::Functions,
        Section::Globals,
        Section::Data,
    ] {
        let entry = victim().entry(of);
        let offset = victim().word(entry);
        victim().put_word(entry, u32::MAX - 3).refused(section);
        victim().put_word(entry, offset + 2).refused(section);
        victim().put_word(entry + 4, u32::MAX).refused(section);
    }
    victim().lengthen(Section::Functions, 4).refused(section);
    let native = victim().entry(Section::Native) + 4;
    victim()
        .put_word(native, 4)
        .refused("machine code needs a signature");
    let names = "the names are malformed";
    victim()
        .section_word(Section::Names, 4, 0x00ff_ffff)
        .refused(names);
    victim().section(Section::Names, 8, &[0xff]).refused(names);
    victim().lengthen(Section::Names, -1).refused(names);
}

#[test]
fn types() {
    let offsets = "the types' offsets are wrong";
    victim()
        .section_word(Section::Types, 4, 28)
        .refused(offsets);
    victim()
        .section_word(Section::Types, 8, u32::MAX)
        .refused(offsets);
    victim()
        .section_word(Section::Types, 0, 27)
        .refused(offsets);
    victim().section_word(Section::Types, 0, 0).refused(offsets);
    victim()
        .lengthen(Section::Types, 4)
        .refused("there are bytes behind the function types");
    // The second type's parameters.
    let at = 7 * 4 + 4 + 4;
    victim()
        .section(Section::Types, at, &[0x7b])
        .refused("there is no such value type");
    victim()
        .section(Section::Types, at, &[0x40])
        .refused("there is no such value type");
    let last = victim().image().section(Section::Types).len() - 6;
    victim()
        .section(Section::Types, last, &[9])
        .refused("a function type lies outside its section");
}

#[test]
fn records() {
    let count = "the number of functions is wrong";
    victim().put_word(32, 9).refused(count);
    victim().put_word(28, 200).refused(count);
    victim().put_word(28, 1).refused(count);
    let ty = "a function has an unknown type";
    victim().record(2, 2, 7).refused(ty);
    victim().record(2, 2, 2).refused(ty);
    victim().record(2, 2, 0x8000_007f).refused(ty);
    victim().record(EXPRESSION as usize, 2, 1).refused(ty);
    victim()
        .record(EXPRESSION as usize, 2, 0x8000_007b)
        .refused(ty);
    victim()
        .record(EXPRESSION as usize, 2, 0x8000_017f)
        .refused(ty);
    victim()
        .record(2, 0, u32::MAX)
        .refused("a function has no code");
    victim().record(0, 0, 72).refused("a function has no code");
    victim()
        .put_word(36, 3)
        .refused("the number of units is wrong");
    let start = "the start function has another type";
    victim().put_word(44, 2).refused(start);
    victim().put_word(44, EXPRESSION).refused(start);
    victim().put_word(44, 1000).refused(start);
}

#[test]
fn code_places() {
    let place = "code overlaps, is out of order or unaligned";
    let record = |function| victim().image().function(function).unwrap();
    let (third, fourth) = (record(2), record(3));
    victim().record(3, 0, third.code).refused(place);
    victim().record(2, 0, fourth.code).refused(place);
    victim().record(3, 0, fourth.code - 2).refused(place);
    victim().record(3, 0, fourth.code + 1).refused(place);
    victim().record(3, 3, fourth.map_bytes + 4).refused(place);
    victim().record(3, 3, u32::MAX).refused(place);
    victim().record(2, 0, 64).refused(place);
    victim()
        .record(7, 0, u32::MAX - 1)
        .refused("code lies outside the image");
    let units = record(7).units;
    let total = victim().word(36);
    victim()
        .record(7, 1, units + 100_000)
        .put_word(36, total + 100_000)
        .refused("code lies outside the image");
    victim()
        .record(2, 1, 2)
        .put_word(36, total - third.units + 2)
        .refused("the prologue is cut");
}

#[test]
fn imports() {
    let differs = "an import differs from its record";
    victim()
        .section_word(Section::Imports, 1, 0)
        .refused(differs);
    victim()
        .section_word(Section::Imports, 1, 7)
        .refused(differs);
    victim().record(0, 2, 5).refused(differs);
    // The first global is imported as an immutable i32.
    victim()
        .section(Section::Globals, 0, &[0x7e])
        .refused(differs);
    victim().section(Section::Globals, 1, &[1]).refused(differs);
    let malformed = "the imports are malformed";
    victim()
        .section(Section::Imports, 0, &[4])
        .refused(malformed);
    victim()
        .section_word(Section::Imports, 5, u32::MAX)
        .refused(malformed);
    victim()
        .section(Section::Imports, 9, &[0xff])
        .refused(malformed);
    victim().lengthen(Section::Imports, -1).refused(malformed);
    // Nothing is imported, but records say so.
    let number = "the number of imported functions is wrong";
    let all = victim().image().section(Section::Imports).len() as i32;
    victim().lengthen(Section::Imports, -all).refused(number);
}

#[test]
fn tables_and_memories() {
    let table = "a table's type is wrong";
    victim().section(Section::Tables, 0, &[0x7f]).refused(table);
    victim().section(Section::Tables, 0, &[0]).refused(table);
    victim().section_word(Section::Tables, 8, 5).refused(table);
    victim().section_word(Section::Tables, 12, 1).refused(table);
    let memory = "a memory's type is wrong";
    victim().section(Section::Memories, 0, &[1]).refused(memory);
    victim()
        .section_word(Section::Memories, 8, 65_537)
        .refused(memory);
    victim()
        .section_word(Section::Memories, 12, 1)
        .refused(memory);
    victim()
        .section_word(Section::Memories, 24 + 8, 3)
        .refused(memory);
    victim()
        .section_word(Section::Memories, 24 + 16, 65_537)
        .refused(memory);
    let feature = "the header lacks a feature of a memory";
    victim()
        .section(Section::Memories, 0, &[0])
        .refused(feature);
    let features = victim().word(8);
    victim().put_word(8, features & !2).refused(feature);
    let feature = "the header lacks a feature that the operation needs";
    victim().put_word(8, features & !1).refused(feature);
    victim().put_word(8, features & !8).refused(feature);
}

#[test]
fn globals() {
    // Four are imported.
    let first = 4 * 8;
    let cell = "a global has the wrong cell";
    victim()
        .section(Section::Globals, first + 2, &[1])
        .refused(cell);
    victim()
        .section(Section::Globals, first + 8 + 2, &[1])
        .refused(cell);
    victim()
        .section(Section::Globals, first + 8 + 2, &[0xff, 0xff])
        .refused(cell);
    victim()
        .section(Section::Globals, first, &[0x7b])
        .refused("a global's type is wrong");
    let initial = "a global's initial value is wrong";
    for function in [EXPRESSION + 1, 2, u32::MAX] {
        victim()
            .section_word(Section::Globals, first + 4, function)
            .refused(initial);
    }
    let cells = "the number of global cells is wrong";
    victim().put_word(40, 6).refused(cells);
    victim().put_word(40, 8).refused(cells);
}

#[test]
fn exports() {
    let none = "an export does not exist";
    victim()
        .section_word(Section::Exports, 1, EXPRESSION)
        .refused(none);
    victim().section(Section::Exports, 0, &[1]).refused(none);
    let other = victim().find(Section::Exports, b"other");
    victim()
        .section(Section::Exports, other, b"first")
        .refused("two exports have the same name");
    let malformed = "the exports are malformed";
    victim()
        .section(Section::Exports, 0, &[4])
        .refused(malformed);
    victim()
        .section(Section::Exports, other, &[0xff])
        .refused(malformed);
    victim()
        .section_word(Section::Exports, 5, u32::MAX)
        .refused(malformed);
    victim().lengthen(Section::Exports, -1).refused(malformed);
}

#[test]
fn element_segments() {
    let malformed = "an element segment is malformed";
    victim()
        .section(Section::Elements, 0, &[3])
        .refused(malformed);
    victim()
        .section(Section::Elements, 1, &[0x7f])
        .refused(malformed);
    victim()
        .section_word(Section::Elements, 12, u32::MAX - 3)
        .refused(malformed);
    victim()
        .section_word(Section::Elements, 16, 0x4000_0001)
        .refused(malformed);
    let overlap = "the items of element segments overlap";
    let start = victim().image().section(Section::Elements)[12..16].to_vec();
    victim()
        .section(Section::Elements, 20 + 12, &start)
        .refused(overlap);
    let table = "an element segment is for no table of its type";
    victim()
        .section_word(Section::Elements, 20 + 4, 0)
        .refused(table);
    victim()
        .section_word(Section::Elements, 20 + 4, 2)
        .refused(table);
    let offset = "an element segment has no offset";
    victim()
        .section_word(Section::Elements, 20 + 8, u32::MAX)
        .refused(offset);
    victim()
        .section_word(Section::Elements, 20 + 8, 2)
        .refused(offset);
    // The value of the first global, an i64.
    victim()
        .section_word(Section::Elements, 20 + 8, EXPRESSION)
        .refused(offset);
    let item = "an item of an element segment has another type";
    let items = |segment: usize| {
        let section = victim().image().section(Section::Elements).to_vec();
        u32::from_le_bytes(section[segment * 20 + 12..][..4].try_into().unwrap()) as usize
    };
    victim().put_word(items(0), EXPRESSION).refused(item);
    victim().put_word(items(0), 0x8000_0002).refused(item);
    victim().put_word(items(0), 0x8000_0003).refused(item);
    victim().put_word(items(1), 2).refused(item);
    victim().put_word(items(1), 0x8000_0000).refused(item);
    victim().put_word(items(1), 0x8000_0100).refused(item);
}

#[test]
fn data_segments() {
    let malformed = "a data segment is malformed";
    victim().section(Section::Data, 0, &[2]).refused(malformed);
    victim().section(Section::Data, 0, &[7]).refused(malformed);
    victim()
        .section_word(Section::Data, 20 + 4, 2)
        .refused(malformed);
    victim()
        .section_word(Section::Data, 20 + 8, 2)
        .refused(malformed);
    victim()
        .section_word(Section::Data, 20 + 8, EXPRESSION)
        .refused(malformed);
    victim()
        .section_word(Section::Data, 12, u32::MAX)
        .refused(malformed);
    victim()
        .section_word(Section::Data, 16, u32::MAX)
        .refused(malformed);
}

#[test]
fn expressions_only_compute() {
    // The first operation is a `const64` with four units, as these have.
    let at = victim().image().function(EXPRESSION).unwrap().code as usize + 8;
    for operation in [Operation::MemoryFill, Operation::TableFill] {
        victim()
            .put(at, &operation.single().to_le_bytes())
            .refused("an operation that is not allowed in a constant expression");
    }
}
