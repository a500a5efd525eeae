//! What is not in the directory any more (T17): suspended first, asked about or deleted after 14 days (V08).

use std::collections::{BTreeMap, HashSet};

use super::claims::Claims;
use super::decide::Settled;
use super::plan::{
    Change, Choice, Facts, Link, Plan, Problem, ProblemKind, Row, RowChange, Verb, WAIT_MS, Wanted, name_of,
};
use super::{Entry, Kind, decide, say};
use crate::state::AddressState;

/// What the guard looks at (V07).
pub(super) struct Lost {
    /// Entries that are gone now, or lose an address now.
    pub missing: u64,
    /// Entries that were in step.
    pub of: u64,
}

/// What becomes of an address that is missing.
enum Fate {
    /// It is suspended now.
    Suspended,
    /// It goes.
    Deleted,
    /// It waits.
    Waits,
    /// The operator decided; sync forgets it.
    Left,
    /// Somebody made it by hand: it stays, and that is asked.
    ByHand,
}

/// Goes through the links that no entry accounts for.
pub(super) fn missing(facts: &Facts<'_>, claims: &Claims<'_>, settled: &Settled, plan: &mut Plan) -> Lost {
    let there: HashSet<&str> = facts.entries.iter().map(|entry| entry.id.as_str()).collect();
    let taking_part: HashSet<&str> = claims.claimants.iter().map(|claimant| claimant.entry.id.as_str()).collect();
    let in_step: HashSet<&str> =
        facts.links.values().filter(|link| link.missing_since.is_none()).map(|link| link.entry.as_str()).collect();
    let mut gone: BTreeMap<&str, Vec<(&String, &Link)>> = BTreeMap::new();
    for (key, link) in facts.links {
        let id = link.entry.as_str();
        // Left out but there: nobody misses it.
        let is_apart = facts.exempt.contains(id) || (there.contains(id) && !taking_part.contains(id));
        if !settled.contains(key) && !is_apart {
            gone.entry(id).or_default().push((key, link));
        }
    }
    let mut lost = Lost { missing: 0, of: in_step.len() as u64 };
    for (id, mut links) in gone {
        links.sort_by_key(|(key, link)| (link.owner.is_some(), *key));
        let is_there = there.contains(id);
        let is_news = entry(facts, id, &links, is_there, plan);
        lost.missing += u64::from(is_news);
    }
    decide::only_changed(plan, facts.links);
    lost
}

/// The addresses of one entry; says whether it loses any now.
fn entry(facts: &Facts<'_>, id: &str, links: &[(&String, &Link)], is_there: bool, plan: &mut Plan) -> bool {
    let known = facts.known.get(id);
    let (mut suspended, mut deleted) = (Vec::new(), Vec::new());
    let mut is_news = false;
    for (key, link) in links {
        let row = facts.rows.get(*key);
        let fate = fate(facts, key, link, row, is_there);
        is_news |= link.missing_since.is_none() && !matches!(fate, Fate::Left);
        let since = link.missing_since.or(Some(facts.now));
        match fate {
            Fate::Suspended => {
                let before = row.map(|row| row.state).filter(|state| *state != AddressState::Inactive);
                suspended.extend(row.filter(|row| row.state != AddressState::Inactive).map(|row| suspend(key, row)));
                let before = before.or(link.before);
                let noted = Link { missing_since: since, state: AddressState::Inactive, before, ..(*link).clone() };
                plan.links.push(((*key).clone(), Some(noted)));
            }
            Fate::Deleted => {
                deleted.push(change_of(key, None));
                plan.links.push(((*key).clone(), None));
            }
            Fate::Waits => {}
            Fate::Left => plan.links.push(((*key).clone(), None)),
            Fate::ByHand => by_hand(facts, key, known, id, plan),
        }
    }
    let is_update = is_there;
    push(plan, known, id, links, if is_update { Verb::Update } else { Verb::Missing }, suspended);
    push(plan, known, id, links, if is_update { Verb::Update } else { Verb::Delete }, deleted);
    is_news
}

fn fate(facts: &Facts<'_>, key: &str, link: &Link, row: Option<&Row>, is_there: bool) -> Fate {
    let Some(row) = row else { return Fate::Left };
    if is_there && !facts.options.update && link.missing_since.is_none() {
        return Fate::Waits;
    }
    let is_inactive = row.state == AddressState::Inactive;
    match link.missing_since {
        Some(since) if is_inactive => {
            let is_over = facts.now.since_ms(since) >= WAIT_MS;
            if is_over && facts.options.delete { Fate::Deleted } else { Fate::Waits }
        }
        // Made an account again by hand.
        Some(_) => Fate::Left,
        None if is_inactive && link.state == AddressState::Inactive => Fate::Suspended,
        None if row.state.is_account() && link.ours && (row.owner == link.owner || !row_is_alias(row)) => {
            Fate::Suspended
        }
        None if row.state.is_account() && link.ours => Fate::Left,
        None if row.state.is_account() => match facts.choices.get(key) {
            Some(Choice::Keep) => Fate::Left,
            _ => Fate::ByHand,
        },
        // It waited for a seat and was nothing else.
        None if row.state == AddressState::Discovered && link.ours && link.holds(row) => Fate::Deleted,
        None => Fate::Left,
    }
}

fn row_is_alias(row: &Row) -> bool {
    row.state == AddressState::Alias
}

fn by_hand(facts: &Facts<'_>, key: &str, known: Option<&Entry>, id: &str, plan: &mut Plan) {
    let mut problem = Problem { address: Some(key.to_owned()), ..Problem::of(ProblemKind::MadeByHand) };
    problem.entries.push((id.to_owned(), known.map_or_else(|| key.to_owned(), name_of)));
    let is_settled = facts.choices.contains_key(key);
    if !is_settled {
        plan.problems.push(problem);
    }
}

fn suspend(key: &str, row: &Row) -> RowChange {
    change_of(
        key,
        Some(Wanted {
            state: AddressState::Inactive,
            owner: row.owner.clone(),
            first_name: row.first_name.clone(),
            surname: row.surname.clone(),
            waits: false,
        }),
    )
}

/// A row that is there: how it is shown stays as it is.
fn change_of(key: &str, to: Option<Wanted>) -> RowChange {
    let domain = key.rsplit_once('@').map_or("", |(_, domain)| domain).to_owned();
    RowChange { key: key.to_owned(), shown: key.to_owned(), domain, to }
}

fn push(
    plan: &mut Plan,
    known: Option<&Entry>,
    id: &str,
    links: &[(&String, &Link)],
    verb: Verb,
    rows: Vec<RowChange>,
) {
    if rows.is_empty() {
        return;
    }
    let first = links.first().map_or_else(String::new, |(key, _)| (*key).clone());
    let address = known.and_then(|entry| entry.primary.clone()).unwrap_or(first);
    let reason = match verb {
        Verb::Delete => say::deleted(),
        Verb::Update => say::lost_names(&rows),
        Verb::Add | Verb::Missing => say::missing(),
    };
    plan.changes.push(Change {
        verb,
        entry: id.to_owned(),
        kind: known.map_or(Kind::Person, |entry| entry.kind),
        name: known.map_or_else(|| address.clone(), name_of),
        address,
        reason,
        rows,
    });
}
