//! A notification as this system shows it, and the few that only the shell makes.

use rollcall_api::Fault;
use rollcall_api::answers::{InboxRow, NotificationLevel};

/// The button that takes an action back.
pub const UNDO: &str = "undo";
/// Most characters in a text (design: Notifications).
const TEXT_MAX: usize = 110;

/// One notification in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Fits one line.
    pub title: String,
    /// Fits two lines.
    pub text: String,
    /// Its buttons: what each does, and what it says.
    pub buttons: Vec<(String, String)>,
    /// How loud it is.
    pub level: NotificationLevel,
}

/// One of the inbox.
pub fn told(row: &InboxRow) -> Words {
    let buttons = row.buttons.iter().map(|button| (button.action.clone(), button.label.clone())).collect();
    Words { title: row.title.clone(), text: row.text.clone(), buttons, level: row.level }
}

/// An action is done; with a way back, if there is one.
pub fn done(said: &str, can_be_undone: bool) -> Words {
    let undo = can_be_undone.then(|| (UNDO.to_owned(), "Undo".to_owned()));
    Words {
        title: "Done".to_owned(),
        text: cut(said, TEXT_MAX),
        buttons: undo.into_iter().collect(),
        level: NotificationLevel::Quiet,
    }
}

/// An action was refused.
pub fn failed(fault: &Fault) -> Words {
    Words {
        title: "Nothing was changed".to_owned(),
        text: cut(&fault.message, TEXT_MAX),
        buttons: Vec::new(),
        level: NotificationLevel::Normal,
    }
}

/// Said once, when the window is closed for the first time.
pub fn closing() -> Words {
    Words {
        title: "Rollcall is still running".to_owned(),
        text: "Rollcall stays near the clock and mail keeps flowing.".to_owned(),
        buttons: Vec::new(),
        level: NotificationLevel::Normal,
    }
}

/// Shortens `text` to `most` characters, the last of which then is an ellipsis.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// `1 person`, `3 people`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_api::Code;

    #[test]
    fn what_was_done_can_be_taken_back_where_there_is_a_way() {
        assert_eq!(done("kim is a user now.", true).buttons, [(UNDO.to_owned(), "Undo".to_owned())]);
        assert!(done("Mail to kim stays refused.", false).buttons.is_empty());
    }

    #[test]
    fn a_refusal_fits_two_lines() {
        let words = failed(&Fault::new(Code::Conflict, "ä".repeat(200)));

        assert_eq!(words.text.chars().count(), TEXT_MAX);
        assert!(words.text.ends_with('…'));
    }
}
