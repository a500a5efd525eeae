//! Which messages count (behaviour.md section 3.3).

/// The most recipients of a transaction whose message counts.
pub const MOST_RECIPIENTS: usize = 20;

/// What is known of a message that the destination took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivery {
    /// The reverse-path was `<>`: a bounce or a notice.
    pub null_reverse_path: bool,
    /// It has an `Auto-Submitted` field other than `no` (RFC 3834 section 5).
    pub auto_submitted: bool,
    /// A mailing list or a newsletter: `List-Id`, `List-Unsubscribe`, `Precedence: bulk`.
    pub bulk: bool,
    /// The verdict on its content.
    pub verdict: Content,
    /// SPF said `fail` for the sender's domain.
    pub spf_fail: bool,
    /// Recipients that were accepted in its transaction.
    pub recipients: usize,
    /// It came from an address that is blocked for guessing (3.8).
    pub from_guesser: bool,
    /// So many addresses are guessed now that no new one is learned (3.8).
    pub under_attack: bool,
}

/// The verdict on a message's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Content {
    /// Clean, or nobody has judged.
    #[default]
    Clean,
    /// Spam.
    Spam,
    /// A virus or a forbidden macro.
    Malware,
}

/// What is known of the address at the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// The same Message-ID of the same sender counted before.
    pub repeated: bool,
    /// Messages of this sender's domain that count already.
    pub of_sender_domain: u32,
    /// The mail server sent mail for it back within seven days (T7).
    pub bounced: bool,
}

/// Why a message does not count toward the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotCounted {
    /// The reverse-path was null.
    NullReversePath,
    /// A program sent it by itself.
    AutoSubmitted,
    /// A newsletter or a list.
    Bulk,
    /// Spam.
    Spam,
    /// Harmful.
    Malware,
    /// The sender's domain says that the client may not send for it.
    SpfFail,
    /// More than [`MOST_RECIPIENTS`] recipients.
    ManyRecipients,
    /// It came from somebody who guesses addresses.
    Guesser,
    /// So many addresses were guessed at the time that no new one is learned (3.8).
    UnderAttack,
    /// It counted before.
    Repeated,
    /// Enough messages of that sender domain count already.
    SenderDomain,
    /// The mail server sent mail for the address back.
    Bounced,
    /// It waits for a bounce, S minutes long.
    Settling,
}

impl NotCounted {
    /// Every reason.
    pub const ALL: [Self; 13] = [
        Self::NullReversePath,
        Self::AutoSubmitted,
        Self::Bulk,
        Self::Spam,
        Self::Malware,
        Self::SpfFail,
        Self::ManyRecipients,
        Self::Guesser,
        Self::UnderAttack,
        Self::Repeated,
        Self::SenderDomain,
        Self::Bounced,
        Self::Settling,
    ];

    /// The reason for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.word() == word)
    }

    /// Whether it is about the message itself, so that it is so under every rule. The others depend on what counted for
    /// the address before, or on what the rule waits for.
    #[must_use]
    pub const fn is_of_the_message(self) -> bool {
        !matches!(self, Self::Repeated | Self::SenderDomain | Self::Bounced | Self::Settling)
    }

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NullReversePath => "null_reverse_path",
            Self::AutoSubmitted => "auto_submitted",
            Self::Bulk => "bulk",
            Self::Spam => "spam",
            Self::Malware => "malware",
            Self::SpfFail => "spf_fail",
            Self::ManyRecipients => "many_recipients",
            Self::Guesser => "guesser",
            Self::UnderAttack => "under_attack",
            Self::Repeated => "repeated",
            Self::SenderDomain => "sender_domain",
            Self::Bounced => "bounced",
            Self::Settling => "settling",
        }
    }
}

/// Whether a message counts by itself, whoever it is for.
///
/// # Errors
/// The first reason why it does not count.
pub const fn counts(delivery: Delivery) -> Result<(), NotCounted> {
    Err(if delivery.null_reverse_path {
        NotCounted::NullReversePath
    } else if matches!(delivery.verdict, Content::Malware) {
        NotCounted::Malware
    } else if matches!(delivery.verdict, Content::Spam) {
        NotCounted::Spam
    } else if delivery.spf_fail {
        NotCounted::SpfFail
    } else if delivery.auto_submitted {
        NotCounted::AutoSubmitted
    } else if delivery.bulk {
        NotCounted::Bulk
    } else if delivery.recipients > MOST_RECIPIENTS {
        NotCounted::ManyRecipients
    } else if delivery.from_guesser {
        NotCounted::Guesser
    } else if delivery.under_attack {
        NotCounted::UnderAttack
    } else {
        return Ok(());
    })
}

/// Whether a message that counts by itself counts for this address.
///
/// # Errors
/// The first reason why it does not.
pub const fn counts_for(record: Record, per_sender_domain: Option<u32>) -> Result<(), NotCounted> {
    if record.repeated {
        return Err(NotCounted::Repeated);
    }
    if record.bounced {
        return Err(NotCounted::Bounced);
    }
    match per_sender_domain {
        Some(most) if record.of_sender_domain >= most => Err(NotCounted::SenderDomain),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: Delivery = Delivery {
        null_reverse_path: false,
        auto_submitted: false,
        bulk: false,
        verdict: Content::Clean,
        spf_fail: false,
        recipients: 1,
        from_guesser: false,
        under_attack: false,
    };

    #[test]
    fn c12_a_message_counts_if_nothing_speaks_against_it() {
        assert_eq!(counts(CLEAN), Ok(()));
        assert_eq!(counts(Delivery { recipients: MOST_RECIPIENTS, ..CLEAN }), Ok(()));
    }

    #[test]
    fn c12_each_condition_of_3_3_by_itself_keeps_a_message_from_counting() {
        for (delivery, why) in [
            (Delivery { null_reverse_path: true, ..CLEAN }, NotCounted::NullReversePath),
            (Delivery { auto_submitted: true, ..CLEAN }, NotCounted::AutoSubmitted),
            (Delivery { bulk: true, ..CLEAN }, NotCounted::Bulk),
            (Delivery { verdict: Content::Spam, ..CLEAN }, NotCounted::Spam),
            (Delivery { verdict: Content::Malware, ..CLEAN }, NotCounted::Malware),
            (Delivery { spf_fail: true, ..CLEAN }, NotCounted::SpfFail),
            (Delivery { recipients: MOST_RECIPIENTS + 1, ..CLEAN }, NotCounted::ManyRecipients),
            (Delivery { from_guesser: true, ..CLEAN }, NotCounted::Guesser),
            (Delivery { under_attack: true, ..CLEAN }, NotCounted::UnderAttack),
        ] {
            assert_eq!(counts(delivery), Err(why));
        }
    }

    #[test]
    fn c12_nothing_counts_twice_and_no_domain_makes_a_person_alone() {
        let fresh = Record::default();

        assert_eq!(counts_for(fresh, Some(2)), Ok(()));
        assert_eq!(counts_for(Record { repeated: true, ..fresh }, None), Err(NotCounted::Repeated));
        assert_eq!(counts_for(Record { of_sender_domain: 2, ..fresh }, Some(2)), Err(NotCounted::SenderDomain));
        assert_eq!(counts_for(Record { of_sender_domain: 9, ..fresh }, None), Ok(()));
    }

    #[test]
    fn t7_after_a_proven_bounce_nothing_counts_for_a_week() {
        assert_eq!(counts_for(Record { bounced: true, ..Record::default() }, None), Err(NotCounted::Bounced));
    }
}
