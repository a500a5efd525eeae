//! Writes down what only this process knows: outages, failed mail, blocked clients, news of the password.

use rollcall_core::Address;
use rollcall_core::notification::{Kind, State};
use rollcall_core::time::MINUTE_MS;
use rollcall_core::transition::Tell;
use rollcall_store::{NamedAddress, NewNotification};

use super::tell::{of, tell};
use crate::bus::{AccessNews, Notice, Tag};
use crate::error::EngineError;
use crate::house::House;

impl House {
    /// Writes a notice down that no transaction has.
    pub(super) async fn hear(&self, notice: &Notice) -> Result<(), EngineError> {
        let new = match notice {
            Notice::Destination { destination, answers: false } => {
                NewNotification { subject: destination.clone(), moment: Some(self.clock.now()), ..of(Kind::ServerAway) }
            }
            Notice::Destination { destination, answers: true } => return self.is_back(destination.clone()).await,
            Notice::Undelivered(messages) => {
                NewNotification { numbers: vec![messages.len() as u64], ..of(Kind::Undelivered) }
            }
            Notice::Blocked(clients) => NewNotification {
                subject: clients.first().cloned().unwrap_or_default(),
                numbers: vec![clients.len() as u64],
                ..of(Kind::Blocked)
            },
            Notice::Access(news) => NewNotification { subject: word(*news).to_owned(), ..of(Kind::Access) },
            Notice::ShadowEnded { would_refuse } => {
                NewNotification { numbers: vec![*would_refuse], ..of(Kind::ShadowEnded) }
            }
            Notice::AboutAddress { address, tell: Tell::HeldMailEnds } => {
                return self.held_mail_ends(address.clone()).await;
            }
            // N7 tells of the report.
            Notice::Report { .. }
            | Notice::Discovered(_)
            | Notice::Weekly { .. }
            | Notice::Ended(_)
            | Notice::UserCreated(_)
            | Notice::AliasMade { .. }
            | Notice::AboutAddress { .. }
            | Notice::Strangers { .. }
            | Notice::Seats { .. } => return Ok(()),
        };
        let now = self.clock.now();
        self.store.write(move |tx| tell(tx, new.clone(), &[], now).map(drop)).await?;
        self.bus.stale(&[Tag::Notifications]);
        Ok(())
    }

    async fn held_mail_ends(&self, address: String) -> Result<(), EngineError> {
        let now = self.clock.now();
        let key = Address::parse(&address).map_or_else(|_| address.to_lowercase(), |address| address.key());
        let named = NamedAddress { key, shown: address, entry: None };
        self.store.write(move |tx| tell(tx, of(Kind::HeldMailEnds), &[named], now).map(drop)).await?;
        self.bus.stale(&[Tag::Notifications]);
        Ok(())
    }

    /// N9 takes the place of N8; an outage that nobody was told of is no news.
    async fn is_back(&self, destination: String) -> Result<(), EngineError> {
        let now = self.clock.now();
        let changed = self
            .store
            .write(move |tx| {
                let open = tx.open_notification(&Kind::ServerAway.tag(&destination))?;
                let Some(away) = open.filter(|open| open.kind == Kind::ServerAway) else { return Ok(false) };
                tx.mark_notification(away.id, State::Withdrawn)?;
                if away.posted.is_some() {
                    // The message that noticed it was kept before it was heard of.
                    let since = away.moment.unwrap_or(away.made);
                    let minutes = now.since_ms(since) / MINUTE_MS;
                    let numbers = vec![u64::try_from(minutes).unwrap_or(0), tx.kept_since(since.minus_ms(MINUTE_MS))?];
                    let new = NewNotification { subject: destination.clone(), numbers, ..of(Kind::ServerBack) };
                    tell(tx, new, &[], now)?;
                }
                Ok(true)
            })
            .await?;
        if changed {
            self.bus.stale(&[Tag::Notifications]);
        }
        Ok(())
    }

    /// What was away when the engine ended may be there now: it is told again if not.
    pub(super) async fn forget_outages(&self) -> Result<(), EngineError> {
        let away = |kind: Kind| kind == Kind::ServerAway;
        let open = self.store.read(|tx| tx.open_notifications(u32::MAX))?;
        let open: Vec<i64> = open.into_iter().filter(|one| away(one.kind)).map(|one| one.id).collect();
        if open.is_empty() {
            return Ok(());
        }
        self.store
            .write(move |tx| open.iter().try_for_each(|id| tx.mark_notification(*id, State::Withdrawn).map(drop)))
            .await?;
        self.bus.stale(&[Tag::Notifications]);
        Ok(())
    }
}

const fn word(news: AccessNews) -> &'static str {
    match news {
        AccessNews::PasswordSet => "password_set",
        AccessNews::PasswordChanged => "password_changed",
        AccessNews::PasswordReset => "password_reset",
        AccessNews::Locked => "locked",
    }
}
