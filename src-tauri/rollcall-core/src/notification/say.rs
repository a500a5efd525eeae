//! The words of the catalogue: facts in, title, text, buttons and the place a click opens out.

use jiff::Timestamp as Moment;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;

use super::kind::{Action, Kind};
use crate::time::{DAY_MS, MINUTE_MS, Timestamp};

/// Most characters in a title.
pub const TITLE_MAX: usize = 40;
/// Most characters in a text.
pub const TEXT_MAX: usize = 110;

/// What an address looks like, with what speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A person.
    Person,
    /// A functional account.
    Functional,
    /// Another name of an account.
    Alias,
    /// More likely nobody's.
    Nobody,
}

/// What a notification knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The addresses that still stand, as shown; not more than a few of them.
    pub addresses: Vec<String>,
    /// How many there are.
    pub count: u64,
    /// What they look like; empty when there are too many to look at.
    pub found: Vec<Found>,
    /// For one address: how many clean messages it had, and whether it sent any.
    pub clean: u32,
    /// For one address: it sent mail itself.
    pub has_sent: bool,
    /// The account that one address is another name of.
    pub owner: Option<String>,
    /// The mail server, domain, client or word that it is about.
    pub subject: String,
    /// Numbers whose meaning the kind says: refused messages (N4); what would have been refused (X16); users, aliases and waiting (N7); ending (D15); minutes
    /// and messages (N9); used and total (N18); 1 when it is proposed to mark them invalid (T7).
    pub numbers: Vec<u64>,
    /// When addresses end (N3), since when mail is refused (N4) or the server is away (N8).
    pub moment: Option<Timestamp>,
    /// Seats left, where there is an end.
    pub seats_left: Option<u64>,
    /// It is told with the morning's group.
    pub morning: bool,
    /// The office only practises.
    pub practice: bool,
}

/// A notification in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Fits one line: at most [`TITLE_MAX`] characters.
    pub title: String,
    /// Fits two lines: at most [`TEXT_MAX`] characters.
    pub text: String,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What it does.
    pub action: Action,
    /// What it says.
    pub label: &'static str,
}

/// The place in the window that a click opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// `discovered`, `people`, `settings`, …
    pub section: &'static str,
    /// A filter of that section.
    pub filter: Option<&'static str>,
    /// The row, if it is about one.
    pub address: Option<String>,
}

/// Title and text, as the inbox, the desktop and a copy by e-mail show them. Times are those on the wall of `zone`.
#[must_use]
pub fn words(kind: Kind, facts: &Facts, zone: &TimeZone) -> Words {
    let (title, text) = match kind {
        Kind::NewAddresses => new_addresses(facts),
        Kind::Ending | Kind::Ended | Kind::Wanted | Kind::HeldMailEnds => ends(kind, facts, zone),
        Kind::AliasesAdded | Kind::UsersAdded => added(kind, facts),
        Kind::ThisWeek | Kind::Weekly => week(kind, facts),
        Kind::Doubted | Kind::SentButRefused | Kind::NoSeat => doubts(kind, facts),
        Kind::ServerAway | Kind::ServerBack | Kind::SaysYes => server(kind, facts, zone),
        Kind::Seats => seats(facts),
        Kind::Undelivered | Kind::Blocked | Kind::ShadowEnded => mail(kind, facts),
        Kind::Access => access(facts),
        Kind::SyncProblem | Kind::SyncStopped | Kind::SyncSignIn | Kind::SyncLeft => sync(kind, facts),
    };
    let (title, text) = if facts.practice { in_practice(title, text) } else { (title, text) };
    Words { title: cut(&title, TITLE_MAX), text: cut(&text, TEXT_MAX) }
}

/// The buttons, the main one first.
#[must_use]
pub fn buttons(kind: Kind, facts: &Facts) -> Vec<Button> {
    let button = |action, label| Button { action, label };
    match (kind, facts.count) {
        (_, 0) if kind.stands_while().is_some() => Vec::new(),
        (Kind::NewAddresses, 1) => one_address(facts.found.first().copied()),
        (Kind::NewAddresses, _) => {
            vec![button(Action::AddAsSuggested, "Add as suggested"), button(Action::GiveWeek, "Next week")]
        }
        (Kind::Ending, 1) => {
            vec![button(Action::AddAsSuggested, "Add as suggested"), button(Action::GiveWeek, "Give it a week")]
        }
        (Kind::Ending, _) => {
            vec![button(Action::AddAsSuggested, "Add as suggested"), button(Action::GiveWeek, "Give them a week")]
        }
        (Kind::Wanted, _) => {
            vec![button(Action::MakeReal, "Make it real"), button(Action::KeepRefusing, "Keep refusing")]
        }
        (Kind::AliasesAdded | Kind::UsersAdded | Kind::Ended, _) => vec![button(Action::Undo, "Undo")],
        (Kind::SentButRefused | Kind::HeldMailEnds, _) => vec![button(Action::MakeReal, "Make it real")],
        (Kind::ServerAway, _) => vec![button(Action::TryNow, "Try now")],
        (Kind::SyncStopped, _) => vec![button(Action::KeepEveryone, "Keep everyone")],
        (
            Kind::ThisWeek
            | Kind::Weekly
            | Kind::Doubted
            | Kind::NoSeat
            | Kind::ServerBack
            | Kind::Seats
            | Kind::SaysYes
            | Kind::Undelivered
            | Kind::Blocked
            | Kind::ShadowEnded
            | Kind::SyncProblem
            | Kind::SyncSignIn
            | Kind::SyncLeft
            | Kind::Access,
            _,
        ) => Vec::new(),
    }
}

/// Where a click leads: the exact row when it is about one (D25).
#[must_use]
pub fn view(kind: Kind, facts: &Facts) -> View {
    let one = match facts.addresses.as_slice() {
        [address] if facts.count == 1 => Some(address.clone()),
        _ => None,
    };
    let (section, filter, address) = match kind {
        Kind::NewAddresses | Kind::Ending | Kind::NoSeat => ("discovered", Some("discovered"), one),
        Kind::Weekly => ("discovered", Some("discovered"), None),
        Kind::ThisWeek => ("reports", None, (!facts.subject.is_empty()).then(|| facts.subject.clone())),
        Kind::ShadowEnded => ("mail_flow", Some("would_refuse"), None),
        Kind::Wanted | Kind::Ended | Kind::SentButRefused | Kind::HeldMailEnds => ("people", Some("invalid"), one),
        Kind::Doubted => ("people", None, one),
        Kind::AliasesAdded => ("people", Some("alias"), one),
        Kind::UsersAdded => ("people", None, one),
        Kind::ServerAway => ("mail_flow", Some("waiting"), None),
        Kind::ServerBack => ("mail_flow", None, None),
        Kind::Undelivered => ("mail_flow", Some("problems"), None),
        Kind::SaysYes => ("settings", Some("mail_server"), None),
        Kind::Seats => ("settings", Some("licence"), None),
        Kind::Blocked => ("settings", Some("receiving"), None),
        Kind::Access => ("settings", Some("roles"), None),
        Kind::SyncProblem => ("sync", Some("problems"), None),
        Kind::SyncStopped | Kind::SyncSignIn => ("sync", None, None),
        Kind::SyncLeft => ("sync", Some("leaving"), None),
    };
    View { section, filter, address }
}

/// What is answered once an action is done: the text of the quiet "Done. Undo".
#[must_use]
pub fn done(action: Action, addresses: &[String]) -> String {
    let (who, is, are) = match addresses {
        [] => return "Nothing had to change.".to_owned(),
        [address] => (local_part(address).to_owned(), "is", ""),
        many => (counted(many.len() as u64, "address", "addresses"), "", "are"),
    };
    let be = if is.is_empty() { are } else { is };
    let text = match (action, addresses.len()) {
        (Action::MakeUser, 1) => format!("{who} {be} a user now."),
        (Action::MakeUser, _) => format!("{who} {be} users now."),
        (Action::MakeFunctional, 1) => format!("{who} {be} a functional account now."),
        (Action::MakeFunctional, _) => format!("{who} {be} functional accounts now."),
        (Action::MarkInvalid, _) => format!("Mail to {who} is refused from now on."),
        (Action::AddAsSuggested, _) => format!("{who} {be} added as suggested."),
        (Action::GiveWeek, 1) => format!("{who} has a week more."),
        (Action::GiveWeek, _) => format!("{who} have a week more."),
        (Action::Undo, _) => format!("Taken back for {who}."),
        (Action::MakeReal, 1) => format!("{who} gets mail again."),
        (Action::MakeReal, _) => format!("{who} get mail again."),
        (Action::KeepRefusing, _) => format!("Mail to {who} stays refused."),
        (Action::TryNow, _) => "What waits is tried now.".to_owned(),
        (Action::KeepEveryone, _) => format!("{who} {be} kept, whatever the directory says."),
    };
    cut(&text, TEXT_MAX)
}

/// Shortens `text` to `most` characters, the last of which then is an ellipsis.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `1 person`, `3 people`.
#[must_use]
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Says that it is practice: in the title where there is room, else in the text.
fn in_practice(title: String, text: String) -> (String, String) {
    const PRACTICE: &str = "Practice: ";
    if title.starts_with("New address:") {
        return (title.replacen("New address:", "New in practice:", 1), text);
    }
    let fits = PRACTICE.len() + title.chars().count() <= TITLE_MAX;
    if fits { (format!("{PRACTICE}{title}"), text) } else { (title, format!("{PRACTICE}{text}")) }
}

/// N1 and N2.
fn new_addresses(facts: &Facts) -> (String, String) {
    if let ([address], 1) = (facts.addresses.as_slice(), facts.count) {
        return (format!("New address: {}", local_part(address)), looks(facts));
    }
    let when = if facts.morning { " this morning" } else { "" };
    let title = match facts.practice {
        true => format!("New address: {}", counted(facts.count, "address", "addresses")),
        false => format!("{}{when}", counted(facts.count, "new address", "new addresses")),
    };
    let kinds = kinds(&facts.found);
    let is_whole = facts.found.len() as u64 == facts.count && !kinds.is_empty();
    let text = if is_whole { format!("{kinds}.") } else { "They wait for your decision.".to_owned() };
    (title, format!("{text} Nothing is urgent."))
}

fn looks(facts: &Facts) -> String {
    let (looks, seat) = match facts.found.first() {
        Some(Found::Functional) => ("Looks like a functional account", "Uses no seat."),
        Some(Found::Alias) => ("Looks like another name of somebody you have", "Uses no seat."),
        Some(Found::Nobody) => ("Your server refused it before: probably nobody", ""),
        Some(Found::Person) | None => ("Looks like a real person", "Uses 1 seat."),
    };
    let messages = counted(facts.clean.into(), "clean message", "clean messages");
    let sent = if facts.has_sent { ", and it has sent mail" } else { "" };
    format!("{looks}: {messages}{sent}. {seat}").trim_end().to_owned()
}

fn kinds(found: &[Found]) -> String {
    let count = |wanted| found.iter().filter(|one| **one == wanted).count() as u64;
    let named = |count: u64, one: &str, many: &str| (count > 0).then(|| counted(count, one, many));
    let kinds = [
        named(count(Found::Person), "person", "people"),
        named(count(Found::Functional), "functional account", "functional accounts"),
        named(count(Found::Alias), "likely alias", "likely aliases"),
        named(count(Found::Nobody), "probably nobody", "probably nobody"),
    ];
    kinds.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn one_address(found: Option<Found>) -> Vec<Button> {
    let button = |action, label| Button { action, label };
    let user = button(Action::MakeUser, "Make user");
    let functional = button(Action::MakeFunctional, "Functional");
    let invalid = button(Action::MarkInvalid, "Not real");
    match found {
        Some(Found::Alias) => vec![button(Action::AddAsSuggested, "Add as alias"), user, invalid],
        Some(Found::Functional) => vec![functional, user, invalid],
        Some(Found::Nobody) => vec![invalid, user],
        Some(Found::Person) | None => vec![user, functional, invalid],
    }
}

/// N3, T10 and N4.
fn ends(kind: Kind, facts: &Facts, zone: &TimeZone) -> (String, String) {
    let (who, one) = (named(facts), facts.count == 1);
    match kind {
        Kind::Ending => {
            let day =
                facts.moment.and_then(|at| local(at, zone)).map_or("soon".to_owned(), |at| format!("on {}", day(at)));
            let stop = if one { "stops" } else { "stop" };
            let title = format!("{} {stop} getting mail {day}", counted(facts.count, "address", "addresses"));
            let be = if one { "is" } else { "are" };
            (title, format!("{who} {be} still waiting for your decision."))
        }
        Kind::Wanted => {
            let since =
                facts.moment.and_then(|at| local(at, zone)).map_or(String::new(), |at| format!(" since {}", day(at)));
            let title = match facts.count {
                0 | 1 => "An ended address still gets mail".to_owned(),
                count => format!("{count} ended addresses still get mail"),
            };
            let refused = counted(number(facts, 0), "message", "messages");
            (title, format!("{who} had {refused} refused{since}."))
        }
        Kind::HeldMailEnds => {
            let title = "Kept mail is dropped within a day".to_owned();
            (title, format!("{who} ended 14 days ago. Make it real, and its mail is delivered."))
        }
        _ => {
            let title = format!("{} ended", counted(facts.count, "address", "addresses"));
            let its = if one { "Its" } else { "Their" };
            (title, format!("Nobody decided about {who} in time. {its} mail is refused from now on."))
        }
    }
}

/// N5 and N6.
fn added(kind: Kind, facts: &Facts) -> (String, String) {
    if kind == Kind::AliasesAdded {
        let title = if facts.count > 1 { format!("{} aliases added", facts.count) } else { "Alias added".to_owned() };
        let text = match (&facts.owner, facts.count) {
            (Some(owner), 1) => format!("{} now belongs to {}.", named(facts), local_part(owner)),
            _ => format!("{}: the same names as accounts of yours.", named(facts)),
        };
        return (title, text);
    }
    let title = format!("{} added", counted(facts.count, "user", "users"));
    let left = match facts.seats_left {
        Some(0) => " No seat is left.".to_owned(),
        Some(left) => format!(" {} left.", counted(left, "seat", "seats")),
        None => String::new(),
    };
    let how = match (facts.has_sent, facts.count) {
        (true, 1) => format!("{} sent mail.", named(facts)),
        _ => format!("{}, as your rule says.", named(facts)),
    };
    (title, format!("{how}{left}"))
}

/// N7 and D15.
fn week(kind: Kind, facts: &Facts) -> (String, String) {
    if kind == Kind::Weekly {
        let waits = counted(facts.count, "address waits", "addresses wait");
        let text = match number(facts, 0) {
            0 => "Nothing ends next week.".to_owned(),
            ending => {
                let stop = counted(ending, "stops getting mail", "stop getting mail");
                format!("{stop} next week unless you decide.")
            }
        };
        return (format!("{waits} for your decision"), text);
    }
    let part = |count: u64, one: &str, many: &str| (count > 0).then(|| counted(count, one, many));
    let added: Vec<String> = [part(number(facts, 0), "user", "users"), part(number(facts, 1), "alias", "aliases")]
        .into_iter()
        .flatten()
        .collect();
    let added = (!added.is_empty()).then(|| format!("{} added", added.join(" and ")));
    let waiting = (number(facts, 2) > 0).then(|| format!("{} waiting", number(facts, 2)));
    let both: Vec<String> = [added, waiting].into_iter().flatten().collect();
    ("This week in addresses".to_owned(), format!("{}.", both.join(", ")))
}

/// T5, T6, T7, T23 and Held.
fn doubts(kind: Kind, facts: &Facts) -> (String, String) {
    let (who, one) = (named(facts), facts.count == 1);
    let addresses = counted(facts.count, "address", "addresses");
    match kind {
        Kind::SentButRefused => {
            let send = if one { "sends" } else { "send" };
            (format!("A refused address {send} mail"), format!("{who} sent mail, but mail to it is refused."))
        }
        Kind::NoSeat => {
            let waits = if one { "waits" } else { "wait" };
            let its = if one { "Its" } else { "Their" };
            let title = format!("No seat left: {addresses} {waits}");
            (title, format!("{who}. {its} mail is delivered, and no clock runs until you decide."))
        }
        _ => {
            let doubts = if one { "doesn’t exist" } else { "don’t exist" };
            let proposes = if number(facts, 0) > 0 { " It said so twice: is it real?" } else { "" };
            (
                format!("{addresses} unknown to your server"),
                format!("Your mail server says that {who} {doubts}.{proposes}"),
            )
        }
    }
}

/// N8, N9 and N19.
fn server(kind: Kind, facts: &Facts, zone: &TimeZone) -> (String, String) {
    match kind {
        Kind::ServerAway => {
            let clock = facts.moment.and_then(|at| local(at, zone));
            let since = clock.map_or(String::new(), |at| format!("Since {}. ", at.strftime("%H:%M")));
            let text = "Mail is kept here and delivered when it’s back. Nothing is lost.";
            ("Your mail server doesn’t answer".to_owned(), format!("{since}{text}"))
        }
        Kind::ServerBack => {
            let away = span(number(facts, 0));
            let kept = match number(facts, 1) {
                0 => "Nothing had to wait.".to_owned(),
                waiting => format!("{} out now.", counted(waiting, "kept message goes", "kept messages go")),
            };
            ("Mail server is back".to_owned(), format!("It was away {away}. {kept}"))
        }
        _ => {
            let text = "We watch for bounces instead. Nobody was added.".to_owned();
            ("Your mail server says yes to everyone".to_owned(), text)
        }
    }
}

/// N15, N16, N17 and T17.
fn sync(kind: Kind, facts: &Facts) -> (String, String) {
    let first = number(facts, 0);
    let accounts = counted(first, "account", "accounts");
    match kind {
        Kind::SyncStopped => {
            ("Sync stopped to ask".to_owned(), format!("It would put {accounts} aside. Nothing was changed."))
        }
        Kind::SyncSignIn => (
            "The directory wants you to sign in again".to_owned(),
            format!("{} let us in no more. People stay as they are until then.", facts.subject),
        ),
        Kind::SyncLeft => {
            let (be, their) = if first == 1 { ("is", "Its") } else { ("are", "Their") };
            let who = if first == 1 { "It" } else { "They" };
            let text = format!("{who} {be} in the directory no more. {their} mail is refused until you decide.");
            (format!("{accounts} left 14 days ago"), text)
        }
        _ if first > 0 => {
            let text = format!("{} gave no whole answer {first} times. People stay as they are.", facts.subject);
            ("Your directory can’t be synced".to_owned(), text)
        }
        _ => ("Sync needs a decision".to_owned(), facts.subject.clone()),
    }
}

/// N18.
fn seats(facts: &Facts) -> (String, String) {
    let left = number(facts, 1).saturating_sub(number(facts, 0));
    let title = match left {
        0 => "No seats left".to_owned(),
        left => format!("{} left", counted(left, "seat", "seats")),
    };
    (title, "New people keep getting mail and wait for you.".to_owned())
}

fn mail(kind: Kind, facts: &Facts) -> (String, String) {
    let count = number(facts, 0);
    if kind == Kind::Undelivered {
        let title = format!("{} could not be delivered", counted(count, "message", "messages"));
        return (title, "They are kept here for 14 days. Nobody else was told.".to_owned());
    }
    if kind == Kind::ShadowEnded {
        let would = match count {
            0 => "Nothing would have been refused meanwhile.".to_owned(),
            1 => "1 recipient would have been refused meanwhile.".to_owned(),
            many => format!("{many} recipients would have been refused meanwhile."),
        };
        return ("Rollcall refuses again".to_owned(), would);
    }
    let title = format!("{} blocked for an hour", counted(count, "client", "clients"));
    let text = match count {
        1 => format!("{} guessed addresses and is turned away.", facts.subject),
        _ => "They guessed addresses and are turned away.".to_owned(),
    };
    (title, text)
}

fn access(facts: &Facts) -> (String, String) {
    let (title, text) = match facts.subject.as_str() {
        "password_set" => ("A password was set", "The Organization Administrator has a password now."),
        "password_changed" => ("The password was changed", "The Organization Administrator has another password."),
        "password_reset" => ("The password was taken away", "Whoever owns the data folder reset it."),
        _ => ("Five wrong passwords", "Signing in as Organization Administrator waits for a while."),
    };
    (title.to_owned(), text.to_owned())
}

/// `jordan.larch`, `jordan.larch and warehouse`, `jordan.larch and 4 others`.
fn named(facts: &Facts) -> String {
    let names: Vec<&str> = facts.addresses.iter().map(|address| local_part(address)).collect();
    match (names.as_slice(), facts.count) {
        ([], count) => counted(count, "address", "addresses"),
        ([one], 0 | 1) => (*one).to_owned(),
        ([one, other], 2) => format!("{one} and {other}"),
        ([one, ..], count) => format!("{one} and {}", counted(count - 1, "other", "others")),
    }
}

fn local_part(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(local_part, _)| local_part)
}

fn number(facts: &Facts, place: usize) -> u64 {
    facts.numbers.get(place).copied().unwrap_or(0)
}

fn local(at: Timestamp, zone: &TimeZone) -> Option<DateTime> {
    Moment::from_millisecond(at.0).ok().map(|moment| zone.to_datetime(moment))
}

/// The weekday's name.
fn day(at: DateTime) -> &'static str {
    match at.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// `4 minutes`, `3 hours`, `2 days`.
fn span(minutes: u64) -> String {
    const DAY_MINUTES: u64 = (DAY_MS / MINUTE_MS) as u64;
    match minutes {
        0 => "less than a minute".to_owned(),
        1..120 => counted(minutes, "minute", "minutes"),
        120..DAY_MINUTES => counted(minutes / 60, "hour", "hours"),
        _ => counted(minutes / DAY_MINUTES, "day", "days"),
    }
}

#[cfg(test)]
#[path = "say_tests.rs"]
mod tests;
