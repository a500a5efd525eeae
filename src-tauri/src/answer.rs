//! What happens when a person clicks a notification or presses one of its buttons.
//!
//! **Invariant.** A button goes through the engine's own command, so that permission, seats, history and undo hold, and it
//! is answered by a quiet notification with a way back. A refusal is shown, never swallowed.

use rollcall_api::answers::InboxActed;
use rollcall_api::{Code, Door, Fault};
use serde_json::json;
use tauri::{AppHandle, Manager};
use tracing::debug;

use crate::houses::{HouseKind, Houses};
use crate::notify::{self, Answered, Poster, Shown, Topic};
use crate::window;

/// A person did something with a notification.
pub fn to_notification(app: &AppHandle, topic: Topic, shown: Shown, how: Answered) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match (topic, how) {
            (Topic::Told(house, _), Answered::Clicked) => open(&app, house, shown).await,
            (Topic::Told(house, _), Answered::Pressed(action)) => press(&app, house, shown, &action).await,
            (Topic::Done(house), Answered::Pressed(action)) if action == notify::UNDO => {
                take_back(&app, house, shown).await;
            }
            (Topic::Done(house), _) => open(&app, house, shown).await,
            (Topic::Closing, _) => window::show(&app),
        }
    });
}

/// Opens the place it is about, in the office it is about.
async fn open(app: &AppHandle, house: HouseKind, shown: Shown) {
    let houses = app.state::<Houses>();
    if house == HouseKind::Real && houses.current().house.kind == HouseKind::Practice {
        houses.look_at_real().await;
    }
    if let (Some(id), Some(door)) = (shown.id, houses.door_of(house).await)
        && let Err(fault) = door.command("inbox_read", json!({ "ids": [id] })).await
    {
        debug!(%fault, "the notification stays unread");
    }
    match shown.view {
        Some(view) => window::show_at(app, view),
        None => window::show(app),
    }
}

/// Does the whole job, without the window.
async fn press(app: &AppHandle, house: HouseKind, shown: Shown, action: &str) {
    let door = app.state::<Houses>().door_of(house).await;
    let acted = match (door, shown.id) {
        (Some(door), Some(id)) => act(&door, id, action).await,
        _ => Err(Fault::new(Code::Unavailable, "That office is not open any more.")),
    };
    let (words, entries) = match &acted {
        Ok(acted) => (notify::done(&acted.said, !acted.entries.is_empty()), acted.entries.clone()),
        Err(fault) => (notify::failed(fault), Vec::new()),
    };
    app.state::<Poster>().show(Topic::Done(house), words, Shown { id: None, view: shown.view, entries });
}

async fn act(door: &Door, id: i64, action: &str) -> Result<InboxActed, Fault> {
    let answer = door.command("inbox_act", json!({ "id": id, "action": action })).await?;
    serde_json::from_value(answer).map_err(|error| Fault {
        detail: vec![error.to_string()],
        ..Fault::new(Code::Internal, "The engine gave an answer that this program does not understand.")
    })
}

/// Takes back what a button did, the latest first.
async fn take_back(app: &AppHandle, house: HouseKind, shown: Shown) {
    let Some(door) = app.state::<Houses>().door_of(house).await else { return };
    let mut words = notify::done("Taken back.", false);
    for entry in shown.entries.iter().rev() {
        if let Err(fault) = door.command("undo", json!({ "entry": entry })).await {
            words = notify::failed(&fault);
            break;
        }
    }
    app.state::<Poster>().show(Topic::Done(house), words, Shown { entries: Vec::new(), ..shown });
}
