use super::*;
use crate::practice::samples::{log_row, picture};

#[test]
fn the_screen_has_exactly_the_size_asked_for_whatever_it_is() {
    for (width, height) in [(100, 30), (80, 24), (60, 12), (20, 5), (1, 1), (0, 0), (240, 80)] {
        let lines = draw(&picture(), "Ready.", Size { width, height });

        assert_eq!(lines.len(), height);
        assert!(lines.iter().all(|line| line.width() <= width), "{width}x{height}");
    }
}

#[test]
fn a_screen_of_ordinary_size_reads_like_this() {
    let lines = draw(&picture(), "The office is open.", Size { width: 100, height: 16 });

    let text: Vec<String> = lines.iter().map(|line| text(line).trim_end().to_owned()).collect();

    assert_eq!(
        text,
        [
            " Rollcall  practice office fabrikam.example                                  Thu 12 Nov 2026, 08:00",
            " Mail is flowing.                                                      listening on 127.0.0.1:40213",
            "",
            " Who wrote to whom, and what the server said                 last 24 hours: 41 delivered, 9 refused",
            " Thu 08:00  buyer@adatum.example       → info             ✓ delivered       250 2.0.0 Delivered as …",
            " Thu 08:00  orders@contoso.example     → jordan.larch     ✓ delivered       250 2.0.0 Delivered as …",
            "",
            "",
            "",
            "",
            " Discovered  2 to decide                          Watching  1, discovered after 3 clean messages",
            " info                   4 clean, shared mailbox   lee.elm                  ●○○ 1 of 3",
            " jordan.larch           3 clean, person",
            "",
            " The office is open.",
            " d skip a day   w skip a week   u make info a user   z undo   q quit",
        ]
    );
}

#[test]
fn the_newest_mail_is_at_the_bottom_and_a_notice_has_no_sender() {
    let mut picture = picture();
    picture.log = vec![log_row(2, "", "sales@fabrikam.example"), log_row(1, "a@b.example", "info@fabrikam.example")];

    let lines: Vec<String> = mail(&picture, 100, 4).iter().map(text).collect();

    assert!(lines[0].contains("a@b.example") && lines[1].contains("<> (a notice)"), "{lines:?}");
    assert_eq!(lines[3], "");
}

#[test]
fn a_list_that_is_too_long_says_how_many_more_there_are() {
    let mut picture = picture();
    picture.watching = vec![picture.watching[0].clone(); 7];

    let lines: Vec<String> = tables(&picture, 100, 3).iter().map(text).collect();

    assert!(lines[3].trim_end().ends_with("and 5 more"), "{lines:?}");
}

#[test]
fn the_key_that_makes_a_user_names_the_address_and_is_absent_without_one() {
    let mut picture = picture();
    assert!(text(&keys(&picture, 100)).contains("u make info a user"));

    picture.discovered.clear();
    assert!(!text(&keys(&picture, 100)).contains("user"));
}

#[test]
fn a_narrow_screen_shows_every_key_in_one_word() {
    let line = keys(&picture(), 50);

    assert_eq!(text(&line), " d day   w week   u user   z undo   q quit  ");
}

fn text(line: &Line) -> String {
    line.0.iter().map(|span| span.text.as_str()).collect()
}
