//! A JSON value.

/// Numbers stay text, so that none loses digits; members keep their order.
pub enum Value {
    Null,
    Boolean(bool),
    Number(String),
    String(String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}
