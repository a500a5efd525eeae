//! What the operator settles for a domain: aliases, tags, unknown addresses, another host to ask, routes of single
//! addresses. Each change is in the journal.

use rollcall_core::recipient::TagDelimiter;
use rollcall_core::terms::{InactiveMail, Unknown};
use rollcall_core::{Address, DomainName};
use rollcall_net::Destination;
use rollcall_store::{DomainSettings, Place, StoreError};

use crate::discovery_switch::keep_clocks;
use crate::error::EngineError;
use crate::house::House;
use crate::office::{check_host, check_within_reach, note};
use crate::setup::stored_policy;

/// The most alias domains a domain has.
const MOST_ALIASES: usize = 1000;

/// What to settle; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Settle {
    /// What separates a name from its tag.
    pub tags: Option<TagDelimiter>,
    /// Whether subdomains are read as the domain.
    pub strip_subdomains: Option<bool>,
    /// Whether mail is sent on to the address it is filed under.
    pub deliver_to_primary: Option<bool>,
    /// What becomes of a recipient without a row.
    pub unknown: Option<Unknown>,
    /// Whether new addresses are deferred.
    pub defer_strangers: Option<bool>,
    /// What becomes of mail for inactive accounts.
    pub inactive: Option<InactiveMail>,
    /// Where recipients are asked about; the inner `None` means at the destination.
    pub verification: Option<Option<Destination>>,
}

impl House {
    /// Settles a domain.
    ///
    /// # Errors
    /// Not found; invalid host or port; conflict when that is Rollcall itself; forbidden when practice would ask another
    /// computer.
    pub async fn settle_domain(&self, name: &str, change: Settle) -> Result<(), EngineError> {
        let name = self.our_domain(name)?;
        let verification = match &change.verification {
            None => None,
            Some(None) => Some(None),
            Some(Some(host)) => Some(Some(self.place(host, &name).await?)),
        };
        let (shown, now) = (name.clone(), self.clock.now());
        let was_there = self
            .store
            .write(move |tx| {
                let known = tx.domain_settings()?.into_iter().find(|(known, _)| *known == name);
                let Some((_, before)) = known else { return Ok(false) };
                let after = settled(before.clone(), &change, verification);
                let Some(why) = what_changed(&name, &before, &after) else { return Ok(true) };
                tx.put_domain_settings(&name, &after)?;
                keep_clocks(tx, now)?;
                note(tx, "set_domain", why, now)?;
                Ok(true)
            })
            .await?;
        self.there(was_there, &shown)
    }

    /// Makes `aliases` other names of a domain, and no others.
    ///
    /// # Errors
    /// Not found; invalid when one is no domain name or is taken.
    pub async fn set_alias_domains(&self, name: &str, aliases: &[String]) -> Result<(), EngineError> {
        let name = self.our_domain(name)?;
        if aliases.len() > MOST_ALIASES {
            return Err(EngineError::Invalid(format!("Give at most {MOST_ALIASES} alias domains.")));
        }
        let mut names = aliases
            .iter()
            .map(|alias| DomainName::parse(alias).map(|alias| alias.to_string()))
            .collect::<Result<Vec<_>, _>>()?;
        names.sort();
        names.dedup();
        let setup = self.setup();
        for alias in &names {
            if setup.domains.contains_key(alias) {
                let sentence = format!("{alias} is one of your domains, so it can't be another name of {name}.");
                return Err(EngineError::Conflict(sentence));
            }
            if let Some((_, other)) = setup.aliases.iter().find(|(known, of)| known == alias && *of != name) {
                return Err(EngineError::Conflict(format!("{alias} is another name of {other} already.")));
            }
        }
        let now = self.clock.now();
        let why = if names.is_empty() {
            format!("{name} has no other names")
        } else {
            format!("{name} is also received as {}", names.join(", "))
        };
        self.store
            .write(move |tx| {
                tx.replace_alias_domains(&name, &names)?;
                note(tx, "set_alias_domains", why, now)
            })
            .await?;
        self.reload()
    }

    /// Sends the mail of one address elsewhere (V14), or with `None` where its domain's goes.
    ///
    /// # Errors
    /// Not an address of ours; invalid host or port; conflict when that is Rollcall itself; forbidden when practice would
    /// send to another computer.
    pub async fn set_route(&self, address: &str, to: Option<&Destination>) -> Result<(), EngineError> {
        let address = Address::parse(address)?;
        let Some(resolved) = self.setup().homes.resolve(&address, false) else {
            let domain = address.domain();
            return Err(EngineError::Invalid(format!("{domain} isn't one of your domains. Add the domain first.")));
        };
        if address.domain().as_str() != resolved.primary {
            let sentence = format!("Give the address at {}, the domain itself.", resolved.primary);
            return Err(EngineError::Invalid(sentence));
        }
        let place = match to {
            Some(to) => Some(self.place(to, &address.to_string()).await?),
            None => None,
        };
        let why = to.map_or_else(
            || format!("mail for {address} goes where its domain's goes"),
            |to| format!("mail for {address} goes to {to}"),
        );
        let (key, now) = (address.key(), self.clock.now());
        self.store
            .write(move |tx| {
                let changed = match &place {
                    Some(place) => tx.put_address_route(&key, place).map(|()| true)?,
                    None => tx.remove_address_route(&key)?,
                };
                if changed {
                    tx.forget_remembered_key(&key)?;
                    note(tx, "set_route", why, now)?;
                }
                Ok::<_, StoreError>(())
            })
            .await?;
        self.reload()
    }

    fn our_domain(&self, name: &str) -> Result<String, EngineError> {
        let name = DomainName::parse(name)?.to_string();
        self.there_or_not(&name).map(|()| name)
    }

    fn there_or_not(&self, name: &str) -> Result<(), EngineError> {
        if self.setup().domains.contains_key(name) {
            return Ok(());
        }
        Err(EngineError::NotFound(format!("{name} isn't one of your domains.")))
    }

    fn there(&self, was_there: bool, name: &str) -> Result<(), EngineError> {
        if was_there {
            return self.reload();
        }
        Err(EngineError::NotFound(format!("{name} isn't one of your domains.")))
    }

    /// As stored, for mail of `whose`.
    async fn place(&self, destination: &Destination, whose: &str) -> Result<Place, EngineError> {
        let host = check_host(&destination.host)?;
        check_within_reach(self.kind, &host)?;
        if destination.port == 0 {
            return Err(EngineError::Invalid("A mail server's port is 1 to 65535, usually 25.".to_owned()));
        }
        self.check_not_ours(&Destination { host: host.clone(), ..destination.clone() }, whose).await?;
        Ok(Place { host, port: destination.port, tls: stored_policy(destination.tls) })
    }
}

fn settled(before: DomainSettings, change: &Settle, verification: Option<Option<Place>>) -> DomainSettings {
    let mut after = before;
    after.reading.tags = change.tags.unwrap_or(after.reading.tags);
    after.reading.strip_subdomains = change.strip_subdomains.unwrap_or(after.reading.strip_subdomains);
    after.deliver_to_primary = change.deliver_to_primary.unwrap_or(after.deliver_to_primary);
    after.terms.unknown = change.unknown.unwrap_or(after.terms.unknown);
    after.terms.defer_strangers = change.defer_strangers.unwrap_or(after.terms.defer_strangers);
    after.terms.inactive = change.inactive.unwrap_or(after.terms.inactive);
    after.verification = verification.unwrap_or(after.verification);
    after
}

/// For the journal: what is different now, in words; `None` when nothing is.
fn what_changed(name: &str, before: &DomainSettings, after: &DomainSettings) -> Option<String> {
    let mut changes = Vec::new();
    let mut say = |is_new: bool, text: String| changes.extend(is_new.then_some(text));
    say(before.reading.tags != after.reading.tags, format!("tags begin with {}", after.reading.tags.word()));
    let subdomains = if after.reading.strip_subdomains { "are read as the domain" } else { "are not received" };
    say(before.reading.strip_subdomains != after.reading.strip_subdomains, format!("subdomains {subdomains}"));
    let sent = if after.deliver_to_primary { "the primary address" } else { "the address as written" };
    say(before.deliver_to_primary != after.deliver_to_primary, format!("mail is sent on to {sent}"));
    let unknown = match after.terms.unknown {
        Unknown::Learn => "the mail server is asked about unknown addresses, and Rollcall learns",
        Unknown::Ask => "the mail server is asked about unknown addresses, and Rollcall doesn't learn",
        Unknown::Reject => "unknown addresses are refused",
    };
    say(before.terms.unknown != after.terms.unknown, unknown.to_owned());
    let new = if after.terms.defer_strangers { "wait up to four hours" } else { "don't wait" };
    say(before.terms.defer_strangers != after.terms.defer_strangers, format!("new addresses {new}"));
    say(
        before.terms.inactive != after.terms.inactive,
        format!("mail for inactive accounts: {}", after.terms.inactive.word()),
    );
    let asked = match &after.verification {
        Some(place) => format!("recipients are asked about at {}", crate::setup::destination(place)),
        None => "recipients are asked about at the mail server itself".to_owned(),
    };
    say(before.verification != after.verification, asked);
    (!changes.is_empty()).then(|| format!("{name}: {}", changes.join("; ")))
}
