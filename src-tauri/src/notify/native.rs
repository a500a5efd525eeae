//! Notifications on Windows and macOS, through notify-rust.
//!
//! **Limits.** Windows shows them under our name, and reports clicks after the banner has gone, only for the installed
//! program, as with its buttons: the installer gives its Start menu entry the application id. macOS needs the signed bundle. Neither can change
//! one on screen or take it down through notify-rust 4, so later discoveries join the next morning's.

use std::sync::Arc;
use std::thread;

use notify_rust::{Notification, NotificationResponse};

use super::Words;
use super::poster::{Answered, Report, Topic};

/// The system's notification centre.
pub struct Board {
    report: Arc<dyn Fn(Report) + Send + Sync>,
}

impl Board {
    /// A notification on screen stays as it is.
    pub const CHANGES_IN_PLACE: bool = false;

    /// Needs no connection.
    pub fn new(report: impl Fn(Report) + Send + Sync + 'static) -> Self {
        Self { report: Arc::new(report) }
    }

    /// Puts up `words`, and waits for the answer in a thread that ends with the notification.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn show(&mut self, topic: &Topic, words: &Words) -> std::io::Result<()> {
        let report = Arc::clone(&self.report);
        let (topic, words) = (topic.clone(), words.clone());
        thread::Builder::new().name("notification".to_owned()).spawn(move || {
            report(match put_up(&words) {
                Some(answered) => Report::Answered(topic, answered),
                None => Report::Gone(topic),
            });
        })?;
        Ok(())
    }

    /// Does nothing: see the limits above.
    ///
    /// # Errors
    /// None.
    pub fn withdraw(&mut self, _topic: &Topic) -> std::io::Result<()> {
        Ok(())
    }

    /// Says what became of a notification.
    pub fn report(&self, report: Report) {
        (self.report)(report);
    }
}

/// Shows one notification and answers what a person did with it.
fn put_up(words: &Words) -> Option<Answered> {
    let mut notification = Notification::new();
    notification.appname("Rollcall").summary(&words.title).body(&words.text);
    for (action, label) in &words.buttons {
        notification.action(action, label);
    }
    // A program that is not installed has no application id of its own.
    #[cfg(all(windows, not(debug_assertions)))]
    notification.app_id("example.rollcall.desktop");
    let mut answered = None;
    let waited = notification.show().and_then(|shown| {
        shown.wait_for_response(|response: &NotificationResponse| {
            answered = match response {
                NotificationResponse::Default => Some(Answered::Clicked),
                NotificationResponse::Action(action) => Some(Answered::Pressed(action.clone())),
                NotificationResponse::Reply(_) | NotificationResponse::Closed(_) => None,
            };
        })
    });
    if let Err(reason) = waited {
        tracing::warn!(%reason, "the notification cannot be shown");
    }
    answered
}
