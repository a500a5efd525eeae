//! One object as Graph sends it: a property that is absent says nothing, one that is null says that it is empty.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// None: not said. `Some(None)`: empty.
type Said<T> = Option<Option<T>>;

/// What is known of an object so far.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Object {
    /// Its id.
    pub(super) id: String,
    #[serde(rename = "@removed")]
    removed: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "said")]
    account_enabled: Said<bool>,
    #[serde(default, deserialize_with = "said")]
    display_name: Said<String>,
    #[serde(default, deserialize_with = "said")]
    given_name: Said<String>,
    #[serde(default, deserialize_with = "said")]
    surname: Said<String>,
    #[serde(default, deserialize_with = "said")]
    mail: Said<String>,
    #[serde(default, deserialize_with = "said")]
    proxy_addresses: Said<Vec<String>>,
    #[serde(default, deserialize_with = "said")]
    user_principal_name: Said<String>,
    #[serde(default, deserialize_with = "said")]
    user_type: Said<String>,
    #[serde(default, deserialize_with = "said")]
    show_in_address_list: Said<bool>,
    #[serde(default, deserialize_with = "said")]
    assigned_licenses: Said<Vec<IgnoredAny>>,
    #[serde(default, deserialize_with = "said")]
    mail_enabled: Said<bool>,
    #[serde(default, deserialize_with = "said")]
    security_enabled: Said<bool>,
}

fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Said<T>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl Object {
    /// It is no longer there (`@removed`, whatever the reason: what is in the bin gets no mail either).
    pub(super) const fn is_removed(&self) -> bool {
        self.removed.is_some()
    }

    /// Adds what was said later; Graph may send an object twice.
    pub(super) fn learn(&mut self, later: Self) {
        let Self { id: _, removed: _, .. } = later;
        put(&mut self.account_enabled, later.account_enabled);
        put(&mut self.display_name, later.display_name);
        put(&mut self.given_name, later.given_name);
        put(&mut self.surname, later.surname);
        put(&mut self.mail, later.mail);
        put(&mut self.proxy_addresses, later.proxy_addresses);
        put(&mut self.user_principal_name, later.user_principal_name);
        put(&mut self.user_type, later.user_type);
        put(&mut self.show_in_address_list, later.show_in_address_list);
        put(&mut self.assigned_licenses, later.assigned_licenses);
        put(&mut self.mail_enabled, later.mail_enabled);
        put(&mut self.security_enabled, later.security_enabled);
    }

    /// Sign-in is allowed; what says nothing is allowed.
    pub(super) fn is_enabled(&self) -> bool {
        self.account_enabled.flatten().unwrap_or(true)
    }

    /// It has a licence of any kind.
    pub(super) fn is_licensed(&self) -> bool {
        matches!(&self.assigned_licenses, Some(Some(licences)) if !licences.is_empty())
    }

    /// Somebody of another tenant.
    pub(super) fn is_guest(&self) -> bool {
        text(&self.user_type).is_some_and(|kind| kind.eq_ignore_ascii_case("guest"))
    }

    /// Not in the address book.
    pub(super) const fn is_hidden(&self) -> bool {
        matches!(self.show_in_address_list, Some(Some(false)))
    }

    /// A group that gets mail.
    pub(super) fn is_mail_enabled(&self) -> bool {
        self.mail_enabled.flatten().unwrap_or(false)
    }

    /// A group that grants rights.
    pub(super) fn is_security_enabled(&self) -> bool {
        self.security_enabled.flatten().unwrap_or(false)
    }

    /// The name shown to people.
    pub(super) fn display_name(&self) -> Option<&str> {
        text(&self.display_name)
    }

    /// First name.
    pub(super) fn given_name(&self) -> Option<&str> {
        text(&self.given_name)
    }

    /// Surname.
    pub(super) fn surname(&self) -> Option<&str> {
        text(&self.surname)
    }

    /// The name it signs in with.
    pub(super) fn user_principal_name(&self) -> Option<&str> {
        text(&self.user_principal_name)
    }

    /// Its `mail`.
    pub(super) fn mail(&self) -> Option<&str> {
        text(&self.mail)
    }

    /// Its `proxyAddresses`.
    pub(super) fn proxies(&self) -> &[String] {
        self.proxy_addresses.as_ref().and_then(Option::as_deref).unwrap_or_default()
    }
}

fn put<T>(mine: &mut Said<T>, later: Said<T>) {
    if later.is_some() {
        *mine = later;
    }
}

fn text(said: &Said<String>) -> Option<&str> {
    said.as_ref().and_then(Option::as_deref).map(str::trim).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &str) -> Object {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_a_later_page_does_not_name_stays_and_what_it_calls_null_is_emptied() {
        let mut known = object(r#"{"id":"1","mail":"a@o.test","displayName":"Ann","accountEnabled":true}"#);

        known.learn(object(r#"{"id":"1","displayName":null,"accountEnabled":false}"#));

        assert_eq!((known.mail(), known.display_name(), known.is_enabled()), (Some("a@o.test"), None, false));
    }

    #[test]
    fn a_property_of_the_wrong_kind_is_refused_instead_of_read_as_empty() {
        assert!(serde_json::from_str::<Object>(r#"{"id":"1","accountEnabled":"no"}"#).is_err());
        assert!(serde_json::from_str::<Object>(r#"{"mail":"a@o.test"}"#).is_err(), "no id");
    }
}
