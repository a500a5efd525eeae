//! "Test, and show what I would find", before anything is saved (M02).

use rollcall_core::directory::{Entry, Kind, Reading};

use crate::{Ask, CertificateSeen, DirectoryError, Source};

/// How many are shown.
const EXAMPLES: usize = 5;

/// What a source would bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many of each kind, those that occur.
    pub counts: Vec<(Kind, u64)>,
    /// How many of them may not sign in.
    pub disabled: u64,
    /// How many are hidden from the address book.
    pub hidden: u64,
    /// How many have no address that mail could go to.
    pub without_mail: u64,
    /// Some of them, of as many kinds as there are.
    pub examples: Vec<Entry>,
    /// What is odd and has cost nothing.
    pub remarks: Vec<String>,
    /// The server's certificate, if it showed one.
    pub certificate: Option<CertificateSeen>,
}

impl Source {
    /// Reads everything and tells what it is. Nothing is remembered.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub async fn look(&self, ask: &Ask) -> Result<Found, DirectoryError> {
        let answer = self.read(&Ask { since: None, ..ask.clone() }).await?;
        let entries = match answer.reading {
            Reading::Whole(entries) => entries,
            Reading::Changes { changed, .. } => changed,
        };
        let mut found = counted(&entries);
        found.remarks = answer.remarks;
        found.certificate = answer.certificate;
        Ok(found)
    }
}

fn counted(entries: &[Entry]) -> Found {
    let count = |wanted: &dyn Fn(&Entry) -> bool| entries.iter().filter(|entry| wanted(entry)).map(|_| 1).sum::<u64>();
    let counts = Kind::ALL.into_iter().map(|kind| (kind, count(&|entry| entry.kind == kind)));
    Found {
        counts: counts.filter(|(_, count)| *count > 0).collect(),
        disabled: count(&|entry| !entry.is_enabled),
        hidden: count(&|entry| entry.is_hidden),
        without_mail: count(&|entry| entry.primary.is_none()),
        examples: examples(entries),
        remarks: Vec::new(),
        certificate: None,
    }
}

/// The first of each kind, then whoever comes first.
fn examples(entries: &[Entry]) -> Vec<Entry> {
    let with_mail = || entries.iter().filter(|entry| entry.primary.is_some());
    let first_of_kind = Kind::ALL.into_iter().filter_map(|kind| with_mail().find(|entry| entry.kind == kind));
    let mut shown: Vec<&Entry> = first_of_kind.take(EXAMPLES).collect();
    for entry in with_mail() {
        if shown.len() >= EXAMPLES {
            break;
        }
        if !shown.iter().any(|known| known.id == entry.id) {
            shown.push(entry);
        }
    }
    shown.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, kind: Kind) -> Entry {
        Entry {
            id: id.to_owned(),
            kind,
            is_enabled: true,
            primary: Some(format!("{id}@office.test")),
            ..Entry::default()
        }
    }

    #[test]
    fn m02_a_test_counts_by_kind_and_shows_five_of_as_many_kinds_as_there_are() {
        let mut entries: Vec<Entry> = (0..10).map(|number| entry(&number.to_string(), Kind::Person)).collect();
        entries.push(entry("room", Kind::Resource));
        entries[3].is_enabled = false;
        entries[4].primary = None;
        entries[5].is_hidden = true;

        let found = counted(&entries);

        assert_eq!(found.counts, [(Kind::Person, 10), (Kind::Resource, 1)]);
        assert_eq!((found.disabled, found.without_mail, found.hidden), (1, 1, 1));
        let shown: Vec<&str> = found.examples.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(shown, ["0", "room", "1", "2", "3"]);
    }
}
