//! The load: a number of sessions that send messages for a while. A thread a session, one command at a time, no pipelining.

use std::io::Result;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::client::Client;
use super::message::{body, header};
use super::statistics::percentile;
use crate::arguments::Arguments;
use crate::report::Failure;
use crate::stopwatch::{Stopwatch, pause};

/// What to send, and for how long.
#[derive(Clone, PartialEq, Debug)]
pub struct Load {
    /// Sessions at the same time.
    pub sessions: usize,
    /// Size of a message with its header.
    pub bytes: usize,
    /// Messages of a session; 0 = the session is kept to the end.
    pub per_session: usize,
    /// Length of the run.
    pub seconds: f64,
    /// Addresses taken in turn; 0 = every one is new.
    pub addresses: u64,
    /// How local parts begin. The sink does not know those that begin with `unk`.
    pub name: String,
    /// Recipients of a session that sends no message; 0 = messages are sent.
    pub only_asks: u32,
    /// The pause of a session between its messages.
    pub pause_ms: u64,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            sessions: 20,
            bytes: 4096,
            per_session: 1,
            seconds: 2.0,
            addresses: 100,
            name: "user".to_owned(),
            only_asks: 0,
            pause_ms: 0,
        }
    }
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

impl Load {
    /// Whom a message with this number is for.
    pub fn address(&self, id: u64) -> String {
        let number = if self.addresses == 0 { id } else { id % self.addresses };
        format!("{}{number}@example.test", self.name)
    }

    /// As arguments of the command line.
    pub fn arguments(&self) -> Vec<String> {
        let values = [
            ("--sessions", self.sessions.to_string()),
            ("--bytes", self.bytes.to_string()),
            ("--per-session", self.per_session.to_string()),
            ("--seconds", self.seconds.to_string()),
            ("--addresses", self.addresses.to_string()),
            ("--name", self.name.clone()),
            ("--only-asks", self.only_asks.to_string()),
            ("--pause-ms", self.pause_ms.to_string()),
        ];
        values.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect()
    }
}

/// Sends, then prints one line of numbers: taken, refused, broken, seconds, p50 and p99 in milliseconds. A load that only
/// asks takes what it expects, a refusal of each recipient.
///
/// # Errors
/// When the arguments cannot be read.
pub fn command(mut given: Arguments) -> std::result::Result<(), Failure> {
    let port: u16 = given.value("--port", 0)?;
    let usual = Load::default();
    let load = Load {
        sessions: given.value("--sessions", usual.sessions)?,
        bytes: given.value("--bytes", usual.bytes)?,
        per_session: given.value("--per-session", usual.per_session)?,
        seconds: given.value("--seconds", usual.seconds)?,
        addresses: given.value("--addresses", usual.addresses)?,
        name: given.value("--name", usual.name)?,
        only_asks: given.value("--only-asks", usual.only_asks)?,
        pause_ms: given.value("--pause-ms", usual.pause_ms)?,
    };
    given.finish()?;
    let watch = Stopwatch::start();
    let sent = send_all(SocketAddr::from(([127, 0, 0, 1], port)), &load, watch);
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

fn send_all(relay: SocketAddr, load: &Load, watch: Stopwatch) -> Sent {
    let body = body(load);
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
fn keep_sending(relay: SocketAddr, load: &Load, watch: Stopwatch, body: &[u8], number: &AtomicU64) -> Sent {
    let mut sent = Sent::default();
    while watch.seconds() < load.seconds && sent.broken < 100 {
        let ended = if load.only_asks > 0 {
            ask(relay, load, watch, number, &mut sent)
        } else {
            session(relay, load, watch, body, number, &mut sent)
        };
        if let Err(err) = ended {
            sent.broken += 1;
            sent.odd.get_or_insert_with(|| err.to_string());
        }
    }
    sent
}

fn session(
    relay: SocketAddr,
    load: &Load,
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
        if messages > 0 && load.pause_ms > 0 {
            pause(Duration::from_millis(load.pause_ms));
        }
        messages += 1;
        let id = number.fetch_add(1, Ordering::Relaxed);
        client.say("MAIL FROM:<sender@client.test>\r\n")?;
        client.expect('2')?;
        client.say(&format!("RCPT TO:<{}>\r\n", load.address(id)))?;
        let answer = client.reply()?.to_owned();
        if !answer.starts_with('2') {
            sent.refused += 1;
            sent.odd.get_or_insert(answer);
            break;
        }
        client.say("DATA\r\n")?;
        client.expect('3')?;
        let dot = client.content(&header(load, id), body)?;
        if client.reply()?.starts_with('2') {
            sent.taken += 1;
        } else {
            sent.refused += 1;
            sent.odd.get_or_insert_with(|| client.line.clone());
        }
        sent.waits.push(micros(dot));
    }
    client.say("QUIT\r\n")?;
    client.stream.shutdown(Shutdown::Write)?;
    client.expect('2')
}

/// A session that only asks for recipients whom nobody knows.
fn ask(relay: SocketAddr, load: &Load, watch: Stopwatch, number: &AtomicU64, sent: &mut Sent) -> Result<()> {
    let stream = TcpStream::connect(relay)?;
    let mut client = Client::new(&stream)?;
    client.expect('2')?; // banner
    client.say("EHLO client.test\r\n")?;
    client.expect('2')?;
    client.say("MAIL FROM:<sender@client.test>\r\n")?;
    client.expect('2')?;
    for _ in 0..load.only_asks {
        if watch.seconds() >= load.seconds {
            break;
        }
        client.say(&format!("RCPT TO:<{}>\r\n", load.address(number.fetch_add(1, Ordering::Relaxed))))?;
        let asked = Stopwatch::start();
        if client.reply()?.starts_with('2') {
            sent.refused += 1; // the wrong way round: nobody is there
            sent.odd.get_or_insert_with(|| client.line.clone());
        } else {
            sent.taken += 1;
        }
        sent.waits.push(micros(asked));
    }
    client.say("QUIT\r\n")?;
    client.stream.shutdown(Shutdown::Write)?;
    client.expect('2')
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "microseconds of a wait under an hour")]
fn micros(watch: Stopwatch) -> u32 {
    (watch.seconds() * 1e6) as u32
}
