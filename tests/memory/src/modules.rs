//! The modules that the tests load.

use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Instruction,
    Module, NameMap, NameSection, TypeSection, ValType,
};

/// Something of everything that a module can have.
pub const EVERYTHING: &str = r#"(module
    (import "host" "twice" (func $twice (param i32) (result i32)))
    (import "host" "back" (func $back (param i32) (result i32)))
    (memory $memory (export "memory") 1 10)
    (memory $second 1 2)
    (table $table (export "table") 4 20 funcref)
    (table $externs 2 5 externref)
    (global $counter (export "counter") (mut i32) (i32.const 7))
    (global $wide (mut i64) (i64.const -1))
    (global $reference funcref (ref.func $fib))
    (elem (table $table) (i32.const 1) func $fib $twice $deep)
    (elem $passive func $fib $deep)
    (data (memory $memory) (i32.const 100) "some bytes of data")
    (data $text "passive")
    (start $start)
    (func $start (global.set $counter (i32.const 1)))
    (func $fib (export "fib") (param i32) (result i32)
        (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
            (then (local.get 0))
            (else (i32.add
                (call $fib (i32.sub (local.get 0) (i32.const 1)))
                (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
    (func $deep (export "deep") (param i32) (result i32)
        (if (result i32) (local.get 0)
            (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))
            (else (i32.const 0))))
    (func (export "grow memory") (param i32) (result i32) (memory.grow $memory (local.get 0)))
    (func (export "grow table") (param i32) (result i32)
        (table.grow $table (ref.func $fib) (local.get 0)))
    (func (export "grow both") (result i32)
        (i32.or (memory.grow $second (i32.const 1))
            (table.grow $externs (ref.null extern) (i32.const 3))))
    (func (export "call host") (param i32) (result i32)
        (call $back (call $twice (local.get 0))))
    (func (export "back here") (param i32) (result i32)
        (i32.add (local.get 0) (i32.const 1)))
    (func $inner (param i32) (result i32)
        (if (local.get 0) (then (return (call $inner (i32.sub (local.get 0) (i32.const 1))))))
        unreachable)
    (func $outer (export "trap") (param i32) (result i32) (call $inner (local.get 0)))
    (func (export "spin") (loop $again (br $again)))
    (func (export "indirect") (param i32 i32) (result i32)
        (call_indirect $table (param i32) (result i32) (local.get 0) (local.get 1))))"#;

/// Opens a file, reads it, and lists the directory. Returns 0, or the number of the
/// error.
pub const FILES: &str = r#"(module
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_readdir"
        (func $list (param i32 i32 i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "dir/file")
    (data (i32.const 16) "\00\01\00\00\40\00\00\00") ;; one buffer: 64 bytes at 256
    (func (export "run") (result i32)
        (local $error i32)
        (block $failed
            (br_if $failed (local.tee $error (call $open (i32.const 3) (i32.const 1)
                (i32.const 0) (i32.const 8) (i32.const 0) (i64.const 2) (i64.const 0)
                (i32.const 0) (i32.const 32))))
            (br_if $failed (local.tee $error (call $read (i32.load (i32.const 32))
                (i32.const 16) (i32.const 1) (i32.const 36))))
            (br_if $failed (local.tee $error (call $close (i32.load (i32.const 32)))))
            (br_if $failed (local.tee $error (call $open (i32.const 3) (i32.const 1)
                (i32.const 0) (i32.const 3) (i32.const 2) (i64.const 0x4000) (i64.const 0)
                (i32.const 0) (i32.const 32))))
            (br_if $failed (local.tee $error (call $list (i32.load (i32.const 32))
                (i32.const 1024) (i32.const 1024) (i64.const 0) (i32.const 40))))
            (br_if $failed (local.tee $error (call $close (i32.load (i32.const 32)))))
            (if (i32.ne (i32.load (i32.const 36)) (i32.const 7)) (then unreachable)))
        (local.get $error)))"#;

/// A module in binary form.
///
/// # Panics
/// If the text is no module.
pub fn binary(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("a module in text form")
}

/// A module of more than a megabyte: thousands of functions, one of which opens
/// thousands of blocks within each other. Its export `run` calls them in a chain
/// and returns their number.
pub fn large() -> Vec<u8> {
    const FUNCTIONS: u32 = 6_000;
    const DEPTH: u32 = 5_000;
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let (mut functions, mut code, mut names) =
        (FunctionSection::new(), CodeSection::new(), NameMap::new());
    for index in 0..FUNCTIONS {
        functions.function(0);
        names.append(index, &format!("function_number_{index}"));
        let mut body = Function::new([(20, ValType::I64), (3, ValType::F32)]);
        if index == 0 {
            nested(&mut body, DEPTH);
        } else {
            chained(&mut body, index);
        }
        body.instruction(&Instruction::End);
        code.function(&body);
    }
    let mut exports = ExportSection::new();
    exports.export("run", ExportKind::Func, FUNCTIONS - 1);
    let mut name_section = NameSection::new();
    name_section.functions(&names);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&exports)
        .section(&code);
    module.section(&name_section);
    module.finish()
}

/// Blocks within each other, left from the innermost if the argument is 0.
fn nested(body: &mut Function, depth: u32) {
    for _ in 0..depth {
        body.instruction(&Instruction::Block(BlockType::Empty));
    }
    body.instruction(&Instruction::LocalGet(0));
    body.instruction(&Instruction::BrIf(depth - 1));
    for _ in 0..depth {
        body.instruction(&Instruction::End);
    }
    body.instruction(&Instruction::I32Const(1));
}

/// Some arithmetic, whose result is not used, and a call of the function before.
fn chained(body: &mut Function, index: u32) {
    for step in 0..24 {
        body.instruction(&Instruction::LocalGet(step % 20 + 1));
        body.instruction(&Instruction::I64Const(i64::from(index) << step));
        body.instruction(&Instruction::I64Add);
        body.instruction(&Instruction::LocalSet((step + 1) % 20 + 1));
    }
    body.instruction(&Instruction::LocalGet(0));
    body.instruction(&Instruction::Call(index - 1));
    body.instruction(&Instruction::I32Const(1));
    body.instruction(&Instruction::I32Add);
}
