//! The list of people as a page to print or to save as PDF (X18): complete in itself, without scripts, so that it can be
//! sent to whoever pays or looks after the office.
//!
//! **Limits.** A PDF is what the browser's print dialog makes of it: a library that writes PDF would be larger than the rest
//! of this crate.

use std::fmt::Write;

use rollcall_core::AddressState;
use rollcall_store::AddressRecord;

use crate::csv_export::{People, Written};
use crate::error::EngineError;
use crate::house::House;

/// No script, no picture, nothing from elsewhere.
const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
<meta name=\"viewport\" content=\"width=device-width\">\n<title>People</title>\n<style>\n\
body{font:14px/1.4 system-ui,sans-serif;color:#111;background:#fff;margin:2rem}\n\
h1{font-size:1.4rem;margin:0 0 .25rem}p{margin:0 0 1rem;color:#444}\n\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid #bbb}\n\
thead{display:table-header-group}tr{break-inside:avoid}\n\
@page{margin:15mm}@media print{body{margin:0;font-size:10pt}}\n</style></head><body>\n";

impl House {
    /// The addresses in these states as a page.
    ///
    /// # Errors
    /// The store's.
    pub fn people_report(&self, states: &[&str]) -> Result<Written, EngineError> {
        let people = self.people(states)?;
        let today = self.today();
        let domains: Vec<String> = self.setup().domains.keys().cloned().collect();
        let text = page(&people, &domains.join(", "), &today);
        let rows = people.rows.len() + people.aliases.values().map(Vec::len).sum::<usize>();
        Ok(Written { text, rows: rows as u64, file_name: format!("rollcall-people-{today}.html") })
    }
}

fn page(people: &People, domains: &str, today: &str) -> String {
    let count = |wanted: fn(&AddressState) -> bool| people.rows.iter().filter(|row| wanted(&row.state)).count();
    let users = count(|state| matches!(state, AddressState::User(_)));
    let functional = count(|state| *state == AddressState::Functional);
    let aliases: usize = people.aliases.values().map(Vec::len).sum();
    let mut html = HEAD.to_owned();
    let summary = format!(
        "{today} · {} · {users} users, {functional} functional accounts, {aliases} other names",
        escaped(domains)
    );
    html.push_str("<h1>People</h1>\n<p>");
    html.push_str(&summary);
    html.push_str("</p>\n<table><thead><tr><th scope=\"col\">Address</th><th scope=\"col\">Name</th>");
    html.push_str("<th scope=\"col\">Type</th><th scope=\"col\">Other names</th></tr></thead><tbody>\n");
    for row in &people.rows {
        let names: Vec<&str> = [&row.first_name, &row.surname].into_iter().flatten().map(String::as_str).collect();
        let others = people.aliases.get(&row.key).map(|names| names.join(", ")).unwrap_or_default();
        let cells = [row.shown.clone(), names.join(" "), kind(row), others];
        html.push_str("<tr>");
        for cell in cells {
            // Writing to a String cannot fail.
            let _ = write!(html, "<td>{}</td>", escaped(&cell));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table>\n</body></html>\n");
    html
}

fn kind(row: &AddressRecord) -> String {
    match row.state {
        AddressState::User(rollcall_core::Role::Silent) => "Silent user".to_owned(),
        AddressState::User(rollcall_core::Role::End) => "End user".to_owned(),
        AddressState::Functional => "Functional account".to_owned(),
        AddressState::Alias => format!("Other name of {}", row.owner.as_deref().unwrap_or_default()),
        AddressState::Watching => "Watched".to_owned(),
        AddressState::Discovered => "Discovered".to_owned(),
        AddressState::Inactive => "Inactive".to_owned(),
        AddressState::Invalid(_) => "Invalid".to_owned(),
        AddressState::NeverAdd => "Never added".to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
