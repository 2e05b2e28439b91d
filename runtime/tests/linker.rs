//! Which definition a linker finds, and what an import costs.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test"
)]

use thimble::{
    Caller, Engine, Error, HostFunctionType, HostTable, Instance, Linker, Module, Store, ValueType,
};

/// `env.pair` takes an i32, an i64 and an f64, `env.fail` fails.
struct Table;

impl HostTable<u32> for Table {
    fn find(&self, module: &str, name: &str) -> Option<(u32, HostFunctionType)> {
        const PAIR: HostFunctionType = HostFunctionType {
            params: &[
                ValueType::I32 as u8,
                ValueType::I64 as u8,
                ValueType::F64 as u8,
            ],
            results: &[ValueType::I64 as u8, ValueType::I32 as u8],
        };
        const FAIL: HostFunctionType = HostFunctionType {
            params: &[],
            results: &[],
        };
        match (module, name) {
            ("env", "pair") => Some((3, PAIR)),
            ("env", "fail") => Some((7, FAIL)),
            _ => None,
        }
    }

    fn call(
        &self,
        function: u32,
        mut caller: Caller<'_, u32>,
        arguments: &[u64],
        results: &mut [u64],
    ) -> Result<(), Error> {
        *caller.data_mut() += 1;
        match function {
            3 => {
                let [small, large, float] = *arguments else {
                    panic!("{arguments:?}");
                };
                assert_eq!(small, 0xffff_ffff);
                assert_eq!(f64::from_bits(float), 0.5);
                results.copy_from_slice(&[large + 1, 8]);
                Ok(())
            }
            7 => Err(Error::Host(11)),
            _ => panic!("{function}"),
        }
    }
}

const PAIR: &str = r#"(module
    (import "env" "pair" (func $pair (param i32 i64 f64) (result i64 i32)))
    (memory 1)
    (func (export "run") (result i64) (local i32)
        (call $pair (i32.const -1) (i64.const 0x100000000) (f64.const 0.5))
        (local.set 0)
        (i64.add (i64.extend_i32_u (local.get 0)))))"#;

const TWICE: &str = r#"(module
    (import "env" "twice" (func $twice (param i32) (result i32)))
    (func (export "run") (result i32) (call $twice (i32.const 4))))"#;

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, &wat::parse_str(text).unwrap()).unwrap()
}

fn run<R: thimble::WasmTypes>(store: &mut Store<u32>, instance: Instance) -> Result<R, Error> {
    let run = instance.get_typed_func::<(), R>(&*store, "run")?;
    run.call(store, ())
}

#[test]
fn a_function_of_a_table_gets_arguments_and_gives_results() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, 0).unwrap();
    let mut linker = Linker::new(&engine);
    linker.table(Table).unwrap();
    let pair = linker.instantiate(&mut store, &module(&engine, PAIR));
    assert_eq!(run(&mut store, pair.unwrap()), Ok(0x1_0000_0009_i64));
    let text = r#"(module (import "env" "fail" (func $fail)) (func (export "run") (call $fail)))"#;
    let fail = linker.instantiate(&mut store, &module(&engine, text));
    assert_eq!(run::<()>(&mut store, fail.unwrap()), Err(Error::Host(11)));
    assert_eq!(*store.data(), 2);
}

#[test]
fn an_import_that_no_table_has_or_with_another_type_is_refused() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, 0).unwrap();
    let mut linker = Linker::new(&engine);
    linker.table(Table).unwrap();
    let mut refused = |text| {
        let refused = linker.instantiate(&mut store, &module(&engine, text));
        refused.unwrap_err()
    };
    assert_eq!(refused(TWICE), Error::UnknownImport { index: 0 });
    assert_eq!(
        refused(r#"(module (import "env" "pair" (func (param i32))))"#),
        Error::IncompatibleImport { index: 0 }
    );
}

#[test]
fn the_last_definition_counts() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, 0).unwrap();
    let text = r#"(module (import "env" "fail" (func $fail)) (func (export "run") (call $fail)))"#;
    let module = module(&engine, text);
    let mut result = |linker: &Linker<u32>| {
        let instance = linker.instantiate(&mut store, &module).unwrap();
        run::<()>(&mut store, instance)
    };
    let mut linker = Linker::new(&engine);
    linker
        .func("env", "fail", || Err::<(), _>(Error::Host(1)))
        .unwrap();
    assert_eq!(result(&linker), Err(Error::Host(1)));
    linker
        .func("env", "fail", || Err::<(), _>(Error::Host(2)))
        .unwrap();
    assert_eq!(result(&linker), Err(Error::Host(2)));
    linker.table(Table).unwrap();
    assert_eq!(result(&linker), Err(Error::Host(11)));
    linker
        .func("env", "fail", || Err::<(), _>(Error::Host(3)))
        .unwrap();
    assert_eq!(result(&linker), Err(Error::Host(3)));
}

#[test]
fn instances_share_their_host_functions() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, 0).unwrap();
    let mut linker = Linker::new(&engine);
    linker.table(Table).unwrap();
    linker
        .func("env", "twice", |number: i32| number * 2)
        .unwrap();
    let text = r#"(module
        (import "env" "twice" (func $twice (param i32) (result i32)))
        (import "env" "fail" (func $fail))
        (export "twice" (func $twice))
        (export "fail" (func $fail)))"#;
    let module = module(&engine, text);
    let first = linker.instantiate(&mut store, &module).unwrap();
    let second = linker.instantiate(&mut store, &module).unwrap();
    for name in ["twice", "fail"] {
        let function = first.get_func(&store, name);
        assert!(function.is_some());
        assert_eq!(function, second.get_func(&store, name), "{name}");
    }
}
