//! Runs every example, so that none goes stale.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test"
)]

macro_rules! examples {
    ($($name:ident $path:literal)*) => {
        $(
            #[path = $path]
            mod $name;

            #[test]
            fn $name() {
                $name::main().unwrap();
            }
        )*

        const EXAMPLES: &[&str] = &[$(stringify!($name)),*];
    };
}

examples! {
    backtrace "../examples/backtrace.rs"
    call_function "../examples/call_function.rs"
    fuel "../examples/fuel.rs"
    host_function "../examples/host_function.rs"
    image "../examples/image.rs"
    limits "../examples/limits.rs"
    memory "../examples/memory.rs"
    readme "../examples/readme.rs"
    stop_from_thread "../examples/stop_from_thread.rs"
    suspend "../examples/suspend.rs"
    wasi_program "../examples/wasi_program.rs"
}

#[test]
fn no_example_is_forgotten() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, EXAMPLES);
}

#[test]
fn the_readme_shows_an_example_that_runs() {
    let readme = include_str!("../../README.md");
    let (_, block) = readme.split_once("```rust\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let mut example = include_str!("../examples/readme.rs").lines();
    for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let found = example.any(|other| other.trim() == line);
        assert!(found, "not in the example, or in another order: {line}");
    }
}
