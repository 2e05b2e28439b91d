//! Custom sections, of which only the names of functions are read (section
//! 5.5.3 and appendix "Custom Sections").

use super::{Decoder, text};
use crate::error::ErrorKind;
use crate::fault::Fault;
use crate::visitor::Visitor;

/// The subsection that holds the names of functions.
const FUNCTION_NAMES: u8 = 1;

impl<V: Visitor + ?Sized> Decoder<'_, V> {
    #[inline(never)]
    pub(super) fn custom_section(&mut self) -> Result<(), Fault> {
        self.names.clear();
        let name = self.name()?;
        if text(&self.names, name) == "name" {
            match self.name_section() {
                // What names say about a module does not change what it does.
                Err(fault) if matches!(fault.kind(), ErrorKind::Malformed | ErrorKind::Limit) => {}
                other => other?,
            }
        }
        self.reader.skip_rest()
    }

    fn name_section(&mut self) -> Result<(), Fault> {
        while self.reader.remaining() != 0 {
            let id = self.reader.byte()?;
            let size = self.reader.u32()?;
            if id != FUNCTION_NAMES {
                self.reader.skip(size)?;
                continue;
            }
            for _ in 0..self.reader.u32()? {
                self.function_name()?;
            }
        }
        Ok(())
    }

    fn function_name(&mut self) -> Result<(), Fault> {
        let function = self.reader.u32()?;
        self.names.clear();
        let name = self.name()?;
        let name = text(&self.names, name);
        self.visitor.function_name(self.m, function, name)
    }
}
