//! The C API, used by C: `build.rs` compiles the programs in `c/`, `tests/api.rs` runs
//! them.
