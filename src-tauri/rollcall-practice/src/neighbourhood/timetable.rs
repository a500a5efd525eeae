//! Who writes when. Pure: the same seed, time and zone give the same letters.

use jiff::Zoned;
use jiff::tz::TimeZone;

use super::cast::{
    CORRESPONDENTS, Correspondent, FOREIGN, GUESSER, GUESSES, LUCKY, MACHINES, MISSPELLER, MISSPELT, Machine,
    NEWSLETTERS, Newsletter,
};
use super::letter::{Kind, Letter, Sheet, date};
use super::texts::{Text, about};
use crate::mailboxes::{self, DOMAIN, MAILBOXES, Mailbox};
use crate::random::Random;

/// Everybody who writes to the office.
#[derive(Debug, Clone)]
pub struct Neighbourhood {
    /// Where its chances come from.
    pub seed: u64,
    /// Where the office is, so that its mail comes in its working hours.
    pub zone: TimeZone,
}

impl Neighbourhood {
    /// The mail of the hour that ends at `at_ms`, neighbours from one host together.
    #[must_use]
    pub fn hour(&self, at_ms: i64) -> Vec<Letter> {
        let now = date(at_ms, &self.zone);
        let mut pen = Pen { random: Random::branch(self.seed, at_ms.div_euclid(HOUR_MS) as u64), now };
        let (weekday, hour) = (pen.now.weekday().to_monday_one_offset(), pen.now.hour());
        let share = share_of_week(weekday, hour);
        let mut letters = Vec::new();
        for mailbox in MAILBOXES {
            let millionths = u64::from(mailbox.per_four_weeks) * share / 4;
            letters.extend((0..pen.random.round(millionths)).map(|_| pen.personal(mailbox)));
        }
        for machine in MACHINES {
            letters.extend((0..pen.random.round(machine.per_hour)).map(|_| pen.notice(machine)));
        }
        if hour == NEWSLETTER_HOUR {
            let due = NEWSLETTERS.iter().filter(|list| list.weekday == weekday);
            letters.extend(due.map(|list| pen.issue(list)).collect::<Vec<_>>());
        }
        letters.extend((0..pen.random.round(share * MISSPELT_PER_WEEK)).map(|_| pen.misspelt()));
        letters.extend((0..pen.random.round(GUESSES_PER_HOUR)).map(|_| pen.guesses()));
        letters.sort_by_key(|letter| letter.host.ip);
        letters
    }

    /// What waits for the office on its first morning: some addresses get enough mail to be discovered at once, others
    /// are Watching.
    #[must_use]
    pub fn welcome(&self, now_ms: i64) -> Vec<Letter> {
        let mut pen = Pen { random: Random::branch(self.seed, u64::MAX), now: date(now_ms, &self.zone) };
        let mut letters = Vec::new();
        for &(local, count) in WELCOME {
            let mailbox = mailboxes::find(local).expect("the first letters go to mailboxes that exist");
            letters.extend((0..count).map(|_| pen.personal(mailbox)));
        }
        letters.push(pen.notice(&MACHINES[0]));
        letters.push(pen.issue(&NEWSLETTERS[0]));
        letters.push(pen.misspelt());
        pen.random.shuffle(&mut letters);
        letters.push(pen.guesses());
        letters
    }

    /// Somebody who writes at `now_ms`, whatever the hour.
    #[must_use]
    pub fn anybody(&self, now_ms: i64) -> Letter {
        let mut pen = Pen { random: Random::branch(!self.seed, now_ms as u64), now: date(now_ms, &self.zone) };
        let drawn = pen.random.weighted(MIX.iter().map(|&(_, weight)| weight));
        match MIX[drawn].0 {
            Kind::Automatic => pen.notice_from_any(),
            Kind::Newsletter => pen.issue_from_any(),
            Kind::Misspelt => pen.misspelt(),
            Kind::Guesses => pen.guesses(),
            Kind::Person => {
                let index = pen.random.weighted(MAILBOXES.iter().map(|mailbox| mailbox.per_four_weeks));
                pen.personal(&MAILBOXES[index])
            }
        }
    }
}

/// Writes letters.
struct Pen {
    random: Random,
    now: Zoned,
}

impl Pen {
    /// A letter from somebody who has business with the mailbox.
    fn personal(&mut self, mailbox: &Mailbox) -> Letter {
        let partners: Vec<&Correspondent> =
            CORRESPONDENTS.iter().filter(|partner| partner.desks.contains(&mailbox.desk)).collect();
        let partner = *self.random.pick(&partners);
        let text = *self.random.pick(about(mailbox.desk));
        self.write(Kind::Person, partner, &mailbox.address(), mailbox.greeting, text)
    }

    /// Casey's letter to an address that does not exist.
    fn misspelt(&mut self) -> Letter {
        let text = *self.random.pick(about(MISSPELLER.desks[0]));
        self.write(Kind::Misspelt, &MISSPELLER, MISSPELT, "Jordan", text)
    }

    fn write(&mut self, kind: Kind, from: &Correspondent, to: &str, greeting: &str, (subject, body): Text) -> Letter {
        let number = (1_000 + self.random.below(9_000)).to_string();
        let day = *self.random.pick(&WORKING_DAYS);
        let fill = |text: &str| text.replace("{n}", &number).replace("{day}", day);
        let body = format!("Hello {greeting},\n\n{}\n\nKind regards\n{}\n", capitalised(&fill(body)), from.name);
        let sheet = Sheet {
            from: (from.name, from.address),
            to,
            subject: &capitalised(&fill(subject)),
            extra: &[],
            body: &body,
            serial: self.random.number(),
        };
        let content = sheet.write(from.host, &self.a_moment_ago());
        Letter { kind, host: from.host, reverse_path: from.address, recipients: vec![to.to_owned()], content }
    }

    fn notice_from_any(&mut self) -> Letter {
        let index = self.random.weighted(MACHINES.iter().map(|machine| machine.per_hour as u32));
        self.notice(&MACHINES[index])
    }

    /// A program's message; it says of itself that nobody wrote it (RFC 3834).
    fn notice(&mut self, machine: &Machine) -> Letter {
        let number = (10_000 + self.random.below(90_000)).to_string();
        let to = format!("{}@{DOMAIN}", machine.to);
        let sheet = Sheet {
            from: (machine.name, machine.address),
            to: &to,
            subject: &machine.subject.replace("{n}", &number),
            extra: &[("Auto-Submitted", machine.auto_submitted)],
            body: machine.body,
            serial: self.random.number(),
        };
        let content = sheet.write(machine.host, &self.a_moment_ago());
        let (host, reverse_path) = (machine.host, machine.reverse_path);
        Letter { kind: Kind::Automatic, host, reverse_path, recipients: vec![to], content }
    }

    fn issue_from_any(&mut self) -> Letter {
        let list = self.random.pick(NEWSLETTERS);
        self.issue(list)
    }

    /// One issue of a list, one transaction for all its readers.
    fn issue(&mut self, list: &Newsletter) -> Letter {
        let subject = *self.random.pick(list.subjects);
        let number = self.random.below(400) + 1;
        let unsubscribe = format!("<https://lists.example/leave/{number}>");
        let extra = [("List-Id", list.list_id), ("List-Unsubscribe", &unsubscribe), ("Precedence", "bulk")];
        let body = format!(
            "{} - issue {number}\n\n{subject}\n\nRead on in your browser, or leave the list with one click below.\n\n{unsubscribe}\n",
            list.name
        );
        let sheet = Sheet {
            from: (list.name, list.address),
            to: list.address,
            subject,
            extra: &extra,
            body: &body,
            serial: self.random.number(),
        };
        let content = sheet.write(list.host, &self.a_moment_ago());
        let recipients = list.readers.iter().map(|local| format!("{local}@{DOMAIN}")).collect();
        Letter { kind: Kind::Newsletter, host: list.host, reverse_path: list.reverse_path, recipients, content }
    }

    /// More names than any relay should listen to; sometimes somebody else's address among them.
    fn guesses(&mut self) -> Letter {
        let mut names = GUESSES.to_vec();
        self.random.shuffle(&mut names);
        let mut recipients: Vec<String> = names.iter().take(8).map(|local| format!("{local}@{DOMAIN}")).collect();
        if self.random.below(3) == 0 {
            recipients.insert(0, FOREIGN.to_owned());
        }
        let sheet = Sheet {
            from: ("Lucky Draw", GUESSER),
            to: &recipients[0],
            subject: "You have been chosen",
            extra: &[],
            body: "A prize is waiting for you. Answer today with your bank details.\n",
            serial: self.random.number(),
        };
        let content = sheet.write(&LUCKY, &self.a_moment_ago());
        Letter { kind: Kind::Guesses, host: &LUCKY, reverse_path: GUESSER, recipients, content }
    }

    /// When a letter was written: up to three minutes before it is sent.
    fn a_moment_ago(&mut self) -> Zoned {
        let seconds = i64::from(self.random.below(180));
        self.now.checked_sub(jiff::SignedDuration::from_secs(seconds)).unwrap_or_else(|_| self.now.clone())
    }
}

/// The part of a week's mail that comes in this hour, in millionths.
#[must_use]
fn share_of_week(weekday: i8, hour: i8) -> u64 {
    let day = match weekday {
        1..=5 => 190,
        6 => 35,
        _ => 15,
    };
    day * u64::from(HOURS[hour as usize])
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

const HOUR_MS: i64 = 3_600_000;
const NEWSLETTER_HOUR: i8 = 7;
/// Letters that Casey misspells in a week.
const MISSPELT_PER_WEEK: u64 = 7;
/// How often names are guessed, in millionths; day and night.
const GUESSES_PER_HOUR: u64 = 250_000;
const WORKING_DAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

/// The part of a day's mail that comes in each hour, in thousandths.
const HOURS: [u16; 24] = [4, 2, 2, 2, 3, 6, 14, 34, 72, 108, 116, 104, 78, 92, 102, 96, 74, 42, 16, 10, 8, 6, 5, 4];

/// How often each kind of letter comes while nobody skips time, of a hundred.
const MIX: [(Kind, u32); 5] =
    [(Kind::Person, 78), (Kind::Automatic, 10), (Kind::Guesses, 5), (Kind::Misspelt, 4), (Kind::Newsletter, 3)];

/// The first morning's letters.
const WELCOME: &[(&str, u32)] = &[
    ("info", 3),
    ("sales", 3),
    ("jordan.larch", 3),
    ("ann.lee", 2),
    ("kim.cedar", 2),
    ("warehouse", 1),
    ("robin.alder", 1),
    ("invoices-2024", 1),
];

#[cfg(test)]
#[path = "timetable_tests.rs"]
mod tests;
