//! Single messages through one power cut.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::message::Identity;
use super::power::Cut;
use super::schedule::{Breakable, Dice, Flushes, Mood};
use super::{DOMAIN, Field, Plan};
use crate::client::Client;
use crate::program::ask;

/// The longest time for what is left to be tried.
const TRYING: Duration = Duration::from_secs(60);

/// Keeps a message of each of `sizes`, in octets, while the destination is down, cuts power at once, and tells which of
/// them arrive whole after that.
///
/// # Errors
/// What cannot be done here, or a message that is not kept.
pub async fn survivors(flushes: Flushes, sizes: &[usize]) -> Result<Vec<usize>, String> {
    let breakable = Breakable { power: Some(flushes), ..Breakable::default() };
    let mut field = Field::lay_out(Plan { kills: 1, seed: 0, at_most: None, breakable }).await?;
    field.destination.becomes(Mood::Down).await;
    let served = field.serve();
    for size in sizes {
        let message = Identity { name: format!("m{size}"), size: *size };
        let mut client = Client::with_mail(served.smtp(), "a@sender.example").await;
        client.say(&format!("RCPT TO:<u0@{DOMAIN}>")).await;
        let content = String::from_utf8_lossy(&message.content()).into_owned();
        let reply = client.data(content.strip_suffix("\r\n").unwrap_or(&content)).await;
        if !reply.starts_with("250 2.0.0 queued") {
            return Err(format!("it was not kept: {reply}"));
        }
    }
    served.kill();
    field.ground.cut_power(Cut::Clean, &mut Dice::new(0, 0))?;
    field.destination.becomes(Mood::Up).await;
    let served = field.serve();
    until_all_were_tried(&field).await?;
    served.kill();
    let arrivals = field.destination.arrivals();
    let arrived = |size: &&usize| arrivals.iter().any(|one| one.whole && one.identity.size == **size);
    Ok(sizes.iter().filter(arrived).copied().collect())
}

/// Nothing waits any more, or only what was tried twice in vain.
async fn until_all_were_tried(field: &Field) -> Result<(), String> {
    let (folder, began) = (field.ground.folder(), Instant::now());
    let mut at_first = BTreeMap::new();
    while began.elapsed() < TRYING {
        let queue = ask(&folder, "query", "queue", &json!({}));
        let rows = queue["rows"].as_array().cloned().unwrap_or_default();
        let waits = rows.iter().any(|row| {
            let attempts = row["recipients"][0]["attempts"].as_u64().unwrap_or(0);
            attempts < *at_first.entry(row["queue_id"].to_string()).or_insert(attempts) + 2
        });
        if !waits {
            return Ok(());
        }
        ask(&folder, "command", "flush_queue", &json!({}));
        crate::pause(50).await;
    }
    Err("mail waits and is not tried".to_owned())
}
