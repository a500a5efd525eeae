//! Microsoft Entra through Graph, app-only (rows M05, Z05, Z06, Z08; pitfalls 3, 5 and 15).
//!
//! **Invariant.** Either every page of users, groups and contacts was read to its end, or there is an error.
//!
//! **Limits.** Dynamic distribution groups and public folders are not in Graph; whether a group is hidden from the address
//! book is told only group by group, and not asked. Who is a member of a group is not asked either.

mod addresses;
mod assertion;
mod changes;
mod cloud;
mod collection;
mod cursor;
mod entry;
mod expiry;
mod graph;
mod http;
mod object;
mod purpose;
mod refusal;
mod round;
mod sign_in;
mod trust;
mod waiting;
mod whole;

use std::sync::Arc;

pub use cloud::{CLOUDS, Cloud};

use self::cursor::Cursor;
use self::graph::Graph;
use crate::secret::Secret;
use crate::{Answer, Ask, DirectoryError};

/// What proves the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A client secret.
    Secret(Secret),
    /// A certificate and its private key, PEM.
    Certificate(Secret),
}

/// Which tenant, and how the app signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntraSettings {
    /// The directory's id or one of its domain names.
    pub tenant: String,
    /// The app's id.
    pub client_id: String,
    /// What proves it.
    pub credential: Credential,
    /// Where to sign in; `https://login.microsoftonline.com` by default, another in national clouds.
    pub login_url: String,
    /// Where Graph is; `https://graph.microsoft.com` by default.
    pub graph_url: String,
    /// A certificate authority (PEM) to believe besides what the computer trusts.
    pub authority: Option<String>,
}

/// Asks. A cursor of other settings, or one that Graph no longer takes, is answered with everything.
pub(crate) async fn read(settings: &EntraSettings, ask: &Ask) -> Result<Answer, DirectoryError> {
    let graph = Arc::new(Graph::sign_in(settings, ask).await?);
    let mut answer = match ask.since.as_deref().and_then(|text| Cursor::read(text, settings)) {
        Some(cursor) => match changes::read(&graph, &cursor).await? {
            Some(answer) => answer,
            None => whole::read(&graph).await?,
        },
        None => whole::read(&graph).await?,
    };
    answer.secret_expires_ms = expiry::of(&graph).await;
    Ok(answer)
}
