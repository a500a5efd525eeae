//! Which notifications are wanted, and when it is quiet.

use rollcall_core::notification::{Kind, QuietHours};
use rollcall_store::{StoreError, Tx};

use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::setup::NOTIFICATIONS;

/// The setting that holds the quiet hours: `on 1080 480 weekends`, in minutes of the day.
const QUIET: &str = "notification_quiet";
/// The setting that holds the words of kinds that nobody wants to be shown.
const OFF: &str = "notification_kinds_off";

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Whether any is shown on a desktop. The inbox has them all the same.
    pub on: bool,
    /// When it is quiet.
    pub quiet: QuietHours,
    /// Kinds that are not shown on a desktop.
    pub off: Vec<Kind>,
}

/// What should be wanted; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Whether any is shown.
    pub on: Option<bool>,
    /// When it is quiet.
    pub quiet: Option<QuietHours>,
    /// Kinds that are not shown.
    pub off: Option<Vec<Kind>>,
}

impl Wanted {
    /// Whether a kind is shown on a desktop.
    #[must_use]
    pub fn wants(&self, kind: Kind) -> bool {
        self.on && !self.off.contains(&kind)
    }

    pub(super) fn load(tx: &Tx<'_>) -> Result<Self, StoreError> {
        let off = tx.setting(OFF)?.unwrap_or_default();
        Ok(Self {
            on: tx.setting(NOTIFICATIONS)?.as_deref() != Some("off"),
            quiet: tx.setting(QUIET)?.and_then(|text| read(&text)).unwrap_or_default(),
            off: off.split_whitespace().filter_map(Kind::from_word).collect(),
        })
    }
}

impl House {
    /// Which notifications are wanted, and when it is quiet.
    ///
    /// # Errors
    /// The store's.
    pub fn wanted_notifications(&self) -> Result<Wanted, EngineError> {
        Ok(self.store.read(Wanted::load)?)
    }

    /// Says which notifications are wanted, and when it is quiet.
    ///
    /// # Errors
    /// Invalid: a time that no day has.
    pub async fn set_wanted_notifications(&self, wishes: Wishes) -> Result<(), EngineError> {
        if wishes.quiet.is_some_and(|quiet| !quiet.fits()) {
            return Err(EngineError::Invalid("Quiet hours are from 00:00 to 23:59.".to_owned()));
        }
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                let mut why = Vec::new();
                if let Some(on) = wishes.on {
                    let word = if on { "on" } else { "off" };
                    tx.put_setting(NOTIFICATIONS, word)?;
                    why.push(format!("desktop notifications are {word}"));
                }
                if let Some(quiet) = wishes.quiet {
                    tx.put_setting(QUIET, &written(quiet))?;
                    why.push(said(quiet));
                }
                if let Some(off) = &wishes.off {
                    let words: Vec<&str> = off.iter().map(|kind| kind.word()).collect();
                    tx.put_setting(OFF, &words.join(" "))?;
                    why.push(format!("{} kinds are not shown", words.len()));
                }
                if why.is_empty() { Ok(()) } else { note(tx, "set_notifications", why.join(", "), now) }
            })
            .await?;
        self.bus.stale(&[Tag::Notifications, Tag::Journal]);
        self.reload()
    }
}

fn said(quiet: QuietHours) -> String {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    match (quiet.on, quiet.weekends) {
        (false, _) => "no quiet hours".to_owned(),
        (true, false) => format!("quiet from {} to {}", clock(quiet.from), clock(quiet.until)),
        (true, true) => format!("quiet from {} to {} and at weekends", clock(quiet.from), clock(quiet.until)),
    }
}

fn written(quiet: QuietHours) -> String {
    let QuietHours { on, from, until, weekends } = quiet;
    format!("{} {from} {until} {}", if on { "on" } else { "off" }, if weekends { "weekends" } else { "weekdays" })
}

fn read(text: &str) -> Option<QuietHours> {
    let mut words = text.split_whitespace();
    let quiet = QuietHours {
        on: words.next()? == "on",
        from: words.next()?.parse().ok()?,
        until: words.next()?.parse().ok()?,
        weekends: words.next()? == "weekends",
    };
    quiet.fits().then_some(quiet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_are_read_as_they_were_written() {
        let default = QuietHours::default();
        for quiet in [default, QuietHours { on: false, ..default }, QuietHours { weekends: false, from: 0, ..default }]
        {
            assert_eq!(read(&written(quiet)), Some(quiet));
        }
        assert_eq!(read("on 1440 0 weekends"), None);
        assert_eq!(read(""), None);
    }
}
