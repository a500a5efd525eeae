//! The log: to stderr, by level.

use std::io::{self, IsTerminal};

use rollcall_api::{Code, Fault};
use tracing_subscriber::EnvFilter;

/// Starts logging what `levels` asks for, else what `RUST_LOG` asks for, else `info`. While a screen is drawn on the
/// same terminal, nothing is logged over it.
///
/// # Errors
/// `invalid` for levels that are not understood.
pub fn start(levels: Option<&str>, is_screen: bool) -> Result<(), Fault> {
    let said = levels.map(str::to_owned).or_else(|| std::env::var("RUST_LOG").ok()).filter(|levels| !levels.is_empty());
    let filter = EnvFilter::try_new(said.as_deref().unwrap_or(DEFAULT)).map_err(|error| Fault {
        code: Code::Invalid,
        message: "The log levels are not understood. Use error, warn, info, debug or trace.".to_owned(),
        detail: vec![error.to_string()],
    })?;
    if is_screen && io::stderr().is_terminal() {
        return Ok(());
    }
    let to_terminal = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(to_terminal).init();
    Ok(())
}

const DEFAULT: &str = "info";
