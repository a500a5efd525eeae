//! What happens in a round, from a seed: the same seed gives the same schedule.

use super::power::Cut;

/// Numbers that look random and are the same for the same seed (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice for one purpose; different `salt`s give independent ones.
    #[must_use]
    pub const fn new(seed: u64, salt: u64) -> Self {
        Self(seed ^ salt.wrapping_mul(0xA076_1D64_78BD_642F))
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    /// True once in `often` times.
    pub fn once_in(&mut self, often: u64) -> bool {
        self.below(often) == 0
    }
}

/// How the destination behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Up,
    /// As it should, a moment late.
    Slow,
    /// Accepts no connection and closes those it has.
    Down,
    /// Accepts connections and says nothing more.
    Hanging,
    /// Takes the content and closes without its final reply.
    ClosesAfterDot,
    /// Closes in the middle of the content.
    ClosesInContent,
    /// Says 451 to the content.
    Busy,
}

/// What breaks or mends during a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The destination behaves otherwise.
    Destination(Mood),
    /// No room is left where the data folder is.
    DiskFills,
    /// There is room again.
    DiskEmpties,
    /// The destination's name is not found any more.
    NamesBreak,
    /// It is found again.
    NamesMend,
}

/// One life of the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// What happens, and how many milliseconds after the start of the load; in order.
    pub events: Vec<(u64, Event)>,
    /// When it is killed, in milliseconds after the start of the load.
    pub killed_ms: u64,
    /// Whether power is cut with the kill.
    pub cut: Option<Cut>,
}

/// What can be broken here beside the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Breakable {
    /// The disk can be filled.
    pub disk: bool,
    /// Names can stop being found.
    pub names: bool,
    /// Power can be cut, so that the disk loses what was not flushed.
    pub power: Option<Flushes>,
}

/// What the disk does when it is told to flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flushes {
    /// It flushes.
    Obeyed,
    /// It only says so: whoever relies on it loses mail. To see that the harness notices.
    Ignored,
    /// It only says so of folders: names are lost, what is in files is not.
    IgnoredForFolders,
}

impl Round {
    /// The round with this number.
    #[must_use]
    pub fn of(seed: u64, number: u64, breakable: Breakable) -> Self {
        let mut dice = Dice::new(seed, number + 1);
        let longest = if dice.once_in(8) { 1500 } else { 450 };
        let killed_ms = 30 + dice.below(longest);
        let mut events = Vec::new();
        for _ in 0..1 + dice.below(3) {
            events.push((dice.below(killed_ms), Event::Destination(mood(&mut dice))));
        }
        if breakable.disk && dice.once_in(4) {
            let from = dice.below(killed_ms);
            events.push((from, Event::DiskFills));
            if dice.once_in(2) {
                events.push((from + dice.below(killed_ms - from), Event::DiskEmpties));
            }
        }
        if breakable.names && dice.once_in(4) {
            let from = dice.below(killed_ms);
            events.push((from, Event::NamesBreak));
            if dice.once_in(2) {
                events.push((from + dice.below(killed_ms - from), Event::NamesMend));
            }
        }
        events.sort_by_key(|(at, _)| *at);
        let cut = breakable.power.and_then(|_| [None, Some(Cut::Clean), Some(Cut::Torn)][dice.below(3) as usize]);
        Self { events, killed_ms, cut }
    }
}

fn mood(dice: &mut Dice) -> Mood {
    match dice.below(16) {
        0..=3 => Mood::Up,
        4..=5 => Mood::Slow,
        6..=9 => Mood::Down,
        10 => Mood::Hanging,
        11..=12 => Mood::ClosesAfterDot,
        13 => Mood::ClosesInContent,
        _ => Mood::Busy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_rounds_and_another_seed_gives_others() {
        let all = Breakable { disk: true, names: true, power: Some(Flushes::Obeyed) };
        let rounds = |seed| (0..50).map(|number| Round::of(seed, number, all)).collect::<Vec<_>>();

        assert_eq!(rounds(7), rounds(7));
        assert_ne!(rounds(7), rounds(8));
    }

    #[test]
    fn within_a_hundred_rounds_everything_happens() {
        let all = Breakable { disk: true, names: true, power: Some(Flushes::Obeyed) };
        for cut in [None, Some(Cut::Clean), Some(Cut::Torn)] {
            assert!((0..100).any(|number| Round::of(1, number, all).cut == cut), "{cut:?}");
        }
        let events: Vec<_> =
            (0..100).flat_map(|number| Round::of(1, number, all).events).map(|(_, event)| event).collect();

        for expected in [
            Event::Destination(Mood::Up),
            Event::Destination(Mood::Slow),
            Event::Destination(Mood::Down),
            Event::Destination(Mood::Hanging),
            Event::Destination(Mood::ClosesAfterDot),
            Event::Destination(Mood::ClosesInContent),
            Event::Destination(Mood::Busy),
            Event::DiskFills,
            Event::DiskEmpties,
            Event::NamesBreak,
            Event::NamesMend,
        ] {
            assert!(events.contains(&expected), "{expected:?}");
        }
    }
}
