//! How long to wait when Graph asks us to, and when that is too long. No clock: it counts what it granted.

use std::time::Duration;

/// What was granted so far in a run.
#[derive(Debug)]
pub(super) struct Waiting {
    left: Duration,
}

/// The longest wait when nobody says how long.
const LONGEST: Duration = Duration::from_secs(60);

impl Waiting {
    /// At most `all` in one run.
    pub(super) const fn at_most(all: Duration) -> Self {
        Self { left: all }
    }

    /// How long to wait before attempt number `attempt` (from 1): what it asked for, else twice as long each time.
    ///
    /// # Errors
    /// With the wait that is more than what is left.
    pub(super) fn grant(&mut self, asked: Option<Duration>, attempt: u32) -> Result<Duration, Duration> {
        let doubled = Duration::from_secs(1 << attempt.clamp(1, 7)).min(LONGEST);
        // A wait of nothing would ask again and again without end.
        let wait = asked.unwrap_or(doubled).max(Duration::from_secs(1));
        match self.left.checked_sub(wait) {
            Some(left) => {
                self.left = left;
                Ok(wait)
            }
            None => Err(wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn m05_what_it_asks_for_is_waited_and_an_hour_is_too_long() {
        let mut waiting = Waiting::at_most(seconds(600));

        assert_eq!(waiting.grant(Some(seconds(17)), 1), Ok(seconds(17)));
        assert_eq!(waiting.grant(Some(seconds(3_600)), 2), Err(seconds(3_600)));
    }

    #[test]
    fn m05_many_short_waits_end_with_the_ten_minutes() {
        let mut waiting = Waiting::at_most(seconds(600));

        let granted: u64 =
            (1..).map_while(|attempt| waiting.grant(None, attempt).ok()).map(|wait| wait.as_secs()).sum();

        assert!((540..=600).contains(&granted), "{granted}");
    }

    #[test]
    fn m05_a_wait_of_nothing_is_a_second() {
        assert_eq!(Waiting::at_most(seconds(600)).grant(Some(Duration::ZERO), 1), Ok(seconds(1)));
    }
}
