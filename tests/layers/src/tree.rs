//! The files of the repository.

use std::fs;
use std::io;
use std::path::Path;

/// A text file.
#[derive(Debug)]
pub struct File {
    /// Its path relative to the root of the repository, with `/` between the parts.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Reads every file below `root` that has one of the extensions. Leaves out build output, hidden directories and
/// the programs for the runtime, which belong to no layer.
pub fn read(root: &Path, extensions: &[&str]) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    collect(root, "", extensions, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn collect(
    directory: &Path,
    prefix: &str,
    extensions: &[&str],
    files: &mut Vec<File>,
) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            if !name.starts_with('.') && name != "target" && path != "guests" {
                collect(&entry.path(), &format!("{path}/"), extensions, files)?;
            }
        } else if name
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extensions.contains(&extension))
        {
            files.push(File {
                path,
                text: fs::read_to_string(entry.path())?,
            });
        }
    }
    Ok(())
}

/// The lines of a list without comments and empty lines.
pub fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .map(|line| line.split_once('#').map_or(line, |(entry, _)| entry).trim())
        .filter(|line| !line.is_empty())
}

/// Whether `path` is `entry`, or below it where `entry` ends in `/`.
pub fn covers(entry: &str, path: &str) -> bool {
    path == entry || (entry.ends_with('/') && path.starts_with(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_covers_what_is_below_it_only() {
        assert!(covers("a/b/", "a/b/c.rs"));
        assert!(covers("a/b.rs", "a/b.rs"));
        assert!(!covers("a/b", "a/b/c.rs"));
        assert!(!covers("a/b/", "a/bc.rs"));
    }

    #[test]
    fn comments_are_no_entries() {
        assert_eq!(
            entries("# one\n\ntwo # three\n  four\n").collect::<Vec<_>>(),
            ["two", "four"]
        );
    }
}
