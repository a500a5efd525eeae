//! Where an LDAP directory is, and what can be seen to be wrong before anybody is asked.

use std::net::IpAddr;

use crate::DirectoryError;
use crate::secret::Secret;

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
    /// Who asks: a distinguished name, `user@domain` or `DOMAIN\user`; nobody by name when it is empty.
    pub bind_dn: String,
    /// Its password.
    pub password: Secret,
    /// Where to look, a distinguished name; when it is empty, what the directory says is its own.
    pub search_base: String,
    /// Whom to look at among those that may get mail, an RFC 4515 filter; None takes them all.
    pub filter: Option<String>,
}

/// Word for word what row M03 says.
const HOSTNAME_RULE: &str =
    "If using SSL it MUST be a hostname in the Host field for a certificate to attach correctly.";

/// Whoever has an address in one of the attributes that [`super::entry`] reads. Computers are left out later: a class that
/// a server does not know makes the whole filter undefined there, and nobody would be found.
const HAS_ADDRESS: &str = "(|(mail=*)(proxyAddresses=*)(mailAlternateAddress=*))";

impl LdapSettings {
    /// Refuses what cannot work (M03).
    ///
    /// # Errors
    /// [`DirectoryError::Settings`].
    pub fn check(&self) -> Result<(), DirectoryError> {
        self.check_place()?;
        self.check_name()?;
        if !self.bind_dn.trim().is_empty() && self.password.reveal().is_empty() {
            return Err(settings(
                "The password is missing. Type the password of the account that reads the directory.",
            ));
        }
        match &self.filter {
            Some(filter) if ldap3::parse_filter(filter.trim()).is_err() => Err(settings(format!(
                "\"{filter}\" is not a filter. One looks like (department=Sales), with brackets around it."
            ))),
            _ => Ok(()),
        }
    }

    /// Refuses an IP address where no certificate fits it, unless one is trusted that a person looked at (M03).
    ///
    /// # Errors
    /// [`DirectoryError::Settings`].
    pub fn check_name(&self) -> Result<(), DirectoryError> {
        let is_pinned = matches!(self.trust, Trust::Pinned(_));
        if self.security == LdapSecurity::None || self.address().is_none() || is_pinned {
            return Ok(());
        }
        Err(settings(format!(
            "{HOSTNAME_RULE} Write the server's name, such as dc1.office.example, or look at its certificate and trust it."
        )))
    }

    fn check_place(&self) -> Result<(), DirectoryError> {
        if self.host.is_empty() || self.host.contains(|c: char| c.is_whitespace() || c == '/') {
            return Err(settings(
                "The host is a name such as dc1.office.example, without ldap:// before it and without a path.",
            ));
        }
        if self.port == 0 {
            return Err(settings("The port is missing: 636 for LDAPS, 389 otherwise."));
        }
        Ok(())
    }

    /// The host, if it is an IP address.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }

    /// For sentences.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The filter that is sent, with more conditions.
    pub(super) fn asked(&self, more: &str) -> String {
        let own = self.filter.as_deref().unwrap_or_default().trim();
        // RFC 4515 wants brackets; the library does without, which would be wrong inside a conjunction.
        let own = if own.is_empty() || own.starts_with('(') { own.to_owned() } else { format!("({own})") };
        format!("(&{HAS_ADDRESS}{own}{more})")
    }
}

fn settings(sentence: impl Into<String>) -> DirectoryError {
    DirectoryError::Settings(sentence.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(host: &str) -> LdapSettings {
        LdapSettings {
            host: host.to_owned(),
            port: 636,
            security: LdapSecurity::Ldaps,
            trust: Trust::Computer,
            bind_dn: "svc@office.test".to_owned(),
            password: Secret::new("secret".to_owned()),
            search_base: "DC=office,DC=test".to_owned(),
            filter: None,
        }
    }

    fn refused(settings: &LdapSettings) -> String {
        settings.check().unwrap_err().to_string()
    }

    #[test]
    fn m03_an_address_with_ssl_is_refused_with_that_sentence_unless_a_certificate_is_pinned() {
        for host in ["10.0.0.5", "::1", "[2001:db8::1]"] {
            let said = refused(&at(host));

            assert!(said.starts_with(HOSTNAME_RULE), "{said}");
            let authority = LdapSettings { trust: Trust::Authority(String::new()), ..at(host) };
            assert!(refused(&authority).starts_with(HOSTNAME_RULE), "whoever issued it");
            let starttls = LdapSettings { security: LdapSecurity::StartTls, ..at(host) };
            assert!(refused(&starttls).starts_with(HOSTNAME_RULE), "StartTLS is no less SSL");

            assert_eq!(LdapSettings { trust: Trust::Pinned("ab".to_owned()), ..at(host) }.check(), Ok(()));
            assert_eq!(LdapSettings { security: LdapSecurity::None, ..at(host) }.check(), Ok(()));
        }
        assert_eq!(at("dc1.office.test").check(), Ok(()));
    }

    #[test]
    fn m02_a_host_with_a_scheme_a_missing_port_and_a_missing_password_are_refused() {
        assert!(refused(&at("ldaps://dc1.office.test")).contains("without ldap://"));
        assert!(refused(&at("")).contains("The host is a name"));
        assert!(refused(&LdapSettings { port: 0, ..at("dc1") }).contains("636"));
        let without = LdapSettings { password: Secret::new(String::new()), ..at("dc1") };
        assert!(refused(&without).contains("password is missing"), "a server would take it for an anonymous visitor");
        assert_eq!(LdapSettings { bind_dn: String::new(), ..without }.check(), Ok(()), "nobody by name needs none");
    }

    #[test]
    fn m02_a_filter_is_checked_before_anybody_is_asked_and_narrows_those_with_an_address() {
        let with = |filter: &str| LdapSettings { filter: Some(filter.to_owned()), ..at("dc1") };

        assert!(refused(&with("(department=Sales")).contains("is not a filter"));
        assert_eq!(with("(department=Sales)").check(), Ok(()));
        assert_eq!(with("department=Sales").asked("(x=1)"), format!("(&{HAS_ADDRESS}(department=Sales)(x=1))"));
        assert_eq!(at("dc1").asked(""), format!("(&{HAS_ADDRESS})"));
    }
}
