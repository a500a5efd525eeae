//! The operator: looks at the list once a week, takes what is suggested, and puts right what people complain about. A
//! confirming act is one decision, however many rows it is about.

use rollcall_api::registry::{COMMANDS, QUERIES};
use rollcall_api::{Door, Fault};
use serde_json::{Value, json};

use super::ledger::{Ledger, Row};
use super::world::{Kind, World};

/// Whether this version knows a command.
#[must_use]
pub fn knows(name: &str) -> bool {
    COMMANDS.iter().chain(QUERIES).any(|word| word.name == name)
}

/// All rows that the program has.
///
/// # Errors
/// The engine's.
pub async fn rows(door: &Door) -> Result<Vec<Row>, Fault> {
    let mut rows = Vec::new();
    loop {
        let answer = door.query("addresses", json!({ "limit": 1000, "offset": rows.len() })).await?;
        let page = answer["rows"].as_array().cloned().unwrap_or_default();
        rows.extend(
            page.iter().map(|row| Row {
                address: text(&row["address"]).to_lowercase(),
                state: text(&row["state"]).to_owned(),
            }),
        );
        if page.len() < 1000 {
            return Ok(rows);
        }
    }
}

/// The weekly look.
///
/// # Errors
/// The engine's.
pub async fn look(door: &Door, world: &World, ledger: &mut Ledger, hour: u32) -> Result<(), Fault> {
    let answer = door.query("addresses", json!({ "state": "discovered", "limit": 1000 })).await?;
    let found = answer["rows"].as_array().cloned().unwrap_or_default();
    // The list says of each address whether it needs anybody yet; the others are decided together with the next ones.
    let now = door.query("health", json!({})).await?["now_ms"].as_i64().unwrap_or(0);
    let can_wait = |row: &Value| row["can_wait_until_ms"].as_i64().is_some_and(|until| until > now);
    if !found.iter().all(can_wait) {
        let changed = take_suggestions(door, &found).await?;
        if !changed.is_empty() {
            ledger.decided(format!("hour {hour}: added as suggested: {}", changed.join(" ")));
        }
        let left = |row: &&Value| !changed.iter().any(|one| one.eq_ignore_ascii_case(text(&row["address"])));
        let word = |row: &Value| format!("{} ({})", text(&row["address"]), text(&row["suggestion"]["kind"]));
        let left: Vec<String> = found.iter().filter(left).map(word).collect();
        if !left.is_empty() {
            ledger.noted(format!("hour {hour}: left on the list: {}", left.join(" ")));
        }
    }
    let complaints = ledger.complaints();
    let invalid: Vec<Row> = rows(door).await?.into_iter().filter(|row| row.state == "invalid").collect();
    let wrong: Vec<&str> =
        invalid.iter().map(|row| row.address.as_str()).filter(|one| complaints.iter().any(|c| c == one)).collect();
    if !wrong.is_empty() {
        restore(door, world, &wrong, ledger, hour).await?;
    }
    Ok(())
}

/// The desktop has shown what the inbox holds.
///
/// # Errors
/// The engine's.
pub async fn notices_are_shown(door: &Door) -> Result<(), Fault> {
    if knows("notice_shown") {
        return door.command("notice_shown", json!({})).await.map(drop);
    }
    if !knows("notices_shown") || !knows("inbox") {
        return Ok(());
    }
    let inbox = door.query("inbox", json!({})).await?;
    let rows = inbox["rows"].as_array().cloned().unwrap_or_default();
    let unseen: Vec<Value> = rows.iter().filter(|row| row["shown_ms"].is_null()).map(|row| row["id"].clone()).collect();
    if !unseen.is_empty() {
        door.command("notices_shown", json!({ "ids": unseen })).await?;
    }
    Ok(())
}

/// One click where the version has it; else what each row looks like, which comes to the same.
async fn take_suggestions(door: &Door, found: &[Value]) -> Result<Vec<String>, Fault> {
    let of = |kind: Option<&str>| -> Vec<&str> {
        let rows = found.iter().filter(|row| kind.is_none_or(|kind| row["suggestion"]["kind"] == kind));
        rows.map(|row| text(&row["address"])).collect()
    };
    if knows("add_as_suggested") {
        let answer = door.command("add_as_suggested", json!({ "addresses": of(None) })).await?;
        return Ok(changed(&answer));
    }
    let mut all = Vec::new();
    let functional = of(Some("functional"));
    if !functional.is_empty() {
        all.extend(changed(&door.command("create_functional", json!({ "addresses": functional })).await?));
    }
    let people: Vec<Value> = of(Some("person")).iter().map(|address| json!({ "address": address })).collect();
    if !people.is_empty() {
        all.extend(changed(&door.command("create_user", json!({ "users": people })).await?));
    }
    Ok(all)
}

/// D22: what is invalid and should not be is added by hand.
async fn restore(door: &Door, world: &World, wrong: &[&str], ledger: &mut Ledger, hour: u32) -> Result<(), Fault> {
    let of =
        |kind: Kind| -> Vec<&str> { wrong.iter().copied().filter(|one| world.kind(one, hour) == Some(kind)).collect() };
    let people: Vec<Value> = of(Kind::Person).iter().map(|one| json!({ "address": one })).collect();
    let others: Vec<&str> = of(Kind::Alias).into_iter().chain(of(Kind::Shop)).collect();
    let acts = [
        ("create_user", json!({ "users": people }), people.is_empty()),
        ("create_functional", json!({ "addresses": of(Kind::Shared) }), of(Kind::Shared).is_empty()),
        ("remove_invalid", json!({ "addresses": others }), others.is_empty()),
    ];
    for (command, args, _) in acts.into_iter().filter(|(_, _, is_empty)| !is_empty) {
        let answer = door.command(command, args).await?;
        ledger.decided(format!("hour {hour}: {command} after complaints: {}", changed(&answer).join(" ")));
    }
    Ok(())
}

fn changed(answer: &Value) -> Vec<String> {
    let addresses = answer["addresses"].as_array().into_iter().flatten();
    addresses.map(|address| text(address).to_owned()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
