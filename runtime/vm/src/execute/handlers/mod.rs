//! The body of each operation, and the table from tokens to bodies.

mod call;
mod control;
mod memory;
mod numeric;
mod operands;
mod rare;
mod shared;
mod table;
mod variable;

pub(super) use super::state::{Context, Registers, Step};

/// What an operation does.
pub(super) trait Body {
    /// What is called for what the body leaves ([`Exit::Again`]): all that would make
    /// its handler need native stack.
    ///
    /// [`Exit::Again`]: super::state::Exit::Again
    type Slow: Body;

    /// Whether it may change what registers pin ([`Pinned`](super::state::Pinned)).
    const REFRESHES: bool = false;

    /// The function of an operation that is rarely executed ([`Rare`]), or of what is rare of it.
    const FUNCTION: Option<Function> = None;

    /// Whether that function is all that there is.
    const RARE: bool = false;

    /// Executes the operation whose operands begin at `r.ip`, and leaves `r.ip`
    /// at the next operation.
    fn execute(r: &mut Registers, c: &mut Context) -> Step;
}

/// Defines bodies of operations with a single form.
macro_rules! bodies {
    ($($name:ident |$r:ident, $c:ident| $body:expr;)*) => {$(
        pub(in crate::execute) struct $name;
        impl Body for $name {
            type Slow = $crate::execute::handlers::Absent;

            #[inline(always)]
            #[allow(clippy::used_underscore_binding, reason = "not every body uses both")]
            fn execute($r: &mut Registers, $c: &mut Context) -> Step { $body }
        }
    )*};
}
use bodies;

/// Defines bodies that are rarely executed or long: each is a function of its own, which
/// gets the registers through the context. [`Rare`] calls it.
///
/// A handler that passed the address of a variable of its own to a function
/// could not end in a jump, and every execution of it would take native stack.
macro_rules! outlined {
    ($($name:ident |$r:ident, $c:ident| $body:expr;)*) => {$(
        pub(in crate::execute) struct $name;
        impl $name {
            pub(super) fn outlined($c: &mut Context) -> Step {
                #[inline(always)]
                #[allow(clippy::used_underscore_binding, reason = "not every body uses both")]
                fn body($r: &mut Registers, $c: &mut Context) -> Step {
                    $body
                }
                let mut registers = $c.saved.registers($c);
                let step = body(&mut registers, $c);
                $c.saved = registers.save();
                step
            }
        }
        impl Body for $name {
            type Slow = $crate::execute::handlers::Absent;

            const REFRESHES: bool = true;
            const FUNCTION: Option<$crate::execute::handlers::Function> = Some(Self::outlined);
            const RARE: bool = true;

            #[inline(always)]
            fn execute(r: &mut Registers, c: &mut Context) -> Step {
                $crate::execute::handlers::call(Self::outlined, r, c)
            }
        }
    )*};
}
use outlined;

/// What stands in a table of handlers for a token that no operation has.
pub(super) struct Absent;

impl Body for Absent {
    type Slow = Self;

    fn execute(_: &mut Registers, _: &mut Context) -> Step {
        Err(crate::trap::Trap::Unreachable.into())
    }
}

pub(super) use call::Exit_ as Exit;
pub(super) use call::*;
pub(super) use control::*;
pub(super) use memory::*;
pub(super) use numeric::*;
pub(super) use operands::*;
pub(super) use rare::Rare;
use rare::{Function, call};
pub(super) use shared::{Shared, shares};
pub(super) use table::*;
pub(super) use variable::*;

/// Sets the entries of one row of the table of operations.
macro_rules! set_row {
    ($table:ident binary $name:ident [$($form:ident)*]) => {$(
        set_row!(@ $table $name $form First Binary<semantics::$name, $form, ToAccumulator, { calls(Operation::$name) }>);
        set_row!(@ $table $name $form Second Binary<semantics::$name, $form, ToCell, { calls(Operation::$name) }>);
    )*};
    ($table:ident unary $name:ident [$($form:ident)*]) => {$(
        set_row!(@ $table $name $form First Unary<semantics::$name, $form, ToAccumulator, { calls(Operation::$name) }>);
        set_row!(@ $table $name $form Second Unary<semantics::$name, $form, ToCell, { calls(Operation::$name) }>);
    )*};
    ($table:ident load $name:ident [$($form:ident)*]) => {$(
        set_row!(@ $table $name $form First Load<$name, $form, ToAccumulator>);
        set_row!(@ $table $name $form Second Load<$name, $form, ToCell>);
    )*};
    ($table:ident store $name:ident [$($form:ident)*]) => {$(
        set_row!(@ $table $name $form First Store<$name, $form>);
    )*};
    ($table:ident branch Branch [One]) => {
        set_row!(@ $table Branch One First Branch<Forward>);
        set_row!(@ $table Branch One Second Branch<Backward>);
    };
    ($table:ident branch BranchEqz [$($form:ident)*]) => {$(
        set_row!(@ $table BranchEqz $form First Test<true, $form, Forward>);
        set_row!(@ $table BranchEqz $form Second Test<true, $form, Backward>);
    )*};
    ($table:ident branch BranchNez [$($form:ident)*]) => {$(
        set_row!(@ $table BranchNez $form First Test<false, $form, Forward>);
        set_row!(@ $table BranchNez $form Second Test<false, $form, Backward>);
    )*};
    ($table:ident branch $name:ident [$($form:ident)*]) => {$(
        set_row!(@ $table $name $form First Compare<$name, $form, Forward>);
        set_row!(@ $table $name $form Second Compare<$name, $form, Backward>);
    )*};
    ($table:ident produce $name:ident [One]) => {
        set_row!(@ $table $name One First $name<ToAccumulator>);
        set_row!(@ $table $name One Second $name<ToCell>);
    };
    ($table:ident special $name:ident [One]) => {
        if <$name as Body>::RARE {
            set_row!(@ $table $name One First Rare);
        } else {
            set_row!(@ $table $name One First $name);
        }
    };
    (@ $table:ident $name:ident $form:ident $variant:ident $body:ty) => {
        $table[token(Operation::$name, Form::$form, Variant::$variant)] =
            if SHARE && shares(Operation::$name) {
                handler::<Shared>
            } else {
                handler::<$body>
            };
    };
}
pub(super) use set_row;

/// Defines `table()`: from tokens to `handler::<body>`, of type `Handler`. These
/// two, and `SHARE`, which says whether operations that can share a handler do,
/// are those of the place where this is expanded.
macro_rules! define_table {
    ($($family:ident $name:ident $text:literal $input:ident $output:ident
       [$($form:ident)*] [$($operand:ident)*];)*) => {
        const fn table() -> [Handler; thimble_code::operation::TOKENS as usize] {
            use thimble_code::operation::{Form, Operation, Variant};

            use $crate::execute::handlers::*;
            use $crate::semantics;

            const fn token(operation: Operation, form: Form, variant: Variant) -> usize {
                match operation.token(form, variant) {
                    Some(token) => (token / thimble_code::operation::CELL) as usize,
                    // The compiler evaluates this, and refuses the index.
                    None => usize::MAX,
                }
            }

            let mut table: [Handler; thimble_code::operation::TOKENS as usize] =
                [handler::<Absent>; thimble_code::operation::TOKENS as usize];
            $(set_row!(table $family $name [$($form)*]);)*
            table
        }
    };
}
pub(super) use define_table;
