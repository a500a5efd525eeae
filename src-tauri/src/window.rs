//! The main window: made when first needed, hidden rather than closed, brought to the front where a click asks for it.
//!
//! **Invariant.** Nothing here is needed for mail to flow: a hidden start makes no window at all.
//!
//! **Limits.** On Wayland a compositor may only mark a window as wanting attention instead of bringing it to the front.

use std::fmt::Write;

use serde::Serialize;
use tauri::{AppHandle, Emitter, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent};
use tracing::{debug, error};

use crate::memory::Memory;
use crate::notify::{Poster, Shown, Topic, closing};

/// The label that the capability file grants its permissions to.
pub const MAIN: &str = "main";

/// A place in the window, as the tray and notifications ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// `discovered`, `settings`, …
    pub section: String,
    /// A filter of that section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The row to open, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl View {
    /// The list of addresses that wait for a decision, at `address` if it is about one.
    pub fn discovered(address: Option<String>) -> Self {
        Self { section: "discovered".to_owned(), filter: Some("discovered".to_owned()), address }
    }

    /// The settings.
    pub fn settings() -> Self {
        Self { section: "settings".to_owned(), filter: None, address: None }
    }

    /// The same place as the page's address, for a window that does not listen yet: `index.html#/discovered?filter=…`.
    fn page(&self) -> String {
        let pairs = [("filter", self.filter.as_deref()), ("address", self.address.as_deref())];
        let query: Vec<String> =
            pairs.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", percent_encoded(value?)))).collect();
        format!("index.html#/{}?{}", self.section, query.join("&"))
    }
}

/// Brings the window to the front, making it if there is none. Returns at once: Windows forbids making a window inside
/// the handlers that call this.
pub fn show(app: &AppHandle) {
    in_front(app, None);
}

/// Brings the window to the front at `view`.
pub fn show_at(app: &AppHandle, view: View) {
    in_front(app, Some(view));
}

/// True while a person has the window before them, so that a notification would only repeat what it shows.
pub fn is_in_front(app: &AppHandle) -> bool {
    app.get_webview_window(MAIN).is_some_and(|window| {
        window.is_visible().unwrap_or(false)
            && window.is_focused().unwrap_or(false)
            && !window.is_minimized().unwrap_or(false)
    })
}

/// Makes the window, at `view` or where it begins. Its size and place come from the last time (window-state plugin).
///
/// # Errors
/// When the system has no display or no web view.
pub fn make(app: &AppHandle, view: Option<&View>) -> tauri::Result<WebviewWindow> {
    let page = view.map_or_else(WebviewUrl::default, |view| WebviewUrl::App(view.page().into()));
    WebviewWindowBuilder::new(app, MAIN, page)
        .title("Rollcall")
        .inner_size(1200.0, 800.0)
        .min_inner_size(900.0, 640.0)
        // Files are dropped into the page: a list of people.
        .disable_drag_drop_handler()
        .build()
}

/// Closing hides: the relay and the tray icon stay. The first time a notification says so.
pub fn on_event(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    api.prevent_close();
    if let Err(reason) = window.hide() {
        error!(error = %reason, "the window cannot be hidden");
        return;
    }
    debug!("the window is in the tray");
    let app = window.app_handle();
    show_in_dock(app, false);
    if app.state::<Memory>().first_closing() {
        app.state::<Poster>().show(Topic::Closing, closing(), Shown::default());
    }
}

fn in_front(app: &AppHandle, view: Option<View>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(reason) = bring_to_front(&app, view.as_ref()) {
            error!(error = %reason, "the window cannot be shown");
        }
    });
}

fn bring_to_front(app: &AppHandle, view: Option<&View>) -> tauri::Result<()> {
    let window = match (app.get_webview_window(MAIN), view) {
        (None, view) => make(app, view)?,
        (Some(window), None) => window,
        (Some(window), Some(view)) => {
            app.emit_to(MAIN, "open-view", view)?;
            window
        }
    };
    show_in_dock(app, true);
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

/// On macOS the icon in the Dock stays while the window is open and goes away with it.
#[cfg(target_os = "macos")]
fn show_in_dock(app: &AppHandle, wanted: bool) {
    let policy = if wanted { tauri::ActivationPolicy::Regular } else { tauri::ActivationPolicy::Accessory };
    if let Err(reason) = app.set_activation_policy(policy) {
        error!(error = %reason, "the Dock icon cannot be changed");
    }
}

#[cfg(not(target_os = "macos"))]
const fn show_in_dock(_app: &AppHandle, _wanted: bool) {}

/// Everything but letters, digits and `-._` as `%XX` (RFC 3986, section 2.1).
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a String takes all that is written");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::View;

    #[test]
    fn a_new_window_begins_at_the_row_it_was_asked_for() {
        let view = View::discovered(Some("o'neil+x@acme.example".to_owned()));

        assert_eq!(view.page(), "index.html#/discovered?filter=discovered&address=o%27neil%2Bx%40acme.example");
        assert_eq!(View::settings().page(), "index.html#/settings?");
    }
}
