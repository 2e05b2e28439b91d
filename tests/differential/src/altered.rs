//! Tests that each kind of difference is found: one machine lies about one thing.

use crate::compare::{Report, Stop, calls, exports, state};
use crate::outcome::{HostCall, Machine, Outcome, Trap, Type, Value};
use crate::wasmi_machine::WasmiMachine;

/// What the machine lies about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lie {
    None,
    Result,
    Trap,
    HostCall,
    Memory,
    Table,
    Global,
}

struct Liar {
    machine: WasmiMachine,
    lie: Lie,
    memory: Vec<u8>,
}

impl Machine for Liar {
    fn call(&mut self, export: &str, arguments: &[Value]) -> Outcome {
        let outcome = self.machine.call(export, arguments);
        match (self.lie, outcome) {
            (Lie::Result, Outcome::Returned(values)) if !values.is_empty() => {
                Outcome::Returned(vec![Value::I32(-77)])
            }
            (Lie::Trap, Outcome::Trapped(_)) => Outcome::Trapped(Trap::SignatureMismatch),
            (_, outcome) => outcome,
        }
    }

    fn params(&self, export: &str) -> Vec<Type> {
        self.machine.params(export)
    }

    fn take_host_calls(&mut self) -> Vec<HostCall> {
        let mut calls = self.machine.take_host_calls();
        if self.lie == Lie::HostCall {
            calls.pop();
        }
        calls
    }

    fn memory(&self, export: &str) -> &[u8] {
        if self.lie == Lie::Memory {
            &self.memory
        } else {
            self.machine.memory(export)
        }
    }

    fn table(&mut self, export: &str) -> Vec<Value> {
        let mut elements = self.machine.table(export);
        if self.lie == Lie::Table {
            elements[1] = Value::Func(true);
        }
        elements
    }

    fn global(&mut self, export: &str) -> Value {
        if self.lie == Lie::Global {
            Value::I32(4)
        } else {
            self.machine.global(export)
        }
    }

    fn set_global(&mut self, export: &str, value: i32) {
        self.machine.set_global(export, value);
    }

    fn refuel(&mut self) {
        self.machine.refuel();
    }
}

/// Whether an execution differs from that of a machine that lies.
fn differs(lie: Lie) -> bool {
    let module = wat::parse_str(
        r#"(module
            (import "host" "mix" (func $mix (param i32 i64) (result i64)))
            (memory (export "memory") 1)
            (table (export "table") 3 funcref)
            (global (export "global") (mut i32) (i32.const 3))
            (func (export "add") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
            (func (export "host") (drop (call $mix (i32.const 1) (i64.const 2))))
            (func (export "trap") (unreachable)))"#,
    );
    let module = module.expect("a module in text form");
    let machine = || WasmiMachine::new(&module, true).expect("an instance");
    let mut memory = machine().memory("memory").to_vec();
    memory[65_535] = 1;
    let (mut liar, mut honest) = (
        Liar {
            machine: machine(),
            lie,
            memory,
        },
        machine(),
    );
    let exports = exports(&module);
    let mut report = Report::default();
    let result = calls(&exports, false, 1, &mut liar, &mut honest, &mut report)
        .and_then(|()| state(&exports, &mut liar, &mut honest));
    assert_eq!(report.given_up(), 0);
    matches!(result, Err(Stop::Differs(_)))
}

#[test]
fn every_kind_of_difference_is_found() {
    assert!(!differs(Lie::None));
    for lie in [
        Lie::Result,
        Lie::Trap,
        Lie::HostCall,
        Lie::Memory,
        Lie::Table,
        Lie::Global,
    ] {
        assert!(differs(lie), "{lie:?}");
    }
}
