//! The PROXY protocol (versions 1 and 2): an upstream says before the greeting who is behind it.
//!
//! **Invariant.** Read only from upstreams that are set up for it, and demanded from them; nothing longer than
//! [`LONGEST`] is read, and what follows the header belongs to the session.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ppp::{HeaderResult, PartialResult, v1, v2};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest header taken: version 2's fixed part, two IPv6 addresses and generous TLVs.
const LONGEST: usize = 1024;

/// The longest header of version 1, by its specification.
const LONGEST_VERSION_1: usize = 107;

/// What the header said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxied {
    /// The client behind the upstream; `None` when the upstream speaks for itself (UNKNOWN, LOCAL).
    pub client: Option<SocketAddr>,
    /// Octets that came behind the header.
    pub rest: Vec<u8>,
}

/// Reads the header.
///
/// # Errors
/// No header in time, a malformed one, or what the system said.
pub async fn read_header(stream: &mut TcpStream, deadline: Duration) -> io::Result<Proxied> {
    let reading = async {
        let mut bytes = Vec::with_capacity(256);
        loop {
            if stream.read_buf(&mut bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(proxied) = parse(&bytes)? {
                return Ok(proxied);
            }
        }
    };
    timeout(deadline, reading).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

/// `None` while more has to come.
///
/// # Errors
/// It is no header.
pub fn parse(bytes: &[u8]) -> io::Result<Option<Proxied>> {
    const VERSION_1: &[u8] = b"PROXY ";
    let begins = &bytes[..bytes.len().min(VERSION_1.len())];
    if VERSION_1.starts_with(begins) && !bytes.contains(&b'\n') {
        // The parser takes half a line for a whole one.
        return if bytes.len() > LONGEST_VERSION_1 { Err(malformed("it does not end")) } else { Ok(None) };
    }
    let result = HeaderResult::parse(bytes);
    if result.is_incomplete() {
        return if bytes.len() > LONGEST { Err(malformed("it does not end")) } else { Ok(None) };
    }
    let (client, length) = match result {
        HeaderResult::V1(Ok(header)) => (of_version_1(&header.addresses), header.header.len()),
        HeaderResult::V2(Ok(header)) => (of_version_2(&header), header.header.len()),
        HeaderResult::V1(Err(error)) => return Err(malformed(&error.to_string())),
        HeaderResult::V2(Err(error)) => return Err(malformed(&error.to_string())),
    };
    Ok(Some(Proxied { client, rest: bytes.get(length..).unwrap_or_default().to_vec() }))
}

fn malformed(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("no PROXY header: {why}"))
}

fn of_version_1(addresses: &v1::Addresses) -> Option<SocketAddr> {
    match addresses {
        v1::Addresses::Tcp4(tcp) => Some(SocketAddr::new(IpAddr::V4(tcp.source_address), tcp.source_port)),
        v1::Addresses::Tcp6(tcp) => {
            Some(SocketAddr::new(IpAddr::V6(tcp.source_address).to_canonical(), tcp.source_port))
        }
        v1::Addresses::Unknown => None,
    }
}

fn of_version_2(header: &v2::Header<'_>) -> Option<SocketAddr> {
    match (header.command, header.addresses) {
        (v2::Command::Local, _) | (_, v2::Addresses::Unspecified | v2::Addresses::Unix(_)) => None,
        (_, v2::Addresses::IPv4(ip)) => Some(SocketAddr::new(IpAddr::V4(ip.source_address), ip.source_port)),
        (_, v2::Addresses::IPv6(ip)) => {
            Some(SocketAddr::new(IpAddr::V6(ip.source_address).to_canonical(), ip.source_port))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_1_names_the_client_and_what_follows_is_kept() {
        let bytes = b"PROXY TCP4 192.0.2.7 10.0.0.1 40000 25\r\nEHLO x\r\n";

        let found = parse(bytes).unwrap().unwrap();

        assert_eq!(found.client, Some("192.0.2.7:40000".parse().unwrap()));
        assert_eq!(found.rest, b"EHLO x\r\n");
        for end in 1..40 {
            assert_eq!(parse(&bytes[..end]).unwrap(), None, "{end} octets are not enough");
        }
    }

    #[test]
    fn version_2_names_the_client() {
        let mut bytes = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c".to_vec();
        bytes.extend([192, 0, 2, 8, 10, 0, 0, 1, 0x9c, 0x40, 0, 25]);

        assert_eq!(parse(&bytes).unwrap().unwrap().client, Some("192.0.2.8:40000".parse().unwrap()));
        assert_eq!(parse(&bytes[..20]).unwrap(), None);
    }

    #[test]
    fn an_upstream_may_speak_for_itself_but_not_say_something_else() {
        assert_eq!(parse(b"PROXY UNKNOWN\r\n").unwrap().unwrap().client, None);
        for bytes in [&b"EHLO client.example\r\n"[..], b"PROXY TCP4 x y 1 2\r\n", b"PROXY TCP4 1.2.3.4 1 2\r\n"] {
            assert!(parse(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
        }
    }
}
