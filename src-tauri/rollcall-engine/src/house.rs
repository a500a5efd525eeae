//! One data folder, open: its store, spool, clock, listener and what its tasks share.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use rollcall_core::Timestamp;
use rollcall_net::{Admission, Pool};
use rollcall_store::{Kind, Spool, Store, Tx};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access::Sessions;
use crate::bus::{Bus, Tag};
use crate::certificate::Certificate;
use crate::clock::Clock;
use crate::deliver::{Flush, Settling};
use crate::destinations::Destinations;
use crate::discover;
use crate::error::EngineError;
use crate::ground::Ground;
use crate::harvest::Harvest;
use crate::held::Held;
use crate::hours::Followers;
use crate::inbound::Listeners;
use crate::letters;
use crate::limits::SessionLimits;
use crate::notification;
use crate::prove::Proving;
use crate::receive::tell;
use crate::recipients::Recipients;
use crate::secrets::Secrets;
use crate::setup::Setup;
use crate::strangers::Strangers;
use crate::supervise::Failures;
use crate::sync::run::Running;
use crate::truths::Truths;

/// How many rows lapse in one transaction: some ten milliseconds of the writer's time.
const LAPSE_AT_ONCE: usize = 200;

/// An open data folder. Everything that serves it holds an `Arc` of this.
pub struct House {
    /// The folder.
    pub folder: PathBuf,
    /// What it is for.
    pub kind: Kind,
    /// Rows, evidence, journal, log.
    pub store: Store,
    /// Messages that are ours.
    pub spool: Spool,
    /// The folder's clock.
    pub clock: Clock,
    /// What changed.
    pub bus: Bus,
    /// The name in greetings, EHLO and Received fields.
    pub hostname: String,
    /// What tells our Received fields from those of another relay of the same name: `(Rollcall 7f3a…)`.
    pub mark: String,
    /// What clients see when they encrypt.
    pub certificate: Certificate,
    /// Limits of sessions.
    pub limits: SessionLimits,
    pub(crate) setup: ArcSwap<Setup>,
    pub(crate) secrets: Arc<Secrets>,
    /// The run of the sync that is going on.
    pub(crate) sync: Mutex<Option<Running>>,
    pub(crate) sessions: Sessions,
    pub(crate) pool: Pool,
    pub(crate) destinations: Destinations,
    pub(crate) truths: Truths,
    pub(crate) admission: Admission,
    pub(crate) listeners: Listeners,
    pub(crate) held: Held,
    pub(crate) harvest: Harvest,
    pub(crate) strangers: Strangers,
    pub(crate) recipients: Recipients,
    pub(crate) spool_wake: Notify,
    pub(crate) proving: Proving,
    pub(crate) reverifying: Notify,
    pub(crate) flush: Flush,
    pub(crate) settling: Settling,
    pub(crate) failures: Failures,
    /// Letters go into the spool one after another, so that none goes twice.
    pub(crate) letters: tokio::sync::Mutex<()>,
    pub(crate) followers: Mutex<Followers>,
    pub(crate) skipping: tokio::sync::Mutex<()>,
    pub(crate) seen_mail: AtomicBool,
    pub(crate) tasks: TaskTracker,
    /// More is foretold anew than a list waits for.
    pub(crate) foretelling: Notify,
    pub(crate) stop: CancellationToken,
    pub(crate) lock: Mutex<Option<File>>,
}

impl House {
    /// What is set up now.
    #[must_use]
    pub fn setup(&self) -> Arc<Setup> {
        self.setup.load_full()
    }

    /// Open SMTP sessions.
    #[must_use]
    pub fn session_count(&self) -> usize {
        self.admission.count()
    }

    /// Reads the set-up again after a change.
    ///
    /// # Errors
    /// The store's.
    pub fn reload(&self) -> Result<(), EngineError> {
        self.setup.store(Arc::new(Setup::load(&self.store, &self.secrets)?));
        self.bus.stale(&[Tag::Setup, Tag::Health]);
        self.truths.wake.notify_one();
        Ok(())
    }

    /// Stops listening, gives sessions up to `patience` to end, commits everything and frees the folder.
    pub async fn close(&self, patience: Duration) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(patience, self.tasks.wait()).await.is_err() {
            tracing::warn!("some sessions did not end in time");
        }
        if let Err(error) = self.keep_said().await {
            tracing::error!(error = %error, "what destinations said of recipients could not be stored");
        }
        if let Err(error) = self.store.settle().await {
            tracing::error!(error = %error, "the last evidence could not be stored");
        }
        drop(self.lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
    }

    /// T11 for every row, and what is old enough to be forgotten.
    pub(crate) async fn lapse(&self) -> Result<(), EngineError> {
        let now = self.clock.now();
        self.prune_log(now).await?;
        self.settle_evidence().await?;
        let mut changed = false;
        for (name, ground) in self.grounds() {
            changed |= self.lapse_domain(name, ground, now).await?;
        }
        let prune = move |tx: &Tx<'_>| {
            discover::forget_observed(tx, now)?;
            tx.prune_evidence(now.minus_ms(discover::EVIDENCE_KEPT_MS))?;
            tx.prune_rcpt_accepted(now.minus_ms(discover::EVIDENCE_KEPT_MS))?;
            tx.prune_letters(now.minus_ms(letters::KEPT_MS))?;
            tx.prune_notifications(now.minus_ms(notification::KEPT_MS))
        };
        self.store.write(prune).await?;
        if changed {
            self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        }
        self.look_for_wanted().await
    }

    /// T11 for one domain, in pieces: mail does not wait for very many rows that lapse together.
    async fn lapse_domain(&self, name: String, ground: Ground, now: Timestamp) -> Result<bool, EngineError> {
        let (store, ground) = (self.store.clone(), Arc::new(ground));
        let of = Arc::clone(&ground);
        let find = move || store.read(|tx| discover::lapsing(tx, &name, &of, now));
        let found = tokio::task::spawn_blocking(find).await;
        let mut keys = found.map_err(|error| EngineError::Internal(error.to_string()))??;
        let mut changed = false;
        while !keys.is_empty() {
            let (piece, ground) = (keys.split_off(keys.len().saturating_sub(LAPSE_AT_ONCE)), Arc::clone(&ground));
            changed |= self.store.write(move |tx| discover::lapse(tx, &piece, &ground, now)).await?;
        }
        Ok(changed)
    }

    /// Counts what has waited long enough for a bounce (3.3).
    pub(crate) async fn settle_evidence(&self) -> Result<(), EngineError> {
        loop {
            let (now, grounds) = (self.clock.now(), self.grounds());
            let settle = move |tx: &Tx<'_>| discover::settle_evidence(tx, now, |name| grounds.get(name).cloned());
            let (seen, more) = self.store.write(settle).await?;
            tell(&self.bus, seen);
            if !more {
                return Ok(());
            }
        }
    }

    /// The ground of every domain, by its name.
    pub(crate) fn grounds(&self) -> HashMap<String, Ground> {
        self.setup().domains.values().map(|domain| (domain.name.clone(), self.ground(domain))).collect()
    }
}
