//! Errors as numbers: minus (kind + 256 × detail).

use thimble::code::image::ImageError;
use thimble::fallible::OutOfMemory;
use thimble::wasm::ErrorKind as ModuleError;
use thimble::{Error as ProgramError, Trap};
use thimble_device::load::LoadError;
use thimble_device::{StartError, StorageError};
use thimble_platform::{Error as SystemError, ErrorKind as SystemKind};

use crate::abi;

macro_rules! kinds {
    ($($name:ident = $number:literal;)*) => {
        /// `enum thimble_kind`, which describes them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the header describes them")]
        pub enum Kind { $($name = $number,)* }

        impl Kind {
            /// Every kind, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            const fn from_number(number: u8) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    InvalidArgument = 1;
    OutOfMemory = 2;
    NotFound = 3;
    InvalidModule = 4;
    InvalidImage = 5;
    WrongVersion = 6;
    NotSupported = 7;
    MissingImport = 8;
    IncompatibleImport = 9;
    WrongType = 10;
    Trap = 11;
    Stopped = 12;
    OutOfFuel = 13;
    Exit = 14;
    Native = 15;
    Limit = 16;
    OutOfBounds = 17;
    Busy = 18;
    System = 19;
}

/// The greatest detail that a status holds.
const MOST: u32 = 0x7f_ffff;

/// The traps that a native function may ask for, by their numbers from 1.
const TRAPS: [Trap; 10] = [
    Trap::Unreachable,
    Trap::MemoryOutOfBounds,
    Trap::TableOutOfBounds,
    Trap::UndefinedElement,
    Trap::UninitializedElement,
    Trap::IndirectCallTypeMismatch,
    Trap::IntegerDivideByZero,
    Trap::IntegerOverflow,
    Trap::InvalidConversionToInteger,
    Trap::StackOverflow,
];

/// The kind and the detail of a status below 0.
pub(crate) fn parts(status: i32) -> (Option<Kind>, u32) {
    let number = status.unsigned_abs();
    (Kind::from_number(number as u8), number >> 8)
}

/// Why a call failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    kind: Kind,
    detail: u32,
    message: &'static str,
}

impl Failure {
    pub(crate) const fn new(kind: Kind, message: &'static str) -> Self {
        Self {
            kind,
            detail: 0,
            message,
        }
    }

    /// With a detail; what is too large, or negative, is as large as can be.
    fn detail(self, detail: impl TryInto<u32>) -> Self {
        let detail = detail.try_into().map_or(MOST, |detail| detail.min(MOST));
        Self { detail, ..self }
    }

    pub(crate) const fn status(self) -> i32 {
        // Below 2³¹, by the bound of the detail.
        -((self.kind as i32) | (self.detail << 8) as i32)
    }

    /// The number of the import that it is about.
    pub(crate) const fn import(self) -> Option<u32> {
        match self.kind {
            Kind::MissingImport | Kind::IncompatibleImport => Some(self.detail),
            _ => None,
        }
    }

    /// All that there is to say, about what has a name of these parts.
    pub(crate) fn about(self, name: &[&str]) -> abi::Error {
        let mut subject = [0; 40];
        let letters = name.iter().flat_map(|part| part.bytes());
        // The last byte stays 0, and no character is cut.
        let room = subject.len().saturating_sub(1);
        let mut length = 0;
        for (place, letter) in subject.iter_mut().zip(letters).take(room) {
            *place = letter;
            length += 1;
        }
        let text = subject.get(..length).unwrap_or_default();
        let whole = text
            .utf8_chunks()
            .next()
            .map_or(0, |chunk| chunk.valid().len());
        for place in subject.iter_mut().skip(whole) {
            *place = 0;
        }
        abi::Error {
            status: self.status(),
            message_length: self.message.len() as u32,
            message: self.message.as_ptr(),
            subject,
        }
    }
}

impl From<OutOfMemory> for Failure {
    fn from(_: OutOfMemory) -> Self {
        Self::new(Kind::OutOfMemory, "out of memory")
    }
}

impl From<Trap> for Failure {
    fn from(trap: Trap) -> Self {
        let kind = match trap {
            Trap::Interrupted => return Self::new(Kind::Stopped, "stopped"),
            Trap::OutOfFuel => Kind::OutOfFuel,
            Trap::OutOfMemory => Kind::OutOfMemory,
            _ => return Self::new(Kind::Trap, trap.message()).detail(trap as u8),
        };
        Self::new(kind, trap.message())
    }
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Self {
        let (kind, message) = match error {
            ImageError::OutOfMemory => return OutOfMemory.into(),
            ImageError::Version { .. } => {
                (Kind::WrongVersion, "the image was made by another version")
            }
            ImageError::Features { .. } => (
                Kind::WrongVersion,
                "the image needs features that are not here",
            ),
            ImageError::Malformed { offset, message } => {
                return Self::new(Kind::InvalidImage, message).detail(offset);
            }
            ImageError::Alignment => (
                Kind::InvalidArgument,
                "the image is not at an address divisible by 4",
            ),
            ImageError::Truncated { .. } => (Kind::InvalidImage, "the image is truncated"),
            ImageError::Magic => (Kind::InvalidImage, "not an image"),
            _ => (Kind::InvalidImage, "the image is damaged"),
        };
        Self::new(kind, message)
    }
}

impl From<ProgramError> for Failure {
    fn from(error: ProgramError) -> Self {
        match error {
            ProgramError::Module(error) => {
                let kind = match error.kind() {
                    ModuleError::Limit => Kind::Limit,
                    _ => Kind::InvalidModule,
                };
                Self::new(kind, error.message()).detail(error.offset())
            }
            ProgramError::Image(error) => error.into(),
            ProgramError::Trap(trap) => trap.into(),
            ProgramError::Exit(status) => {
                Self::new(Kind::Exit, "ended itself, with status").detail(status)
            }
            ProgramError::Host(code) => {
                Self::new(Kind::Native, "a native function failed, with").detail(code)
            }
            ProgramError::UnknownImport { index } => {
                Self::new(Kind::MissingImport, "there is no such import").detail(index)
            }
            ProgramError::IncompatibleImport { index } => {
                Self::new(Kind::IncompatibleImport, "the import has another type").detail(index)
            }
            ProgramError::OutOfMemory => OutOfMemory.into(),
            ProgramError::Limit(what) => Self::new(Kind::Limit, what),
            ProgramError::Usage(what) => Self::new(Kind::InvalidArgument, what),
            _ => Self::new(Kind::NotSupported, "not supported"),
        }
    }
}

impl From<SystemError> for Failure {
    fn from(error: SystemError) -> Self {
        let kind = match error.kind() {
            SystemKind::OutOfMemory => Kind::OutOfMemory,
            SystemKind::NotFound => Kind::NotFound,
            SystemKind::NotSupported => Kind::NotSupported,
            kind => return Self::new(Kind::System, kind.message()).detail(kind as u8),
        };
        Self::new(kind, error.kind().message())
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound | StorageError::Name => NO_PROGRAM,
            StorageError::Busy => Self::new(Kind::Busy, "in use"),
            StorageError::Program(error) => error.into(),
            StorageError::Platform(error) => error.into(),
            _ => SystemError::new(SystemKind::Io).into(),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::OutOfMemory => OutOfMemory.into(),
            StartError::Platform(error) => error.into(),
            _ => NO_PROGRAM,
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::File(error) => error.into(),
            LoadError::Program(error) => error.into(),
            LoadError::Storage(error) => error.into(),
        }
    }
}

const NO_PROGRAM: Failure = Failure::new(Kind::NotFound, "no such program");

/// What a native function returned, as the end of the guest's run or not.
pub(crate) fn returned(status: i32) -> Result<(), ProgramError> {
    let (kind, detail) = match status {
        0 => return Ok(()),
        1.. => return Err(ProgramError::Host(status)),
        _ => parts(status),
    };
    Err(match kind {
        Some(Kind::Trap) => {
            let trap = TRAPS.iter().find(|trap| **trap as u32 == detail);
            ProgramError::Trap(trap.copied().unwrap_or(Trap::Unreachable))
        }
        Some(Kind::Stopped) => ProgramError::interrupted(),
        Some(Kind::OutOfFuel) => ProgramError::Trap(Trap::OutOfFuel),
        Some(Kind::OutOfMemory) => ProgramError::Trap(Trap::OutOfMemory),
        Some(Kind::Exit) => ProgramError::exit(detail as i32),
        Some(Kind::Native) => ProgramError::Host(detail as i32),
        Some(kind) => ProgramError::Host(kind as i32),
        None => ProgramError::Host(status.wrapping_abs()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_dense_and_never_zero() {
        for (index, kind) in Kind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, index + 1);
            assert_eq!(Kind::from_number(*kind as u8), Some(*kind));
        }
        assert_eq!(Kind::from_number(0), None);
    }

    #[test]
    fn a_status_has_a_kind_and_a_detail() {
        let status = Failure::from(ProgramError::Exit(3)).status();
        assert_eq!(status, -(14 + 256 * 3));
        assert_eq!(parts(status), (Some(Kind::Exit), 3));
        let status = Failure::from(ProgramError::Exit(-1)).status();
        assert_eq!(parts(status), (Some(Kind::Exit), MOST));
    }

    #[test]
    fn what_a_native_function_returns_ends_the_run_as_it_says() {
        for trap in TRAPS {
            let error = ProgramError::Trap(trap);
            assert_eq!(returned(Failure::from(error).status()), Err(error));
        }
        for error in [
            ProgramError::Trap(Trap::Interrupted),
            ProgramError::Trap(Trap::OutOfFuel),
            ProgramError::Trap(Trap::OutOfMemory),
            ProgramError::Exit(7),
            ProgramError::Host(5),
        ] {
            assert_eq!(returned(Failure::from(error).status()), Err(error));
        }
        assert_eq!(returned(0), Ok(()));
        assert_eq!(returned(9), Err(ProgramError::Host(9)));
        let bounds = Failure::new(Kind::OutOfBounds, "").status();
        assert_eq!(returned(bounds), Err(ProgramError::Host(17)));
        assert_eq!(returned(i32::MIN), Err(ProgramError::Host(i32::MIN)));
    }

    #[test]
    fn a_subject_is_cut_between_characters() {
        let failure = Failure::new(Kind::NotFound, "");
        let subject = |name: &str| {
            let subject = failure.about(&[name]).subject;
            let end = subject.iter().position(|byte| *byte == 0).unwrap();
            core::str::from_utf8(&subject[..end]).unwrap().len()
        };
        assert_eq!(subject("env.led"), 7);
        assert_eq!(subject("012345678901234567890123456789012345678"), 39);
        assert_eq!(subject("0123456789012345678901234567890123456789"), 39);
        assert_eq!(subject("01234567890123456789012345678901234567ä9"), 38);
    }
}
