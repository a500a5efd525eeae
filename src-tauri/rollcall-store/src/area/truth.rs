//! What the domains' mail servers are found to be.

use rollcall_core::Timestamp;
use rollcall_core::brand::Brand;
use rollcall_core::truth::Truth;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement};
use crate::{StoreError, TruthRecord, Tx};

const LIST: Statement = statement!("domain_truth/list", "read what the mail servers are found to be");
const PUT: Statement = statement!("domain_truth/put", "keep what a mail server is found to be");
const FIRST_ACCOUNT: Statement = statement!("address/first_account", "find an account of a domain");

impl Tx<'_> {
    /// What each domain's mail server is found to be, A to Z.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn truths(&self) -> Result<Vec<TruthRecord>, StoreError> {
        self.all(&LIST, [], read)
    }

    /// Keeps what a domain's mail server is found to be. Nothing happens for an unknown domain.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_truth(&self, truth: &TruthRecord) -> Result<(), StoreError> {
        let params = named_params! {
            ":domain": truth.domain,
            ":destination": truth.destination,
            ":verdict": truth.verdict.map(Truth::word),
            ":tested_ms": truth.tested.map(|at| at.0),
            ":next_ms": truth.next.0,
            ":names": truth.names.join("\n"),
            ":replies": truth.replies.join("\n"),
            ":decides_at_data_ms": truth.decides_at_data.map(|at| at.0),
            ":bounces_later_ms": truth.bounces_later.map(|at| at.0),
            ":brand": truth.brand.map(Brand::word),
        };
        self.change(&PUT, params).map(drop)
    }

    /// An account of `domain` as it was first seen, the one seen last.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn first_account(&self, domain: &str) -> Result<Option<String>, StoreError> {
        self.maybe(&FIRST_ACCOUNT, named_params! { ":domain": domain }, |row| row.get("shown"))
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<TruthRecord> {
    let lines = |text: String| text.lines().map(str::to_owned).collect();
    let time = |name| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(name)?.map(Timestamp));
    Ok(TruthRecord {
        domain: row.get("domain")?,
        destination: row.get("destination")?,
        verdict: row.get::<_, Option<String>>("verdict")?.as_deref().and_then(Truth::from_word),
        tested: time("tested_ms")?,
        next: Timestamp(row.get("next_ms")?),
        names: lines(row.get("names")?),
        replies: lines(row.get("replies")?),
        decides_at_data: time("decides_at_data_ms")?,
        bounces_later: time("bounces_later_ms")?,
        brand: row.get::<_, Option<String>>("brand")?.as_deref().and_then(Brand::from_word),
    })
}
