//! What the translator keeps in the accumulator, and must not lose.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]
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
        "i32.const 0 ".repeat(16_000),
        "loop end ".repeat(40_000),
    );
    let engine = Engine::new(Config::default());
    let bytes = wat::parse_str(text).unwrap();
    let start = std::time::Instant::now();
    Module::new(&engine, &bytes).unwrap();
    // It takes milliseconds; it took seconds when it was quadratic.
    assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
}

/// A module of functions that do nothing but declare `locals` locals each.
fn module_of_locals(functions: u32, locals: u32) -> Vec<u8> {
    fn leb128(mut number: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        while number >= 0x80 {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    }
    let section =
        |id: u8, content: Vec<u8>| [vec![id], leb128(content.len() as u32), content].concat();
    let body = [vec![1], leb128(locals), vec![0x7f, 0x0b]].concat();
    let body = [leb128(body.len() as u32), body].concat();
    let code = [leb128(functions), body.repeat(functions as usize)].concat();
    let functions = [leb128(functions), vec![0; functions as usize]].concat();
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, vec![1, 0x60, 0, 0]),
        section(3, functions),
        section(10, code),
    ]
    .concat()
}

#[test]
fn locals_of_all_functions_together_are_bounded() {
    let engine = Engine::default();
    assert!(Module::new(&engine, &module_of_locals(100, 16_000)).is_ok());
    let begun = std::time::Instant::now();
    let refused = Module::new(&engine, &module_of_locals(100_000, 16_000));
    let Err(thimble::Error::Module(error)) = refused else {
        panic!("sixteen hundred million locals were accepted");
    };
    assert_eq!(error.message(), "too many locals");
    assert!(begun.elapsed() < std::time::Duration::from_secs(60));
}

#[test]
fn targets_with_the_same_label_share_the_move_of_their_values() {
    let table = |targets: usize| {
        let text = format!(
            "(module (func (export \"f\") (param i32) (result i32)
                (block $out (result i32)
                    (i64.const 7) (i32.const 41) (local.get 0)
                    (br_table {} $out)) (i32.const 1) (i32.add)))",
            "$out ".repeat(targets)
        );
        let engine = Engine::default();
        let module = Module::new(&engine, &wat::parse_str(text).unwrap()).unwrap();
        let mut store = Store::new(&engine, ()).unwrap();
        let instance = thimble::Linker::new(&engine)
            .instantiate(&mut store, &module)
            .unwrap();
        let f = instance.get_typed_func::<i32, i32>(&store, "f").unwrap();
        for index in [0, 1, targets as i32, -1] {
            assert_eq!(f.call(&mut store, index), Ok(42));
        }
        module.as_image().code_units()
    };
    // A target takes its distance of two units, and no more.
    assert_eq!(table(1_000) - table(10), 990 * 2);
}
