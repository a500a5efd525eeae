//! The practice office on a terminal screen that follows what happens.

use std::future::Future;
use std::time::Duration;

use rollcall_api::{Door, Event, Notice};
use rollcall_practice::Office;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::act::Action;
use super::picture::Picture;
use super::terminal::{Press, Terminal, presses};
use super::view::draw;
use super::words;
use crate::out::Ended;

/// Shows the office until somebody quits or `until` is over.
pub async fn show(office: &Office, until: impl Future<Output = ()>) -> Result<(), Ended> {
    let door = office.door();
    let mut events = door.subscribe().await?;
    let mut terminal = Terminal::open()?;
    let mut keys = presses();
    let mut frames = interval(FRAME);
    frames.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stage = Stage::new(door);
    tokio::pin!(until);
    loop {
        tokio::select! {
            () = &mut until => return Ok(()),
            event = events.next() => match event {
                Some(event) => stage.hear(&event),
                None => return Ok(()),
            },
            key = keys.recv() => match key {
                Some(Press::Key(key)) => stage.press(key),
                Some(Press::Resized) => stage.is_stale = true,
                Some(Press::Quit) | None => return Ok(()),
            },
            said = stage.finished() => stage.say(said),
            _ = frames.tick(), if stage.is_stale => {
                stage.look().await?;
                if let Some(picture) = &stage.picture {
                    terminal.paint(&draw(picture, &stage.said, terminal.size()))?;
                }
            }
        }
    }
}

/// What is shown, and the one action that may be under way.
struct Stage {
    door: Door,
    picture: Option<Picture>,
    said: String,
    under_way: Option<JoinHandle<String>>,
    is_stale: bool,
}

impl Stage {
    fn new(door: Door) -> Self {
        Self { door, picture: None, said: WELCOME.to_owned(), under_way: None, is_stale: true }
    }

    fn hear(&mut self, event: &Event) {
        self.is_stale = true;
        if let (Some(Notice::Discovered { addresses, .. }), None) = (&event.notice, &self.under_way) {
            let own_domain = self.picture.as_ref().map_or("", Picture::own_domain);
            let names: Vec<&str> = addresses.iter().map(|address| words::short(address, own_domain)).collect();
            self.said = format!("Discovered: {}.", names.join(", "));
        }
    }

    fn press(&mut self, key: char) {
        self.is_stale = true;
        if self.under_way.is_some() {
            return;
        }
        match Action::of_key(key, self.picture.as_ref()) {
            Some(action) => {
                self.said = action.beginning();
                self.under_way = Some(tokio::spawn(action.carry_out(self.door.clone())));
            }
            None if key == 'u' => self.said = "Nobody is discovered yet. d skips a day.".to_owned(),
            None => {}
        }
    }

    /// What the action under way has to say at its end; never, without one.
    async fn finished(&mut self) -> String {
        match &mut self.under_way {
            Some(action) => action.await.unwrap_or_else(|_| "That went wrong. The log has the details.".to_owned()),
            None => std::future::pending().await,
        }
    }

    fn say(&mut self, said: String) {
        self.said = said;
        self.under_way = None;
        self.is_stale = true;
    }

    async fn look(&mut self) -> Result<(), Ended> {
        self.is_stale = false;
        self.picture = Some(Picture::look(&self.door).await?);
        Ok(())
    }
}

const WELCOME: &str = "The office is open. Its neighbours write every few seconds; w skips a week.";
/// No more than seven pictures a second, however much happens.
const FRAME: Duration = Duration::from_millis(150);
