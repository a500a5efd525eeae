//! Who is at the office, under which addresses, and who writes to them.

use rollcall_practice::Random;

use super::names::{FIRM, FIRST, HOME, LAST, SECOND, TRADE};

/// Somebody of another firm.
#[derive(Debug, Clone)]
pub struct Contact {
    /// The whole address.
    pub address: String,
}

/// Somebody of the office.
#[derive(Debug, Clone)]
pub struct Person {
    /// `ann.lee@`: the mailbox.
    pub mailbox: String,
    /// Other names of the same mailbox.
    pub aliases: Vec<String>,
    /// Hour of the first day.
    pub from: u32,
    /// Hour after the last, when the mailbox is deleted.
    pub until: u32,
    /// Messages a week that people write to it, in tenths.
    pub weekly_tenths: u32,
    /// Who writes: places in the list of contacts.
    pub contacts: Vec<usize>,
    /// Signs up with `+shop`.
    pub tags: bool,
}

/// How busy people are: how many, messages a week in tenths, how many contacts at least and beyond that.
const BUSINESS: &[(usize, u32, usize, u32)] = &[(10, 800, 8, 10), (18, 350, 5, 8), (8, 50, 3, 4), (4, 4, 1, 3)];
/// How many leave within the time.
const LEAVERS: usize = 6;
/// How many join later.
const JOINERS: usize = 9;

/// People of other firms, two for each.
pub fn contacts(random: &mut Random) -> Vec<Contact> {
    let mut contacts = Vec::new();
    for firm in FIRM {
        for trade in TRADE.iter().take(3) {
            for _ in 0..2 {
                let address = format!("{}.{}@{firm}-{trade}.example", random.pick(FIRST), random.pick(LAST));
                contacts.push(Contact { address });
            }
        }
    }
    contacts
}

/// Everybody of the office within `hours`; `joining` are the hours at which new people begin.
pub fn staff(random: &mut Random, contacts: usize, hours: u32, joining: &[u32]) -> Vec<Person> {
    let (mut first, mut last) = (FIRST.to_vec(), LAST.to_vec());
    random.shuffle(&mut first);
    random.shuffle(&mut last);
    let mut people = Vec::new();
    for &(how_many, weekly_tenths, least, more) in BUSINESS {
        for _ in 0..how_many {
            let number = people.len();
            let mut pick = || random.below(contacts as u32) as usize;
            let mut writers: Vec<usize> = (0..least).map(|_| pick()).collect();
            let further = random.below(more + 1);
            writers.extend((0..further).map(|_| random.below(contacts as u32) as usize));
            people.push(person(random, (first[number], last[number]), weekly_tenths, writers, hours));
        }
    }
    random.shuffle(&mut people);
    for (number, person) in people.iter_mut().take(JOINERS).enumerate() {
        person.from = joining[number % joining.len()].min(hours);
    }
    for person in people.iter_mut().skip(JOINERS).take(LEAVERS) {
        person.until = hours / 2 + random.below(hours / 2);
    }
    people
}

fn person(random: &mut Random, name: (&str, &str), weekly_tenths: u32, contacts: Vec<usize>, hours: u32) -> Person {
    let (first, last) = name;
    let mailbox = format!("{first}.{last}@{HOME}");
    let initial = &first[..1];
    let mut aliases = Vec::new();
    if random.below(2) == 0 {
        aliases.push(format!("{first}.{last}@{SECOND}"));
    }
    match random.below(8) {
        0 => aliases.push(format!("{initial}.{last}@{HOME}")),
        1 => aliases.push(format!("{initial}{last}@{HOME}")),
        2 => aliases.push(format!("{first}@{HOME}")),
        _ => {}
    }
    let tags = random.below(6) == 0;
    Person { mailbox, aliases, from: 0, until: hours, weekly_tenths, contacts, tags }
}

/// Addresses of people who left before it began: nobody has them, and mail still comes.
pub fn former(random: &mut Random, staff: &[Person]) -> Vec<String> {
    let mut gone = Vec::new();
    while gone.len() < 5 {
        let address = format!("{}.{}@{HOME}", random.pick(FIRST), random.pick(LAST));
        if !gone.contains(&address) && staff.iter().all(|person| person.mailbox != address) {
            gone.push(address);
        }
    }
    gone
}
