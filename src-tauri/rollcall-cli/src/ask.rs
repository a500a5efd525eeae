//! `query`, `command` and `watch`: through the door of a running engine.

use std::io::Read;
use std::path::Path;

use rollcall_api::registry::{COMMANDS, QUERIES, Word};
use rollcall_api::{Code, Door, Fault};
use serde_json::{Value, json};

use crate::args::{Order, Request};
use crate::out::{self, Ended};
use crate::password;
use crate::stop::Stop;

/// Asks a question, or lists the questions there are.
pub async fn query(data: &Path, request: Request) -> Result<(), Ended> {
    let Some(name) = request.name else { return out::line(&listing("query", QUERIES)) };
    let arguments = arguments(request.arguments.as_deref())?;
    let door = rollcall_api::attach(data).await?;
    out::answer(&door.query(&name, arguments).await?)
}

/// Changes something, or lists the changes there are.
pub async fn command(data: &Path, order: Order) -> Result<(), Ended> {
    let Order { request, password, secret_stdin } = order;
    let Some(name) = request.name else { return out::line(&listing("command", COMMANDS)) };
    if matches!(name.as_str(), "sign_in" | "set_password") && request.arguments.as_deref() != Some("-") {
        let message = "A password in the arguments can be read in the list of processes. Give - and write the \
            arguments to stdin, or use `rollcallctl access` or --password-file."
            .to_owned();
        return Err(Fault { code: Code::Invalid, message, detail: Vec::new() }.into());
    }
    let password = password::wanted(&password, "Organization Administrator's password: ")?;
    let from_stdin = request.arguments.as_deref() == Some("-");
    let mut arguments = arguments(request.arguments.as_deref())?;
    if secret_stdin {
        if from_stdin {
            return Err(plain("Stdin has either the arguments or the secret, not both.").into());
        }
        put_secret(&name, &mut arguments, secret_line(std::io::stdin().lock())?)?;
    } else if !from_stdin && takes_secret(&name) && has_secret(&name, &arguments) {
        return Err(plain(
            "A secret in the arguments can be read in the list of processes. Leave it out and give --secret-stdin.",
        )
        .into());
    }
    let door = rollcall_api::attach(data).await?;
    if let Some(password) = password {
        door.command("sign_in", json!({ "password": password })).await?;
    }
    out::answer(&door.command(&name, arguments).await?)
}

/// The commands of the sync that take a secret among their arguments.
fn takes_secret(name: &str) -> bool {
    matches!(
        name,
        "set_ldap_source"
            | "set_entra_source"
            | "set_sync_secret"
            | "set_entra_certificate"
            | "look_directory"
            | "directory_tree"
    )
}

/// What the secret is called among the arguments of a command.
fn secret_name(name: &str) -> &'static str {
    if name == "set_entra_certificate" { "pem" } else { "secret" }
}

/// Where the secret stands: in the settings that are tried, or among the arguments themselves.
fn place<'a>(name: &str, arguments: &'a mut Value) -> Option<&'a mut serde_json::Map<String, Value>> {
    let is_nested = matches!(name, "look_directory" | "directory_tree");
    let nested = ["ldap", "entra"].into_iter().find(|key| arguments.get(key).is_some_and(Value::is_object));
    match nested.filter(|_| is_nested) {
        Some(key) => arguments.get_mut(key).and_then(Value::as_object_mut),
        None if is_nested => None,
        None => arguments.as_object_mut(),
    }
}

fn has_secret(name: &str, arguments: &Value) -> bool {
    let mut arguments = arguments.clone();
    place(name, &mut arguments).is_some_and(|place| place.contains_key(secret_name(name)))
}

fn put_secret(name: &str, arguments: &mut Value, secret: String) -> Result<(), Fault> {
    let Some(place) = place(name, arguments) else {
        return Err(plain("This command has no place for a secret. Give the settings that it belongs to."));
    };
    place.insert(secret_name(name).to_owned(), Value::from(secret));
    Ok(())
}

/// The first line, without its end. A certificate is several lines: it is read whole.
fn secret_line(mut input: impl Read) -> Result<String, Fault> {
    const MOST: u64 = 64 * 1024;
    let mut text = String::new();
    input.by_ref().take(MOST).read_to_string(&mut text).map_err(|error| invalid("Stdin could not be read.", &error))?;
    let secret = if text.contains("-----BEGIN") { text.as_str() } else { text.lines().next().unwrap_or_default() };
    if secret.is_empty() {
        return Err(plain("Stdin has no secret on its first line."));
    }
    Ok(secret.to_owned())
}

fn plain(message: &str) -> Fault {
    Fault { code: Code::Invalid, message: message.to_owned(), detail: Vec::new() }
}

/// Prints events until somebody stops us or the engine ends.
pub async fn watch(data: &Path) -> Result<(), Ended> {
    let mut stop = Stop::listen()?;
    let door = rollcall_api::attach(data).await?;
    tokio::select! {
        ended = follow(&door) => ended,
        () = stop.asked() => Ok(()),
    }
}

async fn follow(door: &Door) -> Result<(), Ended> {
    let mut events = door.subscribe().await?;
    while let Some(event) = events.next().await {
        let event = serde_json::to_string(&event).expect("an event has text keys only, so it is always JSON");
        out::line(&event)?;
    }
    Err(Ended::Fault(Fault {
        code: Code::Unavailable,
        message: "The engine has ended.".to_owned(),
        detail: Vec::new(),
    }))
}

/// The arguments as JSON; none at all when nothing is given; from stdin for `-`.
fn arguments(text: Option<&str>) -> Result<Value, Fault> {
    match text {
        None => Ok(json!({})),
        Some("-") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|error| invalid("Stdin could not be read.", &error))?;
            parse(&text)
        }
        Some(text) => parse(text),
    }
}

fn parse(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|error| {
        let message = format!("The arguments are not JSON: look at line {}, column {}.", error.line(), error.column());
        invalid(&message, &error)
    })
}

fn invalid(message: &str, error: &dyn std::error::Error) -> Fault {
    Fault { code: Code::Invalid, message: message.to_owned(), detail: vec![error.to_string()] }
}

/// Every name with what it is for, and its arguments where it takes any.
fn listing(verb: &str, words: &[Word]) -> String {
    let width = words.iter().map(|word| word.name.len()).max().unwrap_or(0);
    let mut lines = vec![format!("rollcallctl {verb} NAME [JSON]"), String::new()];
    for Word { name, help, example } in words {
        lines.push(format!("  {name:width$}  {help}"));
        if *example != "{}" {
            lines.push(format!("  {:width$}  {example}", ""));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_arguments_are_an_empty_object() {
        assert_eq!(arguments(None).unwrap(), json!({}));
        assert_eq!(arguments(Some(r#"{"hours":24}"#)).unwrap(), json!({"hours": 24}));
    }

    #[test]
    fn a_secret_is_one_line_of_stdin_and_goes_where_it_belongs() {
        let mut arguments = json!({"host": "dc1.acme.example"});
        put_secret("set_ldap_source", &mut arguments, secret_line(&b"hunter2 \r\nmore\n"[..]).unwrap()).unwrap();
        assert_eq!(arguments["secret"], "hunter2 ");

        let mut nested = json!({"ldap": {"host": "dc1.acme.example"}});
        put_secret("look_directory", &mut nested, "x".to_owned()).unwrap();
        assert_eq!(nested["ldap"]["secret"], "x");
        assert!(put_secret("look_directory", &mut json!({}), "x".to_owned()).is_err());

        let pem = "-----BEGIN CERTIFICATE-----\nAA\n";
        assert_eq!(secret_line(pem.as_bytes()).unwrap(), pem);
        assert!(secret_line(&b"\nlater"[..]).is_err());
        assert!(has_secret("set_entra_source", &json!({"secret": "x"})));
        assert!(!has_secret("set_entra_source", &json!({"tenant": "x"})));
    }

    #[test]
    fn bad_json_is_a_fault_that_names_the_position() {
        let fault = arguments(Some(r#"{"hours":24"#)).unwrap_err();

        assert_eq!(fault.code, Code::Invalid);
        assert_eq!(fault.message, "The arguments are not JSON: look at line 1, column 11.");
        assert_eq!(fault.detail.len(), 1);
    }

    #[test]
    fn a_listing_shows_every_name_and_arguments_only_where_there_are_any() {
        let words = [
            Word { name: "health", help: "Is mail flowing", example: "{}" },
            Word { name: "address", help: "One address", example: r#"{"address":"a@b.example"}"# },
        ];

        let lines: Vec<_> = listing("query", &words).lines().map(str::to_owned).collect();

        assert_eq!(
            lines,
            [
                "rollcallctl query NAME [JSON]",
                "",
                "  health   Is mail flowing",
                "  address  One address",
                r#"           {"address":"a@b.example"}"#,
            ]
        );
    }

    #[test]
    fn everything_the_registry_has_is_listed() {
        let text = listing("query", QUERIES) + &listing("command", COMMANDS);

        for word in QUERIES.iter().chain(COMMANDS) {
            assert!(text.contains(&format!("  {} ", word.name)) && text.contains(word.help), "{}", word.name);
        }
    }
}
