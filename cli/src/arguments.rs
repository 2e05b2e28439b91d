//! What stands on the command line.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

/// Runs, compiles, inspects and validates WebAssembly programs.
#[derive(Debug, Parser)]
#[command(name = "thimble", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  thimble run hello.wasm                           runs a program
  thimble run --dir data::/ wc.wasm /notes.txt     lets it see the directory data as /
  thimble run --timeout 2s --max-memory 1M app.wasm
                                                   stops it after two seconds, caps its memory
  thimble run --invoke fib fib.wasm 20             calls an export and prints its results
  thimble compile app.wasm -o app.thm              translates a module to an image
  thimble run app.thm                              runs the image
  thimble inspect --code app.wasm                  shows what it consists of

Exit status:
  the program's own; 134 after a trap, without fuel or out of time; 1 for a file that
  cannot be used; 2 for arguments that cannot be understood";

const RUN_EXAMPLES: &str = "\
Examples:
  thimble run hello.wasm
  thimble run app.thm -v input.txt                 what follows the file is the program's
  thimble run --dir . --env LANG=C wc.wasm README.md
  thimble run --dir data::/ --dir logs::/var/log app.wasm
  thimble run --tcplisten 127.0.0.1:7000 echo-server.wasm
  thimble run --invoke add math.wasm 2 0x10        prints 18
  thimble run --fuel 1000000 --timeout 500ms --max-memory 256K app.wasm
  cat app.wasm | thimble run -";

const COMPILE_EXAMPLES: &str = "\
Examples:
  thimble compile app.wasm                         writes app.thm beside app.wasm
  thimble compile app.wasm -o flash/app.thm --no-names --no-sites
  cat app.wasm | thimble compile - -o app.thm";

const INSPECT_EXAMPLES: &str = "\
Examples:
  thimble inspect app.wasm                         sections, imports, exports, memory, sizes
  thimble inspect --code app.wasm                  WebAssembly beside the internal code
  thimble inspect app.thm";

const VALIDATE_EXAMPLES: &str = "\
Examples:
  thimble validate app.wasm                        ends with 0 if the module is valid
  thimble validate app.thm                         verifies an image from elsewhere";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  thimble completions bash > ~/.local/share/bash-completion/completions/thimble
  thimble completions zsh > ~/.zfunc/_thimble";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs a module or image.
    #[command(
        after_help = RUN_EXAMPLES,
        override_usage = "thimble run [OPTIONS] <FILE> [ARGS]..."
    )]
    Run(RunOptions),
    /// Translates a module to an image.
    #[command(after_help = COMPILE_EXAMPLES)]
    Compile(CompileOptions),
    /// Shows sections, imports, exports, memory and sizes of a module or image.
    #[command(after_help = INSPECT_EXAMPLES)]
    Inspect(InspectOptions),
    /// Checks a module or image without running it.
    #[command(after_help = VALIDATE_EXAMPLES)]
    Validate {
        /// Module or image; `-` is standard input.
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Prints the completions of a shell.
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell to complete in.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub struct RunOptions {
    /// Lets the program use the directory HOST, under the name GUEST or the same name; repeatable.
    #[arg(long = "dir", value_name = "HOST[::GUEST]", value_parser = directory)]
    #[arg(value_hint = ValueHint::DirPath)]
    pub directories: Vec<Directory>,

    /// Sets an environment variable of the program; repeatable.
    #[arg(long = "env", value_name = "NAME=VALUE", value_parser = variable)]
    pub environment: Vec<String>,

    /// Opens a listening socket for the program, as a descriptor behind those of the directories; repeatable.
    #[arg(long = "tcplisten", value_name = "ADDRESS:PORT")]
    pub listeners: Vec<SocketAddr>,

    /// Calls this export with the ARGS as its arguments, and prints its results.
    #[arg(long, value_name = "EXPORT")]
    pub invoke: Option<String>,

    /// Stops the program after so many calls and turns of loops.
    #[arg(long, value_name = "UNITS")]
    pub fuel: Option<u64>,

    /// Stops the program after this time: a number with ms, s or m.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,

    /// Caps the program's memory, in bytes or with the suffix K, M or G.
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub max_memory: Option<u64>,

    /// Caps the program's call stack, in cells of 32 bits.
    #[arg(long, value_name = "CELLS")]
    pub stack: Option<u32>,

    /// How operations are dispatched.
    #[arg(long, hide = true)]
    pub dispatch: Option<Dispatch>,

    /// Calls the invoked export this many times.
    #[arg(long, hide = true, default_value_t = 1, requires = "invoke")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub repeat: u32,

    /// Module or image (`-` is standard input), and the program's arguments.
    #[arg(value_name = "FILE [ARGS]", required = true, trailing_var_arg = true)]
    #[arg(value_hint = ValueHint::FilePath)]
    pub program: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Dispatch {
    /// Each operation jumps to the next.
    Tail,
    /// A loop around all operations.
    Loop,
}

#[derive(Debug, Args)]
pub struct CompileOptions {
    /// The module; `-` is standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Where the image goes; `-` is standard output. The default is FILE with the extension thm.
    #[arg(short, long, value_name = "IMAGE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,

    /// Leaves out the names of functions: backtraces show their numbers.
    #[arg(long)]
    pub no_names: bool,

    /// Leaves out the offsets into the module: backtraces show functions only.
    #[arg(long)]
    pub no_sites: bool,
}

#[derive(Debug, Args)]
pub struct InspectOptions {
    /// Module or image; `-` is standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Shows the internal code of each function, beside its WebAssembly.
    #[arg(long)]
    pub code: bool,
}

/// A directory of the host and its name for the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    pub host: String,
    pub guest: String,
}

fn directory(text: &str) -> Result<Directory, String> {
    let (host, guest) = text.split_once("::").unwrap_or((text, text));
    if host.is_empty() || guest.is_empty() {
        return Err("expected HOST or HOST::GUEST, neither of them empty".into());
    }
    Ok(Directory {
        host: host.into(),
        guest: guest.into(),
    })
}

fn variable(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((name, _)) if !name.is_empty() => Ok(text.into()),
        _ => Err("expected NAME=VALUE".into()),
    }
}

fn bytes(text: &str) -> Result<u64, String> {
    let (number, unit) = number_and_unit(text);
    let shift = match unit {
        "" => 0,
        "K" | "k" => 10,
        "M" | "m" => 20,
        "G" | "g" => 30,
        _ => return Err("expected a number of bytes, or one with the suffix K, M or G".into()),
    };
    let number: u64 = number.parse().map_err(|error| format!("{error}"))?;
    number
        .checked_mul(1 << shift)
        .ok_or_else(|| "number too large".into())
}

fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = number_and_unit(text);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return Err("expected a number with its unit: ms, s or m, such as 500ms".into()),
    };
    let number: u64 = number.parse().map_err(|error| format!("{error}"))?;
    let time = number.checked_mul(milliseconds).ok_or("number too large")?;
    Ok(Duration::from_millis(time))
}

/// Divides a text behind its last leading digit.
fn number_and_unit(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| !character.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> RunOptions {
        let all = ["thimble", "run"].iter().chain(arguments);
        match Arguments::try_parse_from(all).unwrap().command {
            Command::Run(options) => options,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_definition_is_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn what_follows_the_file_is_the_programs() {
        let options = parse(&["--fuel", "7", "a.wasm", "--fuel", "-x", "--", "--help"]);
        assert_eq!(options.fuel, Some(7));
        assert_eq!(options.program, ["a.wasm", "--fuel", "-x", "--", "--help"]);
        assert_eq!(parse(&["-"]).program, ["-"]);
        assert_eq!(parse(&["f.wasm", "-1"]).program, ["f.wasm", "-1"]);
    }

    #[test]
    fn directories_have_one_or_two_names() {
        let both = |host: &str, guest: &str| {
            Ok(Directory {
                host: host.into(),
                guest: guest.into(),
            })
        };
        assert_eq!(directory("data::/"), both("data", "/"));
        assert_eq!(directory("data"), both("data", "data"));
        assert_eq!(directory("a:b"), both("a:b", "a:b"));
        assert!(directory("::/").is_err());
        assert!(directory("data::").is_err());
        assert!(directory("").is_err());
    }

    #[test]
    fn variables_have_a_name() {
        assert_eq!(variable("A=b=c"), Ok("A=b=c".into()));
        assert_eq!(variable("A="), Ok("A=".into()));
        assert!(variable("A").is_err());
        assert!(variable("=b").is_err());
    }

    #[test]
    fn sizes_have_suffixes() {
        assert_eq!(bytes("65536"), Ok(65_536));
        assert_eq!(bytes("64K"), Ok(65_536));
        assert_eq!(bytes("3M"), Ok(3 << 20));
        assert_eq!(bytes("2G"), Ok(2 << 30));
        for bad in [
            "",
            "K",
            "-1",
            "1T",
            "1 K",
            "1.5M",
            "99999999999999999999",
            "17179869184G",
        ] {
            assert!(bytes(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_have_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2s"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("1m"), Ok(Duration::from_secs(60)));
        for bad in ["", "5", "s", "-1s", "1h", "1.5s", "18446744073709551615s"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
