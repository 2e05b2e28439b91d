//! The `thimble` command: run, compile, inspect and validate WebAssembly programs.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a command on a host may abort when memory runs out"
)]

mod arguments;
mod compile;
mod input;
mod inspect;
mod report;
mod run;
mod types;
mod validate;
mod values;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command};
use report::Failure;

fn main() -> ExitCode {
    // Usage errors end the process with status 2, help with 0.
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Run(options) => run::run(&options),
        Command::Compile(options) => compile::compile(&options),
        Command::Inspect(options) => inspect::inspect(&options),
        Command::Validate { file } => validate::validate(&file),
        Command::Completions { shell } => completions(shell),
    };
    match result {
        Ok(status) => status,
        Err(failure) => failure.report(),
    }
}

/// Prints what a shell needs to complete the command's arguments.
fn completions(shell: clap_complete::Shell) -> Result<ExitCode, Failure> {
    // Into memory first: the generator panics when it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "thimble", &mut script);
    report::print(&String::from_utf8_lossy(&script))
}
