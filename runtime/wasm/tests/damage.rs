//! Damaged streams: an error with an offset, whatever the pieces they come in.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Pieces, everything, function, leb128, module, refusal, report};
use thimble_wasm::{ErrorKind, Limits, Source, SourceError, decode, validate};

#[test]
fn pieces_do_not_matter() {
    let whole = everything();
    for piece in [1, 2, 3, 100, 1000] {
        assert_eq!(report(&whole, piece, &mut ()), Ok(()));
    }
    for place in 0..whole.len() {
        for value in [0x00, 0x01, 0x0b, 0x40, 0x7f, 0x80, 0xff] {
            let mut damaged = whole.clone();
            damaged[place] = value;
            assert_eq!(report(&damaged, 1, &mut ()), validate(&damaged));
        }
    }
}

#[test]
fn truncated() {
    let whole = everything();
    // Without the sections after the code the module is complete, but for data.
    for length in 0..whole.len() {
        let error = match validate(&whole[..length]) {
            Err(error) => error,
            // The custom section at the end may be missing.
            Ok(()) if length == whole.len() - 13 => continue,
            // The header alone is a module, and so are sections without code.
            Ok(()) if length < 80 => continue,
            Ok(()) => panic!("accepted {length} bytes"),
        };
        assert_eq!(error.kind(), ErrorKind::Malformed, "{length}: {error}");
        assert!(error.offset() <= length as u64);
        assert_eq!(report(&whole[..length], 1, &mut ()), Err(error));
    }
}

#[test]
fn header() {
    assert_eq!(refusal(b""), ("unexpected end", 0));
    assert_eq!(refusal(b"\0as"), ("unexpected end", 3));
    assert_eq!(
        refusal(b"\0asn\x01\0\0\0"),
        ("magic header not detected", 0)
    );
    assert_eq!(refusal(b"\0asm\x02\0\0\0"), ("unknown binary version", 4));
    // A component, of the component model.
    assert_eq!(refusal(b"\0asm\x0d\0\x01\0"), ("unknown binary version", 4));
}

#[test]
fn integers() {
    // i32.const, drop
    let constant = |bytes: &[u8]| {
        let mut body = vec![0, 0x41];
        body.extend_from_slice(bytes);
        body.extend_from_slice(&[0x1a, 0x0b]);
        validate(&function(&body)).map_err(|error| error.message())
    };
    assert_eq!(constant(&[0x80, 0x80, 0x80, 0x80, 0x78]), Ok(()));
    assert_eq!(constant(&[0xff, 0xff, 0xff, 0xff, 0x07]), Ok(()));
    assert_eq!(constant(&[0xff, 0xff, 0xff, 0xff, 0x7f]), Ok(()));
    assert_eq!(constant(&[0x80, 0x80, 0x80, 0x80, 0x00]), Ok(()));
    assert_eq!(
        constant(&[0xff, 0xff, 0xff, 0xff, 0x0f]),
        Err("integer too large")
    );
    assert_eq!(
        constant(&[0x80, 0x80, 0x80, 0x80, 0x70]),
        Err("integer too large")
    );
    assert_eq!(
        constant(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x00]),
        Err("integer representation too long")
    );
    // The offset is that of the integer.
    let long = module(&[(1, &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00])]);
    assert_eq!(refusal(&long), ("integer representation too long", 10));
    let large = module(&[(1, &[0xff, 0xff, 0xff, 0xff, 0x1f])]);
    assert_eq!(refusal(&large), ("integer too large", 10));
}

#[test]
fn names() {
    let custom = |name: &[u8]| {
        let mut contents = leb128(name.len() as u64);
        contents.extend_from_slice(name);
        module(&[(0, &contents)])
    };
    assert_eq!(validate(&custom("naïve".as_bytes())), Ok(()));
    assert_eq!(refusal(&custom(b"\xff")), ("malformed UTF-8 encoding", 11));
    assert_eq!(
        refusal(&custom(b"\xed\xa0\x80")),
        ("malformed UTF-8 encoding", 11)
    );
    assert_eq!(
        refusal(&custom(b"ab\xc3")),
        ("malformed UTF-8 encoding", 11)
    );
    // Longer than its section.
    assert_eq!(
        refusal(&module(&[(0, b"\x09abc")])),
        ("length out of bounds", 10)
    );
    assert_eq!(refusal(&custom(&[b'a'; 5000])), ("name too long", 11));
}

#[test]
fn name_section_is_not_needed() {
    for contents in [
        &b"\x04name\x01"[..],
        b"\x04name\x01\xff\xff\xff\xff\xff\xff",
        b"\x04name\x01\x04\xff\xff\xff\x7f",
        b"\x04name\x01\x04\x01\x00\x01\xff",
    ] {
        assert_eq!(validate(&module(&[(0, contents)])), Ok(()));
    }
}

#[test]
fn section_order() {
    let twice = module(&[(1, &[0]), (1, &[0])]);
    assert_eq!(
        refusal(&twice),
        ("unexpected content after last section", 11)
    );
    let late = module(&[(12, &[0]), (9, &[0])]);
    assert_eq!(
        refusal(&late),
        ("unexpected content after last section", 11)
    );
    assert_eq!(refusal(&module(&[(13, &[0])])), ("malformed section id", 8));
    assert_eq!(
        refusal(&module(&[(1, &[0, 0])])),
        ("section size mismatch", 11)
    );
}

#[test]
fn source_that_fails() {
    struct Broken(usize);
    impl Source for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SourceError> {
            self.0 = self.0.checked_sub(1).ok_or(SourceError)?;
            buffer[0] = b"\0asm\x01\0\0\0"[7 - self.0];
            Ok(1)
        }
    }
    let error = decode(&mut Broken(8), &Limits::DEFAULT, &mut ()).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Source, 8));
}

/// A source that claims to have written more than there was room for.
#[test]
fn source_that_lies() {
    struct Liar;
    impl Source for Liar {
        fn read(&mut self, _: &mut [u8]) -> Result<usize, SourceError> {
            Ok(usize::MAX)
        }
    }
    let error = decode(&mut Liar, &Limits::DEFAULT, &mut ()).unwrap_err();
    assert_eq!(error.message(), "magic header not detected");
}

#[test]
fn a_stream_without_end_is_left() {
    let mut stream = Pieces(b"\0asm\x01\0\0\0\x00\xff\xff\xff\xff\x0f\x01x", 5);
    let error = decode(&mut stream, &Limits::DEFAULT, &mut ()).unwrap_err();
    assert_eq!((error.message(), error.offset()), ("unexpected end", 16));
}
