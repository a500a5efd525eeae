//! A destination that changes its mood and remembers what it took, and whether it said so.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::message::Identity;
use super::schedule::Mood;

/// One message that arrived.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Which.
    pub identity: Identity,
    /// For whom.
    pub recipients: Vec<String>,
    /// As it was sent.
    pub whole: bool,
    /// The final reply was written to the connection.
    pub answered: bool,
    /// When.
    pub at: Instant,
    /// In which life of the relay its connection began.
    pub round: u64,
}

/// A running destination.
pub struct Flapping {
    /// Where it listens when it does.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    mood: watch::Sender<Mood>,
    round: Mutex<u64>,
    arrivals: Mutex<Vec<Arrival>>,
}

impl Flapping {
    /// One that behaves, on a free port of `host`.
    pub async fn start() -> Self {
        let shared =
            Arc::new(Shared { mood: watch::Sender::new(Mood::Up), round: Mutex::new(0), arrivals: Mutex::default() });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let listening = Some(tokio::spawn(accept(listener, Arc::clone(&shared))));
        Self { address, shared, listening }
    }

    /// Behaves otherwise from now on. Connections end when it goes down or begins to hang, and when it comes back.
    pub async fn becomes(&mut self, mood: Mood) {
        self.shared.mood.send_replace(mood);
        match (mood, &self.listening) {
            (Mood::Down, Some(listening)) => {
                listening.abort();
                self.listening = None;
            }
            (Mood::Down, None) | (_, Some(_)) => {}
            (_, None) => {
                let listener = loop {
                    match TcpListener::bind(self.address).await {
                        Ok(listener) => break listener,
                        Err(_) => crate::pause(5).await,
                    }
                };
                self.listening = Some(tokio::spawn(accept(listener, Arc::clone(&self.shared))));
            }
        }
    }

    /// From now on it is this life of the relay.
    pub fn round_begins(&self, number: u64) {
        *lock(&self.shared.round) = number;
    }

    /// Everything that arrived so far.
    #[must_use]
    pub fn arrivals(&self) -> Vec<Arrival> {
        lock(&self.shared.arrivals).clone()
    }
}

impl Drop for Flapping {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
        self.shared.mood.send_replace(Mood::Down);
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (shared, round) = (Arc::clone(&shared), *lock(&shared.round));
        tokio::spawn(async move {
            let mut moods = shared.mood.subscribe();
            let cut = moods.wait_for(|mood| matches!(mood, Mood::Down));
            tokio::select! {
                _ = serve(stream, &shared, round) => {}
                _ = cut => {}
            }
        });
    }
}

/// One connection, to its end. It belongs to the life that it began in: who hung may read what a dead relay has sent.
async fn serve(stream: TcpStream, shared: &Shared, round: u64) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mood = || *shared.mood.borrow();
    hang_while_told(shared).await;
    stream.write_all(b"220 office.example\r\n").await?;
    let (mut recipients, mut content, mut line) = (Vec::new(), Vec::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        hang_while_told(shared).await;
        let verb: String = line.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_uppercase();
        let reply: &str = match verb.as_str() {
            // Every second connection or so gets its content in one piece of known size.
            "EHLO" if stream.get_ref().peer_addr()?.port() % 4 < 2 => {
                "250-office.example\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME"
            }
            "EHLO" => "250-office.example\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME",
            "MAIL" | "RSET" | "NOOP" => {
                (recipients, content) = (Vec::new(), Vec::new());
                "250 2.0.0 ok"
            }
            "RCPT" => {
                recipients.extend(line.split(['<', '>']).nth(1).map(str::to_owned));
                "250 2.1.5 ok"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                if !until_dot(&mut stream, &mut content, shared).await? {
                    return Ok(());
                }
                if !settle(&mut stream, shared, round, &mut recipients, &mut content).await? {
                    return Ok(());
                }
                continue;
            }
            "BDAT" => {
                let mut words = line.split_whitespace().skip(1);
                let size = words.next().and_then(|size| size.parse().ok()).unwrap_or(0);
                let last = words.next().is_some();
                let from = content.len();
                content.resize(from + size, 0);
                stream.read_exact(&mut content[from..]).await?;
                if mood() == Mood::ClosesInContent {
                    return Ok(());
                }
                if last {
                    if !settle(&mut stream, shared, round, &mut recipients, &mut content).await? {
                        return Ok(());
                    }
                    continue;
                }
                "250 2.0.0 more"
            }
            "QUIT" => {
                stream.write_all(b"221 2.0.0 bye\r\n").await?;
                return Ok(());
            }
            _ => "500 5.5.1 what",
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
}

/// Reads to the dot, without stuffing; false when the connection is to be closed in the middle.
async fn until_dot(stream: &mut BufReader<TcpStream>, content: &mut Vec<u8>, shared: &Shared) -> std::io::Result<bool> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 || *shared.mood.borrow() == Mood::ClosesInContent {
            return Ok(false);
        }
        if line == b".\r\n" {
            return Ok(true);
        }
        content.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

/// Takes the content, remembers it, then says so; false when the connection is to be closed instead.
async fn settle(
    stream: &mut BufReader<TcpStream>,
    shared: &Shared,
    round: u64,
    recipients: &mut Vec<String>,
    content: &mut Vec<u8>,
) -> std::io::Result<bool> {
    let (recipients, content) = (std::mem::take(recipients), std::mem::take(content));
    let mood = *shared.mood.borrow();
    if mood == Mood::Busy {
        stream.write_all(b"451 4.3.0 busy\r\n").await?;
        return Ok(true);
    }
    let Some((identity, whole)) = Identity::of(&content) else {
        stream.write_all(b"554 5.6.0 whose is this\r\n").await?;
        return Ok(true);
    };
    let at = Instant::now();
    let place = {
        let mut arrivals = lock(&shared.arrivals);
        arrivals.push(Arrival { identity, recipients, whole, answered: false, at, round });
        arrivals.len() - 1
    };
    match mood {
        Mood::ClosesAfterDot => return Ok(false),
        Mood::Slow => crate::pause(60).await,
        _ => {}
    }
    hang_while_told(shared).await;
    // Before it is written: a write that was cut off may have reached the relay all the same.
    let written = stream.write_all(b"250 2.0.0 taken\r\n").await;
    lock(&shared.arrivals)[place].answered = written.is_ok();
    written.map(|()| true)
}

async fn hang_while_told(shared: &Shared) {
    let mut moods = shared.mood.subscribe();
    drop(moods.wait_for(|mood| *mood != Mood::Hanging).await);
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
