//! What goes wrong with Microsoft Entra: each time one sentence that says what to do, and never an empty directory
//! (M05, Z08, pitfalls 5 and 15).

use std::time::Duration;

use rollcall_directory::{Ask, Credential, DirectoryError, EntraSettings, Patience, Secret, Source};
use rollcall_tests::graph::Graph;
use rollcall_tests::peer;
use serde_json::{Value, json};

use super::entra::{read, whole};

fn with_secret(graph: &Graph, secret: &str) -> EntraSettings {
    EntraSettings { credential: Credential::Secret(Secret::new(secret.to_owned())), ..graph.settings() }
}

/// Why reading everything fails.
async fn refused(settings: &EntraSettings) -> DirectoryError {
    let error = read(settings, None).await.expect_err("it fails");
    let sentence = error.to_string();
    assert!(sentence.ends_with('.') && !sentence.contains("good-secret"), "{sentence}");
    error
}

/// Why reading everything fails after `fault`; the same fault ends a reading of changes in the same way.
async fn refused_after(fault: &Value) -> DirectoryError {
    let mut graph = Graph::start();
    let settings = graph.settings();
    let cursor = read(&settings, None).await.expect("it works before").cursor;
    graph.steer(fault);

    let error = refused(&settings).await;

    graph.steer(&json!({ "op": "reset_faults" }));
    graph.steer(fault);
    let of_changes = read(&settings, cursor.clone()).await.expect_err("it fails");
    assert_eq!(of_changes, error, "changes fail in the same words");
    graph.steer(&json!({ "op": "reset_faults" }));
    assert!(read(&settings, cursor).await.is_ok(), "the cursor of the last good answer still holds");
    error
}

fn page(body: &Value) -> Value {
    json!({ "op": "fault", "path": "/users/delta", "status": 200, "times": 9, "body": body })
}

#[tokio::test]
async fn m05_a_wrong_an_expired_secret_an_unknown_app_and_a_wrong_tenant_are_told_apart() {
    let graph = Graph::start();
    let settings = graph.settings();
    let other = |client_id: &str| EntraSettings { client_id: client_id.to_owned(), ..settings.clone() };
    let elsewhere = EntraSettings { tenant: "99999999-2222-3333-4444-555555555555".to_owned(), ..settings.clone() };
    let cases = [
        (with_secret(&graph, "nope"), "The client secret is wrong."),
        (other(graph.fact("CLIENT_EXPIRED")), "The client secret has expired."),
        (other("bbbbbbbb-0000-0000-0000-000000000000"), "There is no app with this application (client) id"),
        (elsewhere, "There is no such tenant in this cloud."),
    ];

    for (settings, begins) in cases {
        let error = refused(&settings).await;

        assert!(matches!(error, DirectoryError::SignIn(_)), "{error:?}");
        assert!(error.to_string().starts_with(begins), "{error}");
    }
}

#[tokio::test]
async fn m05_a_certificate_that_nobody_registered_is_said() {
    let graph = Graph::start();
    let settings = EntraSettings { credential: graph.other_certificate(), ..graph.settings() };

    let error = refused(&settings).await;

    assert!(matches!(error, DirectoryError::SignIn(_)), "{error:?}");
    assert!(error.to_string().starts_with("The certificate is not registered with the app."), "{error}");
}

#[tokio::test]
async fn m05_a_clock_that_is_wrong_is_said_with_how_much() {
    let graph = Graph::start();
    let settings = EntraSettings { credential: graph.certificate(), ..graph.settings() };
    let now_ms = jiff::Timestamp::now().as_millisecond() - 7_230_000;

    let error = Source::Entra(settings).read(&Ask { now_ms, ..Ask::default() }).await.expect_err("it fails");

    let sentence = "This computer's clock is wrong by 2 hours: it is behind. Set it right, then try again.";
    assert_eq!(error, DirectoryError::SignIn(sentence.to_owned()));
}

#[tokio::test]
async fn m05_settings_that_cannot_work_are_said_before_anybody_is_asked() {
    let mut graph = Graph::start();
    let settings = graph.settings();
    let cases = [
        EntraSettings { tenant: "office/..".to_owned(), ..settings.clone() },
        EntraSettings { tenant: "common".to_owned(), ..settings.clone() },
        EntraSettings { client_id: " ".to_owned(), ..settings.clone() },
        EntraSettings { graph_url: settings.graph_url.replace("https", "http"), ..settings.clone() },
        EntraSettings { credential: Credential::Certificate(Secret::new("no PEM".to_owned())), ..settings.clone() },
        EntraSettings { authority: Some("no PEM".to_owned()), ..settings.clone() },
        with_secret(&graph, ""),
    ];

    for settings in cases {
        assert!(matches!(refused(&settings).await, DirectoryError::Settings(_)), "{settings:?}");
    }
    assert_eq!(graph.times("").len(), 0);
}

#[tokio::test]
async fn z08_a_right_that_is_missing_is_named() {
    let graph = Graph::start();
    for (client, permission) in [("CLIENT_NOPERM", "User.Read.All"), ("CLIENT_USERSONLY", "Group.Read.All")] {
        let settings = EntraSettings { client_id: graph.fact(client).to_owned(), ..graph.settings() };

        let error = refused(&settings).await;

        assert!(matches!(error, DirectoryError::Permission(_)), "{error:?}");
        assert!(error.to_string().contains(permission), "{error}");
    }
}

#[tokio::test]
async fn z08_a_right_that_is_taken_away_is_named_and_changes_nothing() {
    let mut graph = Graph::start();
    let settings = graph.settings();
    let cursor = read(&settings, None).await.expect("it works before").cursor;
    graph
        .steer(&json!({ "op": "roles", "client": graph.fact("CLIENT"), "roles": ["User.Read.All", "Group.Read.All"] }));

    let error = read(&settings, cursor).await.expect_err("it fails");

    assert!(matches!(error, DirectoryError::Permission(_)), "{error:?}");
    assert!(error.to_string().contains("OrgContact.Read.All"), "{error}");
}

#[tokio::test]
async fn m05_throttled_for_an_hour_it_does_not_wait_and_says_how_long() {
    let fault = json!({ "op": "fault", "path": "/users/delta", "status": 429, "times": 9, "retry_after": 3600 });

    let error = refused_after(&fault).await;

    let DirectoryError::Throttled { message, wait } = error else { panic!("{error:?}") };
    assert_eq!(wait, Duration::from_secs(3_600));
    assert!(message.contains("wait 1 hour"), "{message}");
}

#[tokio::test]
async fn m05_not_available_for_longer_than_may_be_waited_is_said() {
    let mut graph = Graph::start();
    graph.steer(&json!({ "op": "fault", "path": "/contacts/delta", "status": 503, "times": 99, "retry_after": 1 }));
    let patience = Patience { throttled: Duration::from_millis(1_500), ..Patience::default() };

    let ask = Ask { patience, ..Ask::default() };
    let error = Source::Entra(graph.settings()).read(&ask).await.expect_err("it fails");

    assert!(matches!(error, DirectoryError::Throttled { .. }), "{error:?}");
    assert_eq!(graph.times("/contacts/delta").len(), 2, "it was asked again once");
}

#[tokio::test]
async fn m05_a_page_that_is_cut_off_is_no_answer() {
    let raw =
        json!({ "op": "fault", "path": "/users/delta", "status": 200, "times": 9, "raw": "{\"value\":[{\"id\":\"1\"" });

    let error = refused_after(&raw).await;

    assert!(matches!(error, DirectoryError::Unreadable(_)), "{error:?}");
    assert!(error.to_string().contains("it ends too early"), "{error}");
}

#[tokio::test]
async fn m05_a_connection_that_is_closed_in_the_middle_of_a_page_is_no_answer() {
    let mut graph = Graph::start();
    graph.steer(&json!({ "op": "set", "delta_page": 200 }));
    graph.steer(&json!({ "op": "fault", "path": "/users/delta", "after": 1, "status": 200, "times": 9, "cut": true }));

    let error = refused(&graph.settings()).await;

    assert!(matches!(error, DirectoryError::Unreachable(_)), "{error:?}");
    assert!(error.to_string().contains("was lost"), "{error}");
}

#[tokio::test]
async fn m05_a_server_that_hangs_is_given_up_after_the_deadline() {
    let mut graph = Graph::start();
    graph.steer(&json!({ "op": "fault", "path": "/groups/delta", "status": 200, "hang": 20, "body": {} }));
    let patience = Patience { answer: Duration::from_secs(2), ..Patience::default() };

    let ask = Ask { patience, ..Ask::default() };
    let error = Source::Entra(graph.settings()).read(&ask).await.expect_err("it fails");

    assert!(matches!(error, DirectoryError::Unreachable(_)), "{error:?}");
    assert!(error.to_string().contains("did not answer within 2 seconds"), "{error}");
}

#[tokio::test]
async fn m05_a_server_that_is_down_or_that_nobody_vouches_for_is_said() {
    let mut graph = Graph::start();
    let down = format!("https://localhost:{}", peer::free_address().port());

    let error = refused(&EntraSettings { login_url: down, ..graph.settings() }).await;
    let stranger = refused(&EntraSettings { authority: None, ..graph.settings() }).await;

    assert!(matches!(error, DirectoryError::Unreachable(_)), "{error:?}");
    assert!(error.to_string().starts_with("No connection to localhost could be made"), "{error}");
    assert!(matches!(stranger, DirectoryError::Certificate { .. }), "{stranger:?}");
    assert!(stranger.to_string().contains("does not trust"), "{stranger}");
    assert_eq!(graph.times("").len(), 0, "no secret went to a stranger");
}

#[tokio::test]
async fn m05_a_next_page_on_another_server_is_not_asked_for() {
    let mut graph = Graph::start();
    graph.steer(&json!({ "op": "set", "delta_page": 200, "next_base": "https://graph.evil.example" }));

    let error = refused(&graph.settings()).await;

    assert!(matches!(error, DirectoryError::Unreadable(_)), "{error:?}");
    assert!(error.to_string().contains("another server"), "{error}");
}

#[tokio::test]
async fn m05_pages_that_lead_in_a_circle_are_left() {
    let mut graph = Graph::start();
    let link = format!("{}/v1.0/users/delta?$skiptoken=x", graph.fact("AUTHORITY"));
    graph.steer(&page(&json!({ "value": [{ "id": "1" }], "@odata.nextLink": link })));

    let error = refused(&graph.settings()).await;

    assert!(error.to_string().contains("lead back"), "{error}");
    assert_eq!(graph.times("/users/delta").len(), 2);
}

#[tokio::test]
async fn m05_a_redirect_is_not_followed() {
    let error =
        refused_after(&json!({ "op": "fault", "path": "/users/delta", "status": 302, "times": 9, "body": {} })).await;

    assert!(matches!(error, DirectoryError::Unreadable(_)), "{error:?}");
}

#[tokio::test]
async fn m05_a_list_that_ends_without_saying_that_it_is_whole_is_not() {
    let error = refused_after(&page(&json!({ "value": [] }))).await;

    assert!(matches!(error, DirectoryError::Incomplete(_)), "{error:?}");
}

#[tokio::test]
async fn m05_an_answer_without_a_single_user_is_no_directory() {
    let mut graph = Graph::start();
    let link = format!("{}/v1.0/users/delta?$deltatoken=x", graph.fact("AUTHORITY"));
    graph.steer(&page(&json!({ "value": [], "@odata.deltaLink": link })));

    let error = refused(&graph.settings()).await;

    assert!(matches!(error, DirectoryError::Incomplete(_)), "{error:?}");
}

#[tokio::test]
async fn m05_graphs_own_failure_is_said() {
    let error = refused_after(&json!({ "op": "fault", "path": "/users/delta", "status": 500, "times": 9 })).await;

    assert!(matches!(error, DirectoryError::Unreachable(_)), "{error:?}");
    assert!(error.to_string().contains("status 500"), "{error}");
}

#[tokio::test]
async fn m05_the_operator_can_end_it_while_it_waits() {
    let mut graph = Graph::start();
    graph.steer(&json!({ "op": "fault", "path": "/groups/delta", "status": 429, "times": 9, "retry_after": 300 }));
    let ask = Ask::default();
    let (source, cancel) = (Source::Entra(graph.settings()), ask.cancel.clone());
    let asked = ask.clone();
    let reading = tokio::spawn(async move { source.read(&asked).await });
    while graph.times("/groups/delta").is_empty() {
        rollcall_tests::pause(20).await;
    }

    cancel.cancel();

    assert_eq!(reading.await.expect("it ends"), Err(DirectoryError::Cancelled));
    assert_eq!(ask.progress.entries(), 1_280, "all users had come");
}

#[tokio::test]
async fn m05_after_a_failure_the_same_settings_work_again() {
    let mut graph = Graph::start();
    graph.steer(&json!({ "op": "fault", "path": "/contacts/delta", "status": 500 }));
    refused(&graph.settings()).await;

    assert_eq!(whole(&read(&graph.settings(), None).await.expect("it works")).len(), 1_286);
}
