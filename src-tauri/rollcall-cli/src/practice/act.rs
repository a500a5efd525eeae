//! What keys do: one action at a time, and one sentence about it.

use rollcall_api::answers::{Changed, Journal, TimeSkipped};
use rollcall_api::{Door, Fault};
use serde_json::json;

use super::picture::Picture;
use super::words;

/// Something a key asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Moves the office's clock forward.
    Skip {
        /// How far.
        hours: u32,
        /// In words: `a day`.
        words: &'static str,
    },
    /// Makes an address a user.
    MakeUser(String),
    /// Takes the last decision back.
    Undo,
}

impl Action {
    /// What a key asks for at this moment.
    #[must_use]
    pub fn of_key(key: char, picture: Option<&Picture>) -> Option<Self> {
        match key {
            'd' => Some(Self::Skip { hours: 24, words: "a day" }),
            'w' => Some(Self::Skip { hours: 168, words: "a week" }),
            'u' => Some(Self::MakeUser(picture?.discovered.first()?.address.clone())),
            'z' => Some(Self::Undo),
            _ => None,
        }
    }

    /// What is said while it is under way.
    #[must_use]
    pub fn beginning(&self) -> String {
        match self {
            Self::Skip { words, .. } => format!("Skipping {words}. The neighbours write hour by hour."),
            Self::MakeUser(address) => format!("Making {address} a user."),
            Self::Undo => "Taking the last decision back.".to_owned(),
        }
    }

    /// Does it and says what happened.
    pub async fn carry_out(self, door: Door) -> String {
        let done = match self {
            Self::Skip { hours, .. } => skip(&door, hours).await,
            Self::MakeUser(address) => make_user(&door, &address).await,
            Self::Undo => undo(&door).await,
        };
        done.unwrap_or_else(|fault| fault.message)
    }
}

async fn skip(door: &Door, hours: u32) -> Result<String, Fault> {
    let skipped: TimeSkipped =
        super::picture::read("skip_time", door.command("skip_time", json!({ "hours": hours })).await?)?;
    let now = words::date_and_time(skipped.now_ms, &jiff::tz::TimeZone::system());
    Ok(format!("It is {now} in the office."))
}

async fn make_user(door: &Door, address: &str) -> Result<String, Fault> {
    door.command("create_user", json!({ "users": [{ "address": address }] })).await?;
    Ok(format!("{address} is now a user. z takes it back."))
}

/// Takes back the newest decision that can be taken back.
async fn undo(door: &Door) -> Result<String, Fault> {
    let journal: Journal = super::picture::read("journal", door.query("journal", json!({ "limit": 100 })).await?)?;
    let Some(last) = journal.rows.into_iter().find(|entry| entry.undoable && !entry.undone && entry.who != "rollcall")
    else {
        return Ok("There is nothing to take back.".to_owned());
    };
    let changed: Changed = super::picture::read("undo", door.command("undo", json!({ "entry": last.entry })).await?)?;
    Ok(match changed.addresses.as_slice() {
        [address] => format!("Taken back: {address} is as it was."),
        addresses => format!("Taken back for {} addresses.", addresses.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_need_an_address_do_nothing_without_one() {
        assert_eq!(Action::of_key('u', None), None);
        assert_eq!(Action::of_key('x', None), None);
        assert_eq!(Action::of_key('d', None), Some(Action::Skip { hours: 24, words: "a day" }));
    }
}
