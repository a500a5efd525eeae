//! The tray: closing the window changes nothing for mail.

use rollcall_tests::destination::Destination;

use super::desktop::{Desktop, Notifications, deliver, picture_of_screen, run, wait_for_window};
use crate::webdriver::until;

#[tokio::test]
async fn v17_x13_closing_the_window_hides_it_in_the_tray_says_so_once_and_mail_keeps_flowing() {
    let destination = Destination::knowing(&["ann"]).await;
    let (desktop, relay) = Desktop::start_before(destination.address).await;

    let notifications = Notifications::from_now_on();

    // The window goes, the icon and the relay stay, and the person is told.
    desktop.close_window().await;
    until("the tray holds the icon", async || tray_items().contains("/org/ayatana/NotificationItem/")).await;
    notifications.wait_for_one().await;
    picture_of_screen("tray-1-closed");
    deliver(relay, "kim@north.example", "ann@acme.example", "While the window is closed").await;
    assert_eq!(destination.taken().len(), 1);
    assert_eq!(desktop.state("ann@acme.example"), "watching");

    // A second start shows the window of the first; closing it again needs no words.
    desktop.start_again();
    wait_for_window().await;
    desktop.close_window().await;
    deliver(relay, "kim@north.example", "ann@acme.example", "Once more").await;
    assert_eq!(notifications.read(), ["Rollcall is still running"]);
}

/// The icons that registered with the session's tray.
fn tray_items() -> String {
    let service = "org.kde.StatusNotifierWatcher";
    let get = "org.freedesktop.DBus.Properties.Get";
    let place = ["--dest", service, "--object-path", "/StatusNotifierWatcher", "--method", get];
    let question = [service, "RegisteredStatusNotifierItems"];
    run("gdbus", &[&["call", "--session"], place.as_slice(), question.as_slice()].concat())
}
