//! The functions as imports of a guest.
//!
//! Small code matters more here than speed: one thin shim for each function, one host
//! function for each signature, however many functions have it.

use thimble_vm::{Caller, Error, Linker};

use crate::context::WasiContext;
use crate::errno::{Errno, Failure};
use crate::functions::{MODULE, Parameter, for_each_function};
use crate::guest::{GuestMemory, GuestPtr};
use crate::records::{Iovec, Subscription};

/// A function that takes its arguments as the guest passes them, each in 64 bits.
type Shim = fn(&mut WasiContext, &mut GuestMemory<'_>, &[i64]) -> Result<(), Failure>;

/// How to find the context in the data of a store.
type Find<T> = fn(&mut T) -> &mut WasiContext;

/// Calls a function for the guest of `caller`, and turns its outcome into the guest's: the
/// number of the error, or the end of the guest.
fn call<T>(
    mut caller: Caller<'_, T>,
    find: Find<T>,
    shim: Shim,
    arguments: &[i64],
) -> Result<i32, Error> {
    let outcome = match caller.memory_and_data_mut() {
        Some((bytes, data)) => shim(find(data), &mut GuestMemory::new(bytes), arguments),
        // A guest without memory can still end itself; every address of its is wrong.
        None => shim(
            find(caller.data_mut()),
            &mut GuestMemory::new(&mut []),
            arguments,
        ),
    };
    match outcome {
        Ok(()) => Ok(0),
        Err(Failure::Errno(errno)) => Ok(errno as i32),
        Err(Failure::Exit(code)) => Err(Error::exit(code.cast_signed())),
        Err(Failure::Interrupted) => Err(Error::interrupted()),
    }
}

/// The parameters of a host function, as a tuple of WebAssembly's types.
trait Signature<T> {
    /// Defines `shim` with these parameters.
    fn define(
        linker: &mut Linker<T>,
        name: &'static str,
        find: Find<T>,
        shim: Shim,
    ) -> Result<(), Error>;
}

macro_rules! signatures {
    ($($($letter:ident)*;)*) => {$(
        impl<T: 'static, $($letter),*> Signature<T> for ($($letter,)*)
        where
            $($letter: thimble_vm::WasmType + Into<i64> + 'static,)*
        {
            #[inline(never)]
            fn define(
                linker: &mut Linker<T>,
                name: &'static str,
                find: Find<T>,
                shim: Shim,
            ) -> Result<(), Error> {
                #[allow(non_snake_case, reason = "a tuple of any length")]
                let function = move |caller: Caller<'_, T>, $($letter: $letter),*| {
                    call(caller, find, shim, &[$($letter.into()),*])
                };
                linker.func(MODULE, name, function)?;
                Ok(())
            }
        }
    )*};
}

signatures! {
    ;
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I;
}

/// Defines `proc_exit`, the one function that returns nothing, because it does not return.
fn define_exit<T: 'static>(linker: &mut Linker<T>, find: Find<T>, shim: Shim) -> Result<(), Error> {
    let function = move |caller: Caller<'_, T>, code: i32| {
        call(caller, find, shim, &[code.into()]).map(|_| ())
    };
    linker.func(MODULE, "proc_exit", function)?;
    Ok(())
}

macro_rules! define {
    ($linker:ident, $find:ident, $shim:ident, proc_exit($($type:ty),*)) => {
        define_exit($linker, $find, $shim)
    };
    ($linker:ident, $find:ident, $shim:ident, $name:ident($($type:ty),*)) => {
        <($(<$type as Parameter>::Raw,)*) as Signature<T>>::define(
            $linker,
            stringify!($name),
            $find,
            $shim,
        )
    };
}

macro_rules! define_all {
    ($($name:ident($($parameter:ident: $type:ty),*);)*) => {
        /// Defines all functions of WASI preview1 in `linker`, acting on the context that
        /// `context` finds in the data of a store.
        ///
        /// # Errors
        /// [`Error::OutOfMemory`].
        pub fn add_to_linker<T: 'static>(
            linker: &mut Linker<T>,
            context: fn(&mut T) -> &mut WasiContext,
        ) -> Result<(), Error> {
            $({
                let shim: Shim = |context, memory, arguments| {
                    let [$($parameter),*] = *arguments else {
                        return Err(Errno::Inval.into());
                    };
                    context.$name(memory, $(<$type as Parameter>::from_bits($parameter)),*)
                };
                define!(linker, context, shim, $name($($type),*))?;
            })*
            Ok(())
        }
    };
}

for_each_function!(define_all);
