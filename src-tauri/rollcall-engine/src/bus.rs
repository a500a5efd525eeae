//! Tells subscribers what changed, after commit only.
//!
//! **Invariant.** An event says which answers are stale and carries no data to merge; who misses events is told to ask
//! everything again. Bursts are merged: one event in [`MERGE`], however many messages came.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rollcall_core::access::Audience;
use rollcall_core::transition::Tell;
use tokio::sync::{Notify, broadcast};

/// What an answer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// Address rows, their evidence and counts.
    Addresses,
    /// The mail log and the hourly numbers.
    Mail,
    /// Who decided what.
    Journal,
    /// Listeners, destinations, waiting messages.
    Health,
    /// Domains, listeners, upstreams and other settings.
    Setup,
    /// The virtual clock.
    Clock,
    /// Who is signed in, and whether there is a password.
    Access,
    /// The inbox.
    Notifications,
    /// The sync with a directory: its progress, its runs.
    Sync,
}

/// Something worth telling a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// These addresses reached the threshold.
    Discovered(Vec<String>),
    /// The destination (`host:port`) stopped or began to answer.
    Destination {
        /// `host:port`.
        destination: String,
        /// Whether it answers now.
        answers: bool,
    },
    /// These clients were blocked for guessing addresses; told once a day.
    Blocked(Vec<String>),
    /// Mail that was kept here could not be delivered in the end: the messages, at most [`NAMED`] of them.
    Undelivered(Vec<String>),
    /// The weekly notice: these addresses wait for a decision, by key (D15).
    Weekly {
        /// Their keys.
        addresses: Vec<String>,
    },
    /// The weekly report (D11, D12): who was made a user or an alias.
    Report {
        /// Its number.
        id: i64,
        /// Users that it lists.
        users: u64,
        /// Aliases that it lists.
        aliases: u64,
        /// Discovered addresses that waited for a decision then.
        waiting: u64,
        /// "Include admin contact in the report" (D13).
        and_administrator: bool,
    },
    /// Nobody decided about this address in time: its mail is refused from now on (T10).
    Ended(String),
    /// The rule made this address a user (N6).
    UserCreated(String),
    /// The rule made this address another name of an account (N5).
    AliasMade {
        /// The new name.
        alias: String,
        /// The account.
        owner: String,
    },
    /// Something else about an address.
    AboutAddress {
        /// As shown.
        address: String,
        /// What.
        tell: Tell,
    },
    /// The destination of a domain began or stopped to take every recipient (N19).
    Strangers {
        /// The domain.
        domain: String,
        /// Whether it takes them now.
        accepted: bool,
    },
    /// Nine in ten seats are used, or none is left (`used >= total`); once each (N18).
    Seats {
        /// Users.
        used: u64,
        /// How many there may be.
        total: u64,
    },
    /// Something happened to the Organization Administrator's password.
    Access(AccessNews),
    /// Shadow mode ended by itself: refusals hold again (X16).
    ShadowEnded {
        /// Recipients that would have been refused meanwhile.
        would_refuse: u64,
    },
}

/// What happened to the Organization Administrator's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessNews {
    /// The first one was set.
    PasswordSet,
    /// It was changed with the one before.
    PasswordChanged,
    /// The folder's owner took it away.
    PasswordReset,
    /// Five wrong ones were given.
    Locked,
}

impl Notice {
    /// Whom it is told to (D13): reports are the Technician's, and the Organization Administrator's where the office wants
    /// that.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        match self {
            Self::Report { and_administrator, .. } => Audience::Report { and_administrator: *and_administrator },
            Self::Weekly { .. }
            | Self::Ended(_)
            | Self::UserCreated(_)
            | Self::AliasMade { .. }
            | Self::AboutAddress { .. } => Audience::Everybody,
            Self::Discovered(_)
            | Self::Destination { .. }
            | Self::Blocked(_)
            | Self::Undelivered(_)
            | Self::Strangers { .. }
            | Self::Seats { .. }
            | Self::Access(_)
            | Self::ShadowEnded { .. } => Audience::Everybody,
        }
    }
}

/// One event.
#[derive(Debug, Clone)]
pub struct Event {
    /// Increases with every event.
    pub revision: u64,
    /// Which answers are stale.
    pub stale: BTreeSet<Tag>,
    /// Something worth telling a person.
    pub notices: Vec<Notice>,
}

/// The most messages that a notice names.
pub const NAMED: usize = 100;
/// How long changes wait for company.
pub const MERGE: Duration = Duration::from_millis(40);

#[derive(Default)]
struct Pending {
    stale: BTreeSet<Tag>,
    discovered: Vec<String>,
    undelivered: BTreeSet<String>,
    others: Vec<Notice>,
}

/// The bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    revision: Arc<AtomicU64>,
    pending: Arc<Mutex<Pending>>,
    wake: Arc<Notify>,
    sender: broadcast::Sender<Arc<Event>>,
}

impl Default for Bus {
    fn default() -> Self {
        Self {
            revision: Arc::new(AtomicU64::new(1)),
            pending: Arc::default(),
            wake: Arc::default(),
            sender: broadcast::channel(64).0,
        }
    }
}

impl Bus {
    /// The revision of the last event.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Follows events from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Event>> {
        self.sender.subscribe()
    }

    /// Says that answers are stale. Never blocks.
    pub fn stale(&self, tags: &[Tag]) {
        self.pending().stale.extend(tags);
        self.wake.notify_one();
    }

    /// Says that an address reached the threshold.
    pub fn discovered(&self, shown: String) {
        self.pending().discovered.push(shown);
        self.wake.notify_one();
    }

    /// Says that messages that were kept here could not be delivered.
    pub fn undelivered(&self, queue_ids: impl IntoIterator<Item = String>) {
        let mut pending = self.pending();
        for queue_id in queue_ids {
            if pending.undelivered.len() < NAMED {
                pending.undelivered.insert(queue_id);
            }
        }
        drop(pending);
        self.wake.notify_one();
    }

    /// Says something else worth telling a person.
    pub fn notice(&self, notice: Notice) {
        self.pending().others.push(notice);
        self.wake.notify_one();
    }

    /// Sends merged events for ever; one task of the house runs it.
    pub async fn run(&self) {
        loop {
            self.wake.notified().await;
            crate::clock::pause(MERGE).await;
            self.send_pending();
        }
    }

    fn send_pending(&self) {
        let Pending { stale, discovered, undelivered, mut others } = std::mem::take(&mut *self.pending());
        if !undelivered.is_empty() {
            others.push(Notice::Undelivered(undelivered.into_iter().collect()));
        }
        if !discovered.is_empty() {
            others.push(Notice::Discovered(discovered));
        }
        if stale.is_empty() && others.is_empty() {
            return;
        }
        let revision = self.revision.fetch_add(1, Ordering::AcqRel) + 1;
        // Nobody listening is fine: the next subscriber starts with every tag.
        drop(self.sender.send(Arc::new(Event { revision, stale, notices: others })));
    }

    fn pending(&self) -> std::sync::MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
