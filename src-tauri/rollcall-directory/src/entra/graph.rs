//! Graph, signed in.

use reqwest::Url;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::EntraSettings;
use super::http::{Http, Reply};
use super::sign_in::Prover;
use crate::{Ask, DirectoryError};

/// Asks Graph in the name of the app.
pub(super) struct Graph {
    settings: EntraSettings,
    http: Http,
    prover: Prover,
    token: Mutex<String>,
    began: Instant,
}

impl Graph {
    /// Looks at the settings, then signs in.
    pub(super) async fn sign_in(settings: &EntraSettings, ask: &Ask) -> Result<Self, DirectoryError> {
        let settings = checked(settings)?;
        let prover = Prover::read(&settings.credential)?;
        let http = Http::new(&settings, ask)?;
        let began = Instant::now();
        let token = Mutex::new(prover.token(&settings, &http, ask.now_ms).await?);
        Ok(Self { settings, http, prover, token, began })
    }

    /// What it was told.
    pub(super) const fn settings(&self) -> &EntraSettings {
        &self.settings
    }

    /// What proves the app.
    pub(super) const fn prover(&self) -> &Prover {
        &self.prover
    }

    /// What was asked.
    pub(super) const fn ask(&self) -> &Ask {
        self.http.ask()
    }

    /// The time now, milliseconds UTC.
    pub(super) fn now_ms(&self) -> i64 {
        let since = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.ask().now_ms.saturating_add(since)
    }

    /// Gets what is at `place`; a token that ended meanwhile is renewed once.
    pub(super) async fn get(&self, place: &str) -> Result<Reply, DirectoryError> {
        let token = self.token.lock().await.clone();
        let reply = self.ask_with(place, &token).await?;
        if reply.status != 401 {
            return Ok(reply);
        }
        let fresh = self.prover.token(&self.settings, &self.http, self.now_ms()).await?;
        self.token.lock().await.clone_from(&fresh);
        self.ask_with(place, &fresh).await
    }

    /// Gets it with one attempt, for what is no loss if it does not come.
    pub(super) async fn get_once(&self, place: &str) -> Option<Reply> {
        let token = self.token.lock().await.clone();
        self.http.once(self.http.client.get(place).bearer_auth(token)).await.ok()
    }

    async fn ask_with(&self, place: &str, token: &str) -> Result<Reply, DirectoryError> {
        // Graph ignores a page size that it does not like.
        let request = || self.http.client.get(place).bearer_auth(token).header("Prefer", "odata.maxpagesize=999");
        self.http.send(request).await
    }
}

/// Reads an answer strictly.
pub(super) fn parsed<T: DeserializeOwned>(reply: &Reply, what: &str) -> Result<T, DirectoryError> {
    serde_json::from_slice(&reply.body).map_err(|error| {
        DirectoryError::Unreadable(format!(
            "What Microsoft Graph sent for {what} can't be read ({}, after {} octets). Nothing was changed; the \
             next run tries again.",
            if error.is_eof() { "it ends too early" } else { "it is not what Graph promises" },
            reply.body.len()
        ))
    })
}

/// Whether `link` leads to the server of `base`: a token goes nowhere else.
pub(super) fn same_server(base: &str, link: &str) -> bool {
    match (Url::parse(base), Url::parse(link)) {
        (Ok(base), Ok(link)) => base.origin() == link.origin(),
        _ => false,
    }
}

/// The settings without spaces and slashes at their ends; what can't work is said before anybody is asked.
fn checked(settings: &EntraSettings) -> Result<EntraSettings, DirectoryError> {
    let refuse = |sentence: &str| Err(DirectoryError::Settings(sentence.to_owned()));
    let tenant = settings.tenant.trim();
    if tenant.is_empty() || !tenant.chars().all(|one| one.is_ascii_alphanumeric() || "-.".contains(one)) {
        return refuse("The tenant is the directory's id (a long number with dashes) or one of its domain names.");
    }
    if ["common", "organizations", "consumers"].contains(&tenant.to_ascii_lowercase().as_str()) {
        return refuse("The tenant must be this office's own: the directory's id or one of its domain names.");
    }
    if settings.client_id.trim().is_empty() {
        return refuse("The application (client) id is missing.");
    }
    let trimmed = |url: &str| url.trim().trim_end_matches('/').to_owned();
    let (login_url, graph_url) = (trimmed(&settings.login_url), trimmed(&settings.graph_url));
    for url in [&login_url, &graph_url] {
        if !Url::parse(url).is_ok_and(|url| url.scheme() == "https" && url.has_host()) {
            return refuse("The addresses of the sign-in and of Graph must begin with https://.");
        }
    }
    let own = |text: &str| text.trim().to_owned();
    Ok(EntraSettings {
        tenant: own(tenant),
        client_id: own(&settings.client_id),
        login_url,
        graph_url,
        ..settings.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_another_server_port_or_scheme_is_not_ours() {
        let base = "https://graph.example";

        assert!(same_server(base, "https://graph.example/v1.0/users/delta?$skiptoken=1"));
        for link in [
            "https://graph.example.evil.example/v1.0",
            "http://graph.example/v1.0",
            "https://graph.example:8443/",
            "/v1.0",
        ] {
            assert!(!same_server(base, link), "{link}");
        }
    }
}
