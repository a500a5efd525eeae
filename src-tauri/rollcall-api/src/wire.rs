//! The envelopes: the same for window, command line and socket.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the caller should do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Mend the arguments.
    Invalid,
    /// It is not there.
    NotFound,
    /// It changed meanwhile, or does not fit the present state: look again.
    Conflict,
    /// Not allowed for this caller or this folder.
    Forbidden,
    /// Not now: start the engine, or wait.
    Unavailable,
    /// Our own fault.
    Internal,
}

/// A refusal or failure. Shells branch on `code`, show `message`, and offer `detail` on demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// Stable; part of the contract.
    pub code: Code,
    /// One sentence an operator can act on.
    pub message: String,
    /// The chain of causes.
    pub detail: Vec<String>,
}

/// What an answer depends on and a command changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// Address rows, their evidence and counts.
    Addresses,
    /// The mail log and the hourly numbers.
    Mail,
    /// Who decided what.
    Journal,
    /// Health: listeners, destinations, waiting messages.
    Health,
    /// Domains, listeners, upstreams and other settings.
    Setup,
    /// The virtual clock.
    Clock,
    /// Who is signed in, and whether there is a password.
    Access,
    /// The inbox, and what is wanted of it.
    Notifications,
    /// The sync with a directory: its progress, its runs.
    Sync,
}

/// Something worth telling a person, beside "ask again".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// Addresses reached the threshold.
    Discovered {
        /// As first seen.
        addresses: Vec<String>,
        /// How many are waiting for a decision now, these included.
        #[ts(type = "number")]
        waiting: u64,
    },
    /// The destination stopped or began to answer.
    Destination {
        /// `host:port`.
        destination: String,
        /// Whether it answers now.
        answers: bool,
    },
    /// Clients were blocked for guessing addresses; told once a day, all since.
    Blocked {
        /// Their addresses.
        clients: Vec<String>,
    },
    /// Mail that was kept here could not be delivered in the end.
    Undelivered {
        /// The messages, at most 100 of them.
        queue_ids: Vec<String>,
    },
    /// The weekly notice: addresses that wait for a decision. It counts once it is shown.
    Weekly {
        /// How many.
        #[ts(type = "number")]
        waiting: u64,
    },
    /// The weekly report: users and aliases that were created (D11, D12).
    Report {
        /// Its number, for `report`.
        #[ts(type = "number")]
        id: i64,
        /// Users that it lists.
        #[ts(type = "number")]
        users: u64,
        /// Aliases that it lists.
        #[ts(type = "number")]
        aliases: u64,
        /// Discovered addresses that waited for a decision then.
        #[ts(type = "number")]
        waiting: u64,
    },
    /// Something happened to an address by itself.
    AboutAddress {
        /// As shown.
        address: String,
        /// `ended`, `user_created`, `alias_made`, `sent_but_refused`, `server_says_no`, `propose_invalid`, `no_seat`,
        /// `held_mail_ends`.
        what: String,
        /// The account, for `alias_made`.
        owner: Option<String>,
    },
    /// The mail server of a domain began or stopped to take every recipient (N19).
    Strangers {
        /// The domain.
        domain: String,
        /// Whether it takes them now.
        accepted: bool,
    },
    /// Nine in ten seats are used, or none is left; once each (N18).
    Seats {
        /// Users.
        #[ts(type = "number")]
        used: u64,
        /// How many there may be; none is left when this is no more than `used`.
        #[ts(type = "number")]
        total: u64,
    },
    /// Something happened to the Organization Administrator's password.
    Access {
        /// What.
        happened: AccessNews,
    },
    /// Shadow mode ended by itself: refusals hold again (X16).
    ShadowEnded {
        /// Recipients that would have been refused meanwhile.
        #[ts(type = "number")]
        would_refuse: u64,
    },
}

/// What happened to the Organization Administrator's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccessNews {
    /// The first one was set.
    PasswordSet,
    /// It was changed with the one before.
    PasswordChanged,
    /// The folder's owner took it away.
    PasswordReset,
    /// Five wrong ones were given; everybody waits.
    Locked,
}

/// After commit only. A slow subscriber gets `missed: true` and all tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Event {
    /// Increases with every change.
    #[ts(type = "number")]
    pub revision: u64,
    /// Which answers are stale.
    pub stale: Vec<Tag>,
    /// Something worth telling a person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub notice: Option<Notice>,
}
