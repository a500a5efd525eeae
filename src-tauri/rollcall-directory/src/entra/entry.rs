//! From Graph's objects to the entries of a directory.

use rollcall_core::directory::{Entry, Kind};

use super::addresses;
use super::collection::Collection;
use super::object::Object;
use super::purpose::Purpose;

/// The entry; None for a group that gets no mail.
pub(super) fn of(collection: Collection, id: &str, object: &Object, purpose: Option<Purpose>) -> Option<Entry> {
    let (primary, aliases) = addresses::of(object.proxies(), object.mail());
    let kind = match collection {
        Collection::Users => user(object, primary.is_some(), purpose),
        Collection::Groups if !object.is_mail_enabled() => return None,
        Collection::Groups if object.is_security_enabled() => Kind::SecurityGroup,
        Collection::Groups => Kind::DistributionGroup,
        Collection::Contacts => Kind::Contact,
    };
    let own = |text: Option<&str>| text.map(str::to_owned);
    let place = object.user_principal_name().or(primary.as_deref()).or(object.display_name()).unwrap_or(id).to_owned();
    Some(Entry {
        id: id.to_ascii_lowercase(),
        kind,
        is_enabled: object.is_enabled(),
        is_hidden: object.is_hidden(),
        display_name: own(object.display_name()),
        first_name: own(object.given_name()),
        surname: own(object.surname()),
        primary,
        aliases,
        place,
    })
}

/// A guest has a mailbox elsewhere. Whom nobody may sign in as and nobody pays for, and who yet has an address, is a shared
/// mailbox unless its mailbox says otherwise (pitfall 3).
fn user(object: &Object, has_address: bool, purpose: Option<Purpose>) -> Kind {
    if object.is_guest() {
        return Kind::Contact;
    }
    match purpose {
        Some(Purpose::Person) => Kind::Person,
        Some(Purpose::Shared) => Kind::SharedMailbox,
        Some(Purpose::Resource) => Kind::Resource,
        None if looks_shared(object, has_address) => Kind::SharedMailbox,
        None => Kind::Person,
    }
}

fn looks_shared(object: &Object, has_address: bool) -> bool {
    has_address && !object.is_enabled() && !object.is_licensed()
}

/// Whether only its mailbox can tell what it is.
pub(super) fn is_unclear(object: &Object) -> bool {
    let has_address = addresses::of(object.proxies(), object.mail()).0.is_some();
    has_address && !object.is_guest() && !(object.is_enabled() && object.is_licensed())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(collection: Collection, json: &str, purpose: Option<Purpose>) -> Option<Entry> {
        of(collection, "AB", &serde_json::from_str(json).unwrap(), purpose)
    }

    fn kind(json: &str, purpose: Option<Purpose>) -> Kind {
        entry(Collection::Users, json, purpose).unwrap().kind
    }

    #[test]
    fn z06_disabled_without_a_licence_is_a_shared_mailbox_until_its_mailbox_says_otherwise() {
        let json = r#"{"id":"AB","accountEnabled":false,"mail":"info@o.test","assignedLicenses":[]}"#;

        assert_eq!(kind(json, None), Kind::SharedMailbox);
        assert_eq!(kind(json, Some(Purpose::Person)), Kind::Person);
        assert_eq!(kind(json, Some(Purpose::Resource)), Kind::Resource);
    }

    #[test]
    fn z06_disabled_with_a_licence_or_without_an_address_is_a_person() {
        assert_eq!(
            kind(r#"{"id":"1","accountEnabled":false,"mail":"a@o.test","assignedLicenses":[{}]}"#, None),
            Kind::Person
        );
        assert_eq!(kind(r#"{"id":"1","accountEnabled":false}"#, None), Kind::Person);
    }

    #[test]
    fn a_guest_is_somebody_outside() {
        assert_eq!(kind(r#"{"id":"1","userType":"Guest","mail":"g@e.test"}"#, None), Kind::Contact);
    }

    #[test]
    fn z01_groups_are_lists_or_grant_rights_and_without_mail_they_are_none() {
        let group = |json| entry(Collection::Groups, json, None).map(|entry| entry.kind);

        assert_eq!(group(r#"{"id":"1","mailEnabled":true,"securityEnabled":false}"#), Some(Kind::DistributionGroup));
        assert_eq!(group(r#"{"id":"1","mailEnabled":true,"securityEnabled":true}"#), Some(Kind::SecurityGroup));
        assert_eq!(group(r#"{"id":"1","mailEnabled":false,"securityEnabled":true}"#), None);
    }

    #[test]
    fn z01_hidden_from_the_address_book_is_told() {
        let hidden = |json| entry(Collection::Users, json, None).unwrap().is_hidden;

        assert!(hidden(r#"{"id":"1","showInAddressList":false}"#));
        assert!(!hidden(r#"{"id":"1","showInAddressList":null}"#));
    }
}
