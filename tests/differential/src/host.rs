//! The host module that generated modules may import from, in both machines.

use std::sync::LazyLock;

use crate::outcome::{Type, Value};

/// A host function.
#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    pub params: &'static [Type],
    pub results: &'static [Type],
    /// Computes the results.
    pub body: fn(&[Value]) -> Vec<Value>,
}

use Type::{Extern, F32, F64, Func, I32, I64};

/// The host functions. What they compute depends on their arguments only, and
/// not on how this machine's processor treats numbers that are none.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "tick",
        params: &[],
        results: &[],
        body: |_| Vec::new(),
    },
    Function {
        name: "mix",
        params: &[I32, I64],
        results: &[I64],
        body: mix,
    },
    Function {
        name: "float",
        params: &[F32, F64],
        results: &[F64],
        body: float,
    },
    Function {
        name: "pair",
        params: &[I32],
        results: &[I32, F32],
        body: pair,
    },
    Function {
        name: "echo",
        params: &[Extern, Func, I32],
        results: &[Extern],
        body: echo,
    },
    Function {
        name: "drop",
        params: &[I32, I32, I64, F64, F32],
        results: &[],
        body: |_| Vec::new(),
    },
];

fn mix(arguments: &[Value]) -> Vec<Value> {
    let [Value::I32(a), Value::I64(b)] = arguments else {
        panic!("the signature of mix")
    };
    vec![Value::I64(i64::from(*a).wrapping_mul(31).wrapping_add(*b))]
}

fn float(arguments: &[Value]) -> Vec<Value> {
    let [Value::F32(a), Value::F64(b)] = arguments else {
        panic!("the signature of float")
    };
    vec![Value::F64(b.rotate_left(1) ^ u64::from(*a))]
}

fn pair(arguments: &[Value]) -> Vec<Value> {
    let [Value::I32(a)] = arguments else {
        panic!("the signature of pair")
    };
    vec![
        Value::I32(a.wrapping_neg()),
        Value::F32((*a as f32).to_bits()),
    ]
}

fn echo(arguments: &[Value]) -> Vec<Value> {
    let [Value::Extern(a), Value::Func(_), Value::I32(b)] = arguments else {
        panic!("the signature of echo")
    };
    vec![Value::Extern(if *b % 3 == 0 {
        None
    } else {
        a.or(Some(*b as u32 & 0xff))
    })]
}

/// A module that imports everything that the host has.
pub fn module() -> &'static [u8] {
    static MODULE: LazyLock<Vec<u8>> =
        LazyLock::new(|| wat::parse_str(text()).expect("the host's text"));
    &MODULE
}

/// That module in text form.
fn text() -> String {
    let mut text = String::from("(module\n");
    for function in FUNCTIONS {
        let list = |types: &[Type]| {
            types
                .iter()
                .map(|ty| format!(" {}", name(*ty)))
                .collect::<String>()
        };
        text += &format!(
            "(import \"host\" \"{}\" (func (param{}) (result{})))\n",
            function.name,
            list(function.params),
            list(function.results)
        );
    }
    text += r#"
        (import "host" "memory" (memory 1 3))
        (import "host" "pages" (memory 0 2))
        (import "host" "functions" (table 10 20 funcref))
        (import "host" "references" (table 10 20 externref))
        (import "host" "i32" (global (mut i32)))
        (import "host" "i64" (global i64))
        (import "host" "f32" (global (mut f32)))
        (import "host" "f64" (global f64))
        (import "host" "extern" (global (mut externref)))
    )"#;
    text
}

fn name(ty: Type) -> &'static str {
    match ty {
        I32 => "i32",
        I64 => "i64",
        F32 => "f32",
        F64 => "f64",
        Func => "funcref",
        Extern => "externref",
    }
}

/// The host's memories: name, minimum and maximum in pages.
pub const MEMORIES: &[(&str, u32, u32)] = &[("memory", 1, 3), ("pages", 0, 2)];

/// The host's globals: name, whether it can change, value.
pub const GLOBALS: &[(&str, bool, Value)] = &[
    ("i32", true, Value::I32(11)),
    ("i64", false, Value::I64(-5)),
    ("f32", true, Value::F32(0x4048_f5c3)),
    ("f64", false, Value::F64(0x7ff0_0000_0000_0000)),
    ("extern", true, Value::Extern(Some(7))),
];
