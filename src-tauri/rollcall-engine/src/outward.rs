//! Mail of the office's own machines to the world: whether and how it goes out.

use rollcall_net::{Destination, TlsPolicy};
use rollcall_store::{StoreError, Tx};

use crate::error::EngineError;
use crate::house::House;
use crate::office::{check_host, check_within_reach, note};
use crate::setup::stored_policy;

/// The settings that hold it.
const MODE: &str = "outbound_mode";
const HOST: &str = "outbound_host";
const PORT: &str = "outbound_port";
const TLS: &str = "outbound_tls";

/// How mail of the office goes out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Outbound {
    /// Not at all.
    #[default]
    Off,
    /// Through this server, which takes it further.
    Smarthost(Destination),
}

impl Outbound {
    /// Reads it; what cannot be read is off.
    pub(crate) fn load(tx: &Tx<'_>) -> Result<Self, StoreError> {
        if tx.setting(MODE)?.as_deref() != Some("smarthost") {
            return Ok(Self::Off);
        }
        let port = tx.setting(PORT)?.and_then(|port| port.parse().ok());
        let tls = match tx.setting(TLS)?.as_deref() {
            Some("never") => TlsPolicy::Never,
            Some("opportunistic") => TlsPolicy::Opportunistic,
            _ => TlsPolicy::Required,
        };
        let smarthost = |(host, port): (String, u16)| Self::Smarthost(Destination::new(host, port, tls));
        Ok(tx.setting(HOST)?.zip(port).map(smarthost).unwrap_or_default())
    }

    /// Where mail for a domain that is not ours goes.
    pub(crate) fn route(&self) -> Option<&Destination> {
        match self {
            Self::Off => None,
            Self::Smarthost(destination) => Some(destination),
        }
    }
}

impl House {
    /// Says how mail of the office goes out.
    ///
    /// # Errors
    /// Invalid when the server cannot be one; forbidden when practice would send to another computer; the store's.
    pub async fn set_outbound(&self, outbound: Outbound) -> Result<(), EngineError> {
        let outbound = match outbound {
            Outbound::Off => Outbound::Off,
            Outbound::Smarthost(destination) => Outbound::Smarthost(self.check_smarthost(destination)?),
        };
        let why = match &outbound {
            Outbound::Off => "mail of the office's machines does not go out".to_owned(),
            Outbound::Smarthost(destination) => format!("mail of the office's machines goes out through {destination}"),
        };
        let now = self.clock.now();
        let write = move |tx: &Tx<'_>| {
            match &outbound {
                Outbound::Off => tx.put_setting(MODE, "off")?,
                Outbound::Smarthost(destination) => {
                    tx.put_setting(MODE, "smarthost")?;
                    tx.put_setting(HOST, &destination.host)?;
                    tx.put_setting(PORT, &destination.port.to_string())?;
                    tx.put_setting(TLS, stored_policy(destination.tls).word())?;
                }
            }
            note(tx, "set_outbound", why, now)
        };
        self.store.write(write).await?;
        self.reload()?;
        self.flush_everything();
        Ok(())
    }

    fn check_smarthost(&self, destination: Destination) -> Result<Destination, EngineError> {
        let host = check_host(&destination.host)?;
        check_within_reach(self.kind, &host)?;
        if destination.port == 0 {
            return Err(EngineError::Invalid("A smarthost's port is 1 to 65535, usually 25 or 587.".to_owned()));
        }
        Ok(Destination { host, ..destination })
    }

    /// What waits may have a way to go now.
    fn flush_everything(&self) {
        self.flush.everything_again();
        self.spool_wake.notify_one();
    }
}
