//! What is settled for domains, and what their destinations said.

use rollcall_core::recipient::{Reading, TagDelimiter};
use rollcall_core::terms::{InactiveMail, Terms, Unknown};
use rollcall_core::{AddressState, Role};
use rollcall_store::{DomainRecord, DomainSettings, Place, Remembered, StandingRow, Stranger, TlsPolicy};

use crate::given::{self, T0};

fn acme(host: &str) -> DomainRecord {
    DomainRecord {
        name: "acme.example".to_owned(),
        host: host.to_owned(),
        port: 25,
        tls: TlsPolicy::Never,
        rule: rollcall_core::Rule::SHIPPED,
        stranger_refused: None,
    }
}

fn place(port: u16) -> Place {
    Place { host: "10.0.4.12".to_owned(), port, tls: TlsPolicy::Required }
}

#[tokio::test]
async fn settings_come_back_and_survive_another_destination() {
    let (_dir, store) = given::store();
    let settings = DomainSettings {
        reading: Reading { tags: TagDelimiter::Minus, strip_subdomains: true },
        deliver_to_primary: true,
        terms: Terms {
            unknown: Unknown::Reject,
            defer_strangers: true,
            inactive: InactiveMail::Deliver,
            ..Terms::default()
        },
        verification: Some(place(2525)),
    };

    let put = settings.clone();
    let outcome = store.write(move |tx| {
        tx.put_domain(&acme("mail"))?;
        let untouched = tx.domain_settings()?;
        let known = tx.put_domain_settings("acme.example", &put)?;
        tx.put_domain(&acme("mail2"))?;
        Ok((untouched, known, tx.put_domain_settings("nowhere.example", &put)?))
    });

    let (untouched, known, nowhere) = outcome.await.unwrap();
    assert_eq!(untouched, [("acme.example".to_owned(), DomainSettings::default())], "the shipped settings");
    assert!(known && !nowhere);
    assert_eq!(store.read(|tx| tx.domain_settings()).unwrap(), [("acme.example".to_owned(), settings)]);
}

#[tokio::test]
async fn alias_domains_go_with_their_domain_and_routes_with_nothing() {
    let (_dir, store) = given::store();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (first, second) = (names(&["b.test", "a.test"]), names(&["c.test", "a.test"]));

    store
        .write(move |tx| {
            tx.put_domain(&acme("mail"))?;
            tx.replace_alias_domains("acme.example", &first)?;
            tx.replace_alias_domains("acme.example", &second)?;
            tx.put_address_route("ann@acme.example", &place(25))?;
            tx.put_address_route("ann@acme.example", &place(26))
        })
        .await
        .unwrap();

    let pairs = store.read(|tx| tx.alias_domains()).unwrap();
    assert_eq!(pairs.iter().map(|(alias, _)| alias.as_str()).collect::<Vec<_>>(), ["a.test", "c.test"]);
    assert_eq!(store.read(|tx| tx.address_routes()).unwrap(), [("ann@acme.example".to_owned(), place(26))]);
    let gone = store.write(|tx| {
        tx.remove_domain("acme.example")?;
        Ok((tx.remove_address_route("ann@acme.example")?, tx.remove_address_route("ann@acme.example")?))
    });
    assert_eq!(gone.await.unwrap(), (true, false));
    assert_eq!(store.read(|tx| tx.alias_domains()).unwrap(), []);
}

#[tokio::test]
async fn where_several_candidates_stand_is_one_question() {
    let (_dir, store) = given::store();
    let user = given::address("ann@acme.example", AddressState::User(Role::Silent));
    store.write(move |tx| tx.put_address(&user)).await.unwrap();

    let rows = store.read(|tx| tx.standing(&["ann+x@acme.example", "ann@acme.example"])).unwrap();

    let expected = StandingRow { key: "ann@acme.example".to_owned(), state: AddressState::User(Role::Silent) };
    assert_eq!(rows, [expected]);
    assert_eq!(store.read(|tx| tx.standing::<&str>(&[])).unwrap(), []);
}

#[tokio::test]
async fn v04_new_addresses_are_kept_listed_and_forgotten() {
    let (_dir, store) = given::store();
    let stranger = |key: &str, first, last| Stranger { key: format!("{key}@acme.example"), first, last };
    let (once, again) = (stranger("new", T0, T0), stranger("new", T0, T0.plus_ms(9)));
    let other = stranger("other", T0.plus_ms(1), T0.plus_ms(1));

    let put = [once, other.clone(), again.clone()];
    store.write(move |tx| put.iter().try_for_each(|one| tx.put_stranger(one))).await.unwrap();

    assert_eq!(store.read(|tx| tx.strangers(10)).unwrap(), [again.clone(), other]);
    assert_eq!(store.write(|tx| tx.prune_strangers(T0.plus_ms(2))).await.unwrap(), 1);
    assert_eq!(store.read(|tx| tx.strangers(10)).unwrap(), [again]);
}

#[tokio::test]
async fn what_was_said_of_a_recipient_is_replaced_listed_and_forgotten() {
    let (_dir, store) = given::store();
    let said = |key: &str, known, at| Remembered {
        key: format!("{key}@acme.example"),
        domain: "acme.example".to_owned(),
        known,
        at,
        reply: "550 5.1.1 unknown".to_owned(),
    };
    let (old, new, other) =
        (said("ann", false, T0), said("ann", true, T0.plus_ms(2)), said("bob", false, T0.plus_ms(1)));

    let put = [old, other.clone(), new.clone()];
    store.write(move |tx| put.iter().try_for_each(|said| tx.remember(said))).await.unwrap();

    assert_eq!(store.read(|tx| tx.remembered(10)).unwrap(), [new.clone(), other]);
    let forgotten = store.write(move |tx| {
        Ok([
            tx.prune_remembered(T0.plus_ms(2))?,
            tx.forget_remembered_key("nobody@acme.example")?,
            tx.forget_remembered_of("acme.example")?,
            tx.forget_remembered()?,
        ])
    });
    assert_eq!(forgotten.await.unwrap(), [1, 0, 1, 0]);
}
