//! The C sources of the kernel, littlefs and lwIP, from the crates that carry them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Result;
use crate::process::{self, cargo, root};

/// Where they lie.
pub struct Sources {
    /// `FreeRTOS-Kernel`.
    pub kernel: PathBuf,
    /// The directory of `lfs.c`.
    pub littlefs: PathBuf,
    /// The directory with `src` and `contrib`.
    pub lwip: PathBuf,
    /// The crate of the sample in Rust, whose C is compiled beside it.
    pub freertos_rust: PathBuf,
}

/// Brings what is not there yet. Nothing of it is built by cargo, but the sample's crate.
pub fn fetch() -> Result<Sources> {
    let carriers = metadata("freertos-port/sources/Cargo.toml")?;
    let sample = metadata("freertos-port/samples/rust/Cargo.toml")?;
    Ok(Sources {
        kernel: directory(&carriers, "freertos-next")?.join("FreeRTOS-Kernel"),
        littlefs: directory(&carriers, "littlefs2-sys")?.join("littlefs"),
        lwip: directory(&carriers, "lwip")?,
        freertos_rust: directory(&sample, "freertos-rust")?,
    })
}

/// Fetches what a package needs, and returns what cargo knows of it.
fn metadata(manifest: &str) -> Result<Value> {
    let manifest = root()?.join(manifest);
    let host = host()?;
    // Of what these crates would need to be built, only what this computer would.
    let mut fetch = cargo()?;
    fetch.args(["fetch", "--locked", "--quiet", "--target", &host]);
    process::run(fetch.arg("--manifest-path").arg(&manifest))?;
    let mut metadata = cargo()?;
    metadata.args(["metadata", "--locked", "--offline", "--format-version", "1"]);
    metadata.args(["--filter-platform", &host, "--manifest-path"]);
    let text = process::output(metadata.arg(&manifest))?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// The computer, as rustc calls it.
fn host() -> Result<String> {
    let mut rustc = std::process::Command::new("rustc");
    let text = process::output(rustc.arg("-vV"))?;
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| "rustc does not say what its host is".to_owned())
}

fn directory(metadata: &Value, name: &str) -> Result<PathBuf> {
    metadata
        .get("packages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(Value::as_str) == Some(name))
        .and_then(|package| package.get("manifest_path")?.as_str())
        .and_then(|manifest| Path::new(manifest).parent())
        .map(Path::to_path_buf)
        .ok_or_else(|| format!("cargo does not say where {name} is"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::directory;

    #[test]
    fn finds_a_crate() {
        let metadata = serde_json::json!({
            "packages": [
                { "name": "other", "manifest_path": "/a/Cargo.toml" },
                { "name": "lwip", "manifest_path": "/b/lwip-0.3.15/Cargo.toml" },
            ]
        });
        assert_eq!(
            directory(&metadata, "lwip").unwrap(),
            Path::new("/b/lwip-0.3.15")
        );
        assert!(directory(&metadata, "littlefs2-sys").is_err());
    }
}
