//! Dependencies as edges `from -> to`, compared with the list of those allowed.

use std::collections::BTreeSet;

use crate::workspace::Package;

/// A dependency of the first crate on the second.
pub type Edge = (String, String);

/// Reads a list of edges: one a line, `#` starts a comment.
pub fn parse(list: &str) -> Result<BTreeSet<Edge>, String> {
    let mut edges = BTreeSet::new();
    for line in crate::tree::entries(list) {
        let (from, to) = line
            .split_once(" -> ")
            .ok_or_else(|| format!("not an edge: {line}"))?;
        if !edges.insert((from.trim().to_owned(), to.trim().to_owned())) {
            return Err(format!("twice in the list: {line}"));
        }
    }
    Ok(edges)
}

/// The dependencies of crates that ship on crates of this repository.
pub fn internal(packages: &[Package]) -> BTreeSet<Edge> {
    edges(packages, |package| !package.is_tool(), true)
}

/// The dependencies of the crates named on crates from elsewhere.
pub fn external(packages: &[Package], names: &[&str]) -> BTreeSet<Edge> {
    edges(
        packages,
        |package| names.contains(&package.name.as_str()),
        false,
    )
}

fn edges(
    packages: &[Package],
    wanted: impl Fn(&Package) -> bool,
    internal: bool,
) -> BTreeSet<Edge> {
    let mut edges = BTreeSet::new();
    for package in packages.iter().filter(|package| wanted(package)) {
        for dependency in &package.dependencies {
            if dependency.internal == internal {
                edges.insert((package.name.clone(), dependency.name.clone()));
            }
        }
    }
    edges
}

/// What is there but not allowed, and what is allowed but not there: a list that is longer than the truth would
/// let a layer grow unnoticed.
pub fn compare(present: &BTreeSet<Edge>, allowed: &BTreeSet<Edge>) -> Vec<String> {
    let forbidden = present
        .difference(allowed)
        .map(|(from, to)| format!("{from} -> {to} is not allowed"));
    let unused = allowed
        .difference(present)
        .map(|(from, to)| format!("{from} -> {to} does not exist"));
    forbidden.chain(unused).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn package(name: &str, directory: &str, dependencies: &[(&str, bool)]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|(name, internal)| Dependency {
                name: (*name).to_owned(),
                internal: *internal,
            })
            .collect();
        Package {
            name: name.to_owned(),
            directory: directory.to_owned(),
            dependencies,
        }
    }

    /// `lower` reaches up to `upper`, and uses a crate from elsewhere.
    fn bad_workspace() -> Vec<Package> {
        vec![
            package("lower", "lower", &[("upper", true), ("serde", false)]),
            package("upper", "upper", &[("lower", true)]),
            package(
                "checks",
                "tests/checks",
                &[("upper", true), ("lower", true), ("rand", false)],
            ),
        ]
    }

    #[test]
    fn finds_an_edge_that_is_not_allowed() {
        let allowed = parse("# Only this one.\nupper -> lower\n").unwrap();
        assert_eq!(
            compare(&internal(&bad_workspace()), &allowed),
            ["lower -> upper is not allowed"]
        );
    }

    #[test]
    fn finds_an_edge_that_is_not_there() {
        let allowed = parse("upper -> lower\nlower -> upper\nupper -> other\n").unwrap();
        assert_eq!(
            compare(&internal(&bad_workspace()), &allowed),
            ["upper -> other does not exist"]
        );
    }

    #[test]
    fn finds_a_crate_from_elsewhere() {
        let external = external(&bad_workspace(), &["lower", "upper"]);
        assert_eq!(
            compare(&external, &BTreeSet::new()),
            ["lower -> serde is not allowed"]
        );
    }

    #[test]
    fn refuses_a_list_it_does_not_understand() {
        assert!(parse("upper lower").is_err());
        assert!(parse("a -> b\na -> b").is_err());
    }
}
