//! The truth about an office: who has which address when, and who writes to it. Pure: the same seed gives the same world.

use std::collections::HashMap;
use std::ops::Range;

use rollcall_practice::Random;

use super::names::{HOME, SECOND, SHARED};
use super::people::{self, Contact, Person};
use super::plan::{Plan, WEEK};

/// What an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The mailbox of one person.
    Person,
    /// A mailbox that several people read.
    Shared,
    /// Another name of a mailbox.
    Alias,
    /// A name that was given to one shop only; its mail reaches somebody.
    Shop,
}

/// An address that the mail server knows.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// When it exists.
    pub hours: Range<u32>,
}

/// A mailbox of several.
#[derive(Debug, Clone)]
pub struct Shared {
    /// Its address.
    pub mailbox: String,
    /// Messages a week in tenths.
    pub weekly_tenths: u32,
    /// Who writes.
    pub contacts: Vec<usize>,
}

/// An address that one shop has.
#[derive(Debug, Clone)]
pub struct Shop {
    /// Ours.
    pub address: String,
    /// Theirs.
    pub sender: String,
    /// When it was given out.
    pub from: u32,
}

/// A list that people signed up to.
#[derive(Debug, Clone)]
pub struct List {
    /// Its domain.
    pub domain: String,
    /// The weekday it comes on.
    pub weekday: u32,
    /// Who reads it.
    pub readers: Vec<String>,
}

/// An office and its world.
#[derive(Debug)]
pub struct World {
    /// Where its chances come from.
    pub seed: u64,
    /// How much is written, in per cent of an ordinary year's 150,000 messages.
    pub volume: u32,
    /// When what happens.
    pub plan: Plan,
    /// The office's people.
    pub staff: Vec<Person>,
    /// The mailboxes of several.
    pub shared: Vec<Shared>,
    /// People of other firms.
    pub contacts: Vec<Contact>,
    /// Addresses of people who left before.
    pub former: Vec<String>,
    /// Addresses given to one shop each.
    pub shops: Vec<Shop>,
    /// Lists.
    pub lists: Vec<List>,
    /// Addresses that somebody has wrong: the writer's place and what they write.
    pub misspelt: Vec<(usize, String)>,
    addresses: HashMap<String, Entry>,
}

impl World {
    /// The world of a seed.
    #[must_use]
    pub fn new(seed: u64, weeks: u32, volume: u32) -> Self {
        let mut random = Random::branch(seed, 0x0ff1ce);
        let plan = Plan::of(weeks);
        let contacts = people::contacts(&mut random);
        let staff = people::staff(&mut random, contacts.len(), plan.hours, &plan.joining);
        let former = people::former(&mut random, &staff);
        let shared = shared(&mut random, contacts.len());
        let shops = shops(&mut random, weeks);
        let lists = lists(&mut random, &staff, &former);
        let misspelt = misspelt(&mut random, &staff, contacts.len());
        let addresses = addresses(&staff, &shared, &shops, plan.hours);
        Self { seed, volume, plan, staff, shared, contacts, former, shops, lists, misspelt, addresses }
    }

    /// What an address is at that hour, `+tag` or not; `None` when nobody has it.
    #[must_use]
    pub fn kind(&self, address: &str, hour: u32) -> Option<Kind> {
        self.entry(address).filter(|entry| entry.hours.contains(&hour)).map(|entry| entry.kind)
    }

    /// The same whenever it was.
    #[must_use]
    pub fn entry(&self, address: &str) -> Option<&Entry> {
        self.addresses.get(&mailbox_of(address)?)
    }

    /// Whether mail for an address reaches somebody: a mailbox, `postmaster`, or what only programs are told.
    #[must_use]
    pub fn reaches(&self, address: &str, hour: u32) -> bool {
        let local = address.split('@').next().unwrap_or_default();
        local.eq_ignore_ascii_case("postmaster")
            || local.starts_with("news-bounces+")
            || self.kind(address, hour).is_some()
    }

    /// The mail server's hour: it says yes to everybody.
    #[must_use]
    pub fn takes_everybody(&self, hour: u32) -> bool {
        self.plan.accepts_all.contains(&hour) || self.plan.bounces_later.contains(&hour)
    }
}

/// The address without its tag, in lower case.
#[must_use]
pub fn mailbox_of(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let base = local.split('+').next().unwrap_or(local);
    Some(format!("{base}@{domain}").to_lowercase())
}

fn shared(random: &mut Random, contacts: usize) -> Vec<Shared> {
    let mut names = SHARED.to_vec();
    random.shuffle(&mut names);
    let shared = |name: &&str| Shared {
        mailbox: format!("{name}@{HOME}"),
        weekly_tenths: 20 + random.below(400),
        contacts: (0..12).map(|_| random.below(contacts as u32) as usize).collect(),
    };
    names.iter().take(12).map(shared).collect()
}

/// Four new ones in five weeks.
fn shops(random: &mut Random, weeks: u32) -> Vec<Shop> {
    let shop = |number: u32| {
        let name = format!("{}{number}", random.pick(&["amazing", "parcels", "tickets", "hotel", "tools", "paper"]));
        Shop {
            address: format!("{name}@{HOME}"),
            sender: format!("orders@{name}.example"),
            from: number * WEEK * 5 / 4 + random.below(WEEK),
        }
    };
    (0..weeks * 4 / 5).map(shop).collect()
}

fn lists(random: &mut Random, staff: &[Person], former: &[String]) -> Vec<List> {
    let mut list = |number: u32| {
        let mut readers: Vec<String> = Vec::new();
        for person in staff.iter().filter(|person| person.from == 0) {
            match random.below(10) {
                0..4 if person.tags => readers.push(person.mailbox.replace('@', "+news@")),
                0..4 => readers.push(person.mailbox.clone()),
                4 => readers.extend(person.aliases.first().cloned()),
                _ => {}
            }
        }
        readers.extend(former.iter().filter(|_| random.below(4) == 0).cloned());
        List { domain: format!("news{number}.example"), weekday: random.below(5), readers }
    };
    (0..25).map(&mut list).collect()
}

fn misspelt(random: &mut Random, staff: &[Person], contacts: usize) -> Vec<(usize, String)> {
    let wrong = |person: &Person| {
        let at = 1 + random.below(3) as usize;
        let mut address = person.mailbox.clone();
        address.remove(at);
        (random.below(contacts as u32) as usize, address)
    };
    staff.iter().take(14).map(wrong).collect()
}

fn addresses(staff: &[Person], shared: &[Shared], shops: &[Shop], hours: u32) -> HashMap<String, Entry> {
    let mut addresses = HashMap::new();
    for shop in shops {
        addresses.insert(shop.address.clone(), Entry { kind: Kind::Shop, hours: shop.from..hours });
    }
    for one in shared {
        addresses.insert(one.mailbox.clone(), Entry { kind: Kind::Shared, hours: 0..hours });
        let elsewhere = one.mailbox.replace(HOME, SECOND);
        addresses.insert(elsewhere, Entry { kind: Kind::Alias, hours: 0..hours });
    }
    for person in staff {
        for alias in &person.aliases {
            addresses.insert(alias.clone(), Entry { kind: Kind::Alias, hours: person.from..person.until });
        }
        addresses.insert(person.mailbox.clone(), Entry { kind: Kind::Person, hours: person.from..person.until });
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_world_and_another_seed_another() {
        let mailboxes = |seed| World::new(seed, 8, 100).staff.iter().map(|p| p.mailbox.clone()).collect::<Vec<_>>();

        assert_eq!(mailboxes(7), mailboxes(7));
        assert_ne!(mailboxes(7), mailboxes(8));
    }

    #[test]
    fn forty_people_some_of_whom_come_and_go() {
        let world = World::new(3, 52, 100);

        assert_eq!(world.staff.len(), 40);
        assert_eq!(world.staff.iter().filter(|person| person.from > 0).count(), 9);
        assert_eq!(world.staff.iter().filter(|person| person.until < world.plan.hours).count(), 6);
        assert!(world.staff.iter().any(|person| !person.aliases.is_empty()));
    }

    #[test]
    fn a_leaver_is_gone_a_tag_is_the_same_mailbox_and_a_former_address_is_nobodys() {
        let world = World::new(3, 52, 100);
        let leaver = world.staff.iter().find(|person| person.until < world.plan.hours).unwrap();

        let tagged = leaver.mailbox.to_uppercase().replace('@', "+x@");
        assert_eq!(world.kind(&tagged, leaver.until - 1), Some(Kind::Person));
        assert_eq!(world.kind(&leaver.mailbox, leaver.until), None);
        assert!(world.former.iter().all(|address| world.entry(address).is_none()));
        assert!(world.misspelt.iter().all(|(_, address)| world.entry(address).is_none()));
    }
}
