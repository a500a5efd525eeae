//! A password or key that no log and no error shows.

/// Held in memory; `Debug` shows that it is there and nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Holds it.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// What it is, for whoever has to say it to a server.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret")
    }
}
