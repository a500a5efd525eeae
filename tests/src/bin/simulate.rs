//! `cargo xtask simulate` in one program: a year of an office under each preset, and what came of it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to the person at the terminal")]

use std::path::Path;
use std::process::ExitCode;

use rollcall_tests::simulation::{Order, Outcome, Preset, operator, report, run};

/// What the person wants.
struct Wish {
    presets: Vec<Preset>,
    seeds: std::ops::Range<u64>,
    weeks: u32,
    volume: u32,
    json: bool,
    why: bool,
    write: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let wish = match wish(std::env::args().skip(1)) {
        Ok(wish) => wish,
        Err(trouble) => {
            eprintln!("{trouble}");
            return ExitCode::from(2);
        }
    };
    if !operator::knows("set_rule") {
        eprintln!("This version has no presets yet: every run has the shipped rule, whatever it is called.");
    }
    let mut outcomes = Vec::new();
    for seed in wish.seeds.clone() {
        for &preset in &wish.presets {
            match run(Order { preset, seed, weeks: wish.weeks, volume: wish.volume }).await {
                Ok(outcome) => tell(&wish, outcome, &mut outcomes),
                Err(trouble) => {
                    eprintln!("{preset}, seed {seed}: {trouble}");
                    return ExitCode::FAILURE;
                }
            }
        }
    }
    if !wish.json {
        println!("{}", report::table(&outcomes));
    }
    if wish.write
        && let Err(error) = write(&wish, &outcomes)
    {
        eprintln!("docs/discovery.md can't be written: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn tell(wish: &Wish, outcome: Outcome, outcomes: &mut Vec<Outcome>) {
    if wish.json {
        println!("{}", report::json(&outcome));
    } else {
        eprintln!("{}, seed {}: {:.0} s", outcome.order.preset, outcome.order.seed, outcome.seconds);
    }
    if wish.why {
        for line in &outcome.story {
            eprintln!("  {line}");
        }
    }
    outcomes.push(outcome);
}

/// Puts table and chart between the marks of docs/discovery.md.
fn write(wish: &Wish, outcomes: &[Outcome]) -> std::io::Result<()> {
    const BEGIN: &str = "<!-- simulated: begin -->";
    const END: &str = "<!-- simulated: end -->";
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    std::fs::write(docs.join("discovery.svg"), report::chart(outcomes))?;
    let page = docs.join("discovery.md");
    let text = std::fs::read_to_string(&page)?;
    let (before, rest) = text.split_once(BEGIN).ok_or_else(|| std::io::Error::other("the marks are missing"))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| std::io::Error::other("the marks are missing"))?;
    let table = report::table(outcomes);
    let how = format!("Seed {}, {} weeks.", wish.seeds.start, wish.weeks);
    let chart = "![What each preset did](discovery.svg)";
    std::fs::write(page, format!("{before}{BEGIN}\n\n{how}\n\n{table}\n{chart}\n\n{END}{after}"))
}

fn wish(mut arguments: impl Iterator<Item = String>) -> Result<Wish, String> {
    let mut wish = Wish {
        presets: Preset::ALL.to_vec(),
        seeds: 1..2,
        weeks: 52,
        volume: 100,
        json: false,
        why: false,
        write: false,
    };
    let (mut seed, mut seeds) = (1, 1);
    while let Some(name) = arguments.next() {
        match name.as_str() {
            "--json" => wish.json = true,
            "--why" => wish.why = true,
            "--write" => wish.write = true,
            "--preset" => wish.presets = vec![value(&name, arguments.next())?],
            "--seed" => seed = value(&name, arguments.next())?,
            "--seeds" => seeds = value(&name, arguments.next())?,
            "--weeks" => wish.weeks = value(&name, arguments.next())?,
            "--volume" => wish.volume = value(&name, arguments.next())?,
            _ => return Err(format!("\"{name}\" is not known here.")),
        }
    }
    if wish.weeks == 0 || wish.volume == 0 || seeds == 0 {
        return Err("--weeks, --volume and --seeds need a number from 1 on.".to_owned());
    }
    wish.seeds = seed..seed + seeds;
    Ok(wish)
}

fn value<T: std::str::FromStr>(name: &str, text: Option<String>) -> Result<T, String> {
    let text = text.ok_or_else(|| format!("{name} needs a value."))?;
    text.parse().map_err(|_| format!("{name} cannot be \"{text}\"."))
}
