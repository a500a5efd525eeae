//! What was measured, before it is a table.

use super::memory::Footprint;
use super::relay::OURS;
use super::statistics::median;

/// One measured run.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Messages that got 250, a second; refusals, where a load only asks.
    pub messages_per_second: f64,
    /// CPU seconds of the relay for 1,000 messages.
    pub cpu_per_thousand: f64,
    /// End of content to reply, the middle one, in milliseconds.
    pub p50_ms: f64,
    /// End of content to reply, 99 of 100, in milliseconds.
    pub p99_ms: f64,
    /// CPU cores that something else used meanwhile.
    pub other_load: f64,
    /// How long the load was sent.
    pub seconds: f64,
    /// Recipients that the destination was asked about.
    pub asked: f64,
    /// Refusals and broken sessions that nobody wanted.
    pub failed: f64,
    /// Messages with 250 that did not reach the sink in time.
    pub missing: f64,
    /// The first reply that nobody expected.
    pub odd: String,
}

/// All runs of one relay in one case.
pub struct Cell {
    /// Which load.
    pub case: String,
    /// Which relay.
    pub relay: String,
    /// Its runs.
    pub runs: Vec<Measured>,
}

impl Cell {
    /// The middle value of a field.
    pub fn median(&self, field: impl Fn(&Measured) -> f64) -> f64 {
        median(&self.runs.iter().map(field).collect::<Vec<_>>())
    }

    /// A sentence about what a peer did not do; nothing about one that did all.
    pub fn remark(&self) -> Option<String> {
        let sum = |field: fn(&Measured) -> f64| self.runs.iter().map(field).sum::<f64>();
        let (failed, missing) = (sum(|run| run.failed), sum(|run| run.missing));
        let odd = self.runs.iter().map(|run| run.odd.as_str()).find(|odd| !odd.is_empty()).unwrap_or_default();
        (failed + missing > 0.0).then(|| {
            let said = if odd.is_empty() { String::new() } else { format!(" It said: {odd}") };
            format!(
                "{}, {}: in all runs {failed} refusals or broken sessions, {missing} messages not delivered in time.{said}",
                self.case, self.relay
            )
        })
    }
}

/// All of a run of the benchmark.
#[derive(Default)]
pub struct Results {
    /// In the order of the table.
    pub cells: Vec<Cell>,
    /// What each relay holds in memory.
    pub memory: Vec<Footprint>,
    /// Peers that did not start.
    pub remarks: Vec<String>,
}

impl Results {
    /// The runs of a relay in a case, where there are any.
    pub fn cell(&self, case: &str, relay: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.case == case && cell.relay == relay && !cell.runs.is_empty())
    }

    /// Our runs in a case.
    pub fn ours(&self, case: &str) -> Option<&Cell> {
        self.cell(case, OURS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_that_did_all_needs_no_remark() {
        let run = |failed, missing| Measured { failed, missing, odd: "451 later".to_owned(), ..Measured::default() };
        let cell = |run| Cell { case: "c".to_owned(), relay: "Exim".to_owned(), runs: vec![run] };

        assert_eq!(cell(Measured::default()).remark(), None);
        let remark = cell(run(3.0, 1.0)).remark().unwrap();
        assert!(remark.contains("3 refusals") && remark.contains("1 messages") && remark.contains("451 later"));
    }
}
