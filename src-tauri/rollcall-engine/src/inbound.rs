//! The inbound listener's state: where it should be, whether it is bound, and why not.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rollcall_core::Timestamp;
use rollcall_net::Listener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::setup::Setup;

/// Whether the listener is bound.
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

/// The inbound listener's state.
pub struct Inbound {
    /// Wins over what the folder says until the operator says otherwise.
    overridden: Mutex<Option<SocketAddr>>,
    state: Mutex<State>,
    /// Wakes whoever waits for the listener to change.
    pub changed: Notify,
    /// Held while the listener is bound anew: one at a time, and the last one sees the last wish.
    pub rebinding: tokio::sync::Mutex<()>,
}

/// The present listener, if one is bound.
pub struct State {
    /// Whether it is bound; `None` before the first attempt.
    pub bound: Option<Bound>,
    /// Where the present listener should be, as asked for; port 0 stands for any.
    pub asked: Option<(String, u16)>,
    /// The socket.
    pub listener: Option<Arc<Listener>>,
    /// Ends the accept loop of the present listener.
    pub ended: CancellationToken,
}

impl Inbound {
    /// Not bound yet; `overridden` wins over what the folder says.
    pub fn new(overridden: Option<SocketAddr>) -> Self {
        let state = State { bound: None, asked: None, listener: None, ended: CancellationToken::new() };
        Self {
            overridden: Mutex::new(overridden),
            state: Mutex::new(state),
            changed: Notify::new(),
            rebinding: tokio::sync::Mutex::new(()),
        }
    }

    /// From now on the folder says where it should be: the operator's later word wins over how the engine was started.
    pub fn follow_folder(&self) {
        *self.overridden.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether it is bound.
    pub fn bound(&self) -> Option<Bound> {
        self.state().bound.clone()
    }

    /// Where it should be: the override or what the folder says.
    pub fn wanted(&self, setup: &Setup) -> Option<(String, u16)> {
        if let Some(address) = *self.overridden.lock().unwrap_or_else(PoisonError::into_inner) {
            return Some((address.ip().to_string(), address.port()));
        }
        setup.inbound.as_ref().map(|record| (record.address.clone(), record.port))
    }

    /// The present listener, locked for a moment.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
