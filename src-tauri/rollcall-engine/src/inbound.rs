//! The listeners' state: where each should be, whether it is bound, and why not.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rollcall_core::Timestamp;
use rollcall_store::ListenerRecord;
use tokio_util::sync::CancellationToken;

use crate::setup::{INBOUND, Setup};

/// Whether a listener is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// Yes, here.
    At(SocketAddr),
    /// No: a sentence that says what to do, the system's words, since when.
    Not {
        /// For the operator.
        sentence: String,
        /// The system's words.
        detail: String,
        /// Since when.
        since: Timestamp,
    },
}

/// Every listener's state.
pub struct Listeners {
    /// Wins over what the folder says of the inbound one until the operator says otherwise.
    overridden: Mutex<Option<SocketAddr>>,
    slots: Mutex<BTreeMap<String, Slot>>,
    /// Held while listeners are bound anew: one at a time, and the last one sees the last wish.
    pub rebinding: tokio::sync::Mutex<()>,
}

/// One listener.
#[derive(Debug, Clone)]
pub struct Slot {
    /// What was asked for.
    pub wanted: ListenerRecord,
    /// Whether it is bound.
    pub bound: Bound,
    /// Ends its accept loop.
    pub ended: CancellationToken,
    /// Its socket is closed.
    pub gone: CancellationToken,
}

impl Listeners {
    /// None is bound yet; `overridden` wins over what the folder says of the inbound one.
    pub fn new(overridden: Option<SocketAddr>) -> Self {
        Self { overridden: Mutex::new(overridden), slots: Mutex::default(), rebinding: tokio::sync::Mutex::new(()) }
    }

    /// From now on the folder says where the inbound one should be: the operator's later word wins over how the engine
    /// was started.
    pub fn follow_folder(&self) {
        *self.overridden.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Where each should be, the inbound one first.
    pub fn wanted(&self, setup: &Setup) -> Vec<ListenerRecord> {
        let mut wanted = setup.listeners.clone();
        wanted.sort_by_key(|record| record.name != INBOUND);
        let overridden = *self.overridden.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(address), Some(inbound)) = (overridden, wanted.iter_mut().find(|record| record.name == INBOUND)) {
            (inbound.address, inbound.port) = (address.ip().to_string(), address.port());
        }
        wanted
    }

    /// Whether this one is bound; `None` before the first attempt.
    pub fn bound(&self, name: &str) -> Option<Bound> {
        self.slots().get(name).map(|slot| slot.bound.clone())
    }

    /// True while one that should be bound is not.
    pub fn is_any_missing(&self) -> bool {
        self.slots().values().any(|slot| matches!(slot.bound, Bound::Not { .. }))
    }

    /// Its accept loop ended although nobody stopped it: it is to be bound again.
    pub fn broke(&self, name: &str, since: Timestamp) {
        if let Some(slot) = self.slots().get_mut(name) {
            let sentence = "Receiving broke off and is started again.".to_owned();
            slot.bound = Bound::Not { sentence, detail: "the accept loop ended".to_owned(), since };
        }
    }

    /// All of them, locked for a moment.
    pub fn slots(&self) -> MutexGuard<'_, BTreeMap<String, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
