//! Claims by domain: a destination's mail is taken when that destination has room, whatever else is due.

use rollcall_core::Timestamp;
use rusqlite::named_params;

use super::attempt::{grouped, read_recipient};
use super::{Claimed, Spool};
use crate::StoreError;
use crate::tx::{Statement, statement};

const CLAIM_DUE_OF: Statement = statement!("spool/claim_due_of", "take some domains' recipients for an attempt");

/// Whose recipients to take for an attempt. Domains are in lower case and A-labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Those at one of these domains.
    At(Vec<String>),
    /// Those at none of these domains.
    Elsewhere(Vec<String>),
}

impl Spool {
    /// Takes the recipients that are due at `now` of up to `limit` messages, the longest due first, as
    /// [`Spool::claim_due`] does, but only `whose`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn claim_due_of(&self, now: Timestamp, limit: u32, whose: Whose) -> Result<Vec<Claimed>, StoreError> {
        let (inside, domains) = match whose {
            Whose::At(domains) => (true, as_json(&domains)),
            Whose::Elsewhere(domains) => (false, as_json(&domains)),
        };
        let claim = self.database.writer().write(move |tx| {
            let params = named_params! { ":now": now.0, ":limit": limit, ":inside": inside, ":domains": domains };
            grouped(tx, tx.all(&CLAIM_DUE_OF, params, read_recipient)?)
        });
        claim.await
    }
}

/// Domain names in A-labels have nothing that JSON escapes.
fn as_json(domains: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let names = domains.iter().filter(|domain| domain.chars().all(plain));
    format!("[{}]", names.map(|domain| format!("\"{domain}\"")).collect::<Vec<_>>().join(","))
}
