//! What a program is given: arguments, environment, directories, sockets.

use std::ffi::OsStr;
use std::path::Path;

use thimble::wasi::{Errno, WasiContext, WasiContextBuilder};
use thimble_platform::{Platform, WakeHandle};

use crate::arguments::RunOptions;
use crate::report::Failure;

/// How many connections wait at most to be accepted.
const BACKLOG: u32 = 128;

/// Makes the context of a program. A call that waits ends when `wake` is set.
pub fn context(
    platform: &'static dyn Platform,
    wake: WakeHandle,
    options: &RunOptions,
) -> Result<WasiContext, Failure> {
    let failed = |what: &str, errno: Errno| Failure::new(format!("{what}: {}", reason(errno)));
    let mut builder = WasiContext::builder(platform).wake(wake);
    for (index, argument) in options.program.iter().enumerate() {
        // By custom a program's first argument is its name, without the way to it.
        let name = Path::new(argument).file_name().filter(|_| index == 0);
        let argument = text(name.unwrap_or(argument))?;
        builder = builder
            .argument(argument)
            .map_err(|errno| failed(argument, errno))?;
    }
    for variable in &options.environment {
        let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
        builder = builder
            .variable(name, value)
            .map_err(|errno| failed(variable, errno))?;
    }
    for directory in &options.directories {
        builder = builder
            .directory(&directory.host, &directory.guest)
            .map_err(|errno| failed(&directory.host, errno))?;
    }
    listeners(builder, platform, options)?
        .build()
        .map_err(|errno| failed("what the program is given", errno))
}

fn listeners(
    mut builder: WasiContextBuilder,
    platform: &'static dyn Platform,
    options: &RunOptions,
) -> Result<WasiContextBuilder, Failure> {
    for address in &options.listeners {
        let failed = |errno: Errno| Failure::new(format!("{address}: {}", reason(errno)));
        let sockets = platform.sockets().ok_or(failed(Errno::Notsup))?;
        let listener = sockets
            .listen(*address, BACKLOG)
            .map_err(|error| failed(error.into()))?;
        builder = builder.listener(listener).map_err(failed)?;
    }
    Ok(builder)
}

/// An argument as WASI can pass it on.
pub fn text(argument: &OsStr) -> Result<&str, Failure> {
    let invalid = || Failure::usage(format!("{}: not valid UTF-8", argument.display()));
    argument.to_str().ok_or_else(invalid)
}

/// What an error number means, for people.
fn reason(errno: Errno) -> &'static str {
    match errno {
        Errno::Noent => "no such file or directory",
        Errno::Notdir => "not a directory",
        Errno::Acces | Errno::Perm => "permission denied",
        Errno::Addrinuse => "the address is in use",
        Errno::Addrnotavail => "the address is not available",
        Errno::Inval => "this cannot be passed to a program",
        Errno::Toobig => "too much to pass to a program",
        Errno::Mfile | Errno::Nfile => "too many open files",
        Errno::Nomem => "out of memory",
        other => other.name(),
    }
}
