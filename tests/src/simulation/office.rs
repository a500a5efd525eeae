//! The office while it runs: the real engine of a practice folder, its mail server, and the world behind real sockets.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rollcall_api::{Door, Fault, Kind, OpenOptions, SessionLimits};
use rollcall_practice::SmtpServer;
use rollcall_store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::mail_server::{Mailboxes, Outside};
use super::names::{HOME, SECOND};
use super::operator::knows;
use super::preset::Preset;
use super::world::World;

/// Where the filter in front of the office speaks from.
pub const FILTER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 5);
/// Where the office's mail server is.
pub const SERVER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// Where the provider is that takes mail to the world.
pub const PROVIDER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);
/// The setting that holds what was skipped.
const CLOCK_OFFSET: &str = "clock_offset_ms";
/// Of an office that is gone in a few minutes.
const PASSWORD: &str = "four simulated seasons";
/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;

/// A running office.
pub struct Office {
    /// The door to its engine.
    pub door: Door,
    /// Where the relay listens.
    pub relay: SocketAddr,
    /// The mail server's mailboxes.
    pub mailboxes: Arc<Mailboxes>,
    /// What reached the world.
    pub outside: Arc<Outside>,
    server: SmtpServer,
    provider: SmtpServer,
    folder: TempDir,
}

impl Office {
    /// Opens an office with this preset; its clock shows a Monday, some minutes past midnight.
    ///
    /// # Errors
    /// In words, when it can't be opened.
    pub async fn open(world: &Arc<World>, preset: Preset) -> Result<Self, String> {
        let folder = TempDir::new().map_err(|error| error.to_string())?;
        let mailboxes = Arc::new(Mailboxes::new(Arc::clone(world)));
        let outside = Arc::<Outside>::default();
        let at = |ip: Ipv4Addr| SocketAddr::from((ip, 0));
        let server = SmtpServer::start(at(SERVER), mailboxes.clone()).await.map_err(|error| error.to_string())?;
        let provider = SmtpServer::start(at(PROVIDER), outside.clone()).await.map_err(|error| error.to_string())?;
        let (door, relay) = start(&folder).await.map_err(in_words)?;
        let office = Self { door, relay, mailboxes, outside, server, provider, folder };
        office.set_up(preset).await.map_err(in_words)?;
        Ok(office)
    }

    async fn set_up(&self, preset: Preset) -> Result<(), Fault> {
        let hours = hours_until_monday(self.now_ms().await?);
        self.skip(hours).await?;
        self.sign_in().await?;
        let to =
            |address: SocketAddr| json!({ "host": address.ip().to_string(), "port": address.port(), "tls": "never" });
        for domain in [HOME, SECOND] {
            self.command("add_domain", json!({ "name": domain, "destination": to(self.server.address()) })).await?;
            if knows("set_rule") {
                self.command("set_rule", json!({ "domain": domain, "preset": preset.word() })).await?;
            }
        }
        self.command("set_upstreams", json!({ "addresses": [FILTER.to_string()] })).await?;
        self.command("set_sender_hosts", json!({ "hosts": [{ "network": SERVER.to_string() }] })).await?;
        let Value::Object(mut provider) = to(self.provider.address()) else { return Ok(()) };
        provider.insert("mode".to_owned(), json!("smarthost"));
        self.command("set_outbound", Value::Object(provider)).await?;
        Ok(())
    }

    /// A rule that makes users by itself is the Organization Administrator's.
    async fn sign_in(&self) -> Result<(), Fault> {
        if knows("set_password") {
            self.command("set_password", json!({ "password": PASSWORD })).await?;
            self.command("sign_in", json!({ "password": PASSWORD })).await?;
        }
        Ok(())
    }

    /// Lets `hours` pass.
    ///
    /// # Errors
    /// The engine's.
    pub async fn skip(&self, hours: u32) -> Result<(), Fault> {
        if hours > 0 {
            self.command("skip_time", json!({ "hours": hours })).await?;
        }
        Ok(())
    }

    /// Turns the computer off, and on again `hours` later.
    ///
    /// # Errors
    /// In words, when it does not start again.
    pub async fn sleep(&mut self, hours: u32) -> Result<(), String> {
        self.door.clone().close().await;
        // Nothing runs while the computer is off: only the clock on the wall goes on.
        let store = Store::open(self.folder.path(), rollcall_store::Kind::Practice).map_err(|e| e.to_string())?;
        let skipped = store.read(|tx| tx.setting(CLOCK_OFFSET)).map_err(|error| error.to_string())?;
        let skipped: i64 = skipped.and_then(|text| text.parse().ok()).unwrap_or(0);
        let later = (skipped + i64::from(hours) * HOUR_MS).to_string();
        store.write(move |tx| tx.put_setting(CLOCK_OFFSET, &later)).await.map_err(|error| error.to_string())?;
        store.close();
        (self.door, self.relay) = start(&self.folder).await.map_err(in_words)?;
        Ok(())
    }

    /// The office's time.
    ///
    /// # Errors
    /// The engine's.
    pub async fn now_ms(&self) -> Result<i64, Fault> {
        let health = self.door.query("health", json!({})).await?;
        Ok(health["now_ms"].as_i64().unwrap_or_default())
    }

    /// Ends everything.
    pub async fn close(self) {
        self.door.close().await;
        self.server.close().await;
        self.provider.close().await;
    }

    async fn command(&self, name: &str, args: Value) -> Result<Value, Fault> {
        self.door.command(name, args).await
    }
}

async fn start(folder: &TempDir) -> Result<(Door, SocketAddr), Fault> {
    // A year's tests and connections come within minutes of the computer's own time.
    let mut limits = SessionLimits { probes_a_minute: 1_000_000, ..SessionLimits::default() };
    limits.connections.per_window = 1_000_000;
    let listen = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let options = OpenOptions { listen, limits, ..OpenOptions::new(folder.path(), Kind::Practice) };
    let door = rollcall_api::open(options).await?;
    let health = door.query("health", json!({})).await?;
    let bound = health["listeners"][0]["bound"].as_str().and_then(|bound| bound.parse().ok());
    let relay = bound.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0));
    Ok((door, relay))
}

/// Whole hours until the next Monday's first hour, on this computer's wall.
fn hours_until_monday(now_ms: i64) -> u32 {
    let now = jiff::Timestamp::from_millisecond(now_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let now = now.to_zoned(jiff::tz::TimeZone::system());
    let days = 7 - u32::from(now.weekday().to_monday_zero_offset().unsigned_abs());
    days * 24 - u32::from(now.hour().unsigned_abs())
}

/// What a fault says.
#[must_use]
pub fn in_words(fault: Fault) -> String {
    format!("{} {}", fault.message, fault.detail.join(" "))
}
