//! The crates of the workspace, from the output of `cargo metadata`.

use serde_json::Value;

/// One crate of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its directory, relative to the root of the workspace; empty at the root itself.
    pub directory: String,
    /// What it depends on, except for development.
    pub dependencies: Vec<Dependency>,
}

/// One dependency of a crate.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The name of the crate depended on, before any renaming.
    pub name: String,
    /// Whether that is a crate of the same repository.
    pub internal: bool,
}

impl Package {
    /// Whether the crate is a tool or test, which ships to nobody.
    pub fn is_tool(&self) -> bool {
        ["tests/", "fuzz", "xtask"]
            .iter()
            .any(|prefix| self.directory.starts_with(prefix))
    }
}

/// Reads the output of `cargo metadata --no-deps --format-version 1`; `None` if it is something else.
pub fn parse(metadata: &str) -> Option<Vec<Package>> {
    let metadata: Value = serde_json::from_str(metadata).ok()?;
    let root = metadata.get("workspace_root")?.as_str()?;
    metadata
        .get("packages")?
        .as_array()?
        .iter()
        .map(|package| parse_package(package, root))
        .collect()
}

fn parse_package(package: &Value, root: &str) -> Option<Package> {
    let manifest = package.get("manifest_path")?.as_str()?;
    let directory = manifest
        .strip_prefix(root)?
        .strip_suffix("Cargo.toml")?
        .trim_matches('/');
    let mut dependencies = Vec::new();
    for dependency in package.get("dependencies")?.as_array()? {
        // Of no kind are the normal ones; build dependencies count too, since they run for every user.
        if dependency.get("kind")?.as_str() != Some("dev") {
            dependencies.push(Dependency {
                name: dependency.get("name")?.as_str()?.to_owned(),
                internal: dependency.get("path").is_some(),
            });
        }
    }
    Some(Package {
        name: package.get("name")?.as_str()?.to_owned(),
        directory: directory.to_owned(),
        dependencies,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_directories_and_dependencies() {
        let metadata = r#"{
            "workspace_root": "/somewhere",
            "packages": [{
                "name": "upper",
                "manifest_path": "/somewhere/runtime/upper/Cargo.toml",
                "dependencies": [
                    {"name": "lower", "kind": null, "path": "/somewhere/lower"},
                    {"name": "tool", "kind": "dev", "path": "/somewhere/tool"},
                    {"name": "generator", "kind": "build"}
                ]
            }]
        }"#;
        let dependency = |name: &str, internal| Dependency {
            name: name.to_owned(),
            internal,
        };
        assert_eq!(
            parse(metadata),
            Some(vec![Package {
                name: "upper".to_owned(),
                directory: "runtime/upper".to_owned(),
                dependencies: vec![dependency("lower", true), dependency("generator", false)],
            }])
        );
    }

    #[test]
    fn refuses_other_output() {
        assert_eq!(parse("no JSON"), None);
        assert_eq!(parse("{}"), None);
    }
}
