//! What there is to see of the office at one moment.

use jiff::tz::TimeZone;
use rollcall_api::answers::{AddressRow, Addresses, DomainRow, Domains, Health, MailLog, MailLogRow, Overview};
use rollcall_api::{Code, Door, Fault};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Everything the screen shows.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The one sentence, the clock, the listener.
    pub health: Health,
    /// Numbers of the last 24 hours and how many addresses stand where.
    pub overview: Overview,
    /// Waiting for a decision, longest first.
    pub discovered: Vec<AddressRow>,
    /// Not enough clean messages yet, most first.
    pub watching: Vec<AddressRow>,
    /// Newest first.
    pub log: Vec<MailLogRow>,
    /// The office's domain, absent until it is set up.
    pub domain: Option<DomainRow>,
    /// For times.
    pub zone: TimeZone,
}

impl Picture {
    /// Looks through the door.
    pub async fn look(door: &Door) -> Result<Self, Fault> {
        let domains: Domains = ask(door, "domains", json!({})).await?;
        Ok(Self {
            health: ask(door, "health", json!({})).await?,
            overview: ask(door, "overview", json!({})).await?,
            discovered: addresses(door, "discovered", "discovered").await?,
            watching: addresses(door, "watching", "clean_count").await?,
            log: mail_log(door, LOG_ROWS).await?,
            domain: domains.rows.into_iter().next(),
            zone: TimeZone::system(),
        })
    }

    /// The domain whose addresses are shown without it.
    #[must_use]
    pub fn own_domain(&self) -> &str {
        self.domain.as_ref().map_or("", |domain| &domain.name)
    }

    /// Recipients delivered and refused in the last 24 hours.
    #[must_use]
    pub fn last_day(&self) -> (u64, u64) {
        self.overview
            .hours
            .iter()
            .fold((0, 0), |(delivered, refused), hour| (delivered + hour.delivered, refused + hour.refused))
    }
}

/// The newest rows of the mail log, newest first.
pub async fn mail_log(door: &Door, limit: u32) -> Result<Vec<MailLogRow>, Fault> {
    let log: MailLog = ask(door, "mail_log", json!({ "limit": limit })).await?;
    Ok(log.rows)
}

async fn addresses(door: &Door, state: &str, sort: &str) -> Result<Vec<AddressRow>, Fault> {
    let list: Addresses =
        ask(door, "addresses", json!({ "state": state, "sort": sort, "limit": ADDRESS_ROWS })).await?;
    Ok(list.rows)
}

async fn ask<T: DeserializeOwned>(door: &Door, name: &str, arguments: Value) -> Result<T, Fault> {
    read(name, door.query(name, arguments).await?)
}

/// An answer as the type it has.
pub fn read<T: DeserializeOwned>(name: &str, answer: Value) -> Result<T, Fault> {
    serde_json::from_value(answer).map_err(|error| Fault {
        code: Code::Internal,
        message: format!("The answer to `{name}` could not be read."),
        detail: vec![error.to_string()],
    })
}

const LOG_ROWS: u32 = 60;
const ADDRESS_ROWS: u32 = 40;
