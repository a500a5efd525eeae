//! From what a directory has and what stands here to what a run does (T16, T17, T18), and whether it may (V07).
//!
//! **Invariant.** What the operator decided stays: kinds, names, refusals, deletions and other names given by hand. A run
//! that misses many, or everything, does nothing. The plan costs one pass over the entries and one over the links.

use std::collections::{HashMap, HashSet};

use super::claims::Claims;
use super::{Entry, Kind, Options, decide, missing};
use crate::recipient::Homes;
use crate::state::{AddressState, MadeBy, Role};
use crate::time::{DAY_MS, Timestamp};

/// How long an account that left waits before it is asked about or deleted (V08).
pub const WAIT_MS: i64 = 14 * DAY_MS;
/// So many may be missing in an office of any size (V07).
const ALWAYS_ALLOWED: u64 = 3;
/// Of more than this one in so many may be missing: 5 %.
const ONE_IN: u64 = 20;

/// An address row, as far as a run needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands.
    pub state: AddressState,
    /// Who made the account.
    pub made_by: Option<MadeBy>,
    /// The key of the account whose other name it is.
    pub owner: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
}

/// What the last run left of an address: to tell what the operator changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The entry that it came with.
    pub entry: String,
    /// The sync made the account, or took it over from mail; what the operator made stays the operator's.
    pub ours: bool,
    /// The state that the run left.
    pub state: AddressState,
    /// The owner that the run left.
    pub owner: Option<String>,
    /// The first name that the directory had.
    pub first_name: Option<String>,
    /// The surname that the directory had.
    pub surname: Option<String>,
    /// What it was before the sync made it inactive.
    pub before: Option<AddressState>,
    /// Since when the directory does not have it.
    pub missing_since: Option<Timestamp>,
}

/// How the operator settled what was asked about an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// As the directory says.
    Directory,
    /// It belongs to this entry.
    Entry(String),
    /// As it is here; it is not asked again.
    Keep,
}

/// Everything that a plan depends on.
pub struct Facts<'a> {
    /// The whole directory, each id once.
    pub entries: &'a [Entry],
    /// The address rows, by key.
    pub rows: &'a HashMap<String, Row>,
    /// What the runs before left, by key.
    pub links: &'a HashMap<String, Link>,
    /// The entries of the last good run, by id: for the names of those that are gone.
    pub known: &'a HashMap<String, Entry>,
    /// The ids of entries that are left alone.
    pub exempt: &'a HashSet<String>,
    /// What the operator settled, by key.
    pub choices: &'a HashMap<String, Choice>,
    /// Our domains.
    pub homes: &'a Homes,
    /// The role of new users, by domain; silent where none is said.
    pub roles: &'a HashMap<String, Role>,
    /// The ticks.
    pub options: Options,
    /// Seats left; `None` without an end.
    pub seats_left: Option<u64>,
    /// Somebody accepted that many are missing.
    pub accept_missing: bool,
    /// Now.
    pub now: Timestamp,
}

/// What a run does with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// It is new here.
    Add,
    /// It changed.
    Update,
    /// It is not in the directory any more.
    Missing,
    /// It has been missing for 14 days.
    Delete,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 4] = [Self::Add, Self::Update, Self::Missing, Self::Delete];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Update => "update",
            Self::Missing => "missing",
            Self::Delete => "delete",
        }
    }

    /// The verb for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.word() == word)
    }
}

/// What a row becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its state.
    pub state: AddressState,
    /// The key of the account whose other name it is.
    pub owner: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// It waits for a seat and does not end meanwhile.
    pub waits: bool,
}

/// A row that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// Its key.
    pub key: String,
    /// How a new row is shown.
    pub shown: String,
    /// Its domain.
    pub domain: String,
    /// What becomes of it; `None`: it goes.
    pub to: Option<Wanted>,
}

/// One line of a run: what it does with an entry, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What.
    pub verb: Verb,
    /// The entry's id.
    pub entry: String,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The address that stands for it.
    pub address: String,
    /// Why, in one sentence.
    pub reason: String,
    /// The rows that change.
    pub rows: Vec<RowChange>,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The address belongs to two entries.
    TwoOwners,
    /// No seat is left.
    NoSeat,
    /// It is another name that somebody gave by hand.
    AliasByHand,
    /// The directory calls it another name; here it is an account of its own.
    OwnAccount,
    /// The operator refuses or never adds it, or took it off the lists.
    KeptOut,
    /// The sign-in is blocked, and it gets mail.
    Disabled,
    /// It left the directory, but somebody made it by hand.
    MadeByHand,
    /// The text cannot be an address.
    Unreadable,
    /// Addresses in a domain that is not ours.
    ForeignDomain,
}

impl ProblemKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::TwoOwners,
        Self::NoSeat,
        Self::AliasByHand,
        Self::OwnAccount,
        Self::KeptOut,
        Self::Disabled,
        Self::MadeByHand,
        Self::Unreadable,
        Self::ForeignDomain,
    ];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TwoOwners => "two_owners",
            Self::NoSeat => "no_seat",
            Self::AliasByHand => "alias_by_hand",
            Self::OwnAccount => "own_account",
            Self::KeptOut => "kept_out",
            Self::Disabled => "disabled",
            Self::MadeByHand => "made_by_hand",
            Self::Unreadable => "unreadable",
            Self::ForeignDomain => "foreign_domain",
        }
    }

    /// The kind for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Something to decide, or that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// The address, as shown.
    pub address: Option<String>,
    /// The domain.
    pub domain: Option<String>,
    /// How many addresses it is about.
    pub count: u64,
    /// The ids and names of the entries it is about.
    pub entries: Vec<(String, String)>,
    /// The account here that it is about, as shown.
    pub account: Option<String>,
}

/// Entries that take no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Their class is not ticked.
    pub not_ticked: u64,
    /// They have no address.
    pub without_mail: u64,
    /// Contacts with a mailbox elsewhere.
    pub contacts_elsewhere: u64,
    /// All their addresses are in other domains.
    pub elsewhere: u64,
    /// The operator exempts them.
    pub exempt: u64,
}

impl LeftOut {
    /// In all.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.not_ticked + self.without_mail + self.contacts_elsewhere + self.elsewhere + self.exempt
    }
}

/// Why a run does nothing (V07).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The answer had no entry at all.
    Empty,
    /// Nobody in the answer has an address at our domains.
    NobodyOfOurs,
    /// So many of so many are missing, or lose an address.
    ManyMissing {
        /// How many.
        missing: u64,
        /// Of how many.
        of: u64,
    },
    /// So many of so many would be deleted.
    ManyDeleted {
        /// How many.
        deleted: u64,
        /// Of how many.
        of: u64,
    },
}

/// What a run does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Why it must not be done.
    pub stop: Option<Stop>,
    /// The lines.
    pub changes: Vec<Change>,
    /// What is noted of each address afterwards; `None`: nothing any more.
    pub links: Vec<(String, Option<Link>)>,
    /// What needs a decision or was left out.
    pub problems: Vec<Problem>,
    /// Entries with nothing to do.
    pub same: u64,
    /// Of these, accounts that were here and match for the first time.
    pub matched: u64,
    /// Entries that take no part.
    pub left_out: LeftOut,
    /// Seats that it uses.
    pub new_users: u64,
}

impl Plan {
    /// How many lines there are of a verb.
    #[must_use]
    pub fn count(&self, verb: Verb) -> u64 {
        self.changes.iter().filter(|change| change.verb == verb).count() as u64
    }
}

impl Problem {
    pub(super) const fn of(kind: ProblemKind) -> Self {
        Self { kind, address: None, domain: None, count: 1, entries: Vec::new(), account: None }
    }

    pub(super) fn about(mut self, entry: &Entry) -> Self {
        self.entries.push((entry.id.clone(), name_of(entry)));
        self
    }
}

impl Link {
    /// Whether the row still is as the run left it.
    pub(super) fn holds(&self, row: &Row) -> bool {
        self.state == row.state && self.owner == row.owner
    }
}

/// How people call an entry.
pub(super) fn name_of(entry: &Entry) -> String {
    let named = entry.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    named.or(entry.primary.as_deref()).unwrap_or(&entry.place).to_owned()
}

/// Whether so many of so many are too many (V07): more than three, and more than 5 %.
pub(super) const fn too_many(count: u64, of: u64) -> bool {
    count > ALWAYS_ALLOWED && count.saturating_mul(ONE_IN) > of
}

/// Plans a run.
#[must_use]
pub fn plan(facts: &Facts<'_>) -> Plan {
    let claims = Claims::gather(facts);
    let mut plan = Plan { left_out: claims.left_out, ..Plan::default() };
    if facts.entries.is_empty() {
        plan.stop = Some(Stop::Empty);
        return plan;
    }
    if claims.of_key.is_empty() && (!facts.links.is_empty() || facts.exempt.is_empty()) {
        plan.problems = claims.problems;
        plan.stop = Some(Stop::NobodyOfOurs);
        return plan;
    }
    let settled = decide::entries(facts, &claims, &mut plan);
    let lost = missing::missing(facts, &claims, &settled, &mut plan);
    let mut problems = claims.problems;
    plan.problems.append(&mut problems);
    plan.problems.sort_by(|one, other| (one.kind, &one.address).cmp(&(other.kind, &other.address)));
    let deleted = plan.count(Verb::Delete);
    if !facts.accept_missing && too_many(lost.missing, lost.of) {
        plan.stop = Some(Stop::ManyMissing { missing: lost.missing, of: lost.of });
    } else if !facts.accept_missing && too_many(deleted, lost.of + deleted) {
        plan.stop = Some(Stop::ManyDeleted { deleted, of: lost.of + deleted });
    }
    plan
}
