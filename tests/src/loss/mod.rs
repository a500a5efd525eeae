//! The fault harness: a relay under load is killed at random moments, with a destination that comes and goes, a disk
//! that fills and names that are not found, and what clients were promised is compared with what arrived.
//!
//! **Invariant.** A promise is a 250 to the end of the content, whole, as the client read it. What waits in the spool is
//! sent after every few lives and then counts only if it arrived.
//!
//! **Limits.** The seed fixes what is broken and when, not how the threads of two programs take turns. `kill -9` leaves
//! the system's file cache alone: what a missing flush costs, the power cuts among the kills show (see [`power`]).

mod flapping;
mod ground;
mod load;
mod message;
mod power;
mod schedule;
mod single;
mod verdict;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub use self::schedule::{Breakable, Flushes};
pub use self::single::survivors;
pub use self::verdict::Verdict;

use self::flapping::Flapping;
use self::ground::Ground;
use self::load::{Book, DOMAIN, USERS, lock, send_until_the_end};
use self::schedule::{Dice, Event, Mood, Round};
use self::verdict::Death;
use crate::client::Client;
use crate::program::{Served, ask, rollcallctl};

/// Clients at a time.
const SESSIONS: u64 = 16;
/// Lives between two comparisons.
const LIVES_BEFORE_COUNTING: u64 = 25;
/// Longest time for the spool to empty when nothing is broken any more.
const DRAIN: Duration = Duration::from_secs(180);

/// How much, and from which seed.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How often it is killed.
    pub kills: u64,
    /// What makes the schedule.
    pub seed: u64,
    /// End earlier, at the next comparison after this time.
    pub at_most: Option<Duration>,
    /// What is broken beside the destination.
    pub breakable: Breakable,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// The count over everything.
    pub verdict: Verdict,
    /// How often it was killed.
    pub kills: u64,
    /// Messages whose content was sent to its end.
    pub tried: u64,
    /// How often each thing was broken.
    pub events: BTreeMap<String, u64>,
    /// How long it took.
    pub took: Duration,
    /// The seed of the schedule.
    pub seed: u64,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | how many |\n|---|---|")?;
        writeln!(f, "| seed | {} |", self.seed)?;
        writeln!(f, "| minutes | {:.1} |", self.took.as_secs_f64() / 60.0)?;
        writeln!(f, "| kills | {} |", self.kills)?;
        for (event, times) in &self.events {
            writeln!(f, "| … with {event} | {times} |")?;
        }
        writeln!(f, "| messages sent to their end | {} |", self.tried)?;
        write!(f, "{}", self.verdict)
    }
}

/// Runs the plan; tells `progress` a line now and then.
///
/// # Errors
/// What cannot be broken here, or a spool that does not empty although nothing is broken any more.
pub async fn run(plan: Plan, progress: impl Fn(&str)) -> Result<Outcome, String> {
    let began = Instant::now();
    let mut field = Field::lay_out(plan).await?;
    let mut killed = 0;
    while killed < plan.kills {
        field.live_and_die(killed + 1).await?;
        killed += 1;
        if killed % LIVES_BEFORE_COUNTING == 0 || killed == plan.kills {
            field.drain().await?;
            let verdict = field.verdict();
            let (promised, kept) = (verdict.promised, verdict.kept);
            progress(&format!("{killed} kills, {promised} promised, {kept} of them kept, {:?}", began.elapsed()));
            if !verdict.is_clean() || plan.at_most.is_some_and(|limit| began.elapsed() > limit) {
                break;
            }
        }
    }
    let tried = lock(&field.book).tried;
    let (verdict, events) = (field.verdict(), std::mem::take(&mut field.events));
    Ok(Outcome { verdict, kills: killed, tried, events, took: began.elapsed(), seed: plan.seed })
}

/// Everything that outlives a life of the relay.
struct Field {
    plan: Plan,
    ground: Ground,
    destination: Flapping,
    book: Arc<Mutex<Book>>,
    deaths: BTreeMap<u64, Death>,
    events: BTreeMap<String, u64>,
}

impl Field {
    async fn lay_out(plan: Plan) -> Result<Self, String> {
        let ground = Ground::prepare(plan.breakable)?;
        let destination = Flapping::start().await;
        let field =
            Self { plan, ground, destination, book: Arc::default(), deaths: BTreeMap::new(), events: BTreeMap::new() };
        let served = field.serve();
        let folder = field.ground.folder();
        let (host, port) = (field.ground.destination_host(), field.destination.address.port());
        let to = json!({ "host": host, "port": port, "tls": "never" });
        ask(&folder, "command", "add_domain", &json!({ "name": DOMAIN, "destination": to }));
        ask(&folder, "command", "set_upstreams", &json!({ "addresses": ["127.0.0.1"] }));
        let users: Vec<_> = (0..USERS).map(|n| json!({ "address": format!("u{n}@{DOMAIN}") })).collect();
        ask(&folder, "command", "create_user", &json!({ "users": users }));
        // The disk is smaller than what is otherwise kept free: nothing would be kept, and nothing could be lost.
        ask(&folder, "command", "set_disk_reserve", &json!({ "mib": 0 }));
        drop(served);
        field.ground.settle_disk()?;
        Ok(field)
    }

    fn serve(&self) -> Served {
        let mut command = self.ground.command(&rollcallctl());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(self.ground.folder());
        Served::by(&mut command)
    }

    async fn live_and_die(&mut self, number: u64) -> Result<(), String> {
        let round = Round::of(self.plan.seed, number, self.plan.breakable);
        self.destination.round_begins(number);
        let served = self.serve();
        let mut sessions = JoinSet::new();
        for session in 0..SESSIONS {
            let book = Arc::clone(&self.book);
            sessions.spawn(send_until_the_end(served.smtp(), number, session, self.plan.seed, book));
        }
        let began = Instant::now();
        for (at_ms, event) in &round.events {
            until(began, *at_ms).await;
            self.happens(*event).await;
        }
        until(began, round.killed_ms).await;
        served.kill();
        let disk_was_full = round.events.iter().any(|(_, event)| *event == Event::DiskFills);
        self.deaths.insert(number, Death { at: Instant::now(), disk_was_full });
        self.ground.empty_disk();
        self.ground.mend_names();
        if let Some(cut) = round.cut {
            *self.events.entry(format!("a power cut, {cut:?}")).or_default() += 1;
            self.ground.cut_power(cut, &mut Dice::new(self.plan.seed, number + 0x20_0000))?;
        }
        // What stood in the clients' buffers is a promise as well: it was said before the end.
        while sessions.join_next().await.is_some() {}
        Ok(())
    }

    async fn happens(&mut self, event: Event) {
        let name = match event {
            Event::Destination(mood) => format!("a destination that becomes {mood:?}"),
            Event::DiskFills => "a disk that fills".to_owned(),
            Event::NamesBreak => "names that break".to_owned(),
            Event::DiskEmpties => "a disk that has room again".to_owned(),
            Event::NamesMend => "names that mend".to_owned(),
        };
        *self.events.entry(name).or_default() += 1;
        match event {
            Event::Destination(mood) => self.destination.becomes(mood).await,
            Event::DiskFills => self.ground.fill_disk(),
            Event::DiskEmpties => self.ground.empty_disk(),
            Event::NamesBreak => self.ground.break_names(),
            Event::NamesMend => self.ground.mend_names(),
        }
    }

    /// Lets everything that waits go out. A destination that was seen to go and come back has its mail at once.
    async fn drain(&mut self) -> Result<(), String> {
        let served = self.serve();
        let began = Instant::now();
        self.destination.round_begins(u64::MAX);
        loop {
            self.destination.becomes(Mood::Down).await;
            ask_about_somebody(&served).await;
            self.destination.becomes(Mood::Up).await;
            ask_about_somebody(&served).await;
            for _ in 0..50 {
                let health = ask(&self.ground.folder(), "query", "health", &json!({}));
                if health["failed"] != 0 {
                    return Err(format!("mail was given up although its destination never refused it: {health}"));
                }
                if health["waiting"] == 0 {
                    served.kill();
                    return Ok(());
                }
                crate::pause(200).await;
            }
            if began.elapsed() > DRAIN {
                let health = ask(&self.ground.folder(), "query", "health", &json!({}));
                return Err(format!("mail still waits although nothing is broken: {health}"));
            }
        }
    }

    fn verdict(&self) -> Verdict {
        Verdict::of(&lock(&self.book).promises, &self.destination.arrivals(), &self.deaths)
    }
}

/// A recipient is named and taken back, so that the relay learns how its destination is.
async fn ask_about_somebody(served: &Served) {
    let mut client = Client::with_mail(served.smtp(), "a@sender.example").await;
    client.say(&format!("RCPT TO:<u0@{DOMAIN}>")).await;
    client.say("QUIT").await;
}

async fn until(began: Instant, ms: u64) {
    let left = Duration::from_millis(ms).saturating_sub(began.elapsed());
    crate::pause(u64::try_from(left.as_millis()).unwrap_or(0)).await;
}
