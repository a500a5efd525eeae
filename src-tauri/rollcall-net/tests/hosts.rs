//! The client's side against scripted hosts: which one is tried, how we sign in, what is remembered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rollcall_core::Reply;
use rollcall_net::callforward::Opening;
use rollcall_net::{
    Body, Credentials, Deadlines, Destination, Fallback, NetError, Pool, Secret, TlsPolicy, Transaction, verify,
};
use rollcall_smtp::{MailFrom, RcptTo};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// A host that answers each line as `answer` says; `""` says nothing, `close` closes.
async fn host(answer: impl Fn(usize, &str) -> String + Send + Sync + 'static) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (at, count, answer) =
        (listener.local_addr().expect("an address"), Arc::new(AtomicUsize::new(0)), Arc::new(answer));
    let counting = Arc::clone(&count);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("a client");
            let (number, answer) = (counting.fetch_add(1, Ordering::SeqCst), Arc::clone(&answer));
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut line = String::from("(connected)");
                loop {
                    let said = answer(number, line.trim_end());
                    if said == "close" || stream.write_all(said.as_bytes()).await.is_err() {
                        return;
                    }
                    line.clear();
                    if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                        return;
                    }
                }
            });
        }
    });
    (at, count)
}

/// What a friendly host says.
fn friendly(line: &str, ehlo: &str) -> String {
    match line.split([' ', ':']).next().unwrap_or_default() {
        "(connected)" => "220 host\r\n".to_owned(),
        "EHLO" => format!("250-host\r\n{ehlo}250 HELP\r\n"),
        "MAIL" | "RCPT" | "RSET" => "250 2.0.0 OK\r\n".to_owned(),
        "DATA" => "354 go\r\n".to_owned(),
        "." => "250 2.0.0 taken\r\n".to_owned(),
        "QUIT" => "221 bye\r\n".to_owned(),
        _ => String::new(),
    }
}

fn to(at: SocketAddr, tls: TlsPolicy) -> Destination {
    Destination::new(at.ip().to_string(), at.port(), tls)
}

fn with(destination: Destination, secret: Secret) -> Destination {
    Destination { credentials: Some(Arc::new(Credentials { username: "office".into(), secret })), ..destination }
}

async fn asked(pool: &Pool, destination: &Destination) -> Result<(Box<Transaction>, Vec<Reply>), NetError> {
    let (mail, rcpt) = (MailFrom::default(), [RcptTo::plain("a@b.c")]);
    match Transaction::open(pool, destination, &mail, &rcpt, Deadlines::LIVE).await? {
        Opening::Asked(transaction, replies) => Ok((transaction, replies)),
        Opening::MailRefused(reply) => panic!("{reply}"),
        Opening::NeedsUtf8 => panic!("ASCII only"),
    }
}

#[tokio::test]
async fn the_next_host_takes_over_when_the_first_cannot_be_reached_and_is_remembered_for_a_while() {
    let (dead, _) = host(|_, _| "close".to_owned()).await;
    let (alive, _) = host(|_, line| friendly(line, "")).await;
    let fallback = Fallback { priority: 10, host: alive.ip().to_string(), port: alive.port(), tls: TlsPolicy::Never };
    let destination = Destination { fallbacks: vec![fallback], ..to(dead, TlsPolicy::Never) };
    let pool = Pool::new("relay.example", 10);

    for _ in 0..2 {
        let (transaction, replies) = asked(&pool, &destination).await.unwrap();
        assert!(replies[0].is_success());
        assert_eq!(transaction.peer(), alive.to_string());
    }
}

#[tokio::test]
async fn plain_login_and_xoauth2_are_spoken_and_a_refusal_names_no_secret() {
    let plain = |_: usize, line: &str| match line {
        "AUTH PLAIN AG9mZmljZQBodW50ZXIy" => "235 2.7.0 welcome\r\n".to_owned(),
        line => friendly(line, "250-AUTH PLAIN LOGIN\r\n"),
    };
    let login = |_: usize, line: &str| match line {
        "AUTH LOGIN" => "334 VXNlcm5hbWU6\r\n".to_owned(),
        "b2ZmaWNl" => "334 UGFzc3dvcmQ6\r\n".to_owned(),
        "aHVudGVyMg==" => "235 2.7.0 welcome\r\n".to_owned(),
        line => friendly(line, "250-AUTH=LOGIN\r\n"),
    };
    let refusing = |_: usize, line: &str| match line {
        line if line.starts_with("AUTH XOAUTH2 ") => "334 eyJzdGF0dXMiOiI0MDEifQ==\r\n".to_owned(),
        "" => "535 5.7.8 expired\r\n".to_owned(),
        line => friendly(line, "250-AUTH XOAUTH2\r\n"),
    };
    let pool = Pool::new("relay.example", 10);
    let password = || Secret::Password("hunter2".into());

    asked(&pool, &with(to(host(plain).await.0, TlsPolicy::Never), password())).await.unwrap();
    asked(&pool, &with(to(host(login).await.0, TlsPolicy::Never), password())).await.unwrap();
    let token = Secret::Token("hunter2".into());
    let error = asked(&pool, &with(to(host(refusing).await.0, TlsPolicy::Never), token)).await.err().unwrap();

    assert!(matches!(&error, NetError::Auth { reply, .. } if reply.code == 535), "{error:?}");
    assert!(!format!("{error:?} {}", error.chain()).contains("hunter2"));
}

#[tokio::test]
async fn a_host_whose_encryption_fails_is_not_asked_to_encrypt_again_at_once() {
    let (at, connections) = host(|_, line| match line {
        "STARTTLS" => "454 4.7.0 not now\r\n".to_owned(),
        line => friendly(line, "250-STARTTLS\r\n"),
    })
    .await;
    let (pool, destination) = (Pool::new("relay.example", 10), to(at, TlsPolicy::Opportunistic));

    drop(asked(&pool, &destination).await.unwrap());
    assert_eq!(connections.load(Ordering::SeqCst), 2, "tried, then in clear");
    drop(asked(&pool, &destination).await.unwrap());
    assert_eq!(connections.load(Ordering::SeqCst), 3, "in clear at once");
}

#[tokio::test]
async fn bdat_that_is_offered_and_refused_loses_nothing_and_data_is_used_next_time() {
    let (at, _) = host(|number, line| match line {
        line if line.starts_with("BDAT") => "502 5.5.1 what?\r\n".to_owned(),
        line if number == 0 && !line.contains(' ') && line != "(connected)" => String::new(),
        line => friendly(line, "250-CHUNKING\r\n"),
    })
    .await;
    let (pool, destination) = (Pool::new("relay.example", 10), to(at, TlsPolicy::Never));

    let (first, _) = asked(&pool, &destination).await.unwrap();
    let lost = first.deliver(b"", Body::Memory(b"Subject: x\r\n\r\nhello\r\n")).await;
    assert!(matches!(lost, Err(NetError::Protocol { .. })), "{lost:?}");
    let (second, _) = asked(&pool, &destination).await.unwrap();
    let taken = second.deliver(b"", Body::Memory(b"Subject: x\r\n\r\nhello\r\n")).await.unwrap();
    assert_eq!(taken.to_string(), "250 2.0.0 taken");
}

#[tokio::test]
async fn a_recipient_is_verified_with_the_null_reverse_path_or_postmaster_and_nothing_is_sent() {
    let (at, connections) = host(|_, line| match line {
        "MAIL FROM:<>" => "550 5.7.1 no null senders here\r\n".to_owned(),
        "RCPT TO:<nobody@acme.example>" => "550 5.1.1 unknown\r\n".to_owned(),
        "DATA" => panic!("nothing is sent"),
        line => friendly(line, ""),
    })
    .await;
    let (pool, destination) = (Pool::new("relay.example", 10), to(at, TlsPolicy::Never));
    let ask = |recipient: &'static str| {
        let (pool, destination) = (pool.clone(), destination.clone());
        async move { verify(&pool, &destination, "acme.example", recipient, Deadlines::LIVE).await.unwrap().code }
    };

    assert_eq!((ask("ann@acme.example").await, ask("nobody@acme.example").await), (250, 550));
    assert_eq!(connections.load(Ordering::SeqCst), 1, "one kept connection");
}

#[tokio::test]
async fn no_more_connections_are_in_use_than_allowed() {
    let (at, connections) = host(|_, line| friendly(line, "")).await;
    let (pool, destination) = (Pool::new("relay.example", 2), to(at, TlsPolicy::Never));
    let impatient = Deadlines { opening: Duration::from_millis(200), ..Deadlines::LIVE };
    let open = async || {
        let (mail, rcpt) = (MailFrom::default(), [RcptTo::plain("a@b.c")]);
        Transaction::open(&pool, &destination, &mail, &rcpt, impatient).await
    };

    let (first, _second) = (open().await.unwrap(), open().await.unwrap());
    assert!(matches!(open().await, Err(NetError::Busy { .. } | NetError::Timeout { .. })));
    let Opening::Asked(first, _) = first else { panic!("asked") };
    first.abandon().await;
    assert!(open().await.is_ok());
    assert_eq!(connections.load(Ordering::SeqCst), 2);
}
