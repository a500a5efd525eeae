//! Receives content: memory first, a temporary file past a threshold, never more than the limit.

use std::io;
use std::path::Path;

use rollcall_mail::{Headline, headline};
use rollcall_net::Body;
use rollcall_smtp::session::ContentFault;
use rollcall_smtp::{DataScanner, Scan};
use rollcall_store::SpoolContent;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use super::{Ended, Reception};
use crate::house::House;

/// Content larger than this is written to a file while it arrives.
const IN_MEMORY: usize = 256 * 1024;
/// A received header longer than this is a loop (RFC 5321 section 6.3 asks for at least 100).
const MOST_HOPS: usize = 100;

/// Received content, dot-unstuffed, ending in CRLF.
pub(crate) struct Content {
    /// What its header says.
    pub headline: Headline,
    /// Bytes.
    pub size: u64,
    held: Held,
}

enum Held {
    Memory(Vec<u8>),
    File(NamedTempFile),
}

impl Content {
    /// To send it on.
    pub fn body(&self) -> Body<'_> {
        match &self.held {
            Held::Memory(bytes) => Body::Memory(bytes),
            Held::File(file) => Body::File(file.path()),
        }
    }

    /// To store it, with `trace` in front.
    pub fn into_stored(self, trace: &[u8]) -> io::Result<(SpoolContent, u64)> {
        let size = self.size + trace.len() as u64;
        match self.held {
            Held::Memory(bytes) => Ok((SpoolContent::Bytes([trace, &bytes].concat()), size)),
            Held::File(file) => Ok((SpoolContent::File { file: prefixed(trace, file.path())?, size }, size)),
        }
    }
}

/// A copy of `path` with `trace` in front, in the same folder.
fn prefixed(trace: &[u8], path: &Path) -> io::Result<NamedTempFile> {
    use std::io::Write;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut copy = NamedTempFile::new_in(folder)?;
    copy.write_all(trace)?;
    io::copy(&mut std::fs::File::open(path)?, &mut copy)?;
    Ok(copy)
}

struct Growing {
    memory: Vec<u8>,
    file: Option<(NamedTempFile, tokio::fs::File)>,
    size: u64,
    headline: Option<Headline>,
}

impl Growing {
    /// Moves what is in memory to a file once it is more than a session may hold.
    async fn spill(&mut self, house: &House) -> io::Result<()> {
        if self.memory.len() <= IN_MEMORY {
            return Ok(());
        }
        if self.headline.is_none() {
            self.headline = Some(headline(&self.memory));
        }
        if self.file.is_none() {
            let file = house.spool.temp_file()?;
            let writer = tokio::fs::File::from_std(file.reopen()?);
            self.file = Some((file, writer));
        }
        if let Some((_, writer)) = &mut self.file {
            writer.write_all(&self.memory).await?;
            self.size += self.memory.len() as u64;
            self.memory.clear();
        }
        Ok(())
    }

    async fn finish(mut self) -> io::Result<Content> {
        let headline = self.headline.take().unwrap_or_else(|| headline(&self.memory));
        let size = self.size + self.memory.len() as u64;
        let held = match self.file {
            None => Held::Memory(self.memory),
            Some((file, mut writer)) => {
                writer.write_all(&self.memory).await?;
                writer.flush().await?;
                Held::File(file)
            }
        };
        Ok(Content { headline, size, held })
    }
}

impl Reception {
    /// Reads to `CRLF.CRLF`. The outer error ends the session; the inner one is told to the client.
    pub(super) async fn receive(&mut self) -> Result<Result<Content, ContentFault>, Ended> {
        let house = std::sync::Arc::clone(&self.house);
        let mut scanner = DataScanner::new(house.limits.content_bytes);
        let mut growing = Growing { memory: Vec::new(), file: None, size: 0, headline: None };
        loop {
            match scanner.scan(&self.unread[self.consumed..], &mut growing.memory) {
                Scan::More => self.consumed = self.unread.len(),
                Scan::Done { consumed } => {
                    self.consumed += consumed;
                    break;
                }
                Scan::Fault { fault, consumed } => {
                    self.consumed += consumed;
                    return Ok(Err(fault.into()));
                }
            }
            if growing.spill(&house).await.is_err() {
                return Err(self.no_room().await);
            }
            self.read(house.limits.content_wait).await?;
        }
        match growing.finish().await {
            Ok(content) if content.headline.hops > MOST_HOPS => Ok(Err(ContentFault::TooManyHops)),
            Ok(content) => Ok(Ok(content)),
            Err(_) => Err(self.no_room().await),
        }
    }

    /// The temporary file cannot be written: the message was not accepted, so the client keeps it.
    async fn no_room(&mut self) -> Ended {
        tracing::error!("content could not be written to the spool folder");
        self.say(&rollcall_core::policy::not_stored().reply);
        drop(self.flush().await);
        Ended::Said
    }
}
