//! Cuts a plan into pieces, each carried out in a transaction of its own, so that mail and decisions never wait for the whole
//! of a large run.
//!
//! **Invariant.** An address is in one piece only, with what is noted of it. A run that dies between two pieces leaves each
//! address as it was or as the run wants it, and what is noted says which; the next run does the rest.

use std::collections::HashMap;

use rollcall_core::directory::{Change, Entry, Link, Plan};

/// So many rows, notes and entries are written in a transaction. What a run of every day does is one piece.
pub(super) const MOST: usize = 500;

/// What one transaction carries out.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// Lines, with the rows that change.
    pub changes: Vec<Change>,
    /// What is noted of addresses.
    pub links: Vec<(String, Option<Link>)>,
    /// The places of entries that differ from what the directory had.
    pub entries: Vec<usize>,
    /// The ids of entries that it has no more.
    pub gone: Vec<String>,
}

impl Piece {
    fn weight(&self) -> usize {
        let rows: usize = self.changes.iter().map(|change| change.rows.len()).sum();
        rows + self.links.len() + self.entries.len() + self.gone.len()
    }
}

/// The pieces so far, and the one that is being filled.
struct Pieces {
    full: Vec<Piece>,
    open: Piece,
    most: usize,
}

impl Pieces {
    fn next(&mut self) {
        if self.open.weight() >= self.most {
            self.full.push(std::mem::take(&mut self.open));
        }
    }
}

/// Takes lines and notes out of the plan: people first, then what is noted of addresses that stay, then the entries. One
/// piece at least.
pub(super) fn cut(plan: &mut Plan, known: &HashMap<String, Entry>, entries: &[Entry], most: usize) -> Vec<Piece> {
    let changes = std::mem::take(&mut plan.changes);
    let mut last: HashMap<String, usize> = HashMap::new();
    for (place, change) in changes.iter().enumerate() {
        last.extend(change.rows.iter().map(|row| (row.key.clone(), place)));
    }
    let (with_row, alone): (Vec<_>, Vec<_>) =
        std::mem::take(&mut plan.links).into_iter().partition(|(key, _)| last.contains_key(key));
    let mut noted: HashMap<String, Vec<Option<Link>>> = HashMap::new();
    for (key, link) in with_row {
        noted.entry(key).or_default().push(link);
    }
    let mut pieces = Pieces { full: Vec::new(), open: Piece::default(), most };
    let mut together_until = 0;
    for (place, change) in changes.into_iter().enumerate() {
        for row in &change.rows {
            together_until = together_until.max(last.get(&row.key).copied().unwrap_or(place));
            let links = noted.remove(&row.key).unwrap_or_default();
            pieces.open.links.extend(links.into_iter().map(|link| (row.key.clone(), link)));
        }
        pieces.open.changes.push(change);
        if together_until <= place {
            pieces.next();
        }
    }
    for link in alone {
        pieces.open.links.push(link);
        pieces.next();
    }
    note_entries(&mut pieces, known, entries);
    pieces.full.push(pieces.open);
    pieces.full
}

/// What the directory has now, where it differs from what it had.
fn note_entries(pieces: &mut Pieces, known: &HashMap<String, Entry>, entries: &[Entry]) {
    let mut left: HashMap<&str, &Entry> = known.iter().map(|(id, entry)| (id.as_str(), entry)).collect();
    for (place, entry) in entries.iter().enumerate() {
        if left.remove(entry.id.as_str()) != Some(entry) {
            pieces.open.entries.push(place);
            pieces.next();
        }
    }
    let mut gone: Vec<&str> = left.into_keys().collect();
    gone.sort_unstable();
    for id in gone {
        pieces.open.gone.push(id.to_owned());
        pieces.next();
    }
}

#[cfg(test)]
mod tests {
    use rollcall_core::directory::{Kind, RowChange, Verb};

    use super::*;

    fn line(keys: &[&str]) -> Change {
        let row = |key: &&str| RowChange {
            key: (*key).to_owned(),
            shown: (*key).to_owned(),
            domain: String::new(),
            to: None,
        };
        Change {
            verb: Verb::Add,
            entry: keys.concat(),
            kind: Kind::Person,
            name: String::new(),
            address: String::new(),
            reason: String::new(),
            rows: keys.iter().map(row).collect(),
        }
    }

    fn keys(piece: &Piece) -> Vec<&str> {
        piece.changes.iter().flat_map(|change| &change.rows).map(|row| row.key.as_str()).collect()
    }

    #[test]
    fn t16_an_address_is_in_one_piece_with_what_is_noted_of_it() {
        let links = ["a", "b", "c", "stays"].map(|key| (key.to_owned(), None));
        let changes = vec![line(&["a"]), line(&["b", "c"]), line(&["a"]), line(&["d"])];
        let mut plan = Plan { changes, links: links.to_vec(), ..Plan::default() };

        let pieces = cut(&mut plan, &HashMap::new(), &[], 1);

        let of = |piece: &Piece| piece.links.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(&pieces[0]), ["a", "b", "c", "a"], "what comes twice holds together what is between");
        assert_eq!(of(&pieces[0]), ["a", "b", "c"]);
        assert_eq!(keys(&pieces[1]), ["d"]);
        assert_eq!(of(&pieces[2]), ["stays"]);
    }

    #[test]
    fn a_run_with_nothing_to_do_is_one_piece_and_only_entries_that_differ_are_noted() {
        let entry = |id: &str, place: &str| Entry { id: id.to_owned(), place: place.to_owned(), ..Entry::default() };
        let known = [entry("same", "x"), entry("moved", "x"), entry("gone", "x")];
        let known = known.into_iter().map(|entry| (entry.id.clone(), entry)).collect();
        let entries = [entry("moved", "y"), entry("new", "x"), entry("same", "x")];

        let nothing = cut(&mut Plan::default(), &HashMap::new(), &[], MOST);
        let some = cut(&mut Plan::default(), &known, &entries, MOST);

        assert_eq!(nothing.len(), 1);
        assert_eq!((some.len(), &some[0].entries, &some[0].gone), (1, &vec![0, 1], &vec!["gone".to_owned()]));
    }
}
