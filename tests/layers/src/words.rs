//! Words that may stand in some directories only: a layer that knows its neighbours' vocabulary is about to
//! depend on them.

use crate::tree::{File, covers};

/// The systems that only their own back ends may know.
pub const SYSTEMS: &[&str] = &["zephyr", "nuttx", "freertos"];

/// Where those back ends stand, the tests and samples that run on them, and the tasks that build and run these.
pub const BACK_ENDS: &[&str] = &[
    "zephyr-module/",
    "twister-tests/",
    "samples/",
    "nuttx-app/",
    "freertos-port/",
    "xtask/src/ci.rs",
    "xtask/src/freertos.rs",
    "xtask/src/freertos/",
    "xtask/src/main.rs",
    "xtask/src/nuttx.rs",
    "xtask/src/nuttx/",
    "xtask/src/twister.rs",
    "xtask/src/twister/",
];

/// What the platform must not know: the contract serves any runtime.
pub const WEBASSEMBLY: &[&str] = &["wasm", "webassembly", "wasi"];

/// Finds the words, in capitals or not and comments included, in files that none of `allowed` covers.
pub fn forbid(files: &[File], words: &[&str], allowed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files
        .iter()
        .filter(|file| !allowed.iter().any(|entry| covers(entry, &file.path)))
    {
        for (line, text) in (1..).zip(file.text.lines()) {
            let text = text.to_ascii_lowercase();
            for word in words.iter().filter(|word| text.contains(**word)) {
                found.push(format!("{}:{line}: the word {word}", file.path));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_word_outside_its_place() {
        let file = |path: &str| File {
            path: path.to_owned(),
            text: "\n// As Zephyr does.\n".to_owned(),
        };
        let files = [
            file("runtime/vm/src/lib.rs"),
            file("zephyr-module/src/lib.rs"),
        ];
        assert_eq!(
            forbid(&files, SYSTEMS, BACK_ENDS),
            ["runtime/vm/src/lib.rs:2: the word zephyr"]
        );
        assert_eq!(forbid(&files, WEBASSEMBLY, &[]), [""; 0]);
    }
}
