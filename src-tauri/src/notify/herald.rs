//! What of the inbox goes to this screen (behaviour rows D25, X11, X12). When is the engine's to say: it posts.
//!
//! **Invariant.** Each is shown once for each time it is posted, also where several shells look at one engine. Nothing is
//! put up while the window is in front, and what is read or dealt with elsewhere is taken down.
//!
//! **Limits.** What was shown is remembered as long as the program runs; the engine remembers that anybody showed it.

use std::collections::{HashMap, HashSet};

use rollcall_api::answers::{InboxRow, InboxState};

/// How long one on screen takes in what comes later, in milliseconds. Some desktops show a changed one anew, so not for
/// ever.
const JOIN_MS: i64 = 60_000;
/// The kind that counts once it was shown (X05): the window in front shows it only on its list.
const WEEKLY: &str = "weekly";

/// What the herald has to know to decide.
pub struct Circumstances<'a> {
    /// The folder's clock, in milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// Whether the person has the window before them.
    pub in_front: bool,
    /// The inbox, newest first.
    pub inbox: &'a [InboxRow],
    /// What is on screen: the notification, by its tag.
    pub on_screen: &'a HashMap<String, i64>,
    /// What is on screen can be changed.
    pub changes_in_place: bool,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Put it up, in place of what has its tag.
    Show(i64),
    /// It is on screen: change its words.
    Update(i64),
    /// Take down what has this tag.
    Withdraw(String),
    /// The window in front shows it.
    SeenInWindow(i64),
    /// The window in front does not show it: look again soon.
    Later,
}

/// Remembers what was shown here.
#[derive(Debug, Default)]
pub struct Herald {
    /// When each was posted that was shown here, and the words it had.
    shown: HashMap<i64, (i64, String)>,
    /// The folder's clock at the first look.
    since_ms: Option<i64>,
}

impl Herald {
    /// Decides. The one place where what was shown changes.
    pub fn consider(&mut self, seen: &Circumstances<'_>) -> Vec<Step> {
        let since_ms = *self.since_ms.get_or_insert(seen.now_ms);
        let mut steps = Vec::new();
        let mut tags = HashSet::new();
        for row in seen.inbox.iter().filter(|row| row.posted_ms.is_some()) {
            if !tags.insert(row.tag.as_str()) {
                continue;
            }
            let step = if row.state == InboxState::Unread {
                self.unread(row, since_ms, seen)
            } else {
                let is_up = seen.on_screen.get(&row.tag) == Some(&row.id);
                is_up.then(|| Step::Withdraw(row.tag.clone()))
            };
            steps.extend(step);
        }
        let known: HashSet<i64> = seen.inbox.iter().map(|row| row.id).collect();
        self.shown.retain(|id, _| known.contains(id));
        steps
    }

    fn unread(&mut self, row: &InboxRow, since_ms: i64, seen: &Circumstances<'_>) -> Option<Step> {
        let posted_ms = row.posted_ms?;
        let words = format!("{}\n{}", row.title, row.text);
        if let Some((last_ms, last_words)) = self.shown.get(&row.id)
            && *last_ms >= posted_ms
        {
            let is_up = seen.on_screen.get(&row.tag) == Some(&row.id);
            let joins = seen.changes_in_place && is_up && seen.now_ms < posted_ms + JOIN_MS && *last_words != words;
            if joins {
                self.shown.insert(row.id, (posted_ms, words));
            }
            return joins.then_some(Step::Update(row.id));
        }
        // Before this program began somebody may have seen it.
        let is_old = posted_ms < since_ms && row.shown_ms.is_some_and(|shown_ms| shown_ms >= posted_ms);
        if !is_old && seen.in_front && row.kind == WEEKLY {
            return Some(Step::Later);
        }
        self.shown.insert(row.id, (posted_ms, words));
        match (is_old, seen.in_front) {
            (true, _) => None,
            (false, true) => Some(Step::SeenInWindow(row.id)),
            (false, false) => Some(Step::Show(row.id)),
        }
    }
}

#[cfg(test)]
#[path = "herald_tests.rs"]
mod tests;
