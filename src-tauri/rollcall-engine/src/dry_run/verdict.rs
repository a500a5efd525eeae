//! Whether a user that a rule would have made is a person.

use rollcall_core::alias::Answer;
use rollcall_core::guess::{self, Score};
use rollcall_core::replay::{Course, Doubt};
use rollcall_core::rule::{AliasRule, Rule};
use rollcall_core::{AddressState, InvalidReason, Timestamp};
use rollcall_store::{AddressRecord, StoreError, Tx};

use crate::alike;
use crate::explain;
use crate::ground::Ground;

/// A user that would have been made and is probably no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bogus {
    /// As shown.
    pub address: String,
    /// Why.
    pub why: Why,
}

/// Why it is probably no person: the first that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The mail server refused it afterwards.
    Refused,
    /// The mail server took its mail and sent it back.
    Bounced,
    /// Somebody said that it is not real, or that it is never added.
    NotReal,
    /// The mail server contradicts it now.
    Suspect,
    /// It is another name of this account, as shown.
    AliasOf(String),
    /// It is a functional account.
    Functional,
    /// It looks guessed, or like a slip (X03).
    LooksGuessed,
}

impl Why {
    /// The word used in JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Bounced => "bounced",
            Self::NotReal => "not_real",
            Self::Suspect => "suspect",
            Self::AliasOf(_) => "alias",
            Self::Functional => "functional",
            Self::LooksGuessed => "looks_guessed",
        }
    }
}

pub(super) fn why_bogus(
    tx: &Tx<'_>,
    key: &str,
    course: &Course,
    row: Option<&AddressRecord>,
    ground: &Ground,
    now: Timestamp,
) -> Result<Option<Why>, StoreError> {
    let found = match (course.contradicted(), row.map(|row| row.state)) {
        (Some(Doubt::Refused), _) => Some(Why::Refused),
        (Some(Doubt::Bounced), _) | (_, Some(AddressState::Invalid(InvalidReason::Bounced))) => Some(Why::Bounced),
        (_, Some(AddressState::Invalid(InvalidReason::Manual) | AddressState::NeverAdd)) => Some(Why::NotReal),
        _ if row.is_some_and(|row| row.suspect.is_some()) => Some(Why::Suspect),
        (_, Some(AddressState::Functional)) => Some(Why::Functional),
        _ => None,
    };
    if found.is_some() {
        return Ok(found);
    }
    if let Some(owner) = owner(tx, key, row, ground)? {
        return Ok(Some(Why::AliasOf(owner)));
    }
    let local = key.rsplit_once('@').map_or(key, |(local, _)| local);
    let score = guess::score(local, explain::seen(tx, key, Some(ground), now)?);
    Ok(matches!(score, Score::ProbablyGuessed | Score::ProbablyTypo).then_some(Why::LooksGuessed))
}

/// The account that it is, or looks like, another name of; whatever the rule makes of aliases.
fn owner(tx: &Tx<'_>, key: &str, row: Option<&AddressRecord>, ground: &Ground) -> Result<Option<String>, StoreError> {
    let owner = match row.and_then(|row| row.owner.clone()) {
        Some(owner) => Some(owner),
        None => {
            let ground = Ground { rule: Rule { alias: AliasRule::Auto, ..ground.rule }, ..ground.clone() };
            match alike::answer(tx, key, row, &ground)? {
                Answer::Auto(found) => Some(found.owner),
                Answer::Suggest(found) => found.into_iter().next().map(|found| found.owner),
                Answer::None => None,
            }
        }
    };
    let Some(owner) = owner else { return Ok(None) };
    Ok(Some(tx.address(&owner)?.map_or(owner, |row| row.shown)))
}
