//! A wire to a server: under another name or port, and one that is cut after some octets.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// A running one; dropping it cuts every connection.
pub struct Forward {
    /// Where it listens.
    pub address: SocketAddr,
    task: AbortHandle,
}

impl Forward {
    /// To `server`, for as long as it is there.
    pub async fn to(server: SocketAddr) -> Self {
        Self::cut_after(server, u64::MAX).await
    }

    /// To `server`; every connection ends when that many octets came from it, in the middle of whatever it was saying.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn cut_after(server: SocketAddr, octets: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(pass(client, server, octets));
            }
        });
        Self { address, task: serving.abort_handle() }
    }
}

impl Drop for Forward {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(client: TcpStream, server: SocketAddr, octets: u64) {
    let Ok(upstream) = TcpStream::connect(server).await else { return };
    let left = Arc::new(AtomicU64::new(octets));
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = upstream.into_split();
    let up = async move { drop(tokio::io::copy(&mut from_client, &mut to_server).await) };
    let down = async move {
        let mut buffer = vec![0; 16_384];
        while let Ok(read) = from_server.read(&mut buffer).await {
            let allowed = left.load(Ordering::Relaxed).min(u64::try_from(read).unwrap_or(0));
            let allowed = usize::try_from(allowed).unwrap_or(0);
            let wrote = to_client.write_all(&buffer[..allowed]).await;
            if read == 0 || allowed < read || wrote.is_err() {
                return;
            }
            left.fetch_sub(u64::try_from(read).unwrap_or(0), Ordering::Relaxed);
        }
    };
    tokio::select! { () = up => {}, () = down => {} }
}
