//! What Rust source files may and must hold: unsafe code in few places, `#![no_std]` and lints everywhere.

use crate::tree::{File, covers};

/// Finds unsafe code in files that no entry of `allowed` covers, and entries that cover none.
pub fn confine_unsafe(files: &[File], allowed: &[&str]) -> Vec<String> {
    let with_unsafe: Vec<&str> = files
        .iter()
        .filter(|file| has_unsafe(&file.text))
        .map(|file| file.path.as_str())
        .collect();
    let outside = with_unsafe
        .iter()
        .filter(|path| !allowed.iter().any(|entry| covers(entry, path)))
        .map(|path| format!("{path}: unsafe code"));
    let unused = allowed
        .iter()
        .filter(|entry| !with_unsafe.iter().any(|path| covers(entry, path)))
        .map(|entry| format!("{entry}: no unsafe code, so it need not be allowed"));
    outside.chain(unused).collect()
}

fn has_unsafe(text: &str) -> bool {
    let code = without_comments_and_literals(text);
    let mut words = code.split(|character: char| !character.is_alphanumeric() && character != '_');
    let mut lint_level = false;
    words.any(|word| {
        // `allow(unsafe_code)` counts too: it announces what a macro may hide.
        let allows = lint_level && word == "unsafe_code";
        if !word.is_empty() {
            lint_level = matches!(word, "allow" | "expect" | "warn");
        }
        word == "unsafe" || allows
    })
}

/// Finds crates whose root lacks an attribute.
pub fn require_attribute(files: &[File], roots: &[&str], attribute: &str) -> Vec<String> {
    roots
        .iter()
        .filter(|root| {
            let file = files.iter().find(|file| file.path == **root);
            !file.is_some_and(|file| file.text.lines().any(|line| line.trim() == attribute))
        })
        .map(|root| format!("{root}: {attribute} is missing"))
        .collect()
}

/// Finds manifests of packages that do not take over the lints of the workspace.
pub fn require_lints(manifests: &[File]) -> Vec<String> {
    manifests
        .iter()
        .filter(|manifest| manifest.text.lines().any(|line| line.trim() == "[package]"))
        .filter(|manifest| {
            let mut lines = manifest.text.lines().map(str::trim);
            !(lines.any(|line| line == "[lints]") && lines.next() == Some("workspace = true"))
        })
        .map(|manifest| format!("{}: the lints of the workspace are missing", manifest.path))
        .collect()
}

/// Replaces comments, strings and characters by a space each.
fn without_comments_and_literals(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| literal(rest, code.chars().last()));
        let length = skipped.unwrap_or(character.len_utf8());
        code.push(if skipped.is_some() { ' ' } else { character });
        rest = rest.get(length..).unwrap_or_default();
    }
    code
}

/// The length of the comment at the start of `text`.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let mut depth = 0;
    let mut offset = 0;
    while let Some(rest) = text.get(offset..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            offset += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            offset += 2;
            if depth == 0 {
                break;
            }
        } else {
            offset += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(offset)
}

/// The length of the string or character at the start of `text`; `previous` is the character before it.
fn literal(text: &str, previous: Option<char>) -> Option<usize> {
    if text.starts_with('"') {
        return Some(quoted(text, '"'));
    }
    // The r of a raw string starts a word, or follows the b or c of a raw byte or C string.
    let starts_word = !previous.is_some_and(|before| before.is_alphanumeric() || before == '_')
        || matches!(previous, Some('b' | 'c'));
    if starts_word && let Some(raw) = text.strip_prefix('r') {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        if raw.get(marks..)?.starts_with('"') {
            let end = format!("\"{}", "#".repeat(marks));
            let content = marks + 2;
            let length = text.get(content..)?.find(&end)?;
            return Some(content + length + end.len());
        }
    }
    // A lifetime has no closing quote after its first character.
    let mut characters = text.strip_prefix('\'')?.chars();
    match (characters.next()?, characters.next()?) {
        ('\\', _) | (_, '\'') => Some(quoted(text, '\'')),
        _ => None,
    }
}

/// The length of what stands between the quote at the start of `text` and the next one that is not escaped.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (offset, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return offset + character.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn finds_unsafe_code_outside_its_place() {
        let files = [
            file("executor.rs", "fn f() { unsafe { g() } }"),
            file(
                "decoder.rs",
                "fn f<'a>(x: &'a str) { unsafe { g('\"', x) } }",
            ),
            file("table.rs", "#![allow(unsafe_code)]"),
        ];
        assert_eq!(
            confine_unsafe(&files, &["executor.rs"]),
            ["decoder.rs: unsafe code", "table.rs: unsafe code"]
        );
    }

    #[test]
    fn finds_an_entry_without_unsafe_code() {
        let files = [file("decoder.rs", "fn f() {}")];
        assert_eq!(
            confine_unsafe(&files, &["decoder.rs"]),
            ["decoder.rs: no unsafe code, so it need not be allowed"]
        );
    }

    #[test]
    fn unsafe_as_a_word_of_text_is_no_unsafe_code() {
        for text in [
            "#![forbid(unsafe_code)]",
            "#![deny(unsafe_op_in_unsafe_fn)]",
            "// unsafe",
            "/* a /* nested */ unsafe */",
            r#"const A: &str = "unsafe \" unsafe";"#,
            r###"const A: &[u8] = br#"" unsafe"#;"###,
            "let quote = '\\''; // unsafe",
            "let unsafely = 1;",
        ] {
            assert!(!has_unsafe(text), "{text}");
        }
    }

    #[test]
    fn unsafe_after_literals_is_still_found() {
        for text in [
            "let a = \"\"; unsafe {}",
            "let a = '\"'; unsafe {}",
            "fn f<'a>() {} unsafe fn g() {}",
            r###"let a = r#"""#; unsafe {}"###,
            "let a = b'\\''; unsafe {}",
            "/* */ unsafe impl Send for A {}",
            "let for_raw = 1; // \"\nunsafe {}",
        ] {
            assert!(has_unsafe(text), "{text}");
        }
    }

    #[test]
    fn finds_a_root_without_the_attribute() {
        let files = [
            file("a/lib.rs", "#![no_std]\n"),
            file("b/lib.rs", "// #![no_std]\n"),
        ];
        assert_eq!(
            require_attribute(&files, &["a/lib.rs", "b/lib.rs", "c/lib.rs"], "#![no_std]"),
            [
                "b/lib.rs: #![no_std] is missing",
                "c/lib.rs: #![no_std] is missing"
            ]
        );
    }

    #[test]
    fn finds_a_manifest_without_lints() {
        let manifests = [
            file("a/Cargo.toml", "[package]\n[lints]\nworkspace = true\n"),
            file("b/Cargo.toml", "[package]\n[lints]\n[dependencies]\n"),
            file("c/Cargo.toml", "[package]\n"),
            file("Cargo.toml", "[workspace]\n"),
        ];
        assert_eq!(
            require_lints(&manifests),
            [
                "b/Cargo.toml: the lints of the workspace are missing",
                "c/Cargo.toml: the lints of the workspace are missing"
            ]
        );
    }
}
