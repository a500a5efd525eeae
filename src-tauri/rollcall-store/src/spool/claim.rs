//! Claims lane by lane: a destination's mail is taken when that destination has room, whatever else is due.

use std::collections::BTreeMap;

use rollcall_core::Timestamp;
use rollcall_core::report::Proof;
use rusqlite::{Row, named_params};

use super::{Claimed, ClaimedRecipient, Lane, Spool};
use crate::tx::{Statement, statement, unsigned, word};
use crate::{StoreError, Tx};

const NEXT_LANE: Statement = statement!("spool/next_lane", "find where somebody waits");
const CLAIM: Statement = statement!("spool/claim", "take recipients for an attempt");
const MESSAGE: Statement = statement!("spool/message", "read an envelope");
const MAKE_DUE: Statement = statement!("spool/make_due", "make recipients due");

impl Spool {
    /// The lanes in which somebody waits who is not held. One look into an index for each.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn lanes(&self) -> Result<Vec<Lane>, StoreError> {
        self.database.read(|tx| {
            let mut lanes: Vec<Lane> = Vec::new();
            for outbound in [false, true] {
                let mut from = String::new();
                let next = |from: &str| {
                    tx.maybe(&NEXT_LANE, named_params! { ":outbound": outbound, ":from": from }, read_lane)
                };
                while let Some(lane) = next(&from)? {
                    // What sorts next behind it.
                    from = format!("{}\0", lane.domain);
                    lanes.push(lane);
                }
            }
            Ok(lanes)
        })
    }

    /// Takes the recipients that are due at `now` of up to `limit` messages of `lane`, the longest due first, grouped by
    /// message; with them those of the same messages at `fellows`, domains that go to the same place. Nobody else can
    /// take them until they are settled or the spool is opened anew. Domains are in lower case and A-labels.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn claim(
        &self,
        now: Timestamp,
        limit: u32,
        lane: &Lane,
        fellows: &[String],
    ) -> Result<Vec<Claimed>, StoreError> {
        let (outbound, domain) = (lane.outbound, lane.domain.clone());
        let domains = as_json(fellows.iter().chain([&domain]));
        let claim = self.database.writer().write(move |tx| {
            let params = named_params! {
                ":now": now.0, ":limit": limit, ":outbound": outbound, ":domain": domain, ":domains": domains,
            };
            grouped(tx, tx.all(&CLAIM, params, read_recipient)?)
        });
        claim.await
    }

    /// Makes the waiting recipients of a lane due at `now`; says how many were not due yet.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn make_due(&self, now: Timestamp, lane: &Lane) -> Result<u64, StoreError> {
        let (outbound, domain) = (lane.outbound, lane.domain.clone());
        let made = self.database.writer().write(move |tx| {
            tx.change(&MAKE_DUE, named_params! { ":now": now.0, ":outbound": outbound, ":domain": domain })
        });
        Ok(made.await? as u64)
    }
}

fn read_lane(row: &Row<'_>) -> rusqlite::Result<Lane> {
    Ok(Lane {
        outbound: row.get("outbound")?,
        domain: row.get("domain")?,
        due: Timestamp(row.get::<_, Option<i64>>("due_ms")?.unwrap_or_default()),
    })
}

/// A claimed recipient and its message's id.
fn read_recipient(row: &Row<'_>) -> rusqlite::Result<(String, ClaimedRecipient)> {
    let recipient = ClaimedRecipient {
        id: row.get("id")?,
        address: row.get("address")?,
        attempts: row.get("attempts")?,
        notify: row.get("notify")?,
        orcpt: row.get("orcpt")?,
        was_told: row.get("reported")?,
    };
    Ok((row.get("queue_id")?, recipient))
}

/// Claimed recipients by message, oldest message first.
fn grouped(tx: &Tx<'_>, taken: Vec<(String, ClaimedRecipient)>) -> Result<Vec<Claimed>, StoreError> {
    let mut by_message: BTreeMap<String, Vec<ClaimedRecipient>> = BTreeMap::new();
    for (queue_id, recipient) in taken {
        by_message.entry(queue_id).or_default().push(recipient);
    }
    let mut claimed = Vec::with_capacity(by_message.len());
    for (queue_id, mut recipients) in by_message {
        recipients.sort_by_key(|recipient| recipient.id);
        let claim = tx.one(&MESSAGE, named_params! { ":queue_id": queue_id }, read_claimed)?;
        claimed.push(Claimed { recipients, ..claim });
    }
    claimed.sort_by_key(|claim| claim.arrived);
    Ok(claimed)
}

/// A claimed message, its recipients still to be filled in.
fn read_claimed(row: &Row<'_>) -> rusqlite::Result<Claimed> {
    Ok(Claimed {
        queue_id: row.get("queue_id")?,
        reverse_path: row.get("reverse_path")?,
        arrived: Timestamp(row.get("arrived_ms")?),
        outbound: row.get("outbound")?,
        body_8bit: row.get("body_8bit")?,
        smtputf8: row.get("smtputf8")?,
        ret: row.get("ret")?,
        envid: row.get("envid")?,
        proof: word(row, "proof", Proof::from_word)?,
        size: unsigned(row, "size_bytes")?,
        recipients: Vec::new(),
    })
}

/// A JSON list of texts.
fn as_json<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    let quoted = texts.map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")));
    format!("[{}]", quoted.collect::<Vec<_>>().join(","))
}
