//! What is asked of every blocked sign-in, settled once for all of them: a directory that cannot tell shared mailboxes from
//! people asks as often as it has such mailboxes (pitfall 3).

use rollcall_core::decision::Decision;
use rollcall_core::directory::{Choice, Problem, ProblemKind};
use rollcall_core::{Address, AddressState};
use rollcall_store::{AddressRecord, RowChange, StoreError, Tx};

use super::settle::Settled;
use crate::decide::{Changed, Subject, write_entry};
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;

impl House {
    /// Settles all that is asked about blocked sign-ins: all functional, all inactive, or all as they are. One entry of the
    /// history for all of them.
    ///
    /// # Errors
    /// Invalid: another answer. Conflict: nothing is asked. As [`House::decide`].
    pub async fn settle_blocked_sign_ins(&self, settled: Settled) -> Result<Changed, EngineError> {
        if !matches!(settled, Settled::Functional | Settled::Inactive | Settled::Keep) {
            return Err(EngineError::Invalid("Give functional, inactive or keep.".to_owned()));
        }
        let asked = self.store.read(blocked)?;
        if asked.is_empty() {
            return Err(EngineError::Conflict("No blocked sign-in waits for an answer.".to_owned()));
        }
        let changed = match settled {
            Settled::Functional => {
                let subject = |one: &Address| Subject { address: one.to_string(), ..Subject::default() };
                self.decide(asked.iter().map(subject).collect(), Decision::CreateFunctional).await?
            }
            Settled::Inactive => self.make_inactive(asked.iter().map(Address::key).collect()).await?,
            _ => Changed::default(),
        };
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                for address in &asked {
                    tx.put_sync_choice(&address.key(), &Choice::Keep, now)?;
                    tx.settle_sync_problem(&address.to_string())?;
                }
                let why = match asked.len() {
                    1 => "1 blocked sign-in is settled".to_owned(),
                    many => format!("{many} blocked sign-ins are settled alike"),
                };
                note(tx, "settle_blocked_sign_ins", why, now)
            })
            .await?;
        self.sync_changed()?;
        Ok(changed)
    }

    /// Accounts become inactive; what is none is left out.
    pub(super) async fn make_inactive(&self, keys: Vec<String>) -> Result<Changed, EngineError> {
        let now = self.clock.now();
        let inactive = move |tx: &Tx<'_>| -> Result<Changed, StoreError> {
            let mut changes = Vec::new();
            for key in keys {
                let Some(before) = tx.address(&key)?.filter(|row| row.state.is_account()) else { continue };
                let after =
                    AddressRecord { state: AddressState::Inactive, changed: now, decided: Some(now), ..before.clone() };
                tx.put_address(&after)?;
                changes.push(RowChange { key, before: Some(before), after: Some(after) });
            }
            let mut changed = Changed::default();
            if !changes.is_empty() {
                let why = "the operator decided".to_owned();
                changed.entry = Some(write_entry(tx, "make_inactive", why, now, &changes)?);
                changed.addresses =
                    changes.iter().filter_map(|change| Some(change.after.as_ref()?.shown.clone())).collect();
            }
            Ok(changed)
        };
        Ok(self.store.write(inactive).await?)
    }
}

/// Whose blocked sign-in waits for an answer.
fn blocked(tx: &Tx<'_>) -> Result<Vec<Address>, StoreError> {
    let Some(run) = tx.last_judged_sync_run()? else { return Ok(Vec::new()) };
    let is_asked = |problem: &Problem| problem.kind == ProblemKind::Disabled;
    let problems = tx.sync_problems(run, u32::MAX)?.into_iter().filter(is_asked);
    Ok(problems.filter_map(|problem| Address::parse(problem.address.as_deref()?).ok()).collect())
}
