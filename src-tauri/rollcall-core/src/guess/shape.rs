//! The shape of a local part: what it reads like before anything was seen of it.

use super::words::{FUNCTIONAL, GUESSED, LIST_ENDS, LIST_NAMES};
use crate::recipient::{NeverLearn, never_learn};

/// What a local part reads like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A name, or what may be one.
    Name,
    /// A mailbox of several people or a machine: `info`, `scanner2`.
    Functional,
    /// A list, or an address that a list's program made: `staff-request`, `bounces+8412`.
    List,
    /// Letters and digits that nobody chose: `x9k2qv7`, `qwerty`.
    Random,
    /// A word that guessers try: `test123`, `user42`.
    Dictionary,
}

/// Keys that lie beside each other, and the alphabet.
const ROWS: [&str; 6] =
    ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"];

/// What `local` reads like.
#[must_use]
pub fn shape(local: &str) -> Shape {
    let lower = local.to_lowercase();
    match never_learn(&lower) {
        Some(NeverLearn::Srs | NeverLearn::Signed | NeverLearn::Bounce | NeverLearn::Verp) => return Shape::List,
        Some(NeverLearn::Long | NeverLearn::Hexadecimal) => return Shape::Random,
        None => {}
    }
    let parts: Vec<&str> = lower.split(['-', '_', '+', '.']).filter(|part| !part.is_empty()).collect();
    let first = parts.first().map_or("", |part| stem(part));
    if is_list(&lower, first) {
        Shape::List
    } else if is_functional(&lower, first) {
        Shape::Functional
    } else if is_in(GUESSED, first) {
        Shape::Dictionary
    } else if is_random(&parts) {
        Shape::Random
    } else {
        Shape::Name
    }
}

/// `room2` → `room`.
fn stem(part: &str) -> &str {
    part.trim_end_matches(|c: char| c.is_ascii_digit())
}

fn is_in(sorted: &[&str], word: &str) -> bool {
    sorted.binary_search(&word).is_ok()
}

/// What stands behind the last `-` or `_`.
fn end(lower: &str) -> Option<&str> {
    lower
        .rsplit_once(['-', '_'])
        .map(|(before, end)| (before, stem(end)))
        .filter(|(before, _)| !before.is_empty())
        .map(|(_, end)| end)
}

fn is_list(lower: &str, first: &str) -> bool {
    is_in(LIST_NAMES, first) || lower.starts_with("owner-") || end(lower).is_some_and(|end| is_in(LIST_ENDS, end))
}

/// `no-reply` is a word written apart. Behind a dot stands a surname, which may be any word; behind a hyphen hardly.
fn is_functional(lower: &str, first: &str) -> bool {
    let whole: String = stem(lower).split(['-', '_', '.']).collect();
    is_in(FUNCTIONAL, first)
        || is_in(FUNCTIONAL, &whole)
        || end(lower).is_some_and(|end| end.len() > 3 && is_in(FUNCTIONAL, end))
}

/// Nobody is called that: digits between letters, no vowel in five letters, one letter again and again, keys in a row.
fn is_random(parts: &[&str]) -> bool {
    parts.iter().any(|part| {
        let changes = part.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit());
        let letters = stem(part);
        let is_word = letters.chars().all(char::is_alphabetic);
        let mute = letters.len() > 4 && letters.bytes().all(|b| b.is_ascii_alphabetic() && !b"aeiouy".contains(&b));
        let alike = letters.len() > 2 && letters.bytes().all(|b| Some(&b) == letters.as_bytes().first());
        let row = letters.len() > 3 && ROWS.iter().any(|row| row.contains(letters));
        changes.count() > 2 || (is_word && (mute || alike || row))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x03_a_local_part_reads_like_what_it_is() {
        for (locals, expected) in [
            (
                &["ann.lee", "kim", "jschmidt", "van.der.berg", "o'neill", "ann2", "krcmar", "lynn", "日本"][..],
                Shape::Name,
            ),
            (&["info", "Scanner2", "emea-support", "buchhaltung.nord", "no-reply", "do-not-reply"], Shape::Functional),
            (&["owner-staff", "staff-request", "bounces+84", "ann=shop.example", "all", "SRS0=x=y"], Shape::List),
            (&["x9k2qv7", "qwerty", "xzqjwk", "aaaa", "0123456789abcdef01234567"], Shape::Random),
            (&["test", "test123", "user42"], Shape::Dictionary),
        ] {
            for local in locals {
                assert_eq!(shape(local), expected, "{local}");
            }
        }
    }

    #[test]
    fn a_surname_behind_a_dot_may_be_any_word() {
        assert_eq!(shape("emma.press"), Shape::Name);
        assert_eq!(shape("tom.list"), Shape::Name);
    }
}
