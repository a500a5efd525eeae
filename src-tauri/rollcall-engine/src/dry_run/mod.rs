//! What another rule would have made of the last thirty days (X09), and what it would change for what waits now. Nothing
//! changes by it.
//!
//! **Invariant.** The same transitions as with live mail ([`rollcall_core::replay`]). Addresses are read one after another,
//! so that memory does not grow with what was recorded; off the async threads, and given up when nobody waits for it.
//!
//! **Limits.** As the replay's, and what was not written down by older versions: [`DryRun::complete_since`] says from when
//! on nothing is missing. The lists are cut, the numbers are not.

mod history;
mod now;
mod verdict;

pub use now::Switch;
pub use verdict::{Bogus, Why};

use std::cell::RefCell;
use std::collections::HashMap;

use rollcall_core::replay::{Course, Made};
use rollcall_core::rule::{AliasRule, Rule};
use rollcall_core::seats::{self, Forecast};
use rollcall_core::time::DAY_MS;
use rollcall_core::{AddressState, DomainName, MadeBy, Timestamp};
use rollcall_store::{AddressRecord, Store, StoreError, Tx};
use tokio_util::sync::CancellationToken;

use crate::error::EngineError;
use crate::ground::Ground;
use crate::house::House;
use history::{History, Past};

/// How far it looks back, in milliseconds.
pub const BACK_MS: i64 = 30 * DAY_MS;
/// The most addresses that a list names.
pub const MOST_NAMED: usize = 1_000;
/// The setting that holds since when everything is recorded, in milliseconds.
pub(crate) const COMPLETE_SINCE: &str = "recorded_since_ms";
/// Addresses read in one transaction.
const PAGE: u32 = 200;

/// What a rule would have done.
#[derive(Debug, Clone, PartialEq)]
pub struct DryRun {
    /// The rule that was tried.
    pub rule: Rule,
    /// From when.
    pub from: Timestamp,
    /// To when: now.
    pub to: Timestamp,
    /// Since when everything that a rule looks at was written down; before that, something may be missing.
    pub complete_since: Timestamp,
    /// Addresses that were looked at.
    pub looked_at: u64,
    /// Users that it would have made.
    pub created: Named<Creation>,
    /// Those among them that are probably no person, and why.
    pub bogus: Named<Bogus>,
    /// Addresses that it would have listed as Discovered.
    pub listed: Named<Moment>,
    /// Addresses whose mail it would have stopped for want of a decision.
    pub ended: Named<Moment>,
    /// Other names that it would have made.
    pub aliases: Named<Moment>,
    /// Users that it would have made and that are none now.
    pub added: Named<Moment>,
    /// Users that a rule made and that it would not have.
    pub removed: Named<Moment>,
    /// Names that another domain of ours has too, and that become users of their own there and here (P11).
    pub same_names: Named<Moment>,
    /// What the users it would have made mean for seats and bill.
    pub cost: Forecast,
    /// What it changes for what waits now.
    pub switch: Switch,
    /// What the users among those mean for seats and bill.
    pub switch_cost: Forecast,
}

/// Addresses: how many, and the first of them by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<One> {
    /// How many.
    pub count: u64,
    /// The first, at most [`MOST_NAMED`].
    pub first: Vec<One>,
}

/// An address and when something would have happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// As shown.
    pub address: String,
    /// When.
    pub at: Timestamp,
}

/// A user that would have been made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// As shown.
    pub address: String,
    /// When and by which transition.
    pub made: Made,
}

impl<One> Default for Named<One> {
    fn default() -> Self {
        Self { count: 0, first: Vec::new() }
    }
}

impl<One> Named<One> {
    fn add(&mut self, one: One) {
        self.count += 1;
        if self.first.len() < MOST_NAMED {
            self.first.push(one);
        }
    }
}

/// What the work needs, away from the house.
struct Work {
    store: Store,
    domain: String,
    /// With the rule that is tried.
    ground: Ground,
    now: Timestamp,
    from: Timestamp,
    stop: CancellationToken,
}

/// What was gathered so far.
#[derive(Default)]
struct Gathered {
    looked_at: u64,
    created: Named<Creation>,
    bogus: Named<Bogus>,
    listed: Named<Moment>,
    ended: Named<Moment>,
    aliases: Named<Moment>,
    added: Named<Moment>,
    removed: Named<Moment>,
    same_names: Named<Moment>,
    switch: Switch,
}

impl House {
    /// Tries a rule for `domain` on the last thirty days and on what waits now.
    ///
    /// # Errors
    /// Invalid: a number outside its range. Not found: no domain of ours. Unavailable when the office is closed meanwhile.
    pub async fn dry_run(&self, domain: &str, rule: Rule) -> Result<DryRun, EngineError> {
        let name = DomainName::parse(domain)?.to_string();
        rule.check().map_err(|error| EngineError::Invalid(error.to_string()))?;
        let setup = self.setup();
        let Some(domain) = setup.domains.get(&name) else {
            return Err(EngineError::NotFound(format!("{name} isn't one of your domains.")));
        };
        self.store.settle().await?;
        let before = self.ground(domain);
        let ground = Ground { rule, ..before.clone() };
        let now = self.clock.now();
        let complete_since = self.store.read(complete_since)?;
        let from = now.minus_ms(BACK_MS);
        let outlook = now::Outlook::new(before, ground.clone(), self.week_ahead()?.1, self.ticks_ahead()?, now);
        let stop = self.stop.child_token();
        // Whoever asked may go: then nobody needs the answer.
        let _given_up = stop.clone().drop_guard();
        let work = Work { store: self.store.clone(), domain: name, ground, now, from, stop };
        let found = tokio::task::spawn_blocking(move || work.run(&outlook)).await;
        let found = found.map_err(|error| EngineError::Internal(format!("the dry run did not end: {error}")))??;
        let (seats, licence) = self.seats()?;
        let cost = |users| seats::forecast(seats, licence, users, users);
        Ok(found.answer(rule, (from, now), complete_since.unwrap_or(now), cost))
    }
}

/// Since when everything is recorded.
fn complete_since(tx: &Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    Ok(tx.setting(COMPLETE_SINCE)?.and_then(|text| text.parse().ok()).map(Timestamp))
}

/// Writes down, once, that from now on everything is recorded.
pub(crate) async fn mark_complete(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    if store.read(complete_since)?.is_some() {
        return Ok(());
    }
    store.write(move |tx| tx.put_setting(COMPLETE_SINCE, &now.0.to_string())).await
}

impl Work {
    fn run(&self, outlook: &now::Outlook) -> Result<Gathered, EngineError> {
        let history = self.store.read(|tx| History::load(tx, &self.domain, &self.ground, self.from))?;
        // Other names of users that the rule itself makes: who they are must be known first.
        let made = if self.ground.rule.alias == AliasRule::Auto && self.ground.rule.creates_users() {
            let mut made = HashMap::new();
            self.each(&history, &HashMap::new(), |_, key, course, _| {
                made.extend(course.created.map(|one| (key.to_owned(), one.at)));
                Ok(())
            })?;
            made
        } else {
            HashMap::new()
        };
        let mut gathered = Gathered::default();
        self.each(&history, &made, |tx, key, course, past| self.gather(&mut gathered, tx, key, course, past, outlook))?;
        Ok(gathered)
    }

    /// Replays one address after another.
    fn each(
        &self,
        history: &History,
        made: &HashMap<String, Timestamp>,
        mut take: impl FnMut(&Tx<'_>, &str, &Course, &Past) -> Result<(), StoreError>,
    ) -> Result<(), EngineError> {
        let suffix = format!("@{}", self.domain);
        let mut after = String::new();
        loop {
            let last = self.store.read(|tx| {
                let keys = tx.recorded_keys(&after, PAGE)?;
                for key in keys.iter().filter(|key| key.ends_with(&suffix)) {
                    if self.stop.is_cancelled() {
                        return Ok(None);
                    }
                    let past = Past::load(tx, key, self.from)?;
                    let trouble = RefCell::new(None);
                    let alias = |at| {
                        let found = history::is_alias(tx, key, past.row.as_ref(), &self.ground, made, at);
                        found.unwrap_or_else(|error| {
                            trouble.borrow_mut().get_or_insert(error);
                            false
                        })
                    };
                    let course = history.replay(tx, key, &past, &alias, self.now)?;
                    trouble.into_inner().map_or(Ok(()), Err)?;
                    take(tx, key, &course, &past)?;
                }
                Ok(keys.into_iter().next_back())
            })?;
            let Some(last) = last else { break };
            after = last;
        }
        if self.stop.is_cancelled() { Err(StoreError::Closed.into()) } else { Ok(()) }
    }

    fn gather(
        &self,
        gathered: &mut Gathered,
        tx: &Tx<'_>,
        key: &str,
        course: &Course,
        past: &Past,
        outlook: &now::Outlook,
    ) -> Result<(), StoreError> {
        let row = past.row.as_ref();
        let address = row.map_or_else(|| key.to_owned(), |row| row.shown.clone());
        let moment = |at| Moment { address: address.clone(), at };
        gathered.looked_at += 1;
        if let Some(made) = course.created {
            gathered.created.add(Creation { address: address.clone(), made });
            if let Some(why) = verdict::why_bogus(tx, key, course, row, &self.ground, self.now)? {
                gathered.bogus.add(Bogus { address: address.clone(), why });
            }
        }
        course.listed.into_iter().for_each(|at| gathered.listed.add(moment(at)));
        course.ended.into_iter().for_each(|at| gathered.ended.add(moment(at)));
        course.alias.into_iter().for_each(|at| gathered.aliases.add(moment(at)));
        let is_user = |state| matches!(state, AddressState::User(_));
        let is_one_now = row.is_some_and(|row| is_user(row.state));
        let would_be = course.row.filter(|standing| is_user(standing.state));
        match (would_be, row) {
            (Some(standing), _) if !is_one_now => gathered.added.add(moment(standing.changed)),
            (None, Some(row)) if is_one_now && row.made_by == Some(MadeBy::Rule) => {
                gathered.removed.add(moment(row.changed));
            }
            _ => {}
        }
        if let Some(row) = row {
            if self.is_elsewhere_too(tx, row)? {
                gathered.same_names.add(moment(row.first_seen));
            }
            outlook.weigh(tx, row, &mut gathered.switch)?;
        }
        Ok(())
    }
}

impl Work {
    /// P11: whether a rule that makes users, and ties no names together, makes two of one person: the name is at another
    /// domain of ours too, and no alias at either.
    fn is_elsewhere_too(&self, tx: &Tx<'_>, row: &AddressRecord) -> Result<bool, StoreError> {
        let Ground { rule, domains, .. } = &self.ground;
        let counts = |state: AddressState| state.is_open() || (state.is_account() && state != AddressState::Alias);
        if rule.alias == AliasRule::Auto || !rule.creates_users() || !counts(row.state) {
            return Ok(false);
        }
        let Some((name, _)) = row.key.rsplit_once('@') else { return Ok(false) };
        for other in domains.iter().filter(|other| other.as_str() != self.domain) {
            if tx.address(&format!("{name}@{other}"))?.is_some_and(|there| counts(there.state)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Gathered {
    fn answer(
        self,
        rule: Rule,
        (from, to): (Timestamp, Timestamp),
        complete_since: Timestamp,
        cost: impl Fn(u64) -> Forecast,
    ) -> DryRun {
        let Self { looked_at, created, bogus, listed, ended, aliases, added, removed, same_names, switch } = self;
        let switch_cost = cost(switch.users.count + switch.users_at_end.count);
        let cost = cost(created.count);
        DryRun {
            rule,
            from,
            to,
            complete_since,
            looked_at,
            created,
            bogus,
            listed,
            ended,
            aliases,
            added,
            removed,
            same_names,
            cost,
            switch,
            switch_cost,
        }
    }
}
