//! The sections of a module, as bytes.

/// What every module begins with.
pub const HEADER: usize = 8;

pub struct Section<'a> {
    pub id: u8,
    pub contents: &'a [u8],
    /// With its number and length.
    pub whole: &'a [u8],
}

/// The sections of a module; nothing if it is cut off.
pub fn sections(module: &[u8]) -> Option<Vec<Section<'_>>> {
    let mut found = Vec::new();
    let mut rest = module.get(HEADER..)?;
    while let [id, after_id @ ..] = rest {
        let (length, contents) = unsigned(after_id)?;
        let (contents, next) = contents.split_at_checked(length)?;
        let whole = rest.get(..rest.len() - next.len())?;
        found.push(Section {
            id: *id,
            contents,
            whole,
        });
        rest = next;
    }
    Some(found)
}

impl Section<'_> {
    /// The name of a custom section.
    pub fn name(&self) -> Option<&[u8]> {
        let (length, name) = unsigned(self.contents)?;
        name.get(..length)
    }
}

/// Reads an unsigned LEB128 number and returns it with the bytes after it.
pub fn unsigned(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (position, byte) in bytes.iter().take(5).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(position + 1..)?));
        }
    }
    None
}

/// A number as unsigned LEB128.
pub fn encoded(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let [byte, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(byte & 0x7f);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}
