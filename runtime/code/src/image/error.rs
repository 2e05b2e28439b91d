//! Why an image is refused.

/// Why an image is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageError {
    /// The bytes do not begin with the magic number of an image.
    Magic,
    /// The image has another format version than this runtime.
    Version {
        /// The version it has.
        found: u16,
    },
    /// The image needs features that this runtime lacks.
    Features {
        /// The bits of the features that are lacking.
        lacking: u32,
    },
    /// The image is shorter than its header says.
    Truncated {
        /// Bytes the header asks for.
        expected: u32,
    },
    /// The header's checksum does not fit the header.
    HeaderChecksum,
    /// The checksum in the header does not fit the content.
    ContentChecksum,
    /// The image does not lie at an address divisible by 4.
    Alignment,
    /// The image is well-formed as a block, but not as a program.
    Malformed {
        /// Offset of what is wrong, in bytes from the start of the image.
        offset: u32,
        /// What is wrong.
        message: &'static str,
    },
    /// There was no memory to verify the image.
    OutOfMemory,
}

impl ImageError {
    /// A fault of the content.
    pub(super) const fn malformed(offset: u32, message: &'static str) -> Self {
        Self::Malformed { offset, message }
    }
}

impl core::fmt::Display for ImageError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Magic => f.write_str("not an image: the magic number is missing"),
            Self::Version { found } => write!(
                f,
                "the image has format version {found}, this runtime reads version {}",
                super::FORMAT_VERSION
            ),
            Self::Features { lacking } => {
                write!(
                    f,
                    "the image needs features this runtime lacks (bits {lacking:#x})"
                )
            }
            Self::Truncated { expected } => {
                write!(f, "the image is truncated: {expected} bytes were expected")
            }
            Self::HeaderChecksum => f.write_str("the image's header is damaged (checksum)"),
            Self::ContentChecksum => f.write_str("the image's content is damaged (checksum)"),
            Self::Alignment => f.write_str("the image is not at an address divisible by 4"),
            Self::Malformed { offset, message } => {
                write!(f, "malformed image at offset {offset:#x}: {message}")
            }
            Self::OutOfMemory => f.write_str("out of memory"),
        }
    }
}

impl core::error::Error for ImageError {}

impl From<thimble_wasm::fallible::OutOfMemory> for ImageError {
    fn from(_: thimble_wasm::fallible::OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}
