//! The desktop shell and nothing else: it opens the office's folder, shows a window on it, an icon near the clock and
//! notifications. Everything about mail is behind `rollcall-api`.
//!
//! **Invariant.** The engine is open before there is any window, and goes on when the window is closed. The window has no
//! other way to it than the plugins of `bridge`.
//!
//! **Limits.** Starting with the computer is wired (autostart plugin, `--hidden`) but not yet offered in Settings.
//! Environment: `ROLLCALL_LOG` filters the log on standard error (`info` unless set; `rollcall_engine=debug`, …). Tests
//! also set `TAURI_WEBVIEW_AUTOMATION`, which lets a WebDriver take the window.

mod answer;
mod bridge;
mod export;
mod houses;
mod lookout;
mod memory;
mod notify;
mod restore;
mod start;
mod supervise;
mod tray;
mod window;

use std::error::Error;
use std::io::IsTerminal;
use std::time::Duration;

use tauri::{App, AppHandle, Manager, RunEvent, Wry};
use tauri_plugin_window_state::StateFlags;
use tracing::{error, info, warn};
use tracing_subscriber::EnvFilter;

pub use start::Start;

use crate::houses::Houses;
use crate::memory::Memory;
use crate::notify::Poster;
use crate::tray::Tray;

/// How long the engine may take to commit everything when the program ends.
const LAST_WORK: Duration = Duration::from_secs(10);

/// Runs the shell until the person quits.
pub fn run(start: Start) {
    let filter = EnvFilter::try_from_env("ROLLCALL_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();

    match build(start) {
        Ok(app) => app.run(on_event),
        Err(reason) => {
            error!(error = %reason, "Rollcall cannot start");
            std::process::exit(1);
        }
    }
}

fn build(start: Start) -> tauri::Result<App> {
    tauri::Builder::<Wry>::default()
        // First: a second start must end before it touches the folder.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::show(app)))
        .plugin(tauri_plugin_autostart::Builder::new().args(["--hidden"]).build())
        // A window hidden in the tray comes back where it was, and visible.
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(StateFlags::all() & !StateFlags::VISIBLE)
                .build(),
        )
        .plugin(bridge::engine())
        .plugin(bridge::house())
        .plugin(export::files())
        .setup(move |app| begin(app.handle(), &start))
        .on_window_event(window::on_event)
        .build(tauri::generate_context!())
}

/// Opens the office, then shows it.
fn begin(app: &AppHandle, start: &Start) -> Result<(), Box<dyn Error>> {
    let data = start.data_folder().ok_or("this system names no folder for programs' data: start with --data DIR")?;
    app.manage(Memory::read(&app.path().app_config_dir()?));
    let clicked_in = app.clone();
    app.manage(Poster::start(move |topic, shown, how| answer::to_notification(&clicked_in, topic, shown, how)));
    app.manage(tauri::async_runtime::block_on(Houses::open(data)));
    match Tray::put_up(app) {
        Ok(tray) => drop(app.manage(tray)),
        Err(reason) => warn!(error = %reason, "no tray icon"),
    }
    supervise::begin(app);
    if !start.hidden {
        window::make(app, None)?;
    }
    Ok(())
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        // Only Quit ends the program; a system that closes the last window does not.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => end(app),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        _ => {}
    }
}

fn end(app: &AppHandle) {
    info!("ending");
    let houses = app.state::<Houses>();
    let ended = tauri::async_runtime::block_on(async { tokio::time::timeout(LAST_WORK, houses.close()).await });
    if ended.is_err() {
        warn!("the engine did not end in time; what it had accepted is on disk");
    }
}
