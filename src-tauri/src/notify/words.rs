//! What notifications say. Titles have at most 40 characters, texts at most 110 (design: Notifications).
//!
//! **Invariant.** No personal text beyond the address: no subject, no sender.

use rollcall_api::answers::{AddressRow, SuggestionKind};

use crate::houses::HouseKind;

/// Most characters in a title.
pub const TITLE_MAX: usize = 40;
/// Most characters in a text.
pub const TEXT_MAX: usize = 110;

/// One notification in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Fits one line.
    pub title: String,
    /// Fits two lines.
    pub text: String,
}

/// Tells of `count` addresses that wait for a decision: N1 for one, N2 for several. `rows` are those of them that are
/// known more closely.
pub fn discovered(kind: HouseKind, rows: &[&AddressRow], count: usize) -> Words {
    let subject = match rows {
        [row] if count == 1 => local_part(&row.address).to_owned(),
        _ => counted(count as u64, "address", "addresses"),
    };
    let title = match (kind, count) {
        (HouseKind::Practice, _) => format!("New in practice: {subject}"),
        (HouseKind::Real, 1) => format!("New address: {subject}"),
        (HouseKind::Real, _) => format!("{count} new addresses"),
    };
    let text = match rows {
        [row] if count == 1 => looks(row),
        rows if rows.len() == count => kinds(rows),
        _ => "They wait for your decision. Nothing is urgent.".to_owned(),
    };
    Words { title: cut(&title, TITLE_MAX), text: cut(&text, TEXT_MAX) }
}

/// The weekly notice (D15): so many addresses wait, so many of them end at the next one.
pub fn weekly(waiting: u64, ending: u64) -> Words {
    let title = format!("{} for your decision", counted(waiting, "address waits", "addresses wait"));
    let text = match ending {
        0 => "Nothing ends next week.".to_owned(),
        _ => format!("{} next week unless you decide.", counted(ending, "stops getting mail", "stop getting mail")),
    };
    Words { title: cut(&title, TITLE_MAX), text: cut(&text, TEXT_MAX) }
}

/// The weekly report (D11, D12): so many users and aliases were created.
pub fn report(users: u64, aliases: u64) -> Words {
    let users = (users > 0).then(|| counted(users, "user", "users"));
    let aliases = (aliases > 0).then(|| counted(aliases, "alias", "aliases"));
    let created: Vec<String> = [users, aliases].into_iter().flatten().collect();
    let text = format!("Created this week: {}. Click to see who.", created.join(", "));
    Words { title: "This week in addresses".to_owned(), text: cut(&text, TEXT_MAX) }
}

/// Said once, when the window is closed for the first time.
pub fn closing() -> Words {
    Words {
        title: "Rollcall is still running".to_owned(),
        text: "Rollcall stays near the clock and mail keeps flowing.".to_owned(),
    }
}

/// Shortens `text` to `most` characters, the last of which then is an ellipsis.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// `1 person`, `3 people`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn local_part(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(local_part, _)| local_part)
}

fn looks(row: &AddressRow) -> String {
    let looks = match row.suggestion.kind {
        SuggestionKind::Person => "Looks like a real person",
        SuggestionKind::Functional => "Looks like a functional account",
        SuggestionKind::Alias => "Looks like another name of somebody you have",
    };
    let messages = counted(row.clean_count.into(), "clean message", "clean messages");
    format!("{looks}: {messages}. Nothing is urgent.")
}

fn kinds(rows: &[&AddressRow]) -> String {
    let people = rows.iter().filter(|row| row.suggestion.kind == SuggestionKind::Person).count() as u64;
    let aliases = rows.iter().filter(|row| row.suggestion.kind == SuggestionKind::Alias).count() as u64;
    let functional = rows.len() as u64 - people - aliases;
    let people = (people > 0).then(|| counted(people, "person", "people"));
    let functional = (functional > 0).then(|| counted(functional, "functional account", "functional accounts"));
    let aliases = (aliases > 0).then(|| counted(aliases, "likely alias", "likely aliases"));
    let kinds: Vec<String> = [people, functional, aliases].into_iter().flatten().collect();
    format!("{}. Nothing is urgent.", kinds.join(", "))
}

#[cfg(test)]
mod tests {
    use rollcall_api::answers::SuggestionKind::{Functional, Person};

    use super::{TEXT_MAX, TITLE_MAX, closing, discovered};
    use crate::houses::HouseKind::{Practice, Real};
    use crate::notify::herald::tests::row;

    #[test]
    fn one_address_is_named_with_what_it_looks_like() {
        let words = discovered(Real, &[&row("jordan.larch@fabrikam.example", Person)], 1);

        assert_eq!(words.title, "New address: jordan.larch");
        assert_eq!(words.text, "Looks like a real person: 3 clean messages. Nothing is urgent.");
    }

    #[test]
    fn several_addresses_are_counted_by_what_they_look_like() {
        let [kim, sam] = ["kim@fabrikam.example", "sam@fabrikam.example"].map(|address| row(address, Person));
        let info = row("info@fabrikam.example", Functional);

        let words = discovered(Real, &[&kim, &sam, &info], 3);

        assert_eq!(words.title, "3 new addresses");
        assert_eq!(words.text, "2 people, 1 functional account. Nothing is urgent.");
    }

    #[test]
    fn more_than_can_be_looked_at_are_only_counted() {
        let words = discovered(Real, &[&row("kim@fabrikam.example", Person)], 10_000);

        assert_eq!(words.title, "10000 new addresses");
        assert_eq!(words.text, "They wait for your decision. Nothing is urgent.");
    }

    #[test]
    fn the_practice_office_says_that_it_is_practice() {
        let kim = row("kim@practice.example", Person);

        assert_eq!(discovered(Practice, &[&kim], 1).title, "New in practice: kim");
        assert_eq!(discovered(Practice, &[&kim], 2).title, "New in practice: 2 addresses");
    }

    #[test]
    fn no_address_is_too_long_for_the_title() {
        let long = format!("{}@fabrikam.example", "ä".repeat(64));

        let words = discovered(Real, &[&row(&long, Person)], 1);

        assert_eq!(words.title.chars().count(), TITLE_MAX);
        assert!(words.title.ends_with('…'), "{}", words.title);
        assert!(words.text.chars().count() <= TEXT_MAX && closing().text.chars().count() <= TEXT_MAX);
    }
}
