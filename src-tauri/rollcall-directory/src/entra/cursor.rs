//! What is kept between two runs: where the changes of each list are.

use serde::{Deserialize, Serialize};

use super::EntraSettings;
use super::collection::Collection;
use super::graph::same_server;

/// The three addresses of changes, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    version: u32,
    tenant: String,
    users: String,
    groups: String,
    contacts: String,
}

/// Raised when other properties are asked for: what an older cursor leads to would lack them.
const VERSION: u32 = 1;

impl Cursor {
    /// The cursor after `links`, in the order of [`Collection::ALL`].
    pub(super) fn of(settings: &EntraSettings, links: [String; 3]) -> Self {
        let [users, groups, contacts] = links;
        Self { version: VERSION, tenant: settings.tenant.clone(), users, groups, contacts }
    }

    /// Reads it; None if it is of another version, tenant or server, so that everything has to be read.
    pub(super) fn read(text: &str, settings: &EntraSettings) -> Option<Self> {
        let cursor: Self = serde_json::from_str(text).ok()?;
        let is_ours = cursor.version == VERSION
            && cursor.tenant == settings.tenant
            && Collection::ALL.iter().all(|list| same_server(&settings.graph_url, cursor.link(*list)));
        is_ours.then_some(cursor)
    }

    /// As it is kept.
    pub(super) fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Where the changes of this list are.
    pub(super) fn link(&self, collection: Collection) -> &str {
        match collection {
            Collection::Users => &self.users,
            Collection::Groups => &self.groups,
            Collection::Contacts => &self.contacts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Credential, Secret};

    fn settings(tenant: &str, graph_url: &str) -> EntraSettings {
        EntraSettings {
            tenant: tenant.to_owned(),
            client_id: "app".to_owned(),
            credential: Credential::Secret(Secret::new("s".to_owned())),
            login_url: "https://login.example".to_owned(),
            graph_url: graph_url.to_owned(),
            authority: None,
        }
    }

    #[test]
    fn a_cursor_is_taken_by_the_tenant_and_the_server_that_gave_it_and_by_no_other() {
        let here = settings("office.example", "https://graph.example");
        let links = ["u", "g", "c"].map(|name| format!("https://graph.example/v1.0/{name}?$deltatoken=1"));
        let cursor = Cursor::of(&here, links);
        let text = cursor.text().unwrap();

        assert_eq!(Cursor::read(&text, &here), Some(cursor));
        assert_eq!(Cursor::read(&text, &settings("other.example", "https://graph.example")), None);
        assert_eq!(Cursor::read(&text, &settings("office.example", "https://graph.other.example")), None);
        assert_eq!(Cursor::read("usn=17", &here), None);
    }
}
