//! The client's side of a session, one command at a time.

use std::io::{BufRead, BufReader, Error, IoSlice, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::stopwatch::Stopwatch;

/// One session with a relay.
pub struct Client<'a> {
    /// What it speaks over.
    pub stream: &'a TcpStream,
    reader: BufReader<&'a TcpStream>,
    /// The last line that the relay said.
    pub line: String,
}

impl<'a> Client<'a> {
    /// Over a connection that was just made.
    pub fn new(stream: &'a TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Self { stream, reader: BufReader::with_capacity(1024, stream), line: String::new() })
    }

    /// Sends a command.
    pub fn say(&mut self, command: &str) -> Result<()> {
        self.stream.write_all(command.as_bytes())
    }

    /// Header and body in one call to the system; the watch runs from the moment the last byte is handed over.
    pub fn content(&mut self, header: &str, body: &[u8]) -> Result<Stopwatch> {
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
    pub fn reply(&mut self) -> Result<&str> {
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

    /// A reply of this class.
    pub fn expect(&mut self, class: char) -> Result<()> {
        let reply = self.reply()?;
        if reply.starts_with(class) { Ok(()) } else { Err(Error::other(reply.to_owned())) }
    }
}
