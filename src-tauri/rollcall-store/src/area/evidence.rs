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
use crate::{EvidenceKind, EvidenceRecord, Settling, StoreError, Traits, Tx};

const ADD: Statement = statement!("evidence/add", "save evidence");
const NOTE_SENDER: Statement = statement!("evidence/note_sender", "note a sender domain");
const LIST: Statement = statement!("evidence/list", "read evidence");
const COUNTED_SINCE: Statement = statement!("evidence/counted_since", "count evidence");
const SENDER_DOMAINS_SINCE: Statement = statement!("evidence/sender_domains_since", "count sender domains");
const COUNTS_TO_REFRESH: Statement = statement!("evidence/counts_to_refresh", "find counts that have changed");
const IS_REPEATED: Statement = statement!("evidence/is_repeated", "look for a message that counted");
const OF_SENDER_DOMAIN: Statement = statement!("evidence/of_sender_domain", "count the messages of a sender domain");
const OF_KIND_SINCE: Statement = statement!("evidence/of_kind_since", "count observations");
const SETTLING: Statement = statement!("evidence/settling", "find messages that waited for a bounce");
const SETTLE: Statement = statement!("evidence/settle", "count a message that waited for a bounce");
const TRAITS: Statement = statement!("evidence/traits", "sum up evidence");
const NOTE_CORRESPONDENT: Statement = statement!("correspondent/note", "note whom an address wrote to");
const WROTE_TO: Statement = statement!("correspondent/wrote_to", "look whether an address wrote to somebody");
const PRUNE_CORRESPONDENTS: Statement = statement!("correspondent/prune", "forget old correspondents");
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
            ":message_id": evidence.message_id,
            ":settles_ms": evidence.settles.map(|at| at.0),
            ":is_reply": evidence.is_reply,
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

    /// The waiting addresses of a domain whose `clean_count` is not the number of messages that count since `since`, each
    /// with that number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn evidence_counts_to_refresh(&self, domain: &str, since: Timestamp) -> Result<Vec<(String, u32)>, StoreError> {
        self.all(&COUNTS_TO_REFRESH, named_params! { ":domain": domain, ":since": since.0 }, |row| {
            Ok((row.get("key")?, row.get("counted")?))
        })
    }

    /// Whether a message of this sender with this Message-ID counts for an address, or will (3.3).
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn is_repeated(&self, key: &str, message_id: &str, sender: &str) -> Result<bool, StoreError> {
        let params = named_params! { ":key": key, ":message_id": message_id, ":sender": sender };
        Ok(self.total(&IS_REPEATED, params)? > 0)
    }

    /// How many messages of a sender domain count for an address since `since`, or will (3.3).
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn of_sender_domain(&self, key: &str, sender_domain: &str, since: Timestamp) -> Result<u32, StoreError> {
        let params = named_params! { ":key": key, ":sender_domain": sender_domain, ":since": since.0 };
        self.one(&OF_SENDER_DOMAIN, params, |row| row.get("total"))
    }

    /// How many observations of a kind there are about an address since `since`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn evidence_of_kind(&self, key: &str, kind: EvidenceKind, since: Timestamp) -> Result<u32, StoreError> {
        let params = named_params! { ":key": key, ":kind": kind.word(), ":since": since.0 };
        self.one(&OF_KIND_SINCE, params, |row| row.get("total"))
    }

    /// The messages that have waited long enough for a bounce by `now`, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn settling(&self, now: Timestamp, limit: u32) -> Result<Vec<Settling>, StoreError> {
        self.all(&SETTLING, named_params! { ":now": now.0, ":limit": limit }, |row| {
            Ok(Settling {
                id: row.get("id")?,
                key: row.get("key")?,
                at: Timestamp(row.get("at_ms")?),
                sender_domain: row.get("sender_domain")?,
            })
        })
    }

    /// A message has waited for a bounce: it counts now, or `why` says why it does not.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn settle_evidence(&self, settling: &Settling, why: Option<&str>) -> Result<(), StoreError> {
        let counted = why.is_none();
        let params = named_params! { ":id": settling.id, ":counted": counted, ":not_counted_because": why };
        self.change(&SETTLE, params)?;
        if counted && !settling.sender_domain.is_empty() {
            let params = named_params! {
                ":key": settling.key,
                ":sender_domain": settling.sender_domain,
                ":at": settling.at.0,
            };
            self.put(&NOTE_SENDER, params)?;
        }
        Ok(())
    }

    /// What stands out among the observations about an address since `since` (X03).
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn traits(&self, key: &str, since: Timestamp) -> Result<Traits, StoreError> {
        self.one(&TRAITS, named_params! { ":key": key, ":since": since.0 }, |row| {
            Ok(Traits {
                sent: row.get("sent")?,
                bounced: row.get("bounced")?,
                replies: row.get("replies")?,
                spam: row.get("spam")?,
            })
        })
    }

    /// An address of ours wrote to `outside` at `at` (X07).
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_correspondent(&self, key: &str, outside: &str, at: Timestamp) -> Result<(), StoreError> {
        self.change(&NOTE_CORRESPONDENT, named_params! { ":key": key, ":outside": outside, ":at": at.0 }).map(drop)
    }

    /// Whether an address of ours wrote to `outside` since `since`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn wrote_to(&self, key: &str, outside: &str, since: Timestamp) -> Result<bool, StoreError> {
        Ok(self.total(&WROTE_TO, named_params! { ":key": key, ":outside": outside, ":since": since.0 })? > 0)
    }

    /// Forgets observations from before `before`; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_evidence(&self, before: Timestamp) -> Result<u64, StoreError> {
        let gone = self.change(&PRUNE, named_params! { ":before": before.0 })?;
        self.change(&PRUNE_SENDERS, named_params! { ":before": before.0 })?;
        self.change(&PRUNE_CORRESPONDENTS, named_params! { ":before": before.0 })?;
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
        message_id: row.get("message_id")?,
        settles: row.get::<_, Option<i64>>("settles_ms")?.map(Timestamp),
        is_reply: row.get("is_reply")?,
    })
}
