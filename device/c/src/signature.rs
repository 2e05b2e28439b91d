//! The types of a function, as a text: `(iI)f`.

use thimble::{FuncType, ValueType};

use crate::abi::MAX_VALUES;
use crate::error::{Failure, Kind};

const MALFORMED: Failure = Failure::new(Kind::InvalidArgument, "not a signature");
const LONG: Failure = Failure::new(
    Kind::InvalidArgument,
    "a signature has more than 16 parameters or results",
);

/// A row of types.
#[derive(Clone, Copy)]
struct Types {
    types: [ValueType; MAX_VALUES],
    count: usize,
}

impl Types {
    fn new(letters: &str) -> Result<Self, Failure> {
        let mut types = [ValueType::I32; MAX_VALUES];
        if letters.len() > types.len() {
            return Err(LONG);
        }
        for (place, letter) in types.iter_mut().zip(letters.bytes()) {
            *place = match letter {
                b'i' => ValueType::I32,
                b'I' => ValueType::I64,
                b'f' => ValueType::F32,
                b'F' => ValueType::F64,
                _ => return Err(MALFORMED),
            };
        }
        Ok(Self {
            types,
            count: letters.len(),
        })
    }

    fn as_slice(&self) -> &[ValueType] {
        self.types.get(..self.count).unwrap_or_default()
    }
}

/// The types of a function.
#[derive(Clone, Copy)]
pub(crate) struct Signature {
    params: Types,
    results: Types,
}

impl Signature {
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let (params, results) = text
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .ok_or(MALFORMED)?;
        Ok(Self {
            params: Types::new(params)?,
            results: Types::new(results)?,
        })
    }

    pub(crate) fn params(&self) -> &[ValueType] {
        self.params.as_slice()
    }

    pub(crate) fn results(&self) -> &[ValueType] {
        self.results.as_slice()
    }

    pub(crate) fn is(&self, ty: &FuncType<'_>) -> bool {
        ty.params().eq(self.params().iter().copied())
            && ty.results().eq(self.results().iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_types() {
        let signature = Signature::parse("(iIfF)Fi").map_err(Failure::status);
        let signature = signature.unwrap();
        use ValueType::{F32, F64, I32, I64};
        assert_eq!(signature.params(), [I32, I64, F32, F64]);
        assert_eq!(signature.results(), [F64, I32]);
        let empty = Signature::parse("()").map_err(Failure::status).unwrap();
        assert!(empty.params().is_empty() && empty.results().is_empty());
        assert!(Signature::parse("(iiiiiiiiiiiiiiii)").is_ok());
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        for text in [
            "",
            "i",
            "(",
            ")",
            "(i",
            "i)i",
            "(x)",
            "()x",
            "( i)",
            "(i)(i)",
            "(ä)",
            "(iiiiiiiiiiiiiiiii)",
            "()iiiiiiiiiiiiiiiii",
        ] {
            assert!(Signature::parse(text).is_err(), "{text}");
        }
    }
}
