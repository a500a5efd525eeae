//! `serve`: the engine without a window.

use std::path::{Path, PathBuf};

use rollcall_api::answers::Health;
use rollcall_api::{Code, Door, Fault, Kind, OpenOptions};
use rollcall_practice::Office;
use serde::Serialize;
use serde_json::json;

use crate::args::Serve;
use crate::out::{self, Ended};
use crate::stop::Stop;

/// Runs the engine of `data` until somebody stops us.
pub async fn serve(data: PathBuf, wish: Serve) -> Result<(), Ended> {
    // Before the line that says we are ready: whoever reads it may stop us at once.
    let mut stop = Stop::listen()?;
    let house = House::open(&data, &wish).await?;
    let said = match ready(&house.door()).await {
        Ok(ready) => out::line(&format!("ready {ready}")),
        Err(fault) => Err(fault.into()),
    };
    if said.is_ok() {
        stop.asked().await;
        tracing::info!("stopping");
    }
    house.close().await;
    said
}

/// What is open.
enum House {
    Real(Door),
    Practice(Office),
}

impl House {
    async fn open(data: &Path, wish: &Serve) -> Result<Self, Fault> {
        let house = if wish.practice {
            Self::Practice(rollcall_practice::open_at(data, wish.listen).await?)
        } else {
            let options =
                OpenOptions { listen: wish.listen, secrets: wish.secrets(), ..OpenOptions::new(data, Kind::Real) };
            Self::Real(rollcall_api::open(options).await?)
        };
        if house.door().is_attached() {
            return Err(Fault {
                code: Code::Conflict,
                message:
                    "Another process has this data folder open. Close that one first, or use `query` and `command`."
                        .to_owned(),
                detail: vec![house.door().data().display().to_string()],
            });
        }
        Ok(house)
    }

    fn door(&self) -> Door {
        match self {
            Self::Real(door) => door.clone(),
            Self::Practice(office) => office.door(),
        }
    }

    async fn close(self) {
        match self {
            Self::Real(door) => door.close().await,
            Self::Practice(office) => office.close().await,
        }
    }
}

/// What scripts wait for.
#[derive(Debug, Serialize)]
struct Ready {
    smtp: Vec<String>,
    data: String,
    practice: bool,
    socket: String,
}

async fn ready(door: &Door) -> Result<String, Fault> {
    let internal = |error: serde_json::Error| Fault {
        code: Code::Internal,
        message: "The engine's health could not be read.".to_owned(),
        detail: vec![error.to_string()],
    };
    let health: Health = serde_json::from_value(door.query("health", json!({})).await?).map_err(internal)?;
    let ready = Ready {
        smtp: health.listeners.into_iter().filter_map(|listener| listener.bound).collect(),
        data: health.data,
        practice: health.practice,
        socket: door.socket().display().to_string(),
    };
    serde_json::to_string(&ready).map_err(internal)
}
