//! LDAP and Active Directory (rows M02, M03, V21, V22).

use rollcall_core::directory::Reading;

use crate::secret::Secret;
use crate::{Answer, Ask, DirectoryError};

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LdapSecurity {
    /// In clear. Active Directory refuses a password that way.
    None,
    /// Port 389, made safe by StartTLS.
    StartTls,
    /// Port 636, TLS from the first byte.
    #[default]
    Ldaps,
}

/// Which certificate is believed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trust {
    /// What this computer trusts.
    #[default]
    Computer,
    /// What this authority (PEM) issued, besides what the computer trusts.
    Authority(String),
    /// This one certificate (SHA-256, lower-case hex), whatever it says (V21: trust on first use).
    Pinned(String),
}

/// Where the directory is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LdapSettings {
    /// A name, or an address where no certificate is compared with it (M03).
    pub host: String,
    /// 389 or 636, or another one.
    pub port: u16,
    /// How the connection is protected.
    pub security: LdapSecurity,
    /// Which certificate is believed.
    pub trust: Trust,
    /// Who asks: a distinguished name, `user@domain` or `DOMAIN\user`.
    pub bind_dn: String,
    /// Its password.
    pub password: Secret,
    /// Where to look, a distinguished name.
    pub search_base: String,
    /// Whom to look at, an RFC 4515 filter; None takes everything that may get mail.
    pub filter: Option<String>,
}

/// Asks.
pub(crate) async fn read(settings: &LdapSettings, ask: &Ask) -> Result<Answer, DirectoryError> {
    let _ = (settings, ask);
    Ok(Answer { reading: Reading::Whole(Vec::new()), cursor: None, remarks: Vec::new(), secret_expires_ms: None })
}
