//! What is foretold of the addresses that wait for a decision: when each ends, whether it looks like another name of an
//! account, whether little speaks for it. Kept beside the rows, so that their list is ordered and filtered by an index.
//!
//! **Invariant.** What is kept stands on the rows and the settings as they are, or is known to be stale and found again.
//!
//! **Limits.** Of more than two hundred that all became stale at once a list shows what was foretold before, and a little later the rest.

use std::fmt::Write as _;

use rollcall_core::alias::Answer;
use rollcall_core::ending;
use rollcall_core::guess::{self, StrengthFacts};
use rollcall_core::rule::AliasRule;
use rollcall_core::time::DAY_MS;
use rollcall_core::{AddressState, Rule, Timestamp};
use rollcall_store::{AddressRecord, Outlook, StoreError, Tx};

use crate::alike;
use crate::bus::Tag;
use crate::clock;
use crate::error::EngineError;
use crate::explain::waiting;
use crate::ground::Ground;
use crate::house::House;

/// An address ends soon from so long before its end on, in milliseconds (design 4.2).
pub const SOON_MS: i64 = 5 * DAY_MS;
/// Rows looked at in one transaction: some ten milliseconds of the writer's time.
const AT_ONCE: u32 = 200;
/// How long the watch rests after each transaction, in real time.
const REST: std::time::Duration = std::time::Duration::from_millis(100);

/// What every outlook stands on.
struct Ahead {
    grounds: std::collections::HashMap<String, (Ground, bool)>,
    holiday: Option<Timestamp>,
    ticks: Vec<Timestamp>,
    /// All of it as text: another text is another round.
    text: String,
}

impl House {
    /// Until when an address ends soon.
    #[must_use]
    pub fn soon(&self) -> Timestamp {
        self.clock.now().plus_ms(SOON_MS)
    }

    /// Brings what is foretold up to date before a list is answered, unless that is much: then [`watch`] does.
    ///
    /// # Errors
    /// The store's.
    pub async fn look_ahead(&self) -> Result<(), EngineError> {
        let is_much = self.store.read(|tx| {
            let (round, _) = tx.outlook_round()?;
            Ok(tx.stale_outlooks(round, AT_ONCE + 1)?.len() > AT_ONCE as usize)
        })?;
        if is_much || self.look_at_some().await? {
            self.foretelling.notify_one();
        }
        Ok(())
    }

    /// Looks at some stale addresses; true when there may be more.
    async fn look_at_some(&self) -> Result<bool, EngineError> {
        let ahead = self.ahead()?;
        let is_stale = self.store.read(|tx| {
            let (round, ground) = tx.outlook_round()?;
            Ok(ground != ahead.text || !tx.stale_outlooks(round, 1)?.is_empty())
        })?;
        if !is_stale {
            return Ok(false);
        }
        let (changed, more) = self.store.write(move |tx| look(tx, &ahead)).await?;
        if changed {
            self.bus.stale(&[Tag::Addresses]);
        }
        Ok(more)
    }

    fn ahead(&self) -> Result<Ahead, EngineError> {
        let (_, holiday) = self.week_ahead()?;
        let ticks = self.ticks_ahead()?;
        let refusing: std::collections::BTreeSet<String> = self.store.read(|tx| {
            let refuses = |domain: rollcall_store::DomainRecord| domain.stranger_refused.map(|_| domain.name);
            Ok(tx.domains()?.into_iter().filter_map(refuses).collect())
        })?;
        let mut grounds: Vec<(String, Ground)> = self.grounds().into_iter().collect();
        grounds.sort_by(|one, other| one.0.cmp(&other.0));
        let mut text = format!("{:?} {:?}", ticks.first(), holiday);
        for (name, ground) in &grounds {
            let Ground { rule, truth, freezes, .. } = ground;
            // Writing to a text cannot fail.
            let _ = write!(text, "\n{name} {rule:?} {truth:?} {freezes:?} {}", refusing.contains(name));
        }
        let grounds = grounds.into_iter().map(|(name, ground)| {
            let refuses = refusing.contains(&name);
            (name, (ground, refuses))
        });
        Ok(Ahead { grounds: grounds.collect(), holiday, ticks, text })
    }
}

/// Keeps what is foretold up to date while rows and settings change.
pub(crate) async fn watch(house: &House) -> Result<(), EngineError> {
    let mut events = house.bus.subscribe();
    loop {
        while house.look_at_some().await? {
            clock::pause(REST).await;
        }
        loop {
            let event = tokio::select! {
                event = events.recv() => event,
                () = house.foretelling.notified() => break,
            };
            match event {
                Ok(event) if ![Tag::Addresses, Tag::Setup, Tag::Clock].iter().any(|tag| event.stale.contains(tag)) => {}
                _ => break,
            }
        }
        clock::pause(REST).await;
    }
}

fn look(tx: &Tx<'_>, ahead: &Ahead) -> Result<(bool, bool), StoreError> {
    let (_, ground) = tx.outlook_round()?;
    if ground != ahead.text {
        tx.begin_outlook_round(&ahead.text)?;
    }
    let (round, _) = tx.outlook_round()?;
    let stale = tx.stale_outlooks(round, AT_ONCE)?;
    let mut changed = false;
    for key in &stale {
        let outlook = foretell(tx, key, ahead)?;
        changed |= tx.outlook(key)?.is_some_and(|before| before != outlook);
        tx.put_outlook(key, outlook, round)?;
    }
    Ok((changed, stale.len() == AT_ONCE as usize))
}

/// Until when a Discovered row needs nobody.
pub(crate) fn can_wait_until(
    tx: &Tx<'_>,
    row: &AddressRecord,
    ground: &Ground,
) -> Result<Option<Timestamp>, StoreError> {
    if ending::can_wait_until(&ground.rule, true, waiting(row)).is_none() || ground.rule.alias == AliasRule::Off {
        return Ok(None);
    }
    let is_alias = alike::answer(tx, &row.key, Some(row), ground)? != Answer::None;
    Ok(ending::can_wait_until(&ground.rule, is_alias, waiting(row)))
}

fn foretell(tx: &Tx<'_>, key: &str, ahead: &Ahead) -> Result<Outlook, StoreError> {
    let Some(row) = tx.address(key)?.filter(|row| row.state == AddressState::Discovered) else {
        return Ok(Outlook::default());
    };
    let known = ahead.grounds.get(&row.domain);
    let ends = known.and_then(|(ground, _)| {
        ending::ends(&ground.rule, &ground.freezes, waiting(&row), ahead.holiday, &ahead.ticks)
    });
    let alias = match known.filter(|(ground, _)| ground.rule.alias != AliasRule::Off) {
        Some((ground, _)) => alike::answer(tx, key, Some(&row), ground)? != Answer::None,
        None => false,
    };
    let strength = guess::strength(StrengthFacts {
        clean_count: row.clean_count,
        need: known.map_or(Rule::SHIPPED.need, |(ground, _)| ground.rule.need),
        sender_domains: tx.sender_domains_since(key, row.first_seen)?,
        server_refuses_strangers: known.is_some_and(|(_, refuses)| *refuses),
        is_suspect: row.suspect.is_some(),
    });
    let can_wait = known.and_then(|(ground, _)| ending::can_wait_until(&ground.rule, alias, waiting(&row)));
    Ok(Outlook { ends, alias, weak: strength.is_weak(), can_wait })
}
