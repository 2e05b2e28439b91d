//! Writing an image as its parts come, the header last.

use thimble_wasm::{ErrorKind, Failure};

use super::checksum::Checksum;
use super::header::{Features, HEADER_LENGTH, Header};
use super::{NONE, SECTIONS, Section};

/// Where an image is written: memory, a file, a flash partition.
pub trait Sink {
    /// Appends bytes to the content. The first byte lies [`HEADER_LENGTH`]
    /// bytes from the start of the image.
    ///
    /// # Errors
    /// A [`Failure`] when the bytes cannot be kept.
    fn append(&mut self, bytes: &[u8]) -> Result<(), Failure>;

    /// Writes the header in front of the content; the image is valid from then on.
    ///
    /// # Errors
    /// A [`Failure`] when the header cannot be written.
    fn finish(&mut self, header: &[u8; HEADER_LENGTH]) -> Result<(), Failure>;
}

/// Writes an image to a [`Sink`], keeping count and checksum.
pub struct Writer<'a> {
    sink: &'a mut dyn Sink,
    checksum: Checksum,
    position: u32,
    /// Whether the stubs have been written.
    begun: bool,
}

/// Where the sections of an image lie: written last, and not needed before the end.
#[derive(Debug, Default)]
pub struct Directory([[u8; 8]; SECTIONS as usize]);

impl Directory {
    /// Notes that a section lies from `start` to `end`.
    pub fn note(&mut self, section: Section, start: u32, end: u32) {
        if let Some(entry) = self.0.get_mut(section as usize) {
            let numbers = u64::from(start) | u64::from(end - start) << 32;
            *entry = numbers.to_le_bytes();
        }
    }
}

impl<'a> Writer<'a> {
    /// Begins an image with its stubs, which are written when something follows.
    #[must_use]
    pub fn new(sink: &'a mut dyn Sink) -> Self {
        Self {
            sink,
            checksum: Checksum::new(),
            position: (HEADER_LENGTH + size_of_val(&super::reader::stubs())) as u32,
            begun: false,
        }
    }

    /// Bytes written, the header's place included.
    #[must_use]
    pub const fn position(&self) -> u32 {
        self.position
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// The sink's, and a limit when the image would exceed 4 GiB.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if bytes.is_empty() {
            return Ok(());
        }
        let length = u32::try_from(bytes.len()).ok();
        let position = length
            .and_then(|length| self.position.checked_add(length))
            .filter(|&position| position < NONE)
            .ok_or(Failure::new(&(ErrorKind::Limit, "the image exceeds 4 GiB")))?;
        if !self.begun {
            self.begun = true;
            for stub in super::reader::stubs() {
                self.write(&stub.to_le_bytes())?;
            }
        }
        self.write(bytes)?;
        self.position = position;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.sink.append(bytes)?;
        self.checksum.update(bytes);
        Ok(())
    }

    /// Appends a number of 32 bits.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn append_u32(&mut self, number: u32) -> Result<(), Failure> {
        self.append(&number.to_le_bytes())
    }

    /// Appends numbers of 32 bits.
    pub(crate) fn append_words<const N: usize>(&mut self, words: [u32; N]) -> Result<(), Failure> {
        self.append(words.map(u32::to_le_bytes).as_flattened())
    }

    /// Appends units of code.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn append_units(&mut self, units: &[u16]) -> Result<(), Failure> {
        if let Some(bytes) = super::buffer::little_endian_bytes(units) {
            return self.append(bytes);
        }
        units
            .iter()
            .try_for_each(|unit| self.append(&unit.to_le_bytes()))
    }

    /// Pads to an address divisible by 4.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn align(&mut self) -> Result<(), Failure> {
        let padding = self.position.next_multiple_of(4) - self.position;
        self.append([0; 3].get(..padding as usize).unwrap_or_default())
    }

    /// Writes the directory and the header. Fills in the header's length,
    /// directory and content checksum. Nothing must be written after that.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn finish(&mut self, directory: &Directory, header: &mut Header) -> Result<(), Failure> {
        self.align()?;
        header.directory = self.position;
        header.sections = SECTIONS;
        self.append(directory.0.as_flattened())?;
        header.length = self.position;
        header.content_checksum = self.checksum.finish();
        self.write_header(header)
    }

    #[inline(never)]
    fn write_header(&mut self, header: &Header) -> Result<(), Failure> {
        self.sink.finish(&header.encode())
    }
}

impl Header {
    /// A header before anything is known.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            features: Features(0),
            length: 0,
            content_checksum: 0,
            directory: 0,
            sections: 0,
            functions: 0,
            imported_functions: 0,
            code_units: 0,
            global_cells: 0,
            start: None,
            signature: (0, 0),
            body_bytes: 0,
        }
    }
}
