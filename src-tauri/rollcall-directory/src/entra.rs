//! Microsoft Entra through Graph, app-only (rows M05, Z06, Z08).

use rollcall_core::directory::Reading;

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

/// Asks.
pub(crate) async fn read(settings: &EntraSettings, ask: &Ask) -> Result<Answer, DirectoryError> {
    let _ = (settings, ask);
    Ok(Answer { reading: Reading::Whole(Vec::new()), cursor: None, remarks: Vec::new(), certificate: None })
}
