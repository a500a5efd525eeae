//! Is mail flowing, and what needs an operator: facts in, one word and one sentence out.

use std::sync::atomic::Ordering;

use rollcall_core::Timestamp;

use rollcall_store::ListenerRecord;

use crate::certificate::SOON_MS;
use crate::destinations::Reachability;
use crate::error::EngineError;
use crate::house::House;
use crate::inbound::Bound;

/// The one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No domain is set up yet.
    NotSetUp,
    /// Set up, no message yet.
    Quiet,
    /// Mail is flowing.
    Flowing,
    /// A destination does not answer, or messages wait here.
    Waiting,
    /// No listener is bound.
    CannotComeIn,
}

/// Something that needs an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Stable word.
    pub code: &'static str,
    /// One sentence that says what to do.
    pub sentence: String,
    /// The technical reason.
    pub detail: Option<String>,
    /// Since when.
    pub since: Timestamp,
}

/// One listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// What was asked for.
    pub asked: ListenerRecord,
    /// What is bound.
    pub bound: Option<String>,
    /// Why it is not.
    pub fault: Option<String>,
}

/// How the house is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The one word.
    pub state: State,
    /// The same in one sentence.
    pub sentence: String,
    /// The listeners, the inbound one first.
    pub listeners: Vec<Listener>,
    /// What needs an operator, worst first.
    pub faults: Vec<Fault>,
    /// Messages waiting here.
    pub waiting: u64,
    /// Messages that could not be delivered and are kept.
    pub failed: u64,
    /// The last message the destination took.
    pub last_delivered: Option<Timestamp>,
}

impl House {
    /// How the house is now.
    ///
    /// # Errors
    /// The store's.
    pub fn health(&self) -> Result<Health, EngineError> {
        let spool = self.spool.numbers()?;
        let last_delivered = self.store.read(|tx| tx.last_delivered())?;
        let listeners = self.listeners();
        let mut faults = Vec::new();
        for listener in &listeners {
            if let Some(Bound::Not { sentence, detail, since }) = self.listeners.bound(&listener.asked.name) {
                faults.push(Fault { code: "listener_not_bound", sentence, detail: Some(detail), since });
            }
        }
        faults.extend(self.loops());
        faults.extend(self.certificate_ends());
        faults.extend(self.secrets_fault());
        faults.extend(self.sync_faults());
        faults.extend(self.unreachable(spool.waiting));
        faults.extend(self.disk_fault());
        faults.extend(self.failures.list().into_iter().map(|(task, since, why)| Fault {
            code: "task_failed",
            sentence: format!(
                "A part of Rollcall ({task}) failed and was started again. If this stays, restart the relay."
            ),
            detail: Some(why),
            since,
        }));
        if spool.failed > 0 {
            faults.push(Fault {
                code: "messages_failed",
                sentence: format!(
                    "{} kept here because it could not be delivered, for 14 days.",
                    counted(spool.failed)
                ),
                detail: None,
                since: spool.oldest.unwrap_or_else(|| self.clock.now()),
            });
        }
        let seen = last_delivered.is_some() || self.seen_mail.load(Ordering::Acquire);
        let state = state(
            self.setup().domains.is_empty(),
            listeners.iter().any(|one| one.bound.is_some()),
            &faults,
            spool.waiting,
            seen,
        );
        let sentence = sentence(state, spool.waiting);
        Ok(Health { state, sentence, listeners, faults, waiting: spool.waiting, failed: spool.failed, last_delivered })
    }

    /// Whether the destination of `domain` answers.
    #[must_use]
    pub fn reachability(&self, destination: &rollcall_net::Destination) -> Option<Reachability> {
        self.destinations.get(destination)
    }

    /// The listeners as asked for and as bound, the inbound one first.
    #[must_use]
    pub fn listeners(&self) -> Vec<Listener> {
        let wanted = self.listeners.wanted(&self.setup());
        let row = |asked: ListenerRecord| match self.listeners.bound(&asked.name) {
            Some(Bound::At(at)) => Listener { asked, bound: Some(at.to_string()), fault: None },
            Some(Bound::Not { sentence, .. }) => Listener { asked, bound: None, fault: Some(sentence) },
            None => Listener { asked, bound: None, fault: None },
        };
        wanted.into_iter().map(row).collect()
    }

    /// A certificate that the operator brought is replaced by the operator.
    fn certificate_ends(&self) -> Option<Fault> {
        let facts = self.certificate.facts();
        let now = self.clock.now();
        if facts.not_after_ms > now.plus_ms(SOON_MS).0 {
            return None;
        }
        let sentence = if facts.not_after_ms <= now.0 {
            "The certificate that clients see has ended. Mail still comes in, but careful senders may refuse to encrypt. Import a new one in Settings, Receiving."
        } else {
            "The certificate that clients see ends soon. Import a new one in Settings, Receiving."
        };
        let detail = Some(format!("{}, {}", facts.subject, facts.fingerprint));
        Some(Fault { code: "certificate_ends", sentence: sentence.to_owned(), detail, since: now })
    }

    fn unreachable(&self, waiting: u64) -> Vec<Fault> {
        let setup = self.setup();
        let mut destinations: Vec<_> = setup.destinations().collect();
        destinations.sort_by_key(ToString::to_string);
        destinations.dedup();
        let kept = match waiting {
            0 => "Known addresses are still taken and kept here; unknown ones are asked to come again.".to_owned(),
            waiting => format!("{} kept here and delivered when it's back. Nothing is lost.", counted(waiting)),
        };
        destinations
            .into_iter()
            .filter_map(|destination| match self.destinations.get(destination) {
                Some(Reachability::DoesNotAnswer { since, trouble }) => Some(Fault {
                    code: "destination_unreachable",
                    sentence: if setup.outbound.smarthost() == Some(destination) {
                        format!("{destination}, which takes your outgoing mail, doesn't answer. {kept}")
                    } else {
                        format!("Your mail server {destination} doesn't answer. {kept}")
                    },
                    detail: Some(trouble),
                    since,
                }),
                Some(Reachability::Answers(_)) | None => None,
            })
            .collect()
    }
}

fn state(no_domain: bool, is_bound: bool, faults: &[Fault], waiting: u64, seen_mail: bool) -> State {
    if no_domain {
        State::NotSetUp
    } else if !is_bound {
        State::CannotComeIn
    } else if waiting > 0 || faults.iter().any(|fault| fault.code == "destination_unreachable") {
        State::Waiting
    } else if seen_mail {
        State::Flowing
    } else {
        State::Quiet
    }
}

fn sentence(state: State, waiting: u64) -> String {
    match state {
        State::NotSetUp => "Rollcall isn't set up yet.".to_owned(),
        State::Quiet => "Rollcall is ready and waits for the first message.".to_owned(),
        State::Flowing => "Mail is flowing.".to_owned(),
        State::Waiting if waiting == 0 => "Your mail server doesn't answer.".to_owned(),
        State::Waiting => format!("{} waiting here for your mail server.", counted(waiting)),
        State::CannotComeIn => "Mail can't come in.".to_owned(),
    }
}

fn counted(messages: u64) -> String {
    if messages == 1 { "1 message is".to_owned() } else { format!("{messages} messages are") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_that_matters_for_mail_is_said_first() {
        let down =
            [Fault { code: "destination_unreachable", sentence: String::new(), detail: None, since: Timestamp(0) }];

        assert_eq!(state(true, true, &[], 0, true), State::NotSetUp);
        assert_eq!(state(false, false, &down, 3, true), State::CannotComeIn);
        assert_eq!(state(false, true, &down, 0, true), State::Waiting);
        assert_eq!(state(false, true, &[], 1, true), State::Waiting);
        assert_eq!(state(false, true, &[], 0, true), State::Flowing);
        assert_eq!(state(false, true, &[], 0, false), State::Quiet);
    }
}
