//! A connection that is signed in. Every step has a deadline.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ldap3::controls::RawControl;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, StdStream};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::refusal::{self, PASSWORD_POLICY};
use super::trust::Guard;
use super::{LdapSecurity, LdapSettings};
use crate::{CertificateSeen, DirectoryError};

/// For a connection with everything that belongs to it.
const CONNECT: Duration = Duration::from_secs(10);

/// For one answer: a page, a sign-in.
pub(super) const ANSWER: Duration = Duration::from_secs(30);

/// Somewhere to ask. Dropping it closes the connection.
pub(super) struct Session {
    pub(super) ldap: Ldap,
    /// Reads and writes; its end says why a connection ended.
    driver: AbortOnDropHandle<Result<(), LdapError>>,
    /// For sentences.
    pub(super) place: String,
    /// What the server showed.
    pub(super) certificate: Option<CertificateSeen>,
}

impl Session {
    /// Connects and signs in.
    pub(super) async fn open(settings: &LdapSettings) -> Result<Self, DirectoryError> {
        settings.check()?;
        let mut session = Self::connected(settings, &Guard::new(&settings.trust)?).await?;
        session.sign_in(settings).await?;
        Ok(session)
    }

    /// Connects, believing what `guard` believes.
    pub(super) async fn connected(settings: &LdapSettings, guard: &Arc<Guard>) -> Result<Self, DirectoryError> {
        let place = settings.place();
        let made = match timeout(CONNECT, connect(settings, guard)).await {
            Ok(made) => made?,
            Err(_) => return Err(silent(&place, CONNECT)),
        };
        let (connection, ldap) = made;
        let driver = AbortOnDropHandle::new(tokio::spawn(connection.drive()));
        Ok(Self { ldap, driver, place, certificate: guard.seen() })
    }

    async fn sign_in(&mut self, settings: &LdapSettings) -> Result<(), DirectoryError> {
        let policy = RawControl { ctype: PASSWORD_POLICY.to_owned(), crit: false, val: None };
        let name = settings.bind_dn.trim();
        let bound = self.ldap.with_controls(policy).with_timeout(ANSWER).simple_bind(name, settings.password.reveal());
        match bound.await {
            Ok(result) if result.rc == 0 => Ok(()),
            Ok(result) => Err(refusal::of_bind(&self.place, &result)),
            Err(error) => Err(self.lost(error).await),
        }
    }

    /// What it means that the library gave up.
    pub(super) async fn lost(&mut self, error: LdapError) -> DirectoryError {
        let place = &self.place;
        match error {
            LdapError::Timeout { .. } => silent(place, ANSWER),
            LdapError::FilterParsing => {
                DirectoryError::Settings("The filter is not one that a directory understands.".to_owned())
            }
            _ => match timeout(Duration::from_secs(1), &mut self.driver).await {
                // It ends itself by a panic on what it cannot take apart.
                Ok(Err(_)) => DirectoryError::Unreadable(format!("What {place} sent is no LDAP.")),
                Ok(Ok(_)) | Err(_) => DirectoryError::Unreachable(format!(
                    "The connection to {place} broke off, or what it sent is no LDAP. Nothing of it is used."
                )),
            },
        }
    }

    /// It did not answer in time.
    pub(super) fn silent(&self) -> DirectoryError {
        silent(&self.place, ANSWER)
    }
}

async fn connect(settings: &LdapSettings, guard: &Arc<Guard>) -> Result<(LdapConnAsync, Ldap), DirectoryError> {
    let stream = dial(settings).await?;
    let stream = stream.into_std().map_err(|error| no_connection(settings, &error))?;
    let scheme = if settings.security == LdapSecurity::Ldaps { "ldaps" } else { "ldap" };
    // The name that goes into the handshake. A version 6 address is none there; it may be used only with a pinned
    // certificate, which is compared with no name.
    let name = match settings.address() {
        Some(address) if address.is_ipv6() => "directory.invalid",
        _ => &settings.host,
    };
    let prepared = LdapConnSettings::new()
        .set_std_stream(StdStream::Tcp(stream))
        .set_starttls(settings.security == LdapSecurity::StartTls)
        .set_config(guard.config()?);
    let made = LdapConnAsync::with_settings(prepared, &format!("{scheme}://{name}")).await;
    made.map_err(|error| guard.refusal(&settings.host).unwrap_or_else(|| not_made(settings, &error)))
}

/// The first of its addresses that answers.
async fn dial(settings: &LdapSettings) -> Result<TcpStream, DirectoryError> {
    let addresses: Vec<SocketAddr> = match settings.address() {
        Some(address) => vec![SocketAddr::new(address, settings.port)],
        None => match lookup_host((settings.host.as_str(), settings.port)).await {
            Ok(found) => found.collect(),
            Err(_) => return Err(unknown_name(settings)),
        },
    };
    let mut last = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(error),
        }
    }
    Err(last.map_or_else(|| unknown_name(settings), |error| no_connection(settings, &error)))
}

fn unknown_name(settings: &LdapSettings) -> DirectoryError {
    DirectoryError::Unreachable(format!(
        "This computer finds no address for \"{}\". Look at the name, and at this computer's name servers.",
        settings.host
    ))
}

fn no_connection(settings: &LdapSettings, error: &io::Error) -> DirectoryError {
    let place = settings.place();
    DirectoryError::Unreachable(match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            format!(
                "Nothing answers at {place}. Look at the port (636 for LDAPS, 389 otherwise) and whether the server runs."
            )
        }
        _ => format!("{place} cannot be reached: {error}."),
    })
}

fn not_made(settings: &LdapSettings, error: &LdapError) -> DirectoryError {
    let place = settings.place();
    match (error, settings.security) {
        (LdapError::LdapResult { .. }, _) => refusal::of_starttls(&place),
        (LdapError::Io { .. } | LdapError::Rustls { .. }, LdapSecurity::Ldaps) => DirectoryError::Unreachable(format!(
            "{place} does not speak TLS as we do ({error}). LDAPS is on port 636; port 389 wants StartTLS."
        )),
        _ => DirectoryError::Unreachable(format!("No protected connection to {place} came about ({error}).")),
    }
}

fn silent(place: &str, waited: Duration) -> DirectoryError {
    DirectoryError::Unreachable(format!("{place} gave no answer within {} seconds.", waited.as_secs()))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::{Ask, Secret, Source, Trust};

    /// What somebody gets who asks a server that takes every connection and answers the first thing it hears with this;
    /// nothing at all if it is empty.
    async fn asked(security: LdapSecurity, answer: &'static [u8]) -> DirectoryError {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings = LdapSettings {
            host: "localhost".to_owned(),
            port: listener.local_addr().unwrap().port(),
            security,
            trust: Trust::Computer,
            bind_dn: "svc@office.test".to_owned(),
            password: Secret::new("secret".to_owned()),
            search_base: "DC=office,DC=test".to_owned(),
            filter: None,
        };
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_u8().await.unwrap();
            stream.write_all(answer).await.unwrap();
            std::future::pending::<()>().await;
        });
        let error = Source::Ldap(settings).read(&Ask::default()).await.unwrap_err();
        server.abort();
        error
    }

    #[tokio::test(start_paused = true)]
    async fn v22_a_server_that_says_nothing_is_waited_for_ten_seconds_to_connect_and_thirty_to_answer() {
        for (security, seconds) in [(LdapSecurity::Ldaps, 10), (LdapSecurity::StartTls, 10), (LdapSecurity::None, 30)] {
            let began = tokio::time::Instant::now();

            let error = asked(security, b"").await;

            let DirectoryError::Unreachable(sentence) = &error else { panic!("{error:?}") };
            assert!(sentence.ends_with(&format!("gave no answer within {seconds} seconds.")), "{sentence}");
            assert_eq!(began.elapsed().as_secs(), seconds);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn v22_what_makes_the_library_panic_and_what_is_no_ldap_are_errors() {
        // A message without a number: the library takes its last element for granted.
        let error = asked(LdapSecurity::None, b"\x30\x00").await;
        assert!(matches!(error, DirectoryError::Unreadable(_)), "{error:?}");

        let error = asked(LdapSecurity::None, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        assert!(matches!(error, DirectoryError::Unreachable(_) | DirectoryError::Unreadable(_)), "{error:?}");
    }
}
