//! The rig of the specification: a relay in this process, destinations that behave and misbehave, SMTP clients, and
//! real peers as child processes. Everything listens on loopback only.

pub mod client;
pub mod destination;
pub mod dialogue;
pub mod encrypted;
pub mod letter;
pub mod loss;
// Other servers and mail programs, and the tests that need them or a throwaway desktop, are where the programs are.
#[cfg(unix)]
pub mod certificates;
#[cfg(unix)]
pub mod directory;
#[cfg(unix)]
pub mod exim;
#[cfg(unix)]
pub mod faulty;
#[cfg(unix)]
pub mod graph;
#[cfg(unix)]
pub mod names;
#[cfg(unix)]
pub mod opensmtpd;
#[cfg(unix)]
pub mod peer;
pub mod ports;
#[cfg(unix)]
pub mod postfix;
pub mod program;
pub mod relay;
#[cfg(target_os = "linux")]
pub mod secret_service;
#[cfg(unix)]
pub mod sender;
#[cfg(unix)]
pub mod signed;
pub mod simulation;

/// Lets another process, or the system, act for a moment; nobody tells when it has.
#[expect(clippy::disallowed_methods, reason = "another process has to act; nothing can be awaited")]
pub async fn pause(ms: u64) {
    tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
}
