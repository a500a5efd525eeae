//! The three lists that are read.

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Collection {
    /// People, guests, shared mailboxes and rooms.
    Users,
    /// Lists of recipients, and groups that grant rights.
    Groups,
    /// Outsiders in the address book.
    Contacts,
}

impl Collection {
    /// All, in the order in which they are read.
    pub(super) const ALL: [Self; 3] = [Self::Users, Self::Groups, Self::Contacts];

    /// Its word in addresses, and for people.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Contacts => "contacts",
        }
    }

    /// The least permission that reads it (Z08).
    pub(super) const fn permission(self) -> &'static str {
        match self {
            Self::Users => "User.Read.All",
            Self::Groups => "Group.Read.All",
            Self::Contacts => "OrgContact.Read.All",
        }
    }

    /// What is asked of each object; a change of anything else is no change to us.
    pub(super) const fn select(self) -> &'static str {
        match self {
            Self::Users => {
                "id,accountEnabled,displayName,givenName,surname,mail,proxyAddresses,userPrincipalName,userType,\
                 showInAddressList,assignedLicenses"
            }
            Self::Groups => "id,displayName,mail,mailEnabled,securityEnabled,proxyAddresses",
            Self::Contacts => "id,displayName,givenName,surname,mail,proxyAddresses",
        }
    }

    /// Where its first page is.
    pub(super) fn first(self, graph_url: &str) -> String {
        format!("{graph_url}/v1.0/{}/delta?$select={}", self.word(), self.select())
    }

    /// Where one of its objects is.
    pub(super) fn object(self, graph_url: &str, id: &str) -> String {
        format!("{graph_url}/v1.0/{}/{id}?$select={}", self.word(), self.select())
    }
}
