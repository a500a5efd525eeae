//! Keeps an eye on the open houses for as long as the program runs.
//!
//! **Invariant.** The real office has an engine whenever that is possible: when the one we were attached to ends, or the
//! folder could not be opened, we open it ourselves.

use std::time::Duration;

use tauri::{AppHandle, Emitter, Manager};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info};

use crate::houses::{Entrance, HouseKind, Houses};
use crate::notify::Poster;
use crate::tray::{Glance, Tray};
use crate::{lookout, window};

/// How long to wait before the folder is opened again.
const REOPEN_EVERY: Duration = Duration::from_secs(5);

/// Starts the watching of the real office, of which house is open, and of the system's wish to end us.
pub fn begin(app: &AppHandle) {
    tauri::async_runtime::spawn(keep_real(app.clone()));
    tauri::async_runtime::spawn(announce(app.clone()));
    tauri::async_runtime::spawn(end_when_told(app.clone()));
}

/// Watches the practice office until it is closed.
pub fn practice(app: &AppHandle, entrance: Entrance) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        lookout::follow(&app, &entrance).await;
        app.state::<Poster>().withdraw_all(HouseKind::Practice);
        if let Some(tray) = app.try_state::<Tray>() {
            tray.practice_ended();
        }
    });
}

/// Watches the real office, and opens it again when its engine is gone.
async fn keep_real(app: AppHandle) {
    let houses = app.state::<Houses>();
    let mut turns = interval(REOPEN_EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        let entrance = houses.real();
        lookout::follow(&app, &entrance).await;
        if let Some(tray) = app.try_state::<Tray>() {
            let why = entrance
                .door
                .as_ref()
                .err()
                .map_or_else(|| "Its engine has ended.".to_owned(), |fault| fault.message.clone());
            tray.saw(HouseKind::Real, Glance::Silent(why));
        }
        if houses.is_ending() {
            return;
        }
        houses.reopen_real(&entrance).await;
    }
}

/// Tells the window whenever it looks at another house.
async fn announce(app: AppHandle) {
    let mut current = app.state::<Houses>().follow();
    current.mark_unchanged();
    while current.changed().await.is_ok() {
        let house = current.borrow_and_update().house.clone();
        info!(kind = ?house.kind, "the window looks at another house");
        if let Err(reason) = app.emit_to(window::MAIN, "house-changed", house) {
            error!(error = %reason, "the window cannot be told that the house changed");
        }
    }
}

/// Ctrl-C and the system's request to end mean Quit: the engine commits everything first.
async fn end_when_told(app: AppHandle) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    app.exit(0);
}
