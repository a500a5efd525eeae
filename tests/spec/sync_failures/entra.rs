//! Microsoft Entra, by the stand-in that Microsoft's own clients accept. It tells what changed since the last run.

use rollcall_api::Kind;
use rollcall_tests::directory::line::Line;
use rollcall_tests::graph::Graph;
use serde_json::{Value, json};

use super::{InStep, but};

const SET: &str = "set_entra_source";

fn source(graph: &Graph, line: &Line) -> Value {
    let url = format!("https://localhost:{}", line.address.port());
    json!({
        "tenant": graph.fact("TENANT"), "client_id": graph.fact("CLIENT"), "secret": graph.fact("SECRET"),
        "login_url": url, "graph_url": url, "ca_file": graph.fact("CA"),
    })
}

/// Where the stand-in is.
fn place(graph: &Graph) -> std::net::SocketAddr {
    let port = graph.fact("AUTHORITY").rsplit(':').next().and_then(|port| port.parse().ok());
    ([127, 0, 0, 1], port.expect("a port")).into()
}

/// What is wrong with each answer to a request for users or their changes.
fn users(fault: Value) -> Value {
    but(&json!({ "op": "fault", "path": "/users/delta", "status": 200, "times": 99 }), fault)
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_pitfall_5_no_trouble_of_microsoft_entra_changes_anybody() {
    let mut graph = Graph::with_more_people(250);
    let mut line = Line::to(place(&graph)).await;
    let good = source(&graph, &line);
    let in_step = InStep::with(Kind::Real, SET, good.clone()).await;

    line.is_down().await;
    in_step.fails_and_previews_nothing("the server is down", &["No connection to localhost", "network"]).await;
    in_step.takes_mail("the server is down").await;
    line.leads_to(place(&graph)).await;
    in_step.is_in_step("the server was down").await;

    for (what, fault, words) in [
        (
            "it dies in mid-page",
            json!({ "cut": true }),
            ["was lost before the answer was whole", "Nothing was changed"],
        ),
        ("truncated JSON", json!({ "raw": "{\"value\":[{\"id\":\"1\"" }), ["can't be read", "it ends too early"]),
        ("a list without its end", json!({ "body": { "value": [] } }), ["without saying that it is whole", "users"]),
        ("its own trouble", json!({ "status": 500 }), ["a problem of its own", "500"]),
        (
            "throttled for an hour",
            json!({ "status": 429, "retry_after": 3600 }),
            ["wait 1 hour", "next run tries again"],
        ),
    ] {
        graph.steer(&users(fault.clone()));
        in_step.fails(what, &words).await;
        // Set again, everybody is asked for again.
        in_step.relay.command(SET, good.clone()).await;
        in_step.fails(&format!("{what}, everybody"), &words).await;
        graph.steer(&json!({ "op": "reset_faults" }));
        in_step.is_in_step(what).await;
    }

    in_step.relay.command(SET, good.clone()).await;
    line.dies_after(60_000, place(&graph)).await;
    in_step.fails("the wire is cut in the page of everybody", &["was lost before the answer was whole"]).await;
    line.leads_to(place(&graph)).await;
    in_step.is_in_step("the wire was cut").await;

    let link = format!("{}/v1.0/users/delta?$deltatoken=x", good["graph_url"].as_str().expect("a URL"));
    graph.steer(&users(json!({ "body": { "value": [], "@odata.deltaLink": link } })));
    in_step.relay.command(SET, good).await;
    in_step.fails("nobody in the answer", &["without a single user", "Nothing was changed"]).await;
    graph.steer(&json!({ "op": "reset_faults" }));
    in_step.is_in_step("nobody in the answer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_z08_no_refusal_of_microsoft_entra_changes_anybody() {
    let mut graph = Graph::with_more_people(50);
    let line = Line::to(place(&graph)).await;
    let good = source(&graph, &line);
    let in_step = InStep::with(Kind::Real, SET, good.clone()).await;

    let elsewhere = but(&good, json!({ "tenant": "99999999-2222-3333-4444-555555555555" }));
    in_step.fails_with(SET, (&good, elsewhere), "the wrong tenant", &["There is no such tenant"]).await;
    let wrong = but(&good, json!({ "secret": "wrong" }));
    in_step.fails_with(SET, (&good, wrong), "the wrong secret", &["The client secret is wrong"]).await;
    let expired = but(&good, json!({ "client_id": graph.fact("CLIENT_EXPIRED") }));
    in_step.fails_with(SET, (&good, expired), "an expired secret", &["The client secret has expired"]).await;

    let client = graph.fact("CLIENT").to_owned();
    let rights = ["User.Read.All", "Group.Read.All", "OrgContact.Read.All", "MailboxSettings.Read"];
    for missing in &rights[..3] {
        let left: Vec<&&str> = rights.iter().filter(|right| *right != missing).collect();
        graph.steer(&json!({ "op": "roles", "client": client, "roles": left }));
        in_step.fails("a right was taken away", &["may not read", missing, "admin consent"]).await;
        graph.steer(&json!({ "op": "roles", "client": client, "roles": rights }));
        in_step.is_in_step("a right was taken away").await;
    }

    for number in 0..20 {
        graph.steer(&json!({ "op": "delete", "uid": format!("user{number:04}") }));
    }
    in_step.fails("many are missing", &["would be missing", "Nothing was changed"]).await;
    for number in 0..20 {
        graph.steer(&json!({ "op": "restore", "uid": format!("user{number:04}") }));
    }
    in_step.is_in_step("many were missing").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn m05_v07_a_delta_link_that_expired_is_no_failure_but_a_whole_reading() {
    let mut graph = Graph::with_more_people(50);
    let line = Line::to(place(&graph)).await;
    let in_step = InStep::with(Kind::Real, SET, source(&graph, &line)).await;
    let told = in_step.is_in_step("nothing").await["found"].clone();

    for resync in [410, 400] {
        graph.steer(&json!({ "op": "set", "resync": resync }));
        graph.steer(&json!({ "op": "expire_delta" }));
        let before = asked_for_everybody(&mut graph);

        let run = in_step.is_in_step("an expired delta link").await;

        assert_eq!(run["found"], told, "{resync}");
        assert_eq!(asked_for_everybody(&mut graph), before + 1, "{resync}: everybody was read again");
        in_step.is_in_step("the new delta link").await;
        assert_eq!(asked_for_everybody(&mut graph), before + 1, "{resync}: the new one holds");
    }
    graph.steer(&users(json!({ "status": 400, "code": "syncStateNotFound", "times": 1 })));
    let before = asked_for_everybody(&mut graph);
    in_step.is_in_step("syncStateNotFound").await;
    assert_eq!(asked_for_everybody(&mut graph), before + 1);
}

/// How often the first page of all users was asked for.
fn asked_for_everybody(graph: &mut Graph) -> usize {
    let log = graph.steer(&json!({ "op": "log" }));
    let paths = log.as_array().expect("a list").iter().filter_map(|request| request["path"].as_str());
    paths.filter(|path| path.contains("/users/delta") && !path.contains("token=")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn m05_v07_a_clock_that_is_wrong_is_said_with_how_much_and_changes_nobody() {
    let graph = Graph::with_more_people(30);
    let line = Line::to(place(&graph)).await;
    let in_step = InStep::with(Kind::Practice, SET, source(&graph, &line)).await;
    let read = |name: &str| std::fs::read_to_string(graph.fact(name)).expect("a file");
    let pem = read("CERT") + &read("CERT_KEY");
    in_step.relay.command("set_entra_certificate", json!({ "pem": pem })).await;
    in_step.is_in_step("a certificate takes the place of the secret").await;

    in_step.relay.command("skip_time", json!({ "hours": 3 })).await;
    in_step.fails("a clock that is ahead", &["clock is wrong by", "hours: it is ahead", "Set it right"]).await;

    in_step.relay.command("set_sync_secret", json!({ "secret": graph.fact("SECRET") })).await;
    in_step.is_in_step("a clock that is ahead").await;
}
