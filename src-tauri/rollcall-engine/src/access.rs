//! Who may do what (D27): the sessions of shells, the Organization Administrator's password, and what each command is
//! written down as.
//!
//! **Invariant.** A session has the Technician's role until its password was right, and again five minutes after it last
//! used the higher one. Wrong passwords are counted one after another, and are still counted after a restart. While no
//! password is set, nobody has the higher role.
//!
//! **Limits.** Whoever may write the data folder's files can take the password away, and everybody is told.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::rand;
use rollcall_core::Timestamp;
use rollcall_core::access::{self, Lease, Role, Tries, Unfit};
use rollcall_store::{StoreError, Tx};

use crate::bus::{AccessNews, Notice, Tag};
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::password;

/// The setting that holds the password's hash; empty when there is none.
pub(crate) const PASSWORD: &str = "access_password";
/// The setting that holds when wrong passwords were given lately, in milliseconds since 1970.
const WRONG: &str = "access_wrong";
/// The file that shows that whoever resets the password may write the folder.
const RESET: &str = "access.reset";

/// A shell's session: who knows its name is that shell. Shown to nobody.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SessionId(String);

impl SessionId {
    /// A name that nobody can guess.
    ///
    /// # Errors
    /// Internal, when the system has no random numbers.
    pub fn new() -> Result<Self, EngineError> {
        random().map(Self)
    }

    /// The name as a shell gave it; `None` when it is not one of those made here.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned()))
    }

    /// For the socket.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId([secret])")
    }
}

/// 128 random bits in hexadecimal digits.
pub(crate) fn random() -> Result<String, EngineError> {
    let mut bytes = [0_u8; 16];
    rand::fill(&mut bytes).map_err(|_| EngineError::Internal("There are no random numbers.".to_owned()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Who is signed in.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    leases: Mutex<HashMap<SessionId, Lease>>,
    /// Passwords are looked at one after another, so that each wrong one counts before the next.
    one_by_one: tokio::sync::Mutex<()>,
}

impl Sessions {
    fn lease(&self, session: &SessionId, now: Timestamp) -> Option<Lease> {
        self.leases().get(session).copied().filter(|lease| lease.holds(now))
    }

    fn grant(&self, session: &SessionId, now: Timestamp) {
        let mut leases = self.leases();
        leases.retain(|_, lease| lease.holds(now));
        leases.insert(session.clone(), Lease::from(now));
    }

    fn leases(&self) -> MutexGuard<'_, HashMap<SessionId, Lease>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a shell may know of its own role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Its role now.
    pub role: Role,
    /// When the higher role ends, unless it is used before.
    pub signed_in_until: Option<Timestamp>,
    /// Whether a password is set.
    pub has_password: bool,
    /// Until when no password is looked at.
    pub locked_until: Option<Timestamp>,
    /// How many wrong passwords there may still be before everybody waits.
    pub tries_left: usize,
}

/// Who decides what is changed in this transaction, as the journal writes it.
pub(crate) fn who(tx: &Tx<'_>) -> String {
    tx.decider().unwrap_or(Role::Technician.word()).to_owned()
}

/// Carries a command out as `role`: that is what the journal says, and what [`require`] looks at.
pub async fn acting_as<T>(role: Role, work: impl Future<Output = T>) -> T {
    rollcall_store::decided_by(role.word(), work).await
}

/// Refuses unless the command that runs now is carried out in a role that is enough. For what only the engine can see,
/// such as taking back a change that another role made; the API has checked everything else.
///
/// # Errors
/// Forbidden.
pub fn require(needed: Role) -> Result<(), EngineError> {
    let role = rollcall_store::decider().and_then(Role::from_word).unwrap_or(Role::Technician);
    if role.may(needed) { Ok(()) } else { Err(refusal(true)) }
}

/// Which role can do it, and how to get there.
fn refusal(has_password: bool) -> EngineError {
    let how = if has_password {
        "Sign in under Settings › Roles and access."
    } else {
        "No password is set yet: set one under Settings › Roles and access."
    };
    EngineError::Forbidden(format!(
        "Only the Organization Administrator can change this, because it decides about users that cost money. {how}"
    ))
}

impl House {
    /// The role of a session at this moment.
    #[must_use]
    pub fn role_of(&self, session: &SessionId) -> Role {
        match self.sessions.lease(session, self.clock.now()) {
            Some(_) => Role::OrganizationAdministrator,
            None => Role::Technician,
        }
    }

    /// What a session may know of its own role.
    ///
    /// # Errors
    /// The store's.
    pub fn access(&self, session: &SessionId) -> Result<Access, EngineError> {
        let now = self.clock.now();
        let (kept, tries) = self.store.read(|tx| Ok((kept(tx)?, tries(tx)?)))?;
        let lease = self.sessions.lease(session, now);
        Ok(Access {
            role: self.role_of(session),
            signed_in_until: lease.map(Lease::until),
            has_password: kept.is_some(),
            locked_until: tries.locked_until(now),
            tries_left: tries.left(now),
        })
    }

    /// The role in which a session carries out what needs `needed`. Using the higher role makes it last.
    ///
    /// # Errors
    /// Forbidden; the store's.
    pub fn permit(&self, session: &SessionId, needed: Role) -> Result<Role, EngineError> {
        let role = self.role_of(session);
        if !role.may(needed) {
            return Err(refusal(self.store.read(kept)?.is_some()));
        }
        if needed == Role::OrganizationAdministrator {
            self.sessions.grant(session, self.clock.now());
            self.bus.stale(&[Tag::Access]);
        }
        Ok(role)
    }

    /// Gives a session the Organization Administrator's role.
    ///
    /// # Errors
    /// Conflict while no password is set; forbidden when it is wrong, or too many were; the store's.
    pub async fn sign_in(&self, session: &SessionId, password: String) -> Result<(), EngineError> {
        let _alone = self.sessions.one_by_one.lock().await;
        let Some(kept) = self.store.read(kept)? else {
            let sentence = "No password is set yet, so nobody can sign in. Set one first.";
            return Err(EngineError::Conflict(sentence.to_owned()));
        };
        self.look_at(password, kept).await?;
        self.sessions.grant(session, self.clock.now());
        self.bus.stale(&[Tag::Access]);
        Ok(())
    }

    /// Takes the higher role from a session at once.
    pub fn sign_out(&self, session: &SessionId) {
        self.sessions.leases().remove(session);
        self.bus.stale(&[Tag::Access]);
    }

    /// Sets the password, or changes it with the one before. Every session is signed out but the one that did it.
    ///
    /// # Errors
    /// Invalid when it cannot be a password, or the one before is missing; forbidden when that is wrong, or too many
    /// were; the store's.
    pub async fn set_password(
        &self,
        session: &SessionId,
        before: Option<String>,
        password: String,
    ) -> Result<(), EngineError> {
        access::fit(&password).map_err(unfit)?;
        let _alone = self.sessions.one_by_one.lock().await;
        let (action, why, news) = match (self.store.read(kept)?, before) {
            (None, _) => ("set_password", "the Organization Administrator has a password now", AccessNews::PasswordSet),
            (Some(_), None) => {
                return Err(EngineError::Invalid("Give the present password too.".to_owned()));
            }
            (Some(kept), Some(before)) => {
                self.look_at(before, kept).await?;
                ("change_password", "the Organization Administrator has another password", AccessNews::PasswordChanged)
            }
        };
        self.keep(password::hash(password).await?, action, why, news).await?;
        self.sessions.grant(session, self.clock.now());
        Ok(())
    }

    /// Writes the file that shows that this process may write the data folder `folder`; answers what is in it.
    ///
    /// # Errors
    /// The folder's.
    pub fn prove_owner(folder: &std::path::Path) -> Result<String, EngineError> {
        let proof = random()?;
        crate::private_file::keep(&folder.join(RESET), proof.as_bytes())
            .map_err(|source| EngineError::Folder { folder: folder.display().to_string(), source })?;
        Ok(proof)
    }

    /// Takes the password away for whoever may write the folder. Nothing else changes: what was switched on stays on.
    ///
    /// # Errors
    /// Conflict while no password is set; forbidden without the file of [`House::prove_owner`]; the store's.
    pub async fn reset_password(&self, proof: &str) -> Result<(), EngineError> {
        let _alone = self.sessions.one_by_one.lock().await;
        self.check_owner(proof)?;
        if self.store.read(kept)?.is_none() {
            return Err(EngineError::Conflict("No password is set, so there is none to reset.".to_owned()));
        }
        let why = "the owner of the data folder took the Organization Administrator's password away";
        self.keep(String::new(), "reset_password", why, AccessNews::PasswordReset).await
    }

    fn check_owner(&self, proof: &str) -> Result<(), EngineError> {
        let file = self.folder.join(RESET);
        let found = match fs::read_to_string(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            found => Some(found.map_err(|source| EngineError::Folder { folder: file.display().to_string(), source })?),
        };
        // It is good for one time, right or wrong.
        drop(fs::remove_file(&file));
        if found.is_some_and(|found| found.len() == 32 && found == proof) {
            return Ok(());
        }
        let how = "Only the owner of the data folder can reset the password, with: rollcallctl access reset-password";
        Err(EngineError::Forbidden(how.to_owned()))
    }

    /// Keeps the hash (none: no password), forgets wrong ones, signs everybody out and tells.
    async fn keep(
        &self,
        hash: String,
        action: &'static str,
        why: &'static str,
        news: AccessNews,
    ) -> Result<(), EngineError> {
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                tx.put_setting(PASSWORD, &hash)?;
                tx.put_setting(WRONG, "")?;
                note(tx, action, why.to_owned(), now)
            })
            .await?;
        self.sessions.leases().clear();
        self.bus.notice(Notice::Access(news));
        self.bus.stale(&[Tag::Access, Tag::Journal]);
        Ok(())
    }

    /// Whether the password is right; a wrong one is counted. The caller holds the lock.
    async fn look_at(&self, password: String, kept: String) -> Result<(), EngineError> {
        let tries = self.store.read(tries)?;
        if let Some(until) = tries.locked_until(self.clock.now()) {
            return Err(self.wait(until));
        }
        if password::is_of(password, kept).await? {
            if !tries.times().is_empty() {
                self.store.write(|tx| tx.put_setting(WRONG, "")).await?;
            }
            return Ok(());
        }
        let now = self.clock.now();
        let tries = tries.and_wrong(now);
        let (text, locked) = (texts(&tries), tries.locked_until(now));
        self.store
            .write(move |tx| {
                tx.put_setting(WRONG, &text)?;
                if locked.is_some() {
                    note(tx, "password_locked", "5 wrong passwords within 10 minutes".to_owned(), now)?;
                }
                Ok(())
            })
            .await?;
        self.bus.stale(&[Tag::Access, Tag::Journal]);
        let Some(until) = locked else {
            return Err(EngineError::Forbidden(match tries.left(now) {
                1 => "This isn't the password. After 1 more wrong one, you have to wait.".to_owned(),
                left => format!("This isn't the password. After {left} more wrong ones, you have to wait."),
            }));
        };
        self.bus.notice(Notice::Access(AccessNews::Locked));
        Err(self.wait(until))
    }

    fn wait(&self, until: Timestamp) -> EngineError {
        let minutes = (until.since_ms(self.clock.now()) + 59_999) / 60_000;
        let minutes = if minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") };
        EngineError::Forbidden(format!("5 wrong passwords were given. Wait {minutes}, then try again."))
    }
}

fn unfit(why: Unfit) -> EngineError {
    EngineError::Invalid(match why {
        Unfit::Short => format!("A password has at least {} characters.", access::FEWEST_CHARACTERS),
        Unfit::Long => format!("A password has at most {} bytes.", access::MOST_BYTES),
        Unfit::Same => "A password can't be one character again and again.".to_owned(),
    })
}

fn kept(tx: &Tx<'_>) -> Result<Option<String>, StoreError> {
    Ok(tx.setting(PASSWORD)?.filter(|hash| !hash.is_empty()))
}

fn tries(tx: &Tx<'_>) -> Result<Tries, StoreError> {
    let text = tx.setting(WRONG)?.unwrap_or_default();
    Ok(Tries::of(text.split(',').filter_map(|time| time.parse().ok()).map(Timestamp).collect()))
}

fn texts(tries: &Tries) -> String {
    tries.times().iter().map(|time| time.0.to_string()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn d27_what_only_the_engine_can_see_is_refused_unless_the_command_runs_as_administrator() {
        let needed = Role::OrganizationAdministrator;
        assert!(matches!(require(needed), Err(EngineError::Forbidden(_))), "nobody commanded it");

        let as_technician = acting_as(Role::Technician, async { require(needed) }).await;
        let as_administrator = acting_as(needed, async { require(needed) }).await;

        assert!(matches!(as_technician, Err(EngineError::Forbidden(_))));
        assert!(as_administrator.is_ok());
        assert!(acting_as(Role::Technician, async { require(Role::Technician) }).await.is_ok());
    }

    #[test]
    fn a_session_has_a_name_that_nobody_guesses_and_that_is_never_shown() {
        let (one, two) = (SessionId::new().unwrap(), SessionId::new().unwrap());

        assert_ne!(one, two);
        assert_eq!(SessionId::parse(one.as_str()), Some(one.clone()));
        assert!(!format!("{one:?}").contains(one.as_str()));
        for text in ["", "a", "0123456789abcdef0123456789ABCDEF", "0123456789abcdef0123456789abcdef0"] {
            assert_eq!(SessionId::parse(text), None, "{text}");
        }
    }
}
