//! What shows that the sender of a message is who it says: looked up elsewhere, kept here.

use std::net::IpAddr;

use rollcall_core::Timestamp;
use rollcall_core::report::Proof;
use rusqlite::{Row, named_params};

use super::{Handed, Spool};
use crate::StoreError;
use crate::tx::{Statement, statement, unsigned, word};

const TO_PROVE: Statement = statement!("spool/to_prove", "find messages whose sender is to be looked at");
const HANDED: Statement = statement!("spool/handed", "read how a message was handed over");
const PROVE: Statement = statement!("spool/prove", "keep what was shown about a sender");

impl Spool {
    /// Up to `limit` messages whose sender is to be looked at by `now`, the longest due first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn to_prove(&self, now: Timestamp, limit: u32) -> Result<Vec<Handed>, StoreError> {
        self.database.read(|tx| tx.all(&TO_PROVE, named_params! { ":now": now.0, ":limit": limit }, read_handed))
    }

    /// How a message was handed over; `None` when it is gone.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn handed(&self, queue_id: &str) -> Result<Option<Handed>, StoreError> {
        self.database.read(|tx| tx.maybe(&HANDED, named_params! { ":queue_id": queue_id }, read_handed))
    }

    /// Keeps what was shown about a message's sender, unless something was shown before; `look_again` is when to look
    /// once more, `None` for never.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn prove(&self, queue_id: &str, proof: Proof, look_again: Option<Timestamp>) -> Result<(), StoreError> {
        let queue_id = queue_id.to_owned();
        let prove = self.database.writer().write(move |tx| {
            let look = look_again.map(|at| at.0);
            let params = named_params! { ":queue_id": queue_id, ":proof": proof.word(), ":look": look };
            tx.change(&PROVE, params).map(drop)
        });
        prove.await
    }
}

fn read_handed(row: &Row<'_>) -> rusqlite::Result<Handed> {
    let client: Option<IpAddr> = row.get::<_, String>("client_ip")?.parse().ok();
    let is_known: bool = row.get("client_known")?;
    Ok(Handed {
        queue_id: row.get("queue_id")?,
        reverse_path: row.get("reverse_path")?,
        arrived: Timestamp(row.get("arrived_ms")?),
        client: client.filter(|_| is_known),
        client_name: row.get("client_name")?,
        proof: word(row, "proof", Proof::from_word)?,
        size: unsigned(row, "size_bytes")?,
    })
}
