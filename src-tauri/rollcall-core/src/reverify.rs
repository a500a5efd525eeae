//! Accounts are asked about again (V06, T23): every week their own mail server says whether it still knows them.
//!
//! **Invariant.** Nothing but "unknown" speaks against an account; three such answers over a day do. What is asked at the
//! beginning is spread over the week.

use crate::reply::Class;
use crate::time::{DAY_MS, HOUR_MS, Timestamp};
use crate::truth::Said;
use crate::unknown::says_unknown;

/// How often an account is asked about, in milliseconds: with the day that three refusals take, whoever is gone is known
/// within a week.
pub const EVERY_MS: i64 = 6 * DAY_MS;
/// When one that was refused is asked about again, in milliseconds.
pub const AGAIN_MS: i64 = 12 * HOUR_MS;
/// When one that nothing was said of is asked about again, in milliseconds.
pub const LATER_MS: i64 = 3 * HOUR_MS;
/// So many refusals, over a day, speak against an account.
pub const REFUSALS: u32 = 3;

/// How far asking about one account has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// When it is asked about next.
    pub next: Timestamp,
    /// Refusals without a yes in between.
    pub refusals: u32,
    /// When the first of them was.
    pub since: Option<Timestamp>,
}

/// What the mail server said of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It takes mail for it.
    Takes,
    /// It does not know it.
    Unknown,
    /// Neither: not now, not from us, or for another reason.
    Nothing,
}

/// What an answer says.
#[must_use]
pub fn heard(said: &Said) -> Heard {
    match said {
        Said::Of(reply) if reply.class() == Class::Success => Heard::Takes,
        Said::Of(reply) if says_unknown(reply) => Heard::Unknown,
        Said::Of(_) | Said::SenderRefused(_) => Heard::Nothing,
    }
}

impl Progress {
    /// An account that was never asked about: some time within the coming week, the same for the same key.
    #[must_use]
    pub fn first(key: &str, now: Timestamp) -> Self {
        // FNV-1a: an even spread is all that is wanted.
        let hash = key
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let wait = i64::try_from(hash % EVERY_MS.unsigned_abs()).unwrap_or(0);
        Self { next: now.plus_ms(wait), refusals: 0, since: None }
    }

    /// How it goes on after an answer.
    #[must_use]
    pub fn after(self, heard: Heard, now: Timestamp) -> Self {
        match heard {
            Heard::Takes => Self { next: now.plus_ms(EVERY_MS), refusals: 0, since: None },
            Heard::Nothing => Self { next: now.plus_ms(LATER_MS), ..self },
            Heard::Unknown => {
                let refused =
                    Self { next: now, refusals: self.refusals.saturating_add(1), since: self.since.or(Some(now)) };
                let wait = if refused.contradicts(now) { EVERY_MS } else { AGAIN_MS };
                Self { next: now.plus_ms(wait), ..refused }
            }
        }
    }

    /// From the first refusal until `now`, in milliseconds.
    #[must_use]
    pub fn over_ms(&self, now: Timestamp) -> i64 {
        self.since.map_or(0, |since| now.since_ms(since))
    }

    /// Whether that is enough to doubt the account.
    #[must_use]
    pub fn contradicts(&self, now: Timestamp) -> bool {
        self.refusals >= REFUSALS && self.over_ms(now) >= DAY_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Reply;

    const T0: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn t23_three_refusals_over_a_day_are_asked_for_within_two_days() {
        let mut progress = Progress { next: T0, refusals: 0, since: None };
        for _ in 0..2 {
            progress = progress.after(Heard::Unknown, progress.next);
            assert!(!progress.contradicts(progress.next.minus_ms(AGAIN_MS)), "{progress:?}");
        }
        let third = progress.next;
        progress = progress.after(Heard::Unknown, third);

        assert!(progress.contradicts(third), "{progress:?}");
        assert_eq!(third.since_ms(T0), DAY_MS);
        assert_eq!(progress.next, third.plus_ms(EVERY_MS));
    }

    #[test]
    fn t23_a_yes_starts_afresh_and_no_answer_changes_nothing() {
        let refused = Progress { next: T0, refusals: 2, since: Some(T0) };

        assert_eq!(refused.after(Heard::Takes, T0), Progress { next: T0.plus_ms(EVERY_MS), refusals: 0, since: None });
        assert_eq!(refused.after(Heard::Nothing, T0), Progress { next: T0.plus_ms(LATER_MS), ..refused });
    }

    #[test]
    fn t23_only_unknown_speaks_against_an_account() {
        let of = |code, subject, detail, text: &str| heard(&Said::Of(Reply::new(code, subject, detail, text)));
        assert_eq!(of(250, 1, 5, "Ok"), Heard::Takes);
        assert_eq!(of(550, 1, 1, "No such user"), Heard::Unknown);
        for other in [of(450, 2, 0, "Greylisted"), of(550, 7, 1, "Blocked"), of(552, 2, 2, "Mailbox full")] {
            assert_eq!(other, Heard::Nothing);
        }
        assert_eq!(heard(&Said::SenderRefused(Reply::new(550, 1, 1, "No"))), Heard::Nothing);
    }

    #[test]
    fn v06_a_thousand_accounts_are_spread_over_the_week() {
        let mut days = [0; 6];
        for number in 0..1_000 {
            let next = Progress::first(&format!("user{number}@acme.example"), T0).next;
            days[usize::try_from(next.since_ms(T0) / DAY_MS).unwrap()] += 1;
        }

        assert!(days.iter().all(|day| (100..250).contains(day)), "{days:?}");
    }
}
