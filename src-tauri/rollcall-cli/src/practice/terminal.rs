//! The terminal itself: a screen drawn in place, single keys, and everything as it was afterwards.

use std::io::{self, Stdout, Write, stdout};
use std::thread;
use std::time::Duration;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::style::{Attribute, Color, Print, ResetColor, SetAttribute, SetForegroundColor};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode, size,
};
use crossterm::{execute, queue};
use tokio::sync::mpsc;

use super::line::{Line, Style};
use super::view::Size;
use super::words::Meaning;

/// What a person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// A letter, in lower case.
    Key(char),
    /// q, Esc or Ctrl-C.
    Quit,
    /// The window has another size now.
    Resized,
}

/// The terminal while it is ours. It is given back when this is dropped, even by a panic.
pub struct Terminal(Stdout);

impl Terminal {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When it does not let itself be used this way.
    pub fn open() -> io::Result<Self> {
        enable_raw_mode()?;
        let mut terminal = Self(stdout());
        execute!(terminal.0, EnterAlternateScreen, Hide)?;
        Ok(terminal)
    }

    /// Its size now.
    #[must_use]
    pub fn size(&self) -> Size {
        let (width, height) = size().unwrap_or((80, 24));
        Size { width: width.into(), height: height.into() }
    }

    /// Draws the lines over what was there.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn paint(&mut self, lines: &[Line]) -> io::Result<()> {
        queue!(self.0, BeginSynchronizedUpdate)?;
        for (row, line) in (0_u16..).zip(lines) {
            queue!(self.0, MoveTo(0, row))?;
            for span in &line.0 {
                self.dress(span.style)?;
                queue!(self.0, Print(&span.text), SetAttribute(Attribute::Reset), ResetColor)?;
            }
            queue!(self.0, Clear(ClearType::UntilNewLine))?;
        }
        queue!(self.0, EndSynchronizedUpdate)?;
        self.0.flush()
    }

    fn dress(&mut self, style: Style) -> io::Result<()> {
        match style {
            Style::Plain => Ok(()),
            Style::Strong => queue!(self.0, SetAttribute(Attribute::Bold)),
            Style::Quiet => queue!(self.0, SetForegroundColor(Color::DarkGrey)),
            Style::Key => queue!(self.0, SetForegroundColor(Color::Cyan), SetAttribute(Attribute::Bold)),
            Style::Means(meaning) => queue!(self.0, SetForegroundColor(colour(meaning))),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(execute!(self.0, LeaveAlternateScreen, Show));
        drop(disable_raw_mode());
    }
}

/// A refusal is grey: the relay doing its job.
const fn colour(meaning: Meaning) -> Color {
    match meaning {
        Meaning::Good => Color::Green,
        Meaning::Refused => Color::DarkGrey,
        Meaning::Waiting => Color::Yellow,
        Meaning::Bad => Color::Red,
    }
}

/// Reads keys on a thread of its own until nobody wants them any more.
#[must_use]
pub fn presses() -> mpsc::Receiver<Press> {
    let (sender, receiver) = mpsc::channel(16);
    thread::spawn(move || {
        while !sender.is_closed() {
            let press = match event::poll(LOOK_UP) {
                Ok(true) => event::read().map(|event| press(&event)),
                Ok(false) => continue,
                Err(error) => Err(error),
            };
            match press {
                Ok(Some(press)) if sender.blocking_send(press).is_err() => return,
                Ok(_) => {}
                // The terminal is gone: whoever waits sees the channel close.
                Err(_) => return,
            }
        }
    });
    receiver
}

fn press(event: &Event) -> Option<Press> {
    match event {
        Event::Resize(..) => Some(Press::Resized),
        Event::Key(key) if key.kind == KeyEventKind::Release => None,
        Event::Key(key) => match key.code {
            KeyCode::Esc | KeyCode::Char('q' | 'Q') => Some(Press::Quit),
            KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Some(Press::Quit),
            KeyCode::Char(letter) => Some(Press::Key(letter.to_ascii_lowercase())),
            _ => None,
        },
        _ => None,
    }
}

/// How often the key thread looks whether it is still wanted.
const LOOK_UP: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use crossterm::event::KeyEvent;

    use super::*;

    #[test]
    fn q_escape_and_control_c_quit_and_other_letters_are_keys() {
        let key = |code, modifiers| press(&Event::Key(KeyEvent::new(code, modifiers)));

        assert_eq!(key(KeyCode::Char('q'), KeyModifiers::NONE), Some(Press::Quit));
        assert_eq!(key(KeyCode::Esc, KeyModifiers::NONE), Some(Press::Quit));
        assert_eq!(key(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Press::Quit));
        assert_eq!(key(KeyCode::Char('D'), KeyModifiers::SHIFT), Some(Press::Key('d')));
        assert_eq!(key(KeyCode::Left, KeyModifiers::NONE), None);
    }
}
