//! The hours of a practice folder's virtual clock, as its followers see them pass.

use tokio::sync::{mpsc, oneshot};

/// Who follows the virtual clock.
pub type Followers = Vec<mpsc::Sender<HourPassed>>;

/// One hour of virtual time has passed; the clock waits until this is done or dropped.
#[derive(Debug)]
pub struct HourPassed {
    /// The folder's clock now, in milliseconds since 1970 UTC.
    pub now_ms: i64,
    pub(crate) done: oneshot::Sender<()>,
}

impl HourPassed {
    /// Lets the clock go on.
    pub fn done(self) {
        let _ = self.done.send(());
    }
}

/// The hours as they pass.
#[derive(Debug)]
pub struct Hours(pub(crate) mpsc::Receiver<HourPassed>);

impl Hours {
    /// The next hour; `None` once the folder is closed.
    pub async fn next(&mut self) -> Option<HourPassed> {
        self.0.recv().await
    }
}
