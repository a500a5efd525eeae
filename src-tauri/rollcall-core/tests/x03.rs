//! X03 on a labelled set: `x03_addresses.tsv` says what somebody who reads an address and its mail would say.

#![expect(clippy::print_stdout, reason = "the wrong ones are for whoever reads the test")]

use rollcall_core::guess::{Score, Seen, Server, score};

const SET: &str = include_str!("x03_addresses.tsv");

struct Labelled {
    local: &'static str,
    seen: Seen,
    label: Score,
}

#[test]
fn x03_of_200_labelled_addresses_at_least_95_percent_are_right() {
    let set = set();

    let wrong: Vec<_> = set.iter().filter(|one| score(one.local, one.seen) != one.label).collect();
    for one in &wrong {
        let found = score(one.local, one.seen).sentence();
        println!("{}: {found}, not {}; {:?}", one.local, one.label.sentence(), one.seen);
    }

    assert_eq!(set.len(), 200);
    println!("{} of 200 right", set.len() - wrong.len());
    assert!(wrong.len() <= 10, "{} wrong", wrong.len());
}

#[test]
fn x03_the_set_has_every_label_and_no_address_twice() {
    let set = set();
    for label in Score::ALL {
        assert!(set.iter().filter(|one| one.label == label).count() >= 6, "{label:?}");
    }
    let mut locals: Vec<_> = set.iter().map(|one| one.local).collect();
    locals.sort_unstable();
    locals.dedup();
    assert_eq!(locals.len(), set.len());
}

fn set() -> Vec<Labelled> {
    SET.lines().filter(|line| !line.starts_with('#')).map(labelled).collect()
}

fn labelled(line: &'static str) -> Labelled {
    let mut columns = line.split('\t');
    let (Some(local), Some(seen), Some(label), None) = (columns.next(), columns.next(), columns.next(), columns.next())
    else {
        panic!("three columns: {line}")
    };
    let mut facts = Seen::default();
    seen.split(' ').for_each(|word| note(&mut facts, word));
    Labelled { local, seen: facts, label: by_label(label) }
}

fn note(seen: &mut Seen, word: &str) {
    let number = |prefix| word.strip_prefix(prefix).and_then(|digits: &str| digits.parse().ok());
    match word {
        "out" => seen.has_sent = true,
        "reply" => seen.was_answered = true,
        "near" => seen.is_near_account = true,
        "refuses" => seen.server = Server::RefusesStrangers,
        "accepts" => seen.server = Server::AcceptsEverything,
        _ => {
            let (place, count) = [
                (&mut seen.bounces, number("bounce")),
                (&mut seen.clean, number("c")),
                (&mut seen.sender_domains, number("d")),
                (&mut seen.spam, number("s")),
            ]
            .into_iter()
            .find_map(|(place, count)| count.map(|count| (place, count)))
            .unwrap_or_else(|| panic!("what is {word}?"));
            *place = count;
        }
    }
}

fn by_label(label: &str) -> Score {
    match label {
        "surely" => Score::SurelyPerson,
        "person" => Score::LikePerson,
        "shared" => Score::LikeShared,
        "list" => Score::LikeList,
        "guessed" => Score::ProbablyGuessed,
        "typo" => Score::ProbablyTypo,
        "unclear" => Score::NotEnough,
        _ => panic!("no label: {label}"),
    }
}
