//! What is wanted: people, answers, shops, lists, programs, and what the office writes itself.

use super::{Pen, domain_of};
use crate::simulation::letter::{Letter, Nature, Way, report};
use crate::simulation::names::{HOME, SECOND};
use crate::simulation::people::Person;
use crate::simulation::plan::{DAY, WEEK};
use crate::simulation::world::World;

/// People write to people and to shared mailboxes.
pub fn people(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    let (world, day) = (pen.world, pen.day);
    for person in world.staff.iter().filter(|person| is_here(person, day)) {
        for _ in 0..pen.share(person.weekly_tenths) {
            let sender = contact(pen, &person.contacts);
            let mut to = vec![name_of(pen, person)];
            if pen.random.below(10) == 0 {
                let further = pen.random.pick(&world.staff);
                to.extend(is_here(further, pen.day).then(|| further.mailbox.clone()).filter(|one| *one != to[0]));
            }
            let letter = pen.letter(Nature::Person, &sender, to);
            letters.push(letter);
        }
    }
    for shared in &world.shared {
        for _ in 0..pen.share(shared.weekly_tenths) {
            let sender = contact(pen, &shared.contacts);
            let elsewhere = pen.random.below(20) == 0;
            let to = if elsewhere { shared.mailbox.replace(HOME, SECOND) } else { shared.mailbox.clone() };
            let letter = pen.letter(Nature::Person, &sender, vec![to]);
            letters.push(letter);
        }
    }
    nobody(pen, letters);
    crowd(pen, letters);
}

/// Mail for people who left long ago, and for names that somebody has wrong.
fn nobody(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    let world = pen.world;
    for (place, former) in world.former.iter().enumerate() {
        for _ in 0..pen.share(12) {
            let writers = [place * 7 % world.contacts.len(), (place * 11 + 3) % world.contacts.len()];
            let sender = contact(pen, &writers);
            let letter = pen.letter(Nature::Person, &sender, vec![former.clone()]);
            letters.push(letter);
        }
    }
    for (writer, address) in &world.misspelt {
        for _ in 0..pen.share(4) {
            let letter = pen.letter(Nature::Person, &world.contacts[*writer].address, vec![address.clone()]);
            letters.push(letter);
        }
    }
}

/// Twice a month somebody writes to everybody at once.
fn crowd(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    if pen.day % 14 != 8 {
        return;
    }
    let here = pen.world.staff.iter().filter(|person| is_here(person, pen.day));
    let to: Vec<String> = here.take(26).map(|person| person.mailbox.clone()).collect();
    let letter = pen.letter(Nature::Crowd, "advisor@cedar-legal.example", to);
    letters.push(letter);
}

/// One in three of what the office wrote yesterday is answered.
pub fn answers(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    let Some(yesterday) = pen.day.checked_sub(1) else { return };
    for written in outbound(pen.world, yesterday) {
        let is_here = pen.world.kind(&written.sender, pen.day * DAY + 12).is_some();
        if pen.random.below(3) > 0 || !is_here || written.sender.contains('+') {
            continue;
        }
        let letter = pen.letter(Nature::Person, &written.to[0], vec![written.sender.clone()]);
        letters.push(Letter { answers: Some(written.id), ..letter });
    }
}

/// A shop writes often in the first two weeks, then rarely; without any mark of a list.
pub fn shops(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    let world = pen.world;
    let now = pen.day * DAY;
    for shop in world.shops.iter().filter(|shop| shop.from + DAY <= now) {
        // What a shop writes does not depend on how much else is written.
        let one_in = if now - shop.from < 2 * WEEK { 4 } else { 40 };
        if pen.random.below(one_in) == 0 {
            let letter = pen.letter(Nature::Shop, &shop.sender, vec![shop.address.clone()]);
            letters.push(letter);
        }
    }
}

/// Lists, with an address for each reader to send back to.
pub fn lists(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    let (world, day) = (pen.world, pen.day);
    for list in world.lists.iter().filter(|list| list.weekday == day % 7) {
        for reader in &list.readers {
            if pen.random.below(100) >= world.volume {
                continue;
            }
            let sender = format!("bounce+{}@{}", reader.replace('@', "="), list.domain);
            let letter = pen.letter(Nature::Bulk, &sender, vec![reader.clone()]);
            letters.push(letter);
        }
    }
}

/// Programs, and reports on the office's own newsletter that come back to the address made for each reader.
pub fn programs(pen: &mut Pen<'_>, letters: &mut Vec<Letter>) {
    let world = pen.world;
    for _ in 0..pen.share(900) {
        let to = if pen.random.below(2) == 0 {
            pen.random.pick(&world.shared).mailbox.clone()
        } else {
            let person = pen.random.pick(&world.staff);
            if !is_here(person, pen.day) {
                continue;
            }
            person.mailbox.clone()
        };
        let letter = pen.letter(Nature::Machine, "monitor@alerts.example", vec![to]);
        letters.push(letter);
    }
    for _ in 0..pen.share(60) {
        let reader = pen.random.pick(&world.contacts).address.clone();
        let to = format!("news-bounces+{}@{HOME}", reader.replace('@', "="));
        let letter = pen.letter(Nature::Returned, "", vec![to.clone()]);
        let text = report("mx.elsewhere.example", &to, &reader, &letter.id, "5.1.1");
        letters.push(Letter { report: Some(text), ..letter });
    }
}

/// What the office's people write to the world on `day`.
pub fn outbound(world: &World, day: u32) -> Vec<Letter> {
    let mut pen = Pen::new(world, day, 3);
    let mut letters = Vec::new();
    for person in world.staff.iter().filter(|person| is_here(person, day)) {
        for _ in 0..pen.share(person.weekly_tenths / 4) {
            let to = contact(&mut pen, &person.contacts);
            let letter = pen.letter(Nature::Outbound, &person.mailbox, vec![to]);
            letters.push(Letter { way: Way::Office, ..letter });
        }
    }
    letters
}

/// At work the whole day.
fn is_here(person: &Person, day: u32) -> bool {
    person.from <= day * DAY && (day + 1) * DAY <= person.until
}

/// The mailbox, or at times another name of it.
fn name_of(pen: &mut Pen<'_>, person: &Person) -> String {
    let dice = pen.random.below(20);
    match dice {
        0 | 1 if !person.aliases.is_empty() => pen.random.pick(&person.aliases).clone(),
        2 if person.tags => person.mailbox.replace('@', "+project@"),
        _ => person.mailbox.clone(),
    }
}

fn contact(pen: &mut Pen<'_>, writers: &[usize]) -> String {
    let place = *pen.random.pick(writers);
    let address = pen.world.contacts[place].address.clone();
    debug_assert!(domain_of(&address).ends_with(".example"), "only example domains");
    address
}
