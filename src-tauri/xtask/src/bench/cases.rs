//! The cases: what is sent, and what the relays are set up for meanwhile.

use super::Effort;
use super::load::Load;

/// How the relays of a case are set up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Setting {
    /// The destination's answer is the client's.
    PassThrough,
    /// Recipients are verified at the destination.
    Verifying,
    /// Mail is queued for a destination that takes its time; ours passes it on.
    Slow,
    /// Mail is kept for a destination that is not there.
    Away,
    /// Ours twice: with few and with many addresses on file.
    ManyRows,
}

impl Setting {
    /// In the order they are measured in.
    pub const ALL: [Self; 5] = [Self::PassThrough, Self::Verifying, Self::Slow, Self::Away, Self::ManyRows];
}

/// A load under a name.
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// As the table calls it.
    pub name: String,
    /// What is sent.
    pub load: Load,
}

pub const ONE_EACH: &str = "4 KiB, 20 sessions, one message each";
pub const KEPT: &str = "4 KiB, 20 sessions, kept";
pub const LARGE_KEPT: &str = "100 KiB, 20 sessions, kept";
pub const COLD: &str = "4 KiB, 20 sessions, one message each, every address new";
pub const REFUSED_AGAIN: &str = "refusals, 20 sessions of 10 RCPT, asked before";
pub const REFUSED_NEW: &str = "refusals, 20 sessions of 10 RCPT, every address new";
pub const SLOW: &str = "4 KiB, 20 sessions, one message each, the destination takes 5 ms";
pub const AWAY: &str = "4 KiB, 20 sessions, one message each, destination away, then back";
pub const MANY_ROWS: &str = "4 KiB, 20 sessions, one message each, few and many addresses on file";

/// The cases of a setting.
pub fn of(setting: Setting, effort: Effort) -> Vec<Case> {
    let usual = Load { seconds: effort.seconds, ..Load::default() };
    let case = |name: &str, load: Load| Case { name: name.to_owned(), load };
    let refusals = Load { only_asks: 10, name: "unk".to_owned(), ..usual };
    match setting {
        Setting::PassThrough => plain(&usual),
        Setting::Verifying => vec![
            case(COLD, Load { addresses: 0, ..usual }),
            case(REFUSED_AGAIN, refusals.clone()), // first: new ones use up what may be asked
            case(REFUSED_NEW, Load { addresses: 0, ..refusals }),
        ],
        Setting::Slow => vec![case(SLOW, usual)],
        Setting::Away => vec![case(AWAY, usual)],
        Setting::ManyRows => vec![case(MANY_ROWS, usual)],
    }
}

fn plain(usual: &Load) -> Vec<Case> {
    let mut cases = Vec::new();
    for (size, bytes) in [("4 KiB", 4096), ("100 KiB", 102_400)] {
        for (width, sessions) in [("1 session", 1), ("20 sessions", 20)] {
            for (kept, per_session) in [("one message each", 1), ("kept", 0)] {
                let load = Load { sessions, bytes, per_session, ..usual.clone() };
                cases.push(Case { name: format!("{size}, {width}, {kept}"), load });
            }
        }
    }
    cases
}

/// The load of a run, 0 for the one that is not counted. Addresses that are to be new are new in every run.
pub fn unlike_before(load: &Load, run: usize) -> Load {
    let name = if load.addresses == 0 { format!("{}{run}x", load.name) } else { load.name.clone() };
    Load { name, ..load.clone() }
}

/// What is sent before it counts: short. Where every address is to be known already, each is asked about by a session of
/// its own, and for longer: a peer may take three seconds for its first answer.
pub fn warm(load: &Load) -> Load {
    let brief = Load { seconds: 0.5, ..unlike_before(load, 0) };
    if load.only_asks == 0 || load.addresses == 0 {
        return brief;
    }
    Load { seconds: 3.0, sessions: load.sessions.max(usize::try_from(load.addresses).unwrap_or(0)), ..brief }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_addresses_are_new_in_every_run_and_known_ones_the_same() {
        let new = Load { addresses: 0, ..Load::default() };

        assert_ne!(unlike_before(&new, 1).name, unlike_before(&new, 2).name);
        assert_eq!(unlike_before(&Load::default(), 1), Load::default());
    }

    #[test]
    fn before_refusals_of_known_addresses_count_each_is_asked_about_once() {
        let refusals = Load { only_asks: 10, ..Load::default() };

        assert_eq!(warm(&refusals).sessions, 100);
        assert_eq!(warm(&Load { addresses: 0, ..refusals }).sessions, 20);
        assert_eq!(warm(&Load::default()).sessions, 20);
    }

    #[test]
    fn every_name_that_others_look_for_is_the_name_of_a_case() {
        let effort = Effort { runs: 1, seconds: 1.0, rows: 1 };
        let names: Vec<_> =
            Setting::ALL.iter().flat_map(|setting| of(*setting, effort)).map(|case| case.name).collect();

        for name in [ONE_EACH, KEPT, LARGE_KEPT, COLD, REFUSED_AGAIN, REFUSED_NEW, SLOW, AWAY, MANY_ROWS] {
            assert!(names.iter().any(|other| other == name), "{name}");
        }
    }
}
