//! Connections to destinations: kept for the next transaction, no more at a time than allowed, and each destination's
//! hosts tried in their order.
//!
//! **Invariant.** A connection in the pool is between transactions; one that broke never comes back. A host that failed a
//! moment ago is tried last, never left out.

mod known;
mod places;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use tokio::time::Instant;

use self::known::Known;
use self::places::Places;
use crate::connection::{Candidate, Connection, Deadlines, Name, NetError};
use crate::destination::{Destination, Fallback, Lookup, TlsPolicy};
use crate::resolve::{Exchanger, Resolver};

/// How long a connection may idle; well below any server's own limit.
const IDLE: Duration = Duration::from_secs(15);
/// Transactions on one connection; some servers give up at 100.
const TRANSACTIONS: u32 = 90;
/// Idle connections kept a destination.
const KEPT: usize = 20;
/// The longest one host may take to be connected to while another could be tried.
const PATIENCE: Duration = Duration::from_secs(3);

/// Idle connections and since when, by destination.
type Idle = HashMap<Destination, Vec<(Connection, Instant)>>;

/// Connections to all destinations. Cheap to clone.
#[derive(Clone)]
pub struct Pool {
    hostname: Name,
    idle: Arc<Mutex<Idle>>,
    known: Arc<Known>,
    places: Arc<Places>,
    resolver: Arc<Resolver>,
}

impl Pool {
    /// An empty pool whose connections say `EHLO hostname`, with at most `most` connections a destination.
    #[must_use]
    pub fn new(hostname: &str, most: usize) -> Self {
        Self::with_resolver(hostname, most, Resolver::default())
    }

    /// The same with another way to find mail exchangers.
    #[must_use]
    pub fn with_resolver(hostname: &str, most: usize, resolver: Resolver) -> Self {
        Self {
            hostname: hostname.into(),
            idle: Arc::default(),
            known: Arc::default(),
            places: Arc::new(Places::new(most)),
            resolver: Arc::new(resolver),
        }
    }

    /// An idle connection that still looks alive, if there is one.
    pub async fn take_idle(&self, destination: &Destination) -> Option<Connection> {
        loop {
            let (mut connection, since) = lock(&self.idle).get_mut(destination)?.pop()?;
            if since.elapsed() < IDLE && !connection.has_news().await {
                return Some(connection);
            }
        }
    }

    /// A new connection to the first of the destination's hosts that can be reached. Waits for a place within the
    /// deadline when as many are in use as allowed.
    ///
    /// # Errors
    /// [`NetError`] says at which step it ended with the last host; [`NetError::Busy`] when no place came free.
    pub async fn open(&self, destination: &Destination, deadlines: Deadlines) -> Result<Connection, NetError> {
        let Some(place) = self.places.take(destination, deadlines.opening).await else {
            return Err(NetError::Busy { to: destination.to_string() });
        };
        let candidates = self.known.in_order(self.candidates(destination).await?);
        let alone = candidates.len() == 1;
        let mut last = NetError::NoSuchDomain { domain: destination.host.clone() };
        for candidate in candidates {
            let connect = if alone { deadlines.connect } else { deadlines.connect.min(PATIENCE) };
            match self.reach(&candidate, Deadlines { connect, ..deadlines }).await {
                Ok(mut connection) => {
                    self.known.answered(&candidate);
                    connection.place = Some(place);
                    return Ok(connection);
                }
                Err(error) => {
                    if is_full(&error) {
                        self.places.lower(destination);
                    }
                    self.known.failed(&candidate);
                    last = error;
                }
            }
        }
        Err(last)
    }

    /// Finds out whether anybody takes mail for `domain`, without asking them.
    ///
    /// # Errors
    /// As [`Resolver::exchangers`]; [`NetError::Timeout`] after `patience`.
    pub async fn look_up(&self, domain: &str, patience: Duration) -> Result<(), NetError> {
        self.exchangers(domain, patience).await.map(drop)
    }

    /// Who takes mail for `domain`, best first, without asking them.
    ///
    /// # Errors
    /// As [`Resolver::exchangers`]; [`NetError::Timeout`] after `patience`.
    pub async fn exchangers(&self, domain: &str, patience: Duration) -> Result<Vec<Exchanger>, NetError> {
        let looking = self.resolver.exchangers(domain, &self.hostname);
        let found = tokio::time::timeout(patience, looking).await;
        let seconds = patience.as_secs();
        found.map_err(|_| NetError::Timeout { doing: "the question for mail exchangers", seconds })?
    }

    /// What asks the name servers; see [`Resolver::dns`].
    #[must_use]
    pub fn dns(&self) -> Option<TokioResolver> {
        self.resolver.dns()
    }

    /// Whether encryption failed with this host lately decides if it is tried at all.
    async fn reach(&self, candidate: &Candidate, deadlines: Deadlines) -> Result<Connection, NetError> {
        let in_clear = candidate.tls == TlsPolicy::Opportunistic && self.known.is_without_tls(candidate);
        let asked = Candidate { tls: if in_clear { TlsPolicy::Never } else { candidate.tls }, ..candidate.clone() };
        let (outcome, went_without) = Connection::reach(&asked, &self.hostname, deadlines).await;
        if went_without && outcome.is_ok() {
            self.known.without_tls(candidate);
        }
        outcome
    }

    /// The destination's hosts in the order in which they should be tried.
    async fn candidates(&self, destination: &Destination) -> Result<Vec<Candidate>, NetError> {
        let Destination { host, port, tls, implicit_tls, credentials, .. } = destination;
        let one = |host: String| Candidate {
            host,
            port: *port,
            tls: *tls,
            implicit_tls: *implicit_tls,
            credentials: credentials.clone(),
        };
        let mut found: Vec<Candidate> = match destination.lookup {
            Lookup::Host => vec![one(host.clone())],
            Lookup::Mx => {
                let exchangers = self.resolver.exchangers(host, &self.hostname).await?;
                exchangers.into_iter().map(|exchanger| one(exchanger.host)).collect()
            }
        };
        let mut fallbacks: Vec<(u16, usize, &Fallback)> =
            destination.fallbacks.iter().map(|fallback| (fallback.priority, self.known.turn(), fallback)).collect();
        fallbacks.sort_by_key(|(priority, turn, _)| (*priority, *turn));
        found.extend(fallbacks.into_iter().map(|(_, _, fallback)| Candidate {
            host: fallback.host.clone(),
            port: fallback.port,
            tls: fallback.tls,
            implicit_tls: false,
            credentials: None,
        }));
        Ok(found)
    }

    /// Takes a connection back that is between transactions.
    pub fn give_back(&self, destination: &Destination, mut connection: Connection) {
        let most = connection.capabilities.transactions_max.unwrap_or(TRANSACTIONS).min(TRANSACTIONS);
        if connection.transactions >= most {
            tokio::spawn(connection.quit());
            return;
        }
        // An idle connection stands in nobody's way.
        connection.place = None;
        let surplus = {
            let mut idle = lock(&self.idle);
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
            let mut idle = lock(&self.idle);
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
        self.known.may_chunk(destination)
    }

    /// From now on content goes to this destination by DATA.
    pub(crate) fn never_chunk(&self, destination: &Destination) {
        tracing::warn!(%destination, "BDAT is offered and refused; DATA is used from now on");
        self.known.never_chunk(destination);
    }
}

/// The host has enough connections: it is busy, not dead.
fn is_full(error: &NetError) -> bool {
    matches!(error, NetError::Unwelcome { doing: "the greeting", reply } if reply.code == 421)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
