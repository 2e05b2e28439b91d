//! Executes one module on both machines.

use std::collections::BTreeMap;

use thimble::Dispatch;
use wasmparser::{ExternalKind, Parser, Payload};

use crate::outcome::{Inconclusive, Kind, Machine, Outcome, Trap};
use crate::random::Random;
use crate::thimble_machine::ThimbleMachine;
use crate::wasmi_machine::WasmiMachine;
use crate::{arguments, fuel_export, generate};

/// How often each function is called, each time with other arguments.
const ROUNDS: usize = 3;

/// How Thimble executes a module.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Whether the module is loaded back from its image, through the verifier.
    pub image: bool,
    /// The dispatcher.
    pub dispatch: Dispatch,
}

impl Way {
    /// One of the ways, all of which are as frequent.
    pub fn of_seed(seed: u64) -> Self {
        let dispatch = if seed & 16 == 0 {
            Dispatch::Tail
        } else {
            Dispatch::Loop
        };
        Self {
            image: seed & 32 == 0,
            dispatch,
        }
    }
}

/// What was executed and found equal.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Modules whose instantiation ended equally.
    pub modules: usize,
    /// Of these, those with an instance.
    pub instances: usize,
    /// Of these, those with a call that returned.
    pub executed: usize,
    /// Calls that ended equally.
    pub calls: usize,
    /// Of these, those that returned.
    pub returned: usize,
    /// Calls of host functions with equal arguments.
    pub host_calls: usize,
    /// The others, by trap; instantiations that trapped count, too.
    pub traps: BTreeMap<Trap, usize>,
    /// Modules given up because the machines count differently, by reason.
    pub inconclusive: BTreeMap<Inconclusive, usize>,
}

impl Report {
    /// Adds what another report has.
    pub fn merge(&mut self, other: &Self) {
        self.modules += other.modules;
        self.instances += other.instances;
        self.executed += other.executed;
        self.calls += other.calls;
        self.returned += other.returned;
        self.host_calls += other.host_calls;
        for (trap, count) in &other.traps {
            *self.traps.entry(*trap).or_default() += count;
        }
        for (reason, count) in &other.inconclusive {
            *self.inconclusive.entry(*reason).or_default() += count;
        }
    }

    /// Modules that were given up.
    pub fn given_up(&self) -> usize {
        self.inconclusive.values().sum()
    }

    /// Notes how an execution ended on both machines; fails if it is not known
    /// to have ended equally.
    fn note(&mut self, ours: &Outcome, theirs: &Outcome) -> Result<(), Stop> {
        for outcome in [ours, theirs] {
            if let Outcome::Inconclusive(reason) = outcome {
                *self.inconclusive.entry(*reason).or_default() += 1;
                return Err(Stop::Inconclusive);
            }
        }
        if ours != theirs {
            return Err(Stop::Differs(format!(
                "Thimble: {ours:x?}, wasmi: {theirs:x?}"
            )));
        }
        if let Outcome::Trapped(trap) = ours {
            *self.traps.entry(*trap).or_default() += 1;
        }
        Ok(())
    }
}

/// Why the comparison of a module ends.
pub(crate) enum Stop {
    Inconclusive,
    Differs(String),
}

/// Executes a module on both machines. `counts_fuel`: the module counts fuel
/// itself, see [`generate`]. `seed` decides on the arguments.
///
/// # Errors
/// Says what differs.
pub fn compare(module: &[u8], counts_fuel: bool, seed: u64, way: Way) -> Result<Report, String> {
    let mut report = Report::default();
    match run(module, counts_fuel, seed, way, &mut report) {
        Ok(()) | Err(Stop::Inconclusive) => Ok(report),
        Err(Stop::Differs(difference)) => Err(format!("{way:?}: {difference}")),
    }
}

fn run(
    module: &[u8],
    counts_fuel: bool,
    seed: u64,
    way: Way,
    report: &mut Report,
) -> Result<(), Stop> {
    let done = || Outcome::Returned(Vec::new());
    let ours = ThimbleMachine::new(module, !counts_fuel, way);
    let theirs = WasmiMachine::new(module, !counts_fuel);
    let outcome = |ended: Option<&Outcome>| ended.cloned().unwrap_or_else(done);
    report
        .note(
            &outcome(ours.as_ref().err()),
            &outcome(theirs.as_ref().err()),
        )
        .map_err(|stop| match stop {
            Stop::Differs(difference) => Stop::Differs(format!("instantiation: {difference}")),
            Stop::Inconclusive => stop,
        })?;
    report.modules += 1;
    let (Ok(mut ours), Ok(mut theirs)) = (ours, theirs) else {
        return Ok(());
    };
    report.instances += 1;
    let exports = exports(module);
    calls(&exports, counts_fuel, seed, &mut ours, &mut theirs, report)?;
    report.executed += usize::from(report.returned > 0);
    state(&exports, &mut ours, &mut theirs)
}

/// Calls all exported functions.
pub(crate) fn calls(
    exports: &[(String, Kind)],
    counts_fuel: bool,
    seed: u64,
    ours: &mut dyn Machine,
    theirs: &mut dyn Machine,
    report: &mut Report,
) -> Result<(), Stop> {
    let mut random = Random(!seed);
    for _ in 0..ROUNDS {
        for (export, kind) in exports {
            if *kind != Kind::Func {
                continue;
            }
            let params = theirs.params(export);
            let arguments: Vec<_> = params
                .iter()
                .map(|ty| arguments::value(*ty, &mut random))
                .collect();
            let execute = |machine: &mut dyn Machine| {
                if counts_fuel {
                    machine.set_global(fuel_export::NAME, generate::fuel());
                }
                machine.refuel();
                machine.call(export, &arguments)
            };
            let place = |what: String| Stop::Differs(format!("{export:?}({arguments:x?}): {what}"));
            let (mine, other) = (execute(ours), execute(theirs));
            report.note(&mine, &other).map_err(|stop| match stop {
                Stop::Differs(difference) => place(difference),
                Stop::Inconclusive => stop,
            })?;
            let (my_calls, other_calls) = (ours.take_host_calls(), theirs.take_host_calls());
            if my_calls != other_calls {
                return Err(place(format!(
                    "calls of the host: Thimble: {my_calls:x?}, wasmi: {other_calls:x?}"
                )));
            }
            report.calls += 1;
            report.host_calls += my_calls.len();
            report.returned += usize::from(matches!(mine, Outcome::Returned(_)));
        }
    }
    Ok(())
}

/// Compares memories, tables and globals.
pub(crate) fn state(
    exports: &[(String, Kind)],
    ours: &mut dyn Machine,
    theirs: &mut dyn Machine,
) -> Result<(), Stop> {
    for (export, kind) in exports {
        let difference = match kind {
            Kind::Func => None,
            Kind::Memory => {
                let (mine, other) = (ours.memory(export), theirs.memory(export));
                (mine != other).then(|| {
                    let mut pairs = mine.iter().zip(other);
                    let at = pairs.position(|(mine, other)| mine != other);
                    format!(
                        "{} and {} bytes, the first unequal at {at:x?}",
                        mine.len(),
                        other.len()
                    )
                })
            }
            Kind::Table => differ(&ours.table(export), &theirs.table(export)),
            Kind::Global => differ(&ours.global(export), &theirs.global(export)),
        };
        if let Some(difference) = difference {
            return Err(Stop::Differs(format!(
                "{kind:?} {export:?} at the end: {difference}"
            )));
        }
    }
    Ok(())
}

fn differ<T: PartialEq + std::fmt::Debug>(ours: &T, theirs: &T) -> Option<String> {
    (ours != theirs).then(|| format!("Thimble: {ours:x?}, wasmi: {theirs:x?}"))
}

/// What a module exports.
pub(crate) fn exports(module: &[u8]) -> Vec<(String, Kind)> {
    let mut exports = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let Ok(Payload::ExportSection(reader)) = payload else {
            continue;
        };
        for export in reader {
            let export = export.expect("a valid module");
            let kind = match export.kind {
                ExternalKind::Memory => Kind::Memory,
                ExternalKind::Table => Kind::Table,
                ExternalKind::Global => Kind::Global,
                _ => Kind::Func,
            };
            exports.push((export.name.to_string(), kind));
        }
    }
    exports
}
