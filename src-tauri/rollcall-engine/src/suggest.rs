//! What Rollcall would make of an address: shown beside it, and done for many with one decision.

use rollcall_core::alias::{Answer, Why};
use rollcall_core::guess::{self, Looks};
use rollcall_core::rule::AliasRule;
use rollcall_core::{AddressState, Role, Rule, Source};
use rollcall_store::{AddressRecord, StoreError, Tx};

use crate::alike::{self, Planned};
use crate::error::EngineError;
use crate::ground::Ground;
use crate::house::House;

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggested {
    /// Another name of an account.
    Alias {
        /// The account's key.
        owner: String,
        /// As shown.
        shown: String,
        /// What speaks for it.
        why: Why,
    },
    /// A functional account.
    Functional,
    /// A user with the domain's role for new ones.
    User(Role),
    /// Nothing yet: it is more likely nobody's.
    Unlikely,
}

impl House {
    /// What it would make of the address filed under `key`.
    ///
    /// # Errors
    /// The store's.
    pub fn suggestion(&self, key: &str) -> Result<Suggested, EngineError> {
        let domain = key.rsplit_once('@').map_or(key, |(_, domain)| domain);
        let ground = self.setup().domains.get(domain).map(|domain| self.ground(domain));
        Ok(self.store.read(|tx| suggest(tx, key, ground.as_ref()))?)
    }
}

/// The suggestion for the address filed under `key`. Where the rule looks for no aliases, none is suggested (C23).
pub(crate) fn suggest(tx: &Tx<'_>, key: &str, ground: Option<&Ground>) -> Result<Suggested, StoreError> {
    suggest_after(tx, key, ground, &Planned::default())
}

/// The same once what is planned is carried out.
pub(crate) fn suggest_after(
    tx: &Tx<'_>,
    key: &str,
    ground: Option<&Ground>,
    planned: &Planned,
) -> Result<Suggested, StoreError> {
    let local = key.rsplit_once('@').map_or(key, |(local, _)| local);
    if let Some(ground) = ground.filter(|ground| ground.rule.alias != AliasRule::Off) {
        let row = tx.address(key)?;
        let best = match alike::answer_after(tx, key, row.as_ref(), ground, planned)? {
            Answer::Auto(found) => Some(found),
            Answer::Suggest(found) => found.into_iter().next(),
            Answer::None => None,
        };
        if let Some(best) = best
            && let Some(owner) = planned.address(tx, &best.owner)?
        {
            return Ok(Suggested::Alias { owner: owner.key, shown: owner.shown, why: best.why });
        }
    }
    if is_unlikely(tx, key)? {
        return Ok(Suggested::Unlikely);
    }
    Ok(match guess::looks(local) {
        Looks::LikeFunctional => Suggested::Functional,
        Looks::LikePerson { .. } => Suggested::User(ground.map_or(Rule::SHIPPED.role, |ground| ground.rule.role)),
    })
}

/// What "Add as suggested" leaves of several: who is more likely nobody's, and with them what would be another name of
/// theirs. Once it shows that they exist, both come; before, a second name would become a user of its own.
///
/// **Limits.** It knows those that are added together: a second name that is chosen alone becomes what it looks like.
#[derive(Debug, Default)]
pub(crate) struct Left(Planned);

impl Left {
    /// The suggestion for one, after those before it.
    pub fn suggest_after(
        &mut self,
        tx: &Tx<'_>,
        key: &str,
        ground: Option<&Ground>,
        planned: &Planned,
    ) -> Result<Suggested, StoreError> {
        let found = suggest_after(tx, key, ground, planned)?;
        let is_left = match found {
            Suggested::Unlikely => true,
            Suggested::User(_) | Suggested::Functional => self.has_owner(tx, key, ground)?,
            Suggested::Alias { .. } => false,
        };
        if !is_left {
            return Ok(found);
        }
        if let Some(row) = tx.address(key)? {
            self.0.add(AddressRecord { state: AddressState::User(Role::Silent), ..row });
        }
        Ok(Suggested::Unlikely)
    }

    fn has_owner(&self, tx: &Tx<'_>, key: &str, ground: Option<&Ground>) -> Result<bool, StoreError> {
        let Some(ground) = ground.filter(|ground| ground.rule.alias != AliasRule::Off && !self.0.is_empty()) else {
            return Ok(false);
        };
        let row = tx.address(key)?;
        let owners = match alike::answer_after(tx, key, row.as_ref(), ground, &self.0)? {
            Answer::Auto(found) => vec![found],
            Answer::Suggest(found) => found,
            Answer::None => Vec::new(),
        };
        Ok(owners.iter().any(|found| self.0.has(&found.owner)))
    }
}

/// Whether a waiting address is more likely nobody's than not (pitfall 1).
fn is_unlikely(tx: &Tx<'_>, key: &str) -> Result<bool, StoreError> {
    let Some(row) = tx.address(key)?.filter(|row| row.state.is_open()) else { return Ok(false) };
    if !tx.was_unknown(&row.shown, row.first_seen)? {
        return Ok(false);
    }
    let truths = tx.truths_of(&row.domain)?;
    let taken_by = truths.iter().rev().find(|(from, _)| *from <= row.last_seen).and_then(|(_, truth)| *truth);
    Ok(guess::is_unlikely(true, taken_by, row.source == Source::Outbound))
}
