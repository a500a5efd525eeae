//! What tests start from.

use std::path::Path;
use std::sync::mpsc;

use rollcall_core::report::Proof;
use rollcall_core::{AddressState, Source, Timestamp};
use rollcall_store::{
    AddressRecord, Claimed, Direction, EvidenceKind, EvidenceRecord, Kind, MailLogFilter, MailLogRecord, NewMessage,
    NewRecipient, Outcome, Settled, Settlement, Spool, SpoolContent, Store, StoreError,
};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The moment every test starts at.
pub const T0: Timestamp = Timestamp(1_790_000_000_000);

/// A store in a folder of its own, which goes with the test.
pub fn store() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Kind::Real).unwrap();
    (dir, store)
}

/// A spool in a folder of its own, which goes with the test.
pub fn spool() -> (TempDir, Spool) {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(dir.path()).unwrap();
    (dir, spool)
}

/// A second look at a file, past the store.
pub fn beside(dir: &Path, file: &str) -> rusqlite::Connection {
    rusqlite::Connection::open(dir.join(file)).unwrap()
}

/// `rows` of a statement as text: for tests that compare what a file holds.
pub fn dump(conn: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement
        .query_map([], |row| {
            (0..columns).map(|index| Ok(format!("{:?}", row.get_ref(index)?))).collect::<Result<Vec<_>, _>>()
        })
        .unwrap();
    rows.map(|row| row.unwrap().join("|")).collect()
}

/// An address that mail brought at [`T0`].
pub fn address(key: &str, state: AddressState) -> AddressRecord {
    let domain = key.rsplit('@').next().unwrap().to_owned();
    AddressRecord::new(key.to_owned(), key.to_owned(), domain, state, Source::Mail, T0)
}

/// A clean message from a domain.
pub fn delivered(key: &str, sender_domain: &str, at: Timestamp) -> EvidenceRecord {
    EvidenceRecord {
        key: key.to_owned(),
        at,
        kind: EvidenceKind::Delivered,
        counted: true,
        not_counted_because: None,
        sender: format!("kim@{sender_domain}"),
        sender_domain: sender_domain.to_owned(),
        subject: Some("Minutes".to_owned()),
        client_ip: "192.0.2.7".to_owned(),
        lines: vec!["RCPT TO:<ann@acme.example>".to_owned(), "250 2.1.5 Ok".to_owned()],
        message_id: None,
        settles: None,
        is_reply: false,
    }
}

/// A row of the mail log.
pub fn logged(recipient: &str, outcome: Outcome, at: Timestamp) -> MailLogRecord {
    MailLogRecord {
        at,
        session: "s1".to_owned(),
        outcome,
        reason: "accepted".to_owned(),
        sender: "kim@fabrikam.example".to_owned(),
        recipient: recipient.to_owned(),
        client_ip: "192.0.2.7".to_owned(),
        client_name: "mx.fabrikam.example".to_owned(),
        subject: Some("Minutes".to_owned()),
        size_bytes: Some(4096),
        duration_ms: 12,
        reply: "250 2.0.0 Ok".to_owned(),
        destination_reply: Some("250 2.0.0 Ok: queued as 4F".to_owned()),
        destination: Some("mail.acme.example:25".to_owned()),
        queue_id: None,
        message: None,
        direction: Direction::Inbound,
        message_id: None,
        tls: None,
        would_refuse: None,
        began: at,
        trace: Vec::new(),
    }
}

/// The latest rows of the log, newest first.
pub fn log(store: &Store, limit: u32, before: Option<i64>, search: Option<&str>) -> Vec<(i64, MailLogRecord)> {
    let filter = MailLogFilter { limit, before, search: search.map(str::to_owned), ..MailLogFilter::default() };
    store.read(|tx| tx.mail_log(&filter)).unwrap().rows
}

/// A small message that is due at [`T0`].
pub fn message(queue_id: &str, recipients: &[&str]) -> NewMessage {
    NewMessage {
        queue_id: queue_id.to_owned(),
        reverse_path: "kim@fabrikam.example".to_owned(),
        recipients: recipients
            .iter()
            .map(|&address| NewRecipient { address: address.to_owned(), ..NewRecipient::default() })
            .collect(),
        arrived: T0,
        due: T0,
        outbound: false,
        body_8bit: true,
        smtputf8: false,
        ret: None,
        envid: None,
        proof: Proof::Unknown,
        client_ip: "192.0.2.7".to_owned(),
        client_is_known: true,
        client_name: "mx.fabrikam.example".to_owned(),
        subject: Some("Minutes".to_owned()),
        content: SpoolContent::Bytes(b"Subject: Minutes\r\n\r\nHello\r\n".to_vec()),
    }
}

/// Takes the due recipients of up to `limit` messages of every lane.
pub async fn claim_due(spool: &Spool, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, StoreError> {
    let mut claimed = Vec::new();
    for lane in spool.lanes()? {
        claimed.extend(spool.claim(now, limit, &lane, &[]).await?);
    }
    Ok(claimed)
}

/// Settles an attempt and lets the message go if it is done.
pub async fn settle(spool: &Spool, queue_id: &str, outcomes: Vec<(i64, Settled)>) -> Result<(), StoreError> {
    spool.settle(vec![Settlement { queue_id: queue_id.to_owned(), outcomes, notice: None }]).await?;
    spool.forget_done(vec![queue_id.to_owned()]).await
}

/// Content of this many bytes that no other message has.
pub fn large_content(queue_id: &str, size: usize) -> Vec<u8> {
    queue_id.bytes().cycle().take(size).collect()
}

/// A writer that stands still in the middle of a job until it is released.
pub struct Gate {
    release: mpsc::Sender<()>,
    job: JoinHandle<Result<(), StoreError>>,
}

impl Gate {
    /// Brings the store's writer to a stand.
    pub async fn close(store: &Store) -> Self {
        let (reached, standing) = oneshot::channel();
        let (release, released) = mpsc::channel();
        let store = store.clone();
        let job = tokio::spawn(async move {
            let wait = move |_: &rollcall_store::Tx<'_>| {
                reached.send(()).unwrap();
                released.recv().unwrap_err();
                Ok(())
            };
            store.write(wait).await
        });
        standing.await.unwrap();
        Self { release, job }
    }

    /// Lets the writer go on, and waits for the job's commit.
    pub async fn open(self) {
        drop(self.release);
        self.job.await.unwrap().unwrap();
    }
}

/// Lets every other task of a one-thread runtime go as far as it can.
pub async fn everybody_waits() {
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
}
