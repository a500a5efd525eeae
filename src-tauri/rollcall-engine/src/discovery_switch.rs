//! The switch of discovery (D01) and the rule of each domain (section 2): set by the operator, in the journal, and with the
//! clocks stopped where nothing is learned (T15, T19).

use rollcall_core::terms::Unknown;
use rollcall_core::{DomainName, Rule, Timestamp};
use rollcall_store::{StoreError, Tx};

use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::settled::{rule_of, settle};
use crate::setup::{DISCOVERY, UPSTREAM_AUTHSERV};

impl House {
    /// Switches discovery for the whole office.
    ///
    /// # Errors
    /// The store's.
    pub async fn set_discovery(&self, on: bool) -> Result<(), EngineError> {
        let (word, now) = (if on { "on" } else { "off" }, self.clock.now());
        self.store
            .write(move |tx| {
                let wanted = vec![(DISCOVERY.to_owned(), word.to_owned())];
                settle(tx, "set_discovery", format!("discovery is {word}"), now, wanted)
            })
            .await?;
        self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        self.reload()
    }

    /// Believes what the filter of this name in front of us writes into `Authentication-Results`; nobody, when empty.
    ///
    /// # Errors
    /// Invalid: no name of a host.
    pub async fn set_upstream_authserv(&self, name: &str) -> Result<(), EngineError> {
        let name = name.trim().to_owned();
        if !name.is_empty() {
            DomainName::parse(&name)?;
        }
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                let why = format!("Authentication-Results of “{name}” are believed");
                settle(tx, "set_upstreams", why, now, vec![(UPSTREAM_AUTHSERV.to_owned(), name)])
            })
            .await?;
        self.reload()
    }

    /// Gives a domain another rule.
    ///
    /// # Errors
    /// Invalid: a number outside its range. Not found. Conflict: RCPT alone would make users while the mail server was not
    /// seen to refuse strangers (P08).
    pub async fn set_rule(&self, name: &str, rule: Rule) -> Result<(), EngineError> {
        let name = DomainName::parse(name)?.to_string();
        rule.check().map_err(|error| EngineError::Invalid(error.to_string()))?;
        let setup = self.setup();
        let Some(domain) = setup.domains.get(&name) else {
            return Err(EngineError::NotFound(format!("{name} isn't one of your domains.")));
        };
        if rule.evidence == rollcall_core::rule::Basis::RcptOk
            && self.truth_of(domain).verdict == Some(rollcall_core::truth::Truth::AcceptsEverything)
        {
            return Err(EngineError::Conflict(format!(
                "The mail server of {name} says yes to every address, so asking it proves nothing and invalid users would \
                 be added. Choose a rule that judges messages, or let the server check recipients first."
            )));
        }
        let preset = rollcall_core::Preset::of(rule).map_or("its own rule", rollcall_core::Preset::word);
        let (why, now) = (format!("{name} follows {preset}"), self.clock.now());
        let wanted = vec![(rule_of(&name), rule.written())];
        self.store.write(move |tx| settle(tx, "set_rule", why, now, wanted)).await?;
        self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        self.reload()
    }
}

/// Stops the clocks of each domain that does not learn, and lets those of the others go on (T15, T19).
pub(crate) fn keep_clocks(tx: &Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    let on = tx.setting(DISCOVERY)?.as_deref() != Some("off") && !crate::sync::holds_discovery(tx)?;
    for (name, settings) in tx.domain_settings()? {
        if on && settings.terms.unknown == Unknown::Learn {
            tx.thaw(&name, now)?;
        } else {
            tx.freeze(&name, now)?;
        }
    }
    Ok(())
}
