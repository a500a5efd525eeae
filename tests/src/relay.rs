//! A relay in this process, in a folder that goes with it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use rollcall_api::{Door, Exchanger, Fault, Kind, OpenOptions, SessionLimits};
use rollcall_core::{Address, AddressState, Source, Timestamp};
use rollcall_store::{AddressRecord, Store};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::destination::Destination;

/// A running relay.
pub struct Relay {
    /// The door to its engine.
    pub door: Door,
    /// Where it listens.
    pub smtp: SocketAddr,
    /// Its data folder.
    pub folder: TempDir,
}

impl Relay {
    /// A real folder with the shipped limits and no domain.
    pub async fn bare() -> Self {
        Self::open(Kind::Real, SessionLimits::default()).await
    }

    /// A relay in front of `destination` for `acme.example`.
    pub async fn before(destination: &Destination) -> Self {
        let relay = Self::bare().await;
        relay.serves("acme.example", destination.address).await;
        relay
    }

    /// A folder of this kind with these limits; errors are answered at once, or tests would wait for nothing.
    pub async fn open(kind: Kind, limits: SessionLimits) -> Self {
        Self::open_patiently(kind, SessionLimits { error_wait: Duration::ZERO, ..limits }).await
    }

    /// A folder of this kind with these limits; no destination is tested by itself, because scripted ones count what
    /// they are asked.
    pub async fn open_patiently(kind: Kind, limits: SessionLimits) -> Self {
        Self::open_exactly(kind, SessionLimits { probes_a_minute: 0, ..limits }).await
    }

    /// A folder of this kind with exactly these limits.
    pub async fn open_exactly(kind: Kind, limits: SessionLimits) -> Self {
        Self::open_knowing(kind, limits, None).await
    }

    /// The same in a world of these domains and their mail exchangers.
    pub async fn open_knowing(
        kind: Kind,
        limits: SessionLimits,
        exchangers: Option<HashMap<String, Vec<Exchanger>>>,
    ) -> Self {
        Self::open_with(kind, |options| (options.limits, options.exchangers) = (limits, exchangers)).await
    }

    /// A real folder with these limits that asks the name server at `names`; errors are answered at once and nothing is
    /// tested by itself.
    pub async fn open_asking(limits: SessionLimits, names: SocketAddr) -> Self {
        let limits = SessionLimits { probes_a_minute: 0, error_wait: Duration::ZERO, ..limits };
        Self::open_with(Kind::Real, |options| (options.limits, options.name_servers) = (limits, Some(vec![names])))
            .await
    }

    async fn open_with(kind: Kind, change: impl FnOnce(&mut OpenOptions)) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        let mut options = OpenOptions { listen, ..OpenOptions::new(folder.path(), kind) };
        change(&mut options);
        let door = rollcall_api::open(options).await.expect("the folder opens");
        let smtp = bound(&door).await;
        Self { door, smtp, folder }
    }

    /// The same relay, opened again with a row in this state, which no command makes yet.
    ///
    /// # Panics
    /// When `address` is none.
    #[must_use]
    pub async fn with_row(self, address: &str, state: AddressState) -> Self {
        let Self { door, folder, .. } = self;
        door.close().await;
        let store = Store::open(folder.path(), rollcall_store::Kind::Real).expect("the store opens");
        let row = row(address, state);
        store.write(move |tx| tx.put_address(&row)).await.expect("the row is written");
        store.close();
        let limits = SessionLimits { error_wait: Duration::ZERO, probes_a_minute: 0, ..SessionLimits::default() };
        let listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        let options = OpenOptions { listen, limits, ..OpenOptions::new(folder.path(), Kind::Real) };
        let door = rollcall_api::open(options).await.expect("the folder opens again");
        let smtp = bound(&door).await;
        Self { door, smtp, folder }
    }

    /// Makes `domain` ours, delivered to `to` in clear.
    pub async fn serves(&self, domain: &str, to: SocketAddr) {
        let destination = json!({ "host": to.ip().to_string(), "port": to.port(), "tls": "never" });
        self.command("add_domain", json!({ "name": domain, "destination": destination })).await;
    }

    /// Asks, and fails the test on a fault.
    pub async fn query(&self, name: &str, args: Value) -> Value {
        self.door.query(name, args).await.unwrap_or_else(|fault| panic!("{name}: {fault:?}"))
    }

    /// Commands, and fails the test on a fault.
    pub async fn command(&self, name: &str, args: Value) -> Value {
        self.door.command(name, args).await.unwrap_or_else(|fault| panic!("{name}: {fault:?}"))
    }

    /// Commands and expects a fault.
    pub async fn refused(&self, name: &str, args: Value) -> Fault {
        self.door.command(name, args).await.expect_err("a fault")
    }

    /// The state of an address, or `unknown`.
    pub async fn state(&self, address: &str) -> String {
        match self.door.query("address", json!({ "address": address })).await {
            Ok(detail) => detail["row"]["state"].as_str().expect("a state").to_owned(),
            Err(_) => "unknown".to_owned(),
        }
    }

    /// The addresses in a state, in order.
    pub async fn addresses(&self, state: &str) -> Vec<String> {
        let answer = self.query("addresses", json!({ "state": state, "limit": 1000 })).await;
        let rows = answer["rows"].as_array().expect("rows").iter();
        rows.map(|row| row["address"].as_str().expect("an address").to_owned()).collect()
    }

    /// Waits for an event after which `holds` is true; fails after half a minute.
    pub async fn until<F: AsyncFnMut() -> bool>(&self, what: &str, mut holds: F) {
        let mut events = self.door.subscribe().await.expect("events");
        let waiting = async {
            while !holds().await {
                drop(tokio::time::timeout(Duration::from_millis(500), events.next()).await);
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
    }
}

fn row(address: &str, state: AddressState) -> AddressRecord {
    let parsed = Address::parse(address).expect("an address");
    let (key, domain) = (parsed.key(), parsed.domain().to_string());
    AddressRecord::new(key, address.to_owned(), domain, state, Source::Manual, Timestamp(0))
}

/// Where the inbound listener of `door` is bound.
pub async fn bound(door: &Door) -> SocketAddr {
    let health = door.query("health", json!({})).await.expect("health");
    health["listeners"][0]["bound"].as_str().expect("bound").parse().expect("an address")
}
