//! The discovery rule of a domain and its presets (behaviour.md section 2, "General rule").
//!
//! Each hosted service that is re-created here is one setting of the same rule, so that what it would have done can be
//! compared, row by row.

use crate::state::Role;
use crate::terms::Unknown;
use crate::time::{DAY_MS, MINUTE_MS};
use crate::truth::Truth;

/// What makes an address a Watching, a Discovered one or an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rule {
    /// What counts as evidence.
    pub evidence: Basis,
    /// N: how much of it is needed (D06; 1 to 50).
    pub need: u32,
    /// W: the rolling counting window in days of 24 hours (C02; 1 to 365). Without one in the preset it is 30.
    pub window_days: u32,
    /// S: how many minutes a message waits for a bounce before it counts (0 to 1,440).
    pub settle_minutes: u32,
    /// The most messages of one sender domain that count (3.3); `None` counts all.
    pub per_sender_domain: Option<u32>,
    /// What happens at N.
    pub on_reached: OnReached,
    /// K: weekly notices before a Discovered address ends (D07; 1 to 12).
    pub notices: u32,
    /// What happens when K notices were shown and nobody decided (D08).
    pub on_expiry: OnExpiry,
    /// What one clean message from inside makes of its sender (D10).
    pub outbound: OnOutbound,
    /// What becomes of an address that looks like another name of an account (D09).
    pub alias: AliasRule,
    /// What becomes of an unknown recipient while discovery is off (X01): `Ask` or `Reject`.
    pub unknown_when_off: Unknown,
    /// The role of users that the rule or the operator makes without naming one (D05).
    pub role: Role,
    /// A new End User, made by the rule or the operator, is welcomed by mail the next morning (P10).
    pub welcome: bool,
}

impl Rule {
    /// The rule as one line of text, for the history. [`Rule::read`] understands it.
    #[must_use]
    pub fn written(self) -> String {
        let per_sender_domain = self.per_sender_domain.map_or_else(|| "all".to_owned(), |most| most.to_string());
        format!(
            "{} {} {} {} {per_sender_domain} {} {} {} {} {} {} {} {}",
            self.evidence.word(),
            self.need,
            self.window_days,
            self.settle_minutes,
            self.on_reached.word(),
            self.notices,
            self.on_expiry.word(),
            self.outbound.word(),
            self.alias.word(),
            self.unknown_when_off.word(),
            self.role.word(),
            if self.welcome { "welcome" } else { "quiet" },
        )
    }

    /// The rule that was written so; `None` where it is no rule.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        let &[evidence, need, window, settle, most, reached, notices, expiry, outbound, alias, unknown, role, welcome] =
            words.as_slice()
        else {
            return None;
        };
        Some(Self {
            evidence: Basis::from_word(evidence)?,
            need: need.parse().ok()?,
            window_days: window.parse().ok()?,
            settle_minutes: settle.parse().ok()?,
            per_sender_domain: if most == "all" { None } else { Some(most.parse().ok()?) },
            on_reached: OnReached::from_word(reached)?,
            notices: notices.parse().ok()?,
            on_expiry: OnExpiry::from_word(expiry)?,
            outbound: OnOutbound::from_word(outbound)?,
            alias: AliasRule::from_word(alias)?,
            unknown_when_off: Unknown::from_word(unknown)?,
            role: Role::from_word(role)?,
            welcome: match welcome {
                "welcome" => true,
                "quiet" => false,
                _ => return None,
            },
        })
    }
}

macro_rules! words {
    ($(#[$about:meta])* $kind:ident { $($(#[$doc:meta])* $variant:ident => $word:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $kind { $($(#[$doc])* $variant),* }

        impl $kind {
            /// Every choice.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word used in SQL and JSON.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The choice for its word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.word() == word)
            }
        }
    };
}

words! {
    /// What counts as evidence.
    Basis {
        /// The mail server's 250 to RCPT (P06).
        RcptOk => "rcpt_ok",
        /// A clean message that the mail server took (3.3).
        CleanDelivered => "clean_delivered",
    }
}
words! {
    /// What happens at N.
    OnReached {
        /// The address is listed as Discovered (C03).
        List => "list",
        /// It becomes a user at once (P01, M09).
        CreateUser => "create_user",
    }
}
words! {
    /// What happens to a Discovered address about which nobody decides.
    OnExpiry {
        /// Its mail is refused (D08 off).
        Invalid => "invalid",
        /// It becomes a user (D08 on).
        CreateUser => "create_user",
        /// It stays on the list.
        Keep => "keep",
    }
}
words! {
    /// What one clean message from inside makes of its sender.
    OnOutbound {
        /// A Discovered address.
        List => "list",
        /// A user (D10 on).
        CreateUser => "create_user",
        /// Nothing.
        Off => "off",
    }
}
words! {
    /// What becomes of an address that looks like another name of an account (3.7).
    AliasRule {
        /// It is made an alias where the match is unique, else it is suggested.
        Auto => "auto",
        /// It is suggested.
        Suggest => "suggest",
        /// Nothing; the address is a person like another (C23).
        Off => "off",
    }
}
words! {
    /// A rule as a known service or we would set it.
    Preset {
        /// modusCloud (S1).
        ModusCloud => "modus_cloud",
        /// Proofpoint Essentials (S2); the shipped default.
        Proofpoint => "proofpoint",
        /// Mailprotector Address Discovery (S3).
        Mailprotector => "mailprotector",
        /// Postini SmartCreate (S5).
        SmartCreate => "smart_create",
        /// Postini SMTP Autocreate (S5).
        SmtpAutocreate => "smtp_autocreate",
        /// Ours: nobody becomes a user or invalid by itself.
        CarefulOffice => "careful_office",
    }
}

impl Preset {
    /// The rule of this preset.
    #[must_use]
    pub const fn rule(self) -> Rule {
        let shipped = Rule {
            evidence: Basis::CleanDelivered,
            need: 3,
            window_days: 30,
            settle_minutes: 0,
            per_sender_domain: None,
            on_reached: OnReached::List,
            notices: 3,
            on_expiry: OnExpiry::Invalid,
            outbound: OnOutbound::List,
            alias: AliasRule::Auto,
            unknown_when_off: Unknown::Reject,
            role: Role::Silent,
            welcome: false,
        };
        let creating = Rule {
            need: 1,
            on_reached: OnReached::CreateUser,
            on_expiry: OnExpiry::Keep,
            outbound: OnOutbound::Off,
            alias: AliasRule::Off,
            ..shipped
        };
        match self {
            Self::ModusCloud => Rule { notices: 4, ..shipped },
            Self::Proofpoint => shipped,
            Self::Mailprotector => creating,
            Self::SmartCreate => Rule { need: 3, window_days: 14, settle_minutes: 60, welcome: true, ..creating },
            Self::SmtpAutocreate => Rule { evidence: Basis::RcptOk, ..creating },
            Self::CarefulOffice => {
                Rule { settle_minutes: 60, per_sender_domain: Some(2), on_expiry: OnExpiry::Keep, ..shipped }
            }
        }
    }

    /// The preset whose rule this is, whatever role new users get and what happens while discovery is off.
    #[must_use]
    pub fn of(rule: Rule) -> Option<Self> {
        let same = |preset: Self| {
            let own = preset.rule();
            Rule { role: own.role, unknown_when_off: own.unknown_when_off, ..rule } == own
        };
        Self::ALL.iter().copied().find(|preset| same(*preset))
    }
}

/// Why a rule cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// D06.
    #[error("Clean messages needed: give 1 to 50.")]
    Need,
    /// C02.
    #[error("The counting window: give 1 to 365 days.")]
    Window,
    /// D07.
    #[error("Weekly notices: give 1 to 12.")]
    Notices,
    /// S.
    #[error("The wait for a bounce: give 0 to 1,440 minutes.")]
    Settle,
    /// 3.3.
    #[error("Messages that count of one sender domain: give 1 to 50, or none.")]
    PerSenderDomain,
    /// X01.
    #[error("While discovery is off, the mail server can be asked or the recipient refused.")]
    UnknownWhenOff,
}

impl Rule {
    /// The shipped default (Proofpoint).
    pub const SHIPPED: Self = Preset::Proofpoint.rule();

    /// W in milliseconds.
    #[must_use]
    pub const fn window_ms(self) -> i64 {
        self.window_days as i64 * DAY_MS
    }

    /// S in milliseconds.
    #[must_use]
    pub const fn settle_ms(self) -> i64 {
        self.settle_minutes as i64 * MINUTE_MS
    }

    /// Whether it makes users without anybody's click; only an Organization Administrator may set such a rule (D27).
    #[must_use]
    pub fn creates_users(self) -> bool {
        self.on_reached == OnReached::CreateUser
            || self.on_expiry == OnExpiry::CreateUser
            || self.outbound == OnOutbound::CreateUser
            || self.evidence == Basis::RcptOk
    }

    /// The rule as it holds while the domain's mail server is found to be so: the 250 of one that takes everybody proves
    /// nothing, so N is at least 3 after an hour without a bounce (T20), and a rule that makes users of less evidence than
    /// that lists them instead (M12).
    #[must_use]
    pub fn under(self, truth: Option<Truth>) -> Self {
        if truth != Some(Truth::AcceptsEverything) {
            return self;
        }
        let believes_too_soon = self.need < 3 || self.evidence == Basis::RcptOk;
        Self {
            evidence: Basis::CleanDelivered,
            need: self.need.max(3),
            settle_minutes: self.settle_minutes.max(60),
            on_reached: if believes_too_soon { OnReached::List } else { self.on_reached },
            ..self
        }
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// The first number outside its range.
    pub fn check(self) -> Result<(), RuleError> {
        let within = |number: u32, least: u32, most: u32, error| {
            if (least..=most).contains(&number) { Ok(()) } else { Err(error) }
        };
        within(self.need, 1, 50, RuleError::Need)?;
        within(self.window_days, 1, 365, RuleError::Window)?;
        within(self.notices, 1, 12, RuleError::Notices)?;
        within(self.settle_minutes, 0, 1440, RuleError::Settle)?;
        within(self.per_sender_domain.unwrap_or(1), 1, 50, RuleError::PerSenderDomain)?;
        if self.unknown_when_off == Unknown::Learn { Err(RuleError::UnknownWhenOff) } else { Ok(()) }
    }
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
