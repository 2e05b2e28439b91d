//! Calling an export: arguments by its signature, results one a line.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "tests, and what several of them share"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "tests may panic"
)]

mod support;

use std::fs;

use support::{Directory, root, thimble};

#[test]
fn the_workloads_return_what_their_table_says() {
    let workloads = root().join("bench/workloads");
    let table = fs::read_to_string(workloads.join("workloads.csv")).unwrap();
    let mut count = 0;
    for line in table.lines().skip(1) {
        let [program, argument, result, _] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let module = workloads.join(format!("{program}.wasm"));
        let module = module.to_str().unwrap();
        for dispatch in ["tail", "loop"] {
            let call = [
                "run",
                "--dispatch",
                dispatch,
                "--invoke",
                "run",
                module,
                argument,
            ];
            thimble(call).prints(&format!("{result}\n"));
        }
        let twice = ["run", "--repeat", "2", "--invoke", "run", module, argument];
        thimble(twice).prints(&format!("{result}\n"));
        count += 1;
    }
    assert_eq!(count, 8);
}

const VALUES: &str = r#"
    (module
      (func (export "swap") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
        (local.get 3) (local.get 2) (local.get 1) (local.get 0))
      (func (export "nothing"))
      (func (export "is_null") (param externref) (result i32) (ref.is_null (local.get 0)))
      (func $f (export "functions") (result funcref funcref) (ref.null func) (ref.func $f))
      (memory (export "memory") 1))
"#;

#[test]
fn values_of_every_type_pass() {
    let directory = Directory::new("values");
    let module = directory.module("values.wasm", VALUES);
    let swap = |arguments: [&str; 4]| {
        thimble(
            ["run", "--invoke", "swap", &module]
                .iter()
                .copied()
                .chain(arguments),
        )
    };
    swap(["1", "2", "3.5", "4.25"]).prints("4.25\n3.5\n2\n1\n");
    swap(["-1", "0xffffffffffffffff", "-inf", "nan"]).prints("nan\n-inf\n-1\n-1\n");
    swap(["0xffffffff", "-9223372036854775808", "-0", "1e300"])
        .prints("1e300\n-0\n-9223372036854775808\n-1\n");
    thimble(["run", "--invoke", "nothing", &module]).prints("");
    thimble(["run", "--invoke", "is_null", &module, "null"]).prints("1\n");
    thimble(["run", "--invoke", "functions", &module]).prints("null\nfuncref\n");
}

#[test]
fn arguments_that_do_not_fit_end_with_2() {
    let directory = Directory::new("misfits");
    let module = directory.module("values.wasm", VALUES);
    let swap =
        |arguments: &[&str]| thimble(["run", "--invoke", "swap", &module].iter().chain(arguments));
    swap(&["1", "2", "3"]).fails(2, &["swap", "4 arguments", "i32, i64, f32, f64"]);
    swap(&["1", "2", "3", "4", "5"]).fails(2, &["4 arguments"]);
    swap(&["4294967296", "2", "3", "4"]).fails(2, &["`4294967296` does not fit in an i32"]);
    thimble(["run", "--invoke", "is_null", &module])
        .fails(2, &["is_null takes 1 argument (externref), not 0"]);
    swap(&["1", "2", "three", "4"]).fails(2, &["`three` is not a number"]);
}

#[test]
fn an_export_that_is_not_there_ends_with_1() {
    let directory = Directory::new("exports");
    let module = directory.module("values.wasm", VALUES);
    for name in ["swop", "memory"] {
        let outcome = thimble(["run", "--invoke", name, &module]);
        outcome.fails(1, &["values.wasm: ", name, "swap", "nothing"]);
    }
}

#[test]
fn a_library_is_initialized_before_the_call() {
    let directory = Directory::new("reactor");
    let module = directory.module(
        "reactor.wasm",
        r#"(module (global $g (mut i32) (i32.const 0))
             (func (export "_initialize") (global.set $g (i32.const 42)))
             (func (export "get") (result i32) (global.get $g)))"#,
    );
    thimble(["run", "--invoke", "get", &module]).prints("42\n");
}
