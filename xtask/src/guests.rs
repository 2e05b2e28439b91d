//! Rebuilds `guests/wasm` from `guests/rust` (by rustc, for `wasm32-wasip1`) and `guests/c` (by `zig cc`).

mod sections;
mod small;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::process::{self, cargo, root, target_directory};
use sections::{HEADER, sections};

/// The release of the PyPI package `ziglang`; another one may emit other bytes.
const ZIGLANG: &str = "ziglang==0.17.0";

/// C programs that bring their own `_start` and use no C library.
const FREESTANDING: &[&str] = &["blink", "hello-freestanding", "sort"];

pub fn run() -> Result<()> {
    let guests = root()?.join("guests");
    let output = guests.join("wasm");
    let small = output.join("small");
    // A program whose source was removed must not stay behind.
    for directory in [&output, &small] {
        for path in files(directory, "wasm")? {
            fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    let rust = build_rust(&guests.join("rust"), &output)?;
    let python = python_with_zig()?;
    build_c(&python, &guests.join("c"), &output, &rust)?;
    build_small(&python, &guests.join("c/small"), &small)
}

/// Builds every Rust program and returns their names.
fn build_rust(sources: &Path, output: &Path) -> Result<BTreeSet<String>> {
    let target_directory = target_directory()?.join("guests");
    // The target and its flags come from .cargo/config.toml beside the sources, which cargo finds from there.
    let mut build = cargo()?;
    build
        .current_dir(sources)
        .args(["build", "--release", "--locked", "--target-dir"])
        .arg(&target_directory)
        // Flags meant for the host would replace those of config.toml.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    process::run(&mut build)?;

    let mut names = BTreeSet::new();
    for path in files(&target_directory.join("wasm32-wasip1/release"), "wasm")? {
        let name = stem(&path)?;
        // The directory may hold a program whose source is gone.
        if sources.join(&name).is_dir() {
            install(&path, &output.join(format!("{name}.wasm")))?;
            names.insert(name);
        }
    }
    Ok(names)
}

/// Builds every C program; one that exists in Rust too is told apart by the suffix `-c`.
fn build_c(python: &Path, sources: &Path, output: &Path, rust: &BTreeSet<String>) -> Result<()> {
    let built = made(target_directory()?.join("guests/c"))?;
    for source in files(sources, "c")? {
        let name = stem(&source)?;
        let module = built.join(format!("{name}.wasm"));
        let mut compile = compiler(python);
        compile.arg("-Wl,-z,stack-size=16384");
        if FREESTANDING.contains(&name.as_str()) {
            compile.args(["-nostdlib", "-Wl,--no-entry"]);
        }
        compile.arg("-o").arg(&module).arg(&source);
        process::run(&mut compile)?;

        let suffix = if rust.contains(&name) { "-c" } else { "" };
        install(&module, &output.join(format!("{name}{suffix}.wasm")))?;
    }
    Ok(())
}

/// Builds the programs for devices without room for a page, each with a memory as large as what it needs.
fn build_small(python: &Path, sources: &Path, output: &Path) -> Result<()> {
    let built = made(target_directory()?.join("guests/small"))?;
    for source in files(sources, "c")? {
        let module = built.join(format!("{}.wasm", stem(&source)?));
        let mut compile = compiler(python);
        compile
            .args(["-ffreestanding", "-nostdlib"])
            .args(["-Wl,--no-entry", "-Wl,-z,stack-size=512"])
            .arg("-Wl,--export=__heap_base")
            .arg("-o")
            .arg(&module)
            .arg(&source);
        process::run(&mut compile)?;

        let bytes = fs::read(&module).map_err(|error| format!("{}: {error}", module.display()))?;
        let small = small::with_small_memory(&bytes);
        let (small, memory) = small.map_err(|error| format!("{}: {error}", source.display()))?;
        fs::write(&module, small).map_err(|error| format!("{}: {error}", module.display()))?;
        install(
            &module,
            &output.join(module.file_name().unwrap_or_default()),
        )?;
        println!("{memory:>17} bytes of memory");
    }
    Ok(())
}

/// The compiler, with what all programs in C are compiled with.
fn compiler(python: &Path) -> Command {
    let mut compile = Command::new(python);
    compile
        .args(["-m", "ziglang", "cc", "-target", "wasm32-wasi", "-Oz"])
        .args(["-Wall", "-Wextra", "-Werror", "-fno-sanitize=undefined"])
        // Without it the linker drops the name section too; `install` removes the rest again.
        .arg("-g");
    compile
}

fn made(directory: PathBuf) -> Result<PathBuf> {
    fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    Ok(directory)
}

/// The Python of a virtual environment with the compiler in it.
fn python_with_zig() -> Result<PathBuf> {
    let environment = target_directory()?.join("ziglang");
    let python = environment.join("bin/python");
    if !python.exists() {
        process::run(
            Command::new("python3")
                .args(["-m", "venv"])
                .arg(&environment),
        )?;
    }
    process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", ZIGLANG]))?;
    Ok(python)
}

/// Writes the module without its debug sections, which are a hundred times larger than the program.
fn install(from: &Path, to: &Path) -> Result<()> {
    let module = fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
    let stripped = without_debug_sections(&module)
        .ok_or_else(|| format!("{}: not a WebAssembly module", from.display()))?;
    fs::write(to, &stripped).map_err(|error| format!("{}: {error}", to.display()))?;
    println!(
        "{:>8} {}",
        stripped.len(),
        to.file_name().unwrap_or_default().to_string_lossy()
    );
    Ok(())
}

fn without_debug_sections(module: &[u8]) -> Option<Vec<u8>> {
    let mut kept = module.get(..HEADER)?.to_vec();
    for section in sections(module)? {
        if section.id != 0 || !section.name()?.starts_with(b".debug_") {
            kept.extend_from_slice(section.whole);
        }
    }
    Some(kept)
}

/// The files of a directory with that extension, in the order of their names.
fn files(directory: &Path, extension: &str) -> Result<BTreeSet<PathBuf>> {
    let error = |error: std::io::Error| format!("{}: {error}", directory.display());
    let mut paths = BTreeSet::new();
    for entry in fs::read_dir(directory).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.extension().is_some_and(|found| found == extension) {
            paths.insert(path);
        }
    }
    Ok(paths)
}

fn stem(path: &Path) -> Result<String> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    stem.map(str::to_owned)
        .ok_or_else(|| format!("{}: not a name", path.display()))
}

#[cfg(test)]
mod tests {
    use super::without_debug_sections;

    const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";

    #[test]
    fn drops_only_debug_sections() {
        let debug = b"\x00\x0c\x0b.debug_line";
        let names = b"\x00\x06\x04name\x00";
        let memory = b"\x05\x03\x01\x00\x01";
        let module = [&HEADER[..], memory, debug, names].concat();
        assert_eq!(
            without_debug_sections(&module),
            Some([&HEADER[..], memory, names].concat())
        );
    }

    #[test]
    fn refuses_what_is_cut_off() {
        let module = [&HEADER[..], b"\x05\x03\x01\x00\x01"].concat();
        assert!(without_debug_sections(&module).is_some());
        for length in (0..module.len()).filter(|length| *length != HEADER.len()) {
            assert_eq!(without_debug_sections(&module[..length]), None, "{length}");
        }
    }
}
