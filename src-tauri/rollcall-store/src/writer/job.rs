//! A job: a change, and its owner who hears of it once, after the commit.

use std::sync::Arc;

use crate::{StoreError, Tx};

/// Why a job that ran was not stored.
pub(super) enum Lost {
    /// The commit failed.
    Commit(Arc<rusqlite::Error>),
    /// The queue is closed.
    Closed,
}

impl Lost {
    fn error(&self) -> StoreError {
        match self {
            Self::Commit(source) => StoreError::Commit { source: Arc::clone(source) },
            Self::Closed => StoreError::Closed,
        }
    }
}

/// A change and its owner, whatever its type.
pub(super) trait Job: Send {
    /// Makes the change; true if it is to be kept.
    fn run(&mut self, tx: &Tx<'_>) -> bool;
    /// Whether the change can be made again after it was undone with others'.
    fn is_repeatable(&self) -> bool;
    /// The change panicked.
    fn panicked(&mut self, what: String);
    /// Tells the owner, after the commit.
    fn acknowledge(self: Box<Self>, commit: Result<(), &Lost>);
}

/// A change that gives a `T`.
pub(super) struct Deed<T, W, A> {
    stage: Stage<T, W>,
    tell: A,
}

impl<T, W, A> Deed<T, W, A> {
    /// `work` makes the change, `tell` hears what became of it.
    pub(super) const fn new(work: W, tell: A) -> Self {
        Self { stage: Stage::Wanted(work), tell }
    }
}

/// How far a change is.
enum Stage<T, W> {
    Wanted(W),
    Running,
    Done(Result<T, StoreError>),
}

impl<T, W, A> Job for Deed<T, W, A>
where
    T: Send,
    W: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send,
    A: FnOnce(Result<T, StoreError>) + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> bool {
        let Stage::Wanted(work) = std::mem::replace(&mut self.stage, Stage::Running) else { return false };
        let result = work(tx);
        let keep = result.is_ok();
        self.stage = Stage::Done(result);
        keep
    }

    fn is_repeatable(&self) -> bool {
        false
    }

    fn panicked(&mut self, what: String) {
        self.stage = Stage::Done(Err(StoreError::Panicked { what }));
    }

    fn acknowledge(self: Box<Self>, commit: Result<(), &Lost>) {
        let Self { stage, tell } = *self;
        tell(match (stage, commit) {
            (Stage::Done(Err(error)), _) => Err(error),
            (_, Err(lost)) => Err(lost.error()),
            (Stage::Done(Ok(value)), Ok(())) => Ok(value),
            (Stage::Wanted(_) | Stage::Running, Ok(())) => Err(StoreError::Closed),
        });
    }
}

/// A change that gives a `T` and can be made again, so that many of them share a savepoint.
pub(super) struct Repeatable<T, W, A> {
    work: W,
    result: Option<Result<T, StoreError>>,
    tell: A,
}

impl<T, W, A> Repeatable<T, W, A> {
    /// `work` makes the change, `tell` hears what became of it.
    pub(super) const fn new(work: W, tell: A) -> Self {
        Self { work, result: None, tell }
    }
}

impl<T, W, A> Job for Repeatable<T, W, A>
where
    T: Send,
    W: Fn(&Tx<'_>) -> Result<T, StoreError> + Send,
    A: FnOnce(Result<T, StoreError>) + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> bool {
        self.result = None;
        let result = (self.work)(tx);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn is_repeatable(&self) -> bool {
        true
    }

    fn panicked(&mut self, what: String) {
        self.result = Some(Err(StoreError::Panicked { what }));
    }

    fn acknowledge(self: Box<Self>, commit: Result<(), &Lost>) {
        let Self { result, tell, .. } = *self;
        tell(match (result, commit) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(lost)) => Err(lost.error()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(StoreError::Closed),
        });
    }
}
