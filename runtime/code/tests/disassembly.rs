//! What the translator makes of small functions, as text.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use support::{check, image_of_text};
use thimble_code::disassemble::disassemble;
use thimble_code::image::Image;

fn text_of(module: &str, function: u32) -> String {
    let buffer = image_of_text(module);
    check(buffer.as_bytes()).unwrap();
    let image = Image::open(buffer.as_bytes()).unwrap();
    let mut text = String::new();
    disassemble(&image, function, &mut text).unwrap();
    text
}

/// Compares the text of a function, without its first line and the offsets into
/// the module.
#[track_caller]
fn expect(function: &str, expected: &[&str]) {
    let module = format!(
        "(module
        (import \"env\" \"global\" (global $imported (mut f32)))
        (memory 1)
        (memory $second 1)
        (table 1 funcref)
        (table $things 1 externref)
        (global i32 (i32.const 0))
        (global $counter (mut i64) (i64.const 0))
        {function})"
    );
    let text = text_of(&module, 0);
    let lines: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| line.split(';').next().unwrap_or_default().trim_end())
        .collect();
    assert!(
        lines == expected,
        "expected {expected:#?}, found {lines:#?}"
    );
}

#[test]
fn a_comparison_becomes_part_of_the_branch() {
    expect(
        "(func (param i32 i32)
        (loop $l (br_if $l (i32.lt_u (local.get 0) (local.get 1)))))",
        &["0004  br.lt_u r0, r1 -> 0004", "0008  return"],
    );
}

#[test]
fn a_condition_that_is_inverted_twice_costs_nothing() {
    expect(
        "(func (param i32 i32) (result i32)
        (if (result i32) (i32.eqz (i32.lt_s (local.get 0) (local.get 1)))
            (then (i32.const 1)) (else (i32.const 2))))",
        &[
            "0004  br.lt_s r0, r1 -> 000d",
            "0008  r3 = acc = const32 #1",
            "000b  br -> 0010",
            "000d  r3 = acc = const32 #2",
            "0010  return32 r3",
        ],
    );
}

#[test]
fn values_pass_through_the_accumulator() {
    expect(
        "(func (param i32 i32 i32) (result i32)
        (i32.xor (i32.mul (i32.add (local.get 0) (local.get 1)) (local.get 2)) (i32.const 255)))",
        &[
            "0004  acc = i32.add r0, r1",
            "0007  acc = i32.mul acc, r2",
            "0009  acc = i32.xor acc, #255",
            "000b  return.acc32 acc",
        ],
    );
}

#[test]
fn a_result_goes_straight_to_its_local() {
    expect(
        "(func (param i32 i32) (local i32)
        (local.set 2 (i32.sub (local.get 0) (local.get 1)))
        (i32.store offset=8 (local.get 2) (local.tee 0 (i32.const 7))))",
        &[
            "0004  r3 = acc = i32.sub r0, r1",
            "0008  r0 = acc = const32 #7",
            "000b  i32.store [r3+8], #7",
            "000f  return",
        ],
    );
}

#[test]
fn a_local_on_the_stack_keeps_its_old_value() {
    expect(
        "(func (param i32) (result i32)
        (local.get 0)
        (local.set 0 (i32.const 5))
        (i32.add (local.get 0)))",
        &[
            "0004  r2 = copy32 r0",
            "0007  r0 = acc = const32 #5",
            "000a  acc = i32.add acc, r2",
            "000c  return.acc32 acc",
        ],
    );
}

#[test]
fn constants_fold_into_operands() {
    expect(
        "(func (param i32 i64) (result i64)
        (i64.store offset=4 (local.get 0) (i64.const -1))
        (i64.mul (i64.const 100) (i64.sub (local.get 1) (i64.const 3))))",
        &[
            "0004  i64.store [r0+4], #-1",
            "0008  acc = i64.add r1, #-3",
            "000b  acc = i64.mul acc, #100",
            "000d  return.acc64 acc",
        ],
    );
}

#[test]
fn a_table_of_branches_moves_values_in_stubs() {
    expect(
        "(func (param i32) (result i32)
        (block $a (result i32)
            (i32.const 9)
            (block $b (result i32)
                (br_table $a $b (i32.const 3) (local.get 0)))
            (i32.add)))",
        &[
            "0004  r3 = acc = const32 #3",
            "0007  acc = take32 r0",
            "0009  br.table acc -> 0010, 0016",
            "0010  copy.range r3, r2, count 1",
            "0014  br -> 001a",
            "0016  r2 = acc = i32.add r3, #9",
            "001a  return32 r2",
        ],
    );
}

#[test]
fn select_takes_its_condition_from_the_accumulator() {
    expect(
        "(func (param i32 f64 f64) (result f64)
        (select (local.get 1) (local.get 2) (i32.popcnt (local.get 0))))",
        &[
            "0004  acc = i32.popcnt r0",
            "0006  acc = select64 r1, r3, acc",
            "0009  return.acc64 acc",
        ],
    );
}

#[test]
fn several_results_return_as_a_range() {
    expect(
        "(func (param i32 i64) (result i64 i32)
        (local.get 1) (i32.clz (local.get 0)))",
        &[
            "0004  r6 = acc = i32.clz r0",
            "0007  r4 = copy64 r1",
            "000a  return.range r4, count 3",
        ],
    );
}

#[test]
fn arguments_come_to_the_callees_frame() {
    expect(
        "(func $f (param i32 i64) (result i32)
        (i32.add
            (call $f (i32.const 1) (local.get 1))
            (call $f (local.get 0) (i64.const 2))))",
        &[
            "0004  r5 = copy64 r1",
            "0007  r4 = acc = const32 #1",
            "000a  call f0, base r4",
            "000d  r6 = acc = const64 #2",
            "0010  r5 = copy32 r0",
            "0013  call f0, base r5",
            "0016  acc = i32.add acc, r4",
            "0018  return.acc32 acc",
        ],
    );
}

#[test]
fn an_indirect_call_has_its_index_in_the_accumulator() {
    expect(
        "(func $f (param i32 i32) (result i32)
        (call_indirect (param i32) (result i32) (local.get 1) (i32.and (local.get 0) (i32.const 1))))",
        &[
            "0004  acc = i32.and r0, #1",
            "0007  r3 = copy32 r1",
            "000a  call.indirect type 1, t0, base r3, acc",
            "000e  return.acc32 acc",
        ],
    );
}

#[test]
fn a_tail_call_names_the_return_address() {
    expect(
        "(func $f (param i32 i64) (result i32)
        (return_call $f (i32.const 3) (local.get 1)))",
        &[
            "0004  r5 = copy64 r1",
            "0007  r4 = acc = const32 #3",
            "000a  return_call f0, base r4",
        ],
    );
}

#[test]
fn other_memories_and_large_offsets_are_general() {
    expect(
        "(func (param i32) (result i64)
        (i32.store8 $second offset=2 (local.get 0) (i32.const 1))
        (i64.load16_s offset=65536 (local.get 0)))",
        &[
            "0004  r3 = acc = const32 #1",
            "0007  store.general m1, r0, #2, u8, acc",
            "000f  acc = load.general64 m0, r0, #65536, s16",
            "0017  return.acc64 acc",
        ],
    );
}

#[test]
fn globals_are_read_and_written() {
    expect(
        "(func
        (global.set $counter (i64.add (global.get $counter) (i64.const 1)))
        (global.set $imported (global.get $imported)))",
        &[
            "0004  acc = global.get64 g2",
            "0006  acc = i64.add acc, #1",
            "0008  global.set64 g2, acc",
            "000a  acc = global.import.get32 g0",
            "000c  global.import.set32 g0, acc",
            "000e  return",
        ],
    );
}

#[test]
fn references_across_a_label_are_listed() {
    expect(
        "(func (param i32)
        (table.get 0 (local.get 0))
        (table.get $things (local.get 0))
        (loop $l (br_if $l (local.get 0)))
        (drop) (drop))",
        &[
            "0004  acc = take32 r0",
            "0006  acc = table.get t0, acc",
            "0008  r2 = put32 acc",
            "000a  acc = take32 r0",
            "000c  acc = table.get t1, acc",
            "000e  r3 = put32 acc",
            "0010  references r2 external r3",
            "0015  br.nez r0 -> 0010",
            "0018  return",
        ],
    );
}

#[test]
fn memory_is_filled_copied_and_grown() {
    expect(
        "(func (param i32) (result i32)
        (memory.fill (local.get 0) (i32.const 0) (i32.const 16))
        (memory.copy (i32.const 4) (local.get 0) (i32.const 8))
        (i32.add (memory.grow (i32.const 1)) (memory.size)))",
        &[
            "0004  r3 = acc = const32 #0",
            "0007  r4 = acc = const32 #16",
            "000a  memory.fill m0, r0, r3, r4",
            "000f  r2 = acc = const32 #4",
            "0012  r4 = acc = const32 #8",
            "0015  memory.copy m0, m0, r2, r0, r4",
            "001b  acc = const32 #1",
            "001d  acc = memory.grow m0, acc",
            "001f  r2 = put32 acc",
            "0021  acc = memory.size m0",
            "0023  acc = i32.add acc, r2",
            "0025  return.acc32 acc",
        ],
    );
}

/// A branch of 16 bits cannot reach over 32 KiB of code: an island on the way
/// goes on with 32 bits. So does a branch back to a loop that began too far away.
#[test]
fn far_branches_have_islands() {
    let long = "(i64.store offset=70000 (i32.const 0) (i64.const 0x1234567890))\n".repeat(4_000);
    let module = format!(
        "(module (memory 1) (func (param i32)
            (loop $back
                (block $far
                    (br_if $far (local.get 0))
                    {long}
                    (br_if $far (local.get 0)))
                (br_if $back (local.get 0)))))"
    );
    let text = text_of(&module, 0);
    let lines: Vec<&str> = text.lines().collect();
    let far: Vec<&&str> = lines
        .iter()
        .filter(|line| line.contains("br.far"))
        .collect();
    // One island for the first branch; the other is near; one back to the loop.
    assert_eq!(far.len(), 2, "{far:?}");
    let (_, target) = lines[1].split_once(" -> ").unwrap();
    assert!(lines[1].starts_with("0004  br.nez r0"), "{}", lines[1]);
    assert!(
        far[0].starts_with(&format!("{target}  br.far -> ")),
        "{target}, {far:?}"
    );
    assert!(far[1].contains("br.far -> 0004"), "{far:?}");
}

/// The site map leads from an operation that can trap or call to its instruction.
#[test]
fn sites_are_shown() {
    let module = "(module (memory 1) (func (param i32) (drop (i32.load (local.get 0)))))";
    let text = text_of(module, 0);
    let line = text.lines().find(|line| line.contains("i32.load")).unwrap();
    let bytes = wat::parse_str(module).unwrap();
    // The opcode of `i32.load`, and its alignment.
    let offset = bytes.windows(2).position(|pair| pair == [0x28, 2]).unwrap();
    assert!(
        line.ends_with(&format!("; at {offset:#x}")),
        "{line}, not {offset:#x}"
    );
}

/// A function of another module is written to its end, whatever it is.
#[test]
fn every_function_of_the_programs_can_be_written() {
    for (name, module) in support::modules("guests/wasm") {
        let buffer = support::image_of(&module).unwrap();
        let image = Image::open(buffer.as_bytes()).unwrap();
        for index in 0..image.record_count() {
            let Some(code) = image.code(index) else {
                continue;
            };
            let end = code.operations().last().map(|step| step.end);
            assert_eq!(end, Some(code.units()), "{name}, function {index}");
            let mut text = String::new();
            disassemble(&image, index, &mut text).unwrap();
            assert_eq!(text.lines().count(), 1 + code.operations().count());
        }
    }
}
