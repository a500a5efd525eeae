//! The office's mail server as it changes over the year, and the server that takes its mail to the world.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rollcall_core::Reply;
use rollcall_practice::Household;

use super::letter::{Letter, Nature, Way, report};
use super::world::World;

/// What the mail server calls itself.
const NAME: &str = "mail.northfield.example";

/// The office's own mail server.
#[derive(Debug)]
pub struct Mailboxes {
    world: Arc<World>,
    hour: AtomicU32,
    taken: AtomicU64,
    bounces: Mutex<Vec<Letter>>,
}

impl Mailboxes {
    /// With the mailboxes of `world`.
    #[must_use]
    pub fn new(world: Arc<World>) -> Self {
        Self { world, hour: AtomicU32::new(0), taken: AtomicU64::new(0), bounces: Mutex::default() }
    }

    /// It is this hour now.
    pub fn strikes(&self, hour: u32) {
        self.hour.store(hour, Ordering::Release);
    }

    /// The reports it owes, which it then forgets.
    #[must_use]
    pub fn bounces(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.bounces.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Messages it took.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Acquire)
    }

    fn bounce(&self, hour: u32, to: &str, recipient: &str, content: &[u8]) {
        let Some(id) = message_id(content) else { return };
        let letter = Letter {
            hour,
            way: Way::Office,
            nature: Nature::Bounce,
            sender: String::new(),
            to: vec![to.to_owned()],
            subject: String::new(),
            answers: None,
            report: Some(report(NAME, to, recipient, &id, "5.1.1")),
            id,
        };
        self.bounces.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
    }
}

impl Household for Mailboxes {
    fn hostname(&self) -> &'static str {
        NAME
    }

    fn motto(&self) -> &'static str {
        "Postfix"
    }

    fn judge(&self, address: &str) -> Reply {
        let hour = self.hour.load(Ordering::Acquire);
        if self.world.takes_everybody(hour) || self.world.reaches(address, hour) {
            return Reply::new(250, 1, 5, "Ok");
        }
        Reply::new(550, 1, 1, format!("<{address}>: Recipient address rejected: User unknown in local recipient table"))
    }

    fn keep(&self, reverse_path: &str, recipients: &[&str], content: &[u8]) -> Reply {
        let hour = self.hour.load(Ordering::Acquire);
        self.taken.fetch_add(1, Ordering::AcqRel);
        if self.world.plan.bounces_later.contains(&hour) && !reverse_path.is_empty() {
            for recipient in recipients.iter().filter(|recipient| !self.world.reaches(recipient, hour)) {
                self.bounce(hour, reverse_path, recipient, content);
            }
        }
        Reply::new(250, 0, 0, "Ok: queued")
    }
}

fn message_id(content: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(content);
    let line = text.lines().take_while(|line| !line.is_empty()).find_map(|line| line.strip_prefix("Message-ID: <"))?;
    line.strip_suffix('>').map(str::to_owned)
}

/// Takes everything for everybody.
#[derive(Debug, Default)]
pub struct Outside(AtomicU64);

impl Outside {
    /// Messages that reached the world.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

impl Household for Outside {
    fn hostname(&self) -> &'static str {
        "smtp.provider.example"
    }

    fn motto(&self) -> &'static str {
        "ready"
    }

    fn judge(&self, _address: &str) -> Reply {
        Reply::new(250, 1, 5, "Ok")
    }

    fn keep(&self, _reverse_path: &str, _recipients: &[&str], _content: &[u8]) -> Reply {
        self.0.fetch_add(1, Ordering::AcqRel);
        Reply::new(250, 0, 0, "Ok: queued")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_refuses_strangers_then_takes_everybody_then_sends_back() {
        let world = Arc::new(World::new(1, 8, 20));
        let server = Mailboxes::new(Arc::clone(&world));
        let (real, nobody) = (&world.staff[20].mailbox, "nobody.here@northfield.example");
        let content = b"Message-ID: <1@elm.example>\r\n\r\nHello";

        assert!(server.judge(real).is_success());
        assert_eq!(server.judge(nobody).code, 550);
        server.strikes(world.plan.accepts_all.start);
        assert!(server.judge(nobody).is_success());
        server.keep("kim@elm.example", &[nobody], content);
        assert!(server.bounces().is_empty());
        server.strikes(world.plan.bounces_later.start);
        assert!(server.judge(nobody).is_success());
        server.keep("kim@elm.example", &[nobody, real], content);
        server.keep("", &[nobody], content);

        let bounces = server.bounces();
        assert_eq!(bounces.len(), 1);
        assert!(bounces[0].report.as_ref().unwrap().contains("Message-ID: <1@elm.example>"));
    }
}
