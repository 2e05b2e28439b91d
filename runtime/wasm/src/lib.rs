//! WebAssembly as bytes: operators, streaming decoder, validator, types and limits.
//!
//! [`decode`] pulls a module from a [`Source`] in pieces of any size, validates
//! it on the way and reports each item to a [`Visitor`]; it keeps what later
//! items are checked against (the [`Declarations`]) and no copy of the module.
//!
//! Follows the WebAssembly specification 2.0 without vectors, and the proposals
//! extended constant expressions, tail calls, multiple memories and custom page
//! sizes.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod binary;
mod declarations;
mod decoder;
mod error;
pub mod fallible;
mod fault;
mod instruction;
mod limits;
mod opcode;
mod operator;
mod reader;
mod reference;
mod source;
mod stack;
mod types;
mod validator;
mod visitor;

pub use declarations::Declarations;
pub use decoder::{decode, validate};
pub use error::{Error, ErrorKind, Failure};
pub use instruction::{Immediate, Instruction, MemoryArgument};
pub use limits::Limits;
pub use opcode::{ImmediateKind, Opcode, Signature};
pub use source::{Source, SourceError};
pub use types::{
    BlockType, ElementItem, ExpressionKind, ExternalKind, FunctionType, GlobalType, ImportType,
    MemoryType, SegmentMode, TableType, ValueType,
};
pub use visitor::Visitor;
