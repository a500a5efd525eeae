//! What is synced (Z01), how (Z02), and what disabled accounts get (T18).

use super::{Entry, Kind};

/// What becomes of mail for an account that the directory says is disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DisabledMail {
    /// It is delivered: a blocked sign-in says nothing about mail (pitfall 3).
    #[default]
    Deliver,
    /// It is refused: the account is inactive.
    Reject,
}

impl DisabledMail {
    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deliver => "deliver",
            Self::Reject => "reject",
        }
    }

    /// The choice for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Deliver, Self::Reject].into_iter().find(|choice| choice.word() == word)
    }
}

/// The ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// People whose sign-in is allowed.
    pub active_users: bool,
    /// Accounts whose sign-in is blocked.
    pub disabled_accounts: bool,
    /// Shared mailboxes, rooms, distribution groups, public folders, contacts at our domains.
    pub functional_accounts: bool,
    /// Security groups with an address.
    pub security_groups: bool,
    /// Also what is hidden from the address book.
    pub hidden: bool,
    /// Adds what is new.
    pub add: bool,
    /// Updates what changed.
    pub update: bool,
    /// Deletes what has been gone for 14 days.
    pub delete: bool,
    /// Mail for people whose sign-in is blocked.
    pub disabled_people: DisabledMail,
    /// Mail for functional accounts that are disabled.
    pub disabled_functional: DisabledMail,
}

impl Default for Options {
    /// Everything that gets mail, and nothing is deleted (Z02).
    fn default() -> Self {
        Self {
            active_users: true,
            disabled_accounts: true,
            functional_accounts: true,
            security_groups: true,
            hidden: true,
            add: true,
            update: true,
            delete: false,
            disabled_people: DisabledMail::Deliver,
            disabled_functional: DisabledMail::Deliver,
        }
    }
}

impl Options {
    /// Whether an entry is ticked. Mailboxes of several are disabled users in Active Directory: for them the sign-in does
    /// not count.
    #[must_use]
    pub const fn include(&self, entry: &Entry) -> bool {
        let class = match entry.kind {
            Kind::Person if entry.is_enabled => self.active_users,
            Kind::Person => self.disabled_accounts,
            Kind::SharedMailbox | Kind::Resource | Kind::DistributionGroup | Kind::PublicFolder | Kind::Contact => {
                self.functional_accounts
            }
            Kind::SecurityGroup => self.security_groups,
        };
        class && (self.hidden || !entry.is_hidden)
    }

    /// What disabled accounts of a kind get.
    #[must_use]
    pub const fn disabled_mail(&self, kind: Kind) -> DisabledMail {
        match kind {
            Kind::Person => self.disabled_people,
            _ => self.disabled_functional,
        }
    }
}
