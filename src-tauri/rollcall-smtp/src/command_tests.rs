use super::*;
use proptest::prelude::*;

#[test]
fn verbs_are_read_in_any_case_and_with_spaces_around_arguments() {
    assert_eq!(parse(b"ehlo client.example"), Ok(Command::Ehlo { name: "client.example".to_owned() }));
    assert_eq!(parse(b"HeLo  [192.0.2.1] \t"), Ok(Command::Helo { name: "[192.0.2.1]".to_owned() }));
    assert_eq!(parse(b"mail  from: <a@b.c> "), Ok(mail("a@b.c")));
    assert_eq!(parse(b"RCPT TO:<a@b.c>\t"), Ok(rcpt("a@b.c")));
    for (line, command) in [
        (&b"data"[..], Command::Data),
        (b"DATA ", Command::Data),
        (b"RSET", Command::Rset),
        (b"QUIT  ", Command::Quit),
        (b"NOOP are you there", Command::Noop),
        (b"HELP MAIL", Command::Help),
        (b"VRFY ann", Command::Vrfy),
        (b"EXPN staff", Command::Expn),
        (b"STARTTLS", Command::StartTls),
        (b"AUTH PLAIN AGFubgBzZWNyZXQ=", Command::Auth),
        (b"BDAT 10 LAST", Command::Bdat(Chunk { size: 10, last: true })),
        (b"bdat 0", Command::Bdat(Chunk { size: 0, last: false })),
        (b"XYZZY", Command::Unknown),
    ] {
        assert_eq!(parse(line), Ok(command));
    }
}

#[test]
fn the_null_reverse_path_and_a_bare_postmaster_are_told_apart() {
    assert_eq!(parse(b"MAIL FROM:<>"), Ok(mail("")));
    assert_eq!(parse(b"RCPT TO:<Postmaster>"), Ok(rcpt("Postmaster")));
    refused(b"RCPT TO:<>", "501 5.1.3");
    refused(b"MAIL FROM:<postmaster>", "501 5.1.7");
}

#[test]
fn paths_keep_what_they_mean() {
    assert_eq!(parse(b"RCPT TO:<a@[127.0.0.1]>"), Ok(rcpt("a@[127.0.0.1]")));
    assert_eq!(parse(b"RCPT TO:<\"a b\"@b.c>"), Ok(rcpt("\"a b\"@b.c")));
    assert_eq!(parse(b"RCPT TO:<@a.example,@b.example:c@d.example>"), Ok(rcpt("c@d.example")));
    assert_eq!(parse(b"MAIL FROM:<\"a>b\"@b.c> SIZE=1"), Ok(sized(mail_from("\"a>b\"@b.c"), 1)));
}

#[test]
fn the_parameters_of_mail_are_read() {
    assert_eq!(parse(b"MAIL FROM:<a@b.c> size=1000 body=7bit"), Ok(sized(mail_from("a@b.c"), 1000)));
    assert_eq!(
        parse(b"MAIL FROM:<> BODY=8bitMIME"),
        Ok(Command::Mail(MailFrom { body_8bit: true, ..MailFrom::default() }))
    );
    assert_eq!(
        parse("MAIL FROM:<jörg@bücher.example> SMTPUTF8".as_bytes()),
        Ok(Command::Mail(MailFrom { smtputf8: true, ..mail_from("jörg@bücher.example") }))
    );
}

#[test]
fn what_a_dsn_should_say_is_read_and_kept_as_it_was_written() {
    let Ok(Command::Mail(mail)) = parse(b"MAIL FROM:<a@b.c> ret=hdrs ENVID=QQ+2B314") else { panic!("read") };
    assert_eq!((mail.ret, mail.envid.as_deref()), (Some(Ret::Headers), Some("QQ+2B314")));
    let Ok(Command::Rcpt(rcpt)) = parse(b"RCPT TO:<a@b.c> NOTIFY=success,Delay ORCPT=rfc822;a+2Bx@b.c") else {
        panic!("read")
    };
    assert_eq!((rcpt.notify.as_deref(), rcpt.orcpt.as_deref()), (Some("SUCCESS,DELAY"), Some("rfc822;a+2Bx@b.c")));
}

#[test]
fn a_size_beyond_any_number_is_the_largest_number() {
    assert_eq!(parse(b"MAIL FROM:<> SIZE=18446744073709551615"), Ok(sized(mail_from(""), u64::MAX)));
    assert_eq!(parse(b"MAIL FROM:<> SIZE=99999999999999999999"), Ok(sized(mail_from(""), u64::MAX)));
    refused(b"MAIL FROM:<> SIZE=100000000000000000000", "501 5.5.4");
}

#[test]
fn each_bad_line_has_its_exact_refusal() {
    for (line, status) in [
        (&b""[..], "500 5.5.2"),
        (b" NOOP", "500 5.5.2"),
        (b"\0", "500 5.5.2"),
        (b"NO\0OP", "500 5.5.2"),
        (b"\x16\x03\x01", "500 5.5.2"),
        (b"DATA\x0c", "500 5.5.2"),
        (b"MAIL:FROM <a@b.c>", "500 5.5.2"),
        (b"MAIL", "501 5.5.4"),
        (b"MAIL <a@b.c>", "501 5.5.4"),
        (b"MAIL FROM <a@b.c>", "501 5.5.4"),
        (b"MAIL TO:<a@b.c>", "501 5.5.4"),
        (b"RCPT", "501 5.5.4"),
        (b"RCPT FROM:<a@b.c>", "501 5.5.4"),
        (b"MAIL FROM:", "501 5.1.7"),
        (b"MAIL FROM:a@b.c", "501 5.1.7"),
        (b"MAIL FROM:<a@b.c", "501 5.1.7"),
        (b"MAIL FROM:<a b@b.c>", "501 5.1.7"),
        (b"MAIL FROM:< >", "501 5.1.7"),
        (b"RCPT TO:a@b.c", "501 5.1.3"),
        (b"RCPT TO:<a\r@b.c>", "501 5.1.3"),
        (b"RCPT TO:<a\n@b.c>", "501 5.1.3"),
        (b"RCPT TO:<a@b.c\0>", "501 5.1.3"),
        (b"RCPT TO:<ann>", "501 5.1.3"),
        (b"DATA foo", "501 5.5.4"),
        (b"RSET foo", "501 5.5.4"),
        (b"QUIT foo", "501 5.5.4"),
        (b"VRFY", "501 5.5.4"),
        (b"NOOP \x07", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c>SIZE=1", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> SIZE", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> SIZE=", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> SIZE=-1", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> SIZE=1=2", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> SIZE=1 size=2", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> BODY=9BIT", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> BODY", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> SMTPUTF8=1", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> =1", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> SIZE=1\r", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c>\x0cSIZE=1", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> RET=ALL", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> ENVID=a+4", "501 5.5.4"),
        (b"MAIL FROM:<a@b.c> REQUIRETLS", "555 5.7.30"),
        (b"STARTTLS now", "501 5.5.4"),
        (b"BDAT", "501 5.5.4"),
        (b"BDAT -1", "501 5.5.4"),
        (b"BDAT 1 FIRST", "501 5.5.4"),
        (b"BDAT 1 LAST LAST", "501 5.5.4"),
        (b"BDAT 18446744073709551616 LAST", "501 5.5.4"),
        (b"RCPT TO:<a@b.c> NOTIFY=NEVER,DELAY", "501 5.5.4"),
        (b"RCPT TO:<a@b.c> NOTIFY=DELAY,DELAY", "501 5.5.4"),
        (b"RCPT TO:<a@b.c> ORCPT=a@b.c", "501 5.5.4"),
        (b"RCPT TO:<a@b.c> ORCPT=rfc822;", "501 5.5.4"),
        (b"RCPT TO:<a@b.c> XYZ=1", "555 5.5.4"),
        (b"MAIL FROM:<a@b.c> AUTH=<>", "555 5.5.4"),
        (b"MAIL FROM:<a@b.c> BODY=BINARYMIME", "555 5.5.4"),
        ("MAIL FROM:<jörg@b.c>".as_bytes(), "553 5.6.7"),
        ("MAIL FROM:<a@bücher.example>".as_bytes(), "553 5.6.7"),
        (b"RCPT TO:<j\xf6rg@b.c>", "553 5.6.7"),
        (b"MAIL FROM:<j\xf6rg@b.c>", "553 5.6.7"),
    ] {
        refused(line, status);
    }
}

#[test]
fn a_hello_needs_a_name_and_its_refusal_has_no_enhanced_status_code() {
    for line in [
        &b"EHLO"[..],
        b"HELO ",
        b"EHLO two names",
        b"EHLO <script>",
        b"EHLO a\0b",
        b"EHLO [127.0.0.256]",
        b"EHLO [IPv6:zz]",
        b"EHLO \xff",
        "EHLO bücher.example".as_bytes(),
    ] {
        refused(line, "501 Say EHLO");
    }
    refused(format!("EHLO {}", "x".repeat(256)).as_bytes(), "501 Say EHLO");
    for name in ["localhost", "MY_PC", "192.0.2.1", "[IPv6:2001:db8::1]", "a-b.example"] {
        assert_eq!(parse(format!("EHLO {name}").as_bytes()), Ok(Command::Ehlo { name: name.to_owned() }));
    }
}

#[test]
fn a_refused_parameter_is_named_and_cut_to_a_sensible_length() {
    let line = format!("MAIL FROM:<> {}", "x".repeat(500));

    let reply = parse(line.as_bytes()).expect_err("no such parameter");

    assert_eq!(reply.text(), format!("Parameter not supported: {}", "X".repeat(40)));
}

proptest! {
    #[test]
    fn any_line_is_read_or_refused_with_4xx_or_5xx(line in proptest::collection::vec(any::<u8>(), 0..120)) {
        if let Err(reply) = parse(&line) {
            prop_assert!((500..600).contains(&reply.code), "{reply}");
        }
    }

    #[test]
    fn what_is_read_holds_no_control_character_and_outside_rcpt_only_ascii(
        line in "(MAIL FROM:|RCPT TO:|EHLO )<?[ -~\\r\\n\\tä]{0,12}@?[a-z.\\r]{0,5}>?( SIZE=[0-9]{0,3})?",
    ) {
        let (text, may_be_utf8) = match parse(line.as_bytes()) {
            Ok(Command::Mail(mail)) => (mail.reverse_path, false),
            // Whether it may is the transaction's business: the session asks for SMTPUTF8.
            Ok(Command::Rcpt(rcpt)) => (rcpt.address, true),
            Ok(Command::Ehlo { name }) => (name, false),
            _ => (String::new(), false),
        };
        prop_assert!(text.chars().all(|c| !c.is_control() && (may_be_utf8 || c.is_ascii())), "{text:?}");
    }

    #[test]
    fn plain_lines_are_read_as_smtp_proto_reads_them(
        local in "[a-z0-9+_=-]{1,9}(\\.[a-z0-9]{1,5})?",
        domain in "[a-z][a-z0-9]{0,8}(\\.[a-z]{2,5}){1,2}",
        size in 0u32..,
    ) {
        use smtp_proto::Request;
        let address = format!("{local}@{domain}");
        let mail_line = format!("MAIL FROM:<{address}> SIZE={size}");
        let rcpt_line = format!("RCPT TO:<{address}>");

        let theirs = format!("{mail_line}\r\n");
        let Ok(Request::Mail { from }) = Request::parse(&mut theirs.as_bytes().iter()) else {
            return Err(TestCaseError::fail(theirs));
        };
        let theirs = format!("{rcpt_line}\r\n");
        let Ok(Request::Rcpt { to }) = Request::parse(&mut theirs.as_bytes().iter()) else {
            return Err(TestCaseError::fail(theirs));
        };

        prop_assert_eq!(parse(mail_line.as_bytes()), Ok(sized(mail_from(&from.address), from.size as u64)));
        prop_assert_eq!(parse(rcpt_line.as_bytes()), Ok(rcpt(&to.address)));
    }
}

/// Asserts that the reply to `line` begins with `status`.
fn refused(line: &[u8], status: &str) {
    let shown = String::from_utf8_lossy(line);
    let reply = parse(line).expect_err(&shown);
    assert!(reply.to_string().starts_with(&format!("{status} ")), "{shown:?} got {reply}, not {status}");
}

fn mail_from(reverse_path: &str) -> MailFrom {
    MailFrom { reverse_path: reverse_path.to_owned(), ..MailFrom::default() }
}

fn mail(reverse_path: &str) -> Command {
    Command::Mail(mail_from(reverse_path))
}

fn sized(mail: MailFrom, size: u64) -> Command {
    Command::Mail(MailFrom { size: Some(size), ..mail })
}

fn rcpt(address: &str) -> Command {
    Command::Rcpt(RcptTo { address: address.to_owned(), ..RcptTo::default() })
}
