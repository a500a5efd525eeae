//! One data folder, open: its store, spool, clock, listener and tasks.

use std::fs::{File, OpenOptions, TryLockError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use rollcall_core::Rule;
use rollcall_net::{Admission, Limits, Pool};
use rollcall_store::{Kind, ListenerRecord, Spool, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::bus::{Bus, Notice, Tag};
use crate::clock::Clock;
use crate::destinations::Destinations;
use crate::error::EngineError;
use crate::listen::Inbound;
use crate::setup::{CLOCK_OFFSET, Domain, INBOUND, Setup};
use crate::skip::Followers;
use crate::supervise::{self, Failures};
use crate::{deliver, discover, listen};

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
}

/// Limits of SMTP sessions; safe defaults.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// Connections at once.
    pub connections: Limits,
    /// The longest wait for a command (RFC 5321 section 4.5.3.2.7 asks for 5 minutes).
    pub command_wait: Duration,
    /// The longest wait for a block of content.
    pub content_wait: Duration,
    /// The longest command line in bytes, CRLF included (RFC 5321 section 4.5.3.1.4 asks for 512).
    pub line_bytes: usize,
    /// The largest content in bytes.
    pub content_bytes: u64,
    /// Recipients a transaction.
    pub recipients: usize,
    /// Commands that made no sense, a session.
    pub bad_commands: u32,
    /// Recipients that do not exist, a session (3.4: the fifth ends it).
    pub invalid_recipients: u32,
    /// How long a destination transaction waits for content before it is given up and repeated (architecture 8a).
    pub hold: Duration,
    /// How many may wait so at a time.
    pub held: usize,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            connections: Limits { total: 1000, per_address: 50 },
            command_wait: Duration::from_secs(300),
            content_wait: Duration::from_secs(180),
            line_bytes: 2048,
            content_bytes: 50 * 1024 * 1024,
            recipients: 100,
            bad_commands: 10,
            invalid_recipients: 5,
            hold: Duration::from_secs(20),
            held: 20,
        }
    }
}

/// An open data folder. Everything that serves it holds an `Arc` of this.
pub struct House {
    /// The folder.
    pub folder: PathBuf,
    /// What it is for.
    pub kind: Kind,
    /// Rows, evidence, journal, log.
    pub store: Store,
    /// Messages that are ours.
    pub spool: Spool,
    /// The folder's clock.
    pub clock: Clock,
    /// What changed.
    pub bus: Bus,
    /// The name in greetings, EHLO and Received fields.
    pub hostname: String,
    /// Limits of sessions.
    pub limits: SessionLimits,
    pub(crate) setup: ArcSwap<Setup>,
    pub(crate) pool: Pool,
    pub(crate) destinations: Destinations,
    pub(crate) admission: Admission,
    pub(crate) inbound: Inbound,
    pub(crate) held: tokio::sync::Semaphore,
    pub(crate) spool_wake: Notify,
    pub(crate) flush_spool: AtomicBool,
    pub(crate) failures: Failures,
    pub(crate) followers: Mutex<Followers>,
    pub(crate) skipping: tokio::sync::Mutex<()>,
    pub(crate) seen_mail: AtomicBool,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
    lock: Mutex<Option<File>>,
}

impl House {
    /// Opens the folder and starts serving it. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The folder is open elsewhere, is of the other kind, is from a newer version, or cannot be used.
    pub async fn open(options: HouseOptions) -> Result<Arc<Self>, EngineError> {
        let HouseOptions { folder, kind, listen, limits } = options;
        let lock = lock_folder(&folder)?;
        let store = Store::open(&folder, kind)?;
        let spool = Spool::open(&folder)?;
        let clock = folder_clock(&store, kind)?;
        let first = store.read(|tx| tx.listeners())?.is_empty();
        if first {
            // Test mode (3.0): nothing reachable from outside until the operator opens it. Practice takes a free port.
            let port = if kind == Kind::Practice { 0 } else { 2525 };
            let listener = ListenerRecord { name: INBOUND.to_owned(), address: "127.0.0.1".to_owned(), port };
            store.write(move |tx| tx.put_listener(&listener)).await?;
        }
        let setup = Setup::load(&store)?;
        let seen_mail = store.read(|tx| tx.last_delivered())?.is_some();
        let hostname = own_name();
        let house = Arc::new(Self {
            pool: Pool::new(&hostname),
            inbound: Inbound::new(listen),
            admission: Admission::new(limits.connections),
            held: tokio::sync::Semaphore::new(limits.held),
            folder,
            kind,
            store,
            spool,
            clock,
            bus: Bus::default(),
            hostname,
            limits,
            setup: ArcSwap::from_pointee(setup),
            destinations: Destinations::default(),
            spool_wake: Notify::new(),
            // What waited while nobody was running is tried at once.
            flush_spool: AtomicBool::new(true),
            failures: Failures::default(),
            followers: Mutex::default(),
            skipping: tokio::sync::Mutex::new(()),
            seen_mail: AtomicBool::new(seen_mail),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            lock: Mutex::new(Some(lock)),
        });
        house.start_tasks().await;
        Ok(house)
    }

    /// What is set up now.
    #[must_use]
    pub fn setup(&self) -> Arc<Setup> {
        self.setup.load_full()
    }

    /// Open SMTP sessions.
    #[must_use]
    pub fn session_count(&self) -> usize {
        self.admission.count()
    }

    /// Reads the set-up again after a change.
    ///
    /// # Errors
    /// The store's.
    pub fn reload(&self) -> Result<(), EngineError> {
        self.setup.store(Arc::new(Setup::load(&self.store)?));
        self.bus.stale(&[Tag::Setup, Tag::Health]);
        Ok(())
    }

    /// Stops listening, gives sessions up to `patience` to end, commits everything and frees the folder.
    pub async fn close(&self, patience: Duration) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(patience, self.tasks.wait()).await.is_err() {
            tracing::warn!("some sessions did not end in time");
        }
        if let Err(error) = self.store.settle().await {
            tracing::error!(error = %error, "the last evidence could not be stored");
        }
        drop(self.lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
    }

    async fn start_tasks(self: &Arc<Self>) {
        listen::rebind(self).await;
        let bus = self.bus.clone();
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! { () = stop.cancelled() => {}, () = bus.run() => {} }
        });
        self.spawn_kept("listening", |house| async move { listen::turn(&house).await });
        self.spawn_kept("delivering", |house| async move { deliver::turn(&house).await });
        self.spawn_kept("tidying", |house| async move { house.tidy_turn().await });
    }

    fn spawn_kept<F, Fut>(self: &Arc<Self>, task: &'static str, turn: F)
    where
        F: Fn(Arc<Self>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), EngineError>> + Send,
    {
        let house = Arc::clone(self);
        self.tasks.spawn(async move {
            supervise::keep(task, house.stop.clone(), &house.failures, &house.clock, || turn(Arc::clone(&house))).await;
        });
    }

    /// Every ten minutes: idle connections, rows that lapsed, failed messages that were kept long enough.
    async fn tidy_turn(&self) -> Result<(), EngineError> {
        const PAUSE: Duration = Duration::from_secs(600);
        self.lapse().await?;
        self.spool.sweep(self.clock.now()).await?;
        for _ in 0..(PAUSE.as_secs() / 10) {
            crate::clock::pause(Duration::from_secs(10)).await;
            self.pool.tidy().await;
        }
        Ok(())
    }

    /// A destination answers again: tell people, and try everything that waits for it at once.
    pub(crate) fn came_back(&self, domain: &Domain) {
        let destination = domain.destination.to_string();
        tracing::info!(destination, "the destination answers again");
        self.bus.notice(Notice::Destination { destination, answers: true });
        self.bus.stale(&[Tag::Health]);
        self.flush_spool.store(true, Ordering::Release);
        self.spool_wake.notify_one();
    }

    /// T11 for every row.
    pub(crate) async fn lapse(&self) -> Result<(), EngineError> {
        let now = self.clock.now();
        let changed = self.store.write(move |tx| discover::lapse(tx, Rule::SHIPPED, now)).await?;
        if changed {
            self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        }
        Ok(())
    }
}

/// A practice folder goes on where its virtual clock stood; a real one has the computer's.
fn folder_clock(store: &Store, kind: Kind) -> Result<Clock, EngineError> {
    if kind == Kind::Real {
        return Ok(Clock::System);
    }
    let offset = store.read(|tx| tx.setting(CLOCK_OFFSET))?.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(Clock::Virtual(std::sync::atomic::AtomicI64::new(offset)))
}

/// One engine a folder: the lock is held until the file is dropped, also when the process is killed.
fn lock_folder(folder: &Path) -> Result<File, EngineError> {
    let unusable = |source| EngineError::Folder { folder: folder.display().to_string(), source };
    std::fs::create_dir_all(folder).map_err(unusable)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("engine.lock"))
        .map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(EngineError::FolderInUse(folder.display().to_string())),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// The computer's name if it can stand in EHLO, else `localhost`.
fn own_name() -> String {
    let name = gethostname::gethostname().to_string_lossy().to_ascii_lowercase();
    rollcall_core::DomainName::parse(&name).map_or_else(|_| "localhost".to_owned(), |name| name.to_string())
}
