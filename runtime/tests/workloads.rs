//! The speed workloads give the results that they must give, with each
//! dispatcher, translated in memory and read back as an image.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]

use thimble::code::image::Buffer;
use thimble::{Config, Dispatch, Engine, Linker, Module, Store};

fn workloads() -> Vec<(String, i32, i32)> {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench/workloads");
    let table = std::fs::read_to_string(directory.join("workloads.csv")).unwrap();
    let rows: Vec<_> = table
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<_> = line.split(',').map(str::trim).collect();
            let path = directory.join(format!("{}.wasm", fields[0]));
            let number = |field: &str| field.parse().unwrap();
            (
                path.to_str().unwrap().to_owned(),
                number(fields[1]),
                number(fields[2]),
            )
        })
        .collect();
    assert_eq!(rows.len(), 8, "every workload is listed");
    rows
}

fn run(engine: &Engine, module: &Module, argument: i32) -> i32 {
    let mut store = Store::new(engine, ()).unwrap();
    let instance = Linker::new(engine).instantiate(&mut store, module).unwrap();
    let run = instance.get_typed_func::<i32, i32>(&store, "run").unwrap();
    run.call(&mut store, argument).unwrap()
}

fn check(dispatch: Dispatch) {
    let engine = Engine::new(Config::default().dispatch(dispatch));
    for (path, argument, result) in workloads() {
        let module = Module::new(&engine, &std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(run(&engine, &module, argument), result, "{path}");
        let image = Buffer::copy_of(module.image_bytes()).unwrap();
        let module = Module::from_image(&engine, image).unwrap();
        assert_eq!(
            run(&engine, &module, argument),
            result,
            "{path} as an image"
        );
    }
}

#[test]
fn by_tail_jumps() {
    const { assert!(Dispatch::HAS_TAIL, "tests are built with the optimiser") };
    check(Dispatch::Tail);
}

#[test]
fn by_a_loop() {
    check(Dispatch::Loop);
}
