//! What the spool takes and gives, as values.

use std::net::IpAddr;
use std::path::PathBuf;

use rollcall_core::Timestamp;
use rollcall_core::report::Proof;
use tempfile::NamedTempFile;

/// A message to become durable.
#[derive(Debug)]
pub struct NewMessage {
    /// Its id: 1 to 64 of `A–Z a–z 0–9 - _`, never used before.
    pub queue_id: String,
    /// The reverse-path; empty when it is null.
    pub reverse_path: String,
    /// The recipients, at least one.
    pub recipients: Vec<NewRecipient>,
    /// When it arrived.
    pub arrived: Timestamp,
    /// When to try first.
    pub due: Timestamp,
    /// It is an office host's mail to the world.
    pub outbound: bool,
    /// `BODY=8BITMIME` was given (RFC 6152).
    pub body_8bit: bool,
    /// `SMTPUTF8` was given (RFC 6531).
    pub smtputf8: bool,
    /// `RET=`, in upper case (RFC 3461).
    pub ret: Option<&'static str>,
    /// `ENVID=`, as xtext (RFC 3461).
    pub envid: Option<String>,
    /// Why a failure may be told to the reverse-path.
    pub proof: Proof,
    /// The client's IP address.
    pub client_ip: String,
    /// That client handed the mail to us, or a filter before us named it; false for an address that is the filter's own.
    pub client_is_known: bool,
    /// The client's name as it gave it in EHLO.
    pub client_name: String,
    /// The subject, for lists.
    pub subject: Option<String>,
    /// The content, ready to be sent (trace header included).
    pub content: SpoolContent,
}

/// A recipient of a message to become durable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewRecipient {
    /// As written.
    pub address: String,
    /// `NOTIFY=`, in upper case (RFC 3461).
    pub notify: Option<String>,
    /// `ORCPT=`, as xtext (RFC 3461).
    pub orcpt: Option<String>,
    /// It is not to be sent: it is kept for an address that ended by itself (X06).
    pub held_for: Option<HeldFor>,
}

/// For whom mail is kept that waits for nobody (X06).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFor {
    /// What the address is filed under.
    pub key: String,
    /// When [`Spool::sweep`](crate::Spool::sweep) may forget it.
    pub keep_until: Timestamp,
}

/// A recipient whose mail is kept for an address that ended by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRecipient {
    /// The message.
    pub queue_id: String,
    /// As written.
    pub address: String,
}

/// A message that is kept for an address that ended by itself, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldMessage {
    /// The message.
    pub queue_id: String,
    /// The reverse-path; empty when it is null.
    pub reverse_path: String,
    /// When it arrived.
    pub arrived: Timestamp,
    /// The subject.
    pub subject: Option<String>,
    /// The content's size in bytes.
    pub size: u64,
    /// The client that brought it.
    pub client_ip: String,
    /// When it is dropped.
    pub keep_until: Timestamp,
}

/// A message's content on its way in.
#[derive(Debug)]
pub enum SpoolContent {
    /// In memory.
    Bytes(Vec<u8>),
    /// In a file made by [`Spool::temp_file`](crate::Spool::temp_file).
    File {
        /// The file.
        file: NamedTempFile,
        /// Its size in bytes, checked before it is acknowledged.
        size: u64,
    },
}

/// A message's content as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredContent {
    /// Up to 64 KiB.
    Bytes(Vec<u8>),
    /// The file that holds it. It stays until the message is settled.
    File(PathBuf),
}

/// A message with recipients taken for an attempt. Nobody else can take them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The message.
    pub queue_id: String,
    /// The reverse-path; empty when it is null.
    pub reverse_path: String,
    /// When it arrived.
    pub arrived: Timestamp,
    /// It is an office host's mail to the world.
    pub outbound: bool,
    /// `BODY=8BITMIME` was given.
    pub body_8bit: bool,
    /// `SMTPUTF8` was given.
    pub smtputf8: bool,
    /// `RET=`, in upper case.
    pub ret: Option<String>,
    /// `ENVID=`, as xtext.
    pub envid: Option<String>,
    /// Why a failure may be told to the reverse-path.
    pub proof: Proof,
    /// The content's size in bytes.
    pub size: u64,
    /// The recipients that are due.
    pub recipients: Vec<ClaimedRecipient>,
}

/// A recipient taken for an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedRecipient {
    /// Its id in the spool.
    pub id: i64,
    /// The address.
    pub address: String,
    /// Attempts so far, this one included.
    pub attempts: u32,
    /// `NOTIFY=`, in upper case.
    pub notify: Option<String>,
    /// `ORCPT=`, as xtext.
    pub orcpt: Option<String>,
    /// The sender was told before that it was given up.
    pub was_told: bool,
}

/// A message as it was handed to us: what shows whether its sender is who it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// The message.
    pub queue_id: String,
    /// The reverse-path; empty when it is null.
    pub reverse_path: String,
    /// When it arrived.
    pub arrived: Timestamp,
    /// The client that handed it over; `None` when only the filter before us knows.
    pub client: Option<IpAddr>,
    /// The client's name as it gave it in EHLO.
    pub client_name: String,
    /// What was shown so far.
    pub proof: Proof,
    /// The content's size in bytes.
    pub size: u64,
}

/// How an attempt ended for recipients of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The message.
    pub queue_id: String,
    /// Each recipient's id and how it ended.
    pub outcomes: Vec<(i64, Settled)>,
    /// A report that becomes durable in the same commit.
    pub notice: Option<Notice>,
}

/// A report of ours. Its reverse-path is null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id, never used before.
    pub queue_id: String,
    /// To whom.
    pub recipient: String,
    /// The ids of the recipients it is about: nobody is told of them again.
    pub about: Vec<i64>,
    /// Its subject, for lists.
    pub subject: &'static str,
    /// The recipient's domain is not ours.
    pub outbound: bool,
    /// Now.
    pub at: Timestamp,
    /// The message, at most 64 KiB.
    pub content: Vec<u8>,
}

/// Recipients that go the same way: a domain, inbound or outbound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// To the world instead of to the office.
    pub outbound: bool,
    /// Lower case, A-labels.
    pub domain: String,
    /// When its first recipient is due.
    pub due: Timestamp,
}

/// How an attempt ended for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The next hop took responsibility.
    Delivered {
        /// Its reply.
        reply: String,
    },
    /// Try again.
    Retry {
        /// When.
        due: Timestamp,
        /// The next hop's reply, or why there was none.
        reply: String,
    },
    /// Given up. Message and content are kept for a while, so that a person can act.
    Failed {
        /// The next hop's reply, or why there was none.
        reply: String,
        /// When [`Spool::sweep`](crate::Spool::sweep) may forget it.
        keep_until: Timestamp,
    },
}

/// Where one recipient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecipientState {
    /// Waits until it is due.
    Queued,
    /// In an attempt.
    Active,
    /// The next hop took it.
    Delivered,
    /// Given up.
    Failed,
}

impl RecipientState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Active, Self::Delivered, Self::Failed];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Active => "active",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// The state for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// The spool in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpoolNumbers {
    /// Messages with a recipient that is queued or active.
    pub waiting: u64,
    /// Messages with a recipient that was given up and is kept.
    pub failed: u64,
    /// When the oldest waiting message arrived.
    pub oldest: Option<Timestamp>,
}

/// A message of the spool, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpoolListed {
    /// The message.
    pub queue_id: String,
    /// The reverse-path; empty when it is null.
    pub reverse_path: String,
    /// When it arrived.
    pub arrived: Timestamp,
    /// The subject.
    pub subject: Option<String>,
    /// The content's size in bytes.
    pub size: u64,
    /// It is an office host's mail to the world.
    pub outbound: bool,
    /// The client that brought it.
    pub client_ip: String,
    /// Its recipients, delivered ones included.
    pub recipients: Vec<SpoolRecipient>,
}

/// A recipient of a message of the spool, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpoolRecipient {
    /// The address.
    pub address: String,
    /// Its domain: lower case, A-labels.
    pub domain: String,
    /// An operator keeps it from further attempts.
    pub held: bool,
    /// Where it stands.
    pub state: RecipientState,
    /// When the next attempt is due, if it is queued.
    pub due: Option<Timestamp>,
    /// Attempts so far.
    pub attempts: u32,
    /// The next hop's last reply, or why there was none.
    pub last_reply: Option<String>,
    /// The key of the address that its mail is kept for, because that ended by itself (X06).
    pub held_for: Option<String>,
}
