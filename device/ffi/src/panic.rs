//! What happens after an error in the runtime itself. No guest can bring it about.

use core::panic::PanicInfo;

use crate::abi::thimble_device_fatal;

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    // The message is left out: the code that formats it would be in every firmware.
    let (file, line) = info
        .location()
        .map_or(("", 0), |location| (location.file(), location.line()));
    // SAFETY: the text can be read for as long as the program lives.
    unsafe { thimble_device_fatal(file.as_ptr(), file.len(), line) }
}
