//! The first light: an address appears in the window because mail came, and a click makes it a user who gets mail even
//! while the mail server is away.

use rollcall_tests::client::Client;
use rollcall_tests::postfix::Postfix;

use super::desktop::{DOMAIN, Desktop, deliver};

const ANN: &str = "ann.lee@acme.example";
const ROW: &str = "[data-testid='row-ann.lee@acme.example']";

#[tokio::test]
async fn d06_d18_mail_arrives_a_row_appears_and_one_click_makes_it_a_user_that_an_absent_mail_server_cannot_stop() {
    let postfix = Postfix::knowing(DOMAIN, &["ann.lee".to_owned(), "ben".to_owned()]);
    let (desktop, relay) = Desktop::start_before(postfix.address).await;
    let window = &desktop.window;
    window.click("[data-testid=nav-discovered]").await;
    window.run("window.samePage = true").await;

    // Three clean messages, over a real socket, to a real mail server.
    for (sender, subject) in
        [("kim@north.example", "Offer"), ("lou@south.example", "Lunch"), ("max@west.example", "Plan")]
    {
        deliver(relay, sender, ANN, subject).await;
    }

    // The row appears by itself; selecting it shows why.
    window.click(ROW).await;
    window.wait_for("[data-testid=verdict]").await;
    desktop.picture("first-light-1-discovered").await;
    assert_eq!(desktop.state(ANN), "discovered");

    // One click makes it a user.
    window.click("[data-testid=make-user]").await;
    window.wait_until_gone(ROW).await;
    let said = window.text("[data-testid=toast]").await;
    assert!(said.contains("ann.lee"), "{said}");
    desktop.picture("first-light-2-user").await;
    assert_eq!(desktop.state(ANN), "user");

    // The mail server is stopped: the directory answers for the user, and nobody else is let in.
    postfix.stop();
    let mut client = Client::with_mail(relay, "kim@north.example").await;
    let listed = client.say(&format!("RCPT TO:<{ANN}>")).await;
    let unlisted = client.say("RCPT TO:<stranger@acme.example>").await;
    assert!(listed.starts_with("250"), "{listed}");
    assert!(unlisted.starts_with("451"), "{unlisted}");
    client.say("QUIT").await;

    // Undo brings the row back.
    window.press_ctrl("z").await;
    window.wait_for(ROW).await;
    desktop.picture("first-light-3-undone").await;
    assert_eq!(desktop.state(ANN), "discovered");
    assert_eq!(window.run("return window.samePage").await, true, "all of it without loading the page anew");
}
