//! The house as absences: arrows that must not be there, clocks and SQL in one place each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// crate => the crates of this workspace that it may use. A new arrow is a decision: it is written here first.
const ALLOWED: &[(&str, &[&str])] = &[
    ("rollcall-core", &[]),
    ("rollcall-smtp", &["rollcall-core"]),
    ("rollcall-mail", &["rollcall-core"]),
    ("rollcall-net", &["rollcall-core", "rollcall-smtp"]),
    ("rollcall-store", &["rollcall-core"]),
    ("rollcall-directory", &["rollcall-core"]),
    (
        "rollcall-engine",
        &["rollcall-core", "rollcall-directory", "rollcall-mail", "rollcall-net", "rollcall-smtp", "rollcall-store"],
    ),
    ("rollcall-api", &["rollcall-core", "rollcall-engine"]),
    ("rollcall-practice", &["rollcall-api", "rollcall-core", "rollcall-smtp"]),
    ("rollcall-cli", &["rollcall-api", "rollcall-practice"]),
    ("rollcall", &["rollcall-api", "rollcall-practice"]),
    ("rollcall-tests", &["rollcall-api", "rollcall-core", "rollcall-directory", "rollcall-practice", "rollcall-store"]),
    ("xtask", &[]),
];

/// What would bring I/O, a clock or a wire format into the rules.
const NOT_IN_CORE: &[&str] = &["tokio", "rusqlite", "serde", "serde_json", "chrono", "reqwest", "tauri", "tracing"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

fn dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names = |package: &Value| {
        let used = package["dependencies"].as_array().expect("dependencies").iter();
        used.filter(|dependency| dependency["kind"].is_null())
            .map(|dependency| dependency["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    packages.iter().map(|package| (package["name"].as_str().expect("a name").to_owned(), names(package))).collect()
}

#[test]
fn dependencies_point_down_only() {
    let found = dependencies();
    let ours: Vec<&String> = found.keys().collect();
    assert_eq!(ours.len(), ALLOWED.len(), "every crate has its line in ALLOWED: {ours:?}");
    for (name, used) in &found {
        let allowed = ALLOWED.iter().find(|(known, _)| known == name).map_or(&[][..], |(_, allowed)| allowed);
        for dependency in used.iter().filter(|dependency| found.contains_key(*dependency)) {
            assert!(allowed.contains(&dependency.as_str()), "{name} may not use {dependency}");
        }
    }
}

#[test]
fn the_rules_know_no_io_no_clock_and_no_wire_format() {
    for dependency in &dependencies()["rollcall-core"] {
        assert!(!NOT_IN_CORE.contains(&dependency.as_str()), "rollcall-core may not use {dependency}");
    }
}

/// `core::week` takes a time zone as a value; which one the computer has, and what time it is there, it may not ask.
#[test]
fn the_rules_ask_no_computer_for_its_time_zone() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path.to_string_lossy().contains("rollcall-core/src")) {
        for asks in
            ["TimeZone::system", "TimeZone::get", "TimeZone::try_system", "tz::db", "Zoned::now", "Timestamp::now"]
        {
            assert!(!text.contains(asks), "{} asks {asks}", path.display());
        }
    }
}

#[test]
fn only_the_store_uses_sqlite_and_only_the_shell_uses_tauri() {
    for (name, used) in dependencies() {
        let uses = |what: &str| used.iter().any(|dependency| dependency.starts_with(what));
        assert!(!uses("rusqlite") || name == "rollcall-store", "{name} uses rusqlite");
        assert!(!uses("tauri") || name == "rollcall", "{name} uses tauri");
    }
}

#[test]
fn statements_live_in_sql_files() {
    for (path, text) in sources() {
        for word in ["SELECT ", "INSERT INTO", "DELETE FROM", "UPDATE ", "CREATE TABLE"] {
            let production = text.split("#[cfg(test)]").next().unwrap_or_default();
            let found = production
                .lines()
                .find(|line| line.contains(&format!("\"{word}")) || line.contains(&format!("({word}")));
            // This test names the words itself, and the store's own tests look behind its back.
            let may = path.ends_with("architecture.rs") || path.to_string_lossy().contains("tests");
            assert!(found.is_none() || may, "{}: {found:?}", path.display());
        }
    }
}

#[test]
fn one_file_reads_the_clock() {
    for (path, text) in sources() {
        let production = !path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "xtask")));
        let reads =
            ["SystemTime::now(", "std::time::Instant::now(", "Utc::now(", "Zoned::now(", "jiff::Timestamp::now("];
        let found = reads.iter().find(|read| text.contains(**read));
        let is_clock = path.ends_with("rollcall-engine/src/clock.rs");
        assert!(!production || found.is_none() || is_clock, "{} reads the clock: {found:?}", path.display());
    }
}

#[test]
fn nothing_names_this_machine() {
    let home = format!("/{}/", "work");
    for (path, text) in sources() {
        assert!(!text.contains(&home), "{} names a path of one machine", path.display());
    }
}

/// Every Rust file that is ours.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src-tauri"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with("node_modules") && !path.ends_with("target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("text");
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 50);
    found
}
