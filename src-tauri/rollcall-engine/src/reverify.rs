//! Accounts are asked about again in the background (V06, T23): each once a week, at its own mail server.
//!
//! **Invariant.** Only destinations of ours are asked, within the limits of the catch-all test (3.8), and not while one
//! says yes to everybody. What comes of it is a doubt and a notice: no reply to anybody changes.
//!
//! **Limits.** At most [`AT_ONCE`] accounts of a domain in one connection, and no more than that a minute, so that a
//! computer that was off for weeks asks slowly. Accounts of a directory are the directory's.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rollcall_core::reverify::{self, Heard, Progress};
use rollcall_core::transition::{self, Event, Tell};
use rollcall_core::truth::Truth;
use rollcall_core::{Address, Timestamp};
use rollcall_net::Destination;
use rollcall_store::{AddressRecord, RowChange, StoreError, Tx};

use crate::bus::{Notice, Tag};
use crate::error::EngineError;
use crate::ground::Ground;
use crate::house::House;
use crate::setup::Domain;
use crate::survey::{self, Asked};
use crate::{catch_all, clock, entry, reach};

/// Accounts asked about in one connection.
const AT_ONCE: u32 = 10;
/// Accounts that are given their first time in one transaction.
const NEW: u32 = 500;
/// How often accounts that are due are looked for when nothing wakes the task.
const LOOK: Duration = Duration::from_secs(60);

/// One turn of the task: what is due of one domain, or a wait.
pub(crate) async fn turn(house: &Arc<House>) -> Result<(), EngineError> {
    if house.limits.probes_a_minute == 0 {
        std::future::pending::<()>().await;
    }
    let now = house.clock.now();
    let mut asked = 0;
    for domain in house.setup().domains.values() {
        if !knows_who_exists(house, domain) {
            continue;
        }
        plan(house, domain, now).await?;
        let due = house.store.read(|tx| tx.to_reverify(&domain.name, now, AT_ONCE))?;
        asked = asked.max(due.len());
        ask(house, domain, due).await?;
    }
    if asked == AT_ONCE as usize {
        clock::pause(LOOK).await;
        return Ok(());
    }
    tokio::select! {
        () = house.reverifying.notified() => {}
        () = clock::pause(LOOK) => {}
    }
    Ok(())
}

/// Whether a yes means anything: the destination refuses strangers as far as is known, or recipients are asked about
/// elsewhere (V05).
fn knows_who_exists(house: &House, domain: &Domain) -> bool {
    house.truths.verdict(domain) != Some(Truth::AcceptsEverything) || domain.verification().is_some()
}

/// Gives accounts that were never asked about their time within the week.
async fn plan(house: &House, domain: &Domain, now: Timestamp) -> Result<(), EngineError> {
    let fresh = house.store.read(|tx| tx.never_reverified(&domain.name, NEW))?;
    if fresh.is_empty() {
        return Ok(());
    }
    let put = move |tx: &Tx<'_>| {
        tx.prune_reverified()?;
        fresh.iter().try_for_each(|key| tx.put_reverified(key, Progress::first(key, now), None))
    };
    Ok(house.store.write(put).await?)
}

/// Asks about accounts, those of one destination in one connection.
async fn ask(house: &Arc<House>, domain: &Arc<Domain>, due: Vec<(String, Progress)>) -> Result<(), EngineError> {
    let setup = house.setup();
    let mut by_destination: BTreeMap<String, (Destination, Vec<(String, Progress)>)> = BTreeMap::new();
    for (key, progress) in due {
        let own = setup.routes.get(&key).map(|routed| routed.destination.clone());
        let destination = own.or_else(|| domain.verification()).unwrap_or_else(|| domain.destination.clone());
        let entry = by_destination.entry(destination.to_string()).or_insert_with(|| (destination, Vec::new()));
        entry.1.push((key, progress));
    }
    for (destination, accounts) in by_destination.into_values() {
        let answers = ask_one(house, domain, &destination, &accounts).await?;
        keep(house, domain, accounts, answers).await?;
    }
    Ok(())
}

/// What the destination said of each account, in their order; fewer when it was lost in between.
async fn ask_one(
    house: &House,
    domain: &Domain,
    destination: &Destination,
    accounts: &[(String, Progress)],
) -> Result<Vec<Asked>, EngineError> {
    let shown: Vec<String> = house.store.read(|tx| {
        let shown = |(key, _): &(String, Progress)| Ok(tx.address(key)?.map_or_else(|| key.clone(), |row| row.shown));
        accounts.iter().map(shown).collect::<Result<_, StoreError>>()
    })?;
    let _turn = house.truths.turn(accounts.len(), catch_all::limit(house).max(accounts.len())).await;
    match survey::ask_about(&house.hostname, destination, &domain.name, shown).await {
        Ok(answers) => {
            reach::answered(house, destination);
            Ok(answers)
        }
        Err(error) => {
            reach::went_away(house, destination, &error);
            Ok(Vec::new())
        }
    }
}

async fn keep(
    house: &House,
    domain: &Domain,
    accounts: Vec<(String, Progress)>,
    answers: Vec<Asked>,
) -> Result<(), EngineError> {
    let (now, ground) = (house.clock.now(), house.ground(domain));
    let doubted = house
        .store
        .write(move |tx| {
            let mut doubted = Vec::new();
            let mut answers = answers.iter();
            for (key, before) in &accounts {
                let asked = answers.next();
                let heard = asked.map_or(Heard::Nothing, |asked| reverify::heard(&asked.said));
                let progress = before.after(heard, now);
                let reply = asked.map(|asked| asked.said.reply().to_string());
                tx.put_reverified(key, progress, reply.as_deref().map(|reply| (now, reply)))?;
                let Some(row) = tx.address(key)? else { continue };
                doubted.extend(judge(tx, row, heard, &progress, reply.unwrap_or_default(), &ground, now)?);
            }
            Ok(doubted)
        })
        .await?;
    house.bus.stale(&[Tag::Addresses, Tag::Journal]);
    for address in doubted {
        house.bus.notice(Notice::AboutAddress { address, tell: Tell::ServerSaysNo });
    }
    Ok(())
}

/// T23, and a yes that ends a doubt. The address, as shown, when it is doubted from now on.
fn judge(
    tx: &Tx<'_>,
    row: AddressRecord,
    heard: Heard,
    progress: &Progress,
    reply: String,
    ground: &Ground,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    if heard == Heard::Takes {
        if row.suspect.is_some() {
            tx.put_address(&AddressRecord { suspect: None, ..row })?;
        }
        return Ok(None);
    }
    let event = Event::Reverified { refusals: progress.refusals, over_ms: progress.over_ms(now) };
    let next = transition::next(Some(&ground.row(&row, false, now)), event, &ground.circumstances(tx)?);
    if heard != Heard::Unknown || !next.suspect || row.suspect.is_some() {
        return Ok(None);
    }
    let (shown, after) = (row.shown.clone(), AddressRecord { suspect: Some(now), ..row.clone() });
    tx.put_address(&after)?;
    let why = format!("asked {} times since a week had passed, the mail server answered {reply}", progress.refusals);
    let change = RowChange { key: row.key.clone(), before: Some(row), after: Some(after) };
    entry::by_rule(tx, "suspect", why, now, &[change], false)?;
    Ok(Some(shown))
}

impl House {
    /// How far asking about an account again has come; `None` for what is no account, or was not planned yet.
    ///
    /// # Errors
    /// The store's; not an address.
    pub fn reverified(&self, address: &Address) -> Result<Option<Progress>, EngineError> {
        Ok(self.store.read(|tx| tx.reverified(&address.key()))?)
    }
}
