//! What `cargo xtask twister` is told.

use crate::Result;
use crate::twister::ARGUMENTS;

#[derive(Debug, Default)]
pub struct Options {
    pub wide: bool,
    pub quick: bool,
    pub footprint: bool,
    pub results: bool,
    /// Those that twister's own option names: they are of several toolchains, and each goes to the run with its own.
    pub boards: Vec<String>,
    /// What is handed on.
    pub twister: Vec<String>,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--wide" => options.wide = true,
                "--quick" => options.quick = true,
                "--footprint" => options.footprint = true,
                "--results" => options.results = true,
                "--" => options.hand_on(arguments.by_ref())?,
                other => {
                    return Err(format!(
                        "no option {other}; usage: cargo xtask twister {ARGUMENTS}"
                    ));
                }
            }
        }
        Ok(options)
    }

    fn hand_on<'a>(&mut self, mut arguments: impl Iterator<Item = &'a String>) -> Result<()> {
        while let Some(argument) = arguments.next() {
            if argument == "-p" || argument == "--platform" {
                let board = arguments
                    .next()
                    .ok_or_else(|| format!("{argument} without a board"))?;
                self.boards.push(board.clone());
            } else if let Some(board) = argument.strip_prefix("--platform=") {
                self.boards.push(board.to_owned());
            } else {
                self.twister.push(argument.clone());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(arguments: &[&str]) -> Result<Options, String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Options::parse(&arguments)
    }

    #[test]
    fn hands_on_what_follows_two_dashes() {
        let options = parse(&["--wide", "--", "-s", "--quick"]).unwrap();
        assert!(options.wide && !options.quick && !options.footprint);
        assert_eq!(options.twister, ["-s", "--quick"]);
    }

    #[test]
    fn keeps_boards_from_what_is_handed_on() {
        let options = parse(&["--", "-p", "a", "-v", "--platform", "b/c", "--platform=d"]).unwrap();
        assert_eq!(options.boards, ["a", "b/c", "d"]);
        assert_eq!(options.twister, ["-v"]);
        assert!(parse(&["--", "-p"]).is_err());
    }

    #[test]
    fn refuses_an_unknown_option() {
        for option in ["wide", "--narrow", "-s"] {
            assert!(parse(&[option]).is_err(), "{option}");
        }
    }
}
