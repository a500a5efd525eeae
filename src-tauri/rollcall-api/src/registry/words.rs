//! The words of the command line: every query and command with a line of help and an example that is tried.

/// A query or command as the command line lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The name on the wire.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// An example of its arguments.
    pub example: &'static str,
}

const fn word(name: &'static str, help: &'static str, example: &'static str) -> Word {
    Word { name, help, example }
}

/// Every query.
pub const QUERIES: &[Word] = &[
    word("health", "Is mail flowing, what is bound, what needs you", "{}"),
    word("domains", "The office's domains and where their mail goes", "{}"),
    word("discovery", "The switch of discovery, the rules of the domains and the week", "{}"),
    word(
        "dry_run",
        "What a rule would have made of the last 30 days, and what it changes now",
        r#"{"domain":"acme.example","preset":"smart_create"}"#,
    ),
    word("addresses", "A list of addresses", r#"{"state":"discovered","search":"ann","limit":100,"offset":0}"#),
    word("address", "One address with its evidence and history", r#"{"address":"ann@acme.example"}"#),
    word(
        "export_people",
        "The list of people as a file: own, proofpoint, mailprotector, mail_assure",
        r#"{"layout":"own","states":["user","functional","alias"]}"#,
    ),
    word("people_report", "The list of people as a page to print", "{}"),
    word(
        "mail_log",
        "What became of each recipient, newest first",
        r#"{"limit":100,"search":"ann","outcome":"problem","direction":"inbound"}"#,
    ),
    word("mail_message", "One message with every step and its other recipients", r#"{"id":12}"#),
    word("mail_counts", "How many messages there are of each kind", r#"{"from_ms":1790000000000}"#),
    word("mail_report", "Why mail was refused, and how long it took", r#"{"from_ms":1790000000000}"#),
    word("export_mail_log", "A page of the mail log as CSV or JSON", r#"{"format":"csv","search":"ann"}"#),
    word("log_retention", "How long the mail log is kept, and what it takes", "{}"),
    word("journal", "Who decided what, newest first", r#"{"limit":100}"#),
    word("overview", "The numbers of the first page", "{}"),
    word("receiving", "Where mail comes in, who is known there, and what clients see", "{}"),
    word("outbound", "How mail of the office's machines goes out", "{}"),
    word("queue", "What waits here, oldest first", r#"{"limit":100,"search":"ann"}"#),
    word("recipient_cache", "What an address's mail server said of it lately", r#"{"address":"ann@acme.example"}"#),
    word("blocked_clients", "Who is blocked for guessing addresses", "{}"),
    word("access", "What you may do, and until when", "{}"),
    word("seats", "How many seats are used, and what users cost", "{}"),
    word("observed", "Addresses that get mail and are on no list", r#"{"limit":100}"#),
    word("inbox", "What you are told, newest first", r#"{"limit":50,"unread_only":true}"#),
    word("notification_settings", "Which notifications are wanted, and when it is quiet", "{}"),
    word("forecast", "What creating users would cost", r#"{"addresses":["ann@acme.example"],"suggested":false}"#),
    word("reports", "The weekly reports, newest first", r#"{"limit":100}"#),
    word("report", "One weekly report: new users and new aliases", r#"{"id":12}"#),
    word("reporting", "What is reported, to whom, and how letters look", "{}"),
    word("sync", "Where the sync with your directory stands", "{}"),
    word("sync_runs", "The runs of the sync, the latest first", r#"{"limit":100}"#),
    word("sync_run", "One run with every change and its reason", r#"{"id":12}"#),
];

/// Every command.
pub const COMMANDS: &[Word] = &[
    word(
        "add_domain",
        "Makes a domain yours, or changes its mail server",
        r#"{"name":"acme.example","destination":{"host":"10.0.4.12","port":25,"tls":"opportunistic"}}"#,
    ),
    word("remove_domain", "Takes a domain away; its addresses stay on file", r#"{"name":"acme.example"}"#),
    word(
        "set_domain",
        "Settles how a domain's addresses are read and who is taken in",
        r#"{"name":"acme.example","tag_delimiter":"+","strip_subdomains":true,"unknown":"reject"}"#,
    ),
    word("set_alias_domains", "Gives a domain other names", r#"{"name":"acme.example","aliases":["acme.test"]}"#),
    word(
        "set_route",
        "Sends the mail of one address elsewhere",
        r#"{"address":"ann@acme.example","destination":{"host":"10.0.4.13","port":25,"tls":"never"}}"#,
    ),
    word("set_listener", "Receives mail elsewhere", r#"{"name":"inbound","address":"127.0.0.1","port":2525}"#),
    word("remove_listener", "Takes a listener away", r#"{"name":"printers"}"#),
    word(
        "set_sender_hosts",
        "The office's own machines that may send to anybody",
        r#"{"hosts":[{"network":"10.0.4.0/24","note":"printers"}]}"#,
    ),
    word(
        "import_certificate",
        "Shows another certificate to clients",
        r#"{"pem":"-----BEGIN CERTIFICATE-----…-----BEGIN PRIVATE KEY-----…"}"#,
    ),
    word("set_upstreams", "Clients that no abuse rule applies to", r#"{"addresses":["192.0.2.10"]}"#),
    word(
        "clear_recipient_cache",
        "Asks mail servers again, about an address, a domain or everybody",
        r#"{"address":"ann@acme.example"}"#,
    ),
    word("unblock_client", "Lets a client in that was blocked for guessing addresses", r#"{"address":"192.0.2.7"}"#),
    word("set_log_retention", "How long the mail log is kept, and how large", r#"{"days":90,"megabytes":1000}"#),
    word("set_notifications", "Switches desktop notifications", r#"{"wanted":true}"#),
    word(
        "test_destination",
        "Talks to a mail server without changing anything",
        r#"{"host":"10.0.4.12","port":25,"tls":"never","domain":"acme.example"}"#,
    ),
    word("test_domain", "Tests whether a domain's mail server refuses made-up addresses", r#"{"name":"acme.example"}"#),
    word(
        "create_user",
        "Makes addresses users",
        r#"{"users":[{"address":"ann@acme.example","first_name":"Ann","surname":"Lee"}],"role":"silent"}"#,
    ),
    word("create_functional", "Makes addresses functional accounts", r#"{"addresses":["info@acme.example"]}"#),
    word("mark_invalid", "Refuses mail for addresses from now on", r#"{"addresses":["old@acme.example"]}"#),
    word("remove_invalid", "Takes addresses off the Invalid list", r#"{"addresses":["old@acme.example"]}"#),
    word(
        "add_as_suggested",
        "Does for each address what its suggestion says",
        r#"{"addresses":["ann@acme.example","info@acme.example"]}"#,
    ),
    word(
        "add_alias",
        "Makes addresses other names of an account",
        r#"{"addresses":["a.lee@acme.example"],"owner":"ann@acme.example","merge":false}"#,
    ),
    word("never_add", "Never adds addresses; their mail is delivered", r#"{"addresses":["left@acme.example"]}"#),
    word("delete_address", "Takes addresses off every list", r#"{"addresses":["old@acme.example"]}"#),
    word("give_week", "Gives Discovered addresses a week more", r#"{"addresses":["ann@acme.example"]}"#),
    word(
        "pin_address",
        "Keeps Discovered addresses on the list whatever happens",
        r#"{"addresses":["ann@acme.example"],"pinned":true}"#,
    ),
    word("set_discovery", "Switches discovery on or off", r#"{"on":true}"#),
    word("set_rule", "Gives a domain another rule", r#"{"domain":"acme.example","preset":"careful_office"}"#),
    word("set_weekly", "Moves the weekly notice to another day and hour", r#"{"weekday":"thursday","hour":9}"#),
    word("set_holiday", "Lets nothing end before a moment, or end again", r#"{"until_ms":1795000000000}"#),
    word(
        "set_upstream_authserv",
        "Believes what a filter in front of us says of senders",
        r#"{"name":"filter.acme.example"}"#,
    ),
    word("notice_shown", "The weekly notice was shown, so it counts", "{}"),
    word("inbox_read", "Notifications were read; all of them without ids", r#"{"ids":[12]}"#),
    word("inbox_act", "Presses a button of a notification", r#"{"id":12,"action":"make_user"}"#),
    word("notification_shown", "A desktop showed a notification", r#"{"id":12}"#),
    word(
        "set_notification_settings",
        "Which notifications are wanted, and when it is quiet",
        r#"{"on":true,"quiet":{"on":true,"from":"18:00","until":"08:00","weekends":true},"off":["seats"]}"#,
    ),
    word(
        "set_name",
        "Gives a user other names",
        r#"{"address":"ann@acme.example","first_name":"Ann","surname":"Lee"}"#,
    ),
    word("set_main_address", "Makes an alias the main address of its account", r#"{"address":"a.lee@acme.example"}"#),
    word(
        "set_kind",
        "What functional accounts are for: shared_mailbox, resource, distribution_group, security_group, public_folder, ex_employee",
        r#"{"addresses":["scanner@acme.example"],"kind":"resource"}"#,
    ),
    word(
        "set_administrator",
        "Says which users are organization administrators (Organization Administrator)",
        r#"{"addresses":["ann@acme.example"],"on":true}"#,
    ),
    word(
        "preview_csv",
        "Says what importing a list of people would do (with --file FILE)",
        r#"{"content_base64":"QW5uLExlZSxhbm5AYWNtZS5leGFtcGxl","mode":"merge","update":false}"#,
    ),
    word(
        "import_csv",
        "Imports a list of people (with --file FILE)",
        r#"{"content_base64":"QW5uLExlZSxhbm5AYWNtZS5leGFtcGxl","mode":"replace","accept_removals":4}"#,
    ),
    word("export_backup", "Settings, people and history in one file (see: rollcallctl backup --help)", "{}"),
    word("undo", "Takes an entry of the history back", r#"{"entry":12}"#),
    word("skip_time", "Moves a practice office's clock forward", r#"{"hours":24}"#),
    word("flush_queue", "Tries now what waits, all of it or for one mail server", r#"{"destination":"10.0.4.12:25"}"#),
    word("hold_message", "Keeps messages here until they are released", r#"{"queue_ids":["0K3ZQ7M4XT90"]}"#),
    word("release_message", "Lets held messages go on", r#"{"queue_ids":["0K3ZQ7M4XT90"]}"#),
    word("delete_message", "Deletes messages that wait or were given up", r#"{"queue_ids":["0K3ZQ7M4XT90"]}"#),
    word(
        "set_outbound",
        "Says how mail of the office's machines goes out",
        r#"{"mode":"smarthost","host":"smtp.provider.example","port":587,"tls":"required","username":"office"}"#,
    ),
    word("set_outbound_secret", "Seals the password for the server that takes outgoing mail", r#"{"secret":"…"}"#),
    word(
        "test_outbound",
        "Talks to the server that takes outgoing mail, without sending any",
        r#"{"mode":"smarthost","host":"smtp.provider.example","port":587,"tls":"required","username":"office"}"#,
    ),
    word("set_reply_contact", "Whom a refused sender can ask", r#"{"contact":"it@fabrikam.example"}"#),
    word("set_disk_reserve", "Megabytes that stay free on the disk", r#"{"mib":256}"#),
    word("sign_in", "Signs in as Organization Administrator", r#"{"password":"…"}"#),
    word("sign_out", "Gives up the Organization Administrator's role", "{}"),
    word("set_password", "Sets the Organization Administrator's password", r#"{"password":"…","old_password":"…"}"#),
    word("reset_password", "Takes the password away (see: rollcallctl access --help)", r#"{"proof":"…"}"#),
    word(
        "set_licence",
        "Seats, and what a user costs a month (Organization Administrator)",
        r#"{"seats_total":50,"price_per_user_minor":300,"currency":"EUR"}"#,
    ),
    word("set_shadow", "Refuses nothing on its own account for some days, or null: again", r#"{"days":7}"#),
    word(
        "set_hold_fresh",
        "What is kept of mail for addresses that ended by themselves: off, envelope, full",
        r#"{"keep":"envelope"}"#,
    ),
    word(
        "restore_and_deliver",
        "Takes an address off the Invalid list and delivers what was kept for it",
        r#"{"address":"old@acme.example","as":"discovered"}"#,
    ),
    word(
        "set_reports",
        "What the weekly report is about, and whom it is told",
        r#"{"new_users":true,"new_aliases":true,"include_admin_contact":true}"#,
    ),
    word(
        "set_contact",
        "Who looks after the office, and whether they get the week by e-mail",
        r#"{"role":"technician","name":"Kim Lee","email":"it@acme.example","copy":false}"#,
    ),
    word("set_letter_sender", "Which address letters come from", r#"{"address":"postmaster@acme.example"}"#),
    word(
        "set_welcome",
        "What a new user who can sign in is welcomed with",
        r#"{"subject":"Welcome, {name}","text":"Hello {name}, ask {contact}."}"#,
    ),
    word(
        "set_ldap_source",
        "Where your LDAP directory is; the password by --secret-stdin",
        r#"{"host":"dc1.acme.example","port":636,"security":"ldaps","bind_dn":"reader@acme.example","search_base":"DC=acme,DC=example"}"#,
    ),
    word(
        "set_entra_source",
        "Which Microsoft Entra directory it is; the secret by --secret-stdin",
        r#"{"tenant":"acme.example","client_id":"11111111-2222-3333-4444-555555555555"}"#,
    ),
    word("remove_source", "Forgets the directory; everybody stays as they are", "{}"),
    word("set_sync_secret", "Keeps the directory's password or client secret (--secret-stdin)", r#"{"secret":"…"}"#),
    word(
        "set_entra_certificate",
        "Keeps the certificate that proves the app to Microsoft Entra",
        r#"{"pem":"-----BEGIN CERTIFICATE-----…-----BEGIN PRIVATE KEY-----…"}"#,
    ),
    word(
        "trust_certificate",
        "Believes the certificate that your LDAP server showed",
        r#"{"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}"#,
    ),
    word("set_sync_schedule", "How often the directory is asked: 0 (never), 1, 3, 6, 12, 24", r#"{"hours":24}"#),
    word(
        "set_sync_options",
        "What is synced, and how",
        r#"{"disabled_accounts":true,"delete":false,"disabled_people":"deliver"}"#,
    ),
    word(
        "look_directory",
        "Asks the directory and shows what it would find; nothing changes",
        r#"{"ldap":{"host":"dc1.acme.example","port":636,"security":"ldaps","bind_dn":"reader@acme.example","search_base":"DC=acme,DC=example"}}"#,
    ),
    word(
        "directory_tree",
        "The parts of your LDAP directory, to choose where to look",
        r#"{"parent":"DC=acme,DC=example"}"#,
    ),
    word("preview_sync", "Shows what the next run would do; nothing changes", "{}"),
    word("run_sync", "Runs now; the first run has to be accepted", r#"{"accept_first":true}"#),
    word("cancel_sync", "Stops the run that is going on; nothing changes", "{}"),
    word(
        "exempt_from_sync",
        "Leaves entries of the directory alone, or not any more",
        r#"{"ids":["8f14e45f-ceea-467f-a0e6-1f1f6f8d9a11"],"on":true}"#,
    ),
    word(
        "settle_sync_conflict",
        "Settles whose an address is, or that it stays as it is",
        r#"{"address":"sales@acme.example","choice":"directory","entry":"8f14e45f-ceea-467f-a0e6-1f1f6f8d9a11"}"#,
    ),
    word(
        "settle_blocked_sign_ins",
        "Settles all that is asked about blocked sign-ins alike",
        r#"{"choice":"functional"}"#,
    ),
    word("keep_leaving", "Keeps accounts that left the directory", r#"{"addresses":["ann@acme.example"]}"#),
    word("keep_everyone", "Keeps everybody whom the run that stopped would have put aside", "{}"),
];

#[cfg(test)]
mod tests {
    use super::super::{Command, Query};
    use super::*;
    use serde_json::{Value, json};

    fn decode<T: serde::de::DeserializeOwned>(word: &Word) -> T {
        let args: Value = serde_json::from_str(word.example).expect(word.name);
        serde_json::from_value(json!({ "name": word.name, "args": args })).expect(word.name)
    }

    #[test]
    fn every_listed_word_exists_and_its_example_is_right() {
        for word in QUERIES {
            let query: Query = decode(word);
            assert!(!query.reads().is_empty(), "{}", word.name);
        }
        for word in COMMANDS {
            let _: Command = decode(word);
        }
    }

    #[test]
    fn every_word_that_exists_is_listed() {
        let unknown = |error: serde_json::Error| error.to_string();
        let query = serde_json::from_value::<Query>(json!({ "name": "?", "args": {} })).map_err(unknown).unwrap_err();
        let command =
            serde_json::from_value::<Command>(json!({ "name": "?", "args": {} })).map_err(unknown).unwrap_err();
        // serde's own sentence names every variant it knows.
        assert_eq!(query.matches('`').count() / 2 - 1, QUERIES.len(), "{query}");
        assert_eq!(command.matches('`').count() / 2 - 1, COMMANDS.len(), "{command}");
    }
}
