//! The functions as imports of a guest.

use thimble_vm::{Caller, Error, Linker};

use crate::context::WasiContext;
use crate::errno::Failure;
use crate::functions::{MODULE, Parameter, for_each_function};
use crate::guest::{GuestMemory, GuestPtr};
use crate::types::{Iovec, Subscription};

/// A function with its arguments, ready to be called.
type Call<'a> = &'a mut dyn FnMut(&mut WasiContext, &mut GuestMemory<'_>) -> Result<(), Failure>;

/// Calls a function for the guest of `caller`, and turns its outcome into the guest's: the
/// number of the error, or the end of the guest.
fn call<T>(
    mut caller: Caller<'_, T>,
    context: fn(&mut T) -> &mut WasiContext,
    call: Call<'_>,
) -> Result<i32, Error> {
    let outcome = match caller.memory_and_data_mut() {
        Some((bytes, data)) => call(context(data), &mut GuestMemory::new(bytes)),
        // A guest without memory can still end itself; every address of its is wrong.
        None => call(context(caller.data_mut()), &mut GuestMemory::new(&mut [])),
    };
    match outcome {
        Ok(()) => Ok(0),
        Err(Failure::Errno(errno)) => Ok(errno as i32),
        Err(Failure::Exit(code)) => Err(Error::exit(code.cast_signed())),
        Err(Failure::Interrupted) => Err(Error::interrupted()),
    }
}

macro_rules! define {
    // The one that returns nothing, because it does not return.
    ($linker:ident, $context:ident, proc_exit($parameter:ident: $type:ty)) => {
        $linker.func(MODULE, "proc_exit", move |caller: Caller<'_, T>, $parameter: i32| {
            let $parameter = <$type as Parameter>::from_raw($parameter);
            call(caller, $context, &mut |context, memory| context.proc_exit(memory, $parameter))
                .map(|_| ())
        })
    };
    ($linker:ident, $context:ident, $name:ident($($parameter:ident: $type:ty),*)) => {
        $linker.func(
            MODULE,
            stringify!($name),
            move |caller: Caller<'_, T>, $($parameter: <$type as Parameter>::Raw),*| {
                $(let $parameter = <$type as Parameter>::from_raw($parameter);)*
                call(caller, $context, &mut |context, memory| {
                    context.$name(memory, $($parameter),*)
                })
            },
        )
    };
}

macro_rules! define_all {
    ($($name:ident($($parameter:ident: $type:ty),* $(,)?);)*) => {
        /// Defines all functions of WASI preview1 in `linker`, acting on the context that
        /// `context` finds in the data of a store.
        ///
        /// # Errors
        /// [`Error::OutOfMemory`].
        pub fn add_to_linker<T: 'static>(
            linker: &mut Linker<T>,
            context: fn(&mut T) -> &mut WasiContext,
        ) -> Result<(), Error> {
            $(define!(linker, context, $name($($parameter: $type),*))?;)*
            Ok(())
        }
    };
}

for_each_function!(define_all);
