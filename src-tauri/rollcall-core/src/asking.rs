//! How long a destination's answer about a recipient holds, and how often it is asked in vain (V02, behaviour.md section
//! 3.4).
//!
//! **Invariant.** Only answers "unknown" drain a [`Bucket`]: asking about recipients that exist costs nothing, however many
//! there are. Only a recipient without a row is ever not asked about.
//!
//! **Limits.** Questions that are under way when a bucket runs empty are still asked: one a session.

use crate::policy::{After, Answer, Reason, Standing, Verdict};
use crate::reply::Reply;
use crate::state::AddressState;
use crate::time::{DAY_MS, HOUR_MS, Timestamp};
use crate::unknown::says_unknown;

/// How long a yes holds, in milliseconds.
pub const YES_HOLDS_MS: i64 = 4 * DAY_MS;
/// How long a no holds, in milliseconds.
pub const NO_HOLDS_MS: i64 = 2 * HOUR_MS;

/// Whether an answer of `at` still holds. A clock that went back makes it old.
#[must_use]
pub const fn holds(is_known: bool, at: Timestamp, now: Timestamp) -> bool {
    let age = now.since_ms(at);
    age >= 0 && age < if is_known { YES_HOLDS_MS } else { NO_HOLDS_MS }
}

/// What of an answer is worth keeping: that the recipient exists, or that it does not. Never a 4xx, nor a refusal for
/// another reason.
#[must_use]
pub fn worth_keeping(answer: &Answer) -> Option<(bool, &Reply)> {
    match answer {
        Answer::Replied(reply) if reply.is_success() => Some((true, reply)),
        Answer::Replied(reply) if says_unknown(reply) => Some((false, reply)),
        Answer::Replied(_) | Answer::MailRefused(_) | Answer::NeedsUtf8 | Answer::Unreachable => None,
    }
}

/// What a recipient without a row is told while a no holds. Everybody with a row is asked about.
#[must_use]
pub fn still_unknown(recipient: &str, standing: Standing) -> Option<Verdict> {
    (standing == Standing::Unknown).then(|| {
        Verdict::new(
            Reply::new(550, 1, 1, format!("<{recipient}>: Recipient address rejected: User unknown")),
            Reason::UserUnknownCached,
        )
    })
}

/// While the destination cannot be reached, a yes that holds is good for Discovered, Watching and Never add (3.4).
#[must_use]
pub fn while_unreachable(recipient: &str, standing: Standing, answer: &Answer) -> Option<After> {
    let is_listed =
        matches!(standing, Standing::Row(AddressState::Discovered | AddressState::Watching | AddressState::NeverAdd));
    (is_listed && *answer == Answer::Unreachable).then(|| {
        let reply = Reply::new(250, 1, 5, format!("<{recipient}>: Recipient OK"));
        After::AcceptForSpool(Verdict::new(reply, Reason::KnownAccount))
    })
}

/// A recipient without a row that was not asked about, because too many were asked about in vain.
#[must_use]
pub fn not_asked(recipient: &str) -> Verdict {
    Verdict::new(
        Reply::new(450, 2, 0, format!("<{recipient}>: Recipient not verified yet, try again later")),
        Reason::NotAsked,
    )
}

/// How many answers "unknown" may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// At once.
    pub burst: u32,
    /// And then a second.
    pub per_second: u32,
}

impl Rate {
    /// By one client.
    pub const CLIENT: Self = Self { burst: 100, per_second: 20 };
    /// Of one destination.
    pub const DESTINATION: Self = Self { burst: 1000, per_second: 100 };
}

/// What is left of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// In thousandths of an answer, so that a millisecond adds a whole number.
    level: i64,
    at: Timestamp,
}

/// One answer.
const ONE: i64 = 1000;

impl Bucket {
    /// A full one.
    #[must_use]
    pub fn full(rate: Rate, now: Timestamp) -> Self {
        Self { level: i64::from(rate.burst) * ONE, at: now }
    }

    /// Whether another question may be asked.
    pub fn may_ask(&mut self, rate: Rate, now: Timestamp) -> bool {
        self.refill(rate, now);
        self.level >= ONE
    }

    /// The answer was "unknown". The level may fall below none when several were asked at once.
    pub fn drain(&mut self, rate: Rate, now: Timestamp) {
        self.refill(rate, now);
        self.level = (self.level - ONE).max(-i64::from(rate.burst) * ONE);
    }

    fn refill(&mut self, rate: Rate, now: Timestamp) {
        let passed = now.since_ms(self.at).clamp(0, HOUR_MS);
        self.at = now;
        self.level = (self.level + passed * i64::from(rate.per_second)).min(i64::from(rate.burst) * ONE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND_MS;

    const T0: Timestamp = Timestamp(1_800_000_000_000);
    const RATE: Rate = Rate { burst: 3, per_second: 2 };

    #[test]
    fn v02_a_yes_holds_four_days_and_a_no_two_hours() {
        assert!(holds(true, T0, T0.plus_ms(4 * DAY_MS - 1)) && !holds(true, T0, T0.plus_ms(4 * DAY_MS)));
        assert!(holds(false, T0, T0.plus_ms(2 * HOUR_MS - 1)) && !holds(false, T0, T0.plus_ms(2 * HOUR_MS)));
        assert!(!holds(true, T0, T0.minus_ms(1)), "the clock went back");
    }

    #[test]
    fn v02_only_a_yes_and_a_plain_no_are_kept() {
        let replied = |code, reply: Reply| Answer::Replied(Reply { code, ..reply });
        let unknown = Reply::new(550, 1, 1, "who");

        assert!(worth_keeping(&replied(250, Reply::new(250, 1, 5, "ok"))).is_some_and(|(known, _)| known));
        assert!(worth_keeping(&replied(550, unknown.clone())).is_some_and(|(known, _)| !known));
        assert_eq!(worth_keeping(&replied(450, Reply::new(450, 1, 1, "later"))), None);
        assert_eq!(worth_keeping(&replied(550, Reply::new(550, 7, 1, "no"))), None);
        assert_eq!(worth_keeping(&Answer::MailRefused(unknown)), None);
        assert_eq!(worth_keeping(&Answer::Unreachable), None);
    }

    #[test]
    fn v02_a_kept_no_is_told_to_strangers_only_and_a_kept_yes_serves_rows_only() {
        let row = Standing::Row(AddressState::Watching);

        assert!(still_unknown("a@acme.example", row).is_none());
        let verdict = still_unknown("a@acme.example", Standing::Unknown).unwrap();
        assert_eq!(
            verdict.reply.numbered(None).to_string(),
            "550 5.1.1 <a@acme.example>: Recipient address rejected: User unknown"
        );
        assert!(matches!(while_unreachable("a", row, &Answer::Unreachable), Some(After::AcceptForSpool(_))));
        assert_eq!(while_unreachable("a", Standing::Unknown, &Answer::Unreachable), None);
        assert_eq!(while_unreachable("a", row, &Answer::Replied(Reply::new(450, 2, 0, "later"))), None);
    }

    #[test]
    fn only_answers_in_vain_use_a_bucket_up_and_time_fills_it() {
        let mut bucket = Bucket::full(RATE, T0);
        for _ in 0..1000 {
            assert!(bucket.may_ask(RATE, T0), "asking alone costs nothing");
        }
        (0..3).for_each(|_| bucket.drain(RATE, T0));

        assert!(!bucket.may_ask(RATE, T0.plus_ms(499)));
        assert!(bucket.may_ask(RATE, T0.plus_ms(500)));
        bucket.drain(RATE, T0.plus_ms(500));
        assert!(!bucket.may_ask(RATE, T0.plus_ms(500)));
        let later = T0.plus_ms(600 * SECOND_MS);
        assert!(bucket.may_ask(RATE, later));
        (0..3).for_each(|_| bucket.drain(RATE, later));
        assert!(!bucket.may_ask(RATE, later), "never more than the burst");
    }

    #[test]
    fn a_recipient_not_asked_about_hears_what_a_deferred_one_hears() {
        let reply = not_asked("a@acme.example").reply.numbered(None).to_string();

        assert_eq!(reply, "450 4.2.0 <a@acme.example>: Recipient not verified yet, try again later");
    }
}
