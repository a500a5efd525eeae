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

use rollcall_core::Reply;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::supervise::pause;
use kept::Kept;
pub use kept::MailboxCount;

/// What a mail server answers, and what becomes of mail. The server itself only speaks.
pub trait Household: Send + Sync + 'static {
    /// What it calls itself.
    fn hostname(&self) -> &'static str;

    /// What its greeting says behind the name.
    fn motto(&self) -> &'static str;

    /// The reply to RCPT.
    fn judge(&self, address: &str) -> Reply;

    /// Takes a message in, or not, and says the reply to its end.
    fn keep(&self, reverse_path: &str, recipients: &[&str], content: &[u8]) -> Reply;
}

/// A running mail server of some household; dropping it ends it.
#[derive(Debug)]
pub struct SmtpServer {
    address: SocketAddr,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl SmtpServer {
    /// Binds `address` and serves until [`Self::close`].
    ///
    /// # Errors
    /// When the address can't be bound.
    pub async fn start(address: SocketAddr, household: Arc<dyn Household>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let server =
            Self { address: listener.local_addr()?, stop: CancellationToken::new(), tasks: TaskTracker::new() };
        server.tasks.spawn(accept(listener, household, server.stop.clone(), server.tasks.clone()));
        Ok(server)
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every conversation and lets go of the port.
    pub async fn close(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The practice office's mail server.
#[derive(Debug)]
pub struct MailServer {
    server: SmtpServer,
    kept: Arc<Kept>,
}

impl MailServer {
    /// Binds `port` of 127.0.0.1, or a free one when that is taken, and serves until [`Self::close`].
    ///
    /// # Errors
    /// When no port of 127.0.0.1 can be bound.
    pub async fn start(port: u16) -> io::Result<Self> {
        let kept = Arc::<Kept>::default();
        let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let server = match SmtpServer::start(at(port), kept.clone()).await {
            Ok(server) => server,
            Err(_) => SmtpServer::start(at(0), kept.clone()).await?,
        };
        Ok(Self { server, kept })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// What each mailbox got since the server started.
    #[must_use]
    pub fn mailboxes(&self) -> Vec<MailboxCount> {
        self.kept.snapshot()
    }

    /// Ends every conversation and lets go of the port.
    pub async fn close(self) {
        self.server.close().await;
    }
}

/// Takes connections, at most [`MAX_CONNECTIONS`] at a time; further ones wait in the system's queue.
async fn accept(listener: TcpListener, household: Arc<dyn Household>, stop: CancellationToken, tasks: TaskTracker) {
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
        let (household, stop) = (Arc::clone(&household), stop.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                ended = conversation::hold(stream, household.as_ref()) => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a conversation with a mail server of ours broke off");
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
