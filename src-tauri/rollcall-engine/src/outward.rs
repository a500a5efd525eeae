//! Mail of the office's own machines to the world: whether and how it goes out.

use std::sync::Arc;

use rollcall_core::Reply;
use rollcall_net::{Credentials, Destination, NetError, Secret, TlsPolicy};
use rollcall_store::{Kind, StoreError, Tx};

use crate::error::EngineError;
use crate::house::House;
use crate::office::{check_host, check_within_reach, note};
use crate::setup::stored_policy;

/// The settings that hold it.
const MODE: &str = "outbound_mode";
const HOST: &str = "outbound_host";
const PORT: &str = "outbound_port";
const TLS: &str = "outbound_tls";
const USERNAME: &str = "outbound_username";

/// TLS from the first octet (RFC 8314 section 3.3).
const SUBMISSIONS: u16 = 465;
/// The longest user name or password, in bytes; a line of AUTH PLAIN holds both (RFC 4954 section 4).
const LONGEST: usize = 1000;

/// How mail of the office goes out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Outbound {
    /// Not at all.
    #[default]
    Off,
    /// To each domain's own mail exchangers.
    Mx,
    /// Through a server, which takes it further.
    Smarthost(Smarthost),
}

/// The server that takes outgoing mail further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smarthost {
    /// The server; with credentials once user name and password are there.
    pub destination: Destination,
    /// The name that we sign in with, if it wants one.
    pub username: Option<String>,
}

impl Smarthost {
    /// One that wants no password.
    #[must_use]
    pub fn open(destination: Destination) -> Self {
        Self { destination, username: None }
    }

    /// True when it wants a password that nobody gave yet: its mail waits, because a refusal for want of it is final.
    #[must_use]
    pub fn lacks_password(&self) -> bool {
        self.username.is_some() && self.destination.credentials.is_none()
    }
}

impl Outbound {
    /// Reads it; what cannot be read is off.
    pub(crate) fn load(tx: &Tx<'_>, password: Option<String>) -> Result<Self, StoreError> {
        match tx.setting(MODE)?.as_deref() {
            Some("mx") => return Ok(Self::Mx),
            Some("smarthost") => {}
            _ => return Ok(Self::Off),
        }
        let Some(port) = tx.setting(PORT)?.and_then(|port| port.parse().ok()) else { return Ok(Self::Off) };
        let Some(host) = tx.setting(HOST)? else { return Ok(Self::Off) };
        let tls = match tx.setting(TLS)?.as_deref() {
            Some("never") => TlsPolicy::Never,
            Some("opportunistic") => TlsPolicy::Opportunistic,
            _ => TlsPolicy::Required,
        };
        let username = tx.setting(USERNAME)?.filter(|name| !name.is_empty());
        let credentials = username.clone().zip(password).map(|(username, password)| {
            let secret = Secret::Password(password);
            Arc::new(Credentials { username, secret })
        });
        let implicit_tls = port == SUBMISSIONS;
        let destination = Destination { credentials, implicit_tls, ..Destination::new(host, port, tls) };
        Ok(Self::Smarthost(Smarthost { destination, username }))
    }

    /// The one server that all of it goes through, if there is one.
    #[must_use]
    pub fn smarthost(&self) -> Option<&Destination> {
        match self {
            Self::Off | Self::Mx => None,
            Self::Smarthost(smarthost) => Some(&smarthost.destination),
        }
    }

    /// Where mail for a domain that is not ours goes, or why it does not go now.
    pub(crate) fn next_hop(&self, domain: &str) -> Result<Destination, &'static str> {
        match self {
            Self::Off => Err("outgoing mail is switched off"),
            Self::Mx => Ok(Destination::mx(domain, TlsPolicy::Opportunistic)),
            Self::Smarthost(smarthost) if smarthost.lacks_password() => {
                Err("the password for the server that takes outgoing mail is missing")
            }
            Self::Smarthost(smarthost) => Ok(smarthost.destination.clone()),
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Off => "mail of the office's machines does not go out".to_owned(),
            Self::Mx => "mail of the office's machines goes to each domain's own mail servers".to_owned(),
            Self::Smarthost(Smarthost { destination, .. }) => {
                format!("mail of the office's machines goes out through {destination}")
            }
        }
    }

    fn write(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        match self {
            Self::Off => tx.put_setting(MODE, "off"),
            Self::Mx => tx.put_setting(MODE, "mx"),
            Self::Smarthost(Smarthost { destination, username }) => {
                tx.put_setting(MODE, "smarthost")?;
                tx.put_setting(HOST, &destination.host)?;
                tx.put_setting(PORT, &destination.port.to_string())?;
                tx.put_setting(TLS, stored_policy(destination.tls).word())?;
                tx.put_setting(USERNAME, username.as_deref().unwrap_or_default())
            }
        }
    }
}

/// What a domain that nobody takes mail for comes to: an answer for good (RFC 5321 section 5.1, RFC 7505 section 4.2).
/// `None` for trouble that may pass.
pub(crate) fn never(error: &NetError) -> Option<Reply> {
    match error {
        NetError::NoSuchDomain { .. } => Some(Reply::new(550, 1, 2, error.to_string())),
        NetError::TakesNoMail { .. } => Some(Reply::new(556, 1, 10, error.to_string())),
        NetError::LoopsBack { .. } => Some(Reply::new(554, 4, 6, error.to_string())),
        _ => None,
    }
}

impl House {
    /// Says how mail of the office goes out. A password that was for another server or name is forgotten.
    ///
    /// # Errors
    /// Invalid when the server cannot be one; conflict when it is Rollcall itself; forbidden when practice would send to another computer; the store's.
    pub async fn set_outbound(&self, outbound: Outbound) -> Result<(), EngineError> {
        let outbound = match outbound {
            Outbound::Off => Outbound::Off,
            Outbound::Mx if self.kind == Kind::Practice => {
                let told = "The practice office sends mail only to this computer, never to the world's mail servers.";
                return Err(EngineError::Forbidden(told.to_owned()));
            }
            Outbound::Mx => Outbound::Mx,
            Outbound::Smarthost(smarthost) => Outbound::Smarthost(self.check_smarthost(smarthost)?),
        };
        if let Some(smarthost) = outbound.smarthost() {
            self.check_not_ours(smarthost, "other domains").await?;
        }
        let before = self.store.read(|tx| Ok((tx.setting(HOST)?, tx.setting(USERNAME)?)))?;
        if !keeps_password(before, &outbound) {
            self.secrets.forget_outbound().map_err(|error| self.unusable(error))?;
        }
        let now = self.clock.now();
        let write = move |tx: &Tx<'_>| {
            outbound.write(tx)?;
            note(tx, "set_outbound", outbound.sentence(), now)
        };
        self.store.write(write).await?;
        self.reload()?;
        self.flush_everything();
        Ok(())
    }

    /// Seals the password for the smarthost. It is never told again.
    ///
    /// # Errors
    /// Invalid when it cannot be one; conflict when no user name is set; the folder's and the store's.
    pub async fn set_outbound_secret(&self, secret: &str) -> Result<(), EngineError> {
        if secret.is_empty() || secret.len() > LONGEST || secret.contains('\0') {
            return Err(EngineError::Invalid(format!("A password has 1 to {LONGEST} bytes and no NUL.")));
        }
        let signs_in = matches!(&self.setup().outbound, Outbound::Smarthost(now) if now.username.is_some());
        if !signs_in {
            let told = "Say first which server mail goes out through, and with which user name.";
            return Err(EngineError::Conflict(told.to_owned()));
        }
        self.secrets.put_outbound(secret).await.map_err(|error| self.not_kept(error))?;
        let now = self.clock.now();
        let why = "the password for the server that takes outgoing mail was replaced".to_owned();
        self.store.write(move |tx: &Tx<'_>| note(tx, "set_outbound_secret", why, now)).await?;
        self.reload()?;
        self.flush_everything();
        Ok(())
    }

    pub(crate) fn check_smarthost(&self, smarthost: Smarthost) -> Result<Smarthost, EngineError> {
        let Smarthost { destination, username } = smarthost;
        let host = check_host(&destination.host)?;
        check_within_reach(self.kind, &host)?;
        if destination.port == 0 {
            return Err(EngineError::Invalid("A smarthost's port is 1 to 65535, usually 25 or 587.".to_owned()));
        }
        let username = username.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        if username.as_ref().is_some_and(|name| name.len() > LONGEST || name.chars().any(char::is_control)) {
            return Err(EngineError::Invalid(format!("A user name has up to {LONGEST} bytes, all of them visible.")));
        }
        Ok(Smarthost { destination: Destination { host, ..destination }, username })
    }

    fn unusable(&self, source: std::io::Error) -> EngineError {
        EngineError::Folder { folder: self.folder.display().to_string(), source }
    }

    /// What waits may have a way to go now.
    pub(crate) fn flush_everything(&self) {
        self.flush.everything_again();
        self.spool_wake.notify_one();
    }
}

/// A password is for one name at one host, `before`; it is kept while mail goes another way or not at all.
fn keeps_password(before: (Option<String>, Option<String>), after: &Outbound) -> bool {
    match after {
        Outbound::Off | Outbound::Mx => true,
        Outbound::Smarthost(Smarthost { destination, username }) => {
            before.0.as_ref() == Some(&destination.host) && username.is_some() && before.1 == *username
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_sent_to_another_server_or_for_another_name() {
        let smarthost = |host: &str, username: Option<&str>| {
            let destination = Destination::new(host, 587, TlsPolicy::Required);
            Outbound::Smarthost(Smarthost { destination, username: username.map(str::to_owned) })
        };
        let before = || (Some("a.example".to_owned()), Some("office".to_owned()));

        for same in [smarthost("a.example", Some("office")), Outbound::Off, Outbound::Mx] {
            assert!(keeps_password(before(), &same), "{same:?}");
        }
        for other in [
            smarthost("b.example", Some("office")),
            smarthost("a.example", Some("other")),
            smarthost("a.example", None),
        ] {
            assert!(!keeps_password(before(), &other), "{other:?}");
        }
        assert!(!keeps_password((Some("a.example".to_owned()), Some(String::new())), &smarthost("a.example", None)));
    }

    #[test]
    fn mail_waits_while_the_password_is_missing() {
        let destination = Destination::new("a.example", 587, TlsPolicy::Required);
        let lacking = Smarthost { destination: destination.clone(), username: Some("office".to_owned()) };

        assert!(Outbound::Smarthost(lacking).next_hop("b.example").is_err());
        assert_eq!(Outbound::Smarthost(Smarthost::open(destination.clone())).next_hop("b.example"), Ok(destination));
        assert_eq!(Outbound::Mx.next_hop("b.example").map(|hop| hop.to_string()).as_deref(), Ok("MX of b.example"));
    }
}
