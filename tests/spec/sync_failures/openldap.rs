//! A real OpenLDAP. It tells everything at each run.

use rollcall_api::Kind;
use rollcall_tests::directory::line::Line;
use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use serde_json::{Value, json};

use super::{InStep, but};

const SET: &str = "set_ldap_source";
/// As large that 5 % are some.
const PEOPLE: usize = 200;

fn office(rights: &str) -> OpenLdap {
    OpenLdap::with(Manner { people: PEOPLE, rights, ..Manner::default() })
}

fn source(line: &Line) -> Value {
    json!({
        "host": "localhost", "port": line.address.port(), "security": "none",
        "bind_dn": OpenLdap::READER, "search_base": OpenLdap::BASE, "secret": OpenLdap::PASSWORD,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_pitfall_6_no_trouble_of_an_ldap_server_changes_anybody() {
    let server = office("");
    let mut line = Line::to(server.clear).await;
    let in_step = InStep::with(Kind::Real, SET, source(&line)).await;

    line.is_down().await;
    in_step.fails_and_previews_nothing("the server is down", &["Nothing answers at localhost", "runs"]).await;
    in_step.takes_mail("the server is down").await;
    line.leads_to(server.clear).await;
    in_step.is_in_step("the server was down").await;

    for octets in [3, 8_000, 60_000] {
        line.dies_after(octets, server.clear).await;
        in_step
            .fails(&format!("it dies after {octets} octets"), &["localhost", "broke off", "Nothing of it is used"])
            .await;
    }
    line.leads_to(server.clear).await;
    in_step.is_in_step("it died in mid-page").await;

    let limits = "size.soft=100 size.hard=100 size.pr=50 size.prtotal=100";
    let limited = OpenLdap::with(Manner { people: PEOPLE, limits, ..Manner::default() });
    line.leads_to(limited.clear).await;
    in_step.fails("a size limit", &["would look deleted", "nothing is used"]).await;
    line.leads_to(server.clear).await;
    in_step.is_in_step("a size limit").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_pitfall_5_no_answer_with_fewer_people_in_it_changes_anybody() {
    let server = office("");
    let mut line = Line::to(server.clear).await;
    let good = source(&line);
    let in_step = InStep::with(Kind::Real, SET, good.clone()).await;

    let nobody = but(&good, json!({ "filter": "(uid=nobody-at-all)" }));
    in_step.fails_with(SET, (&good, nobody), "nobody in the answer", &["Nobody with a mail address", "filter"]).await;
    let some = but(&good, json!({ "filter": "(uid=user00*)" }));
    in_step.relay.command(SET, some).await;
    in_step.fails("half of them", &["would be missing", "Nothing was changed"]).await;
    let inbox = in_step.relay.query("inbox", json!({})).await;
    assert!(
        inbox["rows"].as_array().is_some_and(|all| all.iter().any(|row| row["kind"] == "sync_stopped")),
        "N16: {inbox}"
    );
    in_step.relay.command(SET, good.clone()).await;
    in_step.is_in_step("half of them").await;
    let nowhere = but(&good, json!({ "search_base": "ou=Nowhere,dc=office,dc=test" }));
    in_step.fails_with(SET, (&good, nowhere), "the wrong base", &["ou=Nowhere", "Look at the search base"]).await;
    let groups = but(&good, json!({ "search_base": "ou=Groups,dc=office,dc=test" }));
    in_step.fails_with(SET, (&good, groups), "a part of the base", &["would be missing", "Nothing was changed"]).await;
    let wrong = but(&good, json!({ "secret": "wrong" }));
    in_step.fails_with(SET, (&good, wrong), "the wrong password", &["name or its password is wrong"]).await;

    for (what, rights, words) in [
        ("it may see nothing any more", "access to * by users none", ["the account may not see it", "search base"]),
        (
            "it may read no mail address any more",
            "access to attrs=mail,proxyAddresses,mailAlternateAddress by users none",
            ["Nobody with a mail address", "may read mail addresses"],
        ),
        (
            "it may not see the people any more",
            "access to dn.subtree=\"ou=People,dc=office,dc=test\" by users none",
            ["would be missing", "Nothing was changed"],
        ),
    ] {
        let revoked = office(rights);
        line.leads_to(revoked.clear).await;
        in_step.fails(what, &words).await;
        line.leads_to(server.clear).await;
        in_step.is_in_step(what).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn m04_n15_a_server_that_is_down_for_days_is_told_and_nobody_changes() {
    let server = OpenLdap::with(Manner { people: 30, ..Manner::default() });
    let mut line = Line::to(server.clear).await;
    let in_step = InStep::with(Kind::Practice, SET, source(&line)).await;
    line.is_down().await;

    in_step.relay.command("skip_time", json!({ "hours": 73 })).await;

    in_step.nobody_changed("three days").await;
    let runs = in_step.relay.query("sync_runs", json!({ "limit": 3 })).await;
    for run in runs["rows"].as_array().expect("rows") {
        assert_eq!((&run["cause"], &run["outcome"]), (&json!("schedule"), &json!("failed")), "{run}");
        assert!(run["sentence"].as_str().is_some_and(|said| said.contains("Nothing answers at localhost")), "{run}");
    }
    let inbox = in_step.relay.query("inbox", json!({})).await;
    let is_about_it = |row: &&Value| row["text"].as_str().is_some_and(|text| text.contains("gave no whole answer"));
    let open: Vec<&Value> = inbox["rows"].as_array().expect("rows").iter().filter(is_about_it).collect();
    assert_eq!(open.len(), 1, "told once, however often it fails: {inbox}");
    assert!(open[0]["text"].as_str().is_some_and(|text| text.contains("3 times. People stay as they are.")), "{inbox}");
    line.leads_to(server.clear).await;
    in_step.is_in_step("three days").await;
}
