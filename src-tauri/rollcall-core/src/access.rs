//! Who may do what on this machine (D27): two roles, how long the higher one lasts, and how guessing its password is slowed.
//!
//! **Limits.** Both roles belong to people who may use the data folder. The gate keeps somebody from switching on what
//! costs money by mistake or unseen; it is no wall against whoever may write the folder's files.

use crate::time::{MINUTE_MS, Timestamp};

/// How long the Organization Administrator's role lasts after its last use, in milliseconds.
pub const LEASE_MS: i64 = 5 * MINUTE_MS;
/// Wrong passwords after which everybody waits.
pub const TRIES: usize = 5;
/// The time in which they count, in milliseconds.
pub const TRIES_MS: i64 = 10 * MINUTE_MS;
/// The fewest characters of a password.
pub const FEWEST_CHARACTERS: usize = 8;
/// The most bytes of a password: more is no password, and costs time.
pub const MOST_BYTES: usize = 1_000;

/// What somebody at this machine may do. The later one may do everything that the earlier one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Everything but what creates users by itself or says what a user costs. The folder's owner starts as this.
    Technician,
    /// Everything.
    OrganizationAdministrator,
}

impl Role {
    /// The word used in the journal, JSON and TypeScript.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Technician => "technician",
            Self::OrganizationAdministrator => "organization_administrator",
        }
    }

    /// The role for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Technician, Self::OrganizationAdministrator].into_iter().find(|role| role.word() == word)
    }

    /// Whether this role is enough where `needed` is.
    #[must_use]
    pub fn may(self, needed: Self) -> bool {
        self >= needed
    }
}

/// Whom something is told to, by the role a shell has at that moment (D13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Every shell.
    Everybody,
    /// A report: the Technician's shells, and the Organization Administrator's only if the office wants that.
    Report {
        /// "Include admin contact in the report".
        and_administrator: bool,
    },
}

impl Audience {
    /// Whether a shell that has `role` now is told.
    #[must_use]
    pub const fn includes(self, role: Role) -> bool {
        match (self, role) {
            (Self::Everybody, _) | (Self::Report { .. }, Role::Technician) => true,
            (Self::Report { and_administrator }, Role::OrganizationAdministrator) => and_administrator,
        }
    }
}

/// The time for which somebody has the Organization Administrator's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    since: Timestamp,
    until: Timestamp,
}

impl Lease {
    /// From `now` on.
    #[must_use]
    pub const fn from(now: Timestamp) -> Self {
        Self { since: now, until: now.plus_ms(LEASE_MS) }
    }

    /// When it ends, unless it is used before.
    #[must_use]
    pub const fn until(self) -> Timestamp {
        self.until
    }

    /// Whether it lasts at `now`. A clock that was set back ends it, or it would last for longer than it says.
    #[must_use]
    pub fn holds(self, now: Timestamp) -> bool {
        (self.since..self.until).contains(&now)
    }
}

/// When wrong passwords were given lately, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tries(Vec<Timestamp>);

impl Tries {
    /// Those of these that matter: the last few.
    #[must_use]
    pub fn of(mut times: Vec<Timestamp>) -> Self {
        times.sort_unstable();
        let old = times.len().saturating_sub(TRIES);
        Self(times.split_off(old))
    }

    /// When they were.
    #[must_use]
    pub fn times(&self) -> &[Timestamp] {
        &self.0
    }

    /// With one more at `now`.
    #[must_use]
    pub fn and_wrong(mut self, now: Timestamp) -> Self {
        // What a clock that was set back left in the future counts as of now, so that nobody waits for a year.
        for time in &mut self.0 {
            *time = (*time).min(now);
        }
        self.0.push(now);
        Self::of(self.0)
    }

    /// Until when no password is looked at, if so at `now`.
    #[must_use]
    pub fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        let first = *self.0.first()?;
        let until = first.min(now).plus_ms(TRIES_MS);
        (self.0.len() == TRIES && now < until).then_some(until)
    }

    /// How many wrong ones there may still be before everybody waits.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> usize {
        TRIES - self.0.iter().filter(|time| now.since_ms(**time) < TRIES_MS).count()
    }
}

/// Why a text cannot become the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Fewer than [`FEWEST_CHARACTERS`].
    Short,
    /// More than [`MOST_BYTES`].
    Long,
    /// One character again and again.
    Same,
}

/// Whether `text` can become the password. Length counts; kinds of characters do not (NIST SP 800-63B, 3.1.1.2).
///
/// # Errors
/// Why not.
pub fn fit(text: &str) -> Result<(), Unfit> {
    if text.chars().count() < FEWEST_CHARACTERS {
        return Err(Unfit::Short);
    }
    if text.len() > MOST_BYTES {
        return Err(Unfit::Long);
    }
    let mut chars = text.chars();
    let first = chars.next();
    if chars.all(|char| Some(char) == first) { Err(Unfit::Same) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn wrong(minutes: &[i64]) -> Tries {
        minutes.iter().fold(Tries::default(), |tries, minute| tries.and_wrong(NOW.plus_ms(minute * MINUTE_MS)))
    }

    #[test]
    fn d27_an_administrator_may_what_a_technician_may_and_not_the_other_way_round() {
        use Role::{OrganizationAdministrator, Technician};
        assert!(OrganizationAdministrator.may(Technician) && OrganizationAdministrator.may(OrganizationAdministrator));
        assert!(Technician.may(Technician) && !Technician.may(OrganizationAdministrator));
        for role in [Technician, OrganizationAdministrator] {
            assert_eq!(Role::from_word(role.word()), Some(role));
        }
    }

    #[test]
    fn d13_a_report_reaches_the_administrators_shell_only_where_the_office_wants_that() {
        use Role::{OrganizationAdministrator, Technician};
        for and_administrator in [false, true] {
            let report = Audience::Report { and_administrator };
            assert!(report.includes(Technician));
            assert_eq!(report.includes(OrganizationAdministrator), and_administrator);
        }
        assert!(Audience::Everybody.includes(OrganizationAdministrator));
    }

    #[test]
    fn the_role_lasts_five_minutes_and_ends_when_the_clock_is_set_back() {
        let lease = Lease::from(NOW);

        assert_eq!(lease.until(), NOW.plus_ms(300_000));
        assert!(lease.holds(NOW) && lease.holds(NOW.plus_ms(299_999)));
        assert!(!lease.holds(NOW.plus_ms(300_000)) && !lease.holds(NOW.minus_ms(1)));
    }

    #[test]
    fn five_wrong_passwords_within_ten_minutes_make_everybody_wait_until_the_first_is_ten_minutes_old() {
        let tries = wrong(&[0, 1, 2, 3]);
        let at = |minute: i64| NOW.plus_ms(minute * MINUTE_MS);
        assert_eq!((tries.locked_until(at(3)), tries.left(at(3))), (None, 1));

        let tries = tries.and_wrong(at(4));

        assert_eq!((tries.locked_until(at(4)), tries.left(at(4))), (Some(at(10)), 0));
        assert_eq!((tries.locked_until(at(10)), tries.left(at(10))), (None, 1));
        assert_eq!(tries.and_wrong(at(10)).locked_until(at(10)), Some(at(11)), "one more, and they wait again");
        assert_eq!(wrong(&[0, 3, 6, 9, 12]).locked_until(at(12)), None, "they were not within ten minutes");
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nobody_wait_longer_than_ten_minutes() {
        let year = 366 * 24 * 60;
        let tries = wrong(&[year, year, year, year, year]);

        assert_eq!(tries.locked_until(NOW), Some(NOW.plus_ms(TRIES_MS)));
        assert_eq!(tries.and_wrong(NOW).locked_until(NOW.plus_ms(TRIES_MS)), None);
    }

    #[test]
    fn what_was_kept_comes_back_as_it_was() {
        let tries = wrong(&[0, 1, 2, 3, 4, 5, 6]);

        assert_eq!(tries.times().len(), TRIES);
        assert_eq!(Tries::of(tries.times().to_vec()), tries);
    }

    #[test]
    fn a_password_has_eight_characters_of_any_kind_but_not_one_of_them_eight_times() {
        for good in ["correct horse", "12345679", "pässwörd", "        x"] {
            assert_eq!(fit(good), Ok(()), "{good}");
        }
        assert_eq!(fit("öööööö7"), Err(Unfit::Short));
        assert_eq!(fit("aaaaaaaaaaaa"), Err(Unfit::Same));
        assert_eq!(fit(&"ab".repeat(501)), Err(Unfit::Long));
    }
}
