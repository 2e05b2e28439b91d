//! The structures of `thimble.h`, in its order. Their fields are described there.
#![allow(missing_docs, reason = "the header describes them")]

use core::ffi::{c_char, c_void};

use thimble::Func;

use crate::instance::Instance;

/// `THIMBLE_MODULE_STAYS`.
pub const MODULE_STAYS: u32 = 1;

/// `THIMBLE_MODULE_TRUSTED`.
pub const MODULE_TRUSTED: u32 = 2;

/// `THIMBLE_MAX_VALUES`.
pub const MAX_VALUES: usize = 16;

/// `THIMBLE_UNBOUNDED`.
pub const UNBOUNDED: u64 = u64::MAX;

/// `struct thimble_error`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Error {
    pub status: i32,
    pub message_length: u32,
    pub message: *const u8,
    pub subject: [u8; 40],
}

/// `union thimble_value`; floating-point numbers as their bits.
#[derive(Clone, Copy)]
#[repr(C)]
#[allow(missing_debug_implementations, reason = "it does not say which it is")]
pub union Value {
    pub i32: i32,
    pub i64: i64,
    pub f32: u32,
    pub f64: u64,
}

/// `thimble_native_function`.
pub type NativeFunction = unsafe extern "C" fn(
    instance: *mut Instance,
    context: *mut c_void,
    arguments: *const Value,
    results: *mut Value,
) -> i32;

/// `struct thimble_native`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Native {
    pub module: *const c_char,
    pub name: *const c_char,
    pub signature: *const c_char,
    pub function: Option<NativeFunction>,
    pub context: *mut c_void,
}

/// `struct thimble_instance_options`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct InstanceOptions {
    pub natives: *const Native,
    pub native_count: usize,
    pub memory: u64,
    pub fuel: u64,
    pub stack_cells: u32,
}

/// `struct thimble_directory`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Directory {
    pub path: *const c_char,
    pub name: *const c_char,
    pub read_only: u8,
}

/// `struct thimble_input`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Input {
    pub read: Option<
        unsafe extern "C" fn(context: *mut c_void, buffer: *mut c_void, length: usize) -> i32,
    >,
    pub context: *mut c_void,
}

/// `struct thimble_output`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Output {
    pub write: Option<
        unsafe extern "C" fn(context: *mut c_void, bytes: *const c_void, length: usize) -> i32,
    >,
    pub context: *mut c_void,
}

/// `struct thimble_wasi_options`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct WasiOptions {
    pub arguments: *const *const c_char,
    pub argument_count: usize,
    pub variables: *const *const c_char,
    pub variable_count: usize,
    pub directories: *const Directory,
    pub directory_count: usize,
    pub input: *const Input,
    pub output: *const Output,
    pub error: *const Output,
}

/// `struct thimble_function`, which says nothing of what is in it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Function {
    pub opaque: Func,
}

/// `struct thimble_statistics`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Statistics {
    pub memory: usize,
    pub stack: usize,
    pub image: usize,
}

/// `struct thimble_frame`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Frame {
    pub name: *const u8,
    pub name_length: usize,
    pub function: u32,
    pub offset: u32,
}
