//! What a program has of WASI.

use thimble::Error;
use thimble::Linker;
use thimble::wasi::{self, Empty, Errno, Rights, WasiContext, WasiContextBuilder};
use thimble_device::Settings;
use thimble_platform::Platform;

use crate::abi;
use crate::arguments::{slice, text};
use crate::error::{Failure, Kind};
use crate::instance::{Data, Wake, Wasi};
use crate::module::boxed;
use crate::stream::{Input, Output};

/// Defines WASI. Only programs are linked with it, and these have a context.
fn define(linker: &mut Linker<Data>) -> Result<(), Error> {
    wasi::add_to_linker(linker, |data: &mut Data| match &mut data.wasi {
        Some(context) => context,
        None => unreachable!(),
    })
}

fn refused(errno: Errno) -> Failure {
    match errno {
        Errno::Nomem => Failure::new(Kind::OutOfMemory, "out of memory"),
        Errno::Inval => Failure::new(Kind::InvalidArgument, "not an argument or a variable"),
        Errno::Toobig => Failure::new(Kind::InvalidArgument, "the arguments are too long"),
        Errno::Mfile => Failure::new(Kind::Limit, "more descriptors than a program may have"),
        Errno::Nosys => Failure::new(Kind::NotSupported, "this firmware has no arguments"),
        Errno::Notsup => Failure::new(Kind::NotSupported, "this firmware has no files"),
        other => Failure::new(Kind::System, other.name()),
    }
}

/// Makes what a program has of WASI.
///
/// # Safety
///
/// The options are as the header says.
pub(crate) unsafe fn wasi(
    platform: &'static dyn Platform,
    settings: &Settings,
    options: Option<&abi::WasiOptions>,
) -> Result<Wasi, Failure> {
    let wake = Wake::new(platform)?;
    let mut builder = WasiContext::builder(platform)
        .wake(wake.handle())
        .maximum_descriptors(settings.descriptors)
        .transfer_size(settings.transfer)
        .standard_input(boxed(Empty)?);
    #[cfg(feature = "console-lines")]
    {
        builder = lines(builder, platform)?;
    }
    if let Some(options) = options {
        // SAFETY: by this function's own condition.
        unsafe {
            builder = strings(builder, options)?;
            builder = streams(builder, options)?;
            builder = directories(builder, platform, options)?;
        }
    }
    Ok(Wasi {
        context: builder.build().map_err(refused)?,
        wake,
        define,
    })
}

/// Adds arguments and environment.
///
/// # Safety
///
/// The options are as the header says.
unsafe fn strings(
    mut builder: WasiContextBuilder,
    options: &abi::WasiOptions,
) -> Result<WasiContextBuilder, Failure> {
    // SAFETY: by this function's own condition.
    unsafe {
        for argument in slice(options.arguments, options.argument_count)? {
            builder = builder.argument(text(*argument)?).map_err(refused)?;
        }
        for variable in slice(options.variables, options.variable_count)? {
            let variable = text(*variable)?;
            let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
            builder = builder.variable(name, value).map_err(refused)?;
        }
    }
    Ok(builder)
}

/// Lets a program write whole lines to a console that wants them.
#[cfg(feature = "console-lines")]
fn lines(
    builder: WasiContextBuilder,
    platform: &'static dyn Platform,
) -> Result<WasiContextBuilder, Failure> {
    use crate::lines::Lines;
    use thimble_platform::Stream;

    let most = thimble_device_ffi::console_line();
    if most == 0 {
        return Ok(builder);
    }
    let output = boxed(Lines::new(platform, Stream::OUTPUT, most)?)?;
    let error = boxed(Lines::new(platform, Stream::ERROR, most)?)?;
    Ok(builder.standard_output(output).standard_error(error))
}

/// Adds the streams that are not those of the console.
///
/// # Safety
///
/// The options are as the header says.
unsafe fn streams(
    mut builder: WasiContextBuilder,
    options: &abi::WasiOptions,
) -> Result<WasiContextBuilder, Failure> {
    // SAFETY: by this function's own condition.
    unsafe {
        if let Some(input) = options.input.as_ref() {
            builder = builder.standard_input(boxed(Input(*input))?);
        }
        if let Some(output) = options.output.as_ref() {
            builder = builder.standard_output(boxed(Output(*output))?);
        }
        if let Some(error) = options.error.as_ref() {
            builder = builder.standard_error(boxed(Output(*error))?);
        }
    }
    Ok(builder)
}

/// Adds directories.
///
/// # Safety
///
/// The options are as the header says.
unsafe fn directories(
    mut builder: WasiContextBuilder,
    platform: &'static dyn Platform,
    options: &abi::WasiOptions,
) -> Result<WasiContextBuilder, Failure> {
    // SAFETY: by this function's own condition.
    let directories = unsafe { slice(options.directories, options.directory_count) }?;
    for directory in directories {
        // SAFETY: likewise.
        let (path, name) = unsafe { (text(directory.path)?, text(directory.name)?) };
        let files = platform.files().ok_or(Errno::Notsup).map_err(refused)?;
        let handle = files.open_root(path)?;
        let rights = match directory.read_only {
            0 => Rights::ALL,
            _ => Rights::READ_ONLY,
        };
        let added = builder.directory_handle(handle, name, rights);
        builder = added.map_err(refused)?;
    }
    Ok(builder)
}
