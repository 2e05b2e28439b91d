//! What all modules and stores of an embedder have in common.

use crate::execute::Dispatch;
use crate::limits::{Limits, StoreLimits};

/// How modules are translated and executed.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    pub(crate) dispatch: Dispatch,
    pub(crate) limits: Limits,
    pub(crate) translate: thimble_code::Config,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            dispatch: if Dispatch::HAS_TAIL {
                Dispatch::Tail
            } else {
                Dispatch::Loop
            },
            limits: Limits::default(),
            translate: thimble_code::Config::default(),
        }
    }
}

impl Config {
    /// How one operation goes on to the next. [`Dispatch::Tail`] loops where
    /// this build cannot do better ([`Dispatch::HAS_TAIL`]).
    #[must_use]
    pub const fn dispatch(mut self, dispatch: Dispatch) -> Self {
        self.dispatch = dispatch;
        self
    }

    /// What guests may take.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether images tell where in the module their operations stand, for
    /// backtraces. Default: yes.
    #[must_use]
    pub const fn sites(mut self, sites: bool) -> Self {
        self.translate.sites = sites;
        self
    }

    /// Whether images keep the names of functions, for backtraces. Default: yes.
    #[must_use]
    pub const fn names(mut self, names: bool) -> Self {
        self.translate.names = names;
        self
    }
}

/// What stores need of a configuration: each has a copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoreConfig {
    pub dispatch: Dispatch,
    pub limits: StoreLimits,
}

impl Config {
    pub(crate) const fn of_store(&self) -> StoreConfig {
        StoreConfig {
            dispatch: self.dispatch,
            limits: self.limits.of_store(),
        }
    }
}

/// A configuration that modules and stores are made with.
#[derive(Clone, Debug, Default)]
pub struct Engine {
    pub(crate) config: Config,
}

impl Engine {
    /// An engine with this configuration.
    #[must_use]
    pub const fn new(config: Config) -> Self {
        Self { config }
    }

    /// Validates and translates a module as its bytes arrive, and writes the image
    /// to `sink`: to install a module where images are kept. Returns the header of
    /// the image. Needs the feature `translate`.
    ///
    /// # Errors
    /// [`Error::Module`](crate::Error::Module) with the offset of what is wrong, or
    /// for the failure of source or sink;
    /// [`Error::OutOfMemory`](crate::Error::OutOfMemory).
    #[cfg(feature = "translate")]
    pub fn translate(
        &self,
        source: &mut dyn thimble_wasm::Source,
        sink: &mut dyn thimble_code::image::Sink,
    ) -> Result<thimble_code::image::Header, crate::Error> {
        let limits = &self.config.limits.module;
        let header = thimble_code::translate(source, limits, self.config.translate, sink)?;
        Ok(header)
    }

    /// As [`translate`](Self::translate), to memory. Apart, so that little native stack is
    /// in use below.
    #[cfg(feature = "translate")]
    #[inline(never)]
    pub(crate) fn translate_to_buffer(
        &self,
        source: &mut dyn thimble_wasm::Source,
        buffer: &mut thimble_code::image::Buffer,
    ) -> Result<(), crate::Error> {
        let limits = &self.config.limits.module;
        let config = self.config.translate;
        thimble_code::translate_into(source, limits, config, buffer, None)?;
        Ok(())
    }
}
