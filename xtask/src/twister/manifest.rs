//! Checks west.yml, the manifest: that west takes it, and which projects it brings, in a workspace of its own and as an
//! import of another manifest.
//!
//! Nothing is fetched. What is imported from are repositories that are made here, with the manifest of the workspace's
//! Zephyr and ours.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::process::{self, command, root};
use crate::twister::workspace::Workspace;

/// A manifest that has no Zephyr but ours.
const IMPORT: &str = "\
manifest:
  projects:
    - name: thimble
      url: https://example.com/thimble
      revision: main
      path: modules/lib/thimble
      import: true
";

/// One that has Zephyr already, of another release, with as little as it wants of it.
const IMPORT_BESIDE_ZEPHYR: &str = "\
manifest:
  projects:
    - name: zephyr
      url: https://example.com/zephyr
      revision: v9.9.9
    - name: thimble
      url: https://example.com/thimble
      revision: main
      path: modules/lib/thimble
      import: true
";

/// A directory outside of any workspace, which west would take instead; gone when this is.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        let directory = env::temp_dir().join(format!("thimble-manifest-{}", std::process::id()));
        make(&directory)?;
        Ok(Self(directory))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Resolves the manifest in each of these places.
pub fn check(workspace: &Workspace) -> Result<()> {
    let scratch = Scratch::new()?;
    let ours = read(&root()?.join("west.yml"))?;
    let allowed = allow_list(&ours);
    let all = |others: &[&str]| -> BTreeSet<String> {
        let others = others.iter().map(ToString::to_string);
        allowed.iter().cloned().chain(others).collect()
    };
    let places = [
        ("alone", "thimble", &*ours, all(&["manifest", "zephyr"])),
        (
            "as an import",
            "application",
            IMPORT,
            all(&["manifest", "thimble", "zephyr"]),
        ),
        (
            "as an import beside another Zephyr",
            "application",
            IMPORT_BESIDE_ZEPHYR,
            ["manifest", "thimble", "zephyr"].map(str::to_owned).into(),
        ),
    ];
    for (number, (place, repository, manifest, expected)) in places.into_iter().enumerate() {
        let top = scratch.0.join(number.to_string());
        write(&top.join(repository).join("west.yml"), manifest)?;
        repository_with(&top.join("modules/lib/thimble"), &ours)?;
        repository_with(
            &top.join("zephyr"),
            &read(&workspace.zephyr.join("west.yml"))?,
        )?;
        west(workspace, &top, &["init", "-l", repository])?;
        west(workspace, &top, &["manifest", "--validate"])?;
        let listed = west(workspace, &top, &["list", "-f", "{name} {revision}"])?;
        let projects: Vec<(&str, &str)> =
            listed.lines().filter_map(|l| l.split_once(' ')).collect();
        let names: BTreeSet<String> = projects
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        if names != expected {
            return Err(format!(
                "west.yml, {place}, brings {names:?} and not {expected:?}"
            ));
        }
        let release = if manifest.contains("v9.9.9") {
            "v9.9.9"
        } else {
            "v3.7.1"
        };
        if !projects.contains(&("zephyr", release)) {
            return Err(format!(
                "west.yml, {place}, does not bring Zephyr {release}:\n{listed}"
            ));
        }
        println!("west.yml, {place}: {} projects", projects.len());
    }
    Ok(())
}

/// The projects of Zephyr's that a manifest names.
fn allow_list(manifest: &str) -> BTreeSet<String> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "name-allowlist:")
        .filter_map(|line| line.trim().strip_prefix("- "))
        .map(str::to_owned)
        .collect()
}

/// Makes what `west update` would have cloned: a repository with a manifest, at the revision that its user names.
fn repository_with(directory: &Path, manifest: &str) -> Result<()> {
    write(&directory.join("west.yml"), manifest)?;
    // What Zephyr's own manifest imports besides.
    write(&directory.join("submanifests/README.txt"), "")?;
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "."],
        &["commit", "--quiet", "--message=manifest"],
        &["update-ref", "refs/heads/manifest-rev", "HEAD"],
    ] {
        let mut git = command("git");
        git.current_dir(directory)
            .args(["-c", "user.name=test", "-c", "user.email=test@example.com"])
            .args(["-c", "commit.gpgsign=false"])
            .args(arguments);
        process::output(&mut git)?;
    }
    Ok(())
}

/// What west prints.
fn west(workspace: &Workspace, top: &Path, arguments: &[&str]) -> Result<String> {
    let mut west = command("python3");
    west.current_dir(top)
        .env("PATH", workspace.path()?)
        // Or it would take the workspace of that where it finds none.
        .env_remove("ZEPHYR_BASE")
        .args(["-m", "west"])
        .args(arguments);
    process::output(&mut west)
}

fn make(directory: &Path) -> Result<()> {
    fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    make(path.parent().unwrap_or(path))?;
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::allow_list;

    #[test]
    fn finds_the_projects_that_are_named() {
        let text = "projects:\n  - name: zephyr\n    import:\n      name-allowlist:\n        # Why.\n        - cmsis\n\
            \x20       - fatfs\n";
        assert_eq!(
            allow_list(text),
            ["cmsis", "fatfs"].map(str::to_owned).into()
        );
        assert!(!allow_list(include_str!("../../../west.yml")).is_empty());
    }
}
