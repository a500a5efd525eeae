//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use rollcall_api::SecretsWish;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "rollcallctl",
    version,
    about = "Rollcall without a window: run the mail relay, ask it, change it, watch it.",
    after_help = EXAMPLES,
    max_term_width = 100,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub task: Task,
    /// Data folder; the practice office lives in its folder `practice`.
    #[arg(long, global = true, value_name = "DIR", help = data_help())]
    data: Option<PathBuf>,
    /// What to log to stderr: error, warn, info, debug, trace, or a list like rollcall_engine=debug,warn.
    #[arg(long, global = true, value_name = "LEVELS", help = LOG_HELP)]
    pub log: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Run the relay without a window until Ctrl-C or SIGTERM
    #[command(long_about = SERVE_HELP)]
    Serve(Serve),
    /// Ask the running relay something; nothing changes
    #[command(long_about = QUERY_HELP)]
    Query(Request),
    /// Change something in the running relay
    #[command(long_about = COMMAND_HELP)]
    Command(Order),
    /// The Organization Administrator's password: set, change, reset
    #[command(long_about = ACCESS_HELP)]
    Access(Access),
    /// Settings, people and history in one file, for another computer
    #[command(long_about = BACKUP_HELP)]
    Backup(Backup),
    /// Follow what changes, one line of JSON an event, until Ctrl-C
    #[command(long_about = WATCH_HELP)]
    Watch,
    /// Try everything with an invented office, here in the terminal
    #[command(long_about = PRACTICE_HELP)]
    Practice(Practice),
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Open the practice office (DIR/practice): invented people, a virtual clock, loopback only
    #[arg(long)]
    pub practice: bool,
    /// Receive mail here instead of where the folder says; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Bring the key of the office's passwords there: into the keychain of this account, or back into the data folder;
    /// without this it stays where it is
    #[arg(long, value_name = "PLACE", value_parser = ["keychain", "file"], conflicts_with = "practice")]
    pub secrets: Option<String>,
}

impl Serve {
    /// Where the key of the office's passwords is wanted.
    pub fn secrets(&self) -> SecretsWish {
        match self.secrets.as_deref() {
            Some("keychain") => SecretsWish::Keychain,
            Some("file") => SecretsWish::Folder,
            _ => SecretsWish::AsTheyAre,
        }
    }
}

/// Arguments of `command`.
#[derive(Debug, Args)]
pub struct Order {
    /// What to do.
    #[command(flatten)]
    pub request: Request,
    /// Gives this file's content as "content_base64" (preview_csv, import_csv)
    #[arg(long, value_name = "FILE", requires = "name")]
    pub file: Option<PathBuf>,
    /// How to become the Organization Administrator for it.
    #[command(flatten)]
    pub password: Password,
    /// Read the secret among its arguments from the first line of stdin: a password, a client secret
    #[arg(long)]
    pub secret_stdin: bool,
}

/// Where a password comes from; never from the command line, which every process can read.
#[derive(Debug, Args)]
pub struct Password {
    /// Sign in as Organization Administrator with the password in this file; its last line end does not count
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Sign in as Organization Administrator with a password asked for at the terminal
    #[arg(long, conflicts_with = "password_file")]
    pub ask_password: bool,
}

/// Arguments of `access`.
#[derive(Debug, Args)]
pub struct Access {
    /// What to do.
    #[command(subcommand)]
    pub task: AccessTask,
}

/// What `access` does.
#[derive(Debug, Subcommand)]
pub enum AccessTask {
    /// Set the password, or change it with the one before; asks at the terminal for what no file is given for
    SetPassword {
        /// The new password is in this file
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// The present password is in this file
        #[arg(long, value_name = "FILE")]
        old_password_file: Option<PathBuf>,
    },
    /// Take a forgotten password away; only for whoever may write the data folder
    ResetPassword,
}

/// Arguments of `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// What to do.
    #[command(subcommand)]
    pub task: BackupTask,
}

/// What `backup` does.
#[derive(Debug, Subcommand)]
pub enum BackupTask {
    /// Write a backup of the running relay to a file that is not there yet
    Export {
        /// The file
        file: PathBuf,
        /// How it is sealed.
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// Bring a backup back where no office was set up yet; no relay runs there
    Import {
        /// The file
        file: PathBuf,
        /// How it is sealed.
        #[command(flatten)]
        passphrase: Passphrase,
    },
}

/// Where a passphrase comes from; never from the command line, which every process can read.
#[derive(Debug, Args)]
pub struct Passphrase {
    /// The passphrase that seals the file is in this file; its last line end does not count
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// The passphrase that seals the file is asked for at the terminal
    #[arg(long, conflicts_with = "passphrase_file")]
    pub ask_passphrase: bool,
}

/// Arguments of `query`.
#[derive(Debug, Args)]
pub struct Request {
    /// What to ask or do; without it, all names are listed
    pub name: Option<String>,
    /// Its arguments as JSON, or - to read them from stdin
    #[arg(value_name = "JSON", requires = "name")]
    pub arguments: Option<String>,
}

/// Arguments of `practice`.
#[derive(Debug, Args)]
pub struct Practice {
    /// End by itself after so many seconds, with a summary
    #[arg(long = "for", value_name = "SECONDS", value_parser = seconds)]
    pub duration: Option<Duration>,
}

impl Arguments {
    /// The data folder: as said, else the one of whoever is signed in; `None` where the system names no such place.
    #[must_use]
    pub fn data(&self) -> Option<PathBuf> {
        self.data.clone().or_else(default_data)
    }
}

/// The folder that the window uses too.
fn default_data() -> Option<PathBuf> {
    dirs::data_local_dir().map(|place| place.join("Rollcall"))
}

fn data_help() -> String {
    let place = default_data().map_or_else(|| "none on this system".to_owned(), |place| place.display().to_string());
    format!("Data folder; the practice office lives in DIR/practice [default: {place}]")
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: u32 = text.parse().map_err(|_| "give a whole number of seconds, like 30".to_owned())?;
    Ok(Duration::from_secs(u64::from(seconds)))
}

const LOG_HELP: &str = "What to log to stderr: error, warn, info, debug or trace, or a list like \
    rollcall_engine=debug,warn [default: RUST_LOG, else info]";

const SERVE_HELP: &str = "\
Run the relay without a window until Ctrl-C or SIGTERM.

Once it answers, one line is printed on stdout; \"smtp\" lists what is bound:

  ready {\"smtp\":[\"127.0.0.1:2525\"],\"data\":\"DIR\",\"practice\":false,\"socket\":\"DIR/engine.sock\"}

Passwords are sealed in the folder. The key to them stays where it is; --secrets keychain brings it into the keychain of
this account (not where nobody signs in: it is locked then), --secrets file back into the folder.

A port that is taken is no reason to end: `query health` says so, and the relay tries again.
If another process has the folder open, the answer is a Fault `conflict`.
The log goes to stderr.";

const QUERY_HELP: &str = "\
Ask the running relay something. Nothing changes.

The answer is JSON on stdout: one line, or indented when stdout is a terminal.
Without NAME, all queries are listed.";

const COMMAND_HELP: &str = "\
Change something in the running relay. Each change is in the journal, with who and when.

What only the Organization Administrator may do needs --ask-password or --password-file FILE.
A password given as an argument is refused: other processes could read it.

A list of people is given as a file:

  rollcallctl command preview_csv --file people.csv
  rollcallctl command import_csv '{\"update\":true}' --file people.csv

A secret of the directory or of the server that takes outgoing mail comes from one line of stdin:

  rollcallctl command set_ldap_source '{…}' --secret-stdin < FILE

The answer is JSON on stdout: one line, or indented when stdout is a terminal.
Without NAME, all commands are listed.";

const ACCESS_HELP: &str = "\
The Organization Administrator's password. It opens what costs money: seats, the price of a user, and whatever
creates users by itself. Everything else is open to whoever owns the data folder (Technician).

Each rollcallctl is a session of its own, so it signs in for one command only:

  rollcallctl command set_licence '{\"seats_total\":50}' --ask-password
  rollcallctl command set_licence '{\"seats_total\":50}' --password-file FILE

After 5 wrong passwords within 10 minutes everybody waits.

A forgotten password is taken away with `access reset-password`, which needs the right to write the data folder.
It is written to the history, every window is told, nothing is switched off, and nobody is Organization
Administrator until a new password is set.";

const BACKUP_HELP: &str = "\
Settings, people and history in one file, for another computer.

  rollcallctl backup export office.backup --ask-passphrase
  rollcallctl --data NEW backup import office.backup --ask-passphrase

With a passphrase the whole file is sealed, and passwords and keys are in it. Without one they are not, and whoever has
the file can read the rest. Mail that waits in the relay is never in it: it is delivered from where it is.

A backup is brought back whole or not at all, and only where no office was set up yet.";

const WATCH_HELP: &str = "\
Follow what changes, one line of JSON an event, until Ctrl-C.

An event says which answers are stale, not what they are now: ask again with `query`.";

const PRACTICE_HELP: &str = "\
Try everything with an invented office, here in the terminal.

A dozen people, their mail server and their neighbours run in this process.
They speak real SMTP through the real relay, and nothing leaves this computer.
You see who writes to whom, what the server says, and which addresses are discovered.

Keys: d skips a day, w skips a week, u makes the first discovered address a user,
z takes it back, q quits. When stdout is not a terminal, plain lines are printed.";

const EXAMPLES: &str = "Examples:
  rollcallctl practice                                   see it work, nothing to set up
  rollcallctl serve --listen 127.0.0.1:2525              run the relay
  rollcallctl query health
  rollcallctl query addresses '{\"state\":\"discovered\"}'
  rollcallctl command create_user '{\"users\":[{\"address\":\"ann@acme.example\"}]}'
  rollcallctl command undo '{\"entry\":12}'
  rollcallctl watch

Exit codes:
  0  done
  1  a Fault, as JSON on stderr: {\"code\":…,\"message\":…,\"detail\":[…]}
  2  the command line is not understood";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_data_folder_is_given_before_or_after_the_task() {
        for line in [&["rollcallctl", "--data", "x", "watch"], &["rollcallctl", "watch", "--data", "x"]] {
            let arguments = Arguments::try_parse_from(line).unwrap();
            assert_eq!(arguments.data(), Some(PathBuf::from("x")), "{line:?}");
        }
    }

    #[test]
    fn without_a_data_folder_it_is_the_one_the_window_uses() {
        let arguments = Arguments::try_parse_from(["rollcallctl", "watch"]).unwrap();

        assert_eq!(arguments.data(), default_data());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in [
            &["rollcallctl"][..],
            &["rollcallctl", "sing"],
            &["rollcallctl", "serve", "--listen", "25"],
            &["rollcallctl", "practice", "--for", "soon"],
            &["rollcallctl", "query", "sync", "--secret-stdin"],
            &["rollcallctl", "query", "health", "{}", "{}"],
        ] {
            assert!(Arguments::try_parse_from(line).is_err(), "{line:?}");
        }
    }
}
