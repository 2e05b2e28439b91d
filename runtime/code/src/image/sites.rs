//! The map from internal operations to the module they were translated from.

/// Pairs of a unit of a function's code and an offset into the module: the
/// operations that can trap or call.
///
/// Each pair is stored as the difference to the one before, in LEB128: units
/// from the function's code, bytes from the module's start.
#[derive(Clone, Copy, Debug)]
pub struct SiteMap<'a> {
    bytes: &'a [u8],
    site: (u32, u32),
}

impl<'a> SiteMap<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            site: (0, 0),
        }
    }

    /// The offset into the module of the last site at or before a unit.
    #[must_use]
    pub fn find(self, unit: u32) -> Option<u32> {
        self.take_while(|&(site, _)| site <= unit)
            .last()
            .map(|(_, offset)| offset)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

impl Iterator for SiteMap<'_> {
    /// Unit and offset.
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        let units = self.number()?;
        let bytes = self.number()?;
        self.site = (
            self.site.0.wrapping_add(units),
            self.site.1.wrapping_add(bytes),
        );
        Some(self.site)
    }
}
