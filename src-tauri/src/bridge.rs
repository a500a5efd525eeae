//! The bridge between the window and the engine: two inlined plugins, `engine` and `house`.
//!
//! **Invariant.** The bridge adds nothing and hides nothing: names, arguments, answers, events and faults pass as they
//! are. What the window may call is declared in `build.rs` and granted in `src-tauri/capabilities`.
//!
//! **Limits.** The page has one subscription: a new one, for another house or after a reload, ends the one before.

use std::sync::{Mutex, PoisonError};

use rollcall_api::{Event, Fault};
use serde_json::Value;
use tauri::async_runtime::JoinHandle;
use tauri::ipc::Channel;
use tauri::plugin::{Builder, TauriPlugin};
use tauri::{AppHandle, Manager, State, Wry};

use crate::houses::{House, HouseKind, Houses};
use crate::restore::{self, Upload};
use crate::supervise;

/// The plugin through which the window asks, changes and follows.
pub fn engine() -> TauriPlugin<Wry> {
    Builder::new("engine")
        .invoke_handler(tauri::generate_handler![query, command, subscribe])
        .setup(|app, _| {
            app.manage(Subscription::default());
            Ok(())
        })
        .build()
}

/// The plugin through which the window goes from one data folder to another, and brings a backup back.
pub fn house() -> TauriPlugin<Wry> {
    Builder::new("house")
        .invoke_handler(tauri::generate_handler![
            current,
            open,
            restore::restore_begin,
            restore::restore_add,
            restore::restore
        ])
        .setup(|app, _| {
            app.manage(Upload::default());
            Ok(())
        })
        .build()
}

#[tauri::command]
async fn query(houses: State<'_, Houses>, name: String, args: Value) -> Result<Value, Fault> {
    houses.current().door?.query(&name, args).await
}

#[tauri::command]
async fn command(houses: State<'_, Houses>, name: String, args: Value) -> Result<Value, Fault> {
    houses.current().door?.command(&name, args).await
}

/// Follows the house that the window looks at; the page subscribes again when that changes. The first event has every
/// tag, so nothing is missed in between.
#[tauri::command]
async fn subscribe(
    houses: State<'_, Houses>,
    subscription: State<'_, Subscription>,
    channel: Channel<Event>,
) -> Result<(), Fault> {
    let mut events = houses.current().door?.subscribe().await?;
    subscription.replace(async move {
        while let Some(event) = events.next().await {
            if channel.send(event).is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[tauri::command]
fn current(houses: State<'_, Houses>) -> House {
    houses.current().house
}

#[tauri::command]
async fn open(app: AppHandle, houses: State<'_, Houses>, kind: HouseKind) -> Result<House, Fault> {
    let entrance = match kind {
        HouseKind::Real => houses.look_at_real().await,
        HouseKind::Practice => {
            let (entrance, is_new) = houses.look_at_practice().await?;
            if is_new {
                supervise::practice(&app, entrance.clone());
            }
            entrance
        }
    };
    Ok(entrance.house)
}

/// The task that passes events on to the page.
#[derive(Default)]
struct Subscription(Mutex<Option<JoinHandle<()>>>);

impl Subscription {
    fn replace(&self, task: impl Future<Output = ()> + Send + 'static) {
        let running = tauri::async_runtime::spawn(task);
        if let Some(before) = self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(running) {
            before.abort();
        }
    }
}
