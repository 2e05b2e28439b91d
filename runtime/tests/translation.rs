//! What the translator keeps in the accumulator, and must not lose.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]

use thimble::{Config, Engine, Instance, Module, Store, Val};

fn run(text: &str, arguments: &[i32]) -> Vec<Val> {
    let engine = Engine::new(Config::default());
    let module = Module::new(&engine, &wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine, ()).unwrap();
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let function = instance.get_func(&store, "run").unwrap();
    let arguments: Vec<_> = arguments.iter().map(|&number| Val::I32(number)).collect();
    let count = function.ty(&store).unwrap().results().len();
    let mut results = vec![Val::I32(0); count];
    function.call(&mut store, &arguments, &mut results).unwrap();
    results
}

#[test]
fn a_value_below_those_of_a_branch_not_taken_is_kept() {
    let text = r#"(module (func (export "run") (param i32 i32) (result i32)
        (block (result i32)
            (i32.add (local.get 0) (i32.const 100))
            (local.get 0)
            (br_if 0 (local.get 1))
            (i32.add))))"#;
    assert_eq!(run(text, &[5, 1]), [Val::I32(5)]);
    assert_eq!(run(text, &[5, 0]), [Val::I32(110)]);
}

#[test]
fn a_value_below_a_far_branch_not_taken_is_kept() {
    // The loop is too long for a short branch.
    let text = format!(
        r#"(module (func (export "run") (param i32 i32) (result i32) (local i32)
            (loop
                {}
                (i32.add (local.get 0) (i32.const 100))
                (br_if 0 (local.get 1))
                (local.set 2))
            (local.get 2)))"#,
        "(local.set 2 (i32.mul (local.get 0) (local.get 0)))".repeat(10_000),
    );
    assert_eq!(run(&text, &[5, 0]), [Val::I32(105)]);
}

#[test]
fn labels_above_a_reference_take_time_in_proportion() {
    // A reference, many numbers, many labels: listing the references at each
    // label must not look at each number.
    let text = format!(
        "(module (func ref.null func {} {} unreachable))",
        "i32.const 0 ".repeat(40_000),
        "loop end ".repeat(40_000),
    );
    let engine = Engine::new(Config::default());
    let bytes = wat::parse_str(text).unwrap();
    let start = std::time::Instant::now();
    Module::new(&engine, &bytes).unwrap();
    // It takes milliseconds; it took seconds when it was quadratic.
    assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
}
