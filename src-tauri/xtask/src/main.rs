//! All automation of Rollcall: `cargo xtask run | test | soak | simulate | bench | bundle | setup | lint | icons | session`.
//!
//! No dependencies and no shell, so that a bare machine compiles it within seconds and it works the same everywhere.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to the person at the terminal")]

mod arguments;
mod bench;
mod bundle;
mod checks;
mod help;
mod icons;
mod process;
mod report;
mod run;
mod session;
mod setup;
mod simulate;
mod soak;
mod stopwatch;
mod tally;
mod test;
mod ui;
mod workspace;

use std::process::ExitCode;

use arguments::Arguments;
use report::Failure;
use workspace::{Profile, Workspace};

fn main() -> ExitCode {
    let mut given = Arguments::new(std::env::args().skip(1));
    let name = given.word();
    if given.flag(&["--help", "-h"]) || name.is_none() {
        println!("{}", help::about(name.as_deref()));
        return if name.is_some() || given.finish().is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    match dispatch(name.as_deref().unwrap_or_default(), given) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_silent() {
                eprintln!("{failure}");
            }
            ExitCode::FAILURE
        }
    }
}

fn dispatch(name: &str, mut given: Arguments) -> Result<(), Failure> {
    let workspace = Workspace::find();
    match name {
        "run" => run::command(&workspace, &wish(given)?),
        "test" => {
            let extent = if given.flag(&["--quick"]) { test::Extent::Quick } else { test::Extent::Full };
            let filter = given.word();
            given.finish()?;
            test::command(&workspace, extent, filter.as_deref())
        }
        "soak" => soak::command(&workspace, given),
        "simulate" => simulate::command(&workspace, given),
        "bench" => bench::command(&workspace, given),
        "bench-sink" => bench::sink::command(given),
        "bench-load" => bench::load::command(given),
        "bundle" => given.finish().and_then(|()| bundle::command(&workspace)),
        "setup" => given.finish().and_then(|()| setup::command(&workspace)),
        "lint" => given.finish().and_then(|()| checks::command(&workspace)),
        "icons" => given.finish().and_then(|()| icons::draw(&workspace)),
        "session" => given.finish().and_then(|()| session::command(&workspace, &given.rest)),
        _ => Err(Failure::new(format!("There is no command \"{name}\". Try: cargo xtask --help"))),
    }
}

fn wish(mut given: Arguments) -> Result<run::Wish, Failure> {
    let profile = if given.flag(&["--release"]) { Profile::Release } else { Profile::Debug };
    let place = if given.flag(&["--practice"]) { run::Place::Terminal } else { run::Place::Best };
    given.finish()?;
    Ok(run::Wish { profile, place, arguments: given.rest })
}
