//! What a functional account is for (behaviour.md Z07). It belongs to the operator: no directory turns it back.

/// The kind of an account without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountKind {
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
    /// Somebody who left; the mail goes on.
    ExEmployee,
}

impl AccountKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::SharedMailbox,
        Self::Resource,
        Self::DistributionGroup,
        Self::SecurityGroup,
        Self::PublicFolder,
        Self::ExEmployee,
    ];

    /// The word used in SQL and JSON: the same as the directory's, where it has one.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SharedMailbox => "shared_mailbox",
            Self::Resource => "resource",
            Self::DistributionGroup => "distribution_group",
            Self::SecurityGroup => "security_group",
            Self::PublicFolder => "public_folder",
            Self::ExEmployee => "ex_employee",
        }
    }

    /// The kind for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn z07_every_kind_is_found_by_its_word_and_nothing_else_is() {
        for kind in AccountKind::ALL {
            assert_eq!(AccountKind::from_word(kind.word()), Some(kind));
        }
        assert_eq!(AccountKind::from_word("person"), None);
    }
}
