//! What the machine does beyond computing: fuel, stops, suspension, calls in
//! both directions and across instances, backtraces, limits. Each with both
//! dispatchers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]
#![allow(clippy::indexing_slicing, reason = "a test")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]

use thimble::{
    Caller, Config, Dispatch, Engine, Error, Extern, Func, Instance, Invocation, Limits, Linker,
    Memory, MemoryType, Module, Store, Trap, Val, ValueType,
};

const DISPATCHERS: [Dispatch; 2] = [Dispatch::Tail, Dispatch::Loop];

fn engine(dispatch: Dispatch) -> Engine {
    Engine::new(Config::default().dispatch(dispatch))
}

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, &wat::parse_str(text).unwrap()).unwrap()
}

const SPIN: &str = r#"(module
    (func (export "spin") (result i32) (local i32)
        loop $again
            local.get 0
            i32.const 1
            i32.add
            local.set 0
            br $again
        end
        unreachable)
    (func (export "count") (param i32) (result i32) (local i32)
        loop $again
            local.get 1
            i32.const 1
            i32.add
            local.tee 1
            local.get 0
            i32.lt_u
            br_if $again
        end
        local.get 1))"#;

#[test]
fn fuel_ends_a_run_and_more_fuel_resumes_it() {
    for dispatch in DISPATCHERS {
        let engine = engine(dispatch);
        let mut store = Store::new(&engine, ()).unwrap();
        let module = module(&engine, SPIN);
        let instance = Linker::new(&engine)
            .instantiate(&mut store, &module)
            .unwrap();
        let count = instance
            .get_typed_func::<i32, i32>(&store, "count")
            .unwrap();
        store.set_fuel(Some(10));
        assert_eq!(
            count.call(&mut store, 100),
            Err(Error::Trap(Trap::OutOfFuel))
        );
        store.set_fuel(Some(98));
        assert_eq!(
            count.call(&mut store, 100),
            Err(Error::Trap(Trap::OutOfFuel))
        );
        store.set_fuel(Some(99));
        assert_eq!(count.call(&mut store, 100), Ok(100), "99 back edges");
        assert_eq!(store.fuel(), Some(0));

        store.set_fuel(Some(10));
        let mut resumed = 0;
        let mut invocation = count.call_resumable(&mut store, 100).unwrap();
        let result = loop {
            match invocation {
                Invocation::Finished(result) => break result,
                Invocation::Suspended(suspension) => {
                    assert_eq!(suspension.reason, Error::Trap(Trap::OutOfFuel));
                    resumed += 1;
                    store.set_fuel(Some(10));
                    invocation = suspension.resume(&mut store, ()).unwrap();
                }
            }
        };
        assert_eq!(result, 100);
        assert!(resumed >= 8, "{resumed}");
        store.set_fuel(None);
        assert_eq!(count.call(&mut store, 1_000), Ok(1_000));
    }
}

#[test]
fn a_suspended_run_is_given_up_by_the_next_call() {
    let engine = engine(Dispatch::Tail);
    let mut store = Store::new(&engine, ()).unwrap();
    let module = module(&engine, SPIN);
    let instance = Linker::new(&engine)
        .instantiate(&mut store, &module)
        .unwrap();
    let count = instance
        .get_typed_func::<i32, i32>(&store, "count")
        .unwrap();
    store.set_fuel(Some(5));
    let Invocation::Suspended(suspension) = count.call_resumable(&mut store, 100).unwrap() else {
        panic!("the fuel was not enough");
    };
    store.set_fuel(None);
    assert_eq!(count.call(&mut store, 3), Ok(3));
    assert!(matches!(
        suspension.resume(&mut store, ()),
        Err(Error::Usage(_))
    ));
}

#[test]
fn another_thread_stops_an_endless_loop() {
    for dispatch in DISPATCHERS {
        let engine = engine(dispatch);
        let mut store = Store::new(&engine, ()).unwrap();
        let module = module(&engine, SPIN);
        let instance = Linker::new(&engine)
            .instantiate(&mut store, &module)
            .unwrap();
        let spin = instance.get_typed_func::<(), i32>(&store, "spin").unwrap();
        let handle = store.interrupt_handle();
        let stopper = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(20));
            handle.stop();
        });
        assert_eq!(
            spin.call(&mut store, ()),
            Err(Error::Trap(Trap::Interrupted))
        );
        stopper.join().unwrap();
        let count = instance
            .get_typed_func::<i32, i32>(&store, "count")
            .unwrap();
        assert_eq!(count.call(&mut store, 5), Ok(5), "one stop ends one run");
    }
}

#[test]
fn a_host_function_suspends_and_its_results_come_later() {
    for dispatch in DISPATCHERS {
        let engine = engine(dispatch);
        let mut store = Store::new(&engine, 0).unwrap();
        let module = module(
            &engine,
            r#"(module
                (import "env" "wait" (func $wait (param i32) (result i64)))
                (func (export "run") (param i32) (result i64)
                    i64.const 1000
                    local.get 0
                    call $wait
                    local.get 0
                    i32.const 1
                    i32.add
                    call $wait
                    i64.add
                    i64.add))"#,
        );
        let mut linker = Linker::new(&engine);
        linker
            .func(
                "env",
                "wait",
                |mut caller: Caller<'_, i32>, what: i32| -> Result<i64, Error> {
                    *caller.data_mut() = what;
                    Err(Error::Suspended)
                },
            )
            .unwrap();
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let run = instance.get_typed_func::<i32, i64>(&store, "run").unwrap();
        assert_eq!(run.call(&mut store, 1), Err(Error::Suspended));
        let Invocation::Suspended(first) = run.call_resumable(&mut store, 7).unwrap() else {
            panic!("not suspended");
        };
        assert_eq!(*store.data(), 7);
        let Invocation::Suspended(second) = first.resume(&mut store, 20_i64).unwrap() else {
            panic!("not suspended");
        };
        assert_eq!(*store.data(), 8);
        let Invocation::Finished(result) = second.resume(&mut store, 3_i64).unwrap() else {
            panic!("not finished");
        };
        assert_eq!(result, 1023);
        let Invocation::Suspended(third) = run.call_resumable(&mut store, 7).unwrap() else {
            panic!("not suspended");
        };
        assert!(matches!(
            third.resume(&mut store, 1_i32),
            Err(Error::Usage(_))
        ));
    }
}

#[test]
fn host_functions_call_back_and_the_depth_is_bounded() {
    for dispatch in DISPATCHERS {
        let engine = engine(dispatch);
        let mut store = Store::new(&engine, ()).unwrap();
        let module = module(
            &engine,
            r#"(module
                (import "env" "down" (func $down (param i32) (result i32)))
                (memory (export "memory") 1)
                (func (export "run") (param i32) (result i32)
                    local.get 0
                    i32.eqz
                    if (result i32)
                        i32.const 1
                    else
                        local.get 0
                        i32.const 1
                        i32.sub
                        call $down
                        local.get 0
                        i32.add
                    end))"#,
        );
        let mut linker = Linker::new(&engine);
        linker
            .func(
                "env",
                "down",
                |mut caller: Caller<'_, ()>, n: i32| -> Result<i32, Error> {
                    let run = caller
                        .get_export("run")
                        .and_then(Extern::into_func)
                        .unwrap();
                    // The stack grows below: the frame of the caller must move with it.
                    let memory = caller.memory().unwrap();
                    memory.grow(&mut caller, 1)?;
                    run.typed::<i32, i32>(&caller)?.call(&mut caller, n)
                },
            )
            .unwrap();
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let run = instance.get_typed_func::<i32, i32>(&store, "run").unwrap();
        assert_eq!(run.call(&mut store, 5), Ok(16));
        assert_eq!(
            run.call(&mut store, 100),
            Err(Error::Trap(Trap::StackOverflow))
        );
        assert_eq!(
            run.call(&mut store, 5),
            Ok(16),
            "nothing is left of the failure"
        );
    }
}

#[test]
fn traps_tell_where_by_name_and_offset_across_instances() {
    for dispatch in DISPATCHERS {
        let engine = engine(dispatch);
        let mut store = Store::new(&engine, ()).unwrap();
        let inner = module(
            &engine,
            r#"(module
                (func $divide (param i32 i32) (result i32)
                    local.get 0 local.get 1 i32.div_s)
                (func $through (export "through") (param i32) (result i32)
                    nop i32.const 7 local.get 0 call $divide))"#,
        );
        let outer = module(
            &engine,
            r#"(module
                (import "inner" "through" (func $import (param i32) (result i32)))
                (func $middle (param i32) (result i32) local.get 0 call $import)
                (func $outer (export "run") (param i32) (result i32)
                    local.get 0 call $middle i32.const 1 i32.add))"#,
        );
        let mut linker = Linker::new(&engine);
        let instance = linker.instantiate(&mut store, &inner).unwrap();
        linker.instance(&store, "inner", instance).unwrap();
        let instance = linker.instantiate(&mut store, &outer).unwrap();
        let run = instance.get_typed_func::<i32, i32>(&store, "run").unwrap();
        assert_eq!(run.call(&mut store, 7), Ok(2));
        assert_eq!(
            run.call(&mut store, 0),
            Err(Error::Trap(Trap::IntegerDivideByZero))
        );
        let names: Vec<_> = store.backtrace().map(|(_, name)| name.unwrap()).collect();
        assert_eq!(names, ["divide", "through", "middle", "outer"]);
        let bytes = wat::parse_str(
            r#"(module
                (func $divide (param i32 i32) (result i32)
                    local.get 0 local.get 1 i32.div_s)
                (func $through (export "through") (param i32) (result i32)
                    nop i32.const 7 local.get 0 call $divide))"#,
        )
        .unwrap();
        let offsets: Vec<_> = store
            .backtrace()
            .map(|(frame, _)| frame.offset.unwrap() as usize)
            .collect();
        assert_eq!(bytes[offsets[0]], 0x6d, "i32.div_s");
        assert_eq!(bytes[offsets[1]], 0x10, "call");
    }
}

#[test]
fn the_stack_has_a_limit_and_is_whole_after_overflow() {
    for dispatch in DISPATCHERS {
        let limits = Limits {
            stack_cells: 1_000,
            ..Limits::default()
        };
        let engine = Engine::new(Config::default().dispatch(dispatch).limits(limits));
        let mut store = Store::new(&engine, ()).unwrap();
        let module = module(
            &engine,
            r#"(module (func $down (export "down") (param i32) (result i32)
                local.get 0
                i32.eqz
                if (result i32) i32.const 0 else
                    local.get 0 i32.const 1 i32.sub call $down i32.const 1 i32.add
                end))"#,
        );
        let instance = Linker::new(&engine)
            .instantiate(&mut store, &module)
            .unwrap();
        let down = instance.get_typed_func::<i32, i32>(&store, "down").unwrap();
        assert_eq!(
            down.call(&mut store, 1_000_000),
            Err(Error::Trap(Trap::StackOverflow))
        );
        assert_eq!(
            store.backtrace().count(),
            Limits::default().backtrace_frames as usize
        );
        assert_eq!(down.call(&mut store, 100), Ok(100));
    }
}

#[test]
fn tail_calls_across_instances_take_no_stack() {
    for dispatch in DISPATCHERS {
        let engine = engine(dispatch);
        let mut store = Store::new(&engine, ()).unwrap();
        let text = |export: &str| {
            format!(
                r#"(module
                    (import "shared" "table" (table 2 funcref))
                    (type $step (func (param i32 i32) (result i32)))
                    (func (export "{export}") (type $step)
                        local.get 0
                        i32.eqz
                        if local.get 1 return end
                        local.get 0 i32.const 1 i32.sub
                        local.get 1 i32.const 1 i32.add
                        local.get 0 i32.const 1 i32.and
                        return_call_indirect (type $step)))"#
            )
        };
        let table_type = thimble::TableType {
            element: ValueType::FuncRef,
            minimum: 2,
            maximum: None,
        };
        let table = thimble::Table::new(&mut store, table_type, Val::FuncRef(None)).unwrap();
        let mut linker = Linker::new(&engine);
        linker
            .define("shared", "table", Extern::Table(table))
            .unwrap();
        let mut first = None;
        for (index, name) in ["even", "odd"].into_iter().enumerate() {
            let module = module(&engine, &text(name));
            let instance = linker.instantiate(&mut store, &module).unwrap();
            let function = instance.get_func(&store, name).unwrap();
            table
                .set(&mut store, index as u32, Val::FuncRef(Some(function)))
                .unwrap();
            first = first.or(Some(function));
        }
        let step = first.unwrap().typed::<(i32, i32), i32>(&store).unwrap();
        assert_eq!(step.call(&mut store, (300_000, 0)), Ok(300_000));
    }
}

#[test]
fn a_tail_call_of_a_host_function_returns_to_the_caller() {
    for dispatch in DISPATCHERS {
        let engine = engine(dispatch);
        let mut store = Store::new(&engine, ()).unwrap();
        let module = module(
            &engine,
            r#"(module
                (import "env" "sum" (func $sum (param i64 i32 i64) (result i64)))
                (func $tail (param i32) (result i64)
                    i64.const 1000 local.get 0 i64.const 1 return_call $sum)
                (func (export "run") (param i32) (result i64)
                    local.get 0 call $tail i64.const 5 i64.add)
                (func (export "direct") (param i32) (result i64)
                    i64.const 2000 local.get 0 i64.const 1 return_call $sum))"#,
        );
        let mut linker = Linker::new(&engine);
        linker
            .func("env", "sum", |a: i64, b: i32, c: i64| a + i64::from(b) + c)
            .unwrap();
        let instance = linker.instantiate(&mut store, &module).unwrap();
        for (name, result) in [("run", 1_016), ("direct", 2_011)] {
            let run = instance.get_typed_func::<i32, i64>(&store, name).unwrap();
            assert_eq!(run.call(&mut store, 10), Ok(result));
        }
    }
}

#[test]
fn dynamic_functions_memories_and_globals_are_imported() {
    let engine = engine(Dispatch::Tail);
    let mut store = Store::new(&engine, ()).unwrap();
    let module = module(
        &engine,
        r#"(module
            (import "env" "memory" (memory 1 2))
            (import "env" "global" (global $global (mut i64)))
            (import "env" "swap" (func $swap (param i32 f64) (result f64 i32)))
            (func (export "run") (param i32) (result f64 i32)
                (global.set $global (i64.add (global.get $global) (i64.const 1)))
                (i32.store8 (i32.const 3) (i32.load8_u (i32.const 2)))
                local.get 0 f64.const 1.5 call $swap))"#,
    );
    let ty = MemoryType {
        minimum: 1,
        maximum: Some(2),
        page_size_log2: 16,
    };
    let memory = Memory::new(&mut store, ty).unwrap();
    memory.write(&mut store, 2, &[9]).unwrap();
    let global = thimble::Global::new(&mut store, Val::I64(-1), true).unwrap();
    let swap = Func::new(
        &mut store,
        &[ValueType::I32, ValueType::F64],
        &[ValueType::F64, ValueType::I32],
        |_, arguments, results| {
            results[0] = arguments[1];
            results[1] = arguments[0];
            Ok(())
        },
    )
    .unwrap();
    let imports = [memory.into(), global.into(), swap.into()];
    assert_eq!(
        Instance::new(&mut store, &module, &imports[..2]),
        Err(Error::UnknownImport { index: 2 })
    );
    assert_eq!(
        Instance::new(&mut store, &module, &[imports[0], imports[0], imports[2]]),
        Err(Error::IncompatibleImport { index: 1 })
    );
    let instance = Instance::new(&mut store, &module, &imports).unwrap();
    let run = instance.get_func(&store, "run").unwrap();
    let mut results = [Val::I32(0); 2];
    run.call(&mut store, &[Val::I32(4)], &mut results).unwrap();
    assert_eq!(results, [Val::F64(1.5_f64.to_bits()), Val::I32(4)]);
    assert_eq!(global.get(&mut store), Ok(Val::I64(0)));
    let mut byte = [0];
    memory.read(&store, 3, &mut byte).unwrap();
    assert_eq!(byte, [9]);
    assert!(memory.read(&store, 65_536, &mut byte).is_err());
    assert!(run.call(&mut store, &[Val::I64(4)], &mut results).is_err());
}

#[test]
fn a_long_run_takes_little_native_stack() {
    for dispatch in DISPATCHERS {
        let run = move || {
            let engine = engine(dispatch);
            let mut store = Store::new(&engine, ()).unwrap();
            let module = module(&engine, SPIN);
            let instance = Linker::new(&engine)
                .instantiate(&mut store, &module)
                .unwrap();
            let count = instance
                .get_typed_func::<i32, i32>(&store, "count")
                .unwrap();
            assert_eq!(count.call(&mut store, 3_000_000), Ok(3_000_000));
        };
        // Without tail jumps every operation would take stack.
        std::thread::Builder::new()
            .stack_size(256 << 10)
            .spawn(run)
            .unwrap()
            .join()
            .unwrap();
    }
}

#[test]
fn memories_and_tables_share_the_limit_of_their_store() {
    let limits = Limits {
        memory_bytes: 3 << 16,
        table_elements: 10,
        ..Limits::default()
    };
    let engine = Engine::new(Config::default().limits(limits));
    let text = "(module (memory 1) (memory 1) (table 4 funcref) (table 4 funcref)
        (func (export \"memory\") (param i32) (result i32) local.get 0 memory.grow 1)
        (func (export \"table\") (param i32) (result i32) ref.null func local.get 0 table.grow 1))";
    let module = module(&engine, text);
    let mut store = Store::new(&engine, ()).unwrap();
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    for (name, too_many, last) in [("memory", 2, 1), ("table", 3, 2)] {
        let before = if name == "memory" { 1 } else { 4 };
        let grow = instance.get_typed_func::<i32, i32>(&store, name).unwrap();
        assert_eq!(grow.call(&mut store, too_many), Ok(-1), "{name}");
        assert_eq!(grow.call(&mut store, last), Ok(before), "{name}");
        assert_eq!(grow.call(&mut store, 1), Ok(-1), "{name}");
    }
    let refused = Instance::new(&mut store, &module, &[]);
    assert_eq!(refused, Err(Error::OutOfMemory));
}
