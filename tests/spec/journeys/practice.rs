//! The practice office: what a newcomer sees who has set nothing up.

use serde_json::json;

use super::desktop::Desktop;
use crate::webdriver::until;

#[tokio::test]
async fn r12_a_newcomer_tries_the_practice_office_skips_a_day_and_leaves_it_again() {
    let desktop = Desktop::start().await;
    let window = &desktop.window;
    desktop.picture("practice-1-welcome").await;

    // One click, and real SMTP brings invented people.
    window.click("[data-testid=try-practice]").await;
    window.click("[data-testid=nav-discovered]").await;
    window.wait_for("[data-testid^=row-]").await;
    desktop.picture("practice-2-discovered").await;

    // The virtual clock moves on by a day.
    let clock = "[data-testid=practice-clock]";
    let before = clock_ms(&desktop).await;
    window.click("[data-testid=skip-day]").await;
    until("the clock has moved by a day", async || clock_ms(&desktop).await - before >= 24 * 60 * 60 * 1000).await;
    assert!(!window.text(clock).await.is_empty());
    window.wait_for("[data-testid=practice-bar]").await;
    desktop.picture("practice-3-a-day-later").await;

    // Leaving leads back to where nothing is set up; nothing was copied.
    window.click("[data-testid=leave-practice]").await;
    window.wait_for("[data-testid=try-practice]").await;
    desktop.picture("practice-4-left").await;
    let real = desktop.ask("query", "health", &json!({}));
    assert_eq!((&real["practice"], &real["state"]), (&json!(false), &json!("not_set_up")));
    assert_eq!(desktop.ask("query", "addresses", &json!({}))["total"], 0);
}

/// The clock line's machine-readable time, in milliseconds since 1970 UTC.
async fn clock_ms(desktop: &Desktop) -> i64 {
    let script = "return Date.parse(document.querySelector('[data-testid=practice-clock] time').dateTime)";
    desktop.window.run(script).await.as_i64().expect("a time on the clock line")
}
