//! The lookout on one house: it keeps the tray's face and the notifications true while the events of that house come in.
//!
//! **Invariant.** It asks only when an event says that an answer is stale, and at most every five seconds. What day it is
//! comes from the folder's clock, so that skipped time counts in a practice office.

use std::time::Duration;

use jiff::tz::TimeZone;
use rollcall_api::answers::{AddressRow, Addresses, Discovery, Health};
use rollcall_api::{Code, Door, Event, Fault, Notice, Tag};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::houses::{Entrance, HouseKind};
use crate::notify::{Circumstances, Herald, Poster, Topic, Verdict, words};
use crate::tray::{Glance, Seen, Tray};
use crate::window::{self, View};

/// The shortest time between two looks.
const PACE: Duration = Duration::from_secs(5);
/// How many addresses one look can name.
const MOST_ROWS: u64 = 1_000;

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

    let mut lookout = Lookout { app, door, house: entrance, herald: Herald::default(), weekly_ms: None, report: None };
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
                if lookout.hear(event) {
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

struct Lookout<'a> {
    app: &'a AppHandle,
    door: &'a Door,
    house: &'a Entrance,
    herald: Herald,
    /// When the weekly notice became due that was put up last.
    weekly_ms: Option<i64>,
    /// The weekly report that is still to be told: its number, users and aliases.
    report: Option<(i64, u64, u64)>,
}

impl Lookout<'_> {
    /// Takes in one event. True when it makes a look worth while.
    fn hear(&mut self, event: Event) -> bool {
        match event.notice {
            Some(Notice::Discovered { addresses, .. }) => self.herald.discovered(addresses),
            Some(Notice::Report { id, users, aliases, .. }) => {
                self.report = Some((id, users, aliases));
                return true;
            }
            _ => {}
        }
        event.stale.iter().any(|tag| matches!(tag, Tag::Addresses | Tag::Health | Tag::Setup | Tag::Clock))
    }

    /// Looks at the house and acts on it. Answers after what time to look again, if nothing happens before.
    async fn look(&mut self) -> Option<Duration> {
        let topic = Topic::Discovered(self.kind());
        let on_screen = self.app.state::<Poster>().is_on_screen(topic);
        let limit = if self.herald.is_busy(on_screen) { MOST_ROWS } else { 1 };
        let asked = json!({ "state": "discovered", "sort": "discovered", "limit": limit });
        let seen: Result<(Health, Addresses), Fault> =
            async { Ok((self.ask("health", json!({})).await?, self.ask("addresses", asked).await?)) }.await;
        let (health, addresses) = match seen {
            Ok(seen) => seen,
            Err(fault) => {
                self.show(Glance::Silent(fault.message));
                return Some(PACE);
            }
        };
        self.report(&health);
        let weekly = self.weekly(&health).await;
        let wait = self.notify(topic, on_screen, &health, &addresses).into_iter().chain(weekly).min();
        let to_decide = addresses.counts.discovered;
        self.show(Glance::Seen(Box::new(Seen { health, to_decide, attached: self.door.is_attached() })));
        wait
    }

    fn notify(&mut self, topic: Topic, on_screen: bool, health: &Health, addresses: &Addresses) -> Option<Duration> {
        let poster = self.app.state::<Poster>();
        let verdict = self.herald.consider(&Circumstances {
            now_ms: health.now_ms,
            zone: &TimeZone::system(),
            wanted: health.notifications,
            in_front: window::is_in_front(self.app),
            on_screen,
            waiting: &addresses.rows,
            waiting_is_whole: addresses.rows.len() as u64 == addresses.total,
        });
        match verdict {
            Verdict::Quiet => {}
            Verdict::Later(due_ms) => return u64::try_from(due_ms - health.now_ms).ok().map(Duration::from_millis),
            Verdict::Withdraw => poster.withdraw(topic),
            Verdict::Show(told) | Verdict::Update(told) => {
                let rows: Vec<_> = addresses.rows.iter().filter(|row| told.contains(&row.address)).collect();
                let view = View::discovered(match told.as_slice() {
                    [address] => Some(address.clone()),
                    _ => None,
                });
                poster.show(topic, words::discovered(self.kind(), &rows, told.len()), Some(view));
            }
        }
        None
    }

    /// Puts the weekly notice up, and says that it was shown once it is (T9). Answers after what time to look again.
    async fn weekly(&mut self, health: &Health) -> Option<Duration> {
        let discovery: Discovery = self.ask("discovery", json!({})).await.ok()?;
        let notice = discovery.notice?;
        let (topic, poster) = (Topic::Weekly(self.kind()), self.app.state::<Poster>());
        if self.weekly_ms == Some(notice.at_ms) {
            // Still there a while later: nothing kept it from being shown.
            if poster.is_up(topic) {
                drop(self.door.command("notice_shown", json!({})).await);
            }
            return None;
        }
        // In front, the window shows it itself.
        if !health.notifications || window::is_in_front(self.app) {
            return None;
        }
        let asked = json!({ "state": "discovered", "sort": "discovered", "limit": MOST_ROWS });
        let listed: Addresses = self.ask("addresses", asked).await.ok()?;
        let ends_next = |row: &&AddressRow| row.ends_ms.is_some_and(|ends_ms| ends_ms <= discovery.next_tick_ms);
        let ending = listed.rows.iter().filter(ends_next).count() as u64;
        let words = words::weekly(notice.addresses.len() as u64, ending);
        poster.show(topic, words, Some(View::discovered(None)));
        self.weekly_ms = Some(notice.at_ms);
        Some(PACE)
    }

    /// Puts the weekly report up (D11), once, unless the window shows it.
    fn report(&mut self, health: &Health) {
        let Some((id, users, aliases)) = self.report.take() else { return };
        if health.notifications && !window::is_in_front(self.app) {
            let words = words::report(users, aliases);
            self.app.state::<Poster>().show(Topic::Report(self.kind()), words, Some(View::report(id)));
        }
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
