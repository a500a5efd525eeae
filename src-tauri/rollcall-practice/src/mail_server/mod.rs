//! The practice office's own mail server: a real SMTP server on a loopback port that knows the office's mailboxes,
//! refuses everybody else in the session, and counts what it took.
//!
//! **Invariant.** It answers 250 to content only after the message is counted, and never takes mail for a mailbox that
//! is not in [`MAILBOXES`](crate::mailboxes::MAILBOXES).
//!
//! **Limits.** It keeps counts and the last subjects, no content; what it took is forgotten when the office closes. No
//! TLS, no AUTH.

mod conversation;
mod kept;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::supervise::pause;
use kept::Kept;
pub use kept::MailboxCount;

/// A running mail server.
#[derive(Debug)]
pub struct MailServer {
    address: SocketAddr,
    kept: Arc<Kept>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl MailServer {
    /// Binds `port` of 127.0.0.1, or a free one when that is taken, and serves until [`Self::close`].
    ///
    /// # Errors
    /// When no port of 127.0.0.1 can be bound.
    pub async fn start(port: u16) -> io::Result<Self> {
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
        };
        let server = Self {
            address: listener.local_addr()?,
            kept: Arc::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        server.tasks.spawn(accept(listener, Arc::clone(&server.kept), server.stop.clone(), server.tasks.clone()));
        Ok(server)
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What each mailbox got since the server started.
    #[must_use]
    pub fn mailboxes(&self) -> Vec<MailboxCount> {
        self.kept.snapshot()
    }

    /// Ends every conversation and lets go of the port.
    pub async fn close(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Takes connections, at most [`MAX_CONNECTIONS`] at a time; further ones wait in the system's queue.
async fn accept(listener: TcpListener, kept: Arc<Kept>, stop: CancellationToken, tasks: TaskTracker) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let place = Arc::clone(&places).acquire_owned().await.expect("the places are never closed");
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, or a client that left at once.
            pause(BREATH).await;
            continue;
        };
        let (kept, stop) = (Arc::clone(&kept), stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                ended = conversation::hold(stream, &kept) => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a conversation with the practice mail server broke off");
                    }
                }
            }
            drop(place);
        });
    }
}

const MAX_CONNECTIONS: usize = 64;
const BREATH: Duration = Duration::from_millis(100);

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
