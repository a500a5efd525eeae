//! The schema refuses what the types refuse, and takes what they take.

use rollcall_core::{AddressState, InvalidReason, Role, Source};
use rollcall_store::{
    AddressRecord, EvidenceKind, EvidenceRecord, Kind, Outcome, RecipientState, Spool, Store, TlsPolicy,
};
use rusqlite::Connection;

use crate::given::{self, T0};

const STATES: [AddressState; 11] = [
    AddressState::Watching,
    AddressState::Discovered,
    AddressState::User(Role::Silent),
    AddressState::User(Role::End),
    AddressState::Functional,
    AddressState::Alias,
    AddressState::Inactive,
    AddressState::Invalid(InvalidReason::Manual),
    AddressState::Invalid(InvalidReason::Expired),
    AddressState::Invalid(InvalidReason::Bounced),
    AddressState::NeverAdd,
];

#[tokio::test]
async fn every_state_can_be_stored_and_listed_by_its_word() {
    let (_dir, store) = given::store();

    for (number, state) in (0..).zip(STATES) {
        let source = if number % 2 == 0 { Source::Mail } else { Source::Manual };
        let row = AddressRecord { source, ..given::address(&format!("p{number}@x.example"), state) };
        let put = row.clone();
        store.write(move |tx| tx.put_address(&put)).await.unwrap();

        let filter = rollcall_store::AddressFilter {
            states: vec![state.word()],
            search: None,
            only: None,
            sort: rollcall_store::AddressSort::Address,
            limit: 100,
            offset: 0,
        };
        let page = store.read(|tx| tx.addresses(&filter)).unwrap();
        assert!(page.rows.iter().any(|listed| listed.record == row), "{state:?}");
        assert!(page.rows.iter().all(|listed| listed.record.state.word() == state.word()));
    }
}

#[tokio::test]
async fn words_of_a_state_are_stored_together_exactly_when_the_type_has_them_together() {
    let (dir, store) = given::store();
    store.write(|tx| tx.put_address(&given::address("ann@x.example", AddressState::Watching))).await.unwrap();
    let conn = given::beside(dir.path(), "rollcall.db");
    let words =
        |all: &[&'static str]| all.iter().copied().map(Some).chain([None, Some("nonsense")]).collect::<Vec<_>>();
    let states = ["watching", "discovered", "user", "functional", "alias", "inactive", "invalid", "never_add", "x", ""];

    let mut allowed = 0;
    for state in states {
        for role in words(&["silent", "end"]) {
            for reason in words(&["manual", "expired", "bounced"]) {
                let stored = conn
                    .execute("UPDATE address SET state = ?1, role = ?2, invalid_reason = ?3", (state, role, reason))
                    .is_ok();
                let known = AddressState::from_words(state, role, reason).is_some();
                assert_eq!(stored, known, "{state} {role:?} {reason:?}");
                allowed += usize::from(known);
            }
        }
    }
    assert_eq!(allowed, STATES.len());
}

#[test]
fn every_other_word_is_stored_exactly_when_the_type_knows_it() {
    let dir = tempfile::tempdir().unwrap();
    Store::open(dir.path(), Kind::Real).unwrap().close();
    Spool::open(dir.path()).unwrap().close();
    let (store, spool) = (given::beside(dir.path(), "rollcall.db"), given::beside(dir.path(), "spool.db"));
    let evidence = "INSERT INTO evidence (key, at_ms, kind, counted, sender, sender_domain, client_ip, is_reply)
                    VALUES ('a', 0, ?1, 0, '', '', '', 0)";
    let mail_log = "INSERT INTO mail_log (at_ms, session, outcome, outcome_ms, reason, sender, recipient, client_ip,
                                          client_name, duration_ms, reply, sought)
                    VALUES (0, '', ?1, 0, '', '', '', '', '', 0, '', '')";
    let domain = "INSERT OR REPLACE INTO domain (name, host, port, tls, need, window_days)
                  VALUES ('a', 'b', 25, ?1, 3, 30)";
    let source = "INSERT OR REPLACE INTO address (key, shown, domain, state, source, clean_count, first_seen_ms,
                                                  last_seen_ms, changed_ms, refused_count, notices, pinned, sought)
                  VALUES ('a', 'a', 'a', 'watching', ?1, 0, 0, 0, 0, 0, 0, 0, '')";
    let recipient = "INSERT INTO recipient (queue_id, address, state, due_ms, last_reply, keep_until_ms)
                     SELECT 'm', 'a', ?1, iif(?1 = 'queued', 0, NULL), '', iif(?1 = 'failed', 0, NULL)";
    spool
        .execute(
            "INSERT INTO message (queue_id, reverse_path, arrived_ms, body_8bit, client_ip, client_name, size_bytes,
                                  in_file)
             VALUES ('m', '', 0, 0, '', '', 0, 0)",
            [],
        )
        .unwrap();

    takes_exactly(&store, evidence, &EvidenceKind::ALL.map(EvidenceKind::word), |w| {
        EvidenceKind::from_word(w).is_some()
    });
    takes_exactly(&store, mail_log, &Outcome::ALL.map(Outcome::word), |w| Outcome::from_word(w).is_some());
    takes_exactly(&store, domain, &TlsPolicy::ALL.map(TlsPolicy::word), |w| TlsPolicy::from_word(w).is_some());
    takes_exactly(&store, source, &["mail", "manual"], |w| Source::from_word(w).is_some());
    takes_exactly(&spool, recipient, &RecipientState::ALL.map(RecipientState::word), |w| {
        RecipientState::from_word(w).is_some()
    });
}

#[tokio::test]
async fn every_kind_outcome_and_policy_comes_back() {
    let (_dir, store) = given::store();

    for kind in EvidenceKind::ALL {
        let evidence = EvidenceRecord { kind, ..given::delivered("a@x.example", "b.example", T0) };
        let put = evidence.clone();
        store.write(move |tx| tx.add_evidence(&put)).await.unwrap();
        assert_eq!(store.read(|tx| tx.evidence("a@x.example", 1)).unwrap(), [evidence]);
    }
    for outcome in Outcome::ALL {
        store.write(move |tx| tx.add_mail_log(&given::logged("a@x.example", outcome, T0))).await.unwrap();
        assert_eq!(given::log(&store, 1, None, None)[0].1.outcome, outcome);
    }
}

#[test]
fn a_recipient_has_a_due_time_exactly_while_it_is_queued() {
    let (dir, spool) = given::spool();
    spool.close();
    let conn = given::beside(dir.path(), "spool.db");
    conn.pragma_update(None, "foreign_keys", false).unwrap();

    for (state, due, keep, taken) in [
        ("queued", Some(1), None, true),
        ("queued", None, None, false),
        ("active", None, None, true),
        ("active", Some(1), None, false),
        ("delivered", None, None, true),
        ("delivered", None, Some(1), false),
        ("failed", None, Some(1), true),
        ("failed", None, None, false),
    ] {
        let row = "INSERT INTO recipient (queue_id, address, state, due_ms, keep_until_ms, last_reply)
                   VALUES ('m', 'a', ?1, ?2, ?3, '')";
        assert_eq!(conn.execute(row, (state, due, keep)).is_ok(), taken, "{state} {due:?} {keep:?}");
    }
}

fn takes_exactly(conn: &Connection, insert: &str, words: &[&str], known: impl Fn(&str) -> bool) {
    for word in words.iter().copied().chain(["", "nonsense", "Delivered", "never "]) {
        let stored = conn.execute(insert, [word]);
        assert_eq!(stored.is_ok(), known(word), "{word:?}: {stored:?} by {insert}");
        assert_eq!(words.contains(&word), known(word), "{word:?}");
    }
}
