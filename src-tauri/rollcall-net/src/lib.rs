//! Connects: listeners for clients, connections to destinations, and the live transaction that asks and delivers.
//!
//! **Invariant.** Every read has a size limit and a deadline; nothing here decides what a reply means for a recipient.
//!
//! **Limits.** Addresses of hosts are looked up by the system, MX records by the name servers that it uses.

pub mod callforward;
pub mod connection;
pub mod destination;
pub mod identity;
pub mod listener;
pub mod pool;
pub mod proxy;
pub mod resolve;
pub mod stream;
pub mod tape;
mod tls;

pub use callforward::{Body, Transaction, verify};
pub use connection::{Deadlines, NetError};
pub use destination::{Credentials, Destination, Fallback, Lookup, Secret, TlsPolicy};
pub use identity::{CertificateFacts, Identity, IdentityError};
pub use listener::{Accepted, Admission, Limits, Listener};
pub use pool::Pool;
pub use resolve::Resolver;
pub use rustls::ServerConfig;
pub use stream::{Stream, TlsFacts, accept_tls};
pub use tape::{Said, Tape};
