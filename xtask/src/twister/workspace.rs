//! Finds Zephyr, and a Python that can run its scripts.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::process::{self, root};

/// What is said where there is no workspace.
pub const ABSENT: &str = "no Zephyr workspace was found: set ZEPHYR_BASE, or check this repository out below \
    a west workspace, or run `west zephyr-export` in one";

pub struct Workspace {
    /// The directory of the kernel, as ZEPHYR_BASE names it.
    pub zephyr: PathBuf,
}

/// The workspace that the environment names, else the one above the repository, else one that is known to CMake.
pub fn find() -> Result<Option<Workspace>> {
    if let Some(zephyr) = env::var_os("ZEPHYR_BASE").filter(|zephyr| !zephyr.is_empty()) {
        let zephyr = PathBuf::from(zephyr);
        // Who has set it wants no other one.
        if !is_zephyr(&zephyr) {
            return Err(format!(
                "ZEPHYR_BASE is {}, where scripts/twister is missing",
                zephyr.display()
            ));
        }
        return Ok(Some(Workspace { zephyr }));
    }
    Ok(above(&root()?)
        .or_else(exported)
        .map(|zephyr| Workspace { zephyr }))
}

fn is_zephyr(directory: &Path) -> bool {
    directory.join("scripts/twister").is_file()
}

/// The kernel of the west workspace that a directory is in.
fn above(directory: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .filter_map(|top| {
            let configuration = fs::read_to_string(top.join(".west/config")).ok()?;
            Some(top.join(zephyr_base(&configuration)))
        })
        .find(|zephyr| is_zephyr(zephyr))
}

/// `base` of the section `zephyr`, relative to the top of the workspace.
fn zephyr_base(configuration: &str) -> &str {
    let mut section = "";
    for line in configuration.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if let Some((key, value)) = line.split_once('=')
            && section == "[zephyr]"
            && key.trim() == "base"
        {
            return value.trim();
        }
    }
    "zephyr"
}

/// The kernel that `west zephyr-export` has told CMake.
fn exported() -> Option<PathBuf> {
    let registry = env::home_dir()?.join(".cmake/packages/Zephyr");
    let mut entries: Vec<PathBuf> = fs::read_dir(registry)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    entries
        .iter()
        .filter_map(|entry| fs::read_to_string(entry).ok())
        // ZEPHYR_BASE/share/zephyr-package/cmake
        .filter_map(|package| Some(Path::new(package.trim()).ancestors().nth(3)?.to_path_buf()))
        .find(|zephyr| is_zephyr(zephyr))
}

/// What Zephyr's scripts import and a Python rarely has.
const PROBE: &str =
    "import anytree, elftools, natsort, packaging, psutil, pykwalify, pytest, serial, west, yaml";

impl Workspace {
    /// The PATH by which a Python with what the scripts need is found, and by CMake too: as it is, else with
    /// a virtual environment of the workspace in front.
    pub fn path(&self) -> Result<OsString> {
        let top = self.zephyr.parent().unwrap_or(&self.zephyr);
        let mut paths = vec![env::var_os("PATH").unwrap_or_default()];
        for name in [".venv", "venv"] {
            let bin = top.join(name).join("bin");
            if bin.is_dir() {
                paths.push(with_path(&bin)?);
            }
        }
        let mut reasons = Vec::new();
        for path in paths {
            let mut python = Command::new("python3");
            python.env("PATH", &path).args(["-c", PROBE]);
            match process::output(&mut python) {
                Ok(_) => return Ok(path),
                Err(error) => reasons.push(error.lines().last().unwrap_or_default().to_owned()),
            }
        }
        Err(format!(
            "no Python that can run Zephyr's scripts ({}): pip install -r {}",
            reasons.join("; "),
            self.zephyr.join("scripts/requirements.txt").display()
        ))
    }
}

/// The PATH with a directory in front.
fn with_path(directory: &Path) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(
        [directory.to_path_buf()]
            .into_iter()
            .chain(env::split_paths(&path)),
    )
    .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::zephyr_base;

    #[test]
    fn reads_the_configuration_of_west() {
        let text = "[manifest]\nbase = other\n\n[zephyr]\nbase = deps/zephyr\n";
        assert_eq!(zephyr_base(text), "deps/zephyr");
        assert_eq!(zephyr_base("[manifest]\nbase = other\n"), "zephyr");
    }
}
