//! A person at a shell, behind the functions of `struct thimble_session`.

use thimble_device::Streams;
use thimble_device::command::Session;
use thimble_platform::{Error, Stream};

use crate::abi;

/// A session for the duration of one command.
pub(crate) struct CSession<'a>(pub(crate) &'a abi::Session);

impl Session for CSession<'_> {
    fn write(&mut self, text: &str) {
        // SAFETY: the text can be read; whoever made the session promised that its
        // functions can be called with its context.
        unsafe { (self.0.write)(self.0.context, text.as_ptr(), text.len()) }
    }

    fn open_streams(&mut self, foreground: bool) -> Result<Streams, Error> {
        let mut streams = [0; 3];
        // SAFETY: the streams can be written, and as above.
        let status =
            unsafe { (self.0.open_streams)(self.0.context, foreground.into(), &raw mut streams) };
        thimble_platform_ffi::check(status)?;
        let [input, output, error] = streams.map(Stream::from_raw);
        Ok(Streams {
            input: foreground.then_some(input),
            output,
            error,
        })
    }

    fn interrupted(&mut self) -> bool {
        // SAFETY: as above.
        unsafe { (self.0.interrupted)(self.0.context) != 0 }
    }
}
