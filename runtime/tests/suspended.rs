//! What a suspended run may and may not meet before it goes on.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use thimble::{
    Caller, Config, Engine, Error, ExternRef, Func, Instance, Invocation, Linker, Module, Store,
    Trap,
};

fn module(engine: &Engine, text: &str) -> Module {
    let bytes = wat::parse_str(text).unwrap();
    Module::new(engine, &bytes).unwrap()
}

type Wide = (i64, i64, i64, i64, i64, i64, i64);

/// Spins, then returns its parameter.
const SPIN: &str = r#"(module (func (export "spin") (param i32) (result i32) (local i32)
    loop
        local.get 1  i32.const 1  i32.add  local.tee 1
        i32.const 100  i32.lt_u  br_if 0
    end
    local.get 0))"#;

#[test]
fn an_instance_made_meanwhile_does_not_touch_the_frames() {
    let engine = Engine::new(Config::default());
    let mut store = Store::new(&engine, ()).unwrap();
    let linker = Linker::new(&engine);
    let instance = linker
        .instantiate(&mut store, &module(&engine, SPIN))
        .unwrap();
    let spin = instance.get_typed_func::<i32, i32>(&store, "spin").unwrap();
    store.set_fuel(Some(10));
    let Invocation::Suspended(suspension) = spin.call_resumable(&mut store, 7).unwrap() else {
        panic!("not suspended");
    };
    store.set_fuel(None);
    let other = module(&engine, "(module (global i64 (i64.const -1)))");
    linker.instantiate(&mut store, &other).unwrap();
    // Constant expressions run on the same stack: the run is given up for them.
    match suspension.resume(&mut store, ()) {
        Ok(Invocation::Finished(result)) => assert_eq!(result, 7),
        Err(error) => assert!(matches!(error, Error::Usage(_))),
        Ok(Invocation::Suspended(_)) => panic!("suspended again"),
    }
}

#[test]
fn fuel_that_ends_below_a_host_function_ends_the_whole_run() {
    let engine = Engine::new(Config::default());
    let mut store = Store::new(&engine, ()).unwrap();
    let inner = Linker::new(&engine)
        .instantiate(&mut store, &module(&engine, SPIN))
        .unwrap();
    let spin = inner.get_typed_func::<i32, i32>(&store, "spin").unwrap();
    let mut linker = Linker::new(&engine);
    linker
        .func(
            "env",
            "make",
            move |mut caller: Caller<'_, ()>, number: i32| -> Result<Option<Func>, Error> {
                spin.call(&mut caller, number)?;
                Ok(None)
            },
        )
        .unwrap();
    let outer = module(
        &engine,
        r#"(module
            (import "env" "make" (func $make (param i32) (result funcref)))
            (func (export "run") (result funcref) i32.const 5 call $make))"#,
    );
    let outer = linker.instantiate(&mut store, &outer).unwrap();
    let run = outer
        .get_typed_func::<(), Option<Func>>(&store, "run")
        .unwrap();
    store.set_fuel(Some(10));
    // Going on behind the host function would take its argument for its result.
    let error = run.call_resumable(&mut store, ()).unwrap_err();
    assert_eq!(error, Error::Trap(Trap::OutOfFuel));
}

#[test]
fn a_call_that_cannot_begin_does_not_answer_with_an_older_suspension() {
    let limits = thimble::Limits {
        stack_cells: 12,
        ..thimble::Limits::default()
    };
    let engine = Engine::new(Config::default().limits(limits));
    let mut store = Store::new(&engine, ()).unwrap();
    let text = r#"(module (func (export "wide")
        (param i64 i64 i64 i64 i64 i64 i64) (result externref) unreachable))"#;
    let linker = Linker::new(&engine);
    let spinner = linker
        .instantiate(&mut store, &module(&engine, SPIN))
        .unwrap();
    let wide = linker
        .instantiate(&mut store, &module(&engine, text))
        .unwrap();
    let spin = spinner.get_typed_func::<i32, i32>(&store, "spin").unwrap();
    let wide = wide
        .get_typed_func::<Wide, Option<ExternRef>>(&store, "wide")
        .unwrap();
    store.set_fuel(Some(10));
    let Invocation::Suspended(suspension) = spin.call_resumable(&mut store, 7).unwrap() else {
        panic!("not suspended");
    };
    let error = wide
        .call_resumable(&mut store, (1, 2, 3, 4, 5, 6, 7))
        .unwrap_err();
    assert_eq!(error, Error::Trap(Trap::StackOverflow));
    assert!(matches!(
        suspension.resume(&mut store, ()).unwrap_err(),
        Error::Usage(_)
    ));
}

#[test]
fn a_suspension_belongs_to_its_store() {
    let engine = Engine::new(Config::default());
    let linker = Linker::new(&engine);
    let module = module(&engine, SPIN);
    let suspend = |store: &mut Store<()>| {
        let instance: Instance = linker.instantiate(store, &module).unwrap();
        let spin = instance
            .get_typed_func::<i32, i32>(&*store, "spin")
            .unwrap();
        store.set_fuel(Some(10));
        match spin.call_resumable(&mut *store, 7).unwrap() {
            Invocation::Suspended(suspension) => suspension,
            Invocation::Finished(_) => panic!("not suspended"),
        }
    };
    let mut one = Store::new(&engine, ()).unwrap();
    let mut other = Store::new(&engine, ()).unwrap();
    let suspension = suspend(&mut one);
    let _other = suspend(&mut other);
    other.set_fuel(None);
    assert!(matches!(
        suspension.resume(&mut other, ()).unwrap_err(),
        Error::Usage(_)
    ));
}
