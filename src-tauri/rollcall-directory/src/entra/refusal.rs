//! What Microsoft refuses, in sentences that say what to do.

use std::error::Error;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::collection::Collection;
use super::http::Reply;
use crate::DirectoryError;

#[derive(Deserialize, Default)]
#[serde(default)]
struct TokenRefusal {
    error_description: String,
    error_codes: Vec<u64>,
}

/// A clock that is wrong by less is no reason, milliseconds.
const TOLERATED_MS: u64 = 5 * 60 * 1_000;

/// Why the sign-in was refused.
pub(super) fn sign_in(reply: &Reply, now_ms: i64) -> DirectoryError {
    if reply.status >= 500 {
        return trouble(reply, "Microsoft's sign-in");
    }
    let refusal: TokenRefusal = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = refusal.error_codes.first().copied().or_else(|| code_in(&refusal.error_description));
    let sentence = match code {
        Some(700_024) => clock(reply, now_ms),
        _ => code.and_then(known).map_or_else(|| unknown(reply, &refusal), str::to_owned),
    };
    DirectoryError::SignIn(sentence)
}

/// What the operator can do, for the refusals that happen.
const fn known(code: u64) -> Option<&'static str> {
    Some(match code {
        7_000_215 => {
            "The client secret is wrong. Enter the secret's value, not its id; Microsoft Entra shows the value only \
             once, when it is made."
        }
        7_000_222 => {
            "The client secret has expired. Make a new one in Microsoft Entra (App registrations, Certificates & \
             secrets) and enter it here."
        }
        700_027 => {
            "The certificate is not registered with the app. Upload it in Microsoft Entra (App registrations, \
             Certificates & secrets), or enter the right one here."
        }
        700_016 => {
            "There is no app with this application (client) id in this tenant. Compare both with the app's overview \
             in Microsoft Entra."
        }
        7_000_112 => "The app is disabled in Microsoft Entra.",
        7_000_229 => "The app has no enterprise application in this tenant. Grant admin consent in Microsoft Entra.",
        90_002 | 900_023 => {
            "There is no such tenant in this cloud. Compare the directory (tenant) id with Microsoft Entra, and \
             choose the right cloud."
        }
        500_011 => "The tenant does not know this Graph. Choose the cloud that the tenant is in.",
        _ => return None,
    })
}

/// `AADSTS7000215: …`.
fn code_in(description: &str) -> Option<u64> {
    let digits = description.strip_prefix("AADSTS")?;
    digits.split(|one: char| !one.is_ascii_digit()).next()?.parse().ok()
}

fn unknown(reply: &Reply, refusal: &TokenRefusal) -> String {
    // What follows helps only Microsoft.
    let said = refusal.error_description.split(" Trace ID:").next().unwrap_or_default().trim();
    if said.is_empty() {
        format!("Microsoft refused the sign-in with status {} and no reason.", reply.status)
    } else {
        format!("Microsoft refused the sign-in: {said}")
    }
}

fn clock(reply: &Reply, now_ms: i64) -> String {
    let there = reply.date_ms.unwrap_or(now_ms);
    let wrong = there.abs_diff(now_ms);
    let way = if there > now_ms { "behind" } else { "ahead" };
    if wrong < TOLERATED_MS {
        return "Microsoft says that what the certificate signed is not valid at this time. Look at this computer's \
                clock."
            .to_owned();
    }
    format!("This computer's clock is wrong by {}: it is {way}. Set it right, then try again.", words(wrong / 1_000))
}

/// In the largest unit.
fn words(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// Why a list was refused.
pub(super) fn graph(reply: &Reply, list: Collection) -> DirectoryError {
    match reply.status {
        401 => DirectoryError::SignIn(
            "Microsoft Graph does not take the app's sign-in, though Microsoft Entra gave it. Choose the cloud that \
             the tenant is in."
                .to_owned(),
        ),
        403 => DirectoryError::Permission(format!(
            "The app may not read {}. In Microsoft Entra give it the application permission {} (Directory.Read.All \
             has it, too) and grant admin consent.",
            list.word(),
            list.permission()
        )),
        500.. => trouble(reply, "Microsoft Graph"),
        status => DirectoryError::Unreadable(format!(
            "Microsoft Graph refused to list {} ({}). Nothing was changed.",
            list.word(),
            said(reply).unwrap_or_else(|| format!("status {status}"))
        )),
    }
}

fn trouble(reply: &Reply, who: &str) -> DirectoryError {
    DirectoryError::Unreachable(format!(
        "{who} has a problem of its own (status {}). Nothing was changed; the next run tries again.",
        reply.status
    ))
}

/// What Graph calls it, and its words.
fn said(reply: &Reply) -> Option<String> {
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    let (code, message) = (body["error"]["code"].as_str()?, body["error"]["message"].as_str().unwrap_or_default());
    let message: String = message.chars().filter(|one| !one.is_control()).take(200).collect();
    Some(format!("{code}: {message}").trim_end_matches([':', ' ', '.']).to_owned())
}

/// It wants us to wait longer than we may.
pub(super) fn throttled(reply: &Reply, wait: Duration) -> DirectoryError {
    let why = if reply.status == 429 { "is asked too often" } else { "is not available" };
    let message = format!(
        "Microsoft {why} (status {}) and wants us to wait {}. Nothing was changed; the next run tries again.",
        reply.status,
        words(wait.as_secs())
    );
    DirectoryError::Throttled { message, wait }
}

/// Nothing came, or not all of it.
pub(super) fn no_answer(error: &reqwest::Error) -> DirectoryError {
    let host = error.url().and_then(reqwest::Url::host_str).unwrap_or("Microsoft").to_owned();
    let cause = innermost(error);
    match tls(error) {
        Some(rustls::Error::InvalidCertificate(why)) => {
            return DirectoryError::Certificate { message: distrust(&host, why), seen: None };
        }
        Some(other) => {
            return DirectoryError::Unreachable(format!("No safe connection to {host} could be made ({other})."));
        }
        None => {}
    }
    DirectoryError::Unreachable(if error.is_connect() {
        format!("No connection to {host} could be made ({cause}). Look at the network, a firewall, and the address.")
    } else {
        format!(
            "The connection to {host} was lost before the answer was whole ({cause}). Nothing was changed; the next \
             run tries again."
        )
    })
}

fn distrust(host: &str, why: &rustls::CertificateError) -> String {
    use rustls::CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
        UnknownIssuer,
    };
    match why {
        Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. } => format!(
            "The certificate of {host} is not valid at the time that this computer shows. Look at its clock, then \
             at who answers there."
        ),
        NotValidForName | NotValidForNameContext { .. } => {
            format!("The certificate of {host} is for another name. Look at the address.")
        }
        UnknownIssuer => format!(
            "This computer does not trust whoever issued the certificate of {host}. If a proxy of the office looks \
             into connections, give its certificate authority."
        ),
        other => format!("The certificate of {host} is not trusted ({other})."),
    }
}

/// The TLS error within, also where it is wrapped into an I/O error, which does not name it as its source.
fn tls(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        let within = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match within {
            Some(within) => Some(within),
            None => error.source(),
        };
    }
    None
}

fn innermost(error: &reqwest::Error) -> String {
    let mut last: &dyn Error = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, body: body.as_bytes().to_vec(), retry_after: None, date_ms: Some(1_700_000_000_000) }
    }

    #[test]
    fn z08_a_missing_permission_is_named_for_each_list() {
        for (list, permission) in
            Collection::ALL.into_iter().zip(["User.Read.All", "Group.Read.All", "OrgContact.Read.All"])
        {
            let sentence = graph(&reply(403, ""), list).to_string();

            assert!(sentence.contains(permission) && sentence.contains("Directory.Read.All"), "{sentence}");
        }
    }

    #[test]
    fn m05_the_number_is_found_with_and_without_a_list_of_numbers() {
        for body in [
            r#"{"error":"invalid_client","error_description":"AADSTS7000215: No. Trace ID: 1","error_codes":[7000215]}"#,
            r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid. Trace ID: 1"}"#,
        ] {
            assert!(sign_in(&reply(401, body), 0).to_string().contains("secret is wrong"), "{body}");
        }
    }

    #[test]
    fn m05_an_unknown_refusal_is_told_in_microsofts_words_without_its_traces() {
        let body = r#"{"error_description":"AADSTS999: Something new. Trace ID: 12 Correlation ID: 34"}"#;

        assert_eq!(
            sign_in(&reply(400, body), 0).to_string(),
            "Microsoft refused the sign-in: AADSTS999: Something new."
        );
        assert!(sign_in(&reply(400, "<html>"), 0).to_string().contains("status 400"));
    }

    #[test]
    fn m05_a_clock_that_is_wrong_is_said_with_how_much_and_which_way() {
        let body = r#"{"error_description":"AADSTS700024: Client assertion is not within its valid time range."}"#;

        let sentence = sign_in(&reply(401, body), 1_700_000_000_000 - 2 * 3_600_000).to_string();

        let expected = "This computer's clock is wrong by 2 hours: it is behind. Set it right, then try again.";
        assert_eq!(sentence, expected);
    }

    #[test]
    fn graphs_own_trouble_is_no_answer_and_its_words_are_shown_in_part() {
        assert!(matches!(graph(&reply(500, ""), Collection::Users), DirectoryError::Unreachable(_)));
        let body = r#"{"error":{"code":"BadRequest","message":"Bad\u0000ly formed token."}}"#;

        let sentence = graph(&reply(400, body), Collection::Users).to_string();

        assert!(sentence.contains("(BadRequest: Badly formed token)"), "{sentence}");
    }
}
