//! Receives content: memory first, a temporary file past a threshold, never more than the limit.

use std::io;
use std::path::Path;

use rollcall_mail::{Headline, headline, passes};
use rollcall_net::Body;
use rollcall_smtp::session::ContentFault;
use rollcall_smtp::{Chunk, ChunkScanner, DataScanner, Scan};
use rollcall_store::SpoolContent;
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Ended, Reception};
use crate::house::House;

/// Content larger than this is written to a file while it arrives.
const IN_MEMORY: usize = 256 * 1024;
/// A received header longer than this is a loop (RFC 5321 section 6.3 asks for at least 100).
const MOST_HOPS: usize = 100;
/// A message that was here this often comes back each time: it loops. A mail server behind us may rightly send one back
/// for another domain of ours, so once is not a loop.
const MOST_PASSES: usize = 5;

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

    /// Its first octets, at most so many as a session holds in memory.
    pub async fn beginning(&self) -> io::Result<Vec<u8>> {
        match &self.held {
            Held::Memory(bytes) => Ok(bytes[..bytes.len().min(IN_MEMORY)].to_vec()),
            Held::File(file) => {
                let mut beginning = Vec::new();
                let file = tokio::fs::File::open(file.path()).await?;
                file.take(IN_MEMORY as u64).read_to_end(&mut beginning).await?;
                Ok(beginning)
            }
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

#[derive(Default)]
struct Growing {
    memory: Vec<u8>,
    file: Option<(NamedTempFile, tokio::fs::File)>,
    size: u64,
    /// Read once the content leaves the memory.
    head: Option<Head>,
}

/// What the header section says.
struct Head {
    headline: Headline,
    passes: usize,
}

impl Head {
    fn of(content: &[u8], mark: &str) -> Self {
        Self { headline: headline(content), passes: passes(content, mark) }
    }
}

/// Content that comes in pieces (RFC 3030).
#[derive(Default)]
pub(crate) struct Pieces {
    growing: Growing,
    scanner: ChunkScanner,
}

impl Growing {
    /// Moves what is in memory to a file once it is more than a session may hold.
    async fn spill(&mut self, house: &House) -> io::Result<()> {
        if self.memory.len() <= IN_MEMORY {
            return Ok(());
        }
        if self.head.is_none() {
            self.head = Some(Head::of(&self.memory, &house.mark));
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

    async fn finish(mut self, house: &House) -> io::Result<Result<Content, ContentFault>> {
        let Head { headline, passes } = self.head.take().unwrap_or_else(|| Head::of(&self.memory, &house.mark));
        if headline.hops > MOST_HOPS {
            return Ok(Err(ContentFault::TooManyHops));
        }
        if passes >= MOST_PASSES {
            return Ok(Err(ContentFault::Loops));
        }
        let size = self.size + self.memory.len() as u64;
        let held = match self.file {
            None => Held::Memory(self.memory),
            Some((file, mut writer)) => {
                writer.write_all(&self.memory).await?;
                writer.flush().await?;
                Held::File(file)
            }
        };
        Ok(Ok(Content { headline, size, held }))
    }
}

impl Reception {
    /// Reads to `CRLF.CRLF`. The outer error ends the session; the inner one is told to the client.
    pub(super) async fn receive(&mut self) -> Result<Result<Content, ContentFault>, Ended> {
        let house = std::sync::Arc::clone(&self.house);
        let mut scanner = DataScanner::new(house.limits.content_bytes);
        let mut growing = Growing::default();
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
        self.finish(growing).await
    }

    async fn finish(&mut self, growing: Growing) -> Result<Result<Content, ContentFault>, Ended> {
        let house = std::sync::Arc::clone(&self.house);
        match growing.finish(&house).await {
            Ok(content) => Ok(content),
            Err(_) => Err(self.no_room().await),
        }
    }

    /// Reads one piece of content (RFC 3030); the whole after the last.
    pub(super) async fn take(&mut self, chunk: Chunk) -> Result<Option<Result<Content, ContentFault>>, Ended> {
        let house = std::sync::Arc::clone(&self.house);
        let mut pieces = std::mem::take(&mut self.pieces);
        let mut left = chunk.size;
        loop {
            let unread = &self.unread[self.consumed..];
            let now = usize::try_from(left).unwrap_or(usize::MAX).min(unread.len());
            let scanned = pieces.scanner.scan(&unread[..now], &mut pieces.growing.memory);
            self.consumed += now;
            left -= now as u64;
            if let Err(fault) = scanned {
                return Ok(Some(Err(fault.into())));
            }
            if pieces.growing.spill(&house).await.is_err() {
                return Err(self.no_room().await);
            }
            if left == 0 {
                break;
            }
            self.read(house.limits.content_wait).await?;
        }
        if !chunk.last {
            self.pieces = pieces;
            return Ok(None);
        }
        if let Err(fault) = pieces.scanner.finish() {
            return Ok(Some(Err(fault.into())));
        }
        self.finish(pieces.growing).await.map(Some)
    }

    /// Reads `size` octets that nobody wants.
    pub(super) async fn skip(&mut self, size: u64) -> Result<(), Ended> {
        let wait = self.house.limits.content_wait;
        let mut left = size;
        loop {
            let here = (self.unread.len() - self.consumed) as u64;
            let now = left.min(here);
            self.consumed += usize::try_from(now).unwrap_or(0);
            left -= now;
            if left == 0 {
                return Ok(());
            }
            self.read(wait).await?;
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
