//! The notification about new addresses, shown by a real notification daemon.

use rollcall_tests::destination::Destination;
use serde_json::json;

use super::desktop::{Desktop, Notifications, deliver, picture_of_screen, wait_for_window};
use crate::webdriver::until;

const KIM: &str = "kim.cedar@acme.example";
const SAM: &str = "sam.birch@acme.example";

#[tokio::test]
async fn d25_x12_new_addresses_make_one_notification_whose_click_opens_the_list_at_the_row() {
    let destination = Destination::knowing(&["kim.cedar"]).await;
    let (desktop, relay) = Desktop::start_telling_before(destination.address).await;
    let closing = Notifications::from_now_on();
    desktop.close_window().await;
    closing.wait_for_one().await;
    closing.read();

    // Nobody looks at the window when the third clean message comes.
    let notifications = Notifications::from_now_on();
    for (sender, subject) in [("a@north.example", "One"), ("b@south.example", "Two"), ("c@west.example", "Three")] {
        deliver(relay, sender, KIM, subject).await;
    }
    notifications.wait_for_one().await;
    picture_of_screen("notification-1-shown");

    // A click on it brings the window back, at the row.
    notifications.click().await;
    wait_for_window().await;
    desktop.window.wait_for("[data-testid=make-user]").await;
    let place = desktop.window.run("return location.hash").await;
    assert!(place.as_str().is_some_and(|place| place.starts_with("#/discovered")), "{place}");
    desktop.picture("notification-2-clicked").await;
    assert_eq!(notifications.read(), ["New address: kim.cedar"], "exactly one");
}

#[tokio::test]
async fn x11_a_button_on_the_notification_makes_the_user_in_one_click_and_the_answer_takes_it_back() {
    let destination = Destination::knowing(&["sam.birch"]).await;
    let (desktop, relay) = Desktop::start_telling_before(destination.address).await;
    let closing = Notifications::from_now_on();
    desktop.close_window().await;
    closing.wait_for_one().await;
    closing.read();
    let notifications = Notifications::from_now_on();
    for (sender, subject) in [("a@north.example", "One"), ("b@south.example", "Two"), ("c@west.example", "Three")] {
        deliver(relay, sender, SAM, subject).await;
    }
    notifications.wait_for_one().await;

    // One click, and no window.
    notifications.press("Make user");
    until("the button made the user", async || desktop.state(SAM) == "user").await;
    notifications.wait_for_one().await;
    picture_of_screen("notification-3-done");

    // The answer has the way back.
    notifications.press("Undo");
    until("it was taken back", async || desktop.state(SAM) == "discovered").await;
    notifications.wait_for_one().await;
    assert_eq!(notifications.read(), ["Done", "Done", "New address: sam.birch"]);
    let journal = desktop.ask("query", "journal", &json!({ "limit": 2 }));
    let actions: Vec<_> = journal["rows"].as_array().expect("rows").iter().map(|row| row["action"].clone()).collect();
    assert_eq!(actions, ["undo", "create_user"]);
    let inbox = desktop.ask("query", "inbox", &json!({}));
    assert_eq!((&inbox["rows"][0]["state"], &inbox["unread"]), (&json!("dealt_with"), &json!(0)));
}
