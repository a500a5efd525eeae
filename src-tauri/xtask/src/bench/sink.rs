//! The destination of the benchmark: takes every message, keeps none, counts them.
//!
//! `XCOUNT` answers with the numbers of messages taken and of recipients asked about so far. It does not know recipients
//! that begin with `unk`.

use std::io::{BufRead, BufReader, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crate::arguments::Arguments;
use crate::report::Failure;
use crate::stopwatch::pause;

/// Connections served at the same time unless told otherwise, each by a thread that is there from the start.
const CONNECTIONS: usize = 256;

/// Small enough to be reused by the allocator instead of being asked of the system for each connection.
const BUFFER_BYTES: usize = 64 * 1024;

const EHLO: &[u8] =
    b"250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 104857600\r\n250 ENHANCEDSTATUSCODES\r\n";

#[derive(Default)]
struct Counters {
    messages: AtomicU64,
    asked: AtomicU64,
}

/// Runs until it is ended; prints its port first. With `--delay-ms` it takes that long to answer the end of a message.
///
/// # Errors
/// When no port can be had.
pub fn command(mut given: Arguments) -> std::result::Result<(), Failure> {
    let port: u16 = given.value("--port", 0)?;
    let delay = Duration::from_millis(given.value("--delay-ms", 0)?);
    let connections: usize = given.value("--connections", CONNECTIONS)?;
    given.finish()?;
    let listener =
        TcpListener::bind(("127.0.0.1", port)).map_err(|err| Failure::io("open a port for the sink", &err))?;
    let port = listener.local_addr().map_err(|err| Failure::io("read the port of the sink", &err))?.port();
    println!("{port}");
    let counters = Counters::default();
    thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                for connection in listener.incoming().flatten() {
                    drop(serve(&connection, &counters, delay)); // a client that leaves early is its own affair
                }
            });
        }
    });
    Ok(())
}

fn serve(connection: &TcpStream, counters: &Counters, delay: Duration) -> Result<()> {
    connection.set_nodelay(true)?;
    let mut writer = connection;
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, connection);
    let mut replies = b"220 sink.test ESMTP\r\n".to_vec();
    let mut line = Vec::new();
    loop {
        if reader.buffer().is_empty() {
            writer.write_all(&replies)?;
            replies.clear();
        }
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        match line.get(..4).map(<[u8]>::to_ascii_uppercase).as_deref() {
            Some(b"EHLO") => replies.extend(EHLO),
            Some(b"DATA") => {
                replies.extend(b"354 End data with <CR><LF>.<CR><LF>\r\n");
                writer.write_all(&replies)?;
                replies.clear();
                take_content(&mut reader, &mut line)?;
                if !delay.is_zero() {
                    pause(delay);
                }
                counters.messages.fetch_add(1, Ordering::Relaxed);
                replies.extend(b"250 2.0.0 Ok\r\n");
            }
            Some(b"QUIT") => {
                replies.extend(b"221 2.0.0 Bye\r\n");
                return writer.write_all(&replies);
            }
            Some(b"RCPT") => {
                counters.asked.fetch_add(1, Ordering::Relaxed);
                let known: &[u8] = b"250 2.1.5 Ok\r\n";
                replies.extend(if is_unknown(&line) { b"550 5.1.1 User unknown\r\n" } else { known });
            }
            Some(b"XCOU") => {
                let [messages, asked] = [&counters.messages, &counters.asked].map(|one| one.load(Ordering::Relaxed));
                replies.extend(format!("250 {messages} {asked}\r\n").bytes());
            }
            _ => replies.extend(b"250 2.0.0 Ok\r\n"),
        }
    }
}

fn is_unknown(rcpt: &[u8]) -> bool {
    rcpt.split(|byte| *byte == b'<').nth(1).is_some_and(|address| address.starts_with(b"unk"))
}

fn take_content(reader: &mut impl BufRead, line: &mut Vec<u8>) -> Result<()> {
    loop {
        line.clear();
        if reader.read_until(b'\n', line)? == 0 || line == b".\r\n" {
            return Ok(());
        }
    }
}
