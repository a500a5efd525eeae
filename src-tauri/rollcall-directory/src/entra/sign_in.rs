//! How the app gets its token: client credentials (RFC 6749 section 4.4), by a secret or a signed assertion.

use serde::Deserialize;

use super::assertion::Proof;
use super::http::Http;
use super::{Credential, EntraSettings, refusal};
use crate::DirectoryError;

/// What proves the app, read once.
pub(super) enum Prover {
    /// Its secret.
    Secret(String),
    /// Its certificate.
    Certificate(Box<Proof>),
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

impl Prover {
    /// Reads it.
    pub(super) fn read(credential: &Credential) -> Result<Self, DirectoryError> {
        match credential {
            Credential::Secret(secret) if secret.reveal().trim().is_empty() => {
                Err(DirectoryError::Settings("The client secret is missing.".to_owned()))
            }
            Credential::Secret(secret) => Ok(Self::Secret(secret.reveal().trim().to_owned())),
            Credential::Certificate(pem) => Proof::read(pem).map(|proof| Self::Certificate(Box::new(proof))),
        }
    }

    /// Gets a token; `now_ms` is the time, for what a certificate signs.
    pub(super) async fn token(
        &self,
        settings: &EntraSettings,
        http: &Http,
        now_ms: i64,
    ) -> Result<String, DirectoryError> {
        let place = format!("{}/{}/oauth2/v2.0/token", settings.login_url, settings.tenant);
        let mut form = vec![
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", settings.client_id.clone()),
            ("scope", format!("{}/.default", settings.graph_url)),
        ];
        match self {
            Self::Secret(secret) => form.push(("client_secret", secret.clone())),
            Self::Certificate(proof) => {
                form.push(("client_assertion_type", ASSERTION.to_owned()));
                form.push(("client_assertion", proof.sign(&settings.client_id, &place, now_ms)?));
            }
        }
        let reply = http.send(|| http.client.post(&place).form(&form)).await?;
        if reply.status != 200 {
            return Err(refusal::sign_in(&reply, now_ms));
        }
        let token: Token = serde_json::from_slice(&reply.body).map_err(|_| {
            DirectoryError::Unreadable(format!("What {} answered to the sign-in is no token.", settings.login_url))
        })?;
        Ok(token.access_token)
    }
}

/// RFC 7523 section 2.2.
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
