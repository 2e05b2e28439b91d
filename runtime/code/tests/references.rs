//! References wherever a translated function can hold them: the verifier knows
//! of each.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    clippy::unwrap_used
)]

mod support;

use support::{check, image_of, image_of_text};

fn accepted(functions: &str) {
    let module = format!(
        r#"(module
        (type $both (func (param externref funcref) (result externref funcref)))
        (import "env" "keep" (func $keep (type $both)))
        (memory 1)
        (table $f 2 funcref)
        (table $e 2 externref)
        (global $g (mut externref) (ref.null extern))
        {functions})"#
    );
    let image = image_of_text(&module);
    assert_eq!(check(image.as_bytes()), Ok(()), "{module}");
}

/// Statements of more than 64 KiB of internal code.
fn long() -> String {
    "(i64.store offset=70000 (i32.const 0) (i64.const 0x1234567890))\n".repeat(4_000)
}

#[test]
fn across_labels() {
    accepted(
        "(func (param i32 externref funcref) (result externref)
            (table.get $e (local.get 0))
            (table.get $f (local.get 0))
            (loop $l (br_if $l (local.get 0)))
            (block $b (br_if $b (local.get 0)) (local.set 0 (i32.const 1)))
            (if (local.get 0) (then (local.set 0 (i32.const 2))) (else (nop)))
            (drop))",
    );
}

#[test]
fn as_values_of_blocks() {
    accepted(
        "(func (param i32) (result externref)
            (table.get $e (i32.const 0))
            (block $b (result externref)
                (table.get $e (i32.const 1))
                (br_if $b (local.get 0))
                (drop)
                (ref.null extern))
            (drop))
        (func (param i32) (result externref funcref)
            (block $a (result externref funcref)
                (block $b (result externref funcref)
                    (block $c (result externref funcref)
                        (i32.const 5)
                        (table.get $e (i32.const 0))
                        (table.get $f (i32.const 0))
                        (br_table $a $b $c (local.get 0)))
                    (call $keep))
                (br $a))
            (call $keep))",
    );
}

#[test]
fn as_parameters_of_loops() {
    accepted(
        "(func (param i32 externref funcref)
            (local.get 1) (local.get 2)
            (loop $l (param externref funcref)
                (call $keep)
                (br_if $l (local.get 0))
                (drop) (drop))
            (ref.null extern) (ref.null func)
            (loop $l (type $both)
                (call $keep)
                (br_if $l (local.get 0)))
            (drop) (drop))",
    );
}

#[test]
fn in_locals_of_both_kinds() {
    accepted(
        "(func (param i32) (local externref funcref i64 externref funcref)
            (local.set 1 (table.get $e (i32.const 0)))
            (local.set 4 (local.tee 1 (global.get $g)))
            (local.set 5 (local.tee 2 (table.get $f (i32.const 0))))
            (call $keep (local.get 4) (local.get 5))
            (local.set 2) (local.set 1)
            (local.get 1)
            (local.set 1 (ref.null extern))
            (global.set $g))",
    );
}

/// The accumulator mirrors a reference that is written on after a branch.
#[test]
fn mirrored_across_a_conditional_branch() {
    accepted(
        "(func (param i32 externref) (result externref)
            (local $copy externref)
            (block $b (result externref)
                (local.get 0)
                (local.tee 1 (table.get $e (i32.const 0)))
                (br_if $b (local.get 0))
                (local.set $copy)
                (drop)
                (local.get $copy)))",
    );
    accepted(
        "(func (param i32 externref) (result externref)
            (local $copy externref)
            (block $b (result externref)
                (i32.const 7)
                (ref.null extern)
                (br_if $b (local.get 0))
                (local.set $copy)
                (drop)
                (local.get $copy)))",
    );
}

/// A short branch goes over an island to its label, which lists references.
#[test]
fn across_islands() {
    let long = long();
    accepted(&format!(
        "(func (param i32) (result externref)
            (table.get $e (i32.const 0))
            (block $far
                (br_if $far (local.get 0))
                {long}
                (br_if $far (local.get 0))
                {long}))
        (func (param i32) (result externref)
            (block $far (result externref)
                (table.get $e (i32.const 0))
                (br_if $far (local.get 0))
                {long}))
        (func (param i32) (result externref)
            (table.get $e (i32.const 0))
            (if (local.get 0)
                (then {long})
                (else (local.set 0 (i32.const 1)))))
        (func (param i32) (result externref)
            (table.get $e (i32.const 0))
            (loop $back
                {long}
                (br_if $back (local.get 0))))"
    ));
}

#[test]
fn through_tail_calls_and_selects() {
    accepted(
        "(func (type $both)
            (return_call $keep
                (select (result externref) (local.get 0) (ref.null extern) (i32.const 1))
                (select (result funcref) (local.get 1) (table.get $f (i32.const 0))
                    (ref.is_null (local.get 1)))))
        (func (type $both)
            (return_call_indirect $f (type $both)
                (local.get 0) (local.get 1) (i32.const 0)))",
    );
}

/// What an image cannot express is refused when it is translated.
#[test]
fn too_many() {
    let locals = |count: usize, ty: &str| {
        let module = format!("(module (func (local {})))", vec![ty; count].join(" "));
        image_of(&wat::parse_str(module).unwrap()).map(|image| check(image.as_bytes()))
    };
    for ty in ["funcref", "externref"] {
        assert_eq!(locals(255, ty).unwrap(), Ok(()));
        let error = locals(256, ty).unwrap_err();
        assert!(
            error.to_string().contains("255 locals of a reference type"),
            "{error}"
        );
    }
    let stack = |count: usize| {
        let module = format!(
            "(module (table 1 externref) (func (param i32) {} (loop) {}))",
            "(table.get 0 (local.get 0))".repeat(count),
            "(drop)".repeat(count),
        );
        image_of(&wat::parse_str(module).unwrap()).map(|image| check(image.as_bytes()))
    };
    assert_eq!(stack(64).unwrap(), Ok(()));
    let error = stack(66).unwrap_err();
    assert!(
        error.to_string().contains("64 references are on the stack"),
        "{error}"
    );
}
