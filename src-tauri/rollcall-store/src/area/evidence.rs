//! Evidence about addresses.
//!
//! **Invariant.** `evidence_sender` has a row for exactly the pairs of address and sender domain with counted evidence,
//! with the time of the latest.
//!
//! **Limits.** A line break inside a dialogue line makes two lines of it. A counted message without a sender domain
//! counts no domain.

use rollcall_core::Timestamp;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, word};
use crate::{EvidenceKind, EvidenceRecord, StoreError, Tx};

const ADD: Statement = statement!("evidence/add", "save evidence");
const NOTE_SENDER: Statement = statement!("evidence/note_sender", "note a sender domain");
const LIST: Statement = statement!("evidence/list", "read evidence");
const COUNTED_SINCE: Statement = statement!("evidence/counted_since", "count evidence");
const SENDER_DOMAINS_SINCE: Statement = statement!("evidence/sender_domains_since", "count sender domains");
const COUNTS_TO_REFRESH: Statement = statement!("evidence/counts_to_refresh", "find counts that have changed");
const PRUNE: Statement = statement!("evidence/prune", "forget old evidence");
const PRUNE_SENDERS: Statement = statement!("evidence/prune_senders", "forget old sender domains");

impl Tx<'_> {
    /// Writes one observation down. The address need not have a row.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for counted evidence with a reason why it does not count.
    pub fn add_evidence(&self, evidence: &EvidenceRecord) -> Result<(), StoreError> {
        let lines = (!evidence.lines.is_empty()).then(|| evidence.lines.join("\n"));
        let params = named_params! {
            ":key": evidence.key,
            ":at": evidence.at.0,
            ":kind": evidence.kind.word(),
            ":counted": evidence.counted,
            ":not_counted_because": evidence.not_counted_because,
            ":sender": evidence.sender,
            ":sender_domain": evidence.sender_domain,
            ":subject": evidence.subject,
            ":client_ip": evidence.client_ip,
            ":lines": lines,
        };
        self.put(&ADD, params)?;
        if evidence.counted && !evidence.sender_domain.is_empty() {
            let params = named_params! {
                ":key": evidence.key,
                ":sender_domain": evidence.sender_domain,
                ":at": evidence.at.0,
            };
            self.put(&NOTE_SENDER, params)?;
        }
        Ok(())
    }

    /// The latest observations about an address, newest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn evidence(&self, key: &str, limit: u32) -> Result<Vec<EvidenceRecord>, StoreError> {
        self.all(&LIST, named_params! { ":key": key, ":limit": limit }, read_evidence)
    }

    /// How many messages count for the address since `since`, that moment included.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn counted_since(&self, key: &str, since: Timestamp) -> Result<u32, StoreError> {
        self.one(&COUNTED_SINCE, named_params! { ":key": key, ":since": since.0 }, |row| row.get("total"))
    }

    /// How many different sender domains wrote a counted message to the address since `since`, that moment included.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn sender_domains_since(&self, key: &str, since: Timestamp) -> Result<u32, StoreError> {
        self.one(&SENDER_DOMAINS_SINCE, named_params! { ":key": key, ":since": since.0 }, |row| row.get("total"))
    }

    /// The watched addresses whose `clean_count` is not the number of messages that count since `since`, each with
    /// that number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn evidence_counts_to_refresh(&self, since: Timestamp) -> Result<Vec<(String, u32)>, StoreError> {
        self.all(&COUNTS_TO_REFRESH, named_params! { ":since": since.0 }, |row| {
            Ok((row.get("key")?, row.get("counted")?))
        })
    }

    /// Forgets observations from before `before`; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_evidence(&self, before: Timestamp) -> Result<u64, StoreError> {
        let gone = self.change(&PRUNE, named_params! { ":before": before.0 })?;
        self.change(&PRUNE_SENDERS, named_params! { ":before": before.0 })?;
        Ok(gone as u64)
    }
}

fn read_evidence(row: &Row<'_>) -> rusqlite::Result<EvidenceRecord> {
    let lines: Option<String> = row.get("lines")?;
    Ok(EvidenceRecord {
        key: row.get("key")?,
        at: Timestamp(row.get("at_ms")?),
        kind: word(row, "kind", EvidenceKind::from_word)?,
        counted: row.get("counted")?,
        not_counted_because: row.get("not_counted_because")?,
        sender: row.get("sender")?,
        sender_domain: row.get("sender_domain")?,
        subject: row.get("subject")?,
        client_ip: row.get("client_ip")?,
        lines: lines.map(|lines| lines.split('\n').map(str::to_owned).collect()).unwrap_or_default(),
    })
}
