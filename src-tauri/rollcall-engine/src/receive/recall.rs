//! What a destination said before: settles a stranger without asking, vouches for a known address while it cannot be
//! reached (V02), and bounds how often it is asked in vain.

use std::net::IpAddr;

use rollcall_core::Address;
use rollcall_core::asking;
use rollcall_core::policy::{self, After, Answer, Standing, Verdict};
use rollcall_smtp::RcptTo;

use super::Client;
use super::facts::Facts;
use crate::house::House;
use crate::setup::Domain;

/// A recipient as it is asked about. What was said of `ann+news@…` says nothing of `ann@…`.
pub(super) struct Asked<'a> {
    house: &'a House,
    domain: &'a Domain,
    standing: Standing,
    address: &'a str,
    key: Option<String>,
    filed: String,
    client: Option<IpAddr>,
}

impl<'a> Asked<'a> {
    /// `onward` is RCPT as the destination gets it.
    pub fn about(house: &'a House, client: &Client, facts: &'a Facts, domain: &'a Domain, onward: &RcptTo) -> Self {
        // Whom a directory vouches for is always asked about, and taken without being asked.
        let key = facts.standing.is_unverified().then(|| Address::parse(&onward.address).ok()).flatten();
        Self {
            house,
            domain,
            standing: facts.standing,
            address: &facts.address,
            key: key.map(|address| address.key()),
            filed: facts.key().unwrap_or_default(),
            client: (!client.is_upstream).then_some(client.ip),
        }
    }

    /// What is told without asking: a no that holds, or that too many were asked about in vain.
    pub fn instead(&self) -> Option<Verdict> {
        if self.standing != Standing::Unknown {
            return None;
        }
        let now = self.house.clock.now();
        match self.said() {
            Some(false) => asking::still_unknown(self.address, self.standing),
            Some(true) => None,
            None if self.house.recipients.may_ask(self.client, self.domain, now) => None,
            None => Some(asking::not_asked(self.address)),
        }
    }

    /// Keeps the answer, and decides with it as for `standing`. True beside an acceptance that rests on an earlier answer.
    pub fn decide(&self, standing: Standing, answer: &Answer) -> (After, bool) {
        let now = self.house.clock.now();
        if let (Some(key), Some((known, reply))) = (&self.key, asking::worth_keeping(answer)) {
            self.house.recipients.keep(key, &self.filed, self.domain, known, reply.to_string(), now);
            if !known {
                self.house.recipients.in_vain(self.client, self.domain, now);
            }
        }
        let vouched = asking::while_unreachable(self.address, standing, answer);
        match vouched.filter(|_| self.said() == Some(true)) {
            Some(accepted) => (accepted, true),
            None => (policy::after_asking(self.address, standing, answer), false),
        }
    }

    fn said(&self) -> Option<bool> {
        self.house.recipients.get(self.key.as_ref()?, self.domain, self.house.clock.now())
    }
}
