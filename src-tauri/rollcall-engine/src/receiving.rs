//! Where mail comes in and who is known there: listeners, upstreams, the office's own machines. Each change is in the
//! journal.

use std::net::IpAddr;
use std::sync::Arc;

use rollcall_store::{Kind, ListenerRecord, SenderHostRecord, UpstreamRecord};

use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::setup::INBOUND;
use crate::{listen, networks};

/// The most entries of a list.
const MOST: usize = 1000;

impl House {
    /// Makes a listener, or changes it. That it cannot be bound is part of health, not an error here.
    ///
    /// # Errors
    /// Invalid: no name, no IP address; forbidden: an address that practice does not allow.
    pub async fn set_listener(self: &Arc<Self>, asked: ListenerRecord) -> Result<(), EngineError> {
        let name = asked.name.trim().to_lowercase();
        let is_name =
            !name.is_empty() && name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !is_name {
            return Err(EngineError::Invalid(
                "A listener's name has letters, digits and hyphens, as inbound.".to_owned(),
            ));
        }
        let ip: IpAddr = asked.address.trim().parse().map_err(|_| {
            let address = &asked.address;
            EngineError::Invalid(format!("“{address}” isn't an IP address, like 127.0.0.1 or 0.0.0.0 for all."))
        })?;
        if self.kind == Kind::Practice && !ip.is_loopback() {
            return Err(EngineError::Forbidden(
                "The practice office listens only on this computer (127.0.0.1).".to_owned(),
            ));
        }
        let record = ListenerRecord { name, address: ip.to_string(), ..asked };
        let (now, is_inbound) = (self.clock.now(), record.name == INBOUND);
        self.store
            .write(move |tx| {
                tx.put_listener(&record)?;
                note(tx, "set_listener", format!("mail is received on {}, port {}", record.address, record.port), now)
            })
            .await?;
        if is_inbound {
            self.listeners.follow_folder();
        }
        self.reload()?;
        listen::rebind(self).await;
        Ok(())
    }

    /// Takes a listener away.
    ///
    /// # Errors
    /// Invalid for the inbound one, not found.
    pub async fn remove_listener(self: &Arc<Self>, name: &str) -> Result<(), EngineError> {
        if name == INBOUND {
            return Err(EngineError::Invalid("The inbound listener stays. Bind it elsewhere instead.".to_owned()));
        }
        let (asked, now) = (name.to_owned(), self.clock.now());
        let was_there = self
            .store
            .write(move |tx| {
                let was_there = tx.remove_listener(&asked)?;
                if was_there {
                    note(tx, "remove_listener", format!("the listener {asked} is gone"), now)?;
                }
                Ok(was_there)
            })
            .await?;
        if !was_there {
            return Err(EngineError::NotFound(format!("There is no listener “{name}”.")));
        }
        self.reload()?;
        listen::rebind(self).await;
        Ok(())
    }

    /// Lists the clients that hand on mail for others.
    ///
    /// # Errors
    /// Invalid when one is neither an address nor a network; then nothing is changed.
    pub async fn set_upstreams(&self, upstreams: &[UpstreamRecord]) -> Result<(), EngineError> {
        let mut parsed = Vec::with_capacity(upstreams.len());
        for UpstreamRecord { network, speaks } in bounded(upstreams)? {
            parsed.push(UpstreamRecord { network: network_text(network)?, speaks: *speaks });
        }
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                tx.replace_upstreams(&parsed)?;
                let networks: Vec<&str> = parsed.iter().map(|one| one.network.as_str()).collect();
                note(tx, "set_upstreams", format!("upstreams: {}", networks.join(", ")), now)
            })
            .await?;
        self.reload()
    }

    /// Lists the office's own machines that may send to anybody.
    ///
    /// # Errors
    /// Invalid when one is neither an address nor a network, or is everybody; then nothing is changed.
    pub async fn set_sender_hosts(&self, hosts: &[SenderHostRecord]) -> Result<(), EngineError> {
        let mut parsed = Vec::with_capacity(hosts.len());
        for SenderHostRecord { network, note } in bounded(hosts)? {
            let text = network_text(network)?;
            if text.ends_with("/0") {
                let sentence = "That is everybody: Rollcall would be an open relay. Nothing was changed.";
                return Err(EngineError::Invalid(sentence.to_owned()));
            }
            parsed.push(SenderHostRecord { network: text, note: note.trim().chars().take(200).collect() });
        }
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                tx.replace_sender_hosts(&parsed)?;
                let networks: Vec<&str> = parsed.iter().map(|one| one.network.as_str()).collect();
                note(tx, "set_sender_hosts", format!("may send out: {}", networks.join(", ")), now)
            })
            .await?;
        self.reload()
    }
}

fn bounded<T>(list: &[T]) -> Result<&[T], EngineError> {
    if list.len() > MOST {
        return Err(EngineError::Invalid(format!("Give at most {MOST} entries; a network counts as one.")));
    }
    Ok(list)
}

fn network_text(text: &str) -> Result<String, EngineError> {
    networks::parse(text).map(networks::shown).ok_or_else(|| {
        EngineError::Invalid(format!(
            "“{text}” isn't an IP address or a network, like 192.0.2.10 or 192.0.2.0/24. Nothing was changed."
        ))
    })
}
