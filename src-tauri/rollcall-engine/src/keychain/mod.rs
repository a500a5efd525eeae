//! The keychain of the operating system, asked so that nobody waits for it: by one thread, one question at a time, each
//! with a time limit.
//!
//! **Invariant.** A question that nobody waits for any more is not begun. No question opens a window that asks for a
//! password, where the system lets us see that one would (Linux).
//!
//! **Limits.** On macOS and Windows a question may make the system ask the person; the relay goes on meanwhile. What is
//! kept is a short text under a name.

#[cfg(any(target_os = "macos", target_os = "windows"))]
mod native;
#[cfg(target_os = "linux")]
mod secret_service;

use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

/// Under whose name items are kept.
#[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
const SERVICE: &str = "Rollcall";
/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a keychain gave no answer; completes "the keychain …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// No program of the kind, or nothing that could keep an item.
    #[error("is not there")]
    Absent(String),
    /// Its owner has to unlock it.
    #[error("is locked")]
    Locked,
    /// It says nothing: perhaps it waits for its owner.
    #[error("does not answer")]
    Silent,
    /// It said no.
    #[error("refused to answer")]
    Refused(String),
}

impl Trouble {
    /// What the system said of it.
    pub fn detail(&self) -> &str {
        match self {
            Self::Absent(detail) | Self::Refused(detail) => detail,
            Self::Locked | Self::Silent => "",
        }
    }
}

/// A place for short secret texts under names. Its calls block.
pub(crate) trait Vault: Send {
    /// The text of that name; `None` only if it is sure that there is none.
    fn get(&self, name: &str) -> Result<Option<String>, Trouble>;
    /// Keeps a text.
    fn put(&self, name: &str, text: &str) -> Result<(), Trouble>;
    /// Forgets one that this process kept.
    fn remove(&self, name: &str) -> Result<(), Trouble>;
}

enum Question {
    Get(String, oneshot::Sender<Result<Option<String>, Trouble>>),
    Put(String, String, oneshot::Sender<Result<(), Trouble>>),
    Remove(String, oneshot::Sender<Result<(), Trouble>>),
}

/// The way to a keychain.
pub(crate) struct Keychain {
    open: fn() -> Box<dyn Vault>,
    patience: Duration,
    /// The thread that asks; none before the first question.
    thread: Mutex<Option<mpsc::Sender<Question>>>,
}

impl Keychain {
    /// The operating system's.
    pub fn of_the_system() -> Self {
        Self::of(system, PATIENCE)
    }

    /// This one, with this time limit.
    pub fn of(open: fn() -> Box<dyn Vault>, patience: Duration) -> Self {
        Self { open, patience, thread: Mutex::default() }
    }

    /// The text of that name; `None` if there is none.
    pub async fn get(&self, name: &str) -> Result<Option<String>, Trouble> {
        self.ask(|reply| Question::Get(name.to_owned(), reply)).await
    }

    /// Keeps a text. After [`Trouble::Silent`] it may be there all the same.
    pub async fn put(&self, name: &str, text: &str) -> Result<(), Trouble> {
        self.ask(|reply| Question::Put(name.to_owned(), text.to_owned(), reply)).await
    }

    /// Forgets a text that was put and is not needed.
    pub async fn remove(&self, name: &str) -> Result<(), Trouble> {
        self.ask(|reply| Question::Remove(name.to_owned(), reply)).await
    }

    async fn ask<T>(
        &self,
        question: impl FnOnce(oneshot::Sender<Result<T, Trouble>>) -> Question,
    ) -> Result<T, Trouble> {
        let (reply, answer) = oneshot::channel();
        self.tell(question(reply))?;
        match tokio::time::timeout(self.patience, answer).await {
            Ok(Ok(answer)) => answer,
            // The thread is gone: it panicked, and the next question starts another.
            Ok(Err(_)) => Err(Trouble::Refused("the thread that asks it ended".to_owned())),
            Err(_) => Err(Trouble::Silent),
        }
    }

    fn tell(&self, question: Question) -> Result<(), Trouble> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let question = match thread.as_ref() {
            None => question,
            Some(asks) => match asks.send(question) {
                Ok(()) => return Ok(()),
                Err(mpsc::SendError(question)) => question,
            },
        };
        let (asks, questions) = mpsc::channel();
        let open = self.open;
        // Not one of the runtime's: a silent keychain must not keep the process from ending.
        let started = thread::Builder::new().name("keychain".to_owned()).spawn(move || answer(open, &questions));
        started.map_err(|error| Trouble::Refused(error.to_string()))?;
        asks.send(question).map_err(|_| Trouble::Refused("the thread that asks it ended".to_owned()))?;
        *thread = Some(asks);
        Ok(())
    }
}

fn answer(open: fn() -> Box<dyn Vault>, questions: &mpsc::Receiver<Question>) {
    let vault = open();
    // Whoever asked may have stopped waiting: then nothing is made, and an answer goes nowhere.
    for question in questions {
        match question {
            Question::Get(name, reply) if !reply.is_closed() => drop(reply.send(vault.get(&name))),
            Question::Put(name, text, reply) if !reply.is_closed() => drop(reply.send(vault.put(&name, &text))),
            Question::Remove(name, reply) if !reply.is_closed() => drop(reply.send(vault.remove(&name))),
            Question::Get(..) | Question::Put(..) | Question::Remove(..) => {}
        }
    }
}

#[cfg(target_os = "linux")]
fn system() -> Box<dyn Vault> {
    Box::new(secret_service::SecretService)
}

#[cfg(any(target_os = "macos", target_os = "windows"))]
fn system() -> Box<dyn Vault> {
    Box::new(native::Native)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
fn system() -> Box<dyn Vault> {
    Box::new(Nowhere)
}

/// A system without a keychain that we know.
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
struct Nowhere;

#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
impl Vault for Nowhere {
    fn get(&self, _: &str) -> Result<Option<String>, Trouble> {
        Err(Trouble::Absent("this system has none that Rollcall knows".to_owned()))
    }

    fn put(&self, name: &str, _: &str) -> Result<(), Trouble> {
        self.get(name).map(drop)
    }

    fn remove(&self, name: &str) -> Result<(), Trouble> {
        self.get(name).map(drop)
    }
}

#[cfg(test)]
pub(crate) mod tests;
