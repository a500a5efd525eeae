//! The open data folders: the real office, always, and beside it the practice office while someone practises.
//!
//! **Invariant.** Looking at the practice office never ends the real engine: mail keeps flowing. At most one practice
//! office is open, and it is closed before the answer that says the window is back in the real one.
//!
//! **Limits.** Only an engine that lives in this process ends with it. One that runs elsewhere (`rollcallctl serve`) is
//! left alone.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rollcall_api::{Door, Fault, Kind, OpenOptions, SecretsWish};
use rollcall_practice::Office;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, watch};
use tracing::{info, warn};

/// What an open data folder is for, in the words of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HouseKind {
    /// A real office.
    Real,
    /// The practice office.
    Practice,
}

/// An open data folder, as the window sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct House {
    /// What it is for.
    pub kind: HouseKind,
    /// Its path, for people to read.
    pub data: String,
    /// True when the engine runs in another process.
    pub attached: bool,
}

/// A house and the way into it, or the reason why there is none at present.
#[derive(Clone)]
pub struct Entrance {
    /// Which house.
    pub house: House,
    /// Its door.
    pub door: Result<Door, Fault>,
}

impl Entrance {
    fn through(door: Door) -> Self {
        let kind = match door.kind() {
            Kind::Real => HouseKind::Real,
            Kind::Practice => HouseKind::Practice,
        };
        let house = House { kind, data: door.data().display().to_string(), attached: door.is_attached() };
        Self { house, door: Ok(door) }
    }

    fn shut(data: &Path, fault: Fault) -> Self {
        let house = House { kind: HouseKind::Real, data: data.display().to_string(), attached: false };
        Self { house, door: Err(fault) }
    }
}

/// The houses of this process.
pub struct Houses {
    data: PathBuf,
    real: watch::Sender<Entrance>,
    practice: Mutex<Option<Office>>,
    current: watch::Sender<Entrance>,
    is_ending: AtomicBool,
}

impl Houses {
    /// Opens the real folder, or attaches to the engine that has it open. A folder that cannot be opened is a house
    /// with its door shut: the window says why.
    pub async fn open(data: PathBuf) -> Self {
        let entrance = enter(&data).await;
        log(&entrance);
        let current = watch::Sender::new(entrance.clone());
        Self {
            data,
            real: watch::Sender::new(entrance),
            practice: Mutex::new(None),
            current,
            is_ending: AtomicBool::new(false),
        }
    }

    /// The house that the window looks at.
    pub fn current(&self) -> Entrance {
        self.current.borrow().clone()
    }

    /// Follows which house the window looks at.
    pub fn follow(&self) -> watch::Receiver<Entrance> {
        self.current.subscribe()
    }

    /// The real office.
    pub fn real(&self) -> Entrance {
        self.real.borrow().clone()
    }

    /// The way into a house, as long as it is open.
    pub async fn door_of(&self, kind: HouseKind) -> Option<Door> {
        match kind {
            HouseKind::Real => self.real().door.ok(),
            HouseKind::Practice => self.practice.lock().await.as_ref().map(Office::door),
        }
    }

    /// Looks at the practice office, opening it when it is not open. Answers its entrance and whether it is new.
    ///
    /// # Errors
    /// What `rollcall_practice::open` refuses; the window then stays where it is.
    pub async fn look_at_practice(&self) -> Result<(Entrance, bool), Fault> {
        let mut practice = self.practice.lock().await;
        let (entrance, is_new) = if let Some(office) = practice.as_ref() {
            (Entrance::through(office.door()), false)
        } else {
            let office = practice.insert(rollcall_practice::open(&self.data).await?);
            (Entrance::through(office.door()), true)
        };
        self.current.send_replace(entrance.clone());
        Ok((entrance, is_new))
    }

    /// Looks at the real office and closes the practice office.
    pub async fn look_at_real(&self) -> Entrance {
        let mut practice = self.practice.lock().await;
        let entrance = self.real();
        self.current.send_replace(entrance.clone());
        if let Some(office) = practice.take() {
            office.close().await;
        }
        entrance
    }

    /// Opens the real folder again after its engine ended or could not start. The window hears of it when that changed
    /// anything.
    pub async fn reopen_real(&self) {
        let entrance = enter(&self.data).await;
        let is_news = entrance.door.is_ok() || self.real().door.is_ok();
        if is_news {
            log(&entrance);
        }
        self.real.send_replace(entrance.clone());
        self.current.send_if_modified(|current| {
            let is_seen = is_news && current.house.kind == HouseKind::Real;
            if is_seen {
                *current = entrance;
            }
            is_seen
        });
    }

    /// True once the program is on its way out: nothing is opened any more.
    pub fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Relaxed)
    }

    /// Ends what runs in this process: the practice office, then the real engine, which commits everything first.
    pub async fn close(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
        if let Some(office) = self.practice.lock().await.take() {
            office.close().await;
        }
        if let Ok(door) = self.real().door
            && !door.is_attached()
        {
            door.close().await;
        }
    }
}

/// Opens the real folder in `data`, or says why not.
///
/// A window has a person's desktop around it, and so, as a rule, a keychain.
async fn enter(data: &Path) -> Entrance {
    let options = OpenOptions { secrets: SecretsWish::Keychain, ..OpenOptions::new(data, Kind::Real) };
    match rollcall_api::open(options).await {
        Ok(door) => Entrance::through(door),
        Err(fault) => Entrance::shut(data, fault),
    }
}

fn log(entrance: &Entrance) {
    match &entrance.door {
        Ok(door) => info!(attached = door.is_attached(), "the office is open"),
        Err(fault) => warn!(code = ?fault.code, detail = ?fault.detail, "the office cannot be opened: {fault}"),
    }
}
