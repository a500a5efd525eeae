//! Passwords from a file or the terminal, where they are not shown.
//!
//! **Invariant.** A password is never an argument: every process of the computer could read it.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal;
use rollcall_api::{Code, Fault};

use crate::args::Password;

/// The password to sign in with, if one is wanted.
pub fn wanted(password: &Password, prompt: &str) -> Result<Option<String>, Fault> {
    match &password.password_file {
        Some(file) => from(Some(file), prompt).map(Some),
        None if password.ask_password => from(None, prompt).map(Some),
        None => Ok(None),
    }
}

/// What is in `file`, without its last line end; what is typed at the terminal when there is none.
pub fn from(file: Option<&Path>, prompt: &str) -> Result<String, Fault> {
    let Some(file) = file else { return typed(prompt) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| invalid(format!("The password file {} can't be read.", file.display()), &error))?;
    Ok(without_line_end(&text).to_owned())
}

fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// Asks on stderr, so that stdout has answers only.
fn typed(prompt: &str) -> Result<String, Fault> {
    if !io::stdin().is_terminal() {
        let message = "There is no terminal to ask for the password at. Give it with --password-file FILE.".to_owned();
        return Err(Fault { code: Code::Invalid, message, detail: Vec::new() });
    }
    let failed = |error: io::Error| invalid("The password could not be read.".to_owned(), &error);
    let mut err = io::stderr();
    write!(err, "{prompt}").and_then(|()| err.flush()).map_err(failed)?;
    terminal::enable_raw_mode().map_err(failed)?;
    let text = keys();
    terminal::disable_raw_mode().map_err(failed)?;
    writeln!(err).map_err(failed)?;
    text.map_err(failed)?.ok_or_else(|| Fault {
        code: Code::Invalid,
        message: "No password was given.".to_owned(),
        detail: Vec::new(),
    })
}

/// Keys up to Enter; `None` for Esc or Ctrl-C.
fn keys() -> io::Result<Option<String>> {
    let mut text = String::new();
    loop {
        let Event::Key(key) = event::read()? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        match key.code {
            KeyCode::Enter => return Ok(Some(text)),
            KeyCode::Esc => return Ok(None),
            KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => return Ok(None),
            KeyCode::Backspace => drop(text.pop()),
            KeyCode::Char(char) => text.push(char),
            _ => {}
        }
    }
}

fn invalid(message: String, error: &io::Error) -> Fault {
    Fault { code: Code::Invalid, message, detail: vec![error.to_string()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_line_end_of_a_password_file_is_left_out() {
        for (text, password) in
            [("a b\n", "a b"), ("a b\r\n", "a b"), ("a b", "a b"), ("a\nb\n\n", "a\nb\n"), (" a ", " a ")]
        {
            assert_eq!(without_line_end(text), password, "{text:?}");
        }
    }
}
