//! Programs as records in a raw flash partition, executed where they lie if the
//! partition is mapped into memory.
//!
//! A record takes whole erase pages, one behind another: a header, the image's header,
//! and the content of the image. The record's header is programmed last: before, the
//! pages are free. When a name has several records, the newest is the program; the
//! others are left over from before a cut, or are still executed, and go at the next
//! installation.
//!
//! No table is kept: every operation looks for headers at the starts of pages. What
//! lies there by chance is told from a header by its checksum, and what a program could
//! put there on purpose is refused while it is written.
//!
//! An image of which this device has checked the code is not verified again where
//! nobody else can have written it, in a mapped partition; but its checksum is tested at
//! each load, because flash ages. An image that is copied to RAM is verified.
//!
//! A program goes to the largest free run of pages, since its length is not known
//! before. Replacing one moves it on to other pages.

mod layout;
mod lease;
mod medium;
mod record;
mod scan;
mod writer;

use thimble::code::image::{Buffer, Image};
use thimble::wasm::Source;
use thimble::{Engine, Module, TrustedImage};
use thimble_platform::Platform;

pub use self::lease::Lease;

use self::lease::Uses;
use self::medium::Medium;
use self::record::Record;
use self::scan::Run;
use self::writer::Writer;
use super::install::{Received, receive};
use super::name::Name;
use super::{Installed, Loaded, Storage, StorageError};
use crate::guarded::Guarded;
use crate::message::message;
use crate::module::verified;

/// A flash partition. Offsets and lengths are bytes from its start. Any thread may use
/// it, several at once too.
pub trait Flash: Sync {
    /// The length of the partition.
    fn size(&self) -> u32;

    /// The length of a page, the unit of erasing; all have the same. A multiple of
    /// [`write_size`](Self::write_size), large enough for two headers of 64 bytes, each
    /// rounded up to it.
    fn erase_size(&self) -> u32;

    /// The length of a granule, the unit of programming: a power of two.
    fn write_size(&self) -> u32;

    /// The value of an erased byte.
    fn erased_value(&self) -> u8 {
        0xff
    }

    /// Fills the buffer; `offset` and length are arbitrary.
    ///
    /// # Errors
    /// Those of the medium.
    fn read(&self, offset: u32, buffer: &mut [u8]) -> thimble_platform::Result<()>;

    /// Programs whole granules, each of which was erased and not programmed since.
    ///
    /// # Errors
    /// Those of the medium; the granules may hold anything then.
    fn write(&self, offset: u32, data: &[u8]) -> thimble_platform::Result<()>;

    /// Erases whole pages.
    ///
    /// # Errors
    /// Those of the medium; the pages may hold anything then.
    fn erase(&self, offset: u32, length: u32) -> thimble_platform::Result<()>;

    /// A part of the partition as memory, at an address divisible by 4 for an offset
    /// divisible by 4; `None` where the flash is not mapped.
    ///
    /// To return something promises that nothing but the storage writes to the
    /// partition. The storage keeps the rest of what [`TrustedImage::new`] asks for: it
    /// executes nothing but what this device has translated or verified, and does not
    /// erase what is leased.
    fn image(&self, offset: u32, length: u32) -> Option<TrustedImage> {
        let _ = (offset, length);
        None
    }
}

/// Installed programs in a flash partition.
pub struct FlashStorage {
    medium: Medium,
    transfer: usize,
    state: Guarded<State>,
}

/// What is known beside the flash. Locked while headers are looked for or change; not
/// while an image is written to free pages.
struct State {
    /// Somebody writes to free pages.
    installing: bool,
    uses: Uses,
}

impl FlashStorage {
    /// Programs in this partition, which may hold anything before. `transfer` bytes, or
    /// a few more, are gathered before they are programmed; `programs` can be executed
    /// where they lie at once.
    ///
    /// # Errors
    /// Without memory. [`StorageError::Platform`]: of kind
    /// [`InvalidArgument`](thimble_platform::ErrorKind::InvalidArgument) when the sizes
    /// of the flash are not as [`Flash`] says, or when there is no mutex.
    pub fn new(
        platform: &'static dyn Platform,
        flash: &'static dyn Flash,
        transfer: usize,
        programs: usize,
    ) -> Result<Self, StorageError> {
        let state = State {
            installing: false,
            uses: Uses::new(programs)?,
        };
        Ok(Self {
            medium: Medium::new(flash)?,
            transfer,
            state: Guarded::new(platform, state)?,
        })
    }

    /// Clears away what no longer counts, and takes the largest free run.
    fn begin(&self) -> Result<Run, StorageError> {
        let mut state = self.state.lock()?;
        if state.installing {
            return Err(StorageError::Busy);
        }
        let mut scan = self.medium.scan();
        while let Some(record) = scan.next_record()? {
            if !self.medium.is_newest(&record)? {
                self.drop_record(&state, &record);
            }
        }
        let run = self.medium.largest_run(&state.uses)?;
        state.installing = true;
        Ok(run)
    }

    /// Gives back the pages of a record that is not the newest of its name. If it is
    /// executed or cannot be erased, it waits for the next installation.
    fn drop_record(&self, state: &State, record: &Record) {
        if state.uses.contains(record.page) {
            return;
        }
        let name = record.name.as_str();
        match self.medium.erase(record.page) {
            Ok(()) => message!(Debug, "store: the {name} before is erased"),
            Err(error) => message!(Warn, "store: the {name} before stays: {error}"),
        }
    }

    /// Writes a record to free pages.
    fn write(
        &self,
        engine: &Engine,
        name: Name,
        run: Run,
        source: &mut dyn Source,
    ) -> Result<u32, StorageError> {
        let mut writer = Writer::new(&self.medium, run, self.transfer)?;
        let Received {
            length,
            from_outside,
        } = receive(engine, source, &mut writer)?;
        if from_outside {
            self.verify(engine, run.start, length)?;
        }
        let state = self.state.lock()?;
        let sequence = self.medium.next_sequence()?;
        if let Err(error) = writer.commit(sequence, &name, length) {
            // The header may be there all the same.
            let _ = self.medium.erase(run.start);
            return Err(error);
        }
        // The program is installed, whatever happens now.
        let mut scan = self.medium.scan();
        while let Ok(Some(record)) = scan.next_record() {
            if record.name == name && record.sequence < sequence {
                self.drop_record(&state, &record);
            }
        }
        Ok(length)
    }

    /// Verifies an image where it lies, or a copy of it.
    fn verify(&self, engine: &Engine, page: u32, length: u32) -> Result<(), StorageError> {
        let module = match self.medium.image(page, length) {
            Some(image) => verified(engine, image.as_bytes()),
            None => verified(engine, self.copy(page, length)?),
        };
        module?;
        Ok(())
    }

    /// A copy of an image.
    fn copy(&self, page: u32, length: u32) -> Result<Buffer, StorageError> {
        let mut image = Buffer::zeroed(length as usize)?;
        self.medium.read_image(page, image.as_bytes_mut())?;
        Ok(image)
    }
}

impl Storage for FlashStorage {
    fn list(&self, visit: &mut dyn FnMut(&Installed<'_>)) -> Result<(), StorageError> {
        let _state = self.state.lock()?;
        let mut scan = self.medium.scan();
        while let Some(record) = scan.next_record()? {
            if self.medium.is_newest(&record)? {
                visit(&Installed {
                    name: record.name.as_str(),
                    length: record.length,
                    in_place: self.medium.image(record.page, record.length).is_some(),
                });
            }
        }
        Ok(())
    }

    fn load(&self, engine: &Engine, name: &str) -> Result<Loaded<'_>, StorageError> {
        let name = Name::new(name).map_err(|_| StorageError::NotFound)?;
        let (record, lease) = {
            let mut state = self.state.lock()?;
            let record = self.medium.newest(&name)?.ok_or(StorageError::NotFound)?;
            state.uses.add(&record)?;
            (record, Lease::new(&self.state, record.page))
        };
        match self.medium.image(record.page, record.length) {
            Some(image) => {
                Image::open(image.as_bytes())?;
                Ok(Loaded {
                    module: Module::from_trusted(engine, image)?,
                    lease: Some(lease),
                })
            }
            None => Ok(Loaded {
                module: verified(engine, self.copy(record.page, record.length)?)?,
                lease: None,
            }),
        }
    }

    fn install(
        &self,
        engine: &Engine,
        name: &str,
        source: &mut dyn Source,
    ) -> Result<u32, StorageError> {
        let name = Name::new(name)?;
        let run = self.begin()?;
        let installed = self.write(engine, name, run, source);
        self.state.lock()?.installing = false;
        installed
    }

    fn remove(&self, name: &str) -> Result<(), StorageError> {
        let name = Name::new(name).map_err(|_| StorageError::NotFound)?;
        let state = self.state.lock()?;
        let mut scan = self.medium.scan();
        while let Some(record) = scan.next_record()? {
            if record.name == name && state.uses.contains(record.page) {
                return Err(StorageError::Busy);
            }
        }
        // The newest goes last, or an older one would become the program.
        let newest = self.medium.newest(&name)?.ok_or(StorageError::NotFound)?;
        let mut scan = self.medium.scan();
        while let Some(record) = scan.next_record()? {
            if record.name == name && record.page != newest.page {
                self.medium.erase(record.page)?;
            }
        }
        self.medium.erase(newest.page)
    }
}
