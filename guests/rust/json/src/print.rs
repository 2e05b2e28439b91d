//! Prints a value, indented by two spaces a level.

use crate::value::Value;

pub fn print(value: &Value, indentation: usize, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Boolean(true) => text.push_str("true"),
        Value::Boolean(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(number),
        Value::String(string) => print_string(string, text),
        Value::Array(elements) if elements.is_empty() => text.push_str("[]"),
        Value::Array(elements) => {
            text.push('[');
            for (position, element) in elements.iter().enumerate() {
                separate(position, indentation + 2, text);
                print(element, indentation + 2, text);
            }
            end_line(indentation, text);
            text.push(']');
        }
        Value::Object(members) if members.is_empty() => text.push_str("{}"),
        Value::Object(members) => {
            text.push('{');
            for (position, (name, value)) in members.iter().enumerate() {
                separate(position, indentation + 2, text);
                print_string(name, text);
                text.push_str(": ");
                print(value, indentation + 2, text);
            }
            end_line(indentation, text);
            text.push('}');
        }
    }
}

fn separate(position: usize, indentation: usize, text: &mut String) {
    if position > 0 {
        text.push(',');
    }
    end_line(indentation, text);
}

fn end_line(indentation: usize, text: &mut String) {
    text.push('\n');
    for _ in 0..indentation {
        text.push(' ');
    }
}

fn print_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if (control as u32) < 0x20 => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                text.push_str("\\u00");
                text.push(DIGITS[control as usize >> 4] as char);
                text.push(DIGITS[control as usize & 15] as char);
            }
            other => text.push(other),
        }
    }
    text.push('"');
}
