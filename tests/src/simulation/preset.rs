//! The presets of section 2, and what their vendors say they do.

use std::fmt;
use std::str::FromStr;

/// A preset, by its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// S1.
    ModusCloud,
    /// S2, as shipped.
    Proofpoint,
    /// S3, address discovery.
    Mailprotector,
    /// S5.
    SmartCreate,
    /// S5.
    SmtpAutocreate,
    /// Ours.
    CarefulOffice,
}

impl Preset {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 6] = [
        Self::ModusCloud,
        Self::Proofpoint,
        Self::Mailprotector,
        Self::SmartCreate,
        Self::SmtpAutocreate,
        Self::CarefulOffice,
    ];

    /// The word in commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ModusCloud => "modus_cloud",
            Self::Proofpoint => "proofpoint",
            Self::Mailprotector => "mailprotector",
            Self::SmartCreate => "smart_create",
            Self::SmtpAutocreate => "smtp_autocreate",
            Self::CarefulOffice => "careful_office",
        }
    }

    /// The name that people know.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ModusCloud => "modusCloud",
            Self::Proofpoint => "Proofpoint",
            Self::Mailprotector => "Mailprotector",
            Self::SmartCreate => "SmartCreate",
            Self::SmtpAutocreate => "SMTP Autocreate",
            Self::CarefulOffice => "Careful office",
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Preset {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|preset| preset.word() == word);
        let words: Vec<&str> = Self::ALL.iter().map(|preset| preset.word()).collect();
        found.ok_or_else(|| format!("There is no preset \"{word}\": {}.", words.join(", ")))
    }
}
