//! The score of X03: everything seen of an address, in one of seven plain sentences.
//!
//! **Invariant.** It is shown and never acts.

use super::shape::{Shape, shape};

/// What is known of how a mail server answers for made-up names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Server {
    /// It was not seen yet.
    #[default]
    Unknown,
    /// It refuses them, so what it takes is real.
    RefusesStrangers,
    /// It takes everything, so what it takes proves nothing.
    AcceptsEverything,
}

/// What was seen of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Clean messages that count (3.3).
    pub clean: u32,
    /// Different sender domains among them.
    pub sender_domains: u32,
    /// Spam that came for it.
    pub spam: u32,
    /// It sent mail through us (T5).
    pub has_sent: bool,
    /// Somebody answered mail that it sent (X07).
    pub was_answered: bool,
    /// Its mail server.
    pub server: Server,
    /// Returned mail that proves it missing, and refusals of it by its mail server (T6, T7).
    pub bounces: u32,
    /// One letter away from an account (see [`crate::alias::is_one_slip_away`]).
    pub is_near_account: bool,
}

/// What that says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Score {
    /// Mail of its own or a server that tells, and a name.
    SurelyPerson,
    /// A name that several write to.
    LikePerson,
    /// A name that several people or a machine share.
    LikeShared,
    /// A list, or what a list's program made.
    LikeList,
    /// Spam or a made-up name, and nothing that proves it real.
    ProbablyGuessed,
    /// One letter away from an account, with hardly any mail.
    ProbablyTypo,
    /// Too little.
    NotEnough,
}

impl Score {
    /// Every score.
    pub const ALL: [Self; 7] = [
        Self::SurelyPerson,
        Self::LikePerson,
        Self::LikeShared,
        Self::LikeList,
        Self::ProbablyGuessed,
        Self::ProbablyTypo,
        Self::NotEnough,
    ];

    /// As it is shown.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SurelyPerson => "Surely a person",
            Self::LikePerson => "Looks like a person",
            Self::LikeShared => "Looks like a shared mailbox",
            Self::LikeList => "Looks like a list",
            Self::ProbablyGuessed => "Probably guessed by spammers",
            Self::ProbablyTypo => "Probably a typing mistake",
            Self::NotEnough => "Not enough seen yet",
        }
    }

    /// The word used in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SurelyPerson => "surely_person",
            Self::LikePerson => "like_person",
            Self::LikeShared => "like_shared",
            Self::LikeList => "like_list",
            Self::ProbablyGuessed => "probably_guessed",
            Self::ProbablyTypo => "probably_typo",
            Self::NotEnough => "not_enough",
        }
    }
}

/// Clean messages, and sender domains among them, from which an address without proof counts as real.
const ENOUGH: (u32, u32) = (3, 2);
/// An address with more clean messages than this is no slip.
const FEW: u32 = 2;

/// The score of an address with this local part; the first that holds of list, proof, contradiction, spam, slip, name.
#[must_use]
pub fn score(local: &str, seen: Seen) -> Score {
    let shape = shape(local);
    if shape == Shape::List {
        Score::LikeList
    } else if seen.has_sent || seen.was_answered {
        if shape == Shape::Functional { Score::LikeShared } else { Score::SurelyPerson }
    } else if is_known_by_server(seen) {
        known(shape, seen)
    } else if is_spam_only(seen) {
        Score::ProbablyGuessed
    } else if seen.is_near_account && seen.clean <= FEW {
        Score::ProbablyTypo
    } else if seen.bounces > 0 {
        Score::NotEnough
    } else {
        unproved(shape, seen)
    }
}

const fn is_known_by_server(seen: Seen) -> bool {
    matches!(seen.server, Server::RefusesStrangers) && seen.clean > 0 && seen.bounces == 0
}

const fn is_enough(seen: Seen) -> bool {
    seen.clean >= ENOUGH.0 && seen.sender_domains >= ENOUGH.1
}

/// Spam at least twice, more than twice as much as clean mail, and that from one place at most.
const fn is_spam_only(seen: Seen) -> bool {
    seen.spam >= 2 && seen.sender_domains < ENOUGH.1 && seen.spam / 2 >= seen.clean
}

const fn known(shape: Shape, seen: Seen) -> Score {
    match shape {
        Shape::Functional => Score::LikeShared,
        Shape::Name if is_enough(seen) => Score::SurelyPerson,
        _ => Score::LikePerson,
    }
}

const fn unproved(shape: Shape, seen: Seen) -> Score {
    match shape {
        Shape::Functional if seen.clean > 0 => Score::LikeShared,
        Shape::Random if seen.sender_domains < ENOUGH.1 => Score::ProbablyGuessed,
        Shape::Dictionary if seen.spam > 0 && !is_enough(seen) => Score::ProbablyGuessed,
        _ if is_enough(seen) => Score::LikePerson,
        _ => Score::NotEnough,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn x07_an_answer_to_its_own_mail_is_the_strongest_proof() {
        let seen = Seen { clean: 1, sender_domains: 1, spam: 9, bounces: 1, ..Seen::default() };

        assert_eq!(score("ann.lee", seen), Score::ProbablyGuessed);
        assert_eq!(score("ann.lee", Seen { was_answered: true, ..seen }), Score::SurelyPerson);
        assert_eq!(score("info", Seen { was_answered: true, ..seen }), Score::LikeShared);
    }

    #[test]
    fn x03_one_newsletter_makes_no_person() {
        let seen = Seen { clean: 30, sender_domains: 1, server: Server::AcceptsEverything, ..Seen::default() };

        assert_eq!(score("ann.lee", seen), Score::NotEnough);
        assert_eq!(score("ann.lee", Seen { sender_domains: 2, ..seen }), Score::LikePerson);
    }

    #[test]
    fn x03_what_a_server_says_counts_only_while_nothing_contradicts_it() {
        let seen = Seen { clean: 3, sender_domains: 2, server: Server::RefusesStrangers, ..Seen::default() };

        assert_eq!(score("ann.lee", seen), Score::SurelyPerson);
        assert_eq!(score("ann.lee", Seen { bounces: 1, ..seen }), Score::NotEnough);
    }

    #[test]
    fn every_score_has_a_word_and_a_sentence_of_its_own() {
        let words: std::collections::BTreeSet<_> = Score::ALL.iter().map(|score| score.word()).collect();
        let sentences: std::collections::BTreeSet<_> = Score::ALL.iter().map(|score| score.sentence()).collect();

        assert_eq!((words.len(), sentences.len()), (7, 7));
    }

    fn some_seen() -> impl Strategy<Value = Seen> {
        let server =
            prop_oneof![Just(Server::Unknown), Just(Server::RefusesStrangers), Just(Server::AcceptsEverything)];
        (0_u32..9, 0_u32..9, 0_u32..30, any::<[bool; 3]>(), server, 0_u32..3).prop_map(
            |(clean, domains, spam, is, server, bounces)| Seen {
                clean,
                sender_domains: domains.min(clean),
                spam,
                has_sent: is[0],
                was_answered: is[1],
                is_near_account: is[2],
                server,
                bounces,
            },
        )
    }

    proptest! {
        #[test]
        fn x03_proof_never_ends_as_guessed_or_mistyped(local in "\\PC{0,20}", seen in some_seen()) {
            let score = score(&local, Seen { has_sent: true, ..seen });
            prop_assert!(!matches!(score, Score::ProbablyGuessed | Score::ProbablyTypo | Score::NotEnough), "{score:?}");
        }

        #[test]
        fn x03_nothing_unproved_is_surely_a_person(local in "\\PC{0,20}", seen in some_seen()) {
            let seen = Seen { has_sent: false, was_answered: false, ..seen };
            let surely = score(&local, seen) == Score::SurelyPerson;
            prop_assert!(!surely || (seen.server == Server::RefusesStrangers && seen.bounces == 0));
        }
    }
}
