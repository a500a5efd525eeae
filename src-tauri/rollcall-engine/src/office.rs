//! The office's own settings: domains and notifications. Each change is in the journal.

use std::net::IpAddr;

use rollcall_core::explained::{self, ContactError};
use rollcall_core::{DomainName, Rule, Timestamp};
use rollcall_net::Destination;
use rollcall_store::{DomainRecord, Kind, NewEntry, StoreError, Tx};

use crate::access::who;
use crate::error::EngineError;
use crate::house::House;
use crate::notification::SET_UP;
use crate::recipients::Forget;
use crate::settled::settle;
use crate::setup::{NOTIFICATIONS, REPLY_CONTACT, stored_policy};

impl House {
    /// Makes `name` ours, or changes where its mail goes.
    ///
    /// # Errors
    /// Invalid when the name or the destination cannot be; conflict when the destination is Rollcall itself; forbidden when
    /// practice would send to another computer.
    pub async fn add_domain(&self, name: &str, destination: Destination) -> Result<(), EngineError> {
        let name = DomainName::parse(name)?.to_string();
        let host = check_host(&destination.host)?;
        check_within_reach(self.kind, &host)?;
        if destination.port == 0 {
            return Err(EngineError::Invalid("A mail server's port is 1 to 65535, usually 25.".to_owned()));
        }
        self.check_not_ours(&Destination { host: host.clone(), ..destination.clone() }, &name).await?;
        let now = self.clock.now();
        let why = format!("mail for {name} goes to {destination}");
        let tls = stored_policy(destination.tls);
        let ours = name.clone();
        self.store
            .write(move |tx| {
                let domains = tx.domains()?;
                if domains.is_empty() && tx.setting(SET_UP)?.is_none() {
                    // People are told of nothing in the first hour: they are at it.
                    tx.put_setting(SET_UP, &now.0.to_string())?;
                }
                let known = domains.into_iter().find(|domain| domain.name == name);
                let moved = known.as_ref().is_none_or(|d| (&d.host, d.port, d.tls) != (&host, destination.port, tls));
                let rule = known.as_ref().map_or(Rule::SHIPPED, |domain| domain.rule);
                let domain = name.clone();
                tx.put_domain(&DomainRecord {
                    name,
                    host,
                    port: destination.port,
                    tls,
                    rule,
                    // Another server has to show by itself that it refuses strangers.
                    stranger_refused: None,
                })?;
                if moved {
                    // What was found out and remembered was about another server.
                    tx.forget_remembered_of(&domain)?;
                }
                note(tx, "add_domain", why, now)
            })
            .await?;
        self.forget_said(Forget::Domain(ours)).await?;
        self.reload()
    }

    /// Takes a domain away. Its addresses stay on file.
    ///
    /// # Errors
    /// Not found.
    pub async fn remove_domain(&self, name: &str) -> Result<(), EngineError> {
        let name = DomainName::parse(name)?.to_string();
        let (shown, now) = (name.clone(), self.clock.now());
        let was_there = self
            .store
            .write(move |tx| {
                let was_there = tx.remove_domain(&name)?;
                if was_there {
                    note(tx, "remove_domain", format!("{name} is no longer received"), now)?;
                }
                Ok(was_there)
            })
            .await?;
        if !was_there {
            return Err(EngineError::NotFound(format!("{shown} isn't one of your domains.")));
        }
        self.reload()
    }

    /// Switches desktop notifications.
    ///
    /// # Errors
    /// The store's.
    pub async fn set_notifications(&self, wanted: bool) -> Result<(), EngineError> {
        let word = if wanted { "on" } else { "off" };
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                let why = format!("desktop notifications are {word}");
                settle(tx, "set_notifications", why, now, vec![(NOTIFICATIONS.to_owned(), word.to_owned())])
            })
            .await?;
        self.reload()
    }

    /// Says whom a refused sender can ask, behind every refusal (X20): an e-mail address, a telephone number or a web
    /// address. Empty says nobody.
    ///
    /// # Errors
    /// Invalid when it is longer than 80 octets or not printable ASCII.
    pub async fn set_reply_contact(&self, contact: &str) -> Result<(), EngineError> {
        let contact = explained::contact(contact).map_err(|error| {
            EngineError::Invalid(match error {
                ContactError::TooLong => "A contact has at most 80 characters: it has to fit on one reply line.",
                ContactError::NotPrintable => {
                    "A contact has plain letters, digits and signs only (ASCII): other mail servers must be able to read it."
                }
            }.to_owned())
        })?;
        let now = self.clock.now();
        let why = match contact.as_str() {
            "" => "refusals name nobody to ask".to_owned(),
            contact => format!("refusals name {contact} to ask"),
        };
        self.store
            .write(move |tx| settle(tx, "set_reply_contact", why, now, vec![(REPLY_CONTACT.to_owned(), contact)]))
            .await?;
        self.reload()
    }
}

pub(crate) fn note(tx: &Tx<'_>, action: &str, why: String, at: Timestamp) -> Result<(), StoreError> {
    let entry = NewEntry { at, who: who(tx), action: action.to_owned(), why, undoable: false, undoes: None };
    tx.add_journal(&entry, &[]).map(drop)
}

/// A name or an IP address, trimmed.
pub(crate) fn check_host(host: &str) -> Result<String, EngineError> {
    let host = host.trim().trim_start_matches('[').trim_end_matches(']');
    if host.parse::<IpAddr>().is_ok() {
        return Ok(host.to_owned());
    }
    DomainName::parse(host).map(|name| name.to_string()).map_err(|_| {
        EngineError::Invalid(format!(
            "“{host}” isn't a server name or IP address, like mail.fabrikam.example or 10.0.4.12."
        ))
    })
}

/// Practice sends to this computer only: a name other than `localhost` may point anywhere.
pub(crate) fn check_within_reach(kind: Kind, host: &str) -> Result<(), EngineError> {
    let is_here = host
        .parse::<IpAddr>()
        .map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |ip| ip.to_canonical().is_loopback());
    if kind == Kind::Real || is_here {
        return Ok(());
    }
    Err(EngineError::Forbidden(
        "The practice office sends mail only to this computer (127.0.0.1), never to a real mail server.".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn practice_reaches_this_computer_only() {
        for host in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost", "LOCALHOST"] {
            assert!(check_within_reach(Kind::Practice, host).is_ok(), "{host}");
        }
        for host in ["10.0.4.12", "192.0.2.1", "0.0.0.0", "::", "mail.example", "localhost.example"] {
            let refused = check_within_reach(Kind::Practice, host);
            assert!(matches!(refused, Err(EngineError::Forbidden(_))), "{host}");
            assert!(check_within_reach(Kind::Real, host).is_ok(), "{host}");
        }
    }
}
