//! The sentences of a run: why each line, what is wrong, why it stopped.

use super::plan::{Problem, ProblemKind, RowChange, Stop};
use super::{Entry, Kind};
use crate::state::AddressState;

/// What an entry is, with its article.
const fn a_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "a person",
        Kind::SharedMailbox => "a shared mailbox",
        Kind::Resource => "a room or a piece of equipment",
        Kind::DistributionGroup => "a distribution group",
        Kind::SecurityGroup => "a security group",
        Kind::PublicFolder => "a public folder",
        Kind::Contact => "a contact at your domain",
    }
}

const fn becomes(state: AddressState) -> &'static str {
    match state {
        AddressState::User(_) => "becomes a user",
        AddressState::Functional => "becomes a functional account",
        AddressState::Inactive => "is added as inactive",
        _ => "is added",
    }
}

pub(super) fn added(entry: &Entry, state: AddressState) -> String {
    let blocked = if entry.is_enabled || entry.kind != Kind::Person { "" } else { " with a blocked sign-in" };
    format!("New in the directory: {}{blocked}, {}.", a_kind(entry.kind), becomes(state))
}

pub(super) fn found_by_mail(entry: &Entry, state: AddressState) -> String {
    format!("Mail had found it, and the directory knows it: {}, {}.", a_kind(entry.kind), becomes(state))
}

pub(super) fn own_account(entry: &Entry) -> String {
    format!("The directory has it as {} of its own.", a_kind(entry.kind))
}

pub(super) fn moved(shown: &str) -> String {
    format!("It writes from {shown} now.")
}

pub(super) fn renamed(entry: &Entry) -> String {
    let names: Vec<&str> = entry.first_name.iter().chain(&entry.surname).map(String::as_str).collect();
    format!("The name in the directory is {} now.", names.join(" "))
}

pub(super) fn back(entry: &Entry, was_missing: bool) -> String {
    if was_missing {
        "It is in the directory again.".to_owned()
    } else if entry.is_enabled {
        "Its sign-in is allowed again.".to_owned()
    } else {
        "Its mail is delivered although its sign-in is blocked.".to_owned()
    }
}

pub(super) fn disabled(_: &Entry) -> String {
    "Its sign-in is blocked, and disabled accounts get no mail here.".to_owned()
}

pub(super) fn other_name(shown: &str, state: AddressState) -> String {
    match state {
        AddressState::Inactive => format!("{shown} goes with it."),
        _ => format!("{shown} is another name of it."),
    }
}

pub(super) fn missing() -> String {
    "Not in the directory any more: its mail is refused, and nothing is deleted for 14 days.".to_owned()
}

pub(super) fn lost_names(rows: &[RowChange]) -> String {
    let names: Vec<&str> = rows.iter().take(3).map(|row| row.key.as_str()).collect();
    let more = if rows.len() > names.len() { format!(" and {} more", rows.len() - names.len()) } else { String::new() };
    format!("The directory has {}{more} no more.", names.join(", "))
}

pub(super) fn deleted() -> String {
    "Not in the directory for 14 days.".to_owned()
}

pub(super) fn joined(reasons: Vec<String>) -> String {
    const MOST: usize = 4;
    let more = reasons.len().saturating_sub(MOST);
    let mut text = reasons.into_iter().take(MOST).collect::<Vec<_>>().join(" ");
    if more > 0 {
        text = format!("{text} And {more} more.");
    }
    text
}

fn people(count: u64) -> String {
    if count == 1 { "1 account".to_owned() } else { format!("{count} accounts") }
}

/// Why a run stopped and changed nothing (V07), in one sentence.
#[must_use]
pub fn stopped(stop: Stop) -> String {
    match stop {
        Stop::Empty => {
            "The directory answered with nobody at all, so nothing was changed. Check where it is searched and \
                        what the account may read."
                .to_owned()
        }
        Stop::NobodyOfOurs => "Nobody in the directory's answer has an address at one of your domains, so nothing was \
                               changed. Check where it is searched, and that your domains are set up."
            .to_owned(),
        Stop::ManyMissing { missing, of } => format!(
            "{} of {of} would be missing or lose an address, which is more than 3 and more than 5 %. Nothing was changed. \
             Accept it if it is right.",
            people(missing)
        ),
        Stop::ManyDeleted { deleted, of } => format!(
            "{} of {of} would be deleted, which is more than 3 and more than 5 %. Nothing was changed. Accept it if it is \
             right.",
            people(deleted)
        ),
    }
}

/// Why the first run did nothing (V09).
#[must_use]
pub fn cannot_begin(add: u64, update: u64, problems: u64) -> String {
    format!(
        "The first run has to be accepted: it would add {add} and update {update}, with {}. Nothing was changed. Look at \
         the preview, then accept it.",
        if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") }
    )
}

/// What is wrong and what happens meanwhile, in one sentence.
#[must_use]
pub fn sentence(problem: &Problem) -> String {
    let address = problem.address.as_deref().unwrap_or_default();
    let name = problem.entries.first().map_or(address, |(_, name)| name.as_str());
    let account = problem.account.as_deref().unwrap_or("another account");
    match problem.kind {
        ProblemKind::TwoOwners => {
            let names: Vec<&str> = problem.entries.iter().map(|(_, name)| name.as_str()).collect();
            format!("{address} belongs to {}. Neither was changed.", names.join(" and to "))
        }
        ProblemKind::ForeignDomain => {
            let domain = problem.domain.as_deref().unwrap_or_default();
            let what =
                if problem.count == 1 { "1 address is".to_owned() } else { format!("{} addresses are", problem.count) };
            format!("{what} at {domain}, which isn't one of your domains. They were left out.")
        }
        ProblemKind::NoSeat => {
            format!("No seat is left for {name} ({address}). The mail is delivered, and it waits for a seat.")
        }
        ProblemKind::AliasByHand => {
            format!(
                "The directory gives {address} to {name}, but somebody made it another name of {account}. It stays so."
            )
        }
        ProblemKind::OwnAccount => {
            format!(
                "The directory has {address} as another name of {account}, but it is an account of its own here. It stays so."
            )
        }
        ProblemKind::KeptOut => {
            format!(
                "{address} ({name}) is in the directory, but somebody refused it or took it off the lists here. It stays so."
            )
        }
        ProblemKind::Disabled => {
            format!(
                "{name} ({address}) can't sign in any more but has a mailbox. Its mail is delivered until you decide."
            )
        }
        ProblemKind::MadeByHand => {
            format!("{address} ({name}) isn't in the directory any more, but somebody made it by hand. It stays.")
        }
        ProblemKind::Unreadable => format!("“{address}” of {name} can't be read as an address. It was left out."),
    }
}

/// The ways out of a problem: a word, the entry, what the button says.
#[must_use]
pub fn choices_of(problem: &Problem) -> Vec<(&'static str, Option<String>, String)> {
    let plain = |word, label: &str| (word, None, label.to_owned());
    match problem.kind {
        ProblemKind::TwoOwners => {
            let give = |(id, name): &(String, String)| ("directory", Some(id.clone()), format!("Give it to {name}"));
            let mut choices: Vec<_> = problem.entries.iter().map(give).collect();
            choices.push(plain("keep", "Leave it as it is"));
            choices
        }
        ProblemKind::AliasByHand | ProblemKind::OwnAccount => {
            vec![plain("directory", "As in the directory"), plain("keep", "Leave it as it is")]
        }
        ProblemKind::KeptOut => vec![plain("keep", "Keep it out"), plain("directory", "Take it in again")],
        ProblemKind::Disabled => vec![
            plain("functional", "Make it functional"),
            plain("inactive", "Refuse its mail"),
            plain("keep", "Leave it as it is"),
        ],
        ProblemKind::MadeByHand => vec![plain("keep", "Keep it"), plain("inactive", "Refuse its mail")],
        ProblemKind::NoSeat | ProblemKind::Unreadable | ProblemKind::ForeignDomain => Vec::new(),
    }
}
