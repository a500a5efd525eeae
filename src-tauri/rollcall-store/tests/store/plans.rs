//! How SQLite answers with 20,000 addresses (D17): by index, in order, without sorting or reading evidence.

use rollcall_core::AddressState;
use rollcall_store::{AddressFilter, AddressRecord, AddressSort, Kind, Spool, Store};
use rusqlite::Connection;

use crate::given::{self, T0};
use crate::statements::statements;

const ROWS: u32 = 20_000;

#[test]
fn the_next_lane_is_found_without_reading_those_that_wait_in_the_one_before() {
    let (dir, store) = given::store();
    store.close();
    drop(Spool::open(dir.path()).unwrap());
    let conn = given::beside(dir.path(), "spool.db");

    let plan = plan(&conn, &statement("spool/next_lane"));

    // `(outbound,domain)>(?,?)` would read every row of the lane before.
    assert!(plan.contains("INDEX recipient_lane (outbound=? AND domain>?)"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}

#[test]
fn what_is_due_is_claimed_without_looking_through_the_lane_for_each_message() {
    let (dir, store) = given::store();
    store.close();
    drop(Spool::open(dir.path()).unwrap());
    let conn = given::beside(dir.path(), "spool.db");

    let plan = plan(&conn, &statement("spool/claim"));

    assert!(plan.contains("SEARCH fellow USING INDEX recipient_of_message (queue_id=?)"), "{plan}");
    assert!(plan.contains("SEARCH one USING INDEX recipient_lane (outbound=? AND domain=? AND due_ms<?)"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}

#[test]
fn d17_a_page_of_addresses_is_read_in_order_from_an_index() {
    let (dir, store) = given::store();
    store.close();
    let conn = given::beside(dir.path(), "rollcall.db");

    for (page, index) in [
        ("address/page_by_address", "address_by_key"),
        ("address/page_by_last_seen", "address_by_last_seen"),
        ("address/page_by_discovered", "address_by_discovered"),
        ("address/page_by_clean_count", "address_by_clean_count"),
        ("address/end_by_address", "address_by_key"),
        ("address/end_by_last_seen", "address_by_last_seen"),
        ("address/end_by_discovered", "address_by_discovered"),
        ("address/end_by_clean_count", "address_by_clean_count"),
    ] {
        let plan = plan(&conn, &statement(page));
        assert!(plan.contains(&format!("INDEX {index} (state=?)")), "{page}: {plan}");
        assert!(plan.contains("SEARCH evidence_sender USING PRIMARY KEY (key=?)"), "{page}: {plan}");
        assert!(!plan.contains("SCAN address"), "{page}: {plan}");
    }
}

#[test]
fn c05_what_waits_is_read_in_the_order_of_its_end_from_an_index_and_filtered_by_one() {
    let (dir, store) = given::store();
    store.close();
    let conn = given::beside(dir.path(), "rollcall.db");

    for (name, index) in [
        ("outlook/page_by_end", "SEARCH outlook USING COVERING INDEX outlook_by_end (ends_ms<?)"),
        ("outlook/page_alias", "SCAN outlook USING COVERING INDEX outlook_alias"),
        ("outlook/page_weak", "SCAN outlook USING COVERING INDEX outlook_weak"),
        ("outlook/count_soon", "SEARCH outlook USING COVERING INDEX outlook_by_end (ends_ms<?)"),
        ("outlook/count_alias", "SCAN outlook USING COVERING INDEX outlook_alias"),
        ("outlook/count_weak", "SCAN outlook USING COVERING INDEX outlook_weak"),
        ("outlook/stale", "INDEX outlook_by_round (round<?)"),
    ] {
        let plan = plan(&conn, &statement(name));
        assert!(plan.contains(index), "{name}: {plan}");
        assert!(!plan.contains("SCAN address"), "{name}: {plan}");
        assert!(name.starts_with("outlook/page") || !plan.contains("TEMP B-TREE"), "{name}: {plan}");
    }
}

#[test]
fn p03_the_watched_address_that_makes_room_and_their_number_come_from_an_index_of_their_own() {
    let (dir, store) = given::store();
    store.close();
    let conn = given::beside(dir.path(), "rollcall.db");

    let oldest = plan(&conn, &statement("address/oldest_watching"));
    assert!(oldest.contains("COVERING INDEX address_by_last_seen (state=?)") && !oldest.contains("TEMP"), "{oldest}");
    let many = plan(&conn, &statement("address/total_of"));
    assert!(many.contains("SEARCH address_count USING PRIMARY KEY (state=?)"), "{many}");
}

#[test]
fn x09_what_was_recorded_is_read_address_by_address_along_indexes() {
    let (dir, store) = given::store();
    store.close();
    let conn = given::beside(dir.path(), "rollcall.db");

    let keys = plan(&conn, &statement("recorded/keys"));
    for index in ["evidence_by_key (key>?)", "journal_change_by_key (key>?)", "sqlite_autoindex_address_1 (key>?)"] {
        assert!(keys.contains(index), "{keys}");
    }
    let seen = plan(&conn, &statement("recorded/seen"));
    assert!(seen.contains("INDEX evidence_by_key (key=? AND at_ms>?)"), "{seen}");
    let decisions = plan(&conn, &statement("recorded/decisions"));
    assert!(decisions.contains("INDEX journal_change_by_key (key=?)"), "{decisions}");
}

#[test]
fn d17_a_search_looks_through_an_index_and_reads_only_the_rows_it_lists() {
    let (dir, store) = given::store();
    store.close();
    let conn = given::beside(dir.path(), "rollcall.db");

    for find in ["find_by_address", "find_by_last_seen", "find_by_discovered", "find_by_clean_count", "total_matched"] {
        let plan = plan(&conn, &statement(&format!("address/{find}")));
        assert!(plan.contains("SEARCH address USING INTEGER PRIMARY KEY (rowid=?)"), "{find}: {plan}");
        assert!(plan.contains("SCAN address_sought VIRTUAL TABLE INDEX"), "{find}: {plan}");
        assert!(!plan.contains("SCAN address\n") && !plan.contains("SCAN evidence"), "{find}: {plan}");
    }
    let counted = plan(&conn, &statement("address/total_found"));
    assert!(counted.contains("COVERING INDEX address_by_key (state=?)"), "{counted}");
}

#[test]
fn d17_addresses_are_counted_without_being_read() {
    let (dir, store) = given::store();
    store.close();
    let conn = given::beside(dir.path(), "rollcall.db");

    for count in ["counts", "total_of"] {
        let plan = plan(&conn, &statement(&format!("address/{count}")));
        assert!(plan.contains("address_count") && !plan.contains("address_by"), "{count}: {plan}");
    }
}

#[tokio::test]
async fn d17_the_last_page_and_a_search_find_their_rows_among_twenty_thousand() {
    let (_dir, store) = given::store();
    fill(&store).await;
    let filter = AddressFilter {
        states: vec!["discovered"],
        search: None,
        only: None,
        sort: AddressSort::CleanCount,
        limit: 50,
        offset: ROWS / 2 - 50,
    };

    let last = store.read(|tx| tx.addresses(&filter)).unwrap();
    assert_eq!((last.total, last.rows.len()), (u64::from(ROWS / 2), 50));
    assert_eq!(last.rows[49].record.clean_count, 0);

    let search = Some("person 019998".to_owned());
    let found = store.read(|tx| tx.addresses(&AddressFilter { search, offset: 0, ..filter.clone() })).unwrap();
    assert_eq!((found.total, found.rows[0].record.key.as_str()), (1, "p19998@acme.example"));
}

#[test]
fn no_statement_reads_through_a_table_that_grows_with_the_mail() {
    let dir = tempfile::tempdir().unwrap();
    Store::open(dir.path(), Kind::Real).unwrap().close();
    Spool::open(dir.path()).unwrap().close();
    let (store, spool) = (given::beside(dir.path(), "rollcall.db"), given::beside(dir.path(), "spool.db"));
    // The two that read the newest rows by number, and the sweep at start, which asks for every file.
    let in_order = ["mail_log/list", "mail_log/find", "mail_log/row_bytes"];
    let at_start = ["spool/files"];

    for (name, sql) in statements() {
        if in_order.contains(&name.as_str()) || at_start.contains(&name.as_str()) {
            continue;
        }
        let plan = plan(if name.starts_with("spool/") { &spool } else { &store }, &sql);
        for table in
            ["evidence", "evidence_sender", "mail_log", "journal_change", "journal_image", "address_day", "content"]
        {
            let reads_through = plan.lines().any(|line| line == format!("SCAN {table}"));
            assert!(!reads_through, "{name}: {plan}");
        }
        assert!(!plan.contains("AUTOMATIC"), "{name} wants an index: {plan}");
    }
}

#[test]
fn the_statements_of_every_message_find_their_row_at_once() {
    let (dir, store) = given::store();
    store.close();
    let conn = given::beside(dir.path(), "rollcall.db");

    for name in [
        "address/get",
        "address/touch",
        "address/bump_refused",
        "evidence/counted_since",
        "evidence/sender_domains_since",
        "mail_log/settle_waiting",
        "mail_log/note_waiting",
        "mail_log/note_settled",
        "mail_log/count_message",
        "mail_log/count_hour",
        "mail_log/last_delivered",
    ] {
        let plan = plan(&conn, &statement(name));
        assert!(plan.contains("SEARCH") && !plan.contains("SCAN"), "{name}: {plan}");
    }
}

#[test]
fn v15_the_log_is_looked_up_in_its_indexes() {
    let (dir, store) = given::store();
    store.close();
    let conn = given::beside(dir.path(), "rollcall.db");

    for (name, indexes) in [
        (
            "mail_log/find_exactly",
            ["mail_log_by_recipient", "mail_log_by_sender", "mail_log_by_message_id", "mail_log_by_message"].as_slice(),
        ),
        ("mail_log/list_waiting", &["INDEX mail_log_by_outcome (outcome=?"]),
        ("mail_log/list_problems", &["mail_log_problems"]),
        ("mail_log/count_problems", &["mail_log_problems"]),
        ("mail_log/list_would_refuse", &["mail_log_would_refuse"]),
        ("mail_log/count_would_refuse", &["mail_log_would_refuse"]),
        ("mail_log/count_waiting", &["INDEX mail_log_by_outcome (outcome=?"]),
        ("mail_log/count_messages", &["COVERING INDEX mail_log_by_time"]),
        ("mail_log/first_since", &["COVERING INDEX mail_log_by_time"]),
        ("mail_log/last_before", &["COVERING INDEX mail_log_by_time"]),
        ("mail_log/of_message", &["mail_log_by_message"]),
        ("mail_log/prune", &["mail_log_by_time"]),
    ] {
        let plan = plan(&conn, &statement(name));
        for index in indexes {
            assert!(plan.contains(index), "{name}: {plan}");
        }
        assert!(!plan.contains("SCAN mail_log\n"), "{name}: {plan}");
    }
    for name in ["mail_log/list", "mail_log/find", "mail_log/prune_oldest"] {
        let plan = plan(&conn, &statement(name));
        assert!(plan.contains("SEARCH mail_log USING INTEGER PRIMARY KEY") && !plan.contains("TEMP"), "{name}: {plan}");
    }
}

/// Ten thousand discovered addresses and as many watched ones, each with evidence.
async fn fill(store: &Store) {
    let row = |n: u32| {
        let discovered = n.is_multiple_of(2);
        let state = if discovered { AddressState::Discovered } else { AddressState::Watching };
        AddressRecord {
            clean_count: n / 2 % 97,
            first_name: Some(format!("Person {n:06}")),
            last_seen: T0.plus_ms(i64::from(n * 7919 % ROWS)),
            discovered: discovered.then(|| T0.plus_ms(i64::from(n * 31 % ROWS))),
            ..given::address(&format!("p{n}@acme.example"), state)
        }
    };
    store
        .write(move |tx| {
            for n in 0..ROWS {
                tx.put_address(&row(n))?;
                tx.add_evidence(&given::delivered(&row(n).key, &format!("d{}.example", n % 5), T0))?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

fn statement(wanted: &str) -> String {
    statements().into_iter().find(|(name, _)| name == wanted).unwrap().1
}

/// SQLite's plan, a line a step.
/// How SQLite would go about a statement, a line a step.
pub fn plan(conn: &Connection, sql: &str) -> String {
    let mut explained = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut steps = explained.raw_query();
    let mut plan = String::new();
    while let Some(step) = steps.next().unwrap() {
        plan += &format!("{}\n", step.get::<_, String>("detail").unwrap());
    }
    plan
}
