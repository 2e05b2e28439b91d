//! Native functions: from a row of the firmware's table to a function of a store.

use core::ffi::c_void;

use thimble::{AsContextMut, Caller, Error, Func, Store, Val};

use crate::abi::{self, MAX_VALUES, NativeFunction, Value};
use crate::arguments::text;
use crate::error::returned;
use crate::instance::{Data, Instance};
use crate::signature::Signature;

/// A native function for the guest of an instance.
struct Native {
    function: NativeFunction,
    context: *mut c_void,
    instance: *const Instance,
}

// SAFETY: a native function is called on the thread that uses the instance, with which
// it goes from one thread to another; the context goes with it by the header.
unsafe impl Send for Native {}
// SAFETY: as above.
unsafe impl Sync for Native {}

/// A row that was checked when the instance was made, so all of it is there.
fn is(native: &abi::Native, module: &str, name: &str) -> bool {
    // SAFETY: the header lets the texts stay until the instance is destroyed.
    let (own_module, own_name) = unsafe { (text(native.module), text(native.name)) };
    own_name.is_ok_and(|own| own == name) && own_module.is_ok_and(|own| own == module)
}

/// The native function of these names, as one of the store, if there is one.
pub(crate) fn find(
    instance: &Instance,
    store: &mut Store<Data>,
    module: &str,
    name: &str,
) -> Result<Option<Func>, Error> {
    let mut natives = instance.natives.iter();
    let Some(native) = natives.find(|native| is(native, module, name)) else {
        return Ok(None);
    };
    // SAFETY: as in `is`.
    let signature = unsafe { text(native.signature) }.and_then(Signature::parse);
    let (Ok(signature), Some(function)) = (signature, native.function) else {
        return Err(Error::Usage("the table of native functions has changed"));
    };
    let native = Native {
        function,
        context: native.context,
        instance,
    };
    let function = Func::new(
        store,
        signature.params(),
        signature.results(),
        move |caller, arguments, results| native.call(caller, arguments, results),
    );
    function.map(Some)
}

impl Native {
    fn call(
        &self,
        mut caller: Caller<'_, Data>,
        arguments: &[Val],
        results: &mut [Val],
    ) -> Result<(), Error> {
        // SAFETY: the instance lives as long as its store, which calls this.
        let instance = unsafe { &*self.instance };
        if instance.memory.get().is_none() {
            instance.memory.set(caller.memory());
        }
        let mut given = [Value { i64: 0 }; MAX_VALUES];
        for (place, argument) in given.iter_mut().zip(arguments) {
            *place = to_c(argument);
        }
        let mut got = [Value { i64: 0 }; MAX_VALUES];
        let status = instance.lend(caller.store_mut(), || {
            // SAFETY: by the header the function can be called with its context; the
            // values are as many as it can have.
            unsafe {
                (self.function)(
                    self.instance.cast_mut(),
                    self.context,
                    given.as_ptr(),
                    got.as_mut_ptr(),
                )
            }
        });
        returned(status)?;
        // A run that the function made may have taken notice of the stop.
        instance.check_stopped()?;
        for (result, value) in results.iter_mut().zip(&got) {
            *result = from_c(result, value);
        }
        Ok(())
    }
}

/// A value for C.
pub(crate) fn to_c(value: &Val) -> Value {
    // The other bytes are 0, not left over from anything.
    let mut union = Value { i64: 0 };
    match *value {
        Val::I32(value) => union.i32 = value,
        Val::I64(value) => union.i64 = value,
        Val::F32(bits) => union.f32 = bits,
        Val::F64(bits) => union.f64 = bits,
        // No signature has one.
        Val::FuncRef(_) | Val::ExternRef(_) => {}
    }
    union
}

/// The value from C that has the type of `like`.
pub(crate) fn from_c(like: &Val, value: &Value) -> Val {
    // SAFETY: by the header the member of that type was set; whatever its bytes are,
    // they are a number.
    unsafe {
        match like {
            Val::I64(_) => Val::I64(value.i64),
            Val::F32(_) => Val::F32(value.f32),
            Val::F64(_) => Val::F64(value.f64),
            _ => Val::I32(value.i32),
        }
    }
}
