//! Handles of one store used with another: an error, whatever their numbers.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use thimble::{
    AsContextMut, Caller, Config, Engine, Error, Extern, ExternRef, Func, Global, Instance, Linker,
    Memory, MemoryType, Module, Store, Table, TableType, Val, ValueType, WasmType,
};

const TEXT: &str = r#"(module
    (table (export "table") 4 funcref)
    (memory (export "memory") 1)
    (global (export "number") (mut i32) (i32.const 77))
    (global (export "reference") (mut funcref) (ref.null func))
    (func (export "one") (result i32) i32.const 1)
    (func (export "take") (param funcref) (result i32)
        (table.set (i32.const 0) (local.get 0))
        (call_indirect (result i32) (i32.const 0))))"#;

/// The same numbers, other types.
const OTHER: &str = r#"(module
    (table (export "table") 4 funcref)
    (memory (export "memory") 1)
    (global (export "reference") (mut funcref) (ref.null func))
    (global (export "number") (mut i32) (i32.const 77))
    (func (export "one") (result funcref) ref.null func)
    (func (export "take") (param i32) (result i32) local.get 0))"#;

struct Side {
    store: Store<()>,
    instance: Instance,
}

fn side(engine: &Engine, text: &str) -> Side {
    let mut store = Store::new(engine, ()).unwrap();
    let module = Module::new(engine, &wat::parse_str(text).unwrap()).unwrap();
    let instance = Linker::new(engine)
        .instantiate(&mut store, &module)
        .unwrap();
    Side { store, instance }
}

fn usage<T: core::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Usage(_))), "{result:?}");
}

#[test]
fn a_function_is_called_in_its_own_store_only() {
    let engine = Engine::new(Config::default());
    let mut a = side(&engine, TEXT);
    let mut b = side(&engine, OTHER);
    let one = a.instance.get_func(&a.store, "one").unwrap();
    let typed = one.typed::<(), i32>(&a.store).unwrap();
    assert_eq!(typed.call(&mut a.store, ()), Ok(1));
    usage(typed.call(&mut b.store, ()));
    usage(typed.call_resumable(&mut b.store, ()));
    usage(one.call(&mut b.store, &[], &mut [Val::I32(0)]));
    usage(one.typed::<(), Option<Func>>(&b.store));
    assert!(one.ty(&b.store).is_err());
}

#[test]
fn a_reference_enters_its_own_store_only() {
    let engine = Engine::new(Config::default());
    let mut a = side(&engine, TEXT);
    let b = side(&engine, OTHER);
    let foreign = b.instance.get_func(&b.store, "take").unwrap();
    let value = Val::FuncRef(Some(foreign));
    let take = a.instance.get_func(&a.store, "take").unwrap();
    usage(take.call(&mut a.store, &[value], &mut [Val::I32(0)]));
    let take = take.typed::<Option<Func>, i32>(&a.store).unwrap();
    usage(take.call(&mut a.store, Some(foreign)));
    let table = a.instance.get_table(&a.store, "table").unwrap();
    usage(table.set(&mut a.store, 0, value));
    usage(table.grow(&mut a.store, 1, value));
    let ty = TableType {
        element: ValueType::FuncRef,
        minimum: 1,
        maximum: None,
    };
    usage(Table::new(&mut a.store, ty, value));
    usage(Global::new(&mut a.store, value, true));
    let global = a.instance.get_global(&a.store, "reference").unwrap();
    usage(global.set(&mut a.store, value));
    // The store's own functions come and go.
    let one = a.instance.get_func(&a.store, "one").unwrap();
    assert_eq!(take.call(&mut a.store, Some(one)), Ok(1));
    assert_eq!(table.get(&a.store, 0), Ok(Val::FuncRef(Some(one))));
}

#[test]
fn a_host_function_returns_functions_of_the_caller_s_store_only() {
    let engine = Engine::new(Config::default());
    let b = side(&engine, OTHER);
    let foreign = b.instance.get_func(&b.store, "take").unwrap();
    let text = r#"(module
        (import "env" "make" (func $make (result funcref)))
        (func (export "run") (result funcref) call $make))"#;
    let module = Module::new(&engine, &wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine, ()).unwrap();
    let typed = Func::wrap(&mut store, move || Some(foreign)).unwrap();
    let dynamic = Func::new(
        &mut store,
        &[],
        &[ValueType::FuncRef],
        move |_: Caller<'_, ()>, _, results| {
            for result in results {
                *result = Val::FuncRef(Some(foreign));
            }
            Ok(())
        },
    )
    .unwrap();
    for make in [typed, dynamic] {
        let instance = Instance::new(&mut store, &module, &[make.into()]).unwrap();
        let run = instance
            .get_typed_func::<(), Option<Func>>(&store, "run")
            .unwrap();
        usage(run.call(&mut store, ()));
    }
}

#[test]
fn a_reference_made_of_bits_is_no_function() {
    let engine = Engine::new(Config::default());
    let mut a = side(&engine, TEXT);
    let one = a.instance.get_func(&a.store, "one").unwrap();
    let take = a
        .instance
        .get_typed_func::<Option<Func>, i32>(&a.store, "take")
        .unwrap();
    let bits = Some(one).to_bits();
    for wrong in [1 << 19, 1 << 30, 100] {
        let forged = <Option<Func> as WasmType>::from_bits(bits + wrong);
        usage(take.call(&mut a.store, forged));
    }
}

#[test]
fn items_are_imported_and_used_in_their_own_store_only() {
    let engine = Engine::new(Config::default());
    let mut a = side(&engine, TEXT);
    let mut b = side(&engine, OTHER);
    let get = |name| a.instance.get_export(&a.store, name).unwrap();
    let number = get("number").into_global().unwrap();
    let memory = get("memory").into_memory().unwrap();
    let table = get("table").into_table().unwrap();
    // The cell of that number is the one of a reference there.
    usage(number.set(&mut b.store, Val::I32(1)));
    usage(number.get(&mut b.store));
    usage(memory.ty(&b.store));
    usage(memory.grow(&mut b.store, 1));
    assert!(memory.data(&b.store).is_empty());
    assert!(memory.data_mut(&mut b.store).is_empty());
    usage(table.ty(&b.store));
    usage(table.get(&b.store, 0));
    usage(table.set(&mut b.store, 0, Val::FuncRef(None)));
    usage(table.grow(&mut b.store, 1, Val::FuncRef(None)));
    assert!(a.instance.get_export(&b.store, "one").is_none());
    assert_eq!(a.instance.exports(&b.store).count(), 0);
    for (import, item) in [
        ("(global (mut i32))", Extern::from(number)),
        ("(memory 1)", memory.into()),
        ("(table 1 funcref)", table.into()),
        ("(func (result i32))", get("one")),
    ] {
        let text = format!(r#"(module (import "" "" {import}))"#);
        let module = Module::new(&engine, &wat::parse_str(&text).unwrap()).unwrap();
        let refused = Instance::new(&mut b.store, &module, &[item]);
        assert_eq!(refused, Err(Error::IncompatibleImport { index: 0 }));
        Instance::new(&mut a.store, &module, &[item]).unwrap();
    }
}

#[test]
fn a_host_function_cannot_exchange_the_store_of_a_run() {
    let engine = Engine::new(Config::default());
    let mut linker = Linker::new(&engine);
    let other = engine.clone();
    linker
        .func("env", "exchange", move |mut caller: Caller<'_, ()>| {
            let mut fresh = Store::new(&other, ()).unwrap();
            core::mem::swap(caller.store_mut(), &mut fresh);
        })
        .unwrap();
    let text = r#"(module
        (import "env" "exchange" (func $exchange))
        (func (export "run") (result i32) call $exchange i32.const 1))"#;
    let module = Module::new(&engine, &wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine, ()).unwrap();
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let run = instance.get_typed_func::<(), i32>(&store, "run").unwrap();
    usage(run.call(&mut store, ()));
}

#[test]
fn a_memory_of_no_possible_type_is_refused() {
    let engine = Engine::new(Config::default());
    let mut store = Store::new(&engine, ()).unwrap();
    for (page_size_log2, minimum, maximum) in [(40, 0, None), (12, 1, None), (16, 2, Some(1))] {
        let ty = MemoryType {
            page_size_log2,
            minimum,
            maximum,
        };
        assert!(Memory::new(&mut store, ty).is_err());
    }
    assert_eq!(ExternRef::new(3).number(), 3);
}

#[test]
fn an_instance_that_could_not_be_made_leaves_no_memory() {
    let limits = thimble::Limits {
        memory_bytes: 1 << 16,
        ..thimble::Limits::default()
    };
    let engine = Engine::new(Config::default().limits(limits));
    let mut store = Store::new(&engine, ()).unwrap();
    let parse = |text| Module::new(&engine, &wat::parse_str(text).unwrap()).unwrap();
    let too_large = parse("(module (memory 1) (memory 2))");
    let refused = Instance::new(&mut store, &too_large, &[]);
    assert_eq!(refused, Err(Error::OutOfMemory));
    // Memories are numbered: the next one has the number of the first.
    let one = parse(r#"(module (memory (export "memory") 1))"#);
    let mut fresh = Store::new(&engine, ()).unwrap();
    let expected = format!("{:?}", Memory::new(&mut fresh, ONE_PAGE).unwrap());
    let instance = Instance::new(&mut store, &one, &[]).unwrap();
    let memory = instance.get_memory(&store, "memory").unwrap();
    let index = |text: &str| text.split(',').next().unwrap().to_owned();
    assert_eq!(index(&format!("{memory:?}")), index(&expected));
}

const ONE_PAGE: MemoryType = MemoryType {
    page_size_log2: 16,
    minimum: 1,
    maximum: None,
};
