//! When what proves the app ends (pitfall 15). A certificate says it itself; a secret only if the app may read its own
//! registration (`Application.Read.All`), which nobody needs to grant: then the operator knows.

use jiff::Timestamp;
use serde::Deserialize;

use super::graph::{Graph, parsed};
use super::sign_in::Prover;

#[derive(Deserialize)]
struct Applications {
    value: Vec<Application>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Application {
    #[serde(default)]
    password_credentials: Vec<Password>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Password {
    /// The first characters of the secret.
    hint: Option<String>,
    end_date_time: Option<String>,
}

/// Milliseconds UTC, if it can be known.
pub(super) async fn of(graph: &Graph) -> Option<i64> {
    let secret = match graph.prover() {
        Prover::Certificate(proof) => return proof.not_after_ms(),
        Prover::Secret(secret) => secret,
    };
    let settings = graph.settings();
    let place = format!(
        "{}/v1.0/applications?$filter=appId eq '{}'&$select=passwordCredentials",
        settings.graph_url,
        settings.client_id.replace('\'', "''")
    );
    let reply = graph.get_once(&place).await.filter(|reply| reply.status == 200)?;
    let applications: Applications = parsed(&reply, "the app").ok()?;
    let passwords = applications.value.into_iter().flat_map(|application| application.password_credentials).collect();
    earliest(passwords, secret, graph.now_ms())
}

/// The one that begins like ours and is still good, for it let us in; of several the one that ends first.
fn earliest(passwords: Vec<Password>, secret: &str, now_ms: i64) -> Option<i64> {
    let ours = passwords
        .into_iter()
        .filter(|password| password.hint.as_deref().is_some_and(|hint| !hint.is_empty() && secret.starts_with(hint)));
    ours.filter_map(|password| password.end_date_time?.parse().ok())
        .map(Timestamp::as_millisecond)
        .filter(|end| *end > now_ms)
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(hint: &str, end: &str) -> Password {
        Password { hint: Some(hint.to_owned()), end_date_time: Some(end.to_owned()) }
    }

    #[test]
    fn m05_of_several_secrets_the_one_that_begins_like_ours_and_still_holds_counts() {
        let now = "2026-11-27T00:00:00Z".parse::<Timestamp>().unwrap();
        let passwords = vec![
            password("abc", "2026-12-24T00:00:00Z"),
            password("xyz", "2026-12-01T00:00:00Z"),
            password("abc", "2026-01-01T00:00:00Z"),
        ];

        let end = earliest(passwords, "abcdef", now.as_millisecond());

        assert_eq!(end, "2026-12-24T00:00:00Z".parse::<Timestamp>().ok().map(Timestamp::as_millisecond));
    }
}
