//! A bounce on its way out shows that a mail server takes mail that it cannot deliver (X15, behaviour.md section 3.6).
//!
//! **Invariant.** Only what one of the office's own machines hands us with the null reverse-path is looked at, and only
//! what [`bounce`] lets pass is believed. The bounce itself goes its way, whatever is found.
//!
//! **Limits.** A server whose outgoing
//! mail comes from another IP address than the one its mail is delivered to is not recognised.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rollcall_core::bounce::{self, BOUNCES_WITHIN_MS, Claim, NoEvidence, Report, Reported};
use rollcall_core::{Address, EnhancedStatusCode, Timestamp};
use rollcall_mail::returned::{Returned, ReturnedRecipient, returned};
use rollcall_store::EvidenceKind;
use tokio::sync::Semaphore;

use crate::clock;
use crate::discover::{self, Sighting};
use crate::house::House;
use crate::receive;
use crate::setup::{Domain, Setup};
use crate::truths;

/// The longest wait for the addresses of a mail server's name.
const LOOKING_UP: Duration = Duration::from_secs(10);
/// How long until the log is looked into once more.
const LOOKING_AGAIN: Duration = Duration::from_secs(2);
/// The most log rows that are looked at for one message.
const MOST_ROWS: u32 = 200;

/// How many messages are looked into at a time; the next bounce shows the same as one that is left out.
#[derive(Debug)]
pub(crate) struct Looks(Arc<Semaphore>);

impl Default for Looks {
    fn default() -> Self {
        const MOST: usize = 16;
        Self(Arc::new(Semaphore::new(MOST)))
    }
}

/// Looks into `content`, which came from `client` with the null reverse-path, while mail goes on.
pub(crate) fn look_into(house: &Arc<House>, client: IpAddr, content: Vec<u8>) {
    let Ok(place) = Arc::clone(&house.truths.looks.0).try_acquire_owned() else { return };
    let tasks = house.tasks.clone();
    let house = Arc::clone(house);
    tasks.spawn(async move {
        let _place = place;
        let Some(found) = returned(&content) else { return };
        match bounce::claims(&report(found)) {
            Ok(claims) => {
                for claim in claims {
                    weigh(&house, client, &claim).await;
                }
            }
            Err(why) => tracing::debug!(?why, "a report is no evidence"),
        }
    });
}

/// Believes a claim that holds.
async fn weigh(house: &Arc<House>, client: IpAddr, claim: &Claim) {
    let setup = house.setup();
    for address in &claim.addresses {
        let Some((domain, key)) = ours(&setup, address) else { continue };
        match holds(house, client, &setup, &domain, &key, &claim.original).await {
            Ok(()) => {
                truths::bounced_later(house, &domain);
                return note(house, client, &domain, key, claim).await;
            }
            Err(why) => tracing::debug!(domain = domain.name, ?why, "a report is no evidence"),
        }
    }
}

/// The address is contradicted (T7).
async fn note(house: &Arc<House>, client: IpAddr, domain: &Domain, key: String, claim: &Claim) {
    let sighting = Sighting {
        shown: key.clone(),
        key,
        domain: domain.name.clone(),
        learn: true,
        observe: false,
        at: house.clock.now(),
        kind: EvidenceKind::Bounced,
        sender: String::new(),
        subject: None,
        message_id: Some(claim.original.clone()),
        client_ip: client.to_string(),
        lines: Vec::new(),
    };
    let ground = house.ground(domain);
    receive::later(house, move |tx| Ok(vec![discover::bounced(tx, &sighting, &ground)?])).await;
}

async fn holds(
    house: &House,
    client: IpAddr,
    setup: &Setup,
    domain: &Domain,
    key: &str,
    original: &str,
) -> Result<(), NoEvidence> {
    let servers = rollcall_net::connection::addresses(&domain.destination, LOOKING_UP).await;
    let from_its_server = servers.contains(&client);
    let mut delivered = None;
    if from_its_server {
        // A server may send a message back before its session with us has written down that it took it.
        for wait in [Duration::ZERO, LOOKING_AGAIN] {
            tokio::select! {
                () = house.stop.cancelled() => break,
                () = clock::pause(wait) => {}
            }
            drop(house.store.settle().await);
            delivered = handed_over(house, setup, domain, key, original);
            if delivered.is_some() {
                break;
            }
        }
    }
    bounce::proves(from_its_server, delivered, house.clock.now())
}

/// When the mail server of `domain` took the message for what is filed under `key`.
fn handed_over(house: &House, setup: &Setup, domain: &Domain, key: &str, original: &str) -> Option<Timestamp> {
    let server = domain.destination.to_string();
    let since = house.clock.now().minus_ms(BOUNCES_WITHIN_MS);
    let rows = house.store.read(|tx| tx.delivered_as(original, since, MOST_ROWS));
    let rows = rows.inspect_err(|error| tracing::error!(%error, "the log could not be read")).unwrap_or_default();
    let to_it = rows.into_iter().filter(|row| row.destination.as_ref() == Some(&server));
    let mut to_both = to_it.filter(|row| ours(setup, &row.recipient).is_some_and(|(_, filed)| filed == key));
    to_both.next().map(|row| row.at)
}

/// The domain of ours that an address is in, and what it is filed under.
fn ours(setup: &Setup, address: &str) -> Option<(Arc<Domain>, String)> {
    let address = Address::parse(address).ok()?;
    let resolved = setup.homes.resolve(&address, false)?;
    let domain = setup.domains.get(&resolved.primary)?;
    Some((Arc::clone(domain), resolved.candidates.last()?.key()))
}

/// What was read, as the rule wants it.
fn report(found: Returned) -> Report {
    let recipients = found.recipients.into_iter().map(reported).collect();
    Report { null_reverse_path: true, is_delivery_status: true, original: found.original, recipients }
}

fn reported(one: ReturnedRecipient) -> Reported {
    let status = one.status.as_deref().and_then(EnhancedStatusCode::parse_prefix).map(|(status, _)| status);
    Reported {
        addresses: one.final_recipient.into_iter().chain(one.original_recipient).collect(),
        action: one.action.unwrap_or_default(),
        status,
        diagnostic: one.diagnostic.unwrap_or_default(),
    }
}
