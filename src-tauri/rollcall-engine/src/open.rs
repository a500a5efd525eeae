//! Opens a data folder: lock, store, spool, clock, then the tasks that serve it.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, Hasher};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use rollcall_core::sealing::Wish;
use rollcall_net::resolve::Exchanger;
use rollcall_net::{Admission, Pool, Resolver};
use rollcall_store::{Kind, ListenerRecord, ListenerRole, ListenerTls, Spool, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access::Sessions;
use crate::bus::Bus;
use crate::certificate::Certificate;
use crate::clock::{self, Clock};
use crate::deliver::{Flush, Settling};
use crate::destinations::Destinations;
use crate::error::EngineError;
use crate::harvest::Harvest;
use crate::held::Held;
use crate::house::House;
use crate::inbound::Listeners;
use crate::limits::SessionLimits;
use crate::prove::{self, Proving};
use crate::recipients::Recipients;
use crate::secrets::Secrets;
use crate::setup::{CLOCK_OFFSET, INBOUND, Setup, TOKEN};
use crate::strangers::{self, Strangers};
use crate::supervise::{self, Failures};
use crate::truths::Truths;
use crate::week;
use crate::{catch_all, deliver, dry_run, listen, notification, outlook, reverify, seats, secrets, sync};

/// How to open a folder.
#[derive(Debug, Clone)]
pub struct HouseOptions {
    /// The folder; made when it is missing.
    pub folder: PathBuf,
    /// What it is for; written into it once.
    pub kind: Kind,
    /// Binds the inbound listener here instead of where the folder says.
    pub listen: Option<SocketAddr>,
    /// Limits of sessions.
    pub limits: SessionLimits,
    /// The domains of the world and their mail exchangers instead of what name servers say; for tests.
    pub exchangers: Option<HashMap<String, Vec<Exchanger>>>,
    /// Name servers to ask instead of those that this computer uses; for tests. Counts before `exchangers`.
    pub name_servers: Option<Vec<SocketAddr>>,
    /// Where the key of its secrets is wanted (X17).
    pub secrets: Wish,
}

/// Opens the folder and starts serving it. Must be called inside a tokio runtime.
///
/// # Errors
/// The folder is open elsewhere, is of the other kind, is from a newer version, or cannot be used.
pub async fn open(options: HouseOptions) -> Result<Arc<House>, EngineError> {
    let HouseOptions { folder, kind, listen, limits, exchangers, name_servers, secrets } = options;
    let lock = lock_folder(&folder)?;
    crate::backup::sweep(&folder);
    let store = Store::open(&folder, kind)?;
    let spool = Spool::open(&folder)?;
    let clock = folder_clock(&store, kind)?;
    let first = store.read(|tx| tx.listeners())?.is_empty();
    if first {
        // Test mode (3.0): nothing reachable from outside until the operator opens it. Practice takes a free port.
        let port = if kind == Kind::Practice { 0 } else { 2525 };
        let listener = ListenerRecord {
            name: INBOUND.to_owned(),
            address: "127.0.0.1".to_owned(),
            port,
            role: ListenerRole::Inbound,
            tls: ListenerTls::StartTls,
        };
        store.write(move |tx| tx.put_listener(&listener)).await?;
    }
    dry_run::mark_complete(&store, clock.now()).await?;
    // What is invented has no business in anybody's keychain.
    let wish = if kind == Kind::Practice { Wish::AsTheyAre } else { secrets };
    let secrets = Arc::new(Secrets::open(&folder, wish).await);
    let setup = Setup::load(&store, &secrets)?;
    let truths = Truths::new(store.read(|tx| tx.truths())?);
    let recipients = store.read(|tx| Recipients::load(tx, |name| setup.domains.get(name).map(AsRef::as_ref)))?;
    let strangers = store.read(Strangers::load)?;
    let seen_mail = store.read(|tx| tx.last_delivered())?.is_some();
    let hostname = own_name();
    let certificate = Certificate::open(&folder, &hostname, clock.now())?;
    let mark = format!("(Rollcall {})", own_token(&store).await?);
    // Practice skips days: its neighbours have no five seconds to wait.
    let error_wait = if kind == Kind::Practice { Duration::ZERO } else { limits.error_wait };
    let limits = SessionLimits { error_wait, ..limits };
    let resolver = match name_servers {
        Some(servers) => Resolver::with_servers(&servers).map_err(|error| EngineError::Invalid(error.to_string()))?,
        None => exchangers.map_or_else(Resolver::default, Resolver::Map),
    };
    let house = Arc::new(House {
        pool: Pool::with_resolver(&hostname, limits.destination_connections, resolver),
        listeners: Listeners::new(listen),
        admission: Admission::new(limits.connections),
        held: Held::new(limits.held),
        harvest: Harvest::default(),
        strangers,
        recipients,
        folder,
        kind,
        store,
        spool,
        clock,
        bus: Bus::default(),
        hostname,
        mark,
        certificate,
        limits,
        setup: ArcSwap::from_pointee(setup),
        secrets,
        sync: Mutex::default(),
        sessions: Sessions::default(),
        destinations: Destinations::default(),
        truths,
        spool_wake: Notify::new(),
        proving: Proving::default(),
        reverifying: Notify::new(),
        // What waited while nobody was running is tried at once.
        flush: Flush::everything(),
        settling: Settling::default(),
        failures: Failures::default(),
        letters: tokio::sync::Mutex::default(),
        followers: Mutex::default(),
        skipping: tokio::sync::Mutex::new(()),
        seen_mail: AtomicBool::new(seen_mail),
        tasks: TaskTracker::new(),
        foretelling: Notify::new(),
        stop: CancellationToken::new(),
        lock: Mutex::new(Some(lock)),
    });
    file_accounts(&house).await?;
    deliver::reconcile::log(&house).await?;
    start_tasks(&house).await;
    Ok(house)
}

async fn start_tasks(house: &Arc<House>) {
    listen::rebind(house).await;
    let bus = house.bus.clone();
    let stop = house.stop.clone();
    house.tasks.spawn(async move {
        tokio::select! { () = stop.cancelled() => {}, () = bus.run() => {} }
    });
    spawn_kept(house, "listening", |house| async move { listen::turn(&house).await });
    spawn_kept(house, "delivering", |house| async move { deliver::turn(&house).await });
    spawn_kept(house, "looking at senders", |house| async move { prove::turn(&house).await });
    spawn_kept(house, "testing mail servers", |house| async move { catch_all::turn(&house).await });
    spawn_kept(house, "asking about accounts", |house| async move { reverify::turn(&house).await });
    spawn_kept(house, "watching the seats", |house| async move { seats::watch(&house).await });
    spawn_kept(house, "looking ahead", |house| async move { outlook::watch(&house).await });
    spawn_kept(house, "telling people", |house| async move { notification::watch(&house).await });
    spawn_kept(house, "asking the directory", |house| async move { sync::turn(&house).await });
    spawn_kept(house, "looking for the key", |house| async move { secrets::watch(&house).await });
    spawn_kept(house, "remembering", |house| async move { remember(&house).await });
    spawn_kept(house, "keeping the week", |house| async move { keep_week(&house).await });
    spawn_kept(house, "tidying", |house| async move { tidy(&house).await });
}

fn spawn_kept<F, Fut>(house: &Arc<House>, task: &'static str, turn: F)
where
    F: Fn(Arc<House>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), EngineError>> + Send,
{
    let house = Arc::clone(house);
    let tasks = house.tasks.clone();
    tasks.spawn(async move {
        supervise::keep(task, house.stop.clone(), &house.failures, &house.clock, || turn(Arc::clone(&house))).await;
    });
}

/// Twice a minute: what destinations said of recipients goes to the folder, and what nobody needs is forgotten there.
async fn remember(house: &House) -> Result<(), EngineError> {
    clock::pause(Duration::from_secs(30)).await;
    strangers::forget(house).await?;
    house.keep_said().await
}

/// Once a minute: messages that waited for a bounce, the weekly tick, the end of shadow mode, and mail that is kept for
/// addresses that ended, letters of our own.
async fn keep_week(house: &House) -> Result<(), EngineError> {
    house.settle_evidence().await?;
    house.tick_if_due().await?;
    house.end_shadow_if_due().await?;
    house.look_after_held().await?;
    house.send_letters().await?;
    house.tell_the_time().await?;
    clock::pause(Duration::from_millis(week::LOOK_MS.unsigned_abs())).await;
    Ok(())
}

/// Every ten minutes: idle connections, rows that lapsed, failed messages that were kept long enough.
async fn tidy(house: &House) -> Result<(), EngineError> {
    const PAUSE: Duration = Duration::from_secs(600);
    house.lapse().await?;
    house.look_after_held().await?;
    for _ in 0..(PAUSE.as_secs() / 10) {
        clock::pause(Duration::from_secs(10)).await;
        house.pool.tidy().await;
    }
    Ok(())
}

/// A practice folder goes on where its virtual clock stood; a real one has the computer's.
fn folder_clock(store: &Store, kind: Kind) -> Result<Clock, EngineError> {
    if kind == Kind::Real {
        return Ok(Clock::System);
    }
    let offset = store.read(|tx| tx.setting(CLOCK_OFFSET))?.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(Clock::Virtual(AtomicI64::new(offset)))
}

/// Files how accounts of before may be written, in pieces, each behind the one before.
async fn file_accounts(house: &House) -> Result<(), EngineError> {
    let mut filed = Some(String::new());
    while let Some(after) = filed {
        filed = house.store.write(move |tx| tx.file_accounts(&after)).await?;
    }
    Ok(())
}

/// One engine a folder: the lock is held until the file is dropped, also when the process is killed. A missing folder is
/// made for its owner alone; one that is there keeps its mode.
pub(crate) fn lock_folder(folder: &Path) -> Result<File, EngineError> {
    let unusable = |source| EngineError::Folder { folder: folder.display().to_string(), source };
    let mut folders = DirBuilder::new();
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    folders.recursive(true).create(folder).map_err(unusable)?;
    let file = options.open(folder.join("engine.lock")).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(EngineError::FolderInUse(folder.display().to_string())),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// The folder's own token, drawn once.
async fn own_token(store: &Store) -> Result<String, EngineError> {
    if let Some(token) = store.read(|tx| tx.setting(TOKEN))? {
        return Ok(token);
    }
    let token = format!("{:016x}", RandomState::new().build_hasher().finish());
    let kept = token.clone();
    store.write(move |tx| tx.put_setting(TOKEN, &kept)).await?;
    Ok(token)
}

/// The computer's name if it can stand in EHLO, else `localhost`.
fn own_name() -> String {
    let name = gethostname::gethostname().to_string_lossy().to_ascii_lowercase();
    rollcall_core::DomainName::parse(&name).map_or_else(|_| "localhost".to_owned(), |name| name.to_string())
}
