//! What is remembered from one reading for the next: where a domain controller's counting stood.

use super::LdapSettings;
use super::certificate::fingerprint;
use super::root::Count;

/// After this everything is read again: what only looks like "nothing changed" lasts no longer.
const WHOLE_AGAIN_MS: i64 = 24 * 3_600_000;

/// Where the last good reading stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    count: Count,
    /// Of what was asked: another base, filter or account sees other entries.
    asked: String,
    /// When everything was read.
    whole_ms: i64,
}

impl Cursor {
    /// After everything was read at `now_ms`; `count` is from before it.
    pub(super) fn after_whole(count: Count, settings: &LdapSettings, now_ms: i64) -> Self {
        Self { count, asked: asked(settings), whole_ms: now_ms }
    }

    /// After only changes were read.
    pub(super) fn after_changes(self, count: Count) -> Self {
        Self { count, ..self }
    }

    /// One that can be gone on from at this server, with these settings, now.
    pub(super) fn usable(text: &str, at: &Count, settings: &LdapSettings, now_ms: i64) -> Option<Self> {
        let cursor = Self::from_text(text)?;
        let age = now_ms.checked_sub(cursor.whole_ms)?;
        let goes_on = cursor.count.server == at.server && cursor.count.usn <= at.usn;
        (goes_on && cursor.asked == asked(settings) && (0..WHOLE_AGAIN_MS).contains(&age)).then_some(cursor)
    }

    /// The number of the first change that was not seen.
    pub(super) const fn next(&self) -> u64 {
        self.count.usn.saturating_add(1)
    }

    /// For the store.
    pub(super) fn to_text(&self) -> String {
        format!("ad1 {} {} {} {}", self.count.server, self.count.usn, self.asked, self.whole_ms)
    }

    fn from_text(text: &str) -> Option<Self> {
        let [version, server, usn, asked, whole] = text.split(' ').collect::<Vec<_>>().try_into().ok()?;
        (version == "ad1").then_some(())?;
        let count = Count { server: server.to_owned(), usn: usn.parse().ok()? };
        Some(Self { count, asked: asked.to_owned(), whole_ms: whole.parse().ok()? })
    }
}

fn asked(settings: &LdapSettings) -> String {
    let filter = settings.filter.as_deref().unwrap_or_default();
    let parts = [&settings.search_base, filter, &settings.bind_dn].map(|part| part.trim().to_lowercase());
    fingerprint(parts.join("\n").as_bytes())[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LdapSecurity, Secret, Trust};

    const T0: i64 = 1_800_000_000_000;

    fn settings(base: &str) -> LdapSettings {
        LdapSettings {
            host: "dc1.office.test".to_owned(),
            port: 636,
            security: LdapSecurity::Ldaps,
            trust: Trust::Computer,
            bind_dn: "svc@office.test".to_owned(),
            password: Secret::new("one".to_owned()),
            search_base: base.to_owned(),
            filter: None,
        }
    }

    fn count(server: &str, usn: u64) -> Count {
        Count { server: server.to_owned(), usn }
    }

    #[test]
    fn a_cursor_is_gone_on_from_at_the_same_controller_with_the_same_question_for_a_day() {
        let base = settings("DC=office,DC=test");
        let text = Cursor::after_whole(count("dc1/ab", 100), &base, T0).to_text();
        let at = |count: Count, settings: &LdapSettings, now| Cursor::usable(&text, &count, settings, now);

        let cursor = at(count("dc1/ab", 120), &base, T0 + 1).unwrap();
        assert_eq!(cursor.next(), 101);
        assert_eq!(at(count("dc2/cd", 120), &base, T0 + 1), None, "another controller counts otherwise");
        assert_eq!(at(count("dc1/ef", 120), &base, T0 + 1), None, "restored from a backup");
        assert_eq!(at(count("dc1/ab", 90), &base, T0 + 1), None, "it counted backwards");
        assert_eq!(at(count("dc1/ab", 120), &settings("OU=x"), T0 + 1), None, "another base");
        assert_eq!(at(count("dc1/ab", 120), &base, T0 + WHOLE_AGAIN_MS), None, "a day is over");
        assert_eq!(at(count("dc1/ab", 120), &base, T0 - 1), None, "the clock was set back");

        let renewed = LdapSettings { password: Secret::new("two".to_owned()), ..base };
        assert!(at(count("dc1/ab", 120), &renewed, T0 + 1).is_some(), "a new password changes nothing");
    }

    #[test]
    fn a_day_counts_from_the_last_whole_reading_and_not_from_the_last_changes() {
        let settings = settings("DC=x");
        let first = Cursor::after_whole(count("dc1/ab", 100), &settings, T0);

        let second = first.after_changes(count("dc1/ab", 200)).to_text();

        assert_eq!(Cursor::usable(&second, &count("dc1/ab", 200), &settings, T0 + WHOLE_AGAIN_MS), None);
        assert_eq!(Cursor::usable(&second, &count("dc1/ab", 200), &settings, T0 + 1).unwrap().next(), 201);
    }

    #[test]
    fn what_is_no_cursor_is_not_gone_on_from() {
        for text in ["", "ad1", "ad2 dc1/ab 1 x 0", "ad1 dc1/ab many x 0", "https://graph.microsoft.com/delta"] {
            assert_eq!(Cursor::usable(text, &count("dc1/ab", 9), &settings("DC=x"), T0), None, "{text}");
        }
    }
}
