//! The mail log as a file that the real window writes: a web view may save none by itself.

use std::fs;
use std::path::Path;

use rollcall_tests::client::send;
use rollcall_tests::destination::Destination;
use tempfile::TempDir;

use super::desktop::{Desktop, deliver};
use crate::webdriver::until;

#[tokio::test]
async fn v15_the_mail_log_is_exported_to_the_folder_for_downloads_and_its_place_is_told() {
    let destination = Destination::knowing(&["ann"]).await;
    let folder = TempDir::new().expect("a temporary folder");
    let downloads = folder.path().join("Downloads");
    downloads_go_to(&downloads, &folder.path().join("config"));
    let desktop = Desktop::start_in(folder).await;
    let relay = desktop.serve(destination.address).await;
    deliver(relay, "kim@north.example", "ann@acme.example", "=1+1").await;
    deliver(relay, "lou@south.example", "ann@acme.example", "Lunch, on Friday").await;
    let refused = send(relay, "max@west.example", "nobody@acme.example", "Subject: x\r\n\r\nx").await;
    assert!(refused.starts_with("550"), "{refused}");
    desktop.window.click("[data-testid=nav-mail-flow]").await;

    let first = export(&desktop, &downloads.join("rollcall-mail-log.csv")).await;
    desktop.picture("export-1-told").await;

    let lines: Vec<&str> = first.lines().collect();
    assert_eq!(lines.len(), 4, "a line of names and one for each recipient: {first}");
    assert!(lines[0].starts_with("time,result,reason,direction,sender,recipient,subject,"), "{first}");
    assert!(lines[1].contains(",refused,user_unknown,inbound,max@west.example,nobody@acme.example,"), "{first}");
    assert!(lines[2].contains(r#","Lunch, on Friday","#) && lines[3].contains(",'=1+1,"), "{first}");

    // What is searched for is what is written, beside the file that is there.
    desktop.window.click("[data-testid=tab-problems]").await;
    desktop.window.click("[data-testid=tab-all]").await;
    desktop.window.run("document.querySelector('[data-testid=reason]').value = 'user_unknown'").await;
    let changed =
        "document.querySelector('[data-testid=reason]').dispatchEvent(new Event('change', { bubbles: true }))";
    desktop.window.run(changed).await;
    let second = export(&desktop, &downloads.join("rollcall-mail-log (2).csv")).await;
    assert_eq!(second.lines().count(), 2, "{second}");
    assert!(second.contains("nobody@acme.example") && !second.contains("Lunch"), "{second}");
}

/// Exports what the list shows; the file, once the window has told where it is.
async fn export(desktop: &Desktop, file: &Path) -> String {
    desktop.window.click("[data-testid=more]").await;
    desktop.window.click("[data-testid=export-csv]").await;
    let place = file.display().to_string();
    until("the window tells where the file is", async || {
        desktop.window.text("[data-testid=toast]").await.contains(&place)
    })
    .await;
    fs::read_to_string(file).expect("the file")
}

/// Writes down where downloads go, as a desktop does (xdg-user-dirs).
fn downloads_go_to(downloads: &Path, config: &Path) {
    fs::create_dir_all(config).expect("a folder for settings");
    let line = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
    fs::write(config.join("user-dirs.dirs"), line).expect("written");
}
