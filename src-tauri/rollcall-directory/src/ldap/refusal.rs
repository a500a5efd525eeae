//! What a server's result codes mean to the person who looks after the office (V22, pitfall 6). RFC 4511 appendix A;
//! what Windows adds to result 49 is its own.

use std::time::Duration;

use ldap3::LdapResult;
use ldap3::controls::Control;

use super::row;
use crate::DirectoryError;

/// OpenLDAP's password policy (draft-behera-ldap-password-policy).
pub(super) const PASSWORD_POLICY: &str = "1.3.6.1.4.1.42.2.27.8.5.1";

const DEMANDS_TLS: &str = "The server demands TLS: choose StartTLS (port 389) or LDAPS (port 636).";

/// Why a sign-in was refused.
pub(super) fn of_bind(place: &str, result: &LdapResult) -> DirectoryError {
    match result.rc {
        8 | 13 => DirectoryError::SignIn(DEMANDS_TLS.to_owned()),
        49 => DirectoryError::SignIn(credentials(result).to_owned()),
        32 | 34 => DirectoryError::SignIn(
            "The account's name is none that this server understands. Write it as user@domain or as its distinguished name."
                .to_owned(),
        ),
        48 => DirectoryError::SignIn("This account may not sign in to the directory with a password.".to_owned()),
        _ => otherwise(place, result),
    }
}

/// Why a search was refused or cut short.
pub(super) fn of_search(place: &str, base: &str, result: &LdapResult) -> DirectoryError {
    match result.rc {
        3 => incomplete(place, "ran out of the time that it gives one search"),
        4 => incomplete(place, "gives fewer entries than there are, and does not give them in pages"),
        11 => incomplete(place, "stopped at a limit that its administrator set"),
        10 => DirectoryError::Settings(format!(
            "\"{base}\" is kept by another server ({}). Use that server, or a search base that this one has.",
            result.refs.first().map_or("it does not say which", String::as_str)
        )),
        32 => DirectoryError::Settings(format!(
            "The directory has no \"{base}\", or the account may not see it. Look at the search base."
        )),
        34 => DirectoryError::Settings(format!(
            "\"{base}\" is no search base. One looks like OU=Staff,DC=office,DC=example."
        )),
        50 => DirectoryError::Permission(format!(
            "The account may not read \"{base}\". Give it the right to read there, mail addresses among it."
        )),
        1 | 53 => DirectoryError::Permission(format!(
            "{place} does not let this account search. Give the name and password of one that may read. It says: {}",
            said(result)
        )),
        8 | 13 => DirectoryError::SignIn(DEMANDS_TLS.to_owned()),
        _ => otherwise(place, result),
    }
}

/// Why StartTLS was refused.
pub(super) fn of_starttls(place: &str) -> DirectoryError {
    DirectoryError::Unreachable(format!("{place} does not offer StartTLS. Try LDAPS, which is on port 636."))
}

fn otherwise(place: &str, result: &LdapResult) -> DirectoryError {
    match result.rc {
        51 => DirectoryError::Throttled {
            message: format!("{place} is busy and wants us to come back later."),
            wait: Duration::from_secs(60),
        },
        52 => DirectoryError::Unreachable(format!("{place} is there, but its directory is not available just now.")),
        code => DirectoryError::Unreadable(format!("{place} refused with result {code}: {}", said(result))),
    }
}

fn incomplete(place: &str, why: &str) -> DirectoryError {
    DirectoryError::Incomplete(format!("{place} {why}. Whoever did not come would look deleted, so nothing is used."))
}

/// The server's own words on one line; they may be long and carry zero bytes.
fn said(result: &LdapResult) -> String {
    let words: String = result.text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
    match words.trim() {
        "" => "nothing more.".to_owned(),
        words => words.to_owned(),
    }
}

fn credentials(result: &LdapResult) -> &'static str {
    if let Some(sentence) = windows(&result.text) {
        return sentence;
    }
    match policy(&result.ctrls) {
        Some(0) => "The account's password has expired. Set a new one in the directory, then type it here.",
        Some(1) => "The account is locked. Unlock it in the directory; wrong passwords may have locked it.",
        Some(2) => "The account has to change its password before it may sign in. Do that in the directory.",
        _ => "The account's name or its password is wrong.",
    }
}

/// "80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data 52e, v3839": a Windows error number.
fn windows(text: &str) -> Option<&'static str> {
    let code = text.split("data ").nth(1)?.split(|c: char| !c.is_ascii_hexdigit()).next()?;
    match code.to_ascii_lowercase().as_str() {
        "525" => Some("The directory does not know the account's name."),
        "52e" => Some("The account's name or its password is wrong."),
        "530" => Some("The account may not sign in at this time of day."),
        "531" => Some("The account may not sign in from this computer."),
        "532" => Some("The account's password has expired. Set a new one in the directory, then type it here."),
        "533" => Some("The account is disabled. Enable it in the directory, or use another one."),
        "701" => Some("The account has expired. Prolong it in the directory, or use another one."),
        "773" => Some("The account has to change its password before it may sign in. Do that in the directory."),
        "775" => Some("The account is locked. Unlock it in the directory; wrong passwords may have locked it."),
        _ => None,
    }
}

fn policy(controls: &[Control]) -> Option<u8> {
    let Control(_, raw) = controls.iter().find(|Control(_, raw)| raw.ctype == PASSWORD_POLICY)?;
    row::policy_error(raw.val.as_deref()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(rc: u32, text: &str) -> LdapResult {
        LdapResult { rc, matched: String::new(), text: text.to_owned(), refs: Vec::new(), ctrls: Vec::new() }
    }

    #[test]
    fn v22_every_sub_code_of_windows_has_words_of_its_own() {
        for (code, word) in [
            ("525", "does not know"),
            ("52e", "password is wrong"),
            ("530", "time of day"),
            ("531", "from this computer"),
            ("532", "password has expired"),
            ("533", "disabled"),
            ("701", "account has expired"),
            ("773", "change its password"),
            ("775", "locked"),
        ] {
            let text =
                format!("80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data {code}, v3839\0");

            let DirectoryError::SignIn(sentence) = of_bind("dc1:636", &result(49, &text)) else { panic!("{code}") };

            assert!(sentence.contains(word), "{code}: {sentence}");
        }
        let other = of_bind("dc1:636", &result(49, "no data here"));
        assert_eq!(other, DirectoryError::SignIn("The account's name or its password is wrong.".to_owned()));
    }

    #[test]
    fn v22_result_8_says_that_the_server_demands_tls() {
        let sentence = of_bind("dc1:389", &result(8, "BindSimple: Transport encryption required.")).to_string();

        assert!(sentence.starts_with("The server demands TLS"), "{sentence}");
    }

    #[test]
    fn v22_an_answer_that_was_cut_short_is_incomplete_whatever_cut_it() {
        for rc in [3, 4, 11] {
            assert!(matches!(of_search("dc1:636", "DC=x", &result(rc, "")), DirectoryError::Incomplete(_)), "{rc}");
        }
    }
}
