//! The numbers of refusals and their document.

use std::collections::BTreeSet;

use rollcall_core::explained::ReplyNumber;

#[test]
fn x20_every_number_has_one_row_in_the_document_and_every_row_a_number() {
    const DOCUMENT: &str = include_str!("../../../docs/replies.md");
    let rows: Vec<&str> = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| RC-")?.split(' ').next()).collect();
    let documented: BTreeSet<String> = rows.iter().map(|number| format!("RC-{number}")).collect();
    assert_eq!(documented.len(), rows.len(), "a number has two rows");
    assert_eq!(documented, ReplyNumber::all().map(|number| number.to_string()).collect());
}
