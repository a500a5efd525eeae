//! Domains, listeners, upstreams, settings, days.

use rollcall_core::Rule;
use rollcall_core::brand::Brand;
use rollcall_core::time::{DAY_MS, MINUTE_MS};
use rollcall_core::truth::Truth;
use rollcall_store::{
    DomainRecord, ListenerRecord, ListenerRole, ListenerTls, SenderHostRecord, Speaks, StoreError, TlsPolicy,
    TruthRecord, UpstreamRecord,
};

use crate::given::{self, T0};

#[tokio::test]
async fn a_domain_is_added_changed_and_removed() {
    let (_dir, store) = given::store();
    let moved = DomainRecord { host: "mail2.acme.example".to_owned(), port: 2525, ..domain("acme.example") };

    let changed = moved.clone();
    let removed = store.write(move |tx| {
        tx.put_domain(&domain("zeta.example"))?;
        tx.put_domain(&domain("acme.example"))?;
        tx.put_domain(&changed)?;
        Ok((tx.remove_domain("zeta.example")?, tx.remove_domain("zeta.example")?))
    });

    assert_eq!(removed.await.unwrap(), (true, false));
    assert_eq!(store.read(|tx| tx.domains()).unwrap(), [moved]);
}

#[tokio::test]
async fn the_latest_refusal_of_a_stranger_is_remembered() {
    let (_dir, store) = given::store();

    store
        .write(|tx| {
            tx.put_domain(&domain("acme.example"))?;
            tx.note_stranger_refused("acme.example", T0.plus_ms(MINUTE_MS))?;
            tx.note_stranger_refused("acme.example", T0)?;
            tx.note_stranger_refused("unknown.example", T0)
        })
        .await
        .unwrap();

    let domains = store.read(|tx| tx.domains()).unwrap();
    assert_eq!(domains[0].stranger_refused, Some(T0.plus_ms(MINUTE_MS)));
}

#[tokio::test]
async fn a_rule_or_port_outside_its_range_is_refused() {
    let (_dir, store) = given::store();
    let acme = || domain("acme.example");
    let with = |rule| DomainRecord { rule, ..acme() };

    for wrong in [
        DomainRecord { port: 0, ..acme() },
        with(Rule { need: 0, ..Rule::SHIPPED }),
        with(Rule { need: 51, ..Rule::SHIPPED }),
        with(Rule { window_days: 0, ..Rule::SHIPPED }),
        DomainRecord { host: String::new(), ..acme() },
    ] {
        let refused = store.write(move |tx| tx.put_domain(&wrong)).await;
        assert!(matches!(refused, Err(StoreError::Sqlite { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn listeners_and_settings_keep_their_last_value() {
    let (_dir, store) = given::store();
    let inbound = |port| ListenerRecord {
        name: "inbound".to_owned(),
        address: "127.0.0.1".to_owned(),
        port,
        role: ListenerRole::Inbound,
        tls: ListenerTls::StartTls,
    };
    let printers = ListenerRecord {
        name: "printers".to_owned(),
        role: ListenerRole::Submission,
        tls: ListenerTls::Implicit,
        ..inbound(465)
    };
    let gone = ListenerRecord { name: "gone".to_owned(), ..inbound(26) };
    let (put, expected) = (printers.clone(), [inbound(0), printers]);

    store
        .write(move |tx| {
            tx.put_listener(&inbound(25))?;
            tx.put_listener(&inbound(0))?;
            tx.put_listener(&put)?;
            tx.put_listener(&gone)?;
            assert!(tx.remove_listener("gone")?);
            assert!(!tx.remove_listener("gone")?);
            tx.put_setting("organisation", "Acme")?;
            tx.put_setting("organisation", "Acme Ltd")
        })
        .await
        .unwrap();

    assert_eq!(store.read(|tx| tx.listeners()).unwrap(), expected);
    assert_eq!(store.read(|tx| tx.setting("organisation")).unwrap().as_deref(), Some("Acme Ltd"));
    assert_eq!(store.read(|tx| tx.setting("never set")).unwrap(), None);
}

#[tokio::test]
async fn upstreams_are_replaced_as_a_whole_and_keep_their_order() {
    let (_dir, store) = given::store();
    let upstream =
        |network: &&str| UpstreamRecord { network: (*network).to_owned(), speaks: Speaks::from_word("proxy").unwrap() };
    let list = |networks: &[&str]| networks.iter().map(upstream).collect::<Vec<_>>();
    let (first, second) = (list(&["192.0.2.1"]), list(&["192.0.2.9", "192.0.2.3", "192.0.2.9"]));

    store.write(move |tx| tx.replace_upstreams(&first)).await.unwrap();
    store.write(move |tx| tx.replace_upstreams(&second)).await.unwrap();

    assert_eq!(store.read(|tx| tx.upstreams()).unwrap(), list(&["192.0.2.9", "192.0.2.3"]));
}

#[tokio::test]
async fn machines_that_may_send_out_are_replaced_as_a_whole() {
    let (_dir, store) = given::store();
    let host = |network: &str| SenderHostRecord { network: network.to_owned(), note: "the scanner".to_owned() };
    let (first, second) = (vec![host("10.0.0.1")], vec![host("10.0.4.0/24"), host("10.0.4.0/24")]);

    store.write(move |tx| tx.replace_sender_hosts(&first)).await.unwrap();
    store.write(move |tx| tx.replace_sender_hosts(&second)).await.unwrap();

    assert_eq!(store.read(|tx| tx.sender_hosts()).unwrap(), [host("10.0.4.0/24")]);
}

#[tokio::test]
async fn an_account_has_one_counter_a_day() {
    let (_dir, store) = given::store();
    let (today, tomorrow) = (T0, T0.plus_ms(DAY_MS));

    store
        .write(move |tx| {
            tx.count_day("ann@acme.example", today, 1, 0)?;
            tx.count_day("ann@acme.example", today, 2, 1)?;
            tx.count_day("ann@acme.example", tomorrow, 1, 0)?;
            tx.count_day("bob@acme.example", today, 9, 9).map(drop)
        })
        .await
        .unwrap();

    let days = |from| store.read(|tx| tx.days("ann@acme.example", from)).unwrap();
    assert_eq!(days(today), [(today, 3, 1), (tomorrow, 1, 0)]);
    assert_eq!(days(tomorrow), [(tomorrow, 1, 0)]);
}

fn domain(name: &str) -> DomainRecord {
    DomainRecord {
        name: name.to_owned(),
        host: format!("mail.{name}"),
        port: 25,
        tls: TlsPolicy::Opportunistic,
        rule: Rule::SHIPPED,
        stranger_refused: None,
    }
}

#[tokio::test]
async fn what_a_mail_server_is_found_to_be_is_kept_and_goes_with_its_domain() {
    let (_dir, store) = given::store();
    let found = TruthRecord {
        domain: "acme.example".to_owned(),
        destination: "10.0.4.12:25".to_owned(),
        verdict: Some(Truth::AcceptsEverything),
        tested: Some(T0),
        next: T0.plus_ms(DAY_MS),
        names: vec!["sd-a".to_owned(), "sd-b".to_owned()],
        replies: vec!["250 ok".to_owned(), "250 ok".to_owned()],
        decides_at_data: Some(T0),
        bounces_later: Some(T0.plus_ms(1)),
        brand: Some(Brand::Exchange),
    };
    let fresh = TruthRecord { verdict: None, tested: None, decides_at_data: None, brand: None, ..found.clone() };
    let (first, then, unknown) =
        (fresh, found.clone(), TruthRecord { domain: "zeta.example".to_owned(), ..found.clone() });

    store
        .write(move |tx| {
            tx.put_domain(&domain("acme.example"))?;
            tx.put_truth(&first)?;
            tx.put_truth(&then)?;
            tx.put_truth(&unknown)
        })
        .await
        .unwrap();

    assert_eq!(store.read(|tx| tx.truths()).unwrap(), [found]);
    store.write(|tx| tx.remove_domain("acme.example")).await.unwrap();
    assert_eq!(store.read(|tx| tx.truths()).unwrap(), []);
}
