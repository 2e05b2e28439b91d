//! The ways in which a module comes to execution.

use thimble::Dispatch;

/// Where the image comes from, and what executes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// How the way is called in messages.
    pub name: &'static str,
    /// Whether the module is written to an image, which is then loaded back
    /// through the verifier.
    pub image: bool,
    /// The dispatcher.
    pub dispatch: Dispatch,
}

/// Every combination.
pub const WAYS: &[Way] = &[
    Way {
        name: "memory, tail",
        image: false,
        dispatch: Dispatch::Tail,
    },
    Way {
        name: "memory, loop",
        image: false,
        dispatch: Dispatch::Loop,
    },
    Way {
        name: "image, tail",
        image: true,
        dispatch: Dispatch::Tail,
    },
    Way {
        name: "image, loop",
        image: true,
        dispatch: Dispatch::Loop,
    },
];
