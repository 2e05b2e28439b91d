//! What can be seen of an execution, in terms that both machines share.

/// A value. Functions can be compared only in whether they are null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    I32(i32),
    I64(i64),
    /// Bits of an f32.
    F32(u32),
    /// Bits of an f64.
    F64(u64),
    /// Whether a function is there.
    Func(bool),
    /// The number of a reference of the host's.
    Extern(Option<u32>),
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    I32,
    I64,
    F32,
    F64,
    Func,
    Extern,
}

/// Why an execution ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trap {
    Unreachable,
    MemoryOutOfBounds,
    /// Also an element beyond the table's end in an indirect call.
    TableOutOfBounds,
    NullElement,
    SignatureMismatch,
    DivisionByZero,
    IntegerOverflow,
    InvalidConversion,
}

/// Why nothing can be said about an execution: the machines count differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Inconclusive {
    OutOfFuel,
    StackOverflow,
    /// wasmi refuses the module, or panics over it.
    Refused,
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Returned(Vec<Value>),
    Trapped(Trap),
    Inconclusive(Inconclusive),
}

/// A call of a host function: its number and its arguments.
pub type HostCall = (usize, Vec<Value>);

/// What a module exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Func,
    Memory,
    Table,
    Global,
}

/// Thimble or wasmi, with one instance.
pub trait Machine {
    /// Calls an exported function.
    fn call(&mut self, export: &str, arguments: &[Value]) -> Outcome;
    /// Types of parameters of an exported function.
    fn params(&self, export: &str) -> Vec<Type>;
    /// Takes the calls of host functions since it was last asked.
    fn take_host_calls(&mut self) -> Vec<HostCall>;
    /// The bytes of an exported memory.
    fn memory(&self, export: &str) -> &[u8];
    /// The elements of an exported table.
    fn table(&mut self, export: &str) -> Vec<Value>;
    /// The value of an exported global.
    fn global(&mut self, export: &str) -> Value;
    /// Sets an exported global of type i32.
    fn set_global(&mut self, export: &str, value: i32);
    /// Gives fuel for the next call, if the machine meters fuel.
    fn refuel(&mut self);
}
