//! `cargo xtask soak` in one program: kills the relay a thousand times and counts. Ends with failure when anything is
//! missing.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to the person at the terminal")]

use std::process::ExitCode;
use std::time::Duration;

use rollcall_tests::loss::{self, Breakable, Flushes, Plan};

#[tokio::main]
async fn main() -> ExitCode {
    let plan = match plan(std::env::args().skip(1)) {
        Ok(plan) => plan,
        Err(trouble) => {
            eprintln!("{trouble}");
            return ExitCode::from(2);
        }
    };
    match loss::run(plan, |line| println!("{line}")).await {
        Ok(outcome) => {
            println!("\n{outcome}");
            if outcome.verdict.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn plan(mut arguments: impl Iterator<Item = String>) -> Result<Plan, String> {
    let breakable = Breakable { disk: true, names: true, power: None };
    let mut plan = Plan { kills: 1000, seed: 1, at_most: None, breakable };
    while let Some(name) = arguments.next() {
        if name == "--unsynced" {
            plan.breakable.power = Some(Flushes::Obeyed);
            continue;
        }
        let value = arguments.next().and_then(|value| value.parse().ok());
        let number: u64 = value.ok_or_else(|| format!("{name} needs a number."))?;
        match name.as_str() {
            "--kills" => plan.kills = number,
            "--seed" => plan.seed = number,
            "--minutes" => plan.at_most = Some(Duration::from_secs(60 * number)),
            _ => return Err(format!("\"{name}\" is not known here.")),
        }
    }
    Ok(plan)
}
