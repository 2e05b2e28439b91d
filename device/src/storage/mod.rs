//! Installed programs: images in files or in a flash partition.
//!
//! An image is written as it is translated, in pieces, and counts only when its last
//! part, the header, is there: an installation that is interrupted at any point leaves
//! what was installed before.

#[cfg(any(feature = "store-files", all(feature = "translate", feature = "files")))]
pub(crate) mod directory;
mod error;
#[cfg(feature = "store-files")]
mod file;
mod flash;
pub(crate) mod install;
mod name;
#[cfg(any(feature = "store-files", all(feature = "translate", feature = "files")))]
pub(crate) mod writer;

pub use error::StorageError;
#[cfg(feature = "store-files")]
pub use file::FileStorage;
pub use flash::{Flash, FlashStorage, Lease};
pub use name::NAME_LENGTH;

use thimble::wasm::Source;
use thimble::{Engine, Module};

/// A place for installed programs. Any thread may use it.
pub trait Storage: Sync {
    /// Calls `visit` for each installed program, in no order. `visit` must not use
    /// the storage.
    ///
    /// # Errors
    /// Those of the medium.
    fn list(&self, visit: &mut dyn FnMut(&Installed<'_>)) -> Result<(), StorageError>;

    /// Loads a program.
    ///
    /// # Errors
    /// [`StorageError::NotFound`], also for a name that no program can have;
    /// [`StorageError::Program`] when it cannot be loaded.
    fn load(&self, engine: &Engine, name: &str) -> Result<Loaded<'_>, StorageError>;

    /// Installs a program from the bytes of a module, or of an image, which is verified.
    /// A program of that name is replaced, also while it runs: those that were loaded
    /// before go on with the old one. Returns the length of the image in bytes.
    ///
    /// What follows an image, such as a signature, is neither read nor kept.
    ///
    /// # Errors
    /// [`StorageError::Name`]; [`StorageError::Busy`] while another program is
    /// installed; [`StorageError::Full`]; [`StorageError::Source`];
    /// [`StorageError::Program`] when the bytes are refused. What was installed stays.
    fn install(
        &self,
        engine: &Engine,
        name: &str,
        source: &mut dyn Source,
    ) -> Result<u32, StorageError>;

    /// Removes a program.
    ///
    /// # Errors
    /// [`StorageError::NotFound`], also for a name that no program can have;
    /// [`StorageError::Busy`] while it is executed where it lies, or installed.
    fn remove(&self, name: &str) -> Result<(), StorageError>;
}

/// An installed program, as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installed<'a> {
    /// What it is called by.
    pub name: &'a str,
    /// Bytes of its image.
    pub length: u32,
    /// Whether it is executed where it lies, and takes no memory for its code.
    pub in_place: bool,
}

/// A program from a storage.
#[derive(Debug)]
pub struct Loaded<'a> {
    /// The program.
    pub module: Module,
    /// Keeps the program where it is, if it is executed there. It is dropped only
    /// after the module, its clones and the stores that it has instances in.
    pub lease: Option<Lease<'a>>,
}
