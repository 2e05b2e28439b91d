//! The functions as imports of a guest: a table in flash, of which a guest's imports
//! take memory only.

use thimble_vm::{Caller, Error, HostFunctionType, HostTable, Linker};

use crate::context::WasiContext;
use crate::errno::{Errno, Failure};
use crate::functions::{MODULE, Parameter, ParameterType, for_each_function};
use crate::guest::{GuestMemory, GuestPtr};
use crate::records::{Iovec, Subscription};

/// A function that takes its arguments as the guest passes them, each in 64 bits.
type Shim = fn(&mut WasiContext, &mut GuestMemory<'_>, &[u64]) -> Result<(), Failure>;

/// A function and how it is imported.
struct Row {
    name: &'static str,
    ty: HostFunctionType,
    shim: Shim,
}

/// What a function returns: the number of an error. Only `proc_exit` returns nothing,
/// because it does not return.
const RESULTS: &[u8] = &[ParameterType::I32 as u8];

macro_rules! results {
    (proc_exit) => {
        &[]
    };
    ($name:ident) => {
        RESULTS
    };
}

/// Whether this build lacks a function, because a feature is off. Functions that tell
/// a program that there are no files, as `fd_prestat_get` does, or no arguments, are in
/// every build.
const fn is_left_out(name: &str) -> bool {
    match name.as_bytes() {
        b"clock_res_get" | b"clock_time_get" => !cfg!(feature = "clocks"),
        b"poll_oneoff" => !cfg!(feature = "poll"),
        b"random_get" => !cfg!(feature = "random"),
        [b's', b'o', b'c', b'k', b'_', ..] => !cfg!(feature = "sockets"),
        [b'p', b'a', b't', b'h', b'_', ..]
        | b"fd_advise"
        | b"fd_allocate"
        | b"fd_datasync"
        | b"fd_filestat_set_size"
        | b"fd_filestat_set_times"
        | b"fd_pread"
        | b"fd_pwrite"
        | b"fd_readdir"
        | b"fd_sync" => !cfg!(feature = "files"),
        _ => false,
    }
}

/// Stands for a function that this build lacks.
fn left_out(_: &mut WasiContext, _: &mut GuestMemory<'_>, _: &[u64]) -> Result<(), Failure> {
    Err(Errno::Nosys.into())
}

macro_rules! rows {
    ($($name:ident($($parameter:ident: $type:ty),*);)*) => {
        static ROWS: &[Row] = &[$(Row {
            name: stringify!($name),
            ty: HostFunctionType {
                params: &[$(<$type as Parameter>::TYPE as u8),*],
                results: results!($name),
            },
            shim: if is_left_out(stringify!($name)) {
                left_out
            } else {
                |context, memory, arguments| {
                    let [$($parameter),*] = *arguments else {
                        return Err(Errno::Inval.into());
                    };
                    context.$name(memory, $(<$type as Parameter>::from_bits($parameter)),*)
                }
            },
        }),*];
    };
}

for_each_function!(rows);

/// The functions, for stores whose data lead to a context.
struct Functions<T> {
    context: fn(&mut T) -> &mut WasiContext,
}

impl<T> HostTable<T> for Functions<T> {
    fn find(&self, module: &str, name: &str) -> Option<(u32, HostFunctionType)> {
        if module != MODULE {
            return None;
        }
        let number = ROWS.iter().position(|row| row.name == name)?;
        Some((number as u32, ROWS.get(number)?.ty))
    }

    fn call(
        &self,
        function: u32,
        mut caller: Caller<'_, T>,
        arguments: &[u64],
        results: &mut [u64],
    ) -> Result<(), Error> {
        let row = ROWS.get(function as usize);
        let shim = row.ok_or(Error::Usage("no such function of WASI"))?.shim;
        let outcome = match caller.memory_and_data_mut() {
            Some((bytes, data)) => shim(
                (self.context)(data),
                &mut GuestMemory::new(bytes),
                arguments,
            ),
            // A guest without memory can still end itself; every address of its is wrong.
            None => shim(
                (self.context)(caller.data_mut()),
                &mut GuestMemory::new(&mut []),
                arguments,
            ),
        };
        let errno = match outcome {
            Ok(()) => 0,
            Err(Failure::Errno(errno)) => errno as u64,
            Err(Failure::Exit(code)) => return Err(Error::exit(code.cast_signed())),
            Err(Failure::Interrupted) => return Err(Error::interrupted()),
        };
        results.fill(errno);
        Ok(())
    }
}

/// Defines all functions of WASI preview1 in `linker`, acting on the context that
/// `context` finds in the data of a store.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn add_to_linker<T: 'static>(
    linker: &mut Linker<T>,
    context: fn(&mut T) -> &mut WasiContext,
) -> Result<(), Error> {
    linker.table(Functions { context })?;
    Ok(())
}
