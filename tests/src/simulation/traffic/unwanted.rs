//! What nobody wants: spam, guesses, campaigns, false reports.

use super::Pen;
use crate::simulation::letter::{Letter, Nature, Way, report};
use crate::simulation::names::{FIRST, HOME, LAST, SECOND};
use crate::simulation::plan::DAY;

/// Of a hundred spam messages the filter knows so many.
const KNOWN: u32 = 97;
/// Names that every dictionary has.
const DICTIONARY: usize = 260;
/// The hour of a dictionary attack.
const NIGHT: u32 = 3;

/// Spam to addresses that exist, that existed, and that are guessed; in a campaign much more.
pub fn spam(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    let tenths = if pen.world.plan.is_campaign(pen.day * DAY + 12) { 12_000 } else { 2_000 };
    for _ in 0..pen.share(tenths) {
        let to = match pen.random.below(4) {
            0 => guessed(pen),
            1 => pen.random.pick(&pen.world.former).clone(),
            2 => pen.random.pick(&pen.world.shared).mailbox.clone(),
            _ => pen.random.pick(&pen.world.staff).mailbox.clone(),
        };
        let letter = unwanted(pen, to);
        letters.push(letter);
    }
}

/// Once a week somebody goes through a dictionary: most names are only asked for, some get spam.
pub fn guesses(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    let week = pen.day / 7;
    if pen.day % 7 != (pen.world.seed as u32).wrapping_add(week) % 6 {
        return;
    }
    let how_many = (DICTIONARY as u32 * pen.world.volume / 100).max(40);
    for _ in 0..how_many {
        let to = guessed(pen);
        let hour = pen.day * DAY + NIGHT;
        let letter = if pen.random.below(5) < 3 {
            Letter { way: Way::Direct, nature: Nature::Guess, ..unwanted(pen, to) }
        } else {
            unwanted(pen, to)
        };
        letters.push(Letter { hour, ..letter });
    }
}

/// In a campaign, reports that never were: they say that people of the office are gone.
pub fn forged(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    if !pen.world.plan.is_campaign(pen.day * DAY + 12) {
        return;
    }
    for _ in 0..10 {
        let (to, about) = (pen.random.pick(&pen.world.staff), pen.random.pick(&pen.world.staff));
        let letter = pen.letter(Nature::Forged, "", vec![to.mailbox.clone()]);
        let text = report("mail.northfield.example", &to.mailbox, &about.mailbox, &letter.id, "5.1.1");
        letters.push(Letter { report: Some(text), ..letter });
    }
}

fn unwanted(pen: &mut Pen<'_>, to: String) -> Letter {
    let sender = format!("deal{}@bulk{}.example", pen.random.below(1_000), pen.random.below(40));
    let known = pen.random.below(100) < KNOWN;
    pen.letter(Nature::Spam { known }, &sender, vec![to])
}

/// The same names every week: an attacker has one dictionary.
fn guessed(pen: &mut Pen<'_>) -> String {
    let number = pen.random.below(DICTIONARY as u32) as usize;
    let (first, last) = (FIRST[number % FIRST.len()], LAST[(number * 7 + 13) % LAST.len()]);
    match number % 4 {
        0 => format!("{first}@{SECOND}"),
        1 => format!("{last}@{HOME}"),
        2 => format!("{first}{number}@{HOME}"),
        _ => format!("{first}.{last}@{HOME}"),
    }
}
