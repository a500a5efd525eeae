//! The lookout on one house: it keeps the tray's face and the notifications true while the events of that house come in.
//!
//! **Invariant.** It asks only when an event says that an answer is stale, and at most every five seconds. What time it is
//! comes from the folder's clock, so that skipped time counts in a practice office.

use std::collections::HashMap;
use std::time::Duration;

use rollcall_api::answers::{Addresses, Health, Inbox, InboxRow};
use rollcall_api::{Code, Door, Event, Fault, Tag};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::houses::{Entrance, HouseKind};
use crate::notify::{self, Circumstances, Herald, Poster, Shown, Step, Topic};
use crate::tray::{Glance, Seen, Tray};
use crate::window::{self, View};

/// The shortest time between two looks.
const PACE: Duration = Duration::from_secs(5);
/// How long until it is looked whether the window still is in front.
const IN_FRONT: Duration = Duration::from_secs(30);
/// How many notifications one look sees.
const MOST_ROWS: u32 = 100;

/// Looks after one house until its engine ends. Returns at once when its door is shut.
pub async fn follow(app: &AppHandle, entrance: &Entrance) {
    let Ok(door) = &entrance.door else { return };
    let Ok(mut events) = door.subscribe().await else { return };
    // A queue between, because waiting for an event must be interruptible by the next look.
    let (heard, mut hears) = mpsc::channel(64);
    tauri::async_runtime::spawn(async move {
        while let Some(event) = events.next().await {
            if heard.send(event).await.is_err() {
                return;
            }
        }
    });

    let mut lookout = Lookout { app, door, house: entrance, herald: Herald::default(), put_up: HashMap::new() };
    let mut looked: Option<Instant> = None;
    let mut due: Option<Instant> = None;
    loop {
        let heard = match due {
            Some(due) => timeout_at(due, hears.recv()).await,
            None => Ok(hears.recv().await),
        };
        match heard {
            Ok(None) => return,
            Ok(Some(event)) => {
                if concerns(&event) {
                    let soonest = looked.map_or_else(Instant::now, |looked| looked + PACE);
                    due = Some(due.map_or(soonest, |due| due.min(soonest)));
                }
            }
            Err(_) => {
                let wait = lookout.look().await;
                looked = Some(Instant::now());
                due = wait.map(|wait| Instant::now() + wait.max(PACE));
            }
        }
    }
}

fn concerns(event: &Event) -> bool {
    const OURS: [Tag; 5] = [Tag::Addresses, Tag::Notifications, Tag::Health, Tag::Setup, Tag::Clock];
    event.stale.iter().any(|tag| OURS.contains(tag))
}

struct Lookout<'a> {
    app: &'a AppHandle,
    door: &'a Door,
    house: &'a Entrance,
    herald: Herald,
    /// What was put up at the last look, by tag: it counts as shown if it still is there at this one.
    put_up: HashMap<String, i64>,
}

impl Lookout<'_> {
    /// Looks at the house and acts on it. Answers after what time to look again, if nothing happens before.
    async fn look(&mut self) -> Option<Duration> {
        let listed = json!({ "state": "discovered", "limit": 1 });
        let seen: Result<(Health, Addresses, Inbox), Fault> = async {
            let inbox = self.ask("inbox", json!({ "limit": MOST_ROWS })).await?;
            Ok((self.ask("health", json!({})).await?, self.ask("addresses", listed).await?, inbox))
        }
        .await;
        let (health, addresses, inbox) = match seen {
            Ok(seen) => seen,
            Err(fault) => {
                self.show(Glance::Silent(fault.message));
                return Some(PACE);
            }
        };
        let wait = self.notify(health.now_ms, &inbox.rows).await;
        let can_wait = addresses.waiting.map_or(0, |waiting| waiting.can_wait);
        let to_decide = addresses.counts.discovered.saturating_sub(can_wait);
        self.show(Glance::Seen(Box::new(Seen { health, to_decide, attached: self.door.is_attached() })));
        wait
    }

    async fn notify(&mut self, now_ms: i64, inbox: &[InboxRow]) -> Option<Duration> {
        let poster = self.app.state::<Poster>();
        let on_screen = poster.of_house(self.kind());
        // Still there a while later: nothing kept it from being shown (X05).
        for (tag, id) in std::mem::take(&mut self.put_up) {
            if on_screen.get(&tag) == Some(&id) {
                self.seen(id).await;
            }
        }
        let steps = self.herald.consider(&Circumstances {
            now_ms,
            in_front: window::is_in_front(self.app),
            inbox,
            on_screen: &on_screen,
            changes_in_place: Poster::CHANGES_IN_PLACE,
        });
        let mut wait = None;
        for step in steps {
            match step {
                Step::Show(id) | Step::Update(id) => {
                    if let Some(row) = inbox.iter().find(|row| row.id == id) {
                        self.put_up(row);
                        wait = Some(PACE);
                    }
                }
                Step::Withdraw(tag) => poster.withdraw(Topic::Told(self.kind(), tag)),
                Step::SeenInWindow(id) => self.seen(id).await,
                Step::Later => wait = wait.or(Some(IN_FRONT)),
            }
        }
        wait
    }

    fn put_up(&mut self, row: &InboxRow) {
        let view = View {
            section: row.view.section.clone(),
            filter: row.view.filter.clone(),
            address: row.view.address.clone(),
        };
        let shown = Shown { id: Some(row.id), view: Some(view), entries: Vec::new() };
        self.app.state::<Poster>().show(Topic::Told(self.kind(), row.tag.clone()), notify::told(row), shown);
        self.put_up.insert(row.tag.clone(), row.id);
    }

    async fn seen(&self, id: i64) {
        drop(self.door.command("notification_shown", json!({ "id": id })).await);
    }

    fn kind(&self) -> HouseKind {
        self.house.house.kind
    }

    fn show(&self, glance: Glance) {
        if let Some(tray) = self.app.try_state::<Tray>() {
            tray.saw(self.kind(), glance);
        }
    }

    async fn ask<T: DeserializeOwned>(&self, name: &str, args: Value) -> Result<T, Fault> {
        let answer = self.door.query(name, args).await?;
        serde_json::from_value(answer).map_err(|error| Fault {
            detail: vec![error.to_string()],
            ..Fault::new(Code::Internal, "The engine gave an answer that this program does not understand.")
        })
    }
}
