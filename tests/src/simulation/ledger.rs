//! What is found out about a run, held against the truth.

use std::collections::BTreeMap;
use std::sync::Arc;

use rollcall_core::Reply;

use super::evidence::Evidence;
use super::letter::{Letter, Nature};
use super::plan::{DAY, WEEK};
use super::world::{Kind, World, mailbox_of};

/// Euros that a user costs a month.
const PRICE: f64 = 3.0;

/// A row as the program shows it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The address in lower case.
    pub address: String,
    /// The word of its state.
    pub state: String,
}

/// The numbers of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Numbers {
    /// Mailboxes that ought to be found.
    pub mailboxes: usize,
    /// Of these, those that were.
    pub found: usize,
    /// Days until found, from the first day of a mailbox; the one in the middle.
    pub median_days: f64,
    /// Users that are nobody's mailbox.
    pub false_users: usize,
    /// What these cost until the end, in euros.
    pub cost: f64,
    /// Shared mailboxes that were made paid users.
    pub shared_users: usize,
    /// Wanted messages for somebody who exists that were refused for good.
    pub good_refused: usize,
    /// Addresses marked invalid although somebody had them.
    pub wrongly_invalid: usize,
    /// What the operator confirmed.
    pub decisions: usize,
    /// Messages handed to the relay.
    pub messages: u64,
}

/// Keeps count while the office lives.
#[derive(Debug)]
pub struct Ledger {
    world: Arc<World>,
    evidence: Evidence,
    found: BTreeMap<String, u32>,
    false_users: BTreeMap<String, u32>,
    shared_users: BTreeMap<String, u32>,
    invalid: BTreeMap<String, u32>,
    refused: Vec<String>,
    complaints: Vec<String>,
    messages: u64,
    decisions: usize,
    notes: Vec<String>,
}

impl Ledger {
    /// An empty one about `world`.
    #[must_use]
    pub fn new(world: Arc<World>) -> Self {
        Self {
            world,
            evidence: Evidence::default(),
            found: BTreeMap::new(),
            false_users: BTreeMap::new(),
            shared_users: BTreeMap::new(),
            invalid: BTreeMap::new(),
            refused: Vec::new(),
            complaints: Vec::new(),
            messages: 0,
            decisions: 0,
            notes: Vec::new(),
        }
    }

    /// A letter is handed over for the first time.
    pub fn sent(&mut self, letter: &Letter, hour: u32) {
        self.messages += 1;
        if !letter.counts() {
            return;
        }
        for recipient in &letter.to {
            let Some(mailbox) = mailbox_of(recipient) else { continue };
            if matches!(self.world.kind(&mailbox, hour), Some(Kind::Person | Kind::Shared)) {
                self.evidence.count(&mailbox, &letter.sender, &letter.id, hour);
            }
        }
    }

    /// A recipient of a letter was refused for good.
    pub fn refused(&mut self, letter: &Letter, recipient: &str, reply: &Reply, hour: u32) {
        let is_wanted = letter.is_good() && self.world.reaches(recipient, hour);
        if is_wanted || letter.nature == Nature::Outbound {
            self.refused.push(format!("hour {hour}: {recipient}: {reply}"));
            self.complaints.extend(mailbox_of(recipient));
        }
    }

    /// Addresses whose mail was refused since somebody last asked.
    pub fn complaints(&mut self) -> Vec<String> {
        let mut complaints = std::mem::take(&mut self.complaints);
        complaints.sort_unstable();
        complaints.dedup();
        complaints
    }

    /// The operator confirmed something.
    pub fn decided(&mut self, what: String) {
        self.decisions += 1;
        self.notes.push(what);
    }

    /// Something worth knowing that is no decision.
    pub fn noted(&mut self, what: String) {
        self.notes.push(what);
    }

    /// The list as it is shown at `hour`.
    pub fn look(&mut self, rows: &[Row], hour: u32) {
        for Row { address, state } in rows {
            let was = self.world.entry(address).filter(|entry| entry.hours.start <= hour).map(|entry| entry.kind);
            match state.as_str() {
                "discovered" | "user" | "functional" if matches!(was, Some(Kind::Person | Kind::Shared)) => {
                    self.found.entry(address.clone()).or_insert(hour);
                }
                _ => {}
            }
            match (state.as_str(), was) {
                ("user", Some(Kind::Shared)) => drop(self.shared_users.entry(address.clone()).or_insert(hour)),
                ("user", None | Some(Kind::Alias | Kind::Shop)) if !self.false_users.contains_key(address) => {
                    self.false_users.insert(address.clone(), hour);
                    self.notes.push(format!("hour {hour}: false user {address} ({was:?})"));
                }
                ("invalid", Some(kind)) if self.is_new_invalid(address, hour) => {
                    self.notes.push(format!("hour {hour}: {address} ({kind:?}) is wrongly invalid"));
                    self.invalid.insert(address.clone(), hour);
                }
                _ => {}
            }
        }
    }

    fn is_new_invalid(&self, address: &str, hour: u32) -> bool {
        self.world.kind(address, hour).is_some() && !self.invalid.contains_key(address)
    }

    /// The numbers at the end.
    #[must_use]
    pub fn close(&self) -> Numbers {
        let end = self.world.plan.hours;
        // What was enough within the last day may still settle.
        let due = self.evidence.due().iter().filter(|(_, since)| **since + DAY < end);
        let due: Vec<&String> = due.map(|(mailbox, _)| mailbox).collect();
        let found: Vec<u32> = due.iter().filter_map(|mailbox| self.days(mailbox)).collect();
        let until_end = |since: &u32| f64::from(end - since) / f64::from(WEEK) * 12.0 / 52.0 * PRICE;
        Numbers {
            mailboxes: due.len(),
            found: found.len(),
            median_days: median(found),
            false_users: self.false_users.len(),
            cost: self.false_users.values().map(until_end).fold(0.0, |sum, cost| sum + cost),
            shared_users: self.shared_users.len(),
            good_refused: self.refused.len(),
            wrongly_invalid: self.invalid.len(),
            decisions: self.decisions,
            messages: self.messages,
        }
    }

    /// What happened, for whoever wants to know why: decisions, mistakes, what was not found.
    #[must_use]
    pub fn story(&self) -> Vec<String> {
        let missing = self.evidence.due().iter().filter(|(mailbox, _)| !self.found.contains_key(*mailbox));
        let missing = missing.map(|(mailbox, since)| format!("hour {since}: {mailbox} ought to be found and was not"));
        let refused = self.refused.iter().map(|what| format!("refused: {what}"));
        self.notes.iter().cloned().chain(missing).chain(refused).collect()
    }

    fn days(&self, mailbox: &str) -> Option<u32> {
        let from = self.world.entry(mailbox)?.hours.start;
        Some(self.found.get(mailbox)?.saturating_sub(from))
    }
}

/// In days, from hours.
fn median(mut hours: Vec<u32>) -> f64 {
    hours.sort_unstable();
    let middle = hours.len() / 2;
    hours.get(middle).map_or(0.0, |hours| f64::from(*hours) / f64::from(DAY))
}

#[cfg(test)]
mod tests {
    use super::super::letter::Way;
    use super::*;

    fn ledger() -> (Ledger, Arc<World>) {
        let world = Arc::new(World::new(4, 8, 20));
        (Ledger::new(Arc::clone(&world)), world)
    }

    fn row(address: &str, state: &str) -> Row {
        Row { address: address.to_owned(), state: state.to_owned() }
    }

    #[test]
    fn a_user_without_a_mailbox_is_false_and_a_shared_one_is_told_apart() {
        let (mut ledger, world) = ledger();
        let alias = world.staff.iter().find_map(|person| person.aliases.first()).unwrap();
        let person = &world.staff[20].mailbox;

        let rows = [
            row(person, "user"),
            row(alias, "user"),
            row(&world.former[0], "user"),
            row(&world.shared[0].mailbox, "user"),
            row(&world.shared[1].mailbox, "functional"),
        ];
        ledger.look(&rows, 300);
        ledger.look(&rows, 400);

        let numbers = ledger.close();
        assert_eq!((numbers.false_users, numbers.shared_users), (2, 1));
        assert!(numbers.cost > 0.0);
    }

    #[test]
    fn only_an_address_that_somebody_has_can_be_wrongly_invalid() {
        let (mut ledger, world) = ledger();
        let rows = [row(&world.staff[20].mailbox, "invalid"), row(&world.former[0], "invalid")];

        ledger.look(&rows, 100);

        assert_eq!(ledger.close().wrongly_invalid, 1);
    }

    #[test]
    fn refusing_spam_or_mail_for_nobody_is_no_loss() {
        let (mut ledger, world) = ledger();
        let reply = Reply::new(550, 1, 1, "no");
        let letter = |nature| Letter {
            hour: 9,
            way: Way::Filter,
            nature,
            sender: "kim@elm.example".to_owned(),
            to: Vec::new(),
            id: "1".to_owned(),
            subject: String::new(),
            answers: None,
            report: None,
        };
        let real = &world.staff[20].mailbox;

        ledger.refused(&letter(Nature::Spam { known: false }), real, &reply, 9);
        ledger.refused(&letter(Nature::Person), &world.former[0], &reply, 9);
        ledger.refused(&letter(Nature::Bulk), real, &reply, 9);

        assert_eq!(ledger.close().good_refused, 1);
        assert_eq!(ledger.complaints(), std::slice::from_ref(real));
        assert!(ledger.complaints().is_empty());
    }
}
