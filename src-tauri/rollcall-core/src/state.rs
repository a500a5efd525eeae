//! The states of an address (behaviour.md section 3.1).

/// Where an address stands. An unknown address has no row and so no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressState {
    /// W: the destination took mail for it, but the evidence is below the threshold.
    Watching,
    /// D: enough evidence; a person should decide.
    Discovered,
    /// A: an account of a person, which uses a seat.
    User(Role),
    /// A: an account without a person (info@, scanner@); uses no seat.
    Functional,
    /// A: another name of an account.
    Alias,
    /// I: an account that the directory or the operator switched off.
    Inactive,
    /// X: mail to it is refused.
    Invalid(InvalidReason),
    /// N: mail passes, the row is never promoted.
    NeverAdd,
}

/// What a user may do (D05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Gets the digest, cannot sign in. The shipped default.
    Silent,
    /// Gets the digest and can sign in.
    End,
}

/// Why an address is invalid; decides the enhanced status code (C25).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvalidReason {
    /// A person said so: `5.1.1`.
    Manual,
    /// Only a timer said so: `5.7.1`.
    Expired,
    /// The mail server proved it: `5.1.1`.
    Bounced,
}

/// What first brought the row here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// Mail flow (SMTP discovery).
    Mail,
    /// It sent mail from inside (D10).
    Outbound,
    /// The operator typed it.
    Manual,
    /// A list that was imported.
    Csv,
    /// Active Directory, LDAP or Microsoft Entra.
    Directory,
}

/// Who made an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MadeBy {
    /// A person.
    Operator,
    /// The discovery rule, by itself.
    Rule,
    /// The directory.
    Directory,
}

impl AddressState {
    /// True for accounts (A): the directory's word for "known".
    #[must_use]
    pub const fn is_account(self) -> bool {
        matches!(self, Self::User(_) | Self::Functional | Self::Alias)
    }

    /// True for W and D: what mail and time may move.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Watching | Self::Discovered)
    }

    /// The word used in SQL, JSON, TypeScript and logs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Watching => "watching",
            Self::Discovered => "discovered",
            Self::User(_) => "user",
            Self::Functional => "functional",
            Self::Alias => "alias",
            Self::Inactive => "inactive",
            Self::Invalid(_) => "invalid",
            Self::NeverAdd => "never_add",
        }
    }

    /// The state for its stored words, or `None` when they do not belong together.
    #[must_use]
    pub fn from_words(state: &str, role: Option<&str>, reason: Option<&str>) -> Option<Self> {
        Some(match (state, role, reason) {
            ("watching", None, None) => Self::Watching,
            ("discovered", None, None) => Self::Discovered,
            ("user", Some(role), None) => Self::User(Role::from_word(role)?),
            ("functional", None, None) => Self::Functional,
            ("alias", None, None) => Self::Alias,
            ("inactive", None, None) => Self::Inactive,
            ("invalid", None, Some(reason)) => Self::Invalid(InvalidReason::from_word(reason)?),
            ("never_add", None, None) => Self::NeverAdd,
            _ => return None,
        })
    }

    /// The role of a user.
    #[must_use]
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::User(role) => Some(role),
            _ => None,
        }
    }

    /// Why it is invalid.
    #[must_use]
    pub const fn invalid_reason(self) -> Option<InvalidReason> {
        match self {
            Self::Invalid(reason) => Some(reason),
            _ => None,
        }
    }
}

impl Role {
    /// `silent` or `end`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::End => "end",
        }
    }

    /// The role for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Silent, Self::End].into_iter().find(|role| role.word() == word)
    }
}

impl InvalidReason {
    /// `manual`, `expired` or `bounced`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Expired => "expired",
            Self::Bounced => "bounced",
        }
    }

    /// The reason for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Manual, Self::Expired, Self::Bounced].into_iter().find(|reason| reason.word() == word)
    }
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 5] = [Self::Mail, Self::Outbound, Self::Manual, Self::Csv, Self::Directory];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Outbound => "outbound",
            Self::Manual => "manual",
            Self::Csv => "csv",
            Self::Directory => "directory",
        }
    }

    /// The source for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.word() == word)
    }
}

impl MadeBy {
    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Rule => "rule",
            Self::Directory => "directory",
        }
    }

    /// Who it is for their word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Operator, Self::Rule, Self::Directory].into_iter().find(|who| who.word() == word)
    }
}
