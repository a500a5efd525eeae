//! Notifications on Linux: the Desktop Notifications Specification over the session bus.
//!
//! **Invariant.** One connection for as long as the program runs. Some desktops take a notification down when the
//! connection that sent it ends, and daemons report clicks to that connection only.
//!
//! **Limits.** A daemon without the capability `actions` shows no buttons; a click on it still opens the row. Without a session bus, or without a notification daemon, nothing is shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tauri::image::Image;
use zbus::blocking::{Connection, MessageIterator};
use zbus::zvariant::Value;
use zbus::{MatchRule, message};

use rollcall_api::answers::NotificationLevel;

use super::Words;
use super::poster::{Answered, Report, Topic};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// A click on the body.
const DEFAULT: &str = "default";
const ICON: Image<'_> = tauri::include_image!("icons/128x128.png");

type Ids = Arc<Mutex<HashMap<u32, Topic>>>;
type Reporter = Arc<dyn Fn(Report) + Send + Sync>;

/// The session's notification daemon, as far as it concerns us.
pub struct Board {
    connection: Option<Connection>,
    ids: Ids,
    report: Reporter,
}

impl Board {
    /// A notification on screen can be changed.
    pub const CHANGES_IN_PLACE: bool = true;

    /// Connects when it is first needed.
    pub fn new(report: impl Fn(Report) + Send + Sync + 'static) -> Self {
        Self { connection: None, ids: Ids::default(), report: Arc::new(report) }
    }

    /// Puts up `words`, in place of what is up about `topic`.
    ///
    /// # Errors
    /// No session bus, or no daemon.
    pub fn show(&mut self, topic: &Topic, words: &Words) -> zbus::Result<()> {
        let replaces = self.id_of(topic).unwrap_or(0);
        let hints = HashMap::from([
            ("desktop-entry", Value::from("Rollcall")),
            ("image-data", image_data(&ICON)),
            ("urgency", Value::from(urgency(words.level))),
        ]);
        let mut actions = vec![DEFAULT, "Open"];
        actions.extend(words.buttons.iter().flat_map(|(action, label)| [action.as_str(), label.as_str()]));
        // Name, id to replace, icon, title, text, actions (`default` is a click on the body), hints, the daemon's timeout.
        let call =
            ("Rollcall", replaces, "rollcall", &words.title, escaped(&words.text), actions.as_slice(), hints, -1_i32);
        let reply = self.connection()?.call_method(Some(SERVICE), PATH, Some(SERVICE), "Notify", &call)?;
        let id: u32 = reply.body().deserialize()?;
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.retain(|_, known| known != topic);
        ids.insert(id, topic.clone());
        Ok(())
    }

    /// Takes down what is up about `topic`; the daemon then reports it gone.
    ///
    /// # Errors
    /// No session bus, or no daemon.
    pub fn withdraw(&mut self, topic: &Topic) -> zbus::Result<()> {
        if let Some(id) = self.id_of(topic) {
            self.connection()?.call_method(Some(SERVICE), PATH, Some(SERVICE), "CloseNotification", &id)?;
        }
        Ok(())
    }

    /// Says what became of a notification.
    pub fn report(&self, report: Report) {
        (self.report)(report);
    }

    fn id_of(&self, topic: &Topic) -> Option<u32> {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().find_map(|(id, known)| (known == topic).then_some(*id))
    }

    fn connection(&mut self) -> zbus::Result<&Connection> {
        if self.connection.is_none() {
            let connection = Connection::session()?;
            listen(&connection, Arc::clone(&self.ids), Arc::clone(&self.report))?;
            self.connection = Some(connection);
        }
        self.connection.as_ref().ok_or(zbus::Error::Unsupported)
    }
}

/// Hears of clicks and closings in a thread of its own, until the connection ends.
fn listen(connection: &Connection, ids: Ids, report: Reporter) -> zbus::Result<()> {
    let rule = MatchRule::builder().msg_type(message::Type::Signal).interface(SERVICE)?.path(PATH)?.build();
    let signals = MessageIterator::for_match_rule(rule, connection, None)?;
    thread::Builder::new()
        .name("notification clicks".to_owned())
        .spawn(move || {
            for signal in signals.flatten() {
                hear(&signal, &ids, &*report);
            }
        })
        .map_err(|error| zbus::Error::InputOutput(Arc::new(error)))?;
    Ok(())
}

/// Understands one signal. Signals about other programs' notifications are none of our business.
fn hear(signal: &zbus::Message, ids: &Ids, report: &(dyn Fn(Report) + Send + Sync)) {
    let header = signal.header();
    let body = signal.body();
    let told = match header.member().map(|member| member.as_str()) {
        Some("ActionInvoked") => {
            body.deserialize::<(u32, &str)>().ok().map(|(id, action)| (id, Some(answered(action))))
        }
        Some("NotificationClosed") => body.deserialize::<(u32, u32)>().ok().map(|(id, _)| (id, None)),
        _ => None,
    };
    let Some((id, answered)) = told else { return };
    let mut ids = ids.lock().unwrap_or_else(PoisonError::into_inner);
    let topic = if answered.is_some() { ids.get(&id).cloned() } else { ids.remove(&id) };
    drop(ids);
    match (topic, answered) {
        (Some(topic), Some(answered)) => report(Report::Answered(topic, answered)),
        (Some(topic), None) => report(Report::Gone(topic)),
        (None, _) => {}
    }
}

fn answered(action: &str) -> Answered {
    if action == DEFAULT { Answered::Clicked } else { Answered::Pressed(action.to_owned()) }
}

/// The `urgency` hint: low, normal or critical.
const fn urgency(level: NotificationLevel) -> u8 {
    match level {
        NotificationLevel::Quiet => 0,
        NotificationLevel::Normal => 1,
        NotificationLevel::Urgent => 2,
    }
}

/// The `image-data` hint: width, height, bytes a row, has alpha, bits a sample, samples, pixels.
fn image_data(image: &Image<'_>) -> Value<'static> {
    let side = |pixels: u32| i32::try_from(pixels).unwrap_or(0);
    let (width, height) = (side(image.width()), side(image.height()));
    Value::from((width, height, width * 4, true, 8_i32, 4_i32, image.rgba().to_vec()))
}

/// Daemons may read the text as markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
