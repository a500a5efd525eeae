//! `practice`: the practice office in the terminal. Who wrote to whom, what the server said, who was discovered.
//!
//! A terminal gets a screen with keys ([`screen`]), anything else gets plain lines ([`plain`]). Both look through the
//! door like the window does.

mod act;
mod line;
mod picture;
mod plain;
#[cfg(test)]
mod samples;
mod screen;
mod terminal;
mod view;
mod words;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

use crate::out::Ended;
use crate::stop::Stop;

/// True when there is a terminal for a person to look at and press keys.
#[must_use]
pub fn wants_screen() -> bool {
    io::stdout().is_terminal() && io::stdin().is_terminal()
}

/// Opens the practice office of `data` and shows it until the person quits, `duration` is over, or somebody stops us.
pub async fn run(data: &Path, duration: Option<Duration>) -> Result<(), Ended> {
    let mut stop = Stop::listen()?;
    let office = rollcall_practice::open(data).await?;
    let shown = {
        let until = async {
            tokio::select! {
                () = stop.asked() => {}
                () = over(duration) => {}
            }
        };
        if wants_screen() { screen::show(&office, until).await } else { plain::show(&office, until).await }
    };
    let summary = plain::summary(&office).await;
    office.close().await;
    shown?;
    crate::out::line(&summary?)
}

/// The wish of whoever said `--for`; without it, never.
#[expect(clippy::disallowed_methods, reason = "real seconds were asked for, not the office's")]
async fn over(duration: Option<Duration>) {
    match duration {
        Some(duration) => tokio::time::sleep(duration).await,
        None => std::future::pending().await,
    }
}
