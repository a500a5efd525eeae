//! Replays what fuzzing kept, in `tests/fuzz/corpus/`, against the same properties that it was searched with.

use std::fs;
use std::path::Path;

#[path = "properties/address.rs"]
mod address;
#[path = "properties/data.rs"]
mod data;
#[path = "properties/line.rs"]
mod line;
#[path = "properties/reply.rs"]
mod reply;
#[path = "properties/session.rs"]
mod session;

#[test]
fn lines_are_cut_by_the_rule() {
    replay("line", line::holds);
}

#[test]
fn content_ends_where_the_rule_says() {
    replay("data", data::holds);
}

#[test]
fn a_session_takes_nothing_without_a_recipient_and_is_always_well_spoken() {
    replay("session", session::holds);
}

#[test]
fn replies_are_read_whole_or_not_at_all() {
    replay("reply", reply::holds);
}

#[test]
fn an_address_has_one_spelling() {
    replay("address", address::holds);
}

/// Every file must hold; which one does not is told by its name.
fn replay(target: &str, holds: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut count = 0;
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        let input = fs::read(&path).expect("a readable file");
        if let Err(panic) = std::panic::catch_unwind(|| holds(&input)) {
            eprintln!("{} does not hold", path.display());
            std::panic::resume_unwind(panic);
        }
        count += 1;
    }
    assert!(count >= 10, "only {count} inputs in {}", folder.display());
}
