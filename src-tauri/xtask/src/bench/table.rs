//! Results as Markdown.

use std::fmt::Write;

use super::statistics::median;

/// One measured run.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Messages that got 250, a second.
    pub messages_per_second: f64,
    /// CPU seconds of the relay for 1,000 messages.
    pub cpu_per_thousand: f64,
    /// End of content to reply, the middle one, in milliseconds.
    pub p50_ms: f64,
    /// End of content to reply, 99 of 100, in milliseconds.
    pub p99_ms: f64,
    /// CPU cores that something else used meanwhile.
    pub other_load: f64,
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
    fn median(&self, field: impl Fn(&Measured) -> f64) -> f64 {
        median(&self.runs.iter().map(field).collect::<Vec<_>>())
    }
}

/// The relay that others are compared with.
const BESIDE: &str = "Postfix";

/// One table of all cells, in their order. A case is named once.
pub fn markdown(cells: &[Cell]) -> String {
    let mut text = "| load | relay | messages/s | CPU s per 1,000 | p50 ms | p99 ms | rate, Postfix = 1 | CPU, Postfix = 1 | other load, cores |\n\
                    |---|---|---:|---:|---:|---:|---:|---:|---:|\n"
        .to_owned();
    let mut last_case = "";
    for cell in cells {
        let case = if cell.case == last_case { "" } else { &cell.case };
        last_case = &cell.case;
        let beside = cells.iter().find(|other| other.case == cell.case && other.relay == BESIDE);
        let ratio = |field: fn(&Measured) -> f64| match beside {
            Some(other) if cell.relay != "no relay" && other.median(field) > 0.0 => {
                format!("{:.2}", cell.median(field) / other.median(field))
            }
            _ => "–".to_owned(),
        };
        writeln!(
            text,
            "| {case} | {} | {:.0} | {:.3} | {:.2} | {:.1} | {} | {} | {:.2} |",
            cell.relay,
            cell.median(|run| run.messages_per_second),
            cell.median(|run| run.cpu_per_thousand),
            cell.median(|run| run.p50_ms),
            cell.median(|run| run.p99_ms),
            ratio(|run| run.messages_per_second),
            ratio(|run| run.cpu_per_thousand),
            cell.median(|run| run.other_load),
        )
        .expect("a String takes everything");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(relay: &str, rates: &[f64]) -> Cell {
        let runs = rates.iter().map(|rate| Measured {
            messages_per_second: *rate,
            cpu_per_thousand: 1.0,
            ..Measured::default()
        });
        Cell { case: "4 KiB".to_owned(), relay: relay.to_owned(), runs: runs.collect() }
    }

    #[test]
    fn medians_stand_beside_postfix() {
        let table = markdown(&[cell("Rollcall", &[900.0, 3000.0, 3100.0]), cell("Postfix", &[1500.0])]);

        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(rows[0], "| 4 KiB | Rollcall | 3000 | 1.000 | 0.00 | 0.0 | 2.00 | 1.00 | 0.00 |");
        assert!(rows[1].starts_with("|  | Postfix | 1500 |"), "the case is named once");
    }

    #[test]
    fn without_postfix_there_is_no_ratio() {
        assert!(markdown(&[cell("Rollcall", &[3000.0])]).contains("| – | – |"));
    }
}
