//! The tray's menu. Lines that do not apply are left out, not greyed; only the state lines cannot be chosen.

use tauri::menu::{Menu, MenuBuilder, MenuItem};
use tauri::{AppHandle, Wry};

use super::face::Face;
use crate::window::{self, View};

const OPEN: &str = "open";
const DECIDE: &str = "decide";
const SETTINGS: &str = "settings";
const QUIT: &str = "quit";

/// The menu for `face`.
///
/// # Errors
/// When the system refuses a menu.
pub fn of(app: &AppHandle, face: &Face) -> tauri::Result<Menu<Wry>> {
    let mut menu = MenuBuilder::new(app);
    for (place, line) in face.state_lines.iter().enumerate() {
        menu = menu.item(&MenuItem::with_id(app, format!("state-{place}"), line, false, None::<&str>)?);
    }
    menu = menu.separator().text(OPEN, "Open Rollcall");
    if let Some(decide) = &face.decide {
        menu = menu.text(DECIDE, decide);
    }
    menu.separator().text(SETTINGS, "Settings…").text(QUIT, face.quit).build()
}

/// A line was chosen.
pub fn chosen(app: &AppHandle, id: &str) {
    match id {
        OPEN => window::show(app),
        DECIDE => window::show_at(app, View::discovered(None)),
        SETTINGS => window::show_at(app, View::settings()),
        QUIT => app.exit(0),
        _ => {}
    }
}
