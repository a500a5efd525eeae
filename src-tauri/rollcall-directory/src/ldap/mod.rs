//! LDAP and Active Directory (rows M02, M03, V21, V22).
//!
//! **Invariant.** What is read is everything that the account can see below the search base, or an error. What a server
//! cuts short, for whatever reason, is an error (pitfall 6).
//!
//! **Limits.** Referrals are not followed. When an organizational unit is renamed, the places of those in it are right
//! after the next whole reading only.

mod certificate;
mod changes;
mod cursor;
mod entry;
mod refusal;
mod root;
mod row;
mod search;
mod session;
mod settings;
mod tree;
mod trust;

use ldap3::Scope;
use rollcall_core::directory::{Entry, Reading};
use tokio_util::task::AbortOnDropHandle;

use self::cursor::Cursor;
use self::root::Root;
use self::search::Search;
use self::session::Session;
use crate::{Answer, Ask, CertificateSeen, DirectoryError};

pub use self::settings::{LdapSecurity, LdapSettings, Trust};
pub use self::tree::{Branch, branches};

/// Asks.
pub(crate) async fn read(settings: &LdapSettings, ask: &Ask) -> Result<Answer, DirectoryError> {
    let (settings, ask) = (settings.clone(), ask.clone());
    let cancel = ask.cancel.clone();
    let asking = guarded(async move { Box::pin(answer(&settings, &ask)).await });
    cancel.run_until_cancelled(asking).await.unwrap_or(Err(DirectoryError::Cancelled))
}

/// The certificate that the server shows, believed or not: for a person to look at before trusting it (V21). Nothing is
/// said to the server in this connection.
///
/// # Errors
/// As [`crate::Source::read`], and [`DirectoryError::Settings`] for a connection in clear, which has none.
pub async fn certificate(settings: &LdapSettings) -> Result<CertificateSeen, DirectoryError> {
    let guard = trust::Guard::looking();
    let connecting = Session::connected(settings, &guard).await.map(drop);
    match (guard.seen(), connecting) {
        (Some(seen), _) => Ok(seen),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Err(DirectoryError::Settings("A connection in clear has no certificate.".to_owned())),
    }
}

/// In a task of its own: the library panics on some of what it cannot take apart. Dropping it stops it.
async fn guarded<T: Send + 'static>(
    asking: impl Future<Output = Result<T, DirectoryError>> + Send + 'static,
) -> Result<T, DirectoryError> {
    AbortOnDropHandle::new(tokio::spawn(asking))
        .await
        .unwrap_or_else(|_| Err(DirectoryError::Unreadable("What the server sent is no LDAP.".to_owned())))
}

async fn answer(settings: &LdapSettings, ask: &Ask) -> Result<Answer, DirectoryError> {
    let mut session = Session::open(settings).await?;
    // Before anything is read: what changes in the meantime has a higher number and is read again the next time.
    let root = Root::read(&mut session).await?;
    let base = base(settings, &root)?;
    if let Some(answer) = changes::since(&mut session, settings, &base, &root, ask).await? {
        return Ok(answer);
    }
    let mut entries = Vec::new();
    let filter = settings.asked("");
    let everything = Search { base: &base, scope: Scope::Subtree, filter: &filter, attributes: entry::ATTRIBUTES };
    let references =
        search::every(&mut session, everything, &ask.progress, |row| entries.extend(entry::from(&row))).await?;
    refuse_nobody(&base, &entries)?;
    Ok(Answer {
        secret_expires_ms: None,
        reading: Reading::Whole(entries),
        cursor: root.count.map(|count| Cursor::after_whole(count, settings, ask.now_ms).to_text()),
        remarks: remarks(&references),
        certificate: session.certificate.take(),
    })
}

fn base(settings: &LdapSettings, root: &Root) -> Result<String, DirectoryError> {
    let given = Some(settings.search_base.trim()).filter(|base| !base.is_empty());
    given.or(root.base()).map(str::to_owned).ok_or_else(|| {
        DirectoryError::Settings("The search base is missing. Choose the part of the directory to look in.".to_owned())
    })
}

/// A right that was taken away and a filter that fits nobody look like an empty office (pitfall 5).
fn refuse_nobody(base: &str, entries: &[Entry]) -> Result<(), DirectoryError> {
    if entries.iter().any(|entry| entry.primary.is_some()) {
        return Ok(());
    }
    Err(DirectoryError::Incomplete(format!(
        "Nobody with a mail address was found in \"{base}\". Look at the search base, the filter, and whether the account \
         may read mail addresses."
    )))
}

/// Where else the server said to look. Where Active Directory keeps its own affairs nobody is missed.
fn remarks(references: &[String]) -> Vec<String> {
    let with_people: Vec<&String> = references.iter().filter(|url| !root::is_own_affair(base_of(url))).collect();
    let Some(first) = with_people.first() else { return Vec::new() };
    let places = match with_people.len() {
        1 => "a place that another server keeps".to_owned(),
        count => format!("{count} places that other servers keep, among them"),
    };
    vec![format!(
        "The directory points to {places}: {first}. Whoever is there was not asked for; use that server, or the global \
         catalogue (port 3269)."
    )]
}

/// The distinguished name of an LDAP URL (RFC 4516), as it is written there.
fn base_of(url: &str) -> &str {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    path.split('?').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v22_a_referral_is_told_once_and_not_where_only_active_directory_s_own_affairs_are() {
        let urls = |urls: &[&str]| urls.iter().map(|url| (*url).to_owned()).collect::<Vec<_>>();
        let own = ["ldap://x/CN=Configuration,DC=x", "ldap://DomainDnsZones.x/DC=DomainDnsZones,DC=x??sub"];
        let other = "ldap://berlin.x/DC=berlin,DC=x";

        assert!(remarks(&urls(&own)).is_empty());
        let said = remarks(&urls(&[own[0], other]));
        assert_eq!(said.len(), 1);
        assert!(said[0].contains(&format!("a place that another server keeps: {other}. ")), "{said:?}");
        assert!(remarks(&urls(&[other, other]))[0].contains("2 places"));
    }
}
