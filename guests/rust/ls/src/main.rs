//! `ls [-l] [PATH…]`: lists directories in the order of their names, and files; `-l` adds kind and size.

use std::fs::{self, Metadata};
use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let long = paths.first().is_some_and(|first| first == "-l");
    if long {
        paths.remove(0);
    }
    if paths.is_empty() {
        paths.push(".".into());
    }
    let mut status = ExitCode::SUCCESS;
    for path in &paths {
        if paths.len() > 1 {
            println!("{path}:");
        }
        if let Err(error) = list(path, long) {
            eprintln!("ls: {path}: {error}");
            status = ExitCode::FAILURE;
        }
    }
    status
}

fn list(path: &str, long: bool) -> io::Result<()> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_dir() {
        print(path, &metadata, long);
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        entries.push(entry?);
    }
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        // Of the link itself: a dangling one is still listed.
        print(&entry.file_name().to_string_lossy(), &entry.metadata()?, long);
    }
    Ok(())
}

fn print(name: &str, metadata: &Metadata, long: bool) {
    if long {
        let kind = if metadata.is_dir() {
            'd'
        } else if metadata.is_symlink() {
            'l'
        } else if metadata.is_file() {
            '-'
        } else {
            '?'
        };
        println!("{kind} {:>10} {name}", metadata.len());
    } else {
        println!("{name}");
    }
}
