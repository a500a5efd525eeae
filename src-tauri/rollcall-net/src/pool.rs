//! Idle connections to destinations, kept for the next transaction.
//!
//! **Invariant.** A connection in the pool is between transactions; one that broke never comes back.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::connection::{Connection, Deadlines, Destination, Name, NetError};

/// How long a connection may idle; well below any server's own limit.
const IDLE: Duration = Duration::from_secs(15);
/// Transactions on one connection; some servers give up at 100.
const TRANSACTIONS: u32 = 90;
/// Idle connections kept a destination.
const KEPT: usize = 20;

/// Idle connections and since when, by destination.
type Idle = HashMap<Destination, Vec<(Connection, Instant)>>;

/// Connections to all destinations. Cheap to clone.
#[derive(Clone)]
pub struct Pool {
    hostname: Name,
    idle: Arc<Mutex<Idle>>,
    /// Destinations that offer CHUNKING and do not mean it.
    no_chunking: Arc<Mutex<HashSet<Destination>>>,
}

impl Pool {
    /// An empty pool whose connections say `EHLO hostname`.
    #[must_use]
    pub fn new(hostname: &str) -> Self {
        Self { hostname: hostname.into(), idle: Arc::default(), no_chunking: Arc::default() }
    }

    /// An idle connection that still looks alive, if there is one.
    pub async fn take_idle(&self, destination: &Destination) -> Option<Connection> {
        loop {
            let (mut connection, since) = self.idle().get_mut(destination)?.pop()?;
            if since.elapsed() < IDLE && !connection.has_news().await {
                return Some(connection);
            }
        }
    }

    /// A new connection.
    ///
    /// # Errors
    /// [`NetError`] says at which step it ended.
    pub async fn open(&self, destination: &Destination, deadlines: Deadlines) -> Result<Connection, NetError> {
        Connection::open(destination, &self.hostname, deadlines).await
    }

    /// Takes a connection back that is between transactions.
    pub fn give_back(&self, destination: &Destination, connection: Connection) {
        if connection.transactions >= TRANSACTIONS {
            tokio::spawn(connection.quit());
            return;
        }
        let surplus = {
            let mut idle = self.idle();
            let kept = idle.entry(destination.clone()).or_default();
            kept.push((connection, Instant::now()));
            (kept.len() > KEPT).then(|| kept.remove(0))
        };
        if let Some((connection, _)) = surplus {
            tokio::spawn(connection.quit());
        }
    }

    /// Ends connections that idled for too long.
    pub async fn tidy(&self) {
        let stale: Vec<Connection> = {
            let mut idle = self.idle();
            let stale = idle
                .values_mut()
                .flat_map(|kept| kept.extract_if(.., |(_, since)| since.elapsed() >= IDLE).collect::<Vec<_>>())
                .map(|(connection, _)| connection)
                .collect();
            idle.retain(|_, kept| !kept.is_empty());
            stale
        };
        for connection in stale {
            connection.quit().await;
        }
    }

    /// Whether BDAT was never refused by this destination.
    pub(crate) fn may_chunk(&self, destination: &Destination) -> bool {
        let refused = self.no_chunking.lock().unwrap_or_else(PoisonError::into_inner);
        refused.is_empty() || !refused.contains(destination)
    }

    /// From now on content goes to this destination by DATA.
    pub(crate) fn never_chunk(&self, destination: &Destination) {
        tracing::warn!(%destination, "BDAT is offered and refused; DATA is used from now on");
        self.no_chunking.lock().unwrap_or_else(PoisonError::into_inner).insert(destination.clone());
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
