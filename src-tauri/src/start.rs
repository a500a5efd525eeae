//! How the program is started.
//!
//! **Limits.** On Windows the program has no console, so `--help` and a wrong option stay silent there.

use std::path::PathBuf;

use clap::Parser;

/// The office mail relay that learns which addresses really exist.
#[derive(Debug, Clone, Parser)]
#[command(name = "rollcall", version)]
pub struct Start {
    /// The folder that holds this office's addresses, settings and waiting mail.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Start in the tray, without a window. This is how the computer starts Rollcall after signing in.
    #[arg(long)]
    pub hidden: bool,
}

impl Start {
    /// The data folder: the one asked for, or `Rollcall` in the place where this system keeps a person's programs' data.
    /// `None` when the system names no such place; then `--data` has to.
    ///
    /// The folder stays on this computer (`AppData\Local` on Windows): a database must not roam.
    #[must_use]
    pub fn data_folder(&self) -> Option<PathBuf> {
        self.data.clone().or_else(|| dirs::data_local_dir().map(|place| place.join("Rollcall")))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::Parser;

    use super::Start;

    #[test]
    fn without_options_the_window_opens_on_the_persons_own_folder() {
        let start = Start::try_parse_from(["rollcall"]).unwrap();

        assert!(!start.hidden);
        assert!(start.data_folder().is_none_or(|folder| folder.ends_with("Rollcall")));
    }

    #[test]
    fn a_folder_asked_for_is_taken_as_it_is() {
        let start = Start::try_parse_from(["rollcall", "--data", "office", "--hidden"]).unwrap();

        assert!(start.hidden);
        assert_eq!(start.data_folder().as_deref(), Some(Path::new("office")));
    }
}
