//! What is in the small office, so that a test can compare everything that a directory gives with what was put in.

use serde_json::Value;

use super::python;

/// Somebody or something with an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipient {
    /// The address it writes from.
    pub primary: String,
    /// The others, sorted, in lower case.
    pub aliases: Vec<String>,
    /// Whether it may sign in.
    pub is_enabled: bool,
    /// `user`, `shared`, `room`, `service`, `group` or `contact`.
    pub kind: String,
    /// The unit it is in: `users`, `munich`, `shared`, `disabled`, `service`; of people only.
    pub unit: String,
}

/// Everybody in the office who has an address, sorted.
///
/// # Panics
/// When Python is missing.
#[must_use]
pub fn recipients() -> Vec<Recipient> {
    let output = python("dataset.py").output().expect("python3 runs");
    let office: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let all = |name: &str| office[name].as_array().expect("a list").clone();
    let people = all("people").into_iter().filter_map(|person| recipient(&person, "user"));
    let groups = all("groups").into_iter().filter_map(|group| recipient(&group, "group"));
    let contacts = all("contacts").into_iter().filter_map(|contact| recipient(&contact, "contact"));
    let mut found: Vec<Recipient> = people.chain(groups).chain(contacts).collect();
    found.sort();
    found
}

fn recipient(value: &Value, kind: &str) -> Option<Recipient> {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    let mail = text("mail");
    let primary = text("primary").or_else(|| mail.clone())?;
    let listed =
        value["aliases"].as_array().into_iter().flatten().filter_map(|alias| alias.as_str().map(str::to_owned));
    let mut aliases: Vec<String> = listed.chain(mail).map(|alias| alias.to_lowercase()).collect();
    aliases.retain(|alias| *alias != primary.to_lowercase());
    aliases.sort();
    aliases.dedup();
    Some(Recipient {
        primary,
        aliases,
        is_enabled: value["enabled"].as_bool().unwrap_or(true),
        kind: text("kind").unwrap_or_else(|| kind.to_owned()),
        unit: text("unit").unwrap_or_default(),
    })
}
