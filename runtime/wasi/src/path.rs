//! Guest paths, taken apart one component at a time.
//!
//! Here is only the text: which component is next, what a symbolic link puts in its
//! place, when to give up. `resolve.rs` walks the file system with it.

use alloc::vec::Vec;
use core::ops::Range;

use thimble_vm::fallible::TryVec;

use crate::errno::Errno;
use crate::limits::{MAXIMUM_LINKS, MAXIMUM_PATH};

/// The next thing on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A name that others follow: it must be a directory.
    Through(Range<usize>),
    /// `..`
    Parent,
    /// The last name, and whether a slash (or `/.`) after it says that it is a directory.
    Last(Range<usize>, bool),
    /// There is no name: the path is the directory reached so far.
    Here,
}

/// A path on its way through the file system.
#[derive(Debug)]
pub(crate) struct Path {
    text: Vec<u8>,
    /// Where the components yet to come start.
    position: usize,
    links: u8,
}

impl Path {
    /// Takes a guest's path.
    ///
    /// # Errors
    /// [`Errno::Ilseq`] unless it is UTF-8, [`Errno::Noent`] if it is empty,
    /// [`Errno::Inval`] with a NUL in it, [`Errno::Perm`] if it is absolute,
    /// [`Errno::Nametoolong`], [`Errno::Nomem`].
    pub(crate) fn new(text: &[u8]) -> Result<Self, Errno> {
        check(text)?;
        let mut copy = Vec::new();
        copy.try_extend(text)?;
        Ok(Path {
            text: copy,
            position: 0,
            links: 0,
        })
    }

    /// The name at `range`, as given by a [`Step`] since the last [`follow`](Self::follow).
    pub(crate) fn name(&self, range: &Range<usize>) -> &str {
        // The text is UTF-8 and is cut at slashes only, so this never falls back.
        self.text
            .get(range.clone())
            .and_then(|name| core::str::from_utf8(name).ok())
            .unwrap_or("")
    }

    /// The component that starts at or after `from`: its name, or nothing at the end.
    fn component(&self, from: usize) -> Option<Range<usize>> {
        let rest = self.text.get(from..)?;
        let start = from + rest.iter().position(|byte| *byte != b'/')?;
        let name = self.text.get(start..)?;
        let length = name
            .iter()
            .position(|byte| *byte == b'/')
            .unwrap_or(name.len());
        Some(start..start + length)
    }

    /// As [`component`](Self::component), beyond any `.`.
    fn component_beyond_dots(&self, mut from: usize) -> Option<Range<usize>> {
        loop {
            let range = self.component(from)?;
            if self.text.get(range.clone()) != Some(b".") {
                return Some(range);
            }
            from = range.end;
        }
    }

    /// Goes on to the next component.
    pub(crate) fn next(&mut self) -> Step {
        let Some(range) = self.component_beyond_dots(self.position) else {
            self.position = self.text.len();
            return Step::Here;
        };
        self.position = range.end;
        if self.text.get(range.clone()) == Some(b"..") {
            return Step::Parent;
        }
        if self.component_beyond_dots(range.end).is_some() {
            Step::Through(range)
        } else {
            Step::Last(range.clone(), range.end < self.text.len())
        }
    }

    /// Puts the target of a symbolic link in the place of the component just gone over.
    ///
    /// # Errors
    /// [`Errno::Loop`] after too many links, [`Errno::Perm`] if the target is absolute,
    /// and those of [`new`](Self::new).
    pub(crate) fn follow(&mut self, target: &[u8]) -> Result<(), Errno> {
        self.links += 1;
        if self.links > MAXIMUM_LINKS {
            return Err(Errno::Loop);
        }
        check(target)?;
        let rest = self.text.get(self.position..).unwrap_or(&[]);
        if target.len() + rest.len() > MAXIMUM_PATH {
            return Err(Errno::Nametoolong);
        }
        let mut text = Vec::new();
        text.try_extend(target)?;
        text.try_extend(rest)?;
        self.text = text;
        self.position = 0;
        Ok(())
    }
}

/// Whether `text` can be a path within a directory.
pub(crate) fn check(text: &[u8]) -> Result<(), Errno> {
    match text.first() {
        None => Err(Errno::Noent),
        Some(_) if text.len() > MAXIMUM_PATH => Err(Errno::Nametoolong),
        Some(_) if core::str::from_utf8(text).is_err() => Err(Errno::Ilseq),
        Some(_) if text.contains(&0) => Err(Errno::Inval),
        Some(b'/') => Err(Errno::Perm),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests may run out of memory")]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};

    fn steps(text: &str) -> String {
        let mut path = Path::new(text.as_bytes()).unwrap();
        let mut all = String::new();
        loop {
            let step = path.next();
            let (word, end) = match &step {
                Step::Through(range) => (path.name(range).to_string() + ">", false),
                Step::Parent => ("^".to_string(), false),
                Step::Last(range, true) => (path.name(range).to_string() + "/", true),
                Step::Last(range, false) => (path.name(range).to_string(), true),
                Step::Here => (".".to_string(), true),
            };
            all += &word;
            if end {
                return all;
            }
        }
    }

    #[test]
    fn components_come_one_at_a_time() {
        assert_eq!(steps("file"), "file");
        assert_eq!(steps("a/b"), "a>b");
        assert_eq!(steps("./a//./b///"), "a>b/");
        assert_eq!(steps("a/."), "a/");
        assert_eq!(steps("."), ".");
        assert_eq!(steps(".//."), ".");
        assert_eq!(steps("a/.."), "a>^.");
        assert_eq!(steps("a/../b"), "a>^b");
        assert_eq!(steps("../x"), "^x");
        assert_eq!(steps("..."), "...");
        assert_eq!(steps(".a"), ".a");
        assert_eq!(steps("dir/.//nested/../../é"), "dir>nested>^^é");
    }

    #[test]
    fn what_is_no_path_is_refused() {
        let refused = |text: &[u8]| Path::new(text).unwrap_err();
        assert_eq!(refused(b""), Errno::Noent);
        assert_eq!(refused(b"/"), Errno::Perm);
        assert_eq!(refused(b"/etc"), Errno::Perm);
        assert_eq!(refused(b"a\0b"), Errno::Inval);
        assert_eq!(refused(b"a\xffb"), Errno::Ilseq);
        assert_eq!(refused(&[b'a'; MAXIMUM_PATH + 1]), Errno::Nametoolong);
        assert!(Path::new(&[b'a'; MAXIMUM_PATH]).is_ok());
    }

    #[test]
    fn a_link_takes_the_place_of_its_component() {
        let mut path = Path::new(b"link/file/").unwrap();
        assert_eq!(path.next(), Step::Through(0..4));
        path.follow(b"x/y").unwrap();
        let step = path.next();
        assert_eq!(step, Step::Through(0..1));
        assert_eq!(path.next(), Step::Through(2..3));
        assert_eq!(path.next(), Step::Last(4..8, true));
        assert_eq!(path.name(&(4..8)), "file");
        path.follow(b"..").unwrap();
        assert_eq!(path.next(), Step::Parent);
        assert_eq!(path.next(), Step::Here);
    }

    #[test]
    fn links_are_not_followed_for_ever() {
        let mut path = Path::new(b"link").unwrap();
        for _ in 0..MAXIMUM_LINKS {
            assert!(matches!(path.next(), Step::Last(..)));
            path.follow(b"link").unwrap();
        }
        assert_eq!(path.follow(b"link"), Err(Errno::Loop));
        let mut path = Path::new(b"link/a").unwrap();
        path.next();
        assert_eq!(path.follow(b"/etc"), Err(Errno::Perm));
        assert_eq!(
            path.follow(&[b'a'; MAXIMUM_PATH - 1]),
            Err(Errno::Nametoolong)
        );
    }
}
