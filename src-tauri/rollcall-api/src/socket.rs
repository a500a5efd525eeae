//! The local socket: the same envelopes between processes of one computer.
//!
//! **Invariant.** Only the owner of the data folder gets an answer, and only the owner's engine (or root's) is asked: the
//! socket is 0600 in a folder made 0700, and both sides check the other's user. Frames are a length of 4 bytes (big
//! endian) and JSON, requests at most 32 MiB.
//!
//! Each request names the session of its shell: a connection carries one request, so the role goes with the session. The
//! name is random and known to its shell alone.
//!
//! **Limits.** On Windows the pipe has the default ACL of its creator.

use std::io;
use std::path::Path;
use std::time::Duration;

use interprocess::local_socket::tokio::prelude::*;
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::{ListenerOptions, Name};
use rollcall_engine::{EngineError, SessionId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::place::{self, Place};
use crate::wire::{Code, Event, Fault};

/// The largest request in bytes: a list of people of 20 MB in Base64.
const REQUEST_BYTES: usize = 32 * 1024 * 1024;
/// The largest answer in bytes: 1,000 rows fit many times.
const ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// How long a frame may take once it began.
const FRAME_WAIT: Duration = Duration::from_secs(10);
/// How long a command may take; skipping a year is the longest.
const ANSWER_WAIT: Duration = Duration::from_secs(600);

/// What a shell asks over the socket.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Request {
    /// A query.
    Query {
        name: String,
        args: Value,
        #[serde(default)]
        session: Option<String>,
    },
    /// A command; `expect` is the last journal entry that the caller saw.
    Command {
        name: String,
        args: Value,
        #[serde(default)]
        expect: Option<i64>,
        #[serde(default)]
        session: Option<String>,
    },
    /// Events from now on.
    Subscribe {
        #[serde(default)]
        session: Option<String>,
    },
    /// What folder this is.
    House,
}

impl Request {
    /// The session that asks; a new one that nobody else knows when it names none.
    pub(crate) fn session(&self) -> Result<SessionId, EngineError> {
        let named = match self {
            Self::Query { session, .. } | Self::Command { session, .. } | Self::Subscribe { session } => {
                session.as_deref()
            }
            Self::House => None,
        };
        named.and_then(SessionId::parse).map_or_else(SessionId::new, Ok)
    }
}

/// What comes back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Response {
    Answer(Value),
    Fault(Fault),
    Event(Event),
}

/// Binds the socket of `folder`. The caller holds the folder's lock.
pub(crate) fn bind(folder: &Path) -> io::Result<(Listener, Place)> {
    let place = Place::claim(folder)?;
    match listen(&place.socket) {
        Ok(listener) => Ok((listener, place)),
        Err(error) => {
            place.free();
            Err(error)
        }
    }
}

fn listen(socket: &Path) -> io::Result<Listener> {
    // Ours is taken away while the lock is held, and not when the listener happens to be dropped.
    let options = ListenerOptions::new().name(name(socket)?).reclaim_name(false);
    #[cfg(target_os = "linux")]
    let options = interprocess::os::unix::local_socket::ListenerOptionsExt::mode(options, 0o600);
    let listener = options.create_tokio()?;
    // macOS and most BSDs refuse a mode before binding. Until then the folder and the check of the peer keep others out.
    #[cfg(all(unix, not(target_os = "linux")))]
    std::fs::set_permissions(socket, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(listener)
}

fn name(socket: &Path) -> io::Result<Name<'static>> {
    use interprocess::local_socket::{GenericFilePath, ToFsName};
    socket.to_path_buf().to_fs_name::<GenericFilePath>()
}

/// True when the user behind the connection owns the folder, or is root. Windows answers by the pipe's own ACL.
pub(crate) fn is_owner(stream: &Stream, folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let owner = std::fs::metadata(folder).map(|meta| meta.uid()).ok();
        let peer = stream.peer_creds().ok().and_then(|creds| creds.euid());
        matches!((owner, peer), (Some(owner), Some(peer)) if owner == peer || peer == 0)
    }
    #[cfg(not(unix))]
    {
        let _ = (stream, folder);
        true
    }
}

/// Connects to the engine of `folder`. Nothing is said before it is sure whose engine answers.
pub(crate) async fn connect(folder: &Path) -> Result<Stream, Fault> {
    let connecting = async { Stream::connect(name(&place::path(folder))?).await };
    let connected = tokio::time::timeout(FRAME_WAIT, connecting).await;
    match connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
        Ok(stream) if is_owner(&stream, folder) => Ok(stream),
        Ok(_) => Err(Fault::new(
            Code::Forbidden,
            format!("What answers for {} belongs to another user, so nothing was asked.", folder.display()),
        )),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(not_the_owner()),
        Err(_) => Err(nobody(folder)),
    }
}

/// One request and its answer on a connection of its own.
pub(crate) async fn call(folder: &Path, request: &Request) -> Result<Value, Fault> {
    let lost = |error: io::Error| Fault::unavailable(format!("The engine can't be reached: {error}."));
    let mut stream = connect(folder).await?;
    write_frame(&mut stream, request).await.map_err(lost)?;
    let answer = tokio::time::timeout(ANSWER_WAIT, read_frame(&mut stream, ANSWER_BYTES)).await;
    match answer.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(lost)? {
        Some(Response::Answer(value)) => Ok(value),
        Some(Response::Fault(fault)) => Err(fault),
        Some(Response::Event(_)) | None => Err(lost(io::ErrorKind::UnexpectedEof.into())),
    }
}

/// The other side belongs to somebody else.
pub(crate) fn not_the_owner() -> Fault {
    Fault::new(Code::Forbidden, "Only the owner of the data folder may use its engine.")
}

/// No engine has the folder open.
fn nobody(folder: &Path) -> Fault {
    Fault::unavailable(format!(
        "No engine is running for {}. Start Rollcall, or run: rollcallctl serve --data {}",
        folder.display(),
        folder.display()
    ))
}

/// Writes one frame within the deadline.
pub(crate) async fn write_frame<T: Serialize>(stream: &mut (impl AsyncWrite + Unpin), frame: &T) -> io::Result<()> {
    let body = serde_json::to_vec(frame)?;
    let length = u32::try_from(body.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    let writing = async {
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(&body).await?;
        stream.flush().await
    };
    tokio::time::timeout(FRAME_WAIT, writing).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Reads one request; `None` when the peer is done.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Request>> {
    let reading = read_frame(stream, REQUEST_BYTES);
    tokio::time::timeout(FRAME_WAIT, reading).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Reads one response; `None` when the peer is done. Waits for ever: events come when they come.
pub(crate) async fn read_response(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Response>> {
    read_frame(stream, ANSWER_BYTES).await
}

async fn read_frame<T: for<'de> Deserialize<'de>>(
    stream: &mut (impl AsyncRead + Unpin),
    most: usize,
) -> io::Result<Option<T>> {
    let mut length = [0_u8; 4];
    match stream.read_exact(&mut length).await {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a frame of {length} bytes is over {most}")));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(serde_json::from_slice(&body)?))
}
