//! Runs other programs: their output is shown as it comes, or kept and shown only when they fail.
//!
//! **Invariant**: a program that has ended is never waited for because something it left behind still holds its output.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::report::{Failure, INDENT};
use crate::stopwatch::Stopwatch;

/// What to do with the output of a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Show {
    /// Every line as it comes.
    Live,
    /// Nothing but a sign of life, and the last lines if it fails.
    OnFailure,
}

/// A program that ended.
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// All it wrote, both streams in the order of arrival.
    pub output: String,
}

const TAIL_LINES: usize = 40;
const SIGN_OF_LIFE_SECONDS: f64 = 30.0;
const AFTER_EXIT: Duration = Duration::from_millis(300);

/// A program with no input and without what cargo told this process about itself, which would confuse a cargo started from here.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.stdin(Stdio::null());
    for (key, _) in std::env::vars_os() {
        let about_us = key.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_NAME", "CARGO_PRIMARY_PACKAGE"]
            .iter()
            .any(|prefix| about_us.starts_with(prefix))
        {
            command.env_remove(&key);
        }
    }
    command
}

/// Runs a program to its end.
///
/// # Errors
/// When it cannot be started. That it failed is told by [`Ended::status`].
pub fn run(command: &mut Command, show: Show) -> Result<Ended, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|err| Failure::io(&format!("start {name}"), &err))?;
    let (sender, lines) = channel();
    if let Some(stdout) = child.stdout.take() {
        read_lines(stdout, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        read_lines(stderr, sender);
    }
    let mut screen = Screen::new(show);
    let status = loop {
        screen.take(&lines, Duration::from_millis(100));
        if let Some(status) = child.try_wait().map_err(|err| Failure::io(&format!("wait for {name}"), &err))? {
            break status;
        }
    };
    while screen.take(&lines, AFTER_EXIT) {}
    if !status.success() && show == Show::OnFailure {
        screen.print_tail();
    }
    Ok(Ended { status, output: screen.output })
}

/// Runs a program whose failure ends the command; `what` names the step in that sentence.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub fn must(what: &str, command: &mut Command, show: Show) -> Result<String, Failure> {
    let ended = run(command, show)?;
    if ended.status.success() {
        Ok(ended.output)
    } else {
        Err(Failure::new(format!("{what} failed ({}).", ended.status)))
    }
}

/// What a program writes to its standard output, or nothing if it cannot be started or fails.
pub fn answer(name: &str, arguments: &[&str]) -> Option<String> {
    let output = program(name).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program can be started at all.
pub fn exists(name: &str) -> bool {
    program(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn read_lines(stream: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
}

/// Where lines go: the terminal, memory, or both.
struct Screen {
    show: Show,
    output: String,
    tail: VecDeque<String>,
    quiet: Stopwatch,
    running: Stopwatch,
}

impl Screen {
    fn new(show: Show) -> Self {
        let watch = Stopwatch::start();
        Self { show, output: String::new(), tail: VecDeque::new(), quiet: watch, running: watch }
    }

    /// Takes lines until none comes for `patience`; tells whether there was one.
    fn take(&mut self, lines: &Receiver<String>, patience: Duration) -> bool {
        match lines.recv_timeout(patience) {
            Ok(line) => {
                self.line(line);
                true
            }
            Err(RecvTimeoutError::Timeout) => {
                self.sign_of_life();
                false
            }
            Err(RecvTimeoutError::Disconnected) => {
                // Both streams are closed and the program still runs.
                crate::stopwatch::pause(Duration::from_millis(20));
                false
            }
        }
    }

    fn line(&mut self, line: String) {
        if self.show == Show::Live {
            println!("{INDENT}{line}");
            self.quiet = Stopwatch::start();
        }
        self.output.push_str(&line);
        self.output.push('\n');
        self.tail.push_back(line);
        if self.tail.len() > TAIL_LINES {
            self.tail.pop_front();
        }
        self.sign_of_life();
    }

    fn sign_of_life(&mut self) {
        if self.quiet.seconds() < SIGN_OF_LIFE_SECONDS {
            return;
        }
        self.quiet = Stopwatch::start();
        let last: String = self.tail.back().map_or("", String::as_str).chars().take(90).collect();
        println!("{INDENT}… {:.0} s  {last}", self.running.seconds());
    }

    fn print_tail(&self) {
        for line in &self.tail {
            println!("{INDENT}{line}");
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn both_streams_are_kept_and_a_failure_keeps_its_code() {
        let ended = run(program("sh").args(["-c", "echo one; echo two >&2; exit 3"]), Show::OnFailure).unwrap();

        let mut lines: Vec<_> = ended.output.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, ["one", "two"]);
        assert_eq!(ended.status.code(), Some(3));
    }

    #[test]
    fn a_background_process_that_holds_the_output_does_not_hold_us() {
        let watch = Stopwatch::start();

        let ended = run(program("sh").args(["-c", "sleep 20 & echo done"]), Show::OnFailure).unwrap();

        assert_eq!(ended.output, "done\n");
        assert!(watch.seconds() < 10.0, "we did not wait for the sleeper");
    }

    #[test]
    fn a_missing_program_is_one_sentence() {
        let failure = must("The step", &mut program("rollcall-no-such-program"), Show::OnFailure).unwrap_err();

        assert!(failure.to_string().starts_with("Could not start rollcall-no-such-program:"), "{failure}");
    }
}
