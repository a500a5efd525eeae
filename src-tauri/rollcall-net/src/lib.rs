//! Connects: listeners for clients, connections to destinations, and the live transaction that asks and delivers.
//!
//! **Invariant.** Every read has a size limit and a deadline; nothing here decides what a reply means for a recipient.
//!
//! **Limits.** Names are resolved by the system (no MX look-up, no DNS cache yet); no AUTH toward a smarthost yet.

pub mod callforward;
pub mod connection;
pub mod identity;
pub mod listener;
pub mod pool;
pub mod proxy;
pub mod stream;
mod tls;

pub use callforward::{Body, Transaction};
pub use connection::{Deadlines, Destination, NetError, TlsPolicy};
pub use identity::{CertificateFacts, Identity, IdentityError};
pub use listener::{Accepted, Admission, Limits, Listener};
pub use pool::Pool;
pub use rustls::ServerConfig;
pub use stream::{Stream, TlsFacts, accept_tls};
