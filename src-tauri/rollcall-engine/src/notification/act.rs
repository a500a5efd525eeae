//! Acts on a notification through the use cases of the window's own buttons, so that permission, seats, journal and undo
//! hold (X11).

use rollcall_core::decision::Decision;
use rollcall_core::notification::{self, Action, Kind, State};
use rollcall_core::{Role, Rule};
use rollcall_store::{Kind as Folder, NamedAddress, NotificationRecord};

use super::facts::facts;
use crate::bus::Tag;
use crate::decide::{Changed, Subject};
use crate::error::EngineError;
use crate::house::House;

/// All the addresses of a notification are acted on, as many as one command takes.
const MOST: u32 = 10_000;

/// What an action did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acted {
    /// The journal entries that take it back, the latest last.
    pub entries: Vec<i64>,
    /// What was done, in one sentence.
    pub said: String,
    /// The addresses it changed, as shown.
    pub addresses: Vec<String>,
}

impl House {
    /// Presses a button of a notification.
    ///
    /// # Errors
    /// Not found; conflict when it is dealt with, when an address was decided about meanwhile, or has no such button; and
    /// as the use case.
    pub async fn act(&self, id: i64, action: Action) -> Result<Acted, EngineError> {
        let (grounds, practice) = (self.grounds(), self.kind == Folder::Practice);
        let found = self.store.read(|tx| {
            let Some(record) = tx.notification(id)? else { return Ok(None) };
            let (facts, _) = facts(tx, &record, &grounds, practice)?;
            let (named, _) = tx.standing_in_notification(&record, MOST)?;
            Ok(Some((record, facts, named)))
        })?;
        let (record, facts, named) =
            found.ok_or_else(|| EngineError::NotFound("There is no such notification.".to_owned()))?;
        if !record.state.is_open() || (facts.count == 0 && record.kind.stands_while().is_some()) {
            return Err(dealt_with(&record));
        }
        if !notification::buttons(record.kind, &facts).iter().any(|button| button.action == action) {
            return Err(EngineError::Conflict(format!("It has no button {} any more. Look again.", action.word())));
        }
        let (entries, addresses) = self.carry(&record, action, named).await?;
        // The mail server is still away: its return closes it.
        let state = if action == Action::TryNow { State::Read } else { State::DealtWith };
        self.store.write(move |tx| tx.mark_notification(id, state).map(drop)).await?;
        self.bus.stale(&[Tag::Notifications]);
        let said = match action {
            Action::KeepRefusing => notification::done(action, &facts.addresses),
            Action::TryNow => notification::done(action, std::slice::from_ref(&record.subject)),
            _ => notification::done(action, &addresses),
        };
        Ok(Acted { entries, said, addresses })
    }

    async fn carry(
        &self,
        record: &NotificationRecord,
        action: Action,
        named: Vec<NamedAddress>,
    ) -> Result<(Vec<i64>, Vec<String>), EngineError> {
        let decided = match action {
            Action::MakeUser => {
                let role = self.role_for(&named);
                self.decide_still(subjects(&named), Decision::CreateUser(role), "create_user", stands(record.kind))
                    .await?
            }
            Action::MakeFunctional => {
                self.decide_still(
                    subjects(&named),
                    Decision::CreateFunctional,
                    "create_functional",
                    stands(record.kind),
                )
                .await?
            }
            Action::MarkInvalid => {
                self.decide_still(subjects(&named), Decision::MarkInvalid, "mark_invalid", stands(record.kind)).await?
            }
            Action::AddAsSuggested | Action::MakeReal => {
                self.add_as_suggested_still(addresses(&named), stands(record.kind)).await?
            }
            Action::GiveWeek => self.give_week(addresses(&named)).await?,
            Action::Undo => return self.take_back(named).await,
            Action::KeepRefusing => return Ok((Vec::new(), Vec::new())),
            Action::KeepEveryone => self.keep_everyone().await?,
            Action::TryNow => {
                self.try_now(&record.subject).await?;
                return Ok((Vec::new(), Vec::new()));
            }
        };
        let Changed { entry, addresses, .. } = decided;
        Ok((entry.into_iter().collect(), addresses))
    }

    /// The role that the domain's rule gives to new users.
    fn role_for(&self, named: &[NamedAddress]) -> Role {
        let domain = named.first().and_then(|one| one.key.rsplit_once('@')).map(|(_, domain)| domain);
        let setup = self.setup();
        domain.and_then(|domain| setup.domains.get(domain)).map_or(Rule::SHIPPED.role, |domain| domain.rule.role)
    }

    /// Takes back what was done by itself, the latest first. What was decided since stays.
    async fn take_back(&self, named: Vec<NamedAddress>) -> Result<(Vec<i64>, Vec<String>), EngineError> {
        let mut entries: Vec<i64> = named.iter().filter_map(|one| one.entry).collect();
        entries.sort_unstable();
        entries.dedup();
        let (mut undone, mut addresses, mut refused) = (Vec::new(), Vec::new(), None);
        for entry in entries.into_iter().rev() {
            match self.undo(entry).await {
                Ok(changed) => {
                    undone.extend(changed.entry);
                    addresses.extend(changed.addresses);
                }
                Err(error @ EngineError::Conflict(_)) => refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        match (undone.is_empty(), refused) {
            (true, Some(error)) => Err(error),
            _ => Ok((undone, addresses)),
        }
    }

    /// Tries what waits for a mail server; nothing waiting is no fault here.
    async fn try_now(&self, destination: &str) -> Result<(), EngineError> {
        match self.flush_queue(Some(destination)).await {
            Ok(_) | Err(EngineError::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The state that its addresses must still have when the decision is written.
const fn stands(kind: Kind) -> Option<&'static str> {
    kind.stands_while()
}

fn subjects(named: &[NamedAddress]) -> Vec<Subject> {
    named.iter().map(|one| Subject { address: one.shown.clone(), ..Subject::default() }).collect()
}

fn addresses(named: &[NamedAddress]) -> Vec<String> {
    named.iter().map(|one| one.shown.clone()).collect()
}

fn dealt_with(record: &NotificationRecord) -> EngineError {
    EngineError::Conflict(match record.state {
        State::Withdrawn => "This is not so any more, so nothing was done. Look again.".to_owned(),
        _ => "Somebody decided about this meanwhile, so nothing was done. Look again.".to_owned(),
    })
}
