//! The notification about new addresses, shown by a real notification daemon.

use rollcall_tests::destination::Destination;

use super::desktop::{Desktop, Notifications, deliver, picture_of_screen, wait_for_window};

const KIM: &str = "kim.cedar@acme.example";

#[tokio::test]
async fn d25_x12_new_addresses_make_one_notification_whose_click_opens_the_list_at_the_row() {
    let destination = Destination::knowing(&["kim.cedar"]).await;
    let (desktop, relay) = Desktop::start_before(destination.address).await;
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
