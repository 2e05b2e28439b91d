//! Traps: why execution of a guest ended early.

macro_rules! traps {
    ($($(#[$doc:meta])* $name:ident = $number:literal $message:literal;)*) => {
        /// Why a guest's execution ended early (section 4.4, "Trap").
        ///
        /// The number of a trap is never 0, and never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Trap { $($(#[$doc])* $name = $number,)* }

        impl Trap {
            /// The message, as the specification's test suite words it.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)* }
            }
        }
    };
}

traps! {
    /// The operator `unreachable` was executed.
    Unreachable = 1 "unreachable";
    /// An access reached outside a linear memory.
    MemoryOutOfBounds = 2 "out of bounds memory access";
    /// An access reached outside a table.
    TableOutOfBounds = 3 "out of bounds table access";
    /// An indirect call named an element outside the table.
    UndefinedElement = 4 "undefined element";
    /// An indirect call named an element that is null.
    UninitializedElement = 5 "uninitialized element";
    /// An indirect call named a function of another type.
    IndirectCallTypeMismatch = 6 "indirect call type mismatch";
    /// An integer was divided by 0.
    IntegerDivideByZero = 7 "integer divide by zero";
    /// The result of a division or conversion does not fit its type.
    IntegerOverflow = 8 "integer overflow";
    /// Not-a-number was converted to an integer.
    InvalidConversionToInteger = 9 "invalid conversion to integer";
    /// The limit of the stack's cells was reached.
    StackOverflow = 10 "call stack exhausted";
    /// The run was stopped by its [`InterruptHandle`](crate::InterruptHandle).
    Interrupted = 11 "interrupted";
    /// The fuel is used up.
    OutOfFuel = 12 "all fuel consumed";
    /// There was no memory for the stack to grow.
    OutOfMemory = 13 "out of memory";
}

impl core::fmt::Display for Trap {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for Trap {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_absence_of_a_trap_takes_no_room() {
        assert_eq!(size_of::<Result<(), Trap>>(), 1);
    }
}
