//! How long 50,000 people take. By hand: `cargo test --release -p rollcall-tests --features measure --test spec -- --nocapture
//! entra_measure`.

use rollcall_tests::graph::Graph;

use super::entra::{read, whole};

/// The most memory that this process had, in MB.
fn most_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("this process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1_024
}

#[tokio::test]
async fn m05_fifty_thousand_people_come_in_a_minute_and_300_mb_and_no_changes_in_three_requests() {
    let mut graph = Graph::with_more_people(50_000);
    let settings = graph.settings();
    let least = serde_json::json!(["User.Read.All", "Group.Read.All", "OrgContact.Read.All"]);
    graph.steer(&serde_json::json!({ "op": "roles", "client": graph.fact("CLIENT"), "roles": least }));
    let began = tokio::time::Instant::now();

    let answer = read(&settings, None).await.expect("everything");

    let (took, memory) = (began.elapsed(), most_mb());
    assert!(whole(&answer).len() > 50_000);
    let again = tokio::time::Instant::now();
    let nothing = read(&settings, answer.cursor).await.expect("changes");
    assert!(nothing.reading == rollcall_core::directory::Reading::Changes { changed: Vec::new(), gone: Vec::new() });
    assert!(took.as_secs() < 60 && memory < 300, "{took:?}, {memory} MB, unchanged {:?}", again.elapsed());
    // The number is what it is run for.
    std::fs::write(
        std::env::temp_dir().join("entra_measure"),
        format!("{took:?}, {memory} MB, unchanged {:?}", again.elapsed()),
    )
    .expect("written");
}
