use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;

#[tokio::test]
async fn a_message_for_a_mailbox_is_taken_and_counted() {
    let server = MailServer::start(0).await.unwrap();
    let message = "Subject: Slot 7\r\n\r\nHello\r\n..dot\r\n.\r\n";

    let replies = talk(
        &server,
        &[
            "EHLO relay.example\r\n",
            "MAIL FROM:<a@contoso.example>\r\nRCPT TO:<Ann.Lee@fabrikam.example>\r\nRCPT TO:<info@fabrikam.example>\r\nDATA\r\n",
            message,
            "QUIT\r\n",
        ],
    )
    .await;

    assert!(replies.starts_with("220 mail.fabrikam.example ESMTP"), "{replies}");
    for line in ["PIPELINING", "250 2.1.0 ", "250 2.1.5 Recipient OK", "354 ", "250 2.0.0 Kept as message 1", "221 "] {
        assert!(replies.contains(line), "{line} in {replies}");
    }
    let ann = count(&server, "ann.lee@fabrikam.example");
    assert_eq!((ann.received, ann.subjects), (1, vec!["Slot 7".to_owned()]));
    assert_eq!(count(&server, "info@fabrikam.example").received, 1);
    server.close().await;
}

#[tokio::test]
async fn an_unknown_recipient_is_refused_however_often_and_the_session_goes_on() {
    let server = MailServer::start(0).await.unwrap();
    let guesses = "RCPT TO:<nobody@fabrikam.example>\r\n".repeat(30);

    let replies = talk(
        &server,
        &[
            "EHLO relay.example\r\nMAIL FROM:<>\r\n",
            &guesses,
            "RCPT TO:<a@elsewhere.example>\r\nRCPT TO:<postmaster>\r\nRSET\r\nNOOP\r\nQUIT\r\n",
        ],
    )
    .await;

    assert_eq!(replies.matches("550 5.1.1 <nobody@fabrikam.example>: No such mailbox here").count(), 30);
    assert_eq!(replies.matches("554 5.7.1 <a@elsewhere.example>: Relay access denied").count(), 1);
    assert_eq!(replies.matches("250 2.1.5 Recipient OK").count(), 1, "{replies}");
    assert!(replies.trim_end().lines().last().unwrap().starts_with("221 "), "{replies}");
    assert!(server.mailboxes().iter().all(|row| row.received == 0));
    server.close().await;
}

#[tokio::test]
async fn a_bare_line_feed_in_the_content_ends_the_conversation_and_nothing_is_counted() {
    let server = MailServer::start(0).await.unwrap();

    let replies = talk(
        &server,
        &[
            "EHLO relay.example\r\nMAIL FROM:<>\r\nRCPT TO:<info@fabrikam.example>\r\nDATA\r\n",
            "Subject: x\r\n\r\none\n.\r\nMAIL FROM:<smuggled@contoso.example>\r\n",
        ],
    )
    .await;

    assert!(replies.contains("550 5.5.2 ") && !replies.contains("Kept as"), "{replies}");
    assert_eq!(count(&server, "info@fabrikam.example").received, 0);
    server.close().await;
}

#[tokio::test]
async fn closing_ends_open_conversations_and_lets_go_of_the_port() {
    let server = MailServer::start(0).await.unwrap();
    let address = server.address();
    let mut client = TcpStream::connect(address).await.unwrap();
    client.read_u8().await.unwrap();

    server.close().await;

    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_port_of_last_time_is_taken_again_and_another_one_when_it_is_busy() {
    let first = MailServer::start(0).await.unwrap();
    let port = first.address().port();

    let second = MailServer::start(port).await.unwrap();
    assert_ne!(second.address().port(), port);
    first.close().await;

    let third = MailServer::start(port).await.unwrap();
    assert_eq!(third.address().port(), port);
    second.close().await;
    third.close().await;
}

/// Sends each piece, and returns everything the server said until it closed.
async fn talk(server: &MailServer, pieces: &[&str]) -> String {
    let mut client = TcpStream::connect(server.address()).await.unwrap();
    for piece in pieces {
        client.write_all(piece.as_bytes()).await.unwrap();
    }
    let mut said = String::new();
    client.read_to_string(&mut said).await.unwrap();
    said
}

fn count(server: &MailServer, address: &str) -> MailboxCount {
    server.mailboxes().into_iter().find(|row| row.address == address).unwrap()
}
