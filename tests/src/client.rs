//! An SMTP client that says exactly what a test tells it, byte for byte.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::encrypted;

/// Longer than any deadline a test sets; a test that waits so long has failed.
const WAIT: Duration = Duration::from_secs(40);

/// In clear or encrypted.
trait Talk: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Talk for T {}

/// One connection.
pub struct Client {
    stream: Box<dyn Talk>,
    unread: Vec<u8>,
}

impl Client {
    /// Connects and reads the greeting.
    pub async fn connect(to: SocketAddr) -> Self {
        let mut client = Self::connect_silently(to).await;
        let greeting = client.reply().await;
        assert!(greeting.starts_with("220 "), "{greeting}");
        client
    }

    /// Connects and reads nothing.
    pub async fn connect_silently(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).await.expect("the relay listens");
        Self { stream: Box::new(stream), unread: Vec::new() }
    }

    /// Connects, greets, says STARTTLS and shakes hands, with any certificate.
    pub async fn encrypted(to: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(to).await.expect("the relay listens");
        for (said, code) in [("", "220"), ("EHLO before.example\r\n", "250"), ("STARTTLS\r\n", "220")] {
            stream.write_all(said.as_bytes()).await.expect("written");
            let mut answer = Vec::new();
            // The last line of a reply has a space behind its code.
            while !answer.ends_with(b"\r\n") || !String::from_utf8_lossy(&answer).contains(&format!("{code} ")) {
                answer.push(stream.read_u8().await.expect("an answer"));
            }
        }
        let stream = encrypted::handshake(stream).await.expect("a handshake");
        Self { stream: Box::new(stream), unread: Vec::new() }
    }

    /// Connects, greets, and opens a transaction.
    pub async fn with_mail(to: SocketAddr, sender: &str) -> Self {
        let mut client = Self::connect(to).await;
        client.say("EHLO client.example").await;
        let reply = client.say(&format!("MAIL FROM:<{sender}>")).await;
        assert!(reply.starts_with("250"), "{reply}");
        client
    }

    /// Sends a line and returns the whole reply, lines joined by `\n`.
    pub async fn say(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n").as_bytes()).await;
        self.reply().await
    }

    /// Sends bytes as they are; a closed connection is no failure here.
    pub async fn send(&mut self, bytes: &[u8]) {
        drop(self.stream.write_all(bytes).await);
    }

    /// The next reply without what X20 puts behind a refusal, or `(closed)`.
    ///
    /// # Panics
    /// When a refusal of the relay has no number: checks compare the beginning, and this one the end.
    pub async fn reply(&mut self) -> String {
        let whole = self.whole_reply().await;
        if !whole.starts_with(['4', '5']) {
            return whole;
        }
        let (text, number) = whole.rsplit_once(" (RC-").unwrap_or_else(|| panic!("no number (X20): {whole}"));
        assert!(number[..3].bytes().all(|byte| byte.is_ascii_digit()) && number[3..].starts_with(')'), "{whole}");
        text.to_owned()
    }

    /// The next reply as it came, or `(closed)`.
    pub async fn whole_reply(&mut self) -> String {
        timeout(WAIT, self.next_reply()).await.expect("a reply within the deadline")
    }

    /// True if nothing is said for a while: as long as an answer that does not wait may take on a busy machine.
    pub async fn is_silent(&mut self) -> bool {
        timeout(Duration::from_secs(2), self.next_reply()).await.is_err()
    }

    async fn next_reply(&mut self) -> String {
        let mut lines = Vec::new();
        loop {
            while let Some(end) = self.unread.windows(2).position(|window| window == b"\r\n") {
                let line = String::from_utf8_lossy(&self.unread[..end]).into_owned();
                self.unread.drain(..end + 2);
                let last = line.as_bytes().get(3) != Some(&b'-');
                lines.push(line);
                if last {
                    return lines.join("\n");
                }
            }
            let mut block = [0; 4096];
            match self.stream.read(&mut block).await {
                Ok(0) | Err(_) => return "(closed)".to_owned(),
                Ok(count) => self.unread.extend_from_slice(&block[..count]),
            }
        }
    }

    /// DATA, content (dots stuffed by the caller) and the end; the final reply.
    pub async fn data(&mut self, content: &str) -> String {
        let reply = self.say("DATA").await;
        if !reply.starts_with("354") {
            return reply;
        }
        self.send(format!("{content}\r\n.\r\n").as_bytes()).await;
        self.reply().await
    }
}

/// A whole message in a connection of its own: the reply to RCPT, or to the content where RCPT was accepted.
pub async fn send(to: SocketAddr, sender: &str, recipient: &str, content: &str) -> String {
    let mut client = Client::with_mail(to, sender).await;
    let reply = client.say(&format!("RCPT TO:<{recipient}>")).await;
    if !reply.starts_with("250") {
        return reply;
    }
    let reply = client.data(content).await;
    client.say("QUIT").await;
    reply
}
