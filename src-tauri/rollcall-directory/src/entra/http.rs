//! One request and its whole answer: a deadline, an end when the operator wants it, no redirect, no more than so many
//! octets, and waiting when it is asked for.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};

use super::waiting::Waiting;
use super::{EntraSettings, refusal, trust};
use crate::{Ask, DirectoryError};

/// More than any page has.
const MOST_OCTETS: usize = 64 * 1024 * 1024;

/// What came.
#[derive(Debug)]
pub(super) struct Reply {
    /// The status code.
    pub(super) status: u16,
    /// Its whole body.
    pub(super) body: Vec<u8>,
    /// How long it wants us to wait.
    pub(super) retry_after: Option<Duration>,
    /// What time it is there, milliseconds UTC.
    pub(super) date_ms: Option<i64>,
}

/// Why nothing came.
enum Broken {
    Http(reqwest::Error),
    TooLong,
}

/// Asks over HTTPS.
pub(super) struct Http {
    /// Makes requests.
    pub(super) client: Client,
    ask: Ask,
    waiting: Mutex<Waiting>,
}

impl Http {
    /// Asks with these settings.
    pub(super) fn new(settings: &EntraSettings, ask: &Ask) -> Result<Self, DirectoryError> {
        let client = Client::builder()
            .tls_backend_preconfigured(trust::config(settings.authority.as_deref())?)
            .https_only(true)
            .redirect(Policy::none())
            .user_agent(concat!("Rollcall/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| DirectoryError::Settings(format!("No connection can be prepared: {error}.")))?;
        let waiting = Mutex::new(Waiting::at_most(ask.patience.throttled));
        Ok(Self { client, ask: ask.clone(), waiting })
    }

    /// Asks, and asks again after the time that the other side wants (429, 503, 504), up to the limit.
    pub(super) async fn send(&self, request: impl Fn() -> RequestBuilder) -> Result<Reply, DirectoryError> {
        let mut attempt = 1;
        loop {
            let reply = self.once(request()).await?;
            if !matches!(reply.status, 429 | 503 | 504) {
                return Ok(reply);
            }
            let granted = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).grant(reply.retry_after, attempt);
            match granted {
                Ok(wait) => self.wait(wait).await?,
                Err(wait) => return Err(refusal::throttled(&reply, wait)),
            }
            attempt += 1;
        }
    }

    /// Asks once.
    pub(super) async fn once(&self, request: RequestBuilder) -> Result<Reply, DirectoryError> {
        let answer = Box::pin(tokio::time::timeout(self.ask.patience.answer, whole(request)));
        tokio::select! {
            biased;
            () = self.ask.cancel.cancelled() => Err(DirectoryError::Cancelled),
            answer = answer => match answer {
                Ok(Ok(reply)) => Ok(reply),
                Ok(Err(Broken::Http(error))) => Err(refusal::no_answer(&error)),
                Ok(Err(Broken::TooLong)) => Err(DirectoryError::Unreadable(
                    "Microsoft sent an answer of more than 64 MiB; it was not read. Nothing was changed.".to_owned(),
                )),
                Err(_late) => Err(DirectoryError::Unreachable(format!(
                    "Microsoft did not answer within {} seconds. Nothing was changed; the next run tries again.",
                    self.ask.patience.answer.as_secs()
                ))),
            },
        }
    }

    /// What was asked.
    pub(super) const fn ask(&self) -> &Ask {
        &self.ask
    }

    /// Waits, unless the operator ends it.
    async fn wait(&self, wait: Duration) -> Result<(), DirectoryError> {
        tracing::info!(seconds = wait.as_secs(), "asked to wait");
        match tokio::time::timeout(wait, self.ask.cancel.cancelled()).await {
            Ok(()) => Err(DirectoryError::Cancelled),
            Err(_over) => Ok(()),
        }
    }
}

async fn whole(request: RequestBuilder) -> Result<Reply, Broken> {
    let mut response = request.send().await.map_err(Broken::Http)?;
    let date_ms = date(response.headers(), &DATE);
    let retry_after = retry_after(response.headers(), date_ms);
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(Broken::Http)? {
        if body.len() + piece.len() > MOST_OCTETS {
            return Err(Broken::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Reply { status, body, retry_after, date_ms })
}

/// RFC 9110 section 10.2.3: seconds, or a date.
fn retry_after(headers: &HeaderMap, now_ms: Option<i64>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = date(headers, &RETRY_AFTER)?.saturating_sub(now_ms?);
    u64::try_from(wait).ok().map(Duration::from_millis)
}

fn date(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<i64> {
    let text = headers.get(name)?.to_str().ok()?;
    rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok().map(jiff::Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(value: &str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([
            (RETRY_AFTER, value.parse().unwrap()),
            (DATE, "Fri, 27 Nov 2026 20:00:00 GMT".parse().unwrap()),
        ]);
        retry_after(&headers, date(&headers, &DATE))
    }

    #[test]
    fn m05_how_long_to_wait_is_read_as_seconds_and_as_a_date() {
        assert_eq!(asked("120"), Some(Duration::from_secs(120)));
        assert_eq!(asked("Fri, 27 Nov 2026 20:01:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(asked("soon"), None);
    }
}
