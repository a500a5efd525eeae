//! What one transaction of a client has come to so far.

use std::time::Duration;

use rollcall_core::policy::Standing;
use rollcall_core::{AddressState, Reply};
use rollcall_net as net;
use tokio::time::Instant;

use crate::clock::Stopwatch;
use crate::setup::Domain;
use std::sync::Arc;

/// One transaction. It has one next hop, so that every reply is exact.
#[derive(Default)]
pub(crate) struct Transaction {
    /// The domain whose destination is the next hop; set by the first recipient that was accepted.
    pub hop: Option<Arc<Domain>>,
    /// How the destination is being talked to.
    pub line: Line,
    /// The accepted recipients, in order.
    pub recipients: Vec<Recipient>,
}

/// The connection with the destination.
#[derive(Default)]
pub(crate) enum Line {
    /// Nobody was asked yet, or the transaction was let go and must be repeated.
    #[default]
    Idle,
    /// A live transaction with this domain's destination.
    Live(Arc<Domain>, Box<net::Transaction>),
    /// The destination could not be reached: known accounts are taken for the spool.
    Unreachable,
}

/// An accepted recipient.
#[derive(Debug, Clone)]
pub(crate) struct Recipient {
    /// As written.
    pub address: String,
    /// What its row is filed under; `None` for postmaster, which never has one.
    pub key: Option<String>,
    /// What was known of it.
    pub standing: Standing,
    /// The destination's literal reply to RCPT, if it was asked.
    pub answer: Option<Reply>,
    /// Since its RCPT.
    pub since: Stopwatch,
}

impl Recipient {
    /// True for an account: our directory knows it.
    pub fn is_account(&self) -> bool {
        matches!(self.standing, Standing::Row(state) if AddressState::is_account(state))
    }
}

impl Transaction {
    /// Gives the destination's transaction up and forgets everything (RSET, the client left).
    pub async fn leave(&mut self) {
        let Self { line, .. } = std::mem::take(self);
        abandon(line).await;
    }

    /// Gives only the destination's transaction up once `moment` has passed; it is repeated before DATA (8a).
    pub async fn let_go_after(&mut self, moment: Instant) {
        if Instant::now() >= moment && matches!(self.line, Line::Live(..)) {
            abandon(std::mem::take(&mut self.line)).await;
        }
    }
}

pub(crate) async fn abandon(line: Line) {
    if let Line::Live(_, live) = line {
        // The client does not wait for this; a destination that hangs must not hold the session.
        tokio::spawn(async move { drop(tokio::time::timeout(Duration::from_secs(10), live.abandon()).await) });
    }
}
