//! Typing mistakes: an address one letter away from an account (design: the typo hint).
//!
//! **Invariant.** A hint, never an answer: people and machines do have names that are one letter apart.

use crate::address::Address;

/// Names shorter than this are one letter away from too many others: `jan`, `jon`, `jo`.
const SHORTEST: usize = 5;
/// Longer names are not looked at; nobody has them.
const LONGEST: usize = 40;

/// Whether `written` is `meant` with one slip: a letter missing, too many, wrong, or two changed places.
///
/// Digits never slip (`room1` and `room2` are two rooms), nor does an initial (`a.lee` and `b.lee` are two people), and
/// marks between names are no letters. Both must be in one domain.
#[must_use]
pub fn is_one_slip_away(written: &Address, meant: &Address) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (letters(written), letters(meant));
    written.domain() == meant.domain() && a.len().max(b.len()) > SHORTEST - 1 && is_slip(&a, &b)
}

/// The keys of every address that `written` may be a slip of, for a look-up in the store's index: some 50 a letter.
#[must_use]
pub fn meant_keys(written: &Address) -> Vec<String> {
    let name = letters(written);
    if name.len() + 1 < SHORTEST || name.len() > LONGEST {
        return Vec::new();
    }
    let mut meant = Vec::new();
    let mut offer = |changed: Vec<char>| {
        if changed.len().max(name.len()) >= SHORTEST && is_slip(&name, &changed) {
            meant.push(format!("{}@{}", changed.iter().collect::<String>(), written.domain()));
        }
    };
    for place in 0..=name.len() {
        let (before, behind) = name.split_at(place);
        for letter in 'a'..='z' {
            offer([before, &[letter], behind].concat());
        }
        let Some((_, rest)) = behind.split_first() else { continue };
        offer([before, rest].concat());
        for letter in 'a'..='z' {
            offer([before, &[letter], rest].concat());
        }
        if let [first, second, rest @ ..] = behind {
            offer([before, &[*second, *first], rest].concat());
        }
    }
    meant.sort_unstable();
    meant.dedup();
    meant
}

fn letters(address: &Address) -> Vec<char> {
    address.local().to_lowercase().chars().collect()
}

fn is_slip(a: &[char], b: &[char]) -> bool {
    let same_before = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b, before) = (&a[same_before..], &b[same_before..], &a[..same_before]);
    let same_behind = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let behind = &a[a.len() - same_behind..];
    match (&a[..a.len() - same_behind], &b[..b.len() - same_behind]) {
        ([x], []) | ([], [x]) => x.is_alphabetic(),
        ([x], [y]) => x.is_alphabetic() && y.is_alphabetic() && !is_initial(before, behind),
        ([x, y], [z, w]) => (x, y) == (w, z) && x.is_alphabetic() && y.is_alphabetic(),
        _ => false,
    }
}

/// Whether one letter between these two stands alone.
fn is_initial(before: &[char], behind: &[char]) -> bool {
    let is_edge = |c: Option<&char>| c.is_none_or(|c| !c.is_alphabetic());
    is_edge(before.last()) && is_edge(behind.first())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(local: &str) -> Address {
        Address::parse(&format!("{local}@acme.example")).expect("an address")
    }

    #[test]
    fn one_letter_missing_too_many_wrong_or_in_the_wrong_place_is_a_slip() {
        for written in [
            "jordan.lach",
            "jordan.larchh",
            "jordan.lurch",
            "jordna.larch",
            "JORDAN.LARCG",
            "ordan.larch",
            "ojrdan.larch",
        ] {
            assert!(is_one_slip_away(&at(written), &at("Jordan.Larch")), "{written}");
            assert!(meant_keys(&at(written)).contains(&"jordan.larch@acme.example".to_owned()), "{written}");
        }
    }

    #[test]
    fn other_people_rooms_marks_and_short_names_are_no_slips() {
        for (written, meant) in [
            ("jordan.larch", "jordan.larch"),
            ("jordanlarch", "jordan.larch"),
            ("jordan_larch", "jordan.larch"),
            ("a.larch", "b.larch"),
            ("room1", "room2"),
            ("support2", "support"),
            ("jan", "jon"),
            ("anna", "ann"),
            ("jordan.lar", "jordan.larch"),
            ("jrodna.larch", "jordan.larch"),
        ] {
            assert!(!is_one_slip_away(&at(written), &at(meant)), "{written} {meant}");
        }
        let elsewhere = Address::parse("jordan.larch@acme.test").expect("an address");
        assert!(!is_one_slip_away(&at("jordan.lach"), &elsewhere), "another domain is no slip");
    }

    proptest! {
        #[test]
        fn every_key_offered_is_one_slip_away_and_no_slip_of_letters_is_left_out(
            written in "[a-z]{1,6}[._-]?[a-z0-9]{1,6}", place in 0_usize..12, letter in proptest::char::range('a', 'z'), how in 0..4
        ) {
            let written = at(&written);
            let keys = meant_keys(&written);
            prop_assert!(keys.len() < 55 * (written.local().len() + 1));
            for key in &keys {
                let meant = Address::parse(key);
                prop_assert!(meant.is_err() || is_one_slip_away(&written, &meant.unwrap()), "{key}");
            }
            let mut changed: Vec<char> = written.local().chars().collect();
            let place = place % changed.len();
            match how {
                0 => changed.insert(place, letter),
                1 => { changed.remove(place); }
                2 => changed[place] = letter,
                _ => { let next = (place + 1).min(changed.len() - 1); changed.swap(place, next); }
            }
            if let Ok(meant) = Address::parse(&format!("{}@acme.example", changed.iter().collect::<String>())) {
                prop_assert_eq!(is_one_slip_away(&written, &meant), keys.contains(&meant.key()));
            }
        }
    }
}
