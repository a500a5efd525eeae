//! A message becomes durable.

use std::io::{Read, Seek, Write};
use std::sync::Arc;

use rollcall_core::Address;
use rollcall_core::report::Proof;
use rusqlite::named_params;
use tempfile::NamedTempFile;

use super::content::{ContentFolder, Kept};
use super::{NewMessage, NewRecipient, Notice, Spool, SpoolContent};
use crate::store::blocking;
use crate::tx::{Statement, signed, statement};
use crate::{StoreError, Tx};

const ADD_MESSAGE: Statement = statement!("spool/add_message", "take a message");
const ADD_CONTENT: Statement = statement!("spool/add_content", "take a message's content");
const ADD_RECIPIENT: Statement = statement!("spool/add_recipient", "take a message's recipient");
const REPORTED: Statement = statement!("spool/reported", "note that a sender was told");

const ADD_HELD: Statement = statement!("spool/add_held", "keep a message for an address");

/// Why nobody was asked about a recipient whose mail is kept for its address.
const KEPT_FOR: &str = "kept until somebody has decided about the address";
/// Content up to this size is a row, larger content a file.
const LARGEST_ROW_BYTES: u64 = 64 * 1024;

impl Spool {
    /// Makes a message durable. After `Ok` we are responsible for it; after an error it must not be acknowledged.
    /// Messages admitted at the same time share a commit. If the future is dropped the message may still be taken.
    ///
    /// # Errors
    /// [`StoreError::NoRecipient`], [`StoreError::ContentSize`], [`StoreError::File`] or [`StoreError::Sqlite`], the
    /// last two for a full disk and a queue id that was used before.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn admit(&self, message: NewMessage) -> Result<(), StoreError> {
        let NewMessage { content, .. } = message;
        let envelope = Envelope {
            queue_id: message.queue_id,
            reverse_path: message.reverse_path,
            recipients: message.recipients,
            arrived_ms: message.arrived.0,
            due_ms: message.due.0,
            outbound: message.outbound,
            body_8bit: message.body_8bit,
            smtputf8: message.smtputf8,
            ret: message.ret,
            envid: message.envid,
            proof: message.proof,
            client_ip: message.client_ip,
            client_is_known: message.client_is_known,
            client_name: message.client_name,
            subject: message.subject,
        };
        if envelope.recipients.is_empty() {
            return Err(StoreError::NoRecipient { queue_id: envelope.queue_id });
        }
        let (content, kept) = place(&self.folder, content, &envelope.queue_id).await?;
        let settle = |result: &Result<(), StoreError>| {
            if let Some(kept) = kept {
                kept.settle(result);
            }
        };
        self.database.writer().write_then(move |tx| envelope.add(tx, &content), settle).await
    }

    /// Makes a report durable that is about no attempt from here.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn admit_notice(&self, notice: Notice) -> Result<(), StoreError> {
        self.database.writer().write(move |tx| add_notice(tx, &notice)).await
    }
}

/// A message without its content.
struct Envelope {
    queue_id: String,
    reverse_path: String,
    recipients: Vec<NewRecipient>,
    arrived_ms: i64,
    due_ms: i64,
    outbound: bool,
    body_8bit: bool,
    smtputf8: bool,
    ret: Option<&'static str>,
    envid: Option<String>,
    proof: Proof,
    client_ip: String,
    client_is_known: bool,
    client_name: String,
    subject: Option<String>,
}

/// Content where it will stay.
enum Placed {
    Row(Vec<u8>),
    File { size_bytes: u64 },
}

impl Envelope {
    fn add(&self, tx: &Tx<'_>, content: &Placed) -> Result<(), StoreError> {
        let (size_bytes, in_file) = match content {
            Placed::Row(bytes) => (bytes.len() as u64, false),
            Placed::File { size_bytes } => (*size_bytes, true),
        };
        let params = named_params! {
            ":queue_id": self.queue_id,
            ":reverse_path": self.reverse_path,
            ":arrived": self.arrived_ms,
            ":body_8bit": self.body_8bit,
            ":client_ip": self.client_ip,
            ":client_known": self.client_is_known,
            ":client_name": self.client_name,
            ":subject": self.subject,
            ":size_bytes": signed(size_bytes),
            ":in_file": in_file,
            ":outbound": self.outbound,
            ":smtputf8": self.smtputf8,
            ":ret": self.ret,
            ":envid": self.envid,
            ":proof": self.proof.word(),
            ":look": (self.proof == Proof::Unknown).then_some(self.arrived_ms),
        };
        tx.change(&ADD_MESSAGE, params)?;
        if let Placed::Row(bytes) = content {
            tx.change(&ADD_CONTENT, named_params! { ":queue_id": self.queue_id, ":bytes": bytes })?;
        }
        for recipient in &self.recipients {
            self.add_recipient(tx, recipient)?;
        }
        Ok(())
    }
}

impl Envelope {
    fn add_recipient(&self, tx: &Tx<'_>, recipient: &NewRecipient) -> Result<(), StoreError> {
        let domain = domain_of(&recipient.address);
        if let Some(held) = &recipient.held_for {
            let params = named_params! {
                ":queue_id": self.queue_id,
                ":address": recipient.address,
                ":keep_until": held.keep_until.0,
                ":why": KEPT_FOR,
                ":outbound": self.outbound,
                ":domain": domain,
                ":notify": recipient.notify,
                ":orcpt": recipient.orcpt,
                ":held_for": held.key,
            };
            return tx.change(&ADD_HELD, params).map(drop);
        }
        let params = named_params! {
            ":queue_id": self.queue_id,
            ":address": recipient.address,
            ":due": self.due_ms,
            ":outbound": self.outbound,
            ":domain": domain,
            ":notify": recipient.notify,
            ":orcpt": recipient.orcpt,
        };
        tx.change(&ADD_RECIPIENT, params).map(drop)
    }
}

/// A report of ours becomes durable with whatever else the transaction does.
pub(super) fn add_notice(tx: &Tx<'_>, notice: &Notice) -> Result<(), StoreError> {
    let recipient = NewRecipient { address: notice.recipient.clone(), ..NewRecipient::default() };
    let envelope = Envelope {
        queue_id: notice.queue_id.clone(),
        reverse_path: String::new(),
        recipients: vec![recipient],
        arrived_ms: notice.at.0,
        due_ms: notice.at.0,
        outbound: notice.outbound,
        body_8bit: !notice.content.is_ascii(),
        smtputf8: !notice.recipient.is_ascii(),
        ret: None,
        envid: None,
        proof: Proof::Office,
        client_ip: String::new(),
        client_is_known: false,
        client_name: String::new(),
        subject: Some(notice.subject.to_owned()),
    };
    envelope.add(tx, &Placed::Row(notice.content.clone()))?;
    for id in &notice.about {
        tx.change(&REPORTED, named_params! { ":id": id })?;
    }
    Ok(())
}

/// The domain in lower case and A-labels; of what is no address, whatever follows the last `@`.
fn domain_of(address: &str) -> String {
    match Address::parse(address) {
        Ok(address) => address.domain().to_string(),
        Err(_) => address.rsplit('@').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase(),
    }
}

/// Brings large content into its file, off the async threads.
async fn place(
    folder: &Arc<ContentFolder>,
    content: SpoolContent,
    queue_id: &str,
) -> Result<(Placed, Option<Kept>), StoreError> {
    match content {
        SpoolContent::Bytes(bytes) if bytes.len() as u64 <= LARGEST_ROW_BYTES => Ok((Placed::Row(bytes), None)),
        content => {
            let (folder, queue_id) = (Arc::clone(folder), queue_id.to_owned());
            blocking(move || place_blocking(&folder, content, &queue_id)).await
        }
    }
}

fn place_blocking(
    folder: &Arc<ContentFolder>,
    content: SpoolContent,
    queue_id: &str,
) -> Result<(Placed, Option<Kept>), StoreError> {
    let failed = |source| StoreError::File { action: "write the content", path: folder.path(queue_id), source };
    let (mut file, size_bytes) = match content {
        SpoolContent::File { file, size } => (file, size),
        SpoolContent::Bytes(bytes) => {
            let mut file = folder.temp_file().map_err(failed)?;
            file.write_all(&bytes).map_err(failed)?;
            (file, bytes.len() as u64)
        }
    };
    let found = file.as_file().metadata().map_err(failed)?.len();
    if found != size_bytes {
        return Err(StoreError::ContentSize { queue_id: queue_id.to_owned(), said: size_bytes, found });
    }
    if size_bytes <= LARGEST_ROW_BYTES {
        return Ok((Placed::Row(read_back(&mut file).map_err(failed)?), None));
    }
    let kept = folder.keep(file, queue_id)?;
    Ok((Placed::File { size_bytes }, Some(kept)))
}

fn read_back(file: &mut NamedTempFile) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}
