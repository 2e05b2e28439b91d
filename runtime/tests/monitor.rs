//! What a monitor tells of a store, while guests run and afterwards.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used,
    reason = "a test"
)]

use thimble::{
    Caller, Config, Engine, Error, Func, Instance, Limits, Memory, MemoryType, Module, Monitor,
    Store,
};

const PAGE: usize = 65_536;

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, &wat::parse_str(text).unwrap()).unwrap()
}

#[test]
fn memories_count_when_they_are_made_and_grow_and_go() {
    let limits = Limits {
        memory_bytes: 10 * PAGE as u64,
        ..Limits::default()
    };
    let engine = Engine::new(Config::default().limits(limits));
    let mut store = Store::new(&engine, ()).unwrap();
    let monitor = store.monitor();
    assert_eq!(monitor.memory_bytes(), 0);

    let grows = module(
        &engine,
        r#"(module (memory 2) (func (export "grow") (param i32) (result i32)
            (memory.grow (local.get 0))))"#,
    );
    let instance = Instance::new(&mut store, &grows, &[]).unwrap();
    assert_eq!(monitor.memory_bytes(), 2 * PAGE);
    let grow = instance.get_typed_func::<i32, i32>(&store, "grow").unwrap();
    assert_eq!(grow.call(&mut store, 3), Ok(2));
    assert_eq!(monitor.memory_bytes(), 5 * PAGE);
    assert_eq!(grow.call(&mut store, 100), Ok(-1));
    assert_eq!(monitor.memory_bytes(), 5 * PAGE);

    let ty = MemoryType {
        minimum: 1,
        maximum: None,
        page_size_log2: 16,
    };
    let memory = Memory::new(&mut store, ty).unwrap();
    assert_eq!(monitor.memory_bytes(), 6 * PAGE);
    memory.grow(&mut store, 1).unwrap();
    assert_eq!(monitor.memory_bytes(), 7 * PAGE);

    // The first memory of this one is made, the second finds no room.
    let too_large = module(&engine, "(module (memory 1) (memory 9))");
    let refused = Instance::new(&mut store, &too_large, &[]);
    assert_eq!(refused, Err(Error::OutOfMemory));
    assert_eq!(monitor.memory_bytes(), 7 * PAGE);

    drop(store);
    assert_eq!(monitor.memory_bytes(), 0);
}

#[test]
fn the_stack_counts_as_it_is_allocated() {
    let limits = Limits {
        stack_cells: 5_000,
        ..Limits::default()
    };
    let engine = Engine::new(Config::default().limits(limits));
    let mut store = Store::new(&engine, ()).unwrap();
    let monitor = store.monitor();
    assert_eq!(monitor.stack_bytes(), 0);
    let recursive = module(
        &engine,
        r#"(module (func $down (export "down") (param i32) (result i32)
            (if (result i32) (local.get 0)
                (then (i32.add (call $down (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
                (else (i32.const 0)))))"#,
    );
    let instance = Instance::new(&mut store, &recursive, &[]).unwrap();
    let down = instance.get_typed_func::<i32, i32>(&store, "down").unwrap();
    assert_eq!(down.call(&mut store, 1), Ok(1));
    let small = monitor.stack_bytes();
    assert!((1..=1_000).contains(&small), "{small} bytes");
    assert_eq!(down.call(&mut store, 200), Ok(200));
    let large = monitor.stack_bytes();
    // A frame has a cell at least; the limit bounds all.
    assert!((200 * 4..=20_000).contains(&large), "{large} bytes");
    drop(store);
    assert_eq!(monitor.stack_bytes(), 0);
}

#[test]
fn another_thread_sees_what_a_running_guest_takes() {
    let engine = Engine::default();
    let mut store = Store::<Option<usize>>::new(&engine, None).unwrap();
    let monitor = store.monitor();
    let look = Func::wrap(&mut store, move |mut caller: Caller<'_, Option<usize>>| {
        let monitor: Monitor = monitor.clone();
        let seen = std::thread::spawn(move || monitor.memory_bytes());
        *caller.data_mut() = seen.join().ok();
    })
    .unwrap();
    let text = r#"(module (import "" "look" (func $look)) (memory 1)
        (func (export "run") (drop (memory.grow (i32.const 2))) (call $look)))"#;
    let module = module(&engine, text);
    let instance = Instance::new(&mut store, &module, &[look.into()]).unwrap();
    let run = instance.get_typed_func::<(), ()>(&store, "run").unwrap();
    run.call(&mut store, ()).unwrap();
    assert_eq!(*store.data(), Some(3 * PAGE));
}
