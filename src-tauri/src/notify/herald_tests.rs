//! What goes to the screen, in a story of one office.

use std::collections::HashMap;

use rollcall_api::answers::{InboxRow, InboxState, InboxView, NotificationLevel};

use super::{Circumstances, Herald, Step};

const NOON: i64 = 1_790_000_000_000;
const MINUTE: i64 = 60_000;

fn row(id: i64, kind: &str) -> InboxRow {
    InboxRow {
        id,
        kind: kind.to_owned(),
        tag: kind.to_owned(),
        level: NotificationLevel::Normal,
        title: "1 new address".to_owned(),
        text: "Nothing is urgent.".to_owned(),
        buttons: Vec::new(),
        view: InboxView { section: "discovered".to_owned(), filter: None, address: None },
        addresses: Vec::new(),
        count: 1,
        made_ms: NOON,
        changed_ms: NOON,
        posted_ms: Some(NOON),
        shown_ms: None,
        state: InboxState::Unread,
    }
}

/// The screen of one office.
struct Screen {
    herald: Herald,
    on_screen: HashMap<String, i64>,
    in_front: bool,
}

impl Screen {
    fn new() -> Self {
        Self { herald: Herald::default(), on_screen: HashMap::new(), in_front: false }
    }

    fn looks(&mut self, now_ms: i64, inbox: &[InboxRow]) -> Vec<Step> {
        let steps = self.herald.consider(&Circumstances {
            now_ms,
            in_front: self.in_front,
            inbox,
            on_screen: &self.on_screen,
            changes_in_place: true,
        });
        for step in &steps {
            match step {
                Step::Show(id) | Step::Update(id) => {
                    let row = inbox.iter().find(|row| row.id == *id).expect("a row");
                    self.on_screen.insert(row.tag.clone(), *id);
                }
                Step::Withdraw(tag) => drop(self.on_screen.remove(tag)),
                Step::SeenInWindow(_) | Step::Later => {}
            }
        }
        steps
    }
}

#[test]
fn x12_each_is_shown_once_and_again_only_when_it_is_posted_again() {
    let mut screen = Screen::new();
    let first = row(1, "new_addresses");

    assert_eq!(screen.looks(NOON, std::slice::from_ref(&first)), [Step::Show(1)]);
    assert_eq!(screen.looks(NOON + MINUTE, std::slice::from_ref(&first)), []);

    let next_day = NOON + 1_440 * MINUTE;
    let again = InboxRow { posted_ms: Some(next_day), changed_ms: NOON + MINUTE, ..first };
    assert_eq!(screen.looks(next_day, &[again]), [Step::Show(1)]);
}

#[test]
fn x12_what_waits_for_its_time_is_not_shown() {
    let waits = InboxRow { posted_ms: None, ..row(1, "new_addresses") };

    assert_eq!(Screen::new().looks(NOON, &[waits]), []);
}

#[test]
fn x12_what_comes_within_a_minute_joins_the_one_on_screen() {
    let mut screen = Screen::new();
    let first = row(1, "new_addresses");
    screen.looks(NOON, std::slice::from_ref(&first));

    let two = InboxRow { title: "2 new addresses".to_owned(), ..first };
    assert_eq!(screen.looks(NOON + MINUTE / 2, std::slice::from_ref(&two)), [Step::Update(1)]);
    assert_eq!(screen.looks(NOON + MINUTE / 2, std::slice::from_ref(&two)), []);
    let three = InboxRow { title: "3 new addresses".to_owned(), ..two };
    assert_eq!(screen.looks(NOON + MINUTE, &[three]), [], "a minute is over");
}

#[test]
fn x12_what_is_dealt_with_or_read_elsewhere_is_taken_down() {
    for state in [InboxState::DealtWith, InboxState::Read, InboxState::Withdrawn] {
        let mut screen = Screen::new();
        let first = row(1, "new_addresses");
        screen.looks(NOON, std::slice::from_ref(&first));

        let gone = InboxRow { state, ..first };
        assert_eq!(screen.looks(NOON, std::slice::from_ref(&gone)), [Step::Withdraw("new_addresses".to_owned())]);
        assert_eq!(screen.looks(NOON, &[gone]), []);
    }
}

#[test]
fn x12_a_later_one_takes_the_place_of_the_earlier_one() {
    let mut screen = Screen::new();
    let away = InboxRow { tag: "server:mail:25".to_owned(), ..row(1, "server_away") };
    let back = InboxRow { tag: "server:mail:25".to_owned(), posted_ms: Some(NOON + MINUTE), ..row(2, "server_back") };
    screen.looks(NOON, std::slice::from_ref(&away));

    let withdrawn = InboxRow { state: InboxState::Withdrawn, ..away };
    assert_eq!(screen.looks(NOON + MINUTE, &[back, withdrawn]), [Step::Show(2)]);
    assert_eq!(screen.on_screen, HashMap::from([("server:mail:25".to_owned(), 2)]));
}

#[test]
fn x12_nothing_is_put_up_while_the_window_is_in_front_nor_afterwards() {
    let mut screen = Screen::new();
    screen.in_front = true;
    let first = row(1, "new_addresses");

    assert_eq!(screen.looks(NOON, std::slice::from_ref(&first)), [Step::SeenInWindow(1)]);
    screen.in_front = false;
    assert_eq!(screen.looks(NOON + MINUTE, &[first]), []);
}

#[test]
fn x05_the_weekly_one_waits_until_the_window_is_not_in_front() {
    let mut screen = Screen::new();
    screen.in_front = true;
    let weekly = row(1, "weekly");

    assert_eq!(screen.looks(NOON, std::slice::from_ref(&weekly)), [Step::Later]);
    screen.in_front = false;
    assert_eq!(screen.looks(NOON + MINUTE, &[weekly]), [Step::Show(1)]);
}

#[test]
fn what_somebody_saw_before_this_program_began_is_not_shown_again_and_what_nobody_saw_is() {
    let seen = InboxRow { shown_ms: Some(NOON), ..row(1, "new_addresses") };
    let unseen = row(2, "seats");

    assert_eq!(Screen::new().looks(NOON + MINUTE, &[unseen, seen]), [Step::Show(2)]);
}

#[test]
fn d13_every_shell_shows_what_is_posted_while_it_runs() {
    let mut other = Screen::new();
    other.looks(NOON - MINUTE, &[]);
    let shown_elsewhere = InboxRow { shown_ms: Some(NOON + 1), ..row(1, "new_addresses") };

    assert_eq!(other.looks(NOON + 2, &[shown_elsewhere]), [Step::Show(1)]);
}
