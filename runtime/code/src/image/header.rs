//! The header: the first 64 bytes of an image.

use super::ImageError;
use super::checksum::Checksum;

/// The first four bytes of an image. A WebAssembly module begins with `\0asm`.
pub const MAGIC: [u8; 4] = *b"\0thm";

/// The version of the format this crate writes and reads. Another one comes with every change of what a token means, since
/// devices keep images over an update of their firmware and trust those in flash.
pub const FORMAT_VERSION: u16 = 3;

/// Length of the header in bytes.
pub const HEADER_LENGTH: usize = 64;

/// What an image needs of the runtime, as bits. A runtime refuses an image that
/// needs a bit it does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features(pub u32);

impl Features {
    /// Floating-point operators.
    pub const FLOAT: Self = Self(1);
    /// A memory beside memory 0.
    pub const MULTI_MEMORY: Self = Self(1 << 1);
    /// A page size other than 64 KiB.
    pub const CUSTOM_PAGE_SIZES: Self = Self(1 << 2);
    /// Tail calls.
    pub const TAIL_CALL: Self = Self(1 << 3);
    /// Vectors of 128 bits: four cells each.
    pub const VECTOR: Self = Self(1 << 4);
    /// Memories and tables with 64-bit addresses.
    pub const ADDRESS_64: Self = Self(1 << 5);
    /// Exceptions.
    pub const EXCEPTIONS: Self = Self(1 << 6);
    /// Shared memories and atomic operators.
    pub const THREADS: Self = Self(1 << 7);
    /// References to structures and arrays.
    pub const GARBAGE_COLLECTION: Self = Self(1 << 8);

    /// What this version of the runtime executes.
    pub const SUPPORTED: Self =
        Self(Self::FLOAT.0 | Self::MULTI_MEMORY.0 | Self::CUSTOM_PAGE_SIZES.0 | Self::TAIL_CALL.0);

    /// Adds the bits of `other`.
    pub fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether all bits of `other` are here.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The header's fields.
///
/// | offset | field |
/// |---|---|
/// | 0 | magic |
/// | 4 | format version (16 bits), header length (16 bits) |
/// | 8 | features |
/// | 12 | length of the image without the signature |
/// | 16 | checksum of the content (from the header's end to `length`) |
/// | 20 | offset of the directory |
/// | 24 | number of sections in it |
/// | 28 | functions, imported ones included, expressions not |
/// | 32 | imported functions |
/// | 36 | units of internal code |
/// | 40 | cells of the globals that the module defines |
/// | 44 | start function or `NONE` |
/// | 48 | offset and length of the signature, 0 if there is none |
/// | 56 | bytes of the code section that was translated |
/// | 60 | checksum of the 60 bytes before |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the image needs.
    pub features: Features,
    /// Bytes of the image, header included, signature not.
    pub length: u32,
    /// CRC-32 of the content.
    pub content_checksum: u32,
    /// Where the directory lies.
    pub directory: u32,
    /// Sections in the directory.
    pub sections: u32,
    /// Functions, imported ones included.
    pub functions: u32,
    /// Imported functions.
    pub imported_functions: u32,
    /// Units of internal code in all functions and expressions, prologues included.
    pub code_units: u32,
    /// Cells of the globals that the module defines.
    pub global_cells: u32,
    /// The start function.
    pub start: Option<u32>,
    /// Offset and length of the signature; both 0 if there is none.
    pub signature: (u32, u32),
    /// Bytes of the module's function bodies.
    pub body_bytes: u32,
}

impl Header {
    /// The header's bytes, checksum included.
    #[must_use]
    pub fn encode(&self) -> [u8; HEADER_LENGTH] {
        let mut bytes = [0; HEADER_LENGTH];
        let words = [
            u32::from_le_bytes(MAGIC),
            u32::from(FORMAT_VERSION) | (HEADER_LENGTH as u32) << 16,
            self.features.0,
            self.length,
            self.content_checksum,
            self.directory,
            self.sections,
            self.functions,
            self.imported_functions,
            self.code_units,
            self.global_cells,
            self.start.unwrap_or(super::NONE),
            self.signature.0,
            self.signature.1,
            self.body_bytes,
        ];
        for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        if let Some((last, rest)) = bytes
            .split_last_chunk_mut::<4>()
            .map(|(rest, last)| (last, rest))
        {
            *last = Checksum::of(rest).to_le_bytes();
        }
        bytes
    }

    /// Reads a header and checks magic, version, features and its checksum.
    ///
    /// # Errors
    /// Says which of these does not fit.
    pub fn decode(bytes: &[u8]) -> Result<Self, ImageError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(ImageError::Magic);
        }
        let truncated = ImageError::Truncated {
            expected: HEADER_LENGTH as u32,
        };
        let word = |index: usize| {
            let at = index * 4;
            let bytes = bytes
                .get(at..at + 4)
                .and_then(|b| b.first_chunk())
                .ok_or(truncated)?;
            Ok::<u32, ImageError>(u32::from_le_bytes(*bytes))
        };
        // The version decides what the rest means, so it comes first.
        let found = word(1)? as u16;
        if found != FORMAT_VERSION {
            return Err(ImageError::Version { found });
        }
        let rest = bytes.get(..HEADER_LENGTH - 4).ok_or(truncated)?;
        if word(15)? != Checksum::of(rest) {
            return Err(ImageError::HeaderChecksum);
        }
        let features = Features(word(2)?);
        let lacking = features.0 & !Features::SUPPORTED.0;
        if lacking != 0 {
            return Err(ImageError::Features { lacking });
        }
        Ok(Self {
            features,
            length: word(3)?,
            content_checksum: word(4)?,
            directory: word(5)?,
            sections: word(6)?,
            functions: word(7)?,
            imported_functions: word(8)?,
            code_units: word(9)?,
            global_cells: word(10)?,
            start: Some(word(11)?).filter(|&start| start != super::NONE),
            signature: (word(12)?, word(13)?),
            body_bytes: word(14)?,
        })
    }
}
