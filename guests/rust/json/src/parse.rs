//! Parses a JSON text (RFC 8259).

use crate::value::Value;

/// The deepest nesting of arrays and objects: parsing recurses, and the stack is small.
const MAX_DEPTH: u32 = 64;

pub struct Error {
    pub offset: usize,
    pub expected: &'static str,
}

impl Error {
    /// Line and column, both from 1, the column in bytes.
    pub fn position(&self, text: &[u8]) -> (usize, usize) {
        let before = &text[..self.offset];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        (line, column)
    }
}

/// Parses the whole of `text` as one value.
pub fn parse(text: &[u8]) -> Result<Value, Error> {
    let mut parser = Parser { text, offset: 0 };
    let value = parser.value(0)?;
    parser.skip_space();
    if parser.offset < text.len() {
        return parser.expected("the end of the text");
    }
    Ok(value)
}

struct Parser<'text> {
    text: &'text [u8],
    offset: usize,
}

impl Parser<'_> {
    fn expected<T>(&self, expected: &'static str) -> Result<T, Error> {
        Err(Error { offset: self.offset, expected })
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.offset).copied()
    }

    fn accept(&mut self, byte: u8) -> bool {
        let accepted = self.peek() == Some(byte);
        self.offset += usize::from(accepted);
        accepted
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.offset += 1;
        }
    }

    fn value(&mut self, depth: u32) -> Result<Value, Error> {
        self.skip_space();
        match self.peek() {
            Some(b'n') => self.word("null", Value::Null),
            Some(b't') => self.word("true", Value::Boolean(true)),
            Some(b'f') => self.word("false", Value::Boolean(false)),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'[' | b'{') if depth == MAX_DEPTH => self.expected("at most 64 levels of nesting"),
            Some(b'[') => self.array(depth + 1),
            Some(b'{') => self.object(depth + 1),
            _ => self.expected("a value"),
        }
    }

    fn word(&mut self, word: &'static str, value: Value) -> Result<Value, Error> {
        if self.text[self.offset..].starts_with(word.as_bytes()) {
            self.offset += word.len();
            Ok(value)
        } else {
            self.expected(word)
        }
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.offset;
        self.accept(b'-');
        // No digit may follow a leading zero.
        if !self.accept(b'0') {
            self.digits()?;
        }
        if self.accept(b'.') {
            self.digits()?;
        }
        if self.accept(b'e') || self.accept(b'E') {
            let _sign = self.accept(b'+') || self.accept(b'-');
            self.digits()?;
        }
        let digits = &self.text[start..self.offset];
        Ok(Value::Number(digits.iter().map(|byte| *byte as char).collect()))
    }

    fn digits(&mut self) -> Result<(), Error> {
        let start = self.offset;
        while let Some(b'0'..=b'9') = self.peek() {
            self.offset += 1;
        }
        if self.offset == start { self.expected("a digit") } else { Ok(()) }
    }

    fn string(&mut self) -> Result<String, Error> {
        self.offset += 1;
        let mut string = String::new();
        loop {
            let start = self.offset;
            while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.offset += 1;
            }
            match str::from_utf8(&self.text[start..self.offset]) {
                Ok(part) => string.push_str(part),
                Err(error) => {
                    self.offset = start + error.valid_up_to();
                    return self.expected("UTF-8");
                }
            }
            if self.accept(b'"') {
                return Ok(string);
            }
            if !self.accept(b'\\') {
                return self.expected("the end of the string");
            }
            string.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte as char,
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.offset += 1;
                return self.escaped_code_point();
            }
            _ => return self.expected("an escape sequence"),
        };
        self.offset += 1;
        Ok(character)
    }

    /// The digits after `\u`, and a second escape where the first is half of a surrogate pair.
    fn escaped_code_point(&mut self) -> Result<char, Error> {
        let first = self.hexadecimal()?;
        let code_point = if (0xd800..0xdc00).contains(&first) {
            if !(self.accept(b'\\') && self.accept(b'u')) {
                return self.expected("the second half of a surrogate pair");
            }
            let second = self.hexadecimal()?;
            if !(0xdc00..0xe000).contains(&second) {
                return self.expected("the second half of a surrogate pair");
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        match char::from_u32(code_point) {
            Some(character) => Ok(character),
            None => self.expected("a Unicode scalar value"),
        }
    }

    fn hexadecimal(&mut self) -> Result<u32, Error> {
        let mut number = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| (byte as char).to_digit(16)) else {
                return self.expected("a hexadecimal digit");
            };
            number = number * 16 + digit;
            self.offset += 1;
        }
        Ok(number)
    }

    fn array(&mut self, depth: u32) -> Result<Value, Error> {
        self.offset += 1;
        let mut elements = Vec::new();
        self.skip_space();
        if self.accept(b']') {
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(self.value(depth)?);
            self.skip_space();
            if self.accept(b']') {
                return Ok(Value::Array(elements));
            }
            if !self.accept(b',') {
                return self.expected("',' or ']'");
            }
        }
    }

    fn object(&mut self, depth: u32) -> Result<Value, Error> {
        self.offset += 1;
        let mut members = Vec::new();
        self.skip_space();
        if self.accept(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return self.expected("a name");
            }
            let name = self.string()?;
            self.skip_space();
            if !self.accept(b':') {
                return self.expected("':'");
            }
            members.push((name, self.value(depth)?));
            self.skip_space();
            if self.accept(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.accept(b',') {
                return self.expected("',' or '}'");
            }
        }
    }
}
