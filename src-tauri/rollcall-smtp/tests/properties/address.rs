//! Addresses and commands: what is read has one spelling and one key, and is safe to write on a line.

use rollcall_core::address::{Address, DomainName};
use rollcall_smtp::command::{self, Command};

/// Text as it comes in MAIL and RCPT, and as an operator types it.
pub fn holds(input: &[u8]) {
    if let Ok(text) = std::str::from_utf8(input) {
        an_address_has_one_spelling_and_one_key(text);
        a_domain_is_read_the_same_again(text);
    }
    for (verb, extra) in [("RCPT TO:", ""), ("MAIL FROM:", ""), ("MAIL FROM:", " SMTPUTF8")] {
        a_path_is_the_same_mailbox_for_the_next_hop(verb, input, extra);
    }
    // And the line as it is.
    let _ = command::parse(input);
}

fn an_address_has_one_spelling_and_one_key(text: &str) {
    let Ok(address) = Address::parse(text) else { return };
    let written = address.to_string();
    assert!(!written.chars().any(char::is_control), "{written:?}");
    assert!(address.local().len() <= 64 && address.domain().as_str().len() <= 253);
    let again = Address::parse(&written).unwrap_or_else(|error| panic!("{written:?} was read and now: {error}"));
    assert_eq!(again, address);
    assert_eq!(address.key(), address.key().to_lowercase(), "a key has no case");
    if let Ok(keyed) = Address::parse(&address.key()) {
        assert_eq!(keyed.key(), address.key(), "the key of a key is itself");
    }
}

fn a_domain_is_read_the_same_again(text: &str) {
    let Ok(domain) = DomainName::parse(text) else { return };
    let name = domain.as_str();
    assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b)), "{name:?}");
    assert_eq!(DomainName::parse(name).as_ref(), Ok(&domain));
    assert_eq!(DomainName::parse(&name.to_uppercase()).as_ref(), Ok(&domain));
}

fn a_path_is_the_same_mailbox_for_the_next_hop(verb: &str, path: &[u8], extra: &str) {
    let read = |path: &[u8]| {
        let line = [verb.as_bytes(), b"<", path, b">", extra.as_bytes()].concat();
        match command::parse(&line) {
            Ok(Command::Mail(mail)) => Some(mail.reverse_path),
            Ok(Command::Rcpt(rcpt)) => Some(rcpt.address),
            Ok(other) => panic!("{line:?} is read as {other:?}"),
            Err(reply) => {
                assert!((400..600).contains(&reply.code), "{reply:?}");
                None
            }
        }
    };
    // With the path closed early, what follows are parameters: those are another matter.
    if path.contains(&b'>') {
        let line = [verb.as_bytes(), b"<", path, b">", extra.as_bytes()].concat();
        let _ = command::parse(&line);
        return;
    }
    let Some(mailbox) = read(path) else { return };
    assert!(mailbox.len() <= 254 && !mailbox.chars().any(char::is_control), "{mailbox:?}");
    assert_eq!(read(mailbox.as_bytes()).as_deref(), Some(mailbox.as_str()), "written again it is another mailbox");
}
