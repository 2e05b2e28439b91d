//! What the translator makes of small functions, as text.

// Runs on a developer's machine, where an allocation that fails may abort.
#![allow(clippy::unwrap_used, clippy::panic)]

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

#[test]
fn show() {
    let text = include_str!("support/victim.wat").replace("FILL", "");
    println!("{}", text_of(&text, 8));
    for module in [
        "(module (memory 1) (func (param i32 i32) (result i32) (local $sum i32)
            (loop $l
                (local.set $sum (i32.add (local.get $sum) (i32.load8_u offset=4 (local.get 0))))
                (br_if $l (i32.lt_s (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (local.get 1))))
            (local.get $sum)))",
    ] {
        println!("{}", text_of(module, 0));
    }
}
