//! The door to an engine: in this process, or in another one over the local socket. The same envelopes either way.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use interprocess::local_socket::tokio::Stream;
use rollcall_core::sealing::Wish as SecretsWish;
use rollcall_engine::{EngineError, Exchanger, Hours, HouseOptions, SessionId, SessionLimits, store};
use serde_json::Value;

use crate::local::{Local, Subscription};
use crate::place;
use crate::socket::{self, Request, Response};
use crate::wire::{Event, Fault};

/// What a data folder is for; written into it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A real office.
    Real,
    /// The practice office: virtual clock, loopback only.
    Practice,
}

/// How to open a data folder.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// The data folder itself (for practice: `DIR/practice`).
    pub data: PathBuf,
    /// Its kind.
    pub kind: Kind,
    /// Binds the inbound listener here instead of where the folder says; port 0 takes a free one.
    pub listen: Option<SocketAddr>,
    /// Limits of SMTP sessions; the defaults unless a test needs other ones.
    pub limits: SessionLimits,
    /// The domains of the world and their mail exchangers instead of what name servers say; for tests.
    pub exchangers: Option<HashMap<String, Vec<Exchanger>>>,
    /// Name servers to ask instead of those that this computer uses; for tests. Counts before `exchangers`.
    pub name_servers: Option<Vec<SocketAddr>>,
    /// Where the key of the office's passwords is wanted (X17). As they are, unless a shell says otherwise: then a keychain
    /// is asked only if the folder says that it has the key.
    pub secrets: SecretsWish,
}

impl OpenOptions {
    /// A folder with the shipped limits and its own listener.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>, kind: Kind) -> Self {
        Self {
            data: data.into(),
            kind,
            listen: None,
            limits: SessionLimits::default(),
            exchangers: None,
            name_servers: None,
            secrets: SecretsWish::AsTheyAre,
        }
    }
}

/// The door to an engine. Cheap to clone; clones are one session, which has one role.
#[derive(Clone)]
pub struct Door {
    data: PathBuf,
    kind: Kind,
    session: SessionId,
    side: Side,
}

#[derive(Clone)]
enum Side {
    Here(Arc<Local>),
    There,
}

/// Events as they come; the first one delivers the present revision with every tag.
pub struct Events(Source);

enum Source {
    Here(Subscription),
    There(Stream),
}

impl Events {
    /// The next event; `None` once the engine has ended.
    pub async fn next(&mut self) -> Option<Event> {
        match &mut self.0 {
            Source::Here(subscription) => subscription.next().await,
            Source::There(stream) => match socket::read_response(stream).await {
                Ok(Some(Response::Event(event))) => Some(event),
                Ok(_) | Err(_) => None,
            },
        }
    }
}

impl Door {
    /// Asks a question.
    ///
    /// # Errors
    /// The engine's fault, or `unavailable`.
    pub async fn query(&self, name: &str, args: Value) -> Result<Value, Fault> {
        match &self.side {
            Side::Here(local) => local.query(&self.session, name, args).await,
            Side::There => {
                let request = Request::Query { name: name.to_owned(), args, session: self.named() };
                socket::call(&self.data, &request).await
            }
        }
    }

    /// Changes something.
    ///
    /// # Errors
    /// The engine's fault, or `unavailable`.
    pub async fn command(&self, name: &str, args: Value) -> Result<Value, Fault> {
        self.command_expecting(name, args, None).await
    }

    /// Changes something, unless the journal went on past entry `expect`.
    ///
    /// # Errors
    /// `conflict` when it did; the engine's fault, or `unavailable`.
    pub async fn command_expecting(&self, name: &str, args: Value, expect: Option<i64>) -> Result<Value, Fault> {
        match &self.side {
            Side::Here(local) => local.command(&self.session, name, args, expect).await,
            Side::There => {
                let request = Request::Command { name: name.to_owned(), args, expect, session: self.named() };
                socket::call(&self.data, &request).await
            }
        }
    }

    /// Follows what changes.
    ///
    /// # Errors
    /// `unavailable` when the engine has ended.
    pub async fn subscribe(&self) -> Result<Events, Fault> {
        match &self.side {
            Side::Here(local) => Ok(Events(Source::Here(local.subscribe(self.session.clone())))),
            Side::There => {
                let mut stream = socket::connect(&self.data).await?;
                socket::write_frame(&mut stream, &Request::Subscribe { session: self.named() })
                    .await
                    .map_err(|error| Fault::unavailable(format!("The engine can't be reached: {error}.")))?;
                Ok(Events(Source::There(stream)))
            }
        }
    }

    /// The same engine for another session, which starts as Technician.
    ///
    /// # Errors
    /// Internal, when the system has no random numbers.
    pub fn another_session(&self) -> Result<Self, Fault> {
        Ok(Self { session: SessionId::new()?, ..self.clone() })
    }

    fn named(&self) -> Option<String> {
        Some(self.session.as_str().to_owned())
    }

    /// Follows the virtual clock, hour by hour; `None` for a real folder or an engine elsewhere.
    pub async fn follow_clock(&self) -> Option<Hours> {
        match &self.side {
            Side::Here(local) => local.house.follow_clock(),
            Side::There => None,
        }
    }

    /// True when the engine lives in another process.
    #[must_use]
    pub const fn is_attached(&self) -> bool {
        matches!(self.side, Side::There)
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Where other shells attach.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        place::path(&self.data)
    }

    /// Ends the engine when it is in this process: no new connections, sessions get a moment, everything is committed.
    pub async fn close(self) {
        if let Side::Here(local) = &self.side {
            local.close().await;
        }
    }
}

/// Opens the engine of a folder, or attaches to the one that has it open.
///
/// # Errors
/// `conflict` when the folder is of the other kind or from a newer version; `unavailable` when it cannot be used.
pub async fn open(options: OpenOptions) -> Result<Door, Fault> {
    let OpenOptions { data, kind, listen, limits, exchangers, name_servers, secrets } = options;
    let data = full(&data);
    let stored = match kind {
        Kind::Real => store::Kind::Real,
        Kind::Practice => store::Kind::Practice,
    };
    let options =
        HouseOptions { folder: data.clone(), kind: stored, listen, limits, exchangers, name_servers, secrets };
    match rollcall_engine::open(options).await {
        Ok(house) => match Local::serve(Arc::clone(&house)) {
            Ok(local) => Ok(Door { data, kind, session: SessionId::new()?, side: Side::Here(local) }),
            Err(fault) => {
                // Nobody could reach it: its tasks, its SMTP port and the folder's lock must not outlive this fault.
                house.close(Duration::from_secs(1)).await;
                Err(fault)
            }
        },
        Err(EngineError::FolderInUse(_)) => {
            let door = attach_to_starting(&data).await?;
            if door.kind != kind {
                return Err(wrong_kind(&data));
            }
            Ok(door)
        }
        Err(error) => Err(error.into()),
    }
}

/// A folder keeps its meaning when it is told to another process, or this one moves.
fn full(data: &Path) -> PathBuf {
    std::path::absolute(data).unwrap_or_else(|_| data.to_path_buf())
}

fn wrong_kind(data: &Path) -> Fault {
    Fault::new(crate::wire::Code::Conflict, format!("{} is the folder of another kind of office.", data.display()))
}

/// The engine that holds the lock may still be starting: its socket appears within seconds.
async fn attach_to_starting(data: &Path) -> Result<Door, Fault> {
    let mut outcome = attach_exactly(data).await;
    for _ in 0..50 {
        if outcome.is_ok() {
            break;
        }
        rollcall_engine::clock::pause(Duration::from_millis(100)).await;
        outcome = attach_exactly(data).await;
    }
    outcome
}

/// Attaches to the engine that has `data` (or `data/practice`) open.
///
/// # Errors
/// `unavailable` when none has.
pub async fn attach(data: &Path) -> Result<Door, Fault> {
    let data = &full(data);
    match attach_exactly(data).await {
        Ok(door) => Ok(door),
        Err(fault) => attach_exactly(&data.join("practice")).await.map_err(|_| fault),
    }
}

/// Shows that this process may write the data folder: writes a file into it, and answers what `reset_password` wants.
///
/// # Errors
/// `unavailable` when the folder cannot be written.
pub fn prove_owner(data: &Path) -> Result<String, Fault> {
    Ok(rollcall_engine::House::prove_owner(data)?)
}

/// Brings a backup back into the data folder, where no office was set up yet and no engine runs (X17). Blocks. `named` is
/// how people know the file.
///
/// # Errors
/// `conflict` when there is an office; `invalid` when the file is no backup, is damaged, or the passphrase is not its own.
pub fn restore_backup(data: &Path, file: &Path, named: &str, passphrase: Option<&str>) -> Result<(), Fault> {
    Ok(rollcall_engine::backup::restore(data, file, named, passphrase)?)
}

/// Whether a backup could be brought back into the data folder; nothing changes, and an engine may run there. Blocks.
///
/// # Errors
/// As [`restore_backup`], but for an office that is there.
pub fn check_backup(data: &Path, file: &Path, named: &str, passphrase: Option<&str>) -> Result<(), Fault> {
    Ok(rollcall_engine::backup::check(data, file, named, passphrase)?)
}

async fn attach_exactly(data: &Path) -> Result<Door, Fault> {
    let house = socket::call(data, &Request::House).await?;
    let kind = if house["practice"] == Value::Bool(true) { Kind::Practice } else { Kind::Real };
    Ok(Door { data: data.to_path_buf(), kind, session: SessionId::new()?, side: Side::There })
}
