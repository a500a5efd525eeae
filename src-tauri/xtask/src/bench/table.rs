//! Results as Markdown: what was to be reached, the rates, memory, remarks.

use std::fmt::Write;

use super::memory::Footprint;
use super::peer::Peer;
use super::relay::NONE;
use super::results::{Cell, Measured, Results};
use super::targets;

/// The relay that others are compared with.
pub const BESIDE: &str = Peer::Postfix.name();

/// Every table that has a row.
pub fn markdown(results: &Results) -> String {
    let mut parts = vec![targets(results)];
    if !results.cells.is_empty() {
        parts.push(rates(&results.cells));
    }
    if !results.memory.is_empty() {
        parts.push(memory(&results.memory));
    }
    let remarks = results.remarks.iter().cloned().chain(results.cells.iter().filter_map(Cell::remark));
    let remarks: String = remarks.map(|remark| format!("- {remark}\n")).collect();
    parts.extend((!remarks.is_empty()).then_some(remarks));
    parts.join("\n")
}

fn targets(results: &Results) -> String {
    let mut text = "| target | wanted | measured | met |\n|---|---|---|---|\n".to_owned();
    for row in targets::rows(results) {
        let met = match row.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "–",
        };
        writeln!(text, "| {} | {} | {} | {met} |", row.target, row.wanted, row.measured)
            .expect("a String takes everything");
    }
    text
}

/// One table of all cells, in their order. A case is named once.
fn rates(cells: &[Cell]) -> String {
    let mut text = "| load | relay | messages/s | CPU s per 1,000 | p50 ms | p99 ms | rate, Postfix = 1 | CPU, Postfix = 1 | other load, cores |\n\
                    |---|---|---:|---:|---:|---:|---:|---:|---:|\n"
        .to_owned();
    let mut last_case = "";
    for cell in cells {
        let case = if cell.case == last_case { "" } else { &cell.case };
        last_case = &cell.case;
        let beside = cells.iter().find(|other| other.case == cell.case && other.relay == BESIDE);
        let ratio = |field: fn(&Measured) -> f64| match beside {
            Some(other) if cell.relay != NONE && other.median(field) > 0.0 => {
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

fn memory(footprints: &[Footprint]) -> String {
    let mut text = "| memory | idle, resident MB | idle, anonymous MB | 100 sessions, anonymous MB | 1,000 sessions, anonymous MB |\n\
                    |---|---:|---:|---:|---:|\n"
        .to_owned();
    for held in footprints {
        let Footprint { relay, idle, with_100, with_1000 } = held;
        writeln!(text, "| {relay} | {:.0} | {:.0} | {with_100:.0} | {with_1000:.0} |", idle.resident, idle.anonymous)
            .expect("a String takes everything");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::memory::Held;

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
        let table = rates(&[cell("Rollcall", &[900.0, 3000.0, 3100.0]), cell("Postfix", &[1500.0])]);

        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(rows[0], "| 4 KiB | Rollcall | 3000 | 1.000 | 0.00 | 0.0 | 2.00 | 1.00 | 0.00 |");
        assert!(rows[1].starts_with("|  | Postfix | 1500 |"), "the case is named once");
    }

    #[test]
    fn without_postfix_there_is_no_ratio() {
        assert!(rates(&[cell("Rollcall", &[3000.0]), cell("Exim", &[100.0])]).contains("| – | – |"));
    }

    #[test]
    fn a_page_has_only_the_tables_that_have_rows_and_remarks_at_the_end() {
        let idle = Held { resident: 21.4, anonymous: 9.6 };
        let footprint = Footprint { relay: "Rollcall".to_owned(), idle, with_100: 14.0, with_1000: 80.0 };
        let results =
            Results { memory: vec![footprint], remarks: vec!["Haraka was left out.".to_owned()], ..Results::default() };

        let page = markdown(&results);

        assert!(page.starts_with("| target | wanted |") && !page.contains("| load | relay |"));
        assert!(page.contains("| Rollcall | 21 | 10 | 14 | 80 |"));
        assert!(page.ends_with("\n\n- Haraka was left out.\n"));
    }
}
