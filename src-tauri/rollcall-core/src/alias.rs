//! Whether a new address is another name of an account (behaviour.md section 3.7; T8, D09, C14).
//!
//! **Invariant.** By itself an address becomes an alias only where nobody else can be meant; everything less is a
//! suggestion. A candidate counts only as an account: rows that nobody decided about prove nothing.
//!
//! **Limits.** Which domains are one office is the caller's to know, as is what a directory says (it overrides all this).

mod lookup;
mod names;
mod near;

pub use lookup::{forms, keys, sought};
pub use near::{is_one_slip_away, meant_keys};

use names::Reading;

use crate::address::Address;
use crate::guess::{self, Looks};
use crate::state::AddressState;

/// The most suggestions given.
pub const MOST_SUGGESTIONS: usize = 3;

/// An address that may be an alias.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// The address.
    pub address: &'a Address,
    /// First name and surname, where a person or a directory gave them; not what is read from the address.
    pub names: Names<'a>,
}

/// The names of whoever has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Names<'a> {
    /// First name.
    pub first: Option<&'a str>,
    /// Surname.
    pub surname: Option<&'a str>,
}

/// A row of one of the office's domains. Of an alias its owner's row belongs among the candidates too.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The address.
    pub address: &'a Address,
    /// Where it stands.
    pub state: AddressState,
    /// The key of the account that an alias belongs to; `None` for every other row.
    pub owner: Option<&'a str>,
    /// Whose it is.
    pub names: Names<'a>,
}

/// What the alias test says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is another name of this account.
    Auto(Suggestion),
    /// It may be one of these, best first, at most [`MOST_SUGGESTIONS`].
    Suggest(Vec<Suggestion>),
    /// Nothing speaks for it.
    None,
}

/// An account that an address may belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The key of the account.
    pub owner: String,
    /// The address that it looks like: the account's own or one of its aliases.
    pub like: String,
    /// What speaks for it.
    pub why: Why,
}

/// What speaks for an alias, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// `ann.lee` at two domains.
    SameName,
    /// `ann.lee+shop` for `ann.lee`.
    Tagged,
    /// `annlee` for `ann.lee`.
    Written,
    /// `ann.lee` for the account of somebody called Ann Lee.
    FullName,
    /// `a.lee` or `alee` for `ann.lee`, or the other way round.
    Initial,
    /// `ann` for `ann.lee`, or the other way round.
    FirstName,
}

impl Why {
    /// Every reason, the strongest first.
    pub const ALL: [Self; 6] =
        [Self::SameName, Self::Tagged, Self::Written, Self::FullName, Self::Initial, Self::FirstName];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SameName => "same_name",
            Self::Tagged => "tagged",
            Self::Written => "written",
            Self::FullName => "full_name",
            Self::Initial => "initial",
            Self::FirstName => "first_name",
        }
    }
}

impl Suggestion {
    /// Why, in a sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let like = &self.like;
        match self.why {
            Why::SameName => format!("Same name as {like} on your other domain"),
            Why::Tagged => format!("{like} with a tag behind the +"),
            Why::Written => format!("{like}, written with other dots or hyphens"),
            Why::FullName => format!("The full name of whoever has {like}"),
            Why::Initial => format!("Same surname and initial as {like}, and nobody else's"),
            Why::FirstName => format!("Same first name as {like}, and nobody else's"),
        }
    }
}

impl Answer {
    /// The same where the rule lets nothing happen by itself.
    #[must_use]
    pub fn only_suggested(self) -> Self {
        match self {
            Self::Auto(one) => Self::Suggest(vec![one]),
            other => other,
        }
    }
}

impl<'a> Candidate<'a> {
    fn is_active(&self) -> bool {
        self.state.is_account()
    }

    /// An account, or one that was switched off: somebody has that address.
    fn is_somebodys(&self) -> bool {
        self.is_active() || self.state == AddressState::Inactive
    }

    fn reading(&self) -> Reading {
        Reading::with_names(self.address.local(), self.names.first, self.names.surname)
    }

    fn owner_key(&self) -> Option<String> {
        match self.state {
            AddressState::Alias => self.owner.map(str::to_owned),
            _ => Some(self.address.key()),
        }
    }
}

/// The alias test.
#[must_use]
pub fn test(new: &Newcomer<'_>, candidates: &[Candidate<'_>]) -> Answer {
    let key = new.address.key();
    let others: Vec<&Candidate<'_>> =
        candidates.iter().filter(|one| one.is_somebodys() && one.address.key() != key).collect();
    if let Some(owner) = only_owner(new, &others) {
        return Answer::Auto(Suggestion { like: owner.clone(), owner, why: Why::SameName });
    }
    match suggestions(new, &others) {
        none if none.is_empty() => Answer::None,
        some => Answer::Suggest(some),
    }
}

/// The one account with the same name at another domain, if nobody else can be meant.
fn only_owner(new: &Newcomer<'_>, others: &[&Candidate<'_>]) -> Option<String> {
    let same: Vec<&&Candidate<'_>> = others.iter().filter(|one| has_same_name(new.address, one.address)).collect();
    let mut mains = same.iter().filter(|one| one.is_active() && one.state != AddressState::Alias);
    let (main, None) = (mains.next()?, mains.next()) else { return None };
    let owner = main.address.key();
    let is_owners = |one: &Candidate<'_>| one.owner_key().as_ref() == Some(&owner);
    let alone = same.iter().all(|one| is_owners(one));
    let called = Reading::with_names(new.address.local(), new.names.first, new.names.surname);
    let namesake = others.iter().any(|one| !is_owners(one) && is_called(one.names, &called));
    (alone && !namesake && !contradict(new.names, main.names)).then_some(owner)
}

fn has_same_name(new: &Address, other: &Address) -> bool {
    new.domain() != other.domain() && new.local().to_lowercase() == other.local().to_lowercase()
}

/// Whether first name and surname are known and are those read.
fn is_called(names: Names<'_>, read: &Reading) -> bool {
    let (Some(first), Some(last)) = (&read.first, &read.last) else { return false };
    let is = |name: Option<&str>, word: &names::Word| name.is_some_and(|name| names::Word::of(name).is(word));
    is(names.first, first) && is(names.surname, last)
}

/// Whether both are known and differ.
fn contradict(new: Names<'_>, owner: Names<'_>) -> bool {
    let differ = |one: Option<&str>, other: Option<&str>| match (one, other) {
        (Some(one), Some(other)) => !names::Word::of(one).is(&names::Word::of(other)),
        _ => false,
    };
    differ(new.first, owner.first) || differ(new.surname, owner.surname)
}

fn suggestions(new: &Newcomer<'_>, others: &[&Candidate<'_>]) -> Vec<Suggestion> {
    let read = Reading::with_names(new.address.local(), new.names.first, new.names.surname);
    let off = |owner: &str| others.iter().any(|one| !one.is_active() && one.address.key() == owner);
    let found = others.iter().filter(|one| one.is_active()).filter_map(|one| {
        let owner = one.owner_key().filter(|owner| !off(owner) && *owner != new.address.key())?;
        Some(Suggestion { owner, like: one.address.key(), why: why(new, &read, one)? })
    });
    let mut found: Vec<Suggestion> = found.collect();
    for doubtful in [Why::Initial, Why::FirstName] {
        let mut owners = found.iter().filter(|one| one.why == doubtful).map(|one| &one.owner);
        let is_several = owners.next().is_some_and(|first| owners.any(|other| other != first));
        found.retain(|one| one.why != doubtful || !is_several);
    }
    found.sort_by(|a, b| (a.why, a.like != a.owner, &a.owner).cmp(&(b.why, b.like != b.owner, &b.owner)));
    let mut seen = Vec::new();
    found.retain(|one| {
        !seen.contains(&one.owner) && {
            seen.push(one.owner.clone());
            true
        }
    });
    found.truncate(MOST_SUGGESTIONS);
    found
}

/// The strongest reason why `new` may be another name of `one`.
fn why(new: &Newcomer<'_>, read: &Reading, one: &Candidate<'_>) -> Option<Why> {
    if has_same_name(new.address, one.address) {
        return Some(Why::SameName);
    }
    if lookup::without_tag(new.address.local())
        .is_some_and(|name| name.to_lowercase() == one.address.local().to_lowercase())
    {
        return Some(Why::Tagged);
    }
    let theirs = one.reading();
    if read.whole.is(&theirs.whole) {
        return Some(Why::Written);
    }
    let nobody = one.state == AddressState::Functional || guess::looks(new.address.local()) == Looks::LikeFunctional;
    if nobody || contradict(new.names, one.names) { None } else { why_by_name(read, &theirs) }
}

/// [`Why::FullName`], [`Why::Initial`] or [`Why::FirstName`], whichever of the two is the shorter one.
fn why_by_name(new: &Reading, theirs: &Reading) -> Option<Why> {
    let full = |reading: &Reading| Some(reading.first.as_ref()?.then(reading.last.as_ref()?));
    let is_full = |short: &Reading, long: &Reading| {
        long.first.as_ref().is_some_and(names::Word::is_whole) && full(long).is_some_and(|name| name.is(&short.whole))
    };
    let same = full(new).zip(full(theirs)).is_some_and(|(new, theirs)| new.is(&theirs));
    if same || is_full(new, theirs) || is_full(theirs, new) {
        return Some(Why::FullName);
    }
    if is_initial_of(new, theirs) || is_initial_of(theirs, new) {
        return Some(Why::Initial);
    }
    (is_first_of(new, theirs) || is_first_of(theirs, new)).then_some(Why::FirstName)
}

/// `a.lee`, `alee` for Ann Lee; not when `short` is known to be somebody else's.
fn is_initial_of(short: &Reading, long: &Reading) -> bool {
    let (Some(first), Some(last)) = (&long.first, &long.last) else { return false };
    let agrees = short.last.as_ref().is_none_or(|word| word.is(last))
        && short.first.as_ref().is_none_or(|word| word.is(first) || (!word.is_whole() && word.begins_as(first)));
    first.is_whole() && last.is_whole() && agrees && short.whole.is(&first.initial().then(last))
}

/// `ann` for Ann Lee; not when `short` is known to be somebody else's.
fn is_first_of(short: &Reading, long: &Reading) -> bool {
    let (Some(first), Some(last)) = (&long.first, &long.last) else { return false };
    let agrees = short.last.as_ref().is_none_or(|word| word.is(last));
    first.is_whole() && agrees && short.whole.is(first)
}

#[cfg(test)]
#[path = "alias_tests.rs"]
mod tests;
