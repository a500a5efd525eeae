//! `docs/conformance.md` names a test for each clause: each of them exists, and no transcript of a clause is forgotten.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below `folder` with this ending, leaving out what was installed or built.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !["node_modules", "target", "dist", ".git", "ui"].contains(&name.as_str()) {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found
}

/// Names of transcripts.
fn transcripts() -> BTreeSet<String> {
    let folders = ["tests/dialogues", "src-tauri/rollcall-smtp/dialogues"];
    let all = folders.iter().flat_map(|folder| files(&root().join(folder), "smtp"));
    all.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect()
}

/// Names of functions that are marked as tests, in sources and in the specification.
fn tests() -> BTreeSet<String> {
    let sources = ["src-tauri", "tests"].iter().flat_map(|folder| files(&root().join(folder), "rs"));
    sources.flat_map(|path| tests_in(&fs::read_to_string(path).expect("a source"))).collect()
}

fn tests_in(source: &str) -> Vec<String> {
    let (mut names, mut marked) = (Vec::new(), source.contains("proptest! {"));
    for line in source.lines().map(str::trim_start) {
        marked |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        let function = line.strip_prefix("async fn ").or(line.strip_prefix("fn "));
        if let Some(name) = function.and_then(|rest| rest.split('(').next())
            && marked
        {
            names.push(name.to_owned());
            marked = source.contains("proptest! {");
        }
    }
    names
}

/// The names in the last column of each row.
fn named(table: &str) -> Vec<String> {
    let rows = table.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    rows.filter_map(|row| row.trim_end_matches(" |").rsplit_once(" | "))
        .flat_map(|(_, last)| last.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_clause_in_the_table_names_a_test_that_exists() {
    let table = fs::read_to_string(root().join("docs/conformance.md")).expect("the table");
    let (transcripts, tests) = (transcripts(), tests());
    let named = named(&table);

    assert!(named.len() > 100, "the table was read: {}", named.len());
    let missing: Vec<&String> =
        named.iter().filter(|name| !transcripts.contains(*name) && !tests.contains(*name)).collect();
    assert!(missing.is_empty(), "no such test: {missing:#?}");
}

/// Named after a clause, or after a row of our own rules, as `U_greylisted_is_not_unknown`.
fn is_of_a_row(name: &str) -> bool {
    name.starts_with("rfc") || name.starts_with(|first: char| first.is_ascii_uppercase())
}

#[test]
fn every_transcript_of_a_clause_is_in_the_table() {
    let table = fs::read_to_string(root().join("docs/conformance.md")).expect("the table");
    let named: BTreeSet<String> = named(&table).into_iter().collect();

    let forgotten: Vec<String> =
        transcripts().into_iter().filter(|name| is_of_a_row(name) && !named.contains(name)).collect();
    assert!(forgotten.is_empty(), "not in docs/conformance.md: {forgotten:#?}");
}

#[test]
fn every_row_of_a_clause_names_a_test() {
    let table = fs::read_to_string(root().join("docs/conformance.md")).expect("the table");
    let promised = table.split("## Where we knowingly differ").next().expect("the part with tests");

    let bare: Vec<&str> = promised
        .lines()
        .filter(|line| line.starts_with("| ") && !line.ends_with("| Test |") && named(line).is_empty())
        .collect();
    assert!(bare.is_empty(), "{bare:#?}");
}
