//! What ours is to reach, and whether it did: computed from what was measured.

use super::cases;
use super::memory::Footprint;
use super::relay::OURS;
use super::results::{Cell, Measured, Results};
use super::table::BESIDE;

/// A row of the table of targets.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// What it is about.
    pub target: &'static str,
    /// What is to be reached.
    pub wanted: String,
    /// What was.
    pub measured: String,
    /// Nothing when it was not measured.
    pub met: Option<bool>,
}

/// How a target is judged. The case is the one that ours is measured in.
enum Yardstick {
    /// At least so many times the rate of Postfix in the same run.
    TimesRate(&'static str, f64),
    /// At most so many times its CPU time for a message.
    TimesCpu(&'static str, f64),
    /// At least so many messages or refusals a second.
    Rate(&'static str, f64),
    /// 99 of 100 waits are at most so many milliseconds.
    P99(&'static str, f64),
    /// The destination is asked at most so often at once, and then so often a second.
    Asked { case: &'static str, burst: f64, per_second: f64 },
    /// With many addresses on file a message costs at most so many times the CPU time that it costs with few.
    Flat(&'static str, f64),
    /// Ours holds at most so many MB.
    Holds(fn(&Footprint) -> f64, f64),
}

use Yardstick::{Asked, Flat, Holds, P99, Rate, TimesCpu, TimesRate};

const PASS: &str = "pass-through, every recipient asked live, 20 sessions, a connection a message";
const PASS_KEPT: &str = "the same, connections kept";
const SPOOL_AWAY: &str = "durable spool, destination away, 20 sessions, a connection a message";
const SPOOL_SLOW: &str = "destination slow, 20 sessions, a connection a message";

const TARGETS: [(&str, Yardstick); 18] = [
    (PASS, TimesRate(cases::ONE_EACH, 2.5)),
    (PASS, TimesCpu(cases::ONE_EACH, 0.35)),
    (PASS, P99(cases::ONE_EACH, 4.0)),
    (PASS_KEPT, TimesRate(cases::KEPT, 3.0)),
    (PASS_KEPT, TimesCpu(cases::KEPT, 0.3)),
    (SPOOL_AWAY, TimesRate(cases::AWAY, 5.0)),
    (SPOOL_AWAY, TimesCpu(cases::AWAY, 0.15)),
    (SPOOL_SLOW, TimesRate(cases::SLOW, 5.0)),
    (SPOOL_SLOW, TimesCpu(cases::SLOW, 0.15)),
    ("cold recipients, as fast as warm ones", Rate(cases::COLD, 2500.0)),
    ("refusals of new addresses", Rate(cases::REFUSED_NEW, 10_000.0)),
    // The limits of one destination in `rollcall_core::asking`.
    ("the destination asked meanwhile", Asked { case: cases::REFUSED_NEW, burst: 1000.0, per_second: 100.0 }),
    ("refusals of addresses asked before", Rate(cases::REFUSED_AGAIN, 20_000.0)),
    ("100 KiB, 20 sessions, connections kept", TimesRate(cases::LARGE_KEPT, 2.0)),
    ("anonymous memory, 100 sessions", Holds(|held| held.with_100, 25.0)),
    ("anonymous memory, 1,000 sessions", Holds(|held| held.with_1000, 120.0)),
    ("resident memory, idle", Holds(|held| held.idle.resident, 30.0)),
    ("cost of a message with a million addresses on file", Flat(cases::MANY_ROWS, 1.15)),
];

/// One row for each target, in order.
pub fn rows(results: &Results) -> Vec<Row> {
    TARGETS.iter().map(|(target, yardstick)| yardstick.row(target, results)).collect()
}

impl Yardstick {
    fn row(&self, target: &'static str, results: &Results) -> Row {
        let (wanted, judged) = match self {
            TimesRate(case, least) => (
                format!("≥ {least} × the rate of {BESIDE}"),
                times(results, case, rate).map(|(times, text)| (text, times >= *least)),
            ),
            TimesCpu(case, most) => (
                format!("≤ {most} × the CPU of {BESIDE}"),
                times(results, case, cpu).map(|(times, text)| (text, times <= *most)),
            ),
            Rate(case, least) => (format!("≥ {least} a second"), measured_rate(results, case, *least)),
            P99(case, most) => (
                format!("p99 ≤ {most} ms"),
                results.ours(case).map(|ours| at_most(ours.median(|run| run.p99_ms), *most, "ms")),
            ),
            Asked { case, burst, per_second } => {
                (format!("≤ {burst} at once, then {per_second} a second"), asked(results, case, *burst, *per_second))
            }
            Flat(case, most) => (format!("≤ {most} × the CPU with 100"), flat(results, case, *most)),
            Holds(what, most) => {
                let ours = results.memory.iter().find(|held| held.relay == OURS);
                (format!("≤ {most} MB"), ours.map(|held| at_most(what(held), *most, "MB")))
            }
        };
        let (measured, met) = judged.map_or(("not measured".to_owned(), None), |(text, met)| (text, Some(met)));
        Row { target, wanted, measured, met }
    }
}

const fn rate(run: &Measured) -> f64 {
    run.messages_per_second
}

const fn cpu(run: &Measured) -> f64 {
    run.cpu_per_thousand
}

fn at_most(value: f64, most: f64, unit: &str) -> (String, bool) {
    (format!("{value:.1} {unit}"), value <= most)
}

/// How many times the peer's value ours is, and both in words.
fn times(results: &Results, case: &str, field: fn(&Measured) -> f64) -> Option<(f64, String)> {
    quotient(results.ours(case)?, results.cell(case, BESIDE)?, field)
}

fn quotient(one: &Cell, other: &Cell, field: fn(&Measured) -> f64) -> Option<(f64, String)> {
    let (one, other) = (one.median(field), other.median(field));
    let precise = |value: f64| if value < 10.0 { format!("{value:.3}") } else { format!("{value:.0}") };
    (other > 0.0).then(|| (one / other, format!("{:.2} ({} beside {})", one / other, precise(one), precise(other))))
}

/// New addresses beside known ones, where both were measured.
fn measured_rate(results: &Results, case: &str, least: f64) -> Option<(String, bool)> {
    let value = results.ours(case)?.median(rate);
    let warm = results.ours(cases::ONE_EACH).filter(|_| case == cases::COLD);
    let beside = warm.map(|warm| format!(" (warm {:.0})", warm.median(rate))).unwrap_or_default();
    Some((format!("{value:.0}{beside}"), value >= least))
}

/// Questions that were under way when the limit was reached are asked too, one a session.
fn asked(results: &Results, case: &str, burst: f64, per_second: f64) -> Option<(String, bool)> {
    const UNDER_WAY: f64 = 20.0;
    let ours = results.ours(case)?;
    let within = |run: &Measured| run.asked <= burst + per_second * run.seconds + UNDER_WAY;
    let (questions, seconds) = (ours.median(|run| run.asked), ours.median(|run| run.seconds));
    Some((format!("{questions:.0} questions in {seconds:.1} s"), ours.runs.iter().all(within)))
}

/// The cell with many addresses is the other one of the case.
fn flat(results: &Results, case: &str, most: f64) -> Option<(String, bool)> {
    let few = results.ours(case)?;
    let many = results.cells.iter().find(|cell| cell.case == case && cell.relay != OURS)?;
    let (times, text) = quotient(many, few, cpu)?;
    Some((format!("{text}, {}", many.relay), times <= most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::memory::Held;

    fn cell(case: &str, relay: &str, run: Measured) -> Cell {
        Cell { case: case.to_owned(), relay: relay.to_owned(), runs: vec![run] }
    }

    fn run(messages_per_second: f64, cpu_per_thousand: f64) -> Measured {
        Measured { messages_per_second, cpu_per_thousand, p99_ms: 4.1, ..Measured::default() }
    }

    fn with(cells: Vec<Cell>) -> Vec<Row> {
        rows(&Results { cells, ..Results::default() })
    }

    #[test]
    fn what_was_not_measured_is_neither_met_nor_missed() {
        let rows = rows(&Results::default());

        assert_eq!(rows.len(), TARGETS.len());
        assert!(rows.iter().all(|row| row.met.is_none() && row.measured == "not measured"));
    }

    #[test]
    fn rate_and_cpu_are_judged_beside_postfix_and_waits_alone() {
        let rows = with(vec![
            cell(cases::ONE_EACH, OURS, run(5000.0, 0.4)),
            cell(cases::ONE_EACH, "Exim", run(400.0, 4.0)),
            cell(cases::ONE_EACH, BESIDE, run(2000.0, 1.0)),
        ]);

        assert_eq!((rows[0].met, rows[0].measured.as_str()), (Some(true), "2.50 (5000 beside 2000)"));
        assert_eq!((rows[1].met, rows[1].measured.as_str()), (Some(false), "0.40 (0.400 beside 1.000)"));
        assert_eq!((rows[2].met, rows[2].measured.as_str()), (Some(false), "4.1 ms"));
    }

    #[test]
    fn without_postfix_only_what_stands_alone_is_judged() {
        let rows = with(vec![cell(cases::ONE_EACH, OURS, run(5000.0, 0.4))]);

        assert_eq!([rows[0].met, rows[1].met, rows[2].met], [None, None, Some(false)]);
    }

    #[test]
    fn questions_are_judged_in_every_run_and_cold_stands_beside_warm() {
        let asking = |asked| Measured { asked, seconds: 2.0, ..run(12_000.0, 0.1) };
        let of = |runs| Cell { runs, ..cell(cases::REFUSED_NEW, OURS, run(0.0, 0.0)) };
        let row = |rows: Vec<Row>, about: &str| rows.into_iter().find(|row| row.target.contains(about)).unwrap();

        assert_eq!(row(with(vec![of(vec![asking(1200.0)])]), "asked meanwhile").met, Some(true));
        assert_eq!(row(with(vec![of(vec![asking(900.0), asking(1300.0)])]), "asked meanwhile").met, Some(false));
        let both = vec![cell(cases::ONE_EACH, OURS, run(5000.0, 0.4)), cell(cases::COLD, OURS, run(2600.0, 0.5))];
        assert_eq!(row(with(both), "cold").measured, "2600 (warm 5000)");
    }

    #[test]
    fn a_million_addresses_stand_beside_a_hundred() {
        let many = "Rollcall, 1000000 addresses";
        let rows =
            with(vec![cell(cases::MANY_ROWS, OURS, run(4000.0, 0.2)), cell(cases::MANY_ROWS, many, run(3900.0, 0.25))]);

        let last = rows.last().unwrap();
        assert_eq!(
            (last.met, last.measured.as_str()),
            (Some(false), "1.25 (0.250 beside 0.200), Rollcall, 1000000 addresses")
        );
    }

    #[test]
    fn memory_is_that_of_ours() {
        let held = |relay: &str, with_100| Footprint {
            relay: relay.to_owned(),
            idle: Held { resident: 29.0, anonymous: 8.0 },
            with_100,
            with_1000: 121.0,
        };
        let results = Results { memory: vec![held("Postfix", 230.0), held(OURS, 24.9)], ..Results::default() };

        let memory: Vec<_> = rows(&results).into_iter().filter(|row| row.target.contains("memory")).collect();

        assert_eq!(memory.iter().map(|row| row.met).collect::<Vec<_>>(), [Some(true), Some(false), Some(true)]);
    }
}
