//! Takes letters to the relay, a session for each host.

use std::net::SocketAddr;

use super::call::{Call, CallError, Handed};
use super::letter::Letter;

/// What became of the letters of one round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Letters that the relay took.
    pub taken: u32,
    /// Letters of which it took none of the recipients, or not the content.
    pub refused: u32,
    /// Letters during which the session ended.
    pub cut_off: u32,
}

/// Hands over `letters` in their order; neighbours with the same host share a session.
///
/// # Errors
/// When the relay cannot be reached; the letters not yet handed over are lost.
pub async fn hand_over_all(relay: SocketAddr, letters: &[Letter]) -> Result<Tally, CallError> {
    let mut tally = Tally::default();
    for same_host in letters.chunk_by(|one, next| one.host == next.host) {
        let mut open: Option<Call> = None;
        for letter in same_host {
            let mut call = match open.take() {
                Some(call) => call,
                None => Call::open(relay, letter.host).await?,
            };
            match call.hand_over(letter).await {
                Ok(handed) => {
                    tally.count(&handed);
                    open = Some(call);
                }
                Err(error) => {
                    tracing::debug!(%error, host = letter.host.name, "a session with the relay ended early");
                    tally.cut_off += 1;
                }
            }
        }
        if let Some(call) = open {
            call.quit().await;
        }
    }
    Ok(tally)
}

impl Tally {
    fn count(&mut self, handed: &Handed) {
        if handed.content.as_ref().is_some_and(rollcall_core::Reply::is_success) {
            self.taken += 1;
        } else {
            self.refused += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::mail_server::MailServer;
    use crate::neighbourhood::Neighbourhood;
    use crate::neighbourhood::letter::Kind;

    #[tokio::test]
    async fn every_letter_to_a_mailbox_arrives_and_every_other_is_refused() {
        let server = MailServer::start(0).await.unwrap();
        let street = Neighbourhood { seed: 1, zone: TimeZone::UTC };
        let letters = street.hour(1_794_182_400_000 + 10 * 3_600_000);
        let strangers = letters.iter().filter(|letter| matches!(letter.kind, Kind::Misspelt | Kind::Guesses)).count();

        let tally = hand_over_all(server.address(), &letters).await.unwrap();

        assert_eq!(tally.taken as usize, letters.len() - strangers);
        assert_eq!((tally.refused as usize, tally.cut_off), (strangers, 0));
        let received: u64 = server.mailboxes().iter().map(|row| row.received).sum();
        assert_eq!(received, u64::from(tally.taken));
        server.close().await;
    }

    #[tokio::test]
    async fn a_relay_that_is_not_there_is_an_error() {
        let server = MailServer::start(0).await.unwrap();
        let nobody = server.address();
        server.close().await;
        let letters = Neighbourhood { seed: 1, zone: TimeZone::UTC }.welcome(0);

        assert!(matches!(hand_over_all(nobody, &letters).await, Err(CallError::Connection(_))));
    }
}
