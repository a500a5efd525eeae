//! The files below `sql/`: each prepares, each is used, and there is no SQL elsewhere.

use std::fs;
use std::path::{Path, PathBuf};

use rollcall_store::{Kind, Spool, Store};

use crate::given;

#[test]
fn every_statement_in_sql_prepares_against_the_current_schema() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, _spool) = (Store::open(dir.path(), Kind::Real).unwrap(), Spool::open(dir.path()).unwrap());
    let (store, spool) = (given::beside(dir.path(), "rollcall.db"), given::beside(dir.path(), "spool.db"));

    let statements = statements();
    assert!(statements.len() > 50, "{} files found", statements.len());
    for (name, sql) in statements {
        let conn = if name.starts_with("spool/") { &spool } else { &store };
        let statement = conn.prepare(&sql).unwrap_or_else(|error| panic!("{name}: {error}\n{sql}"));
        for index in 1..=statement.parameter_count() {
            let parameter = statement.parameter_name(index);
            assert!(parameter.is_some_and(|name| name.starts_with(':')), "{name}: parameter {index} has no name");
        }
    }
}

#[test]
fn every_statement_file_says_what_it_does_and_holds_one_statement() {
    for (name, sql) in statements() {
        assert!(sql.starts_with("-- "), "{name} starts with a sentence");
        assert!(!sql.contains(';'), "{name} holds one statement, without a semicolon");
    }
}

#[test]
fn every_statement_file_is_used() {
    let source: String = files(Path::new("src"), "rs").iter().map(|file| fs::read_to_string(file).unwrap()).collect();

    for (name, _) in statements() {
        assert!(source.contains(&format!("statement!(\"{name}\"")), "sql/{name}.sql is used nowhere");
    }
}

#[test]
fn there_is_no_sql_in_the_source() {
    let production = files(Path::new("src"), "rs").into_iter().filter(|file| !file.ends_with("tests.rs"));
    for file in production {
        let source = fs::read_to_string(&file).unwrap();
        let production = source.split("#[cfg(test)]").next().unwrap_or_default();
        for line in production.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for word in ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "PRAGMA ", "ALTER ", "DROP "] {
                assert!(!line.contains(word), "{}: {line}", file.display());
            }
        }
    }
}

/// Name and text of every statement file, migrations apart.
pub fn statements() -> Vec<(String, String)> {
    let sql = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let name = |file: &Path| {
        let name = file.strip_prefix(&sql).unwrap().with_extension("");
        name.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("/")
    };
    let all = files(Path::new("sql"), "sql");
    let statements = all.iter().filter(|file| !file.starts_with(sql.join("migrations")));
    statements.map(|file| (name(file), fs::read_to_string(file).unwrap())).collect()
}

/// Every file with this extension below a folder of the crate.
fn files(below: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(below)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
