//! The icon near the clock: its mark, its sentence and its menu.
//!
//! **Invariant.** The tray shows the real office as soon as that is set up, whatever the window looks at: a person who
//! practises still sees when real mail stops.
//!
//! **Limits.** Linux trays show no tooltip and always open the menu on a click. Which way round the taskbar's colours are
//! is taken from the window; before there is one, the icon for dark taskbars is shown, which is readable on both.

mod face;
mod icons;
mod menu;

use std::sync::{Mutex, PoisonError};

use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Theme};
use tracing::warn;

pub use face::{Face, Glance, Seen};

use crate::houses::HouseKind;
use crate::window;

/// The tray icon and what it last showed.
pub struct Tray {
    icon: TrayIcon,
    shown: Mutex<Shown>,
}

#[derive(Default)]
struct Shown {
    real: Option<Glance>,
    practice: Option<Glance>,
    face: Option<Face>,
    theme: Option<Theme>,
}

impl Tray {
    /// Puts the icon up.
    ///
    /// # Errors
    /// When the system has no tray at all.
    pub fn put_up(app: &AppHandle) -> tauri::Result<Self> {
        let icon = TrayIconBuilder::with_id("main")
            .icon(icons::icon(face::Mark::Stopped, Theme::Dark))
            .icon_as_template(cfg!(target_os = "macos"))
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .tooltip("Rollcall")
            .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
            .on_tray_icon_event(|icon, event| on_click(icon.app_handle(), &event))
            .build(app)?;
        Ok(Self { icon, shown: Mutex::default() })
    }

    /// One house was looked at.
    pub fn saw(&self, kind: HouseKind, glance: Glance) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        match kind {
            HouseKind::Real => shown.real = Some(glance),
            HouseKind::Practice => shown.practice = Some(glance),
        }
        self.refresh(&mut shown);
    }

    /// The practice office is closed.
    pub fn practice_ended(&self) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.practice = None;
        self.refresh(&mut shown);
    }

    fn refresh(&self, shown: &mut Shown) {
        let theme = self.theme();
        let face = Face::of(shown.real.as_ref(), shown.practice.as_ref());
        if shown.face.as_ref() == Some(&face) && shown.theme == Some(theme) {
            return;
        }
        if let Err(reason) = self.wear(&face, theme) {
            warn!(error = %reason, "the tray icon cannot change");
        }
        shown.face = Some(face);
        shown.theme = Some(theme);
    }

    fn wear(&self, face: &Face, theme: Theme) -> tauri::Result<()> {
        self.icon.set_icon_with_as_template(Some(icons::icon(face.mark, theme)), cfg!(target_os = "macos"))?;
        self.icon.set_tooltip(Some(&face.tooltip))?;
        self.icon.set_menu(Some(menu::of(self.icon.app_handle(), face)?))
    }

    fn theme(&self) -> Theme {
        let window = self.icon.app_handle().get_webview_window(window::MAIN);
        window.and_then(|window| window.theme().ok()).unwrap_or(Theme::Dark)
    }
}

/// The left button opens the window where the system tells us of it (Windows); the right one opens the menu.
fn on_click(app: &AppHandle, event: &TrayIconEvent) {
    if cfg!(target_os = "macos") {
        return;
    }
    if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
        window::show(app);
    }
}
