//! What destinations said of recipients, so that they are not asked again soon, and how often they are asked in vain
//! (V02).
//!
//! **Invariant.** Bounded in memory. An answer holds only for the destination that gave it.
//!
//! **Limits.** Kept in the folder twice a minute and at the end, at most [`NEWS`] answers each time: what a crash or a
//! flood of guesses leaves out is asked again after a restart.

use std::collections::{BTreeSet, VecDeque};
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use rollcall_core::asking::{self, Bucket, Rate, YES_HOLDS_MS};
use rollcall_core::harvest::counted_as;
use rollcall_core::time::HOUR_MS;
use rollcall_core::{Address, DomainName, Timestamp};
use rollcall_store::{Remembered, StoreError, Tx};

use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::setup::Domain;

/// Answers kept; about 300 bytes each.
const KEPT: NonZeroUsize = NonZeroUsize::new(50_000).expect("more than none");
/// Clients whose questions are counted.
const CLIENTS: NonZeroUsize = NonZeroUsize::new(10_000).expect("more than none");
/// Destinations whose answers are counted.
const DESTINATIONS: NonZeroUsize = NonZeroUsize::new(1_000).expect("more than none");
/// Answers that go to the folder at a time.
const NEWS: usize = 5_000;
/// Rows in a transaction of the writer, so that evidence does not wait for long.
const BATCH: usize = 500;
/// Characters of a reply that are kept.
const REPLY: usize = 200;

/// What a destination said of a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// It exists.
    pub known: bool,
    /// When that was said.
    pub at: Timestamp,
    /// The literal reply.
    pub reply: String,
    /// What the recipient is filed under.
    filed: String,
    /// Its domain.
    domain: String,
    /// Who said it.
    by: String,
}

/// Which answers to forget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Forget {
    /// Those about these addresses, however they were written.
    Addresses(BTreeSet<String>),
    /// Those about a domain's.
    Domain(String),
    /// All.
    Everything,
}

/// Who is asked about the recipients of a domain.
fn asked(domain: &Domain) -> String {
    let destination = &domain.destination;
    domain.verification().map_or_else(|| destination.to_string(), |host| format!("{host} for {destination}"))
}

/// The answers, and how often was asked in vain.
#[derive(Debug)]
pub(crate) struct Recipients {
    inner: Mutex<Inner>,
    /// Held while the folder is written, so that what is forgotten does not come back.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Inner {
    said: LruCache<String, Said>,
    /// Not in the folder yet.
    news: VecDeque<String>,
    clients: LruCache<IpAddr, Bucket>,
    destinations: LruCache<String, Bucket>,
    /// When the folder was last told that a domain's destination refuses strangers.
    refusing: LruCache<String, Timestamp>,
}

impl Default for Recipients {
    fn default() -> Self {
        // Room is taken as it is needed: an idle relay stays small.
        let inner = Inner {
            said: LruCache::unbounded(),
            news: VecDeque::new(),
            clients: LruCache::unbounded(),
            destinations: LruCache::unbounded(),
            refusing: LruCache::unbounded(),
        };
        Self { inner: Mutex::new(inner), writing: tokio::sync::Mutex::new(()) }
    }
}

impl Recipients {
    /// With what the folder has kept about these domains.
    pub fn load<'a>(tx: &Tx<'_>, domain: impl Fn(&str) -> Option<&'a Domain>) -> Result<Self, StoreError> {
        let recipients = Self::default();
        let limit = u32::try_from(KEPT.get()).unwrap_or(u32::MAX);
        let mut inner = recipients.lock();
        for Remembered { key, domain: name, known, at, reply } in tx.remembered(limit)?.into_iter().rev() {
            let Some(by) = domain(&name).map(asked) else { continue };
            inner.said.put(key.clone(), Said { known, at, reply, filed: key, domain: name, by });
        }
        drop(inner);
        Ok(recipients)
    }

    /// What is said of `recipient` in `domain`, if that still holds.
    pub fn get(&self, recipient: &str, domain: &Domain, now: Timestamp) -> Option<bool> {
        let mut inner = self.lock();
        let said = inner.said.get(recipient)?;
        (asking::holds(said.known, said.at, now) && said.by == asked(domain)).then_some(said.known)
    }

    /// Keeps what was said of `recipient`, which is filed under `filed`.
    pub fn keep(&self, recipient: &str, filed: &str, domain: &Domain, known: bool, reply: String, now: Timestamp) {
        let reply = reply.chars().take(REPLY).collect();
        let (filed, by) = (filed.to_owned(), asked(domain));
        let mut inner = self.lock();
        let said = Said { known, at: now, reply, filed, domain: domain.name.clone(), by };
        let before = inner.said.put(recipient.to_owned(), said);
        trim(&mut inner.said, KEPT);
        // A busy address is not written down again with each message.
        let is_fresh = before.is_some_and(|before| before.known == known && now.since_ms(before.at) < HOUR_MS);
        if !is_fresh && inner.news.len() < NEWS {
            inner.news.push_back(recipient.to_owned());
        }
    }

    /// Whether another unknown recipient may be asked about, for `client`; upstreams have no bound of their own.
    pub fn may_ask(&self, client: Option<IpAddr>, domain: &Domain, now: Timestamp) -> bool {
        let mut inner = self.lock();
        let by_client = client.is_none_or(|ip| {
            inner.clients.get_mut(&counted_as(ip)).is_none_or(|bucket| bucket.may_ask(Rate::CLIENT, now))
        });
        let name = domain.destination.to_string();
        by_client && inner.destinations.get_mut(&name).is_none_or(|bucket| bucket.may_ask(Rate::DESTINATION, now))
    }

    /// The answer was "unknown".
    pub fn in_vain(&self, client: Option<IpAddr>, domain: &Domain, now: Timestamp) {
        let mut inner = self.lock();
        if let Some(ip) = client {
            let full = || Bucket::full(Rate::CLIENT, now);
            inner.clients.get_or_insert_mut(counted_as(ip), full).drain(Rate::CLIENT, now);
            trim(&mut inner.clients, CLIENTS);
        }
        let full = || Bucket::full(Rate::DESTINATION, now);
        inner.destinations.get_or_insert_mut(domain.destination.to_string(), full).drain(Rate::DESTINATION, now);
        trim(&mut inner.destinations, DESTINATIONS);
    }

    /// Whether it is time to write down again that the destination of `domain` refuses strangers: once an hour.
    pub fn is_news_that_it_refuses(&self, domain: &str, now: Timestamp) -> bool {
        let mut inner = self.lock();
        let is_told = inner.refusing.get(domain).is_some_and(|at| (0..HOUR_MS).contains(&now.since_ms(*at)));
        if !is_told {
            inner.refusing.put(domain.to_owned(), now);
            trim(&mut inner.refusing, DESTINATIONS);
        }
        !is_told
    }

    /// Forgets; the answers that went, by what they were kept under.
    fn forget(&self, which: &Forget) -> Vec<String> {
        let mut inner = self.lock();
        let goes = |key: &str, said: &Said| match which {
            Forget::Addresses(keys) => keys.contains(key) || keys.contains(&said.filed),
            Forget::Domain(domain) => said.domain == *domain,
            Forget::Everything => true,
        };
        let gone: Vec<String> =
            inner.said.iter().filter(|(key, said)| goes(key, said)).map(|(key, _)| key.clone()).collect();
        for key in &gone {
            inner.said.pop(key);
        }
        match which {
            Forget::Addresses(_) => {}
            Forget::Domain(domain) => drop(inner.refusing.pop(domain)),
            Forget::Everything => inner.refusing.clear(),
        }
        gone
    }

    /// What the folder does not have yet; from now on it is taken for kept.
    fn take_news(&self) -> Vec<Remembered> {
        let mut inner = self.lock();
        let news = std::mem::take(&mut inner.news);
        let row = |key: String| {
            let Said { known, at, reply, domain, .. } = inner.said.peek(&key)?.clone();
            Some(Remembered { key, domain, known, at, reply })
        };
        news.into_iter().filter_map(row).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn trim<K: std::hash::Hash + Eq, V>(kept: &mut LruCache<K, V>, most: NonZeroUsize) {
    if kept.len() > most.get() {
        kept.pop_lru();
    }
}

impl House {
    /// What a destination said of `address`, if that still holds.
    #[must_use]
    pub fn said_of(&self, address: &Address) -> Option<Said> {
        let now = self.clock.now();
        let said = self.recipients.lock().said.peek(&address.key()).cloned()?;
        asking::holds(said.known, said.at, now).then_some(said)
    }

    /// Forgets what destinations said of an address, of a domain's recipients, or of everybody, so that they are asked
    /// again; says how many answers.
    ///
    /// # Errors
    /// Invalid for what is no address or domain, or for both at once.
    pub async fn clear_recipient_cache(
        &self,
        address: Option<&str>,
        domain: Option<&str>,
    ) -> Result<usize, EngineError> {
        let (which, shown) = match (address, domain) {
            (Some(address), None) => {
                let address = Address::parse(address)?;
                (Forget::Addresses(BTreeSet::from([address.key()])), address.to_string())
            }
            (None, Some(domain)) => {
                let domain = DomainName::parse(domain)?.to_string();
                (Forget::Domain(domain.clone()), domain)
            }
            (None, None) => (Forget::Everything, "every recipient".to_owned()),
            (Some(_), Some(_)) => {
                return Err(EngineError::Invalid("Give an address or a domain, not both.".to_owned()));
            }
        };
        let forgotten = self.forget_said(which).await?;
        let now = self.clock.now();
        let why = format!("the mail server is asked again about {shown}");
        self.store.write(move |tx| note(tx, "clear_recipient_cache", why, now)).await?;
        Ok(forgotten)
    }

    /// Forgets answers, here and in the folder; says how many.
    pub(crate) async fn forget_said(&self, which: Forget) -> Result<usize, EngineError> {
        let _alone = self.recipients.writing.lock().await;
        let gone = self.recipients.forget(&which);
        let count = gone.len();
        self.store
            .write(move |tx| match which {
                Forget::Addresses(keys) => {
                    keys.iter().chain(&gone).try_for_each(|key| tx.forget_remembered_key(key).map(drop))
                }
                Forget::Domain(domain) => tx.forget_remembered_of(&domain).map(drop),
                Forget::Everything => tx.forget_remembered().map(drop),
            })
            .await?;
        Ok(count)
    }

    /// Keeps in the folder what is new since the last time.
    pub(crate) async fn keep_said(&self) -> Result<(), EngineError> {
        let _alone = self.recipients.writing.lock().await;
        let news = self.recipients.take_news();
        if news.is_empty() {
            return Ok(());
        }
        for batch in news.chunks(BATCH) {
            let batch = batch.to_vec();
            self.store.write(move |tx| batch.iter().try_for_each(|said| tx.remember(said))).await?;
        }
        let before = self.clock.now().minus_ms(YES_HOLDS_MS);
        self.store.write(move |tx| tx.prune_remembered(before).map(drop)).await?;
        Ok(())
    }
}
