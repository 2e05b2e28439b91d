//! Chooses a C toolchain for the boards of an architecture, from what is installed.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, target_directory};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// A process of the computer that builds it.
    Native,
    Arm,
    Arm64,
    RiscV32,
    RiscV64,
}

/// How Zephyr's build is told which compiler to take.
#[derive(PartialEq, Eq, Debug)]
pub enum Toolchain {
    /// As the environment says, or Zephyr's own SDK, which the build finds by itself.
    AsItIs,
    Host,
    /// Arm's bare-metal compiler below this directory.
    GnuArm(PathBuf),
    /// Any compiler, by the part of its path that its tools share.
    Cross(String),
}

impl Toolchain {
    /// A name for a directory.
    pub fn name(&self) -> &str {
        match self {
            Self::AsItIs => "sdk",
            Self::Host => "host",
            Self::GnuArm(_) => "gnuarmemb",
            Self::Cross(prefix) => prefix
                .rsplit('/')
                .next()
                .unwrap_or(prefix)
                .trim_end_matches('-'),
        }
    }

    /// Sets what the build reads.
    pub fn apply(&self, twister: &mut Command) {
        match self {
            Self::AsItIs => {}
            Self::Host => {
                twister.env("ZEPHYR_TOOLCHAIN_VARIANT", "host");
            }
            Self::GnuArm(directory) => {
                twister
                    .env("ZEPHYR_TOOLCHAIN_VARIANT", "gnuarmemb")
                    .env("GNUARMEMB_TOOLCHAIN_PATH", directory);
            }
            Self::Cross(prefix) => {
                twister
                    .env("ZEPHYR_TOOLCHAIN_VARIANT", "cross-compile")
                    .env("CROSS_COMPILE", prefix)
                    // Zephyr is not kept free of the warnings of compilers that it does not know.
                    // What is ours is compiled for the other boards too, where they are errors.
                    .arg("--disable-warnings-as-errors");
            }
        }
    }
}

/// The toolchain for an architecture, or why there is none.
pub fn find(architecture: Architecture) -> Result<Toolchain, String> {
    let variant = env::var("ZEPHYR_TOOLCHAIN_VARIANT").unwrap_or_default();
    let serves_all = !matches!(
        variant.as_str(),
        "" | "gnuarmemb" | "cross-compile" | "host"
    );
    if serves_all || (variant.is_empty() && has_sdk()) {
        return Ok(Toolchain::AsItIs);
    }
    match architecture {
        // The build takes the host's compiler for these boards whatever it is told, so they can go
        // with others.
        Architecture::Native => Ok(find(Architecture::Arm).unwrap_or(Toolchain::Host)),
        Architecture::Arm => {
            let given = env::var_os("GNUARMEMB_TOOLCHAIN_PATH")
                .map(|directory| PathBuf::from(directory).join("bin/arm-none-eabi-gcc"));
            let compiler = search(architecture, given)?;
            let directory = compiler.ancestors().nth(2).unwrap_or(Path::new("/"));
            Ok(Toolchain::GnuArm(directory.to_path_buf()))
        }
        Architecture::Arm64 | Architecture::RiscV32 | Architecture::RiscV64 => {
            let given = env::var("CROSS_COMPILE")
                .ok()
                .map(|prefix| PathBuf::from(format!("{prefix}gcc")));
            let compiler = search(architecture, given)?;
            let path = compiler.to_string_lossy();
            Ok(Toolchain::Cross(path.trim_end_matches("gcc").to_owned()))
        }
    }
}

/// Where Zephyr's build looks for its SDK when it is told nothing.
fn has_sdk() -> bool {
    if env::var_os("ZEPHYR_SDK_INSTALL_DIR").is_some() {
        return true;
    }
    let mut places: Vec<PathBuf> = ["/usr", "/usr/local", "/opt"].map(PathBuf::from).into();
    if let Some(home) = env::home_dir() {
        if home.join(".cmake/packages/Zephyr-sdk").is_dir() {
            return true;
        }
        places.extend(["", ".local", ".local/opt", "bin"].map(|place| home.join(place)));
    }
    places
        .iter()
        .filter_map(|place| fs::read_dir(place).ok())
        .flatten()
        .filter_map(Result::ok)
        .any(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with("zephyr-sdk-")
        })
}

impl Architecture {
    /// The names that its compilers have.
    fn compilers(self) -> &'static [&'static str] {
        match self {
            Self::Native => &["gcc"],
            Self::Arm => &["arm-none-eabi-gcc"],
            Self::Arm64 => &[
                "aarch64-none-elf-gcc",
                "aarch64-elf-gcc",
                "aarch64-linux-gnu-gcc",
            ],
            Self::RiscV32 | Self::RiscV64 => &[
                "riscv64-unknown-elf-gcc",
                "riscv-none-elf-gcc",
                "riscv64-elf-gcc",
            ],
        }
    }

    /// The options that Zephyr gives the compiler for the boards of the set.
    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Native => &[],
            Self::Arm => &["-mcpu=cortex-m3", "-mthumb"],
            Self::Arm64 => &["-mcpu=cortex-a53", "-static"],
            Self::RiscV32 => &["-march=rv32ima_zicsr_zifencei", "-mabi=ilp32"],
            Self::RiscV64 => &[
                "-march=rv64ima_zicsr_zifencei",
                "-mabi=lp64",
                "-mcmodel=medany",
            ],
        }
    }
}

/// The first compiler that can build for the architecture.
fn search(architecture: Architecture, given: Option<PathBuf>) -> Result<PathBuf, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let directories: Vec<PathBuf> = env::split_paths(&path).collect();
    let names = architecture.compilers();
    let in_path = names.iter().flat_map(|name| {
        directories
            .iter()
            .map(move |directory| directory.join(name))
    });
    let mut unfit = Vec::new();
    for compiler in given.into_iter().chain(in_path) {
        let known = compiler
            .file_name()
            .is_some_and(|name| names.iter().any(|known| name == *known));
        if !known || !compiler.is_file() {
            continue;
        }
        if links(&compiler, architecture) {
            return Ok(compiler);
        }
        unfit.push(compiler.display().to_string());
    }
    let mut reason = format!(
        "no toolchain: neither Zephyr's SDK nor {}",
        names.join(" nor ")
    );
    if !unfit.is_empty() {
        reason += &format!(
            " ({} cannot link a bare-metal program for this board)",
            unfit.join(", ")
        );
    }
    Err(reason)
}

/// Needs the compiler's own library, of the right kind, and atomics that need no system: a compiler may come
/// without either.
const PROGRAM: &str = "\
int counter;
long long quotient(long long a, long long b) { return a / b; }
int main(void) { return __atomic_fetch_add(&counter, (int)quotient(counter, 3), 5); }
";

fn links(compiler: &Path, architecture: Architecture) -> bool {
    let linked = || -> crate::Result<()> {
        let directory = target_directory()?.join("twister");
        fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
        let source = directory.join("toolchain.c");
        fs::write(&source, PROGRAM).map_err(|error| error.to_string())?;
        let mut link = Command::new(compiler);
        link.args(architecture.options())
            .args(["-ffreestanding", "-nostdlib", "-Wl,-e,main"])
            .arg(&source)
            .args(["-lgcc", "-o"])
            .arg(directory.join("toolchain.elf"));
        process::output(&mut link).map(drop)
    };
    linked().is_ok()
}

#[cfg(test)]
mod tests {
    use super::Toolchain;

    #[test]
    fn names_the_directory_after_the_compiler() {
        let toolchain = Toolchain::Cross("/opt/x-1/bin/riscv64-unknown-elf-".into());
        assert_eq!(toolchain.name(), "riscv64-unknown-elf");
    }
}
