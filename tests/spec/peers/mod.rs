//! Against real peers. All of it needs root and Debian's programs; `cargo xtask setup` brings them.

mod abuse;
mod destinations;
mod encryption;
mod faulty;
mod letters;
mod office;
mod reports;
mod senders;
mod smuggling;
mod spool;
mod truth;
mod upstream;

use rollcall_tests::peer::with_crlf;

/// A message with what breaks on the way: dots, spaces at line ends, a line of 998 characters, an 8-bit header-free body.
fn tricky(subject: &str) -> Vec<u8> {
    let long = "0123456789".repeat(99) + "01234567";
    format!(
        "From: <sender@outside.example>\r\nTo: <ann@acme.example>\r\nDate: Mon, 02 Nov 2026 10:00:00 +0100\r\n\
         Message-ID: <{subject}@outside.example>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\r\n\
         .\r\n..\r\n.dot\r\nFrom here\r\ntrailing  \r\n\t\r\n{long}\r\nMAIL FROM:<x@y.example>\r\n\r\nlast\r\n"
    )
    .into_bytes()
}

/// What stands above `content` in a delivered `message`; fails unless the rest is `content`, byte for byte.
fn trace_above(message: &[u8], content: &[u8]) -> String {
    let message = with_crlf(message);
    let start = message.len().checked_sub(content.len()).unwrap_or_else(|| panic!("{}", text(&message)));
    assert_eq!(text(&message[start..]), text(content), "below the trace");
    assert!(message[start..] == *content);
    text(&message[..start])
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// As a client sends it: dots stuffed, without the last line end.
fn as_sent(content: &[u8]) -> String {
    let text = text(content).replace("\r\n.", "\r\n..");
    text.strip_suffix("\r\n").expect("a whole line").to_owned()
}

/// Those of `messages` with this subject.
fn about(messages: Vec<Vec<u8>>, subject: &str) -> Vec<Vec<u8>> {
    let line = format!("\nSubject: {subject}\n");
    messages.into_iter().filter(|message| text(message).contains(&line)).collect()
}
