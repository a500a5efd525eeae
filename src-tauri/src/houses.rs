//! The open data folders: the real office, always, and beside it the practice office while someone practises.
//!
//! **Invariant.** Looking at the practice office never ends the real engine: mail keeps flowing. At most one practice
//! office is open, and it is closed before the answer that says the window is back in the real one.
//!
//! **Limits.** Only an engine that lives in this process ends with it. One that runs elsewhere (`rollcallctl serve`) is
//! left alone.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rollcall_api::{Code, Door, Fault, Kind, OpenOptions, SecretsWish};
use rollcall_practice::Office;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tempfile::{NamedTempFile, TempPath};
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
    /// Which opening this is: another one of the same house has another number.
    opening: u64,
}

impl Entrance {
    fn through(door: Door) -> Self {
        let kind = match door.kind() {
            Kind::Real => HouseKind::Real,
            Kind::Practice => HouseKind::Practice,
        };
        let house = House { kind, data: door.data().display().to_string(), attached: door.is_attached() };
        Self { house, door: Ok(door), opening: next_opening() }
    }

    fn shut(data: &Path, fault: Fault) -> Self {
        let house = House { kind: HouseKind::Real, data: data.display().to_string(), attached: false };
        Self { house, door: Err(fault), opening: next_opening() }
    }
}

fn next_opening() -> u64 {
    static OPENINGS: AtomicU64 = AtomicU64::new(0);
    OPENINGS.fetch_add(1, Ordering::Relaxed)
}

/// The houses of this process.
pub struct Houses {
    data: PathBuf,
    real: watch::Sender<Entrance>,
    practice: Mutex<Option<Office>>,
    current: watch::Sender<Entrance>,
    /// Held by whoever opens the real folder.
    turn: Mutex<()>,
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
            turn: Mutex::new(()),
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

    /// Opens the real folder again after the engine behind `before` ended or could not start, unless that was done. The
    /// window hears of it when that changed anything.
    pub async fn reopen_real(&self, before: &Entrance) {
        let _turn = self.turn.lock().await;
        if self.real().opening == before.opening {
            self.open_anew().await;
        }
    }

    /// Brings a backup back where no office was set up yet (X17), and opens what is there then.
    ///
    /// # Errors
    /// Conflict, when there is an office, or its engine runs in another process; else as [`rollcall_api::restore_backup`].
    /// Then the office is as it was.
    pub async fn restore(&self, file: NamedTempFile, named: String, passphrase: Option<String>) -> Result<(), Fault> {
        let _turn = self.turn.lock().await;
        let door = self.real().door?;
        if door.is_attached() {
            let sentence =
                "Rollcall's engine runs in another program here. End that first, then bring the backup back.";
            return Err(Fault::new(Code::Conflict, sentence));
        }
        // A running office is not interrupted for what would be refused.
        let on_file = door.query("addresses", json!({ "limit": 1 })).await?["total"].as_u64();
        if on_file != Some(0) || door.query("health", json!({})).await?["state"] != "not_set_up" {
            let sentence = "This office is set up already, and a backup doesn't replace one.";
            return Err(Fault::new(Code::Conflict, sentence));
        }
        let backup = Backup { data: self.data.clone(), file: file.into_temp_path(), named, passphrase };
        // Nor for what could not be read.
        let backup = blocking(move || backup.read(rollcall_api::check_backup).map(|()| backup)).await?;
        door.close().await;
        let brought_back = blocking(move || backup.read(rollcall_api::restore_backup)).await;
        if let Err(fault) = &brought_back {
            warn!(code = ?fault.code, detail = ?fault.detail, "the backup was not brought back: {fault}");
        }
        self.open_anew().await;
        brought_back
    }

    async fn open_anew(&self) {
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

    /// The real folder.
    pub fn data(&self) -> &Path {
        &self.data
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

/// A backup that was handed over.
struct Backup {
    data: PathBuf,
    file: TempPath,
    named: String,
    passphrase: Option<String>,
}

impl Backup {
    fn read(&self, how: fn(&Path, &Path, &str, Option<&str>) -> Result<(), Fault>) -> Result<(), Fault> {
        how(&self.data, &self.file, &self.named, self.passphrase.as_deref())
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(Fault { detail: vec![error.to_string()], ..Fault::new(Code::Internal, "Nothing was brought back.") })
    })
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
