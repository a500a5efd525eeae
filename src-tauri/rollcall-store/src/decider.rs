//! Who a change is written down as: said once around a command, and known to every transaction that it makes.
//!
//! **Invariant.** It goes with the task that commands, never with the writer's thread: two commands at the same time
//! are not mixed up.

use tokio::task_local;

task_local! {
    static WORD: &'static str;
}

/// Carries `work` out, so that what it writes to the journal says `word` decided.
pub async fn decided_by<T>(word: &'static str, work: impl Future<Output = T>) -> T {
    WORD.scope(word, work).await
}

/// Who decides in this task; `None` outside of [`decided_by`].
#[must_use]
pub fn decider() -> Option<&'static str> {
    WORD.try_with(|word| *word).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Store, StoreError};

    #[tokio::test]
    async fn each_change_knows_who_decided_it_even_when_two_decide_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Kind::Real).unwrap();
        let told = |store: Store| async move { store.write(|tx| Ok::<_, StoreError>(tx.decider())).await.unwrap() };

        let (one, two, nobody) = tokio::join!(
            decided_by("technician", told(store.clone())),
            decided_by("organization_administrator", told(store.clone())),
            told(store.clone()),
        );

        assert_eq!((one, two, nobody), (Some("technician"), Some("organization_administrator"), None));
    }
}
