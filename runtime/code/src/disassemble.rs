//! Internal code as text, for people.
//!
//! ```text
//! f1: frame of 6 cells, arguments 0..1, return address 1, locals 2..3
//! 0004  acc = i32.load8_u [r0+4]                ; at 0x43
//! 0007  r2 = acc = i32.add acc, #1
//! 000a  br.lt_s r2, r0 -> 0004
//! 000e  return
//! ```
//!
//! `r` is a cell of the frame (the first of two for 64 bits), `acc` the
//! accumulator, `#` an immediate; `f`, `g`, `t`, `m`, `e` and `d` are the
//! module's functions, globals, tables, memories, element and data segments.
//! Positions count units from the start of the function's code. Behind `; at`
//! stands the instruction's offset in the module, where the site map has one.

use core::fmt::{Result, Write};

use crate::image::{Code, Image, NONE, Step};
use crate::operation::{Access, CELL, Family, Form, Operand, Operation, Width};

/// Writes a function or constant expression as text, a line an operation.
///
/// Nothing is written for an imported function. Where code is malformed, the
/// text ends.
///
/// # Errors
/// Those of `out`.
pub fn disassemble(image: &Image<'_>, function: u32, out: &mut dyn Write) -> Result {
    let Some(code) = image.code(function) else {
        return Ok(());
    };
    let prologue = [0, 1, 2, 3].map(|at| code.unit(at).unwrap_or_default());
    let [frame, link, zero, references] = prologue;
    let [frame, link, zero] = [frame, link, zero].map(|bytes| bytes / CELL);
    let locals = u32::from(link) + 1;
    write!(
        out,
        "f{function}: frame of {frame} cells, arguments 0..{link}, return address {link}"
    )?;
    write!(out, ", locals {locals}..{}", locals + u32::from(zero))?;
    if references != 0 {
        write!(
            out,
            " ({} funcref, {} externref)",
            references & 0xff,
            references >> 8
        )?;
    }
    out.write_char('\n')?;
    let mut sites = image.sites(function).into_iter().flatten().peekable();
    for step in code.operations() {
        write!(out, "{:04x}  ", step.at)?;
        while sites.next_if(|&(unit, _)| unit < step.at).is_some() {}
        match sites.next_if(|&(unit, _)| unit == step.at) {
            None => operation(image, code, &step, out)?,
            Some((_, offset)) => {
                let mut line = Counted { out, written: 0 };
                operation(image, code, &step, &mut line)?;
                let padding = 40usize.saturating_sub(line.written);
                write!(out, "{:padding$} ; at {offset:#x}", "")?;
            }
        }
        out.write_char('\n')?;
    }
    Ok(())
}

/// Counts what is written, to fill a column.
struct Counted<'a> {
    out: &'a mut dyn Write,
    written: usize,
}

impl Write for Counted<'_> {
    fn write_str(&mut self, text: &str) -> Result {
        self.written += text.len();
        self.out.write_str(text)
    }
}

/// Writes one operation as text, without its position and the end of the line.
///
/// # Errors
/// Those of `out`.
pub fn operation(image: &Image<'_>, code: Code<'_>, step: &Step, out: &mut dyn Write) -> Result {
    let row = step.decoded.operation.row();
    let last = step.shape.operands().last();
    if let Some(Operand::Write32 | Operand::Write64) = last {
        write!(
            out,
            "r{} = ",
            code.unit(step.end - 1).unwrap_or_default() / CELL
        )?;
    }
    if step.shape.accumulator_out != Width::W0 {
        out.write_str("acc = ")?;
    }
    out.write_str(step.decoded.operation.text())?;
    let mut line = Line {
        image,
        code,
        step,
        out,
        separator: " ",
    };
    match row.family {
        Family::Load | Family::Store => line.address()?,
        _ => line.accumulator(&[Form::A, Form::Ar, Form::Ai])?,
    }
    let mut at = step.at + 1;
    for operand in step.shape.operands() {
        line.operand(operand, at)?;
        at += operand.units() as u32;
    }
    line.accumulator(&[Form::Ra])?;
    if step.decoded.operation == Operation::BranchTable {
        line.accumulator(&[Form::One])?;
        line.separator = " -> ";
        for at in (at..step.end).step_by(2) {
            line.target(code.target32(at))?;
            line.separator = ", ";
        }
        return Ok(());
    }
    let target = match last {
        Some(Operand::Branch16) => code.target16(step.end - 1),
        Some(Operand::Branch32) => code.target32(step.end - 2),
        _ => return line.accumulator(&[Form::One]),
    };
    line.separator = " -> ";
    line.target(target)
}

/// The operands of an operation, as they are written.
struct Line<'a> {
    image: &'a Image<'a>,
    code: Code<'a>,
    step: &'a Step,
    out: &'a mut dyn Write,
    /// What comes in front of the next one.
    separator: &'static str,
}

impl Line<'_> {
    fn separate(&mut self) -> Result {
        self.out
            .write_str(core::mem::replace(&mut self.separator, ", "))
    }

    /// The accumulator, if it is an operand here in one of these forms.
    fn accumulator(&mut self, forms: &[Form]) -> Result {
        if self.step.shape.accumulator_in == Width::W0 || !forms.contains(&self.step.decoded.form) {
            return Ok(());
        }
        self.separate()?;
        self.out.write_str("acc")
    }

    /// The address of a load or store of memory 0, the first two operands.
    fn address(&mut self) -> Result {
        let at = self.step.at + 1;
        let unit = |at| self.code.unit(at).unwrap_or_default();
        self.separator = ", ";
        if matches!(self.step.decoded.form, Form::A | Form::Ar | Form::Ai) {
            write!(self.out, " [acc+{}]", unit(at))
        } else {
            write!(self.out, " [r{}+{}]", unit(at) / CELL, unit(at + 1))
        }
    }

    fn target(&mut self, target: Option<u32>) -> Result {
        self.separate()?;
        match target {
            Some(target) => write!(self.out, "{target:04x}"),
            None => self.out.write_str("nowhere"),
        }
    }

    fn operand(&mut self, operand: Operand, at: u32) -> Result {
        let code = self.code;
        let mut unit = code.unit(at).unwrap_or_default();
        let wide = code.wide(at).unwrap_or_default();
        let long = u64::from(code.wide(at + 2).unwrap_or_default()) << 32 | u64::from(wide);
        let family = self.step.decoded.operation.row().family;
        let access = matches!(family, Family::Load | Family::Store);
        let first = at == self.step.at + 1;
        let letter = match operand {
            // The address was written, the others have their own place.
            Operand::Offset | Operand::Read32
                if access && (first || operand == Operand::Offset) =>
            {
                return Ok(());
            }
            Operand::Write32
            | Operand::Write64
            | Operand::Branch16
            | Operand::Branch32
            | Operand::TableCount
            | Operand::Link => return Ok(()),
            Operand::ReferenceCount => return self.references(at + 1),
            Operand::Read32
            | Operand::Read64
            | Operand::Reference
            | Operand::RangeFrom
            | Operand::RangeTo
            | Operand::Base
            | Operand::Count => {
                unit /= CELL;
                match operand {
                    Operand::Base => "base r",
                    Operand::Count => "count ",
                    _ => "r",
                }
            }
            Operand::Immediate16 => {
                self.separate()?;
                return write!(self.out, "#{}", unit as i16);
            }
            Operand::Immediate32 => {
                self.separate()?;
                return write!(self.out, "#{}", wide as i32);
            }
            Operand::Immediate64 => {
                self.separate()?;
                return write!(self.out, "#{}", long as i64);
            }
            Operand::Access => {
                self.separate()?;
                return self.out.write_str(match Access::from_unit(unit) {
                    Some(Access::Signed8) => "s8",
                    Some(Access::Unsigned8) => "u8",
                    Some(Access::Signed16) => "s16",
                    Some(Access::Unsigned16) => "u16",
                    Some(Access::Signed32) => "s32",
                    Some(Access::Unsigned32) => "u32",
                    Some(Access::Whole64) => "64",
                    None => "none",
                });
            }
            Operand::Global32 | Operand::Global64 => {
                self.separate()?;
                let imports = (0..self.image.global_count())
                    .take_while(|&index| self.image.global(index).is_some_and(|g| g.2 == NONE));
                let first = imports.count() as u32;
                let global = (first..self.image.global_count())
                    .find(|&index| self.image.global(index).is_some_and(|g| g.1 == unit / CELL));
                return write!(self.out, "g{}", global.unwrap_or(NONE));
            }
            Operand::Offset => "+",
            Operand::Function | Operand::ImportFunction | Operand::AnyFunction => "f",
            Operand::Type => "type ",
            Operand::Table => "t",
            Operand::Memory => "m",
            Operand::ImportGlobal => "g",
            Operand::Element => "e",
            Operand::Data => "d",
        };
        self.separate()?;
        write!(self.out, "{letter}{unit}")
    }

    /// The cells of a list of references.
    fn references(&mut self, start: u32) -> Result {
        let link = self.code.unit(1);
        for at in start..self.step.end {
            let unit = self.code.unit(at);
            if unit == link {
                self.separator = " external ";
                continue;
            }
            self.separate()?;
            write!(self.out, "r{}", unit.unwrap_or_default() / CELL)?;
        }
        Ok(())
    }
}
