//! Answers about outgoing mail.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::sync::SecretPlace;
use super::{Destination, Reachability};
use crate::registry::outgoing::OutboundMode;

/// Answer of `outbound` and `set_outbound`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Outbound {
    /// How mail goes out.
    pub mode: OutboundMode,
    /// The smarthost, with mode `smarthost`.
    pub smarthost: Option<Destination>,
    /// The name that we sign in with there, if it wants one.
    pub username: Option<String>,
    /// It wants a password that nobody gave yet: outgoing mail waits.
    pub lacks_password: bool,
    /// Where the key to the password is kept, if there is one.
    pub secret_place: Option<SecretPlace>,
    /// Why the password cannot be read now: one sentence that says what to do.
    pub secret_trouble: Option<String>,
    /// Whether the smarthost answers.
    pub reachability: Reachability,
    /// Since when.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// Why it does not.
    pub trouble: Option<String>,
    /// How many machines or networks may send.
    pub sender_hosts: u32,
}
