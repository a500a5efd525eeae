//! Notifications on Linux: the Desktop Notifications Specification over the session bus.
//!
//! **Invariant.** One connection for as long as the program runs. Some desktops take a notification down when the
//! connection that sent it ends, and daemons report clicks to that connection only.
//!
//! **Limits.** Without a session bus, or without a notification daemon, nothing is shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tauri::image::Image;
use zbus::blocking::{Connection, MessageIterator};
use zbus::zvariant::Value;
use zbus::{MatchRule, message};

use super::Words;
use super::poster::{Report, Topic};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
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
    pub fn show(&mut self, topic: Topic, words: &Words) -> zbus::Result<()> {
        let replaces = self.id_of(topic).unwrap_or(0);
        let hints = HashMap::from([("desktop-entry", Value::from("Rollcall")), ("image-data", image_data(&ICON))]);
        // Name, id to replace, icon, title, text, actions (`default` is a click on the body), hints, the daemon's timeout.
        let call = (
            "Rollcall",
            replaces,
            "rollcall",
            &words.title,
            escaped(&words.text),
            ["default", "Open"].as_slice(),
            hints,
            -1_i32,
        );
        let reply = self.connection()?.call_method(Some(SERVICE), PATH, Some(SERVICE), "Notify", &call)?;
        let id: u32 = reply.body().deserialize()?;
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.retain(|_, known| *known != topic);
        ids.insert(id, topic);
        Ok(())
    }

    /// Takes down what is up about `topic`; the daemon then reports it gone.
    ///
    /// # Errors
    /// No session bus, or no daemon.
    pub fn withdraw(&mut self, topic: Topic) -> zbus::Result<()> {
        if let Some(id) = self.id_of(topic) {
            self.connection()?.call_method(Some(SERVICE), PATH, Some(SERVICE), "CloseNotification", &id)?;
        }
        Ok(())
    }

    /// Says what became of a notification.
    pub fn report(&self, report: Report) {
        (self.report)(report);
    }

    fn id_of(&self, topic: Topic) -> Option<u32> {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().find_map(|(id, known)| (*known == topic).then_some(*id))
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
        Some("ActionInvoked") => body.deserialize::<(u32, &str)>().ok().map(|(id, _)| (id, true)),
        Some("NotificationClosed") => body.deserialize::<(u32, u32)>().ok().map(|(id, _)| (id, false)),
        _ => None,
    };
    let Some((id, is_click)) = told else { return };
    let mut ids = ids.lock().unwrap_or_else(PoisonError::into_inner);
    let topic = if is_click { ids.get(&id).copied() } else { ids.remove(&id) };
    drop(ids);
    if let Some(topic) = topic {
        report(if is_click { Report::Clicked(topic) } else { Report::Gone(topic) });
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
