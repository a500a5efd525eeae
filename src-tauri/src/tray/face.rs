//! What the tray says, decided from what was seen of the offices (design: Tray and menu bar; behaviour row X13).
//!
//! **Invariant.** A function of what was seen: no clock, no icon, no menu. No code, port or header appears in a line.
//!
//! **Limits.** Without deadlines yet, every address that waits for a decision counts as "needs you". The relay cannot be
//! paused yet, so there is no paused mark.

use rollcall_api::answers::{Health, HealthState};

use crate::notify::{counted, cut};

/// Longest line of the menu and of the tooltip, in characters. Windows cuts a tooltip at 127.
const LINE_MAX: usize = 100;

/// What is known of one house.
#[derive(Debug, Clone, PartialEq)]
pub enum Glance {
    /// It answered.
    Seen(Box<Seen>),
    /// Its engine does not run or does not answer; why, in one sentence.
    Silent(String),
}

/// What a house answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its health.
    pub health: Health,
    /// How many addresses wait for a decision.
    pub to_decide: u64,
    /// True when the engine runs in another process.
    pub attached: bool,
}

/// The mark on the icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Plain: all is well.
    Running,
    /// A round dot: something waits for the person.
    NeedsYou,
    /// A triangle: mail is late or refused.
    Problem,
    /// Faded, with a stroke through it: no engine.
    Stopped,
}

/// All that the tray shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// The mark on the icon.
    pub mark: Mark,
    /// One sentence.
    pub tooltip: String,
    /// One or two lines at the top of the menu.
    pub state_lines: Vec<String>,
    /// The line that opens the list of decisions, when there are any.
    pub decide: Option<String>,
    /// The last line: what quitting means for mail.
    pub quit: &'static str,
}

impl Face {
    /// The face for what was seen: of the real office as soon as it is set up, before that of the practice office.
    pub fn of(real: Option<&Glance>, practice: Option<&Glance>) -> Self {
        let is_set_up = match real {
            Some(Glance::Seen(seen)) => seen.health.state != HealthState::NotSetUp,
            Some(Glance::Silent(_)) => true,
            None => false,
        };
        let shown = if is_set_up { real } else { practice.or(real) };
        let mut face = match shown {
            Some(Glance::Seen(seen)) => Self::seen(seen),
            Some(Glance::Silent(why)) => Self::silent(why),
            None => Self::silent("Rollcall is starting."),
        };
        face.quit = quit(real);
        face
    }

    fn seen(seen: &Seen) -> Self {
        let health = &seen.health;
        let place = if health.practice { "Practice office: " } else { "" };
        let headline = headline(health.state);
        let decide = (seen.to_decide > 0).then(|| counted(seen.to_decide, "address", "addresses"));
        let is_problem = matches!(health.state, HealthState::Waiting | HealthState::CannotComeIn);
        let trouble = health.faults.first().map(|fault| fault.sentence.clone());
        let (mark, says) = match (&trouble, &decide, health.state) {
            (Some(trouble), ..) => (Mark::Problem, trouble.clone()),
            (None, ..) if is_problem => (Mark::Problem, health.sentence.clone()),
            (None, None, HealthState::NotSetUp) => (Mark::NeedsYou, headline.to_lowercase()),
            (None, None, _) => (Mark::Running, headline.to_lowercase()),
            (None, Some(decide), _) => (Mark::NeedsYou, format!("{decide} to decide")),
        };
        let mut state_lines = vec![cut(&format!("{place}{headline}"), LINE_MAX)];
        let detail = trouble.as_ref().unwrap_or(&health.sentence);
        if detail.trim_end_matches('.') != headline {
            state_lines.push(cut(detail, LINE_MAX));
        }
        Self {
            mark,
            tooltip: cut(&format!("Rollcall: {}{says}", place.to_lowercase()), LINE_MAX),
            state_lines,
            decide: decide.map(|decide| format!("Decide on {decide}")),
            quit: "",
        }
    }

    fn silent(why: &str) -> Self {
        Self {
            mark: Mark::Stopped,
            tooltip: "Rollcall: the relay isn't running".to_owned(),
            state_lines: vec!["The relay isn't running".to_owned(), cut(why, LINE_MAX)],
            decide: None,
            quit: "",
        }
    }
}

/// The words of the Overview's headline.
const fn headline(state: HealthState) -> &'static str {
    match state {
        HealthState::NotSetUp => "Not set up yet",
        HealthState::Quiet => "Waiting for the first message",
        HealthState::Flowing => "Mail is flowing",
        HealthState::Waiting => "Mail is waiting",
        HealthState::CannotComeIn => "Mail can't come in",
    }
}

/// Quitting says what it means for the real office's mail.
fn quit(real: Option<&Glance>) -> &'static str {
    match real {
        Some(Glance::Seen(seen)) if seen.attached => "Quit window, mail keeps flowing",
        Some(Glance::Seen(seen)) if seen.health.state != HealthState::NotSetUp => "Quit Rollcall, mail stops",
        _ => "Quit Rollcall",
    }
}

#[cfg(test)]
#[path = "face_tests.rs"]
mod tests;
