//! How the store finds candidates by an index, among a million rows.
//!
//! [`keys`] needs the address index only: it finds every account that decides about an alias made by itself, and most
//! suggestions. [`forms`] finds all of them: the store files each account under its forms, and looks for those that
//! [`sought`] gives.

use super::Names;
use super::names::{Reading, Word};
use crate::address::{Address, DomainName};
use crate::recipient::TagDelimiter;

/// What stands between two names.
const MARKS: [&str; 4] = ["", ".", "_", "-"];

/// The keys of accounts that `new` may belong to, at each of the office's `domains`; some dozen a domain.
#[must_use]
pub fn keys(new: &Address, domains: &[DomainName]) -> Vec<String> {
    let own = new.key();
    let locals = locals(new.local());
    let mut keys: Vec<String> =
        domains.iter().flat_map(|domain| locals.iter().map(move |local| format!("{local}@{domain}"))).collect();
    keys.retain(|key| *key != own);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The forms under which an account is filed: its name without marks, and where the names are known or can be read, its
/// full name, its initial with the surname, and its first name. At most eight, without accents.
#[must_use]
pub fn forms(local: &str, names: Names<'_>) -> Vec<String> {
    let read = Reading::with_names(local, names.first, names.surname);
    let mut words = vec![read.whole];
    if let (Some(first), Some(last)) = (read.first, read.last) {
        words.extend([first.then(&last), first.initial().then(&last)]);
        words.extend(Some(first).filter(Word::is_whole));
    }
    spelled(words.iter())
}

/// The forms to look for: an account of which one equals one of these is a candidate.
#[must_use]
pub fn sought(new: &Address, names: Names<'_>) -> Vec<String> {
    let mut sought = forms(new.local(), names);
    sought.extend(without_tag(new.local()).map(|name| forms(name, Names::default())).unwrap_or_default());
    sought.sort_unstable();
    sought.dedup();
    sought
}

/// The name in front of `+tag`, whatever the domain makes of tags.
pub(super) fn without_tag(local: &str) -> Option<&str> {
    TagDelimiter::Plus.without_tag(local)
}

fn spelled<'w>(words: impl Iterator<Item = &'w Word>) -> Vec<String> {
    let mut forms: Vec<String> =
        words.flat_map(Word::spellings).filter(|form| !form.is_empty()).map(str::to_owned).collect();
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// `local` and the other ways of writing the same name, in lower case.
fn locals(local: &str) -> Vec<String> {
    let lower = local.to_lowercase();
    let mut locals = vec![lower.clone()];
    locals.extend(without_tag(&lower).map(str::to_owned));
    let parts: Vec<&str> = lower.split(['.', '_', '-']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [whole] => locals.extend(split_anywhere(whole)),
        [first, rest @ ..] => {
            let initial = first.chars().next().map(String::from).unwrap_or_default();
            for mark in MARKS {
                locals.push(parts.join(mark));
                locals.extend(rest.last().map(|last| format!("{initial}{mark}{last}")));
            }
            locals.push((*first).to_owned());
        }
        [] => {}
    }
    locals
}

/// `annlee` → `a.nnlee`, `an.nlee`, `ann.lee` …, with each mark.
fn split_anywhere(whole: &str) -> impl Iterator<Item = String> {
    let places = whole.char_indices().skip(1).map(|(place, _)| place).take(40);
    places.flat_map(move |place| {
        MARKS[1..].iter().map(move |mark| format!("{}{mark}{}", &whole[..place], &whole[place..]))
    })
}
