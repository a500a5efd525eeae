//! What a destination really is (behaviour.md 3.8, rows V01 and V03): replies to invented recipients in, a verdict out.
//!
//! **Invariant.** Only the recipients' own replies count: a refused sender says nothing about anybody.
//!
//! **Limits.** A catch-all and a server that bounces later look the same until a bounce is seen (see [`crate::bounce`]);
//! no content is ever sent to find out.

use crate::time::{DAY_MS, MINUTE_MS};
use crate::{Class, Reply, Timestamp};

/// How long "decides at DATA" holds after it was last seen.
pub const DECIDES_AT_DATA_MS: i64 = 30 * DAY_MS;
/// How long "bounces later" holds after it was last seen.
pub const BOUNCES_LATER_MS: i64 = 30 * DAY_MS;

/// What the destination does with an invented recipient (V01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// Both invented recipients were refused for good: its yes means something.
    RejectsStrangers,
    /// At least one was taken: its yes means nothing.
    AcceptsEverything,
    /// It did not say, as a greylisting one.
    Undecided,
}

impl Truth {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::RejectsStrangers, Self::AcceptsEverything, Self::Undecided];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::RejectsStrangers => "rejects_strangers",
            Self::AcceptsEverything => "accepts_everything",
            Self::Undecided => "undecided",
        }
    }

    /// The verdict for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|truth| truth.word() == word)
    }
}

/// What the destination said when asked about one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Its reply to RCPT.
    Of(Reply),
    /// It refused the null sender and postmaster, so that nobody could be asked about.
    SenderRefused(Reply),
}

impl Said {
    /// The literal reply.
    #[must_use]
    pub const fn reply(&self) -> &Reply {
        match self {
            Self::Of(reply) | Self::SenderRefused(reply) => reply,
        }
    }

    fn class(&self) -> Option<Class> {
        match self {
            Self::Of(reply) => Some(reply.class()),
            Self::SenderRefused(_) => None,
        }
    }
}

/// The verdict on what was said of invented recipients: any yes settles it, two refusals for good settle it, the rest is
/// undecided (3.8).
#[must_use]
pub fn judge(strangers: &[Said]) -> Truth {
    let all = |class| !strangers.is_empty() && strangers.iter().all(|said| said.class() == Some(class));
    if strangers.iter().any(|said| said.class() == Some(Class::Success)) {
        Truth::AcceptsEverything
    } else if all(Class::Permanent) {
        Truth::RejectsStrangers
    } else {
        Truth::Undecided
    }
}

/// What is believed after a test: one that decided nothing leaves an earlier verdict on the same server standing.
#[must_use]
pub fn believed(before: Option<Truth>, tested: Truth) -> Truth {
    match (before, tested) {
        (Some(before), Truth::Undecided) => before,
        (_, tested) => tested,
    }
}

/// When to test again (3.8): a day later, weekly for one that takes everybody, in 15 minutes when it did not say.
#[must_use]
pub const fn next_test(tested: Truth, now: Timestamp) -> Timestamp {
    now.plus_ms(match tested {
        Truth::RejectsStrangers => DAY_MS,
        Truth::AcceptsEverything => 7 * DAY_MS,
        Truth::Undecided => 15 * MINUTE_MS,
    })
}

/// News for a person: true when it began to say yes to everybody, false when it stopped.
#[must_use]
pub fn news(before: Option<Truth>, after: Truth) -> Option<bool> {
    let everything = |truth| truth == Truth::AcceptsEverything;
    match (before.is_some_and(everything), everything(after)) {
        (false, true) => Some(true),
        (true, false) => Some(false),
        _ => None,
    }
}

/// True when the refusal of content shows that the destination decides about recipients only then (pitfall 2, R4): it
/// said yes to the only recipient, and now says 5.1.x.
#[must_use]
pub fn refused_late(answers: &[Option<Reply>], after_content: &Reply) -> bool {
    let [Some(answer)] = answers else { return false };
    let is_about_it = after_content.enhanced.is_some_and(|code| (code.class, code.subject) == (5, 1));
    answer.is_success() && after_content.class() == Class::Permanent && is_about_it
}

/// Whether "decides at DATA", last seen at `seen`, still holds.
#[must_use]
pub fn decides_at_data(seen: Option<Timestamp>, now: Timestamp) -> bool {
    seen.is_some_and(|seen| now.since_ms(seen) < DECIDES_AT_DATA_MS)
}

/// Whether "bounces later", last seen at `seen`, still holds.
#[must_use]
pub fn bounces_later(seen: Option<Timestamp>, now: Timestamp) -> bool {
    seen.is_some_and(|seen| now.since_ms(seen) < BOUNCES_LATER_MS)
}

/// What mail has shown of a server, beside what it says when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// It refuses recipients only after the content.
    pub decides_at_data: bool,
    /// It takes mail for recipients that do not exist and sends it back.
    pub bounces_later: bool,
}

/// The verdict of a test in one word (V03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Picture {
    /// It refuses invented recipients, and takes the known one if one was asked about.
    KnowsWhoExists,
    /// It says yes to everybody, and traffic has not shown that it takes that back.
    SaysYesToAll,
    /// It says yes to everybody and no after the content: traffic has shown it.
    DecidesAtData,
    /// It says yes to everybody and sends back later what it cannot deliver: a bounce has shown it.
    BouncesLater,
    /// It asks everybody to come again: greylisting, or too busy.
    AsksToWait,
    /// It takes the known one and asks the invented ones to come again, instead of refusing them.
    DefersStrangers,
    /// It refuses the known one too.
    RefusesTheKnown,
    /// It takes no mail from this computer.
    RefusesUs,
}

/// What a test shows: the answer about a known address, if one was asked about, and those about invented ones. Where it
/// says yes to everybody, what mail has `shown` tells one such server from another.
#[must_use]
pub fn picture(known: Option<&Said>, strangers: &[Said], shown: Shown) -> Picture {
    if strangers.iter().chain(known).any(|said| matches!(said, Said::SenderRefused(_))) {
        return Picture::RefusesUs;
    }
    let known = known.and_then(Said::class);
    match judge(strangers) {
        Truth::AcceptsEverything if shown.decides_at_data => Picture::DecidesAtData,
        Truth::AcceptsEverything if shown.bounces_later => Picture::BouncesLater,
        Truth::AcceptsEverything => Picture::SaysYesToAll,
        Truth::RejectsStrangers if known == Some(Class::Permanent) => Picture::RefusesTheKnown,
        Truth::RejectsStrangers => Picture::KnowsWhoExists,
        Truth::Undecided if known == Some(Class::Success) => Picture::DefersStrangers,
        Truth::Undecided => Picture::AsksToWait,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: u16) -> Said {
        Said::Of(Reply::new(code, 1, 1, "x"))
    }

    fn sender_refused() -> Said {
        Said::SenderRefused(Reply::new(550, 7, 1, "x"))
    }

    #[test]
    fn v01_two_refusals_reject_any_yes_accepts_and_the_rest_is_undecided() {
        for (codes, truth) in [
            ([550, 550], Truth::RejectsStrangers),
            ([550, 554], Truth::RejectsStrangers),
            ([250, 250], Truth::AcceptsEverything),
            ([550, 250], Truth::AcceptsEverything),
            ([450, 250], Truth::AcceptsEverything),
            ([450, 450], Truth::Undecided),
            ([550, 450], Truth::Undecided),
        ] {
            assert_eq!(judge(&codes.map(said)), truth, "{codes:?}");
        }
        assert_eq!(judge(&[]), Truth::Undecided);
        assert_eq!(judge(&[sender_refused(), said(550)]), Truth::Undecided, "it was never asked about the first");
    }

    #[test]
    fn v01_the_next_test_is_a_day_a_week_or_a_quarter_of_an_hour_away() {
        let now = Timestamp(1_000);

        assert_eq!(next_test(Truth::RejectsStrangers, now), now.plus_ms(DAY_MS));
        assert_eq!(next_test(Truth::AcceptsEverything, now), now.plus_ms(7 * DAY_MS));
        assert_eq!(next_test(Truth::Undecided, now), now.plus_ms(15 * MINUTE_MS));
    }

    #[test]
    fn v01_a_test_that_decided_nothing_changes_no_verdict_and_only_changes_are_news() {
        use Truth::{AcceptsEverything, RejectsStrangers, Undecided};

        assert_eq!(believed(Some(RejectsStrangers), Undecided), RejectsStrangers);
        assert_eq!(believed(None, Undecided), Undecided);
        assert_eq!(believed(Some(AcceptsEverything), RejectsStrangers), RejectsStrangers);
        assert_eq!(news(None, AcceptsEverything), Some(true));
        assert_eq!(news(Some(AcceptsEverything), AcceptsEverything), None, "told once");
        assert_eq!(news(Some(AcceptsEverything), RejectsStrangers), Some(false));
        assert_eq!(news(None, RejectsStrangers), None);
    }

    #[test]
    fn pitfall_2_only_a_late_no_to_the_one_recipient_it_took_shows_that_it_decides_at_data() {
        let yes = || Some(Reply::new(250, 1, 5, "ok"));
        let unknown = Reply::new(550, 1, 1, "unknown");

        assert!(refused_late(&[yes()], &unknown));
        assert!(refused_late(&[yes()], &Reply::new(550, 1, 10, "unknown")));
        assert!(!refused_late(&[yes(), yes()], &unknown), "which of the two?");
        assert!(!refused_late(&[None], &unknown), "it never said yes");
        assert!(!refused_late(&[yes()], &Reply::new(554, 7, 1, "spam")), "about the content");
        assert!(!refused_late(&[yes()], &Reply::new(450, 1, 1, "later")));
        assert!(!refused_late(&[yes()], &Reply::bare(550, "no")), "it did not say what about");
    }

    #[test]
    fn decides_at_data_is_forgotten_after_thirty_days_without_recurrence() {
        let seen = Timestamp(5);

        assert!(decides_at_data(Some(seen), seen.plus_ms(DECIDES_AT_DATA_MS - 1)));
        assert!(!decides_at_data(Some(seen), seen.plus_ms(DECIDES_AT_DATA_MS)));
        assert!(!decides_at_data(None, seen));
    }

    #[test]
    fn v03_greylisting_is_told_apart_from_deferred_strangers_and_refused_senders() {
        let strangers = |code| [said(code), said(code)];
        let (nothing, late) = (Shown::default(), Shown { decides_at_data: true, ..Shown::default() });
        let with = |known: u16, code| picture(Some(&said(known)), &strangers(code), nothing);

        assert_eq!(with(250, 550), Picture::KnowsWhoExists);
        assert_eq!(picture(None, &strangers(550), late), Picture::KnowsWhoExists);
        assert_eq!(with(550, 550), Picture::RefusesTheKnown);
        assert_eq!(with(250, 250), Picture::SaysYesToAll);
        assert_eq!(picture(None, &strangers(250), late), Picture::DecidesAtData);
        assert_eq!(with(450, 450), Picture::AsksToWait);
        assert_eq!(picture(None, &strangers(450), nothing), Picture::AsksToWait);
        assert_eq!(with(250, 450), Picture::DefersStrangers);
        assert_eq!(picture(None, &[sender_refused(), sender_refused()], nothing), Picture::RefusesUs);
    }

    #[test]
    fn v03_a_server_that_bounces_later_is_told_from_a_true_catch_all_once_a_bounce_was_seen() {
        let strangers = [said(250), said(250)];
        let bounces = Shown { bounces_later: true, ..Shown::default() };
        let both = Shown { decides_at_data: true, ..bounces };

        assert_eq!(picture(None, &strangers, Shown::default()), Picture::SaysYesToAll);
        assert_eq!(picture(None, &strangers, bounces), Picture::BouncesLater);
        assert_eq!(picture(None, &strangers, both), Picture::DecidesAtData, "it has learned to say no earlier");
        assert_eq!(picture(None, &[said(550), said(550)], bounces), Picture::KnowsWhoExists);
        let seen = Timestamp(5);
        assert!(bounces_later(Some(seen), seen.plus_ms(BOUNCES_LATER_MS - 1)));
        assert!(!bounces_later(Some(seen), seen.plus_ms(BOUNCES_LATER_MS)) && !bounces_later(None, seen));
    }
}
