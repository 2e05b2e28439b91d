//! What handlers in assembler jump to for a trap, with `r0` at the token of the operation.

use crate::execute::handlers::{Absent, Body, Context, Registers, Step};
use crate::trap::Trap;

macro_rules! traps {
    ($($(#[$doc:meta])* $name:ident |$c:ident| $exit:expr;)*) => {$(
        $(#[$doc])*
        pub(super) struct $name;

        impl Body for $name {
            type Slow = Absent;

            #[inline(always)]
            fn execute(_: &mut Registers, $c: &mut Context) -> Step {
                Err($exit)
            }
        }
    )*};
}

traps! {
    OutOfBounds |_c| Trap::MemoryOutOfBounds.into();
    DivideByZero |_c| Trap::IntegerDivideByZero.into();
    Overflow |_c| Trap::IntegerOverflow.into();
    /// A function has noted the trap in the context.
    Noted |c| c.exit;
}
