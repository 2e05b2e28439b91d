//! From WebAssembly to an image, as the module streams in.
//!
//! One pass: each operator is translated when the validator has accepted it,
//! and each function's code goes to the image when the function ends. What is
//! kept meanwhile is the current function's code, 16 bytes a function, and the
//! names of imports and exports.

mod access;
mod branches;
mod bulk;
mod calls;
mod code;
mod condition;
mod control;
mod emit;
mod function;
mod labels;
mod module;
mod numeric;
mod operators;
mod stack;
mod tables;

pub use module::{Config, translate, translate_into};
