//! Limits of SMTP sessions; settings with safe defaults.

use std::time::Duration;

use rollcall_net::Limits;

/// Limits of SMTP sessions; safe defaults.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// Connections at once.
    pub connections: Limits,
    /// The longest wait for a command (RFC 5321 section 4.5.3.2.7 asks for 5 minutes).
    pub command_wait: Duration,
    /// The longest wait for a block of content.
    pub content_wait: Duration,
    /// The longest command line in bytes, CRLF included (RFC 5321 section 4.5.3.1.4 asks for 512).
    pub line_bytes: usize,
    /// The largest content in bytes.
    pub content_bytes: u64,
    /// Recipients a transaction.
    pub recipients: usize,
    /// Commands that made no sense, a session.
    pub bad_commands: u32,
    /// Recipients that do not exist, a session (3.4: the fifth ends it).
    pub invalid_recipients: u32,
    /// How long the answer to an error waits, from a session's second error on (3.4). Listed upstreams do not wait.
    pub error_wait: Duration,
    /// The longest TLS handshake with a client.
    pub handshake_wait: Duration,
    /// Connections in use with one destination at a time.
    pub destination_connections: usize,
    /// How long a destination transaction waits for content before it is given up and repeated (architecture 8a).
    pub hold: Duration,
    /// How many may wait so at a time.
    pub held: usize,
    /// How long after a destination did not answer it is looked for again, and again.
    pub probe_every: Duration,
    /// Invented recipients that destinations are asked about by themselves, a minute (3.8); 0 for none.
    pub probes_a_minute: usize,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            connections: Limits { total: 1000, per_address: 50, reserved: 100, per_window: 3000 },
            command_wait: Duration::from_secs(300),
            content_wait: Duration::from_secs(180),
            line_bytes: 2048,
            content_bytes: 50 * 1024 * 1024,
            recipients: 100,
            bad_commands: 10,
            invalid_recipients: 5,
            destination_connections: 50,
            error_wait: Duration::from_secs(5),
            handshake_wait: Duration::from_secs(30),
            hold: Duration::from_secs(20),
            held: 20,
            probe_every: Duration::from_secs(60),
            probes_a_minute: 30,
        }
    }
}
