//! Speaks SMTP without touching a socket: bytes in, replies and requests for effects out.
//!
//! **Invariant.** No I/O, no clock, no async. Whatever bytes arrive, every function here answers and none panics.
//! Only `CRLF` ends a line and only `CRLF.CRLF` ends a message.
//!
//! **Limits.** The server side offers PIPELINING, SIZE, 8BITMIME, ENHANCEDSTATUSCODES, CHUNKING, SMTPUTF8, DSN, LIMITS
//! and STARTTLS. It does not offer AUTH, BINARYMIME or REQUIRETLS. Deadlines, waits and bytes in flight belong to the
//! caller.

pub mod client;
pub mod command;
pub mod data;
pub mod line;
mod path;
mod replies;
pub mod reply_parser;
pub mod session;
pub mod wire;

pub use client::{Capabilities, Stuffer};
pub use command::{Chunk, Command, MailFrom, RcptTo, Ret, Xclient};
pub use data::{ChunkScanner, DataFault, DataScanner, Scan};
pub use line::{Cut, LineCutter, LineFault};
pub use reply_parser::{Parsed, ReplyParser};
pub use session::{ContentFault, Envelope, Input, Judgement, Offer, Output, Session};
pub use wire::{explanation, write_explained, write_reply};
