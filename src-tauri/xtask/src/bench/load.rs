//! The load: a number of sessions that send messages for a while. A thread a session, one command at a time, no pipelining.

use std::io::{BufRead, BufReader, Error, IoSlice, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::statistics::percentile;
use crate::arguments::Arguments;
use crate::report::Failure;
use crate::stopwatch::Stopwatch;

/// What to send, and for how long.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Load {
    /// Sessions at the same time.
    pub sessions: usize,
    /// Size of a message with its header.
    pub bytes: usize,
    /// Messages of a session; 0 = the session is kept to the end.
    pub per_session: usize,
    /// Length of the run.
    pub seconds: f64,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
struct Sent {
    taken: u64,
    refused: u64,
    broken: u64,
    /// End of content to reply, in microseconds.
    waits: Vec<u32>,
    odd: Option<String>,
}

/// Recipients are taken in turn from this many addresses.
const RECIPIENTS: u64 = 100;

impl Load {
    /// As arguments of the command line.
    pub fn arguments(&self) -> Vec<String> {
        let values = [
            ("--sessions", self.sessions.to_string()),
            ("--bytes", self.bytes.to_string()),
            ("--per-session", self.per_session.to_string()),
            ("--seconds", self.seconds.to_string()),
        ];
        values.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
    }
}

/// Sends, then prints one line of numbers: taken, refused, broken, seconds, p50 and p99 in milliseconds.
///
/// # Errors
/// When the arguments cannot be read.
pub fn command(mut given: Arguments) -> std::result::Result<(), Failure> {
    let port: u16 = given.value("--port", 0)?;
    let load = Load {
        sessions: given.value("--sessions", 1)?,
        bytes: given.value("--bytes", 4096)?,
        per_session: given.value("--per-session", 1)?,
        seconds: given.value("--seconds", 2.0)?,
    };
    given.finish()?;
    let watch = Stopwatch::start();
    let sent = send_all(SocketAddr::from(([127, 0, 0, 1], port)), load, watch);
    let seconds = watch.seconds();
    let mut waits = sent.waits;
    waits.sort_unstable();
    let ms = |share| f64::from(percentile(&waits, share)) / 1000.0;
    println!("{} {} {} {seconds:.4} {:.3} {:.3}", sent.taken, sent.refused, sent.broken, ms(0.5), ms(0.99));
    if let Some(odd) = sent.odd {
        println!("{odd}");
    }
    Ok(())
}

fn send_all(relay: SocketAddr, load: Load, watch: Stopwatch) -> Sent {
    let body = body(load.bytes);
    let number = AtomicU64::new(0);
    let mut sum = Sent::default();
    thread::scope(|scope| {
        let one = || scope.spawn(|| keep_sending(relay, load, watch, &body, &number));
        let threads: Vec<_> = (0..load.sessions).map(|_| one()).collect();
        for thread in threads {
            let sent = thread.join().expect("a session never panics");
            sum.taken += sent.taken;
            sum.refused += sent.refused;
            sum.broken += sent.broken;
            sum.waits.extend(sent.waits);
            sum.odd = sum.odd.take().or(sent.odd);
        }
    });
    sum
}

/// One session after the other until the time is over.
fn keep_sending(relay: SocketAddr, load: Load, watch: Stopwatch, body: &[u8], number: &AtomicU64) -> Sent {
    let mut sent = Sent::default();
    while watch.seconds() < load.seconds && sent.broken < 100 {
        if let Err(err) = session(relay, load, watch, body, number, &mut sent) {
            sent.broken += 1;
            sent.odd.get_or_insert_with(|| err.to_string());
        }
    }
    sent
}

fn session(
    relay: SocketAddr,
    load: Load,
    watch: Stopwatch,
    body: &[u8],
    number: &AtomicU64,
    sent: &mut Sent,
) -> Result<()> {
    let stream = TcpStream::connect(relay)?;
    let mut client = Client::new(&stream)?;
    client.expect('2')?; // banner
    client.say("EHLO client.test\r\n")?;
    client.expect('2')?;
    let mut messages = 0;
    while watch.seconds() < load.seconds && (load.per_session == 0 || messages < load.per_session) {
        messages += 1;
        let id = number.fetch_add(1, Ordering::Relaxed);
        client.say("MAIL FROM:<sender@client.test>\r\n")?;
        client.expect('2')?;
        client.say(&format!("RCPT TO:<user{}@example.test>\r\n", id % RECIPIENTS))?;
        client.expect('2')?;
        client.say("DATA\r\n")?;
        client.expect('3')?;
        let dot = client.content(&header(id), body)?;
        if client.reply()?.starts_with('2') {
            sent.taken += 1;
        } else {
            sent.refused += 1;
            sent.odd.get_or_insert_with(|| client.line.clone());
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "microseconds of a wait under an hour"
        )]
        sent.waits.push((dot.seconds() * 1e6) as u32);
    }
    client.say("QUIT\r\n")?;
    client.stream.shutdown(Shutdown::Write)?;
    client.expect('2')
}

struct Client<'a> {
    stream: &'a TcpStream,
    reader: BufReader<&'a TcpStream>,
    line: String,
}

impl<'a> Client<'a> {
    fn new(stream: &'a TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Self { stream, reader: BufReader::with_capacity(1024, stream), line: String::new() })
    }

    fn say(&mut self, command: &str) -> Result<()> {
        self.stream.write_all(command.as_bytes())
    }

    /// Header and body in one call to the system; the watch runs from the moment the last byte is handed over.
    fn content(&mut self, header: &str, body: &[u8]) -> Result<Stopwatch> {
        let written = self.stream.write_vectored(&[IoSlice::new(header.as_bytes()), IoSlice::new(body)])?;
        match written.checked_sub(header.len()) {
            Some(of_body) => self.stream.write_all(&body[of_body..])?,
            None => {
                self.stream.write_all(&header.as_bytes()[written..])?;
                self.stream.write_all(body)?;
            }
        }
        Ok(Stopwatch::start())
    }

    /// The last line of a reply.
    fn reply(&mut self) -> Result<&str> {
        loop {
            self.line.clear();
            if self.reader.read_line(&mut self.line)? == 0 {
                return Err(Error::other("the relay closed the connection"));
            }
            if self.line.as_bytes().get(3) != Some(&b'-') {
                return Ok(self.line.trim_end());
            }
        }
    }

    fn expect(&mut self, class: char) -> Result<()> {
        let reply = self.reply()?;
        if reply.starts_with(class) { Ok(()) } else { Err(Error::other(reply.to_owned())) }
    }
}

fn header(id: u64) -> String {
    let process = std::process::id();
    format!(
        "From: <sender@client.test>\r\nTo: <user{}@example.test>\r\nSubject: benchmark message\r\n\
         Date: Sat, 21 Nov 2026 22:00:00 +0000\r\nMessage-ID: <{process}.{id}@client.test>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n",
        id % RECIPIENTS
    )
}

/// Lines of 76 characters up to the size of a message, then the dot.
fn body(message_bytes: usize) -> Vec<u8> {
    let wanted = message_bytes.saturating_sub(header(0).len()).max(80);
    let mut body = Vec::with_capacity(wanted + 3);
    while body.len() + 80 <= wanted {
        body.extend((0..74_u8).map(|column| b'A' + column % 26));
        body.extend(b"\r\n");
    }
    body.resize(wanted - 2, b'x');
    body.extend(b"\r\n.\r\n");
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_size_that_was_asked_for() {
        for bytes in [4096, 102_400] {
            assert_eq!(header(0).len() + body(bytes).len(), bytes + ".\r\n".len());
        }
    }

    #[test]
    fn a_body_is_lines_of_ordinary_length_and_ends_in_one_dot() {
        let body = String::from_utf8(body(4096)).unwrap();

        assert!(body.ends_with("\r\n.\r\n"));
        assert_eq!(body.matches("\r\n.").count(), 1);
        assert!(body.split("\r\n").all(|line| line.len() <= 160));
    }
}
