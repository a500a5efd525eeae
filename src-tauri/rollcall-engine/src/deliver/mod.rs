//! Delivers what is ours: claimed from the spool when due, tried, settled recipient by recipient.
//!
//! **Invariant.** An attempt is a task of the house: it ends on its own, whatever happens to the round that began it or
//! to other attempts, and it settles whatever it claimed. A destination has at most [`MOST_EACH`] attempts at a time,
//! fewer while it has enough, so that none keeps another's mail.
//!
//! **Limits.** A destination that does not answer gets one message at a time.

mod attempt;
mod flush;
mod look;
pub(crate) mod notice;
pub(crate) mod reconcile;
mod report;
pub(crate) mod route;
mod settle;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rollcall_core::Timestamp;
use rollcall_net::{Deadlines, Destination};
use rollcall_store::{Claimed, Lane};
use tokio::task::JoinSet;

use crate::destinations::{Place, Reachability};
use crate::error::EngineError;
use crate::house::House;
use crate::setup::Setup;
use crate::supervise::catch_panic;
use attempt::Found;
use flush::Trying;
use settle::Ended;

pub use flush::Flush;
pub use settle::Settling;

/// Attempts under way at once; a destination that has none gets its first all the same.
const MOST: usize = 20;
/// Attempts under way at once with one destination.
const MOST_EACH: usize = 5;
/// Messages that one attempt works through, one after the other.
const MESSAGES: usize = 16;
/// The least time between attempts with a destination that does not answer, in milliseconds. Whoever brings mail for it
/// asks anyway.
const REST_MS: i64 = 1000;
/// The longest sleep; a virtual clock may jump meanwhile, which wakes the task.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The sleep while mail is due whose destination has no place left.
const FULL_WAIT: Duration = Duration::from_secs(1);
/// For connection, greeting and EHLO. Commands after these get RFC 5321's times.
const OPENING: Deadlines = Deadlines { command: Duration::from_secs(30), ..Deadlines::SPOOL };

/// One round: begins whatever is due and has a place, or waits for the next moment or for news.
pub async fn turn(house: &Arc<House>) -> Result<(), EngineError> {
    grant_wishes(house).await?;
    look::after_the_silent(house);
    if !begin_due(house).await? {
        rest(house).await?;
    }
    Ok(())
}

/// Makes due what is to go at once.
async fn grant_wishes(house: &House) -> Result<(), EngineError> {
    let wishes = house.flush.take();
    if wishes.is_empty() {
        return Ok(());
    }
    let (setup, now) = (house.setup(), house.clock.now());
    for lane in house.spool.lanes()? {
        let is_meant = route::every(&setup, &lane).any(|destination| wishes.concern(Some(&destination)));
        if (is_meant || wishes.concern(None))
            && let Err(error) = house.spool.make_due(now, &lane).await
        {
            house.flush.put_back(wishes);
            return Err(error.into());
        }
    }
    Ok(())
}

async fn rest(house: &House) -> Result<(), EngineError> {
    let now = house.clock.now();
    let next_due = house.spool.lanes()?.into_iter().map(|lane| lane.due).min();
    let wait = next_due.map_or(LONGEST_WAIT, |due| match u64::try_from(due.since_ms(now)) {
        Ok(ms) if ms > 0 => Duration::from_millis(ms.max(50)).min(LONGEST_WAIT),
        _ => FULL_WAIT,
    });
    tokio::select! {
        () = house.spool_wake.notified() => {}
        () = house.destinations.news.notified() => {}
        () = crate::clock::pause(wait) => {}
    }
    Ok(())
}

/// The lanes that go to one place; `None` for those that go nowhere now.
struct Way {
    destination: Result<Destination, &'static str>,
    lanes: Vec<Lane>,
}

/// Claims and begins what has a place, destination by destination. True when anything was begun.
async fn begin_due(house: &Arc<House>) -> Result<bool, EngineError> {
    let now = house.clock.now();
    let due = house.spool.lanes()?.into_iter().filter(|lane| lane.due <= now).collect();
    let mut begun = false;
    for way in ways(&house.setup(), due) {
        begun |= begin(house, now, way).await?;
    }
    Ok(begun)
}

/// Lanes by where they go, in a steady order; the longest due first within each.
fn ways(setup: &Setup, lanes: Vec<Lane>) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    let mut places: HashMap<Result<Destination, &'static str>, usize> = HashMap::new();
    for lane in lanes {
        let destination = route::of(setup, lane.outbound, &lane.domain);
        let place = *places.entry(destination.clone()).or_insert_with(|| {
            ways.push(Way { destination, lanes: Vec::new() });
            ways.len() - 1
        });
        ways[place].lanes.push(lane);
    }
    ways.iter_mut().for_each(|way| way.lanes.sort_by_key(|lane| lane.due));
    ways
}

/// Claims what has a place of one way, and deals it out to attempts.
async fn begin(house: &Arc<House>, now: Timestamp, way: Way) -> Result<bool, EngineError> {
    let Way { destination, lanes } = way;
    let (attempts, each) = match &destination {
        Ok(destination) => room(house, destination, now),
        Err(_) => (1, MOST),
    };
    let fellows: Vec<String> = lanes.iter().map(|lane| lane.domain.clone()).collect();
    let mut claimed = Vec::new();
    for lane in &lanes {
        let left = (attempts * each).saturating_sub(claimed.len());
        if left == 0 {
            break;
        }
        let limit = u32::try_from(left).unwrap_or(u32::MAX);
        claimed.extend(house.spool.claim(now, limit, lane, &fellows).await?);
    }
    if claimed.is_empty() {
        return Ok(false);
    }
    for (destination, messages) in route::parted(house, destination, claimed) {
        for messages in dealt(messages, attempts) {
            start(house, now, destination.clone(), messages);
        }
    }
    Ok(true)
}

/// Begins an attempt.
fn start(house: &Arc<House>, now: Timestamp, destination: route::Route, messages: Vec<Claimed>) {
    let place = destination.as_ref().ok().map(|destination| house.destinations.enter(destination, now));
    let attempting = Arc::clone(house);
    house.tasks.spawn(async move {
        work_through(&attempting, destination, messages, place).await;
        attempting.spool_wake.notify_one();
    });
}

/// Messages dealt out to at most `hands`, in turn.
fn dealt(messages: Vec<Claimed>, hands: usize) -> Vec<Vec<Claimed>> {
    let mut dealt: Vec<Vec<Claimed>> = (0..hands.clamp(1, messages.len().max(1))).map(|_| Vec::new()).collect();
    let hands = dealt.len();
    for (place, message) in messages.into_iter().enumerate() {
        dealt[place % hands].push(message);
    }
    dealt
}

/// How many more attempts may begin with `destination`, and how many messages each works through.
fn room(house: &House, destination: &Destination, now: Timestamp) -> (usize, usize) {
    let (own, all) = house.destinations.under_way(destination);
    let (most, each) = match house.destinations.get(destination) {
        Some(Reachability::DoesNotAnswer { .. }) => {
            let last = house.destinations.last_begun(destination);
            if last.is_some_and(|last| (0..REST_MS).contains(&now.since_ms(last))) {
                return (0, 0);
            }
            (1, 1)
        }
        Some(Reachability::Answers(_)) | None => (house.destinations.allowance(destination, MOST_EACH), MESSAGES),
    };
    let free = most.saturating_sub(own).min(MOST.saturating_sub(all));
    (if own == 0 { free.max(1) } else { free }, each)
}

/// One message after the other; each is settled while the next ones are on their way. Once there is no connection the
/// others are not tried either.
async fn work_through(
    house: &Arc<House>,
    destination: Result<Destination, &'static str>,
    messages: Vec<Claimed>,
    place: Option<Place>,
) {
    let mut settling = JoinSet::new();
    let mut unreachable: Option<String> = None;
    for (message, trying) in tried(house, destination.as_ref().ok(), messages) {
        let found = match (&destination, &unreachable) {
            (Err(trouble), _) => Found::trouble(*trouble),
            (_, Some(trouble)) => Found::trouble(trouble.clone()),
            (Ok(destination), None) => catch_panic(attempt::ask(house, destination, &message, &trying))
                .await
                .unwrap_or_else(|()| Found::trouble("the attempt broke off; the program's log has the details")),
        };
        if found.is_unreachable {
            unreachable = found.answers.as_ref().err().cloned();
        }
        let house = Arc::clone(house);
        settling.spawn(async move {
            let ended = Ended::of(&house, &found, &message, trying).await;
            settle::settle(&house, ended).await;
        });
    }
    while settling.join_next().await.is_some() {}
    drop(place);
}

/// The messages, each noted as being tried.
fn tried(house: &House, destination: Option<&Destination>, messages: Vec<Claimed>) -> Vec<(Claimed, Trying)> {
    let noted = |message: Claimed| {
        let domains = message.recipients.iter().filter_map(|one| route::domain_of(&one.address)).collect();
        let trying = house.flush.tries(&message.queue_id, destination.cloned(), domains);
        (message, trying)
    };
    messages.into_iter().map(noted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::Domain;
    use rollcall_core::report::Proof;
    use rollcall_net::TlsPolicy;

    #[test]
    fn lanes_are_grouped_by_their_domains_present_destination_the_longest_due_first() {
        let setup = setup(&[("a.example", 25), ("b.example", 25), ("c.example", 26)]);
        let lanes = [("a.example", 3), ("b.example", 1), ("c.example", 2), ("gone.example", 4)]
            .map(|(domain, due)| Lane { outbound: false, domain: domain.to_owned(), due: Timestamp(due) });

        let shown: Vec<(Option<u16>, Vec<String>)> = ways(&setup, lanes.to_vec())
            .into_iter()
            .map(|way| {
                let port = way.destination.ok().map(|destination| destination.port);
                (port, way.lanes.into_iter().map(|lane| lane.domain).collect())
            })
            .collect();

        assert_eq!(
            shown,
            [
                (Some(25), vec!["b.example".to_owned(), "a.example".to_owned()]),
                (Some(26), vec!["c.example".to_owned()]),
                (None, vec!["gone.example".to_owned()]),
            ]
        );
    }

    #[test]
    fn messages_are_dealt_out_evenly_and_nobody_gets_none() {
        let shares = |messages: usize, hands| -> Vec<usize> {
            let claimed = (0..messages).map(|_| claimed()).collect();
            dealt(claimed, hands).iter().map(Vec::len).collect()
        };

        assert_eq!(shares(5, 3), [2, 2, 1]);
        assert_eq!(shares(2, 5), [1, 1]);
    }

    fn claimed() -> Claimed {
        Claimed {
            queue_id: "m".to_owned(),
            reverse_path: String::new(),
            arrived: Timestamp(0),
            outbound: false,
            body_8bit: false,
            smtputf8: false,
            ret: None,
            envid: None,
            proof: Proof::Unknown,
            size: 0,
            recipients: Vec::new(),
        }
    }

    fn setup(domains: &[(&str, u16)]) -> Setup {
        let domain = |&(name, port): &(&str, u16)| {
            let destination = Destination::new("mail", port, TlsPolicy::Never);
            (name.to_owned(), Arc::new(Domain::outside(name.to_owned(), destination)))
        };
        Setup { domains: domains.iter().map(domain).collect(), ..Setup::default() }
    }
}
