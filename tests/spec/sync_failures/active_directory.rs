//! A real Samba Active Directory behind a Windows domain controller's limits. It tells what changed since the last run.

use rollcall_api::Kind;
use rollcall_tests::directory::line::Line;
use rollcall_tests::directory::samba::Samba;
use serde_json::json;

use super::{InStep, but, file};

const SET: &str = "set_ldap_source";
/// Of the account that reads.
const ENABLED: &str = "512";
const DISABLED: &str = "514";

/// What lets the account in, or not.
fn account_is(server: &Samba, control: &str) {
    let dn = format!("CN=svc-ldap,OU=Service Accounts,{}", Samba::OFFICE);
    server
        .modify(&format!("dn: {dn}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: {control}\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_pitfalls_5_6_nothing_that_goes_wrong_with_active_directory_changes_anybody() {
    let server = Samba::office();
    let controller = server.limited("server", 1_000, 10);
    let mut line = Line::to(controller.address).await;
    let authority = file(&server.authority());
    let good = json!({
        "host": "localhost", "port": line.address.port(), "security": "ldaps", "ca_file": authority.path(),
        "bind_dn": Samba::READER, "search_base": Samba::OFFICE, "secret": Samba::PASSWORD,
    });
    let in_step = InStep::with(Kind::Practice, SET, good.clone()).await;

    line.is_down().await;
    in_step.fails_and_previews_nothing("the server is down", &["Nothing answers at localhost", "runs"]).await;
    in_step.takes_mail("the server is down").await;
    for octets in [12_000, 60_000] {
        line.dies_after(octets, controller.address).await;
        in_step
            .fails(&format!("it dies after {octets} octets of changes"), &["broke off", "Nothing of it is used"])
            .await;
    }
    line.leads_to(controller.address).await;
    in_step.is_in_step("it died while it told changes").await;
    // Set again, everybody is asked for again: more than one page.
    in_step.relay.command(SET, good.clone()).await;
    line.dies_after(400_000, controller.address).await;
    in_step.fails("it dies in the second page of everybody", &["broke off", "Nothing of it is used"]).await;
    line.leads_to(controller.address).await;
    in_step.is_in_step("it died in mid-page").await;

    let smaller = server.limited("server", 100, 5);
    in_step.relay.command(SET, good.clone()).await;
    line.leads_to(smaller.address).await;
    let run = in_step.is_in_step("fewer at once: no failure").await;
    assert!(run["found"].as_u64().is_some_and(|found| found > 1_500), "{run}");
    line.leads_to(controller.address).await;

    let nobody = but(&good, json!({ "filter": "(department=Nobody)" }));
    in_step.fails_with(SET, (&good, nobody), "nobody in the answer", &["Nobody with a mail address", "filter"]).await;
    let nowhere = but(&good, json!({ "search_base": format!("OU=Nowhere,{}", Samba::OFFICE) }));
    in_step.fails_with(SET, (&good, nowhere), "the wrong base", &["OU=Nowhere", "Look at the search base"]).await;
    let services = but(&good, json!({ "search_base": format!("OU=Service Accounts,{}", Samba::OFFICE) }));
    in_step
        .fails_with(SET, (&good, services), "a part of the base", &["would be missing", "Nothing was changed"])
        .await;

    account_is(&server, DISABLED);
    in_step.fails("the account was disabled", &["The account is disabled"]).await;
    account_is(&server, ENABLED);
    in_step.is_in_step("the account was disabled").await;

    // The cursor is good for a day.
    in_step.relay.command("set_sync_schedule", json!({ "hours": 0 })).await;
    in_step.relay.command("skip_time", json!({ "hours": 48 })).await;
    in_step.relay.command("set_sync_schedule", json!({ "hours": 24 })).await;
    in_step.is_in_step("a clock that is two days ahead: read whole").await;
}
