//! What changed at a domain controller since the last reading. Who is gone is told by comparing all ids: an account may
//! not see deleted objects, and one that was moved out of the search base is not among them anyway.

use std::collections::HashSet;

use ldap3::Scope;
use rollcall_core::directory::{Entry, Reading};

use super::cursor::Cursor;
use super::root::Root;
use super::search::{self, Search};
use super::session::Session;
use super::{LdapSettings, entry, remarks};
use crate::{Answer, Ask, DirectoryError};

/// None when everything has to be read.
pub(super) async fn since(
    session: &mut Session,
    settings: &LdapSettings,
    base: &str,
    root: &Root,
    ask: &Ask,
) -> Result<Option<Answer>, DirectoryError> {
    let (Some(since), Some(known), Some(count)) = (&ask.since, &ask.known, &root.count) else { return Ok(None) };
    let Some(cursor) = Cursor::usable(since, count, settings, ask.now_ms) else { return Ok(None) };
    let mut changed: Vec<Entry> = Vec::new();
    let filter = settings.asked(&format!("(uSNChanged>={})", cursor.next()));
    let new = Search { base, scope: Scope::Subtree, filter: &filter, attributes: entry::ATTRIBUTES };
    search::every(session, new, &ask.progress, |row| changed.extend(entry::from(&row))).await?;
    let mut present = HashSet::new();
    let filter = settings.asked("");
    let everybody = Search { base, scope: Scope::Subtree, filter: &filter, attributes: entry::IDENTITY };
    let references = search::every(session, everybody, &ask.progress, |row| {
        present.extend(entry::kind(&row).map(|_| entry::id(&row)));
    });
    let references = references.await?;
    // One that came and went between the two searches is gone.
    changed.retain(|entry| present.contains(&entry.id));
    Ok(compared(&present, known, changed).map(|reading| Answer {
        secret_expires_ms: None,
        reading,
        cursor: Some(cursor.after_changes(count.clone()).to_text()),
        remarks: remarks(&references),
        certificate: session.certificate.take(),
    }))
}

/// None when somebody is there who was not and did not change: a unit was moved into the search base, or a right was given.
/// None as well when nobody is there, which the whole reading refuses in words.
fn compared(present: &HashSet<String>, known: &HashSet<String>, changed: Vec<Entry>) -> Option<Reading> {
    let told: HashSet<&str> = changed.iter().map(|entry| entry.id.as_str()).collect();
    let is_explained = present.iter().all(|id| known.contains(id) || told.contains(id.as_str()));
    if present.is_empty() || !is_explained {
        return None;
    }
    let mut gone: Vec<String> = known.difference(present).cloned().collect();
    gone.sort_unstable();
    Some(Reading::Changes { changed, gone })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[&str]) -> HashSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn entry(id: &str) -> Entry {
        Entry { id: id.to_owned(), ..Entry::default() }
    }

    #[test]
    fn whoever_was_known_and_is_not_there_is_gone() {
        let reading = compared(&ids(&["a", "c"]), &ids(&["a", "b"]), vec![entry("c")]);

        assert_eq!(reading, Some(Reading::Changes { changed: vec![entry("c")], gone: vec!["b".to_owned()] }));
    }

    #[test]
    fn somebody_who_appears_without_a_change_and_an_empty_answer_make_it_read_everything() {
        assert_eq!(compared(&ids(&["a", "b"]), &ids(&["a"]), vec![]), None);
        assert_eq!(compared(&ids(&[]), &ids(&["a"]), vec![]), None);
    }
}
