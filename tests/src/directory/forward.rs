//! A wire to a server: under another name or port, one that is cut after some octets, and one that goes silent then.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What happens after so many octets from the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The connection ends, in the middle of whatever was being said.
    Cut,
    /// Nothing more comes.
    Silence,
}

/// A free port on localhost.
const ANYWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A running one; dropping it cuts every connection.
pub struct Forward {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Forward {
    /// To `server`, for as long as it is there.
    pub async fn to(server: SocketAddr) -> Self {
        Self::new(ANYWHERE, server, u64::MAX, End::Cut).await
    }

    /// From `near` to `server`; every connection ends when that many octets came from it.
    pub async fn between(near: SocketAddr, server: SocketAddr, octets: u64) -> Self {
        Self::new(near, server, octets, End::Cut).await
    }

    /// To `server`; every connection ends when that many octets came from it.
    pub async fn cut_after(server: SocketAddr, octets: u64) -> Self {
        Self::new(ANYWHERE, server, octets, End::Cut).await
    }

    /// To `server`; when that many octets came from it, nothing more does.
    pub async fn silent_after(server: SocketAddr, octets: u64) -> Self {
        Self::new(ANYWHERE, server, octets, End::Silence).await
    }

    /// Ends it and waits until nothing listens any longer.
    pub async fn end(mut self) {
        self.task.abort();
        drop((&mut self.task).await);
    }

    async fn new(near: SocketAddr, server: SocketAddr, octets: u64, end: End) -> Self {
        let listener = TcpListener::bind(near).await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(pass(client, server, octets, end));
            }
        });
        Self { address, task: serving }
    }
}

impl Drop for Forward {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(client: TcpStream, server: SocketAddr, octets: u64, end: End) {
    let Ok(upstream) = TcpStream::connect(server).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (from_server, mut to_server) = upstream.into_split();
    let up = async move { drop(tokio::io::copy(&mut from_client, &mut to_server).await) };
    let down = async move {
        drop(tokio::io::copy(&mut from_server.take(octets), &mut to_client).await);
        if end == End::Silence {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! { () = up => {}, () = down => {} }
}
