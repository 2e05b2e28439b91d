//! Internal operations as text.
//!
//! `[n]` is cell n of the frame, `acc` the accumulator, `@n` the unit n of the
//! function's code. What is behind `->` is written; a result that goes to a cell
//! is in the accumulator too.

use thimble::code::image::{Image, PROLOGUE_UNITS};
use thimble::code::operation::{self, Access, CELL, Form, Operand, Width};

use super::contents::Names;

/// Iterates over the operations of one function.
pub struct Operations<'a> {
    units: Vec<u16>,
    position: usize,
    names: &'a Names<'a>,
}

/// An operation: the unit its token is, and its text.
pub type Line = (u32, String);

impl<'a> Operations<'a> {
    /// The operations of the function whose prologue is at `code`.
    pub fn new(image: &Image<'_>, names: &'a Names<'a>, code: u32, units: u32) -> Self {
        let units =
            (0..units).map_while(|unit| image.unit(code.checked_add(unit.checked_mul(2)?)?));
        Self {
            units: units.collect(),
            position: PROLOGUE_UNITS as usize,
            names,
        }
    }

    /// What the prologue says.
    pub fn prologue(&self) -> String {
        let unit = |index: usize| self.units.get(index).copied().unwrap_or_default();
        let [frame, link, zeroed] = [unit(0), unit(1), unit(2)].map(|size| size / CELL);
        let references = unit(3);
        format!(
            "{frame} cells, return in [{link}], {zeroed} zeroed, {references} of them references"
        )
    }

    fn unit(&mut self) -> Option<u16> {
        let unit = self.units.get(self.position).copied()?;
        self.position += 1;
        Some(unit)
    }

    /// A cell or a number of cells, which code has in bytes.
    fn cell(&mut self) -> Option<u16> {
        Some(self.unit()? / CELL)
    }

    /// A number of several units, the low one first.
    fn number(&mut self, units: usize) -> Option<u64> {
        let mut number = 0;
        for index in 0..units {
            number |= u64::from(self.unit()?) << (16 * index);
        }
        Some(number)
    }

    /// A distance of 16 or 32 bits, as the unit it leads to.
    fn target(&mut self, units: usize) -> Option<String> {
        let bits = self.number(units)?;
        let distance = if units == 1 {
            i64::from(bits as i16)
        } else {
            i64::from(bits as i32)
        };
        Some(format!("@{}", self.position as i64 + distance / 2))
    }

    fn operation(&mut self) -> Option<String> {
        let token = self.unit()?;
        let Some(decoded) = operation::decode(token) else {
            // Where the next operation begins is not known.
            self.position = self.units.len();
            return Some(format!("unknown token {token:#06x}"));
        };
        let shape = decoded.shape();
        let mut text = Text::new(decoded.operation.text());
        if matches!(decoded.form, Form::A | Form::Ar | Form::Ai) {
            text.read("acc".into());
        }
        for operand in shape.operands() {
            self.operand(operand, &mut text)?;
        }
        let reads_last = matches!(decoded.form, Form::Ra | Form::One);
        if reads_last && shape.accumulator_in != Width::W0 {
            text.read("acc".into());
        }
        // A result that is stored is in the accumulator too; the cell says more.
        if text.written.is_empty() && shape.accumulator_out != Width::W0 {
            text.written.push("acc".into());
        }
        Some(text.finish())
    }

    fn operand(&mut self, operand: Operand, text: &mut Text) -> Option<()> {
        match operand {
            Operand::Read32 | Operand::Read64 | Operand::Reference => {
                let cell = self.cell()?;
                text.read(format!("[{cell}]"));
            }
            Operand::Write32 | Operand::Write64 => {
                let cell = self.cell()?;
                text.written.push(format!("[{cell}]"));
            }
            Operand::RangeFrom => text.from = Some(self.cell()?),
            Operand::RangeTo => text.to = Some(self.cell()?),
            Operand::Count => {
                let count = self.cell()?;
                text.ranges(count);
            }
            Operand::Link => {
                let cell = self.cell()?;
                text.read(format!("link [{cell}]"));
            }
            Operand::Base => {
                let cell = self.cell()?;
                text.read(format!("base [{cell}]"));
            }
            Operand::Immediate16 => {
                let number = self.unit()?;
                text.read(format!("{}", number as i16));
            }
            Operand::Immediate32 => {
                let number = self.number(2)?;
                text.read(format!("{:#x}", number as u32));
            }
            Operand::Immediate64 => {
                let number = self.number(4)?;
                text.read(format!("{number:#x}"));
            }
            Operand::Offset => {
                let offset = self.unit()?;
                text.read(format!("+{offset}"));
            }
            Operand::Access => {
                let access = self.unit()?;
                let name = Access::from_unit(access).map(|access| format!("{access:?}"));
                text.read(name.unwrap_or_else(|| format!("access {access}")));
            }
            Operand::Branch16 => {
                let target = self.target(1)?;
                text.read(target);
            }
            Operand::Branch32 => {
                let target = self.target(2)?;
                text.read(target);
            }
            Operand::TableCount => self.branch_table(text)?,
            Operand::ReferenceCount => {
                for _ in 0..self.unit()? {
                    let cell = self.cell()?;
                    text.read(format!("[{cell}]"));
                }
            }
            Operand::Function | Operand::ImportFunction | Operand::AnyFunction => {
                let index = self.unit()?;
                text.read(format!("function {}", self.names.of(index.into())));
            }
            Operand::Type => self.index("type", text)?,
            Operand::Table => self.index("table", text)?,
            Operand::Memory => self.index("memory", text)?,
            Operand::Global32 | Operand::Global64 => {
                let cell = self.cell()?;
                text.read(format!("global cell {cell}"));
            }
            Operand::ImportGlobal => self.index("global", text)?,
            Operand::Element => self.index("element", text)?,
            Operand::Data => self.index("data", text)?,
        }
        Some(())
    }

    fn index(&mut self, kind: &str, text: &mut Text) -> Option<()> {
        let index = self.unit()?;
        text.read(format!("{kind} {index}"));
        Some(())
    }

    /// The targets.
    fn branch_table(&mut self, text: &mut Text) -> Option<()> {
        let count = self.number(2)?;
        for index in 0..=count {
            let target = self.target(2)?;
            let default = if index == count { "else " } else { "" };
            text.read(format!("{default}{target}"));
        }
        Some(())
    }
}

impl Iterator for Operations<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let start = self.position as u32;
        self.operation().map(|text| (start, text))
    }
}

/// An operation's text as it grows.
struct Text {
    name: &'static str,
    read: Vec<String>,
    written: Vec<String>,
    /// Ranges whose count of cells comes later.
    from: Option<u16>,
    to: Option<u16>,
}

impl Text {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            read: Vec::new(),
            written: Vec::new(),
            from: None,
            to: None,
        }
    }

    fn read(&mut self, operand: String) {
        self.read.push(operand);
    }

    fn ranges(&mut self, count: u16) {
        let range = |start: u16| format!("[{start}; {count}]");
        self.read.extend(self.from.take().map(range));
        self.written.extend(self.to.take().map(range));
    }

    fn finish(self) -> String {
        let mut text = format!("{:<12} {}", self.name, self.read.join(" "));
        if !self.written.is_empty() {
            text = format!("{} -> {}", text.trim_end(), self.written.join(" "));
        }
        text.trim_end().into()
    }
}
