//! One office from its first hour to its last.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Zoned;
use rollcall_core::Class;
use tokio::time::Instant;

use super::ledger::{Ledger, Numbers};
use super::letter::Letter;
use super::office::{Office, in_words};
use super::plan::{DAY, WEEK};
use super::preset::Preset;
use super::world::World;
use super::{operator, post, traffic};

/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;
/// Hours for which a sender tries again.
const PATIENCE: u32 = 48;
/// Thursdays at ten the desktop has shown the week's notices.
const SHOWN: u32 = 3 * DAY + 10;

/// What to simulate.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// The rule of both domains.
    pub preset: Preset,
    /// What makes the world.
    pub seed: u64,
    /// How long.
    pub weeks: u32,
    /// How much is written, in per cent.
    pub volume: u32,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// What was simulated.
    pub order: Order,
    /// The numbers.
    pub numbers: Numbers,
    /// Decisions, mistakes and what was not found, for whoever wants to know why.
    pub story: Vec<String>,
    /// How long it took.
    pub seconds: f64,
}

/// Runs it.
///
/// # Errors
/// In words, when the office can't be opened or the relay can't be reached.
pub async fn run(order: Order) -> Result<Outcome, String> {
    let began = Instant::now();
    let world = Arc::new(World::new(order.seed, order.weeks, order.volume));
    let office = Office::open(&world, order.preset).await?;
    let mut life = Life {
        began_ms: office.now_ms().await.map_err(in_words)?,
        office,
        ledger: Ledger::new(Arc::clone(&world)),
        world,
        waiting: VecDeque::new(),
        unslept: 0,
    };
    for day in 0..order.weeks * 7 {
        life.day(day).await?;
    }
    life.office.skip(life.unslept).await.map_err(in_words)?;
    life.look_back(order.weeks * WEEK - 1).await?;
    let Life { office, ledger, .. } = life;
    office.close().await;
    Ok(Outcome { order, numbers: ledger.close(), story: ledger.story(), seconds: began.elapsed().as_secs_f64() })
}

struct Life {
    office: Office,
    /// The office's time at hour 0.
    began_ms: i64,
    ledger: Ledger,
    world: Arc<World>,
    /// What was deferred, with the hour it was first tried in, and what waits at the filter and was never tried.
    waiting: VecDeque<(Option<u32>, Letter)>,
    /// Hours that passed without anything to do; they are skipped at once.
    unslept: u32,
}

impl Life {
    async fn day(&mut self, day: u32) -> Result<(), String> {
        let mut letters = VecDeque::from(traffic::of_day(&self.world, day));
        for hour in day * DAY..(day + 1) * DAY {
            let mut now = Vec::new();
            while letters.front().is_some_and(|letter| letter.hour <= hour) {
                now.extend(letters.pop_front());
            }
            if self.world.plan.is_on(hour) {
                self.hour(hour, now).await?;
            } else {
                self.hour_off(hour, now).await?;
            }
        }
        Ok(())
    }

    /// The computer is off: what is wanted waits at the filter, and whoever guesses goes away.
    async fn hour_off(&mut self, hour: u32, letters: Vec<Letter>) -> Result<(), String> {
        if hour > 0 && self.world.plan.is_on(hour - 1) {
            self.catch_up().await?;
        }
        self.unslept += 1;
        self.waiting.extend(letters.into_iter().filter(Letter::is_good).map(|letter| (None, letter)));
        Ok(())
    }

    async fn hour(&mut self, hour: u32, letters: Vec<Letter>) -> Result<(), String> {
        if hour > 0 && !self.world.plan.is_on(hour - 1) {
            self.office.sleep(self.unslept).await?;
            self.unslept = 0;
        }
        self.unslept += u32::from(hour > 0);
        let looks = self.world.plan.is_look(hour) || hour % WEEK == SHOWN || hour % DAY == DAY - 1;
        if letters.is_empty() && self.waiting.is_empty() && !looks {
            return Ok(());
        }
        self.catch_up().await?;
        self.office.mailboxes.strikes(hour);
        self.send(hour, letters).await?;
        if hour % WEEK == SHOWN {
            operator::notices_are_shown(&self.office.door).await.map_err(in_words)?;
        }
        if self.world.plan.is_look(hour) {
            self.look_back(hour).await?;
            operator::look(&self.office.door, &self.world, &mut self.ledger, hour).await.map_err(in_words)?;
        }
        if looks {
            self.look_back(hour).await?;
        }
        Ok(())
    }

    async fn catch_up(&mut self) -> Result<(), String> {
        let hours = std::mem::take(&mut self.unslept);
        self.office.skip(hours).await.map_err(in_words)
    }

    /// Hands over what is new and what waited, then what the mail server sends back because of it.
    async fn send(&mut self, hour: u32, letters: Vec<Letter>) -> Result<(), String> {
        let waited = std::mem::take(&mut self.waiting);
        let mut all: Vec<(u32, Letter)> = Vec::new();
        for (tried, letter) in waited {
            if tried.is_none() {
                self.ledger.sent(&letter, hour);
            }
            all.push((tried.unwrap_or(hour), letter));
        }
        for letter in letters {
            self.ledger.sent(&letter, hour);
            all.push((hour, letter));
        }
        self.carry(hour, all).await?;
        let bounces: Vec<(u32, Letter)> =
            self.office.mailboxes.bounces().into_iter().map(|bounce| (hour, bounce)).collect();
        if !bounces.is_empty() {
            self.carry(hour, bounces).await?;
            // The engine looks into reports while mail goes on; nobody tells when it has.
            crate::pause(50).await;
        }
        Ok(())
    }

    async fn carry(&mut self, hour: u32, letters: Vec<(u32, Letter)>) -> Result<(), String> {
        let (tried, letters): (Vec<u32>, Vec<Letter>) = letters.into_iter().unzip();
        let date = self.date(hour);
        for answer in post::hand_over(self.office.relay, &letters, &date).await? {
            let letter = &letters[answer.letter];
            let is_late = hour >= tried[answer.letter] + PATIENCE;
            match answer.reply.class() {
                Class::Transient if !is_late && letter.is_good() => {
                    let again = Letter { to: vec![answer.recipient], ..letter.clone() };
                    self.waiting.push_back((Some(tried[answer.letter]), again));
                }
                Class::Success | Class::Intermediate => {}
                Class::Transient | Class::Permanent => {
                    self.ledger.refused(letter, &answer.recipient, &answer.reply, hour);
                }
            }
        }
        Ok(())
    }

    /// The office's time. Asking the engine for it each hour would cost more than the hour's mail.
    fn date(&self, hour: u32) -> Zoned {
        let now = self.began_ms + i64::from(hour) * HOUR_MS;
        let now = jiff::Timestamp::from_millisecond(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        now.to_zoned(jiff::tz::TimeZone::system())
    }

    /// Holds the list against the truth.
    async fn look_back(&mut self, hour: u32) -> Result<(), String> {
        let rows = operator::rows(&self.office.door).await.map_err(in_words)?;
        self.ledger.look(&rows, hour);
        Ok(())
    }
}
