//! What a person reads: a table, a line of JSON, a chart.

use std::fmt::Write;

use serde_json::json;

use super::run::Outcome;

/// The colour of everything that is good, and of everything that is not; readable on white and on black.
const GOOD: &str = "#2a9d6f";
const BAD: &str = "#d1495b";

/// One object for other programs.
#[must_use]
pub fn json(outcome: &Outcome) -> String {
    let (order, numbers) = (&outcome.order, &outcome.numbers);
    json!({
        "preset": order.preset.word(),
        "seed": order.seed,
        "weeks": order.weeks,
        "mailboxes": numbers.mailboxes,
        "found": numbers.found,
        "median_days": numbers.median_days,
        "false_users": numbers.false_users,
        "false_users_cost": (numbers.cost * 100.0).round() / 100.0,
        "shared_users": numbers.shared_users,
        "good_refused": numbers.good_refused,
        "wrongly_invalid": numbers.wrongly_invalid,
        "decisions": numbers.decisions,
        "messages": numbers.messages,
        "seconds": (outcome.seconds * 10.0).round() / 10.0,
    })
    .to_string()
}

/// A Markdown table, one line a run.
#[must_use]
pub fn table(outcomes: &[Outcome]) -> String {
    let mut text = "| Preset | Seed | Mailboxes found | Days until found | False users (cost) | Shared as users | Good mail refused \
                    | Wrongly invalid | Decisions | Messages | Time |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for outcome in outcomes {
        let numbers = &outcome.numbers;
        let _ = writeln!(
            text,
            "| {} | {} | {} of {} | {:.1} | {} (€{:.0}) | {} | {} | {} | {} | {} | {:.0} s |",
            outcome.order.preset.name(),
            outcome.order.seed,
            numbers.found,
            numbers.mailboxes,
            numbers.median_days,
            numbers.false_users,
            numbers.cost,
            numbers.shared_users,
            numbers.good_refused,
            numbers.wrongly_invalid,
            numbers.decisions,
            numbers.messages,
            outcome.seconds,
        );
    }
    text
}

/// Bars of the four mistakes and of the decisions, one group a preset, as SVG that reads on light and dark.
#[must_use]
pub fn chart(outcomes: &[Outcome]) -> String {
    const ROW: usize = 22;
    /// The length of the longest bar; all others are in proportion.
    const LONGEST: f64 = 520.0;
    let measures = |outcome: &Outcome| {
        let numbers = &outcome.numbers;
        [
            ("false users", numbers.false_users, BAD),
            ("good mail refused", numbers.good_refused, BAD),
            ("wrongly invalid", numbers.wrongly_invalid, BAD),
            ("not found", numbers.mailboxes - numbers.found, BAD),
            ("decisions", numbers.decisions, GOOD),
        ]
    };
    let most = outcomes.iter().flat_map(measures).map(|(_, value, _)| value).max().unwrap_or(1).max(1);
    let height = outcomes.len() * (5 * ROW + 40) + 20;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 {height}\" role=\"img\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<title>What each preset did in a year</title>\n<style>text {{ fill: #24292f }} \
         @media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3 }} }}</style>\n"
    );
    let mut y = 20;
    for outcome in outcomes {
        let _ = writeln!(svg, "<text x=\"8\" y=\"{y}\" font-weight=\"bold\">{}</text>", outcome.order.preset.name());
        for (name, value, colour) in measures(outcome) {
            y += ROW;
            let width = if value == 0 { 0.0 } else { (value as f64 * LONGEST / most as f64).max(2.0) };
            let _ = writeln!(
                svg,
                "<text x=\"150\" y=\"{y}\" text-anchor=\"end\">{name}</text><rect x=\"160\" y=\"{}\" \
                 width=\"{width:.0}\" height=\"13\" fill=\"{colour}\"/><text x=\"{:.0}\" y=\"{y}\">{value}</text>",
                y - 11,
                168.0 + width,
            );
        }
        y += 40;
    }
    svg.push_str("</svg>\n");
    svg
}

#[cfg(test)]
mod tests {
    use super::super::ledger::Numbers;
    use super::super::{Order, Preset};
    use super::*;

    fn outcome() -> Outcome {
        let order = Order { preset: Preset::CarefulOffice, seed: 7, weeks: 52, volume: 100 };
        let numbers =
            Numbers { mailboxes: 50, found: 49, median_days: 1.5, false_users: 3, decisions: 12, ..Numbers::default() };
        Outcome { order, numbers, story: Vec::new(), seconds: 90.0 }
    }

    #[test]
    fn the_object_has_the_fields_that_are_asked_for() {
        let object: serde_json::Value = serde_json::from_str(&json(&outcome())).unwrap();

        for field in
            ["mailboxes", "found", "median_days", "false_users", "good_refused", "wrongly_invalid", "decisions", "seed"]
        {
            assert!(object[field].is_number(), "{field}");
        }
        assert_eq!(object["preset"], "careful_office");
    }

    #[test]
    fn table_and_chart_name_the_preset_and_its_numbers() {
        let outcomes = [outcome()];

        assert!(table(&outcomes).contains("| Careful office | 7 | 49 of 50 | 1.5 | 3 (€0) | 0 | 0 | 0 | 12 |"));
        assert!(chart(&outcomes).contains(">Careful office</text>") && chart(&outcomes).ends_with("</svg>\n"));
    }
}
