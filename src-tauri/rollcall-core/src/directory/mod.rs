//! What a directory says of an office, in one vocabulary for LDAP, Active Directory and Microsoft Entra (behaviour.md rows
//! Z01 to Z08). Who asks is `rollcall-directory`; what is made of it is decided here.

mod claims;
mod decide;
mod missing;
mod options;
mod plan;
mod say;
#[cfg(test)]
mod tests;

pub use options::{DisabledMail, Options};
pub use plan::{
    Change, Choice, Facts, LeftOut, Link, Plan, Problem, ProblemKind, Row, RowChange, Stop, Verb, WAIT_MS, Wanted, plan,
};
pub use say::{cannot_begin, choices_of, sentence, stopped};

/// One object of a directory that may get mail, as the directory writes it: addresses are not parsed yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What stays when it is renamed or moved: objectGUID, entryUUID, the object id of Graph; lower case.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// Sign-in is allowed. It says nothing about mail (pitfall 3).
    pub is_enabled: bool,
    /// Hidden from the address book (`msExchHideFromAddressLists`, `showInAddressList`).
    pub is_hidden: bool,
    /// The name shown to people.
    pub display_name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// The address it writes from: `SMTP:` among `proxyAddresses`, else `mail`. None: it gets no mail.
    pub primary: Option<String>,
    /// Its other addresses, without the primary one, in the order of the directory, none twice.
    pub aliases: Vec<String>,
    /// Where a person finds it: a distinguished name or user principal name.
    pub place: String,
}

/// What an entry is (Z01, Z07, M14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Kind {
    /// Somebody with a mailbox.
    #[default]
    Person,
    /// A mailbox of several.
    SharedMailbox,
    /// A room or a piece of equipment (M14).
    Resource,
    /// A list of recipients.
    DistributionGroup,
    /// A group that grants rights and has an address.
    SecurityGroup,
    /// A mail-enabled public folder.
    PublicFolder,
    /// Somebody outside, kept in the address book; has a mailbox elsewhere.
    Contact,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Person,
        Self::SharedMailbox,
        Self::Resource,
        Self::DistributionGroup,
        Self::SecurityGroup,
        Self::PublicFolder,
        Self::Contact,
    ];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::SharedMailbox => "shared_mailbox",
            Self::Resource => "resource",
            Self::DistributionGroup => "distribution_group",
            Self::SecurityGroup => "security_group",
            Self::PublicFolder => "public_folder",
            Self::Contact => "contact",
        }
    }

    /// The kind for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What a source answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Everything that the directory has; whoever is not here is not there.
    Whole(Vec<Entry>),
    /// What changed since the cursor that was given, each entry whole.
    Changes {
        /// New ones and changed ones.
        changed: Vec<Entry>,
        /// The ids of those that are gone.
        gone: Vec<String>,
    },
}

impl Reading {
    /// How many entries came.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Whole(entries) | Self::Changes { changed: entries, .. } => entries.len(),
        }
    }

    /// Whether none came.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The whole directory: what came, or what changed laid over the entries of the last good answer. Ordered by id, each
    /// id once.
    #[must_use]
    pub fn whole(self, known: Vec<Entry>) -> Vec<Entry> {
        let by_id = |entries: Vec<Entry>| entries.into_iter().map(|entry| (entry.id.clone(), entry));
        let merged: std::collections::BTreeMap<String, Entry> = match self {
            Self::Whole(entries) => by_id(entries).collect(),
            Self::Changes { changed, gone } => {
                let mut merged: std::collections::BTreeMap<String, Entry> = by_id(known).collect();
                for id in &gone {
                    merged.remove(id);
                }
                merged.extend(by_id(changed));
                merged
            }
        };
        merged.into_values().collect()
    }
}
