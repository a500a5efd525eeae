//! Which mailboxes ought to be found: those with three clean messages that count by 3.3 within thirty days, of which at
//! most two are of one sender domain. Counted here again, from what was sent alone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::plan::DAY;

/// The counting window, in hours.
const WINDOW: u32 = 30 * DAY;
/// Messages needed.
const NEED: usize = 3;
/// Of one sender domain count at most this many.
const OF_ONE: usize = 2;

/// What counted for each mailbox, and since when it was enough.
#[derive(Debug, Default)]
pub struct Evidence {
    counted: BTreeMap<String, VecDeque<(u32, String)>>,
    seen: BTreeSet<(String, String)>,
    due: BTreeMap<String, u32>,
}

impl Evidence {
    /// A clean message of `sender` to `mailbox`, known by `id`; the same one twice counts once.
    pub fn count(&mut self, mailbox: &str, sender: &str, id: &str, hour: u32) {
        if self.due.contains_key(mailbox) || !self.seen.insert((mailbox.to_owned(), id.to_owned())) {
            return;
        }
        let counted = self.counted.entry(mailbox.to_owned()).or_default();
        counted.push_back((hour, registrable(sender)));
        while counted.front().is_some_and(|(at, _)| at + WINDOW < hour) {
            counted.pop_front();
        }
        let mut by_domain: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, domain) in &*counted {
            *by_domain.entry(domain).or_default() += 1;
        }
        if by_domain.values().map(|count| (*count).min(OF_ONE)).sum::<usize>() >= NEED {
            self.due.insert(mailbox.to_owned(), hour);
        }
    }

    /// Mailboxes that ought to be found, and since when.
    #[must_use]
    pub const fn due(&self) -> &BTreeMap<String, u32> {
        &self.due
    }
}

/// The last two labels: every domain here is one below `.example`.
fn registrable(sender: &str) -> String {
    let domain = sender.rsplit_once('@').map_or(sender, |(_, domain)| domain);
    let mut labels: Vec<&str> = domain.rsplit('.').take(2).collect();
    labels.reverse();
    labels.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(messages: &[(&str, u32)]) -> bool {
        let mut evidence = Evidence::default();
        for (number, (sender, hour)) in messages.iter().enumerate() {
            evidence.count("ann", sender, &number.to_string(), *hour);
        }
        evidence.due().contains_key("ann")
    }

    #[test]
    fn three_within_thirty_days_of_two_domains_are_enough_and_of_one_domain_never() {
        assert!(due(&[("a@x.example", 0), ("b@mail.x.example", 5), ("c@y.example", 9)]));
        assert!(!due(&[("a@x.example", 0), ("b@x.example", 5), ("c@mail.x.example", 9)]));
        assert!(!due(&[("a@x.example", 0), ("b@y.example", 5), ("c@y.example", WINDOW + 1)]));
        assert!(due(&[("a@x.example", 0), ("b@y.example", 5), ("c@y.example", WINDOW)]));
    }

    #[test]
    fn the_same_message_twice_counts_once() {
        let mut evidence = Evidence::default();
        for id in ["1", "1", "2"] {
            evidence.count("ann", if id == "1" { "a@x.example" } else { "b@y.example" }, id, 0);
        }

        assert!(evidence.due().is_empty());
    }
}
