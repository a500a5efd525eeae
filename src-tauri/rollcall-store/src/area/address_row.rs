//! The row of an address as JSON, for the statement that saves many.

use std::fmt::Write as _;

use rollcall_core::{InvalidReason, MadeBy, Role, Timestamp};

use crate::AddressRecord;

/// An array of the row's values, in the order of `address/put_many`.
pub(super) fn json(record: &AddressRecord, sought: &str) -> String {
    let mut row = Values(String::with_capacity(400));
    row.text(Some(&record.key));
    row.text(Some(&record.shown));
    row.text(Some(&record.domain));
    row.text(Some(record.state.word()));
    row.text(record.state.role().map(Role::word));
    row.text(record.state.invalid_reason().map(InvalidReason::word));
    row.text(Some(record.source.word()));
    row.text(record.first_name.as_deref());
    row.text(record.surname.as_deref());
    row.number(Some(record.clean_count));
    row.number(Some(record.first_seen.0));
    row.number(Some(record.last_seen.0));
    row.time(record.discovered);
    row.time(record.decided);
    row.number(Some(record.changed.0));
    row.time(record.suspect);
    row.number(Some(record.refused_count));
    row.number(Some(record.notices));
    row.time(record.last_notice);
    row.time(record.held_until);
    row.number(Some(u8::from(record.pinned)));
    row.text(record.made_by.map(MadeBy::word));
    row.text(record.owner.as_deref());
    row.text(Some(sought));
    format!("[{}]", row.0)
}

/// Values of a JSON array, so far.
struct Values(String);

impl Values {
    fn text(&mut self, value: Option<&str>) {
        let Some(value) = value else { return self.add("null") };
        let mut quoted = String::with_capacity(value.len() + 2);
        quoted.push('"');
        for letter in value.chars() {
            match letter {
                '"' | '\\' => quoted.extend(['\\', letter]),
                '\0'..='\u{1f}' => drop(write!(quoted, "\\u{:04x}", u32::from(letter))),
                _ => quoted.push(letter),
            }
        }
        quoted.push('"');
        self.add(&quoted);
    }

    fn number(&mut self, value: Option<impl Into<i64>>) {
        self.add(&value.map_or_else(|| "null".to_owned(), |value| value.into().to_string()));
    }

    fn time(&mut self, value: Option<Timestamp>) {
        self.number(value.map(|at| at.0));
    }

    fn add(&mut self, value: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(value);
    }
}
