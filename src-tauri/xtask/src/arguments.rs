//! Reads command-line arguments: flags, options with a value, words, and everything after `--`.

use std::collections::VecDeque;

use crate::report::Failure;

/// The arguments that no one has taken yet.
#[derive(Debug)]
pub struct Arguments {
    waiting: VecDeque<String>,
    /// What stands after `--`, untouched.
    pub rest: Vec<String>,
}

impl Arguments {
    /// Splits at the first `--`.
    pub fn new(all: impl IntoIterator<Item = String>) -> Self {
        let mut all = all.into_iter();
        let waiting = all.by_ref().take_while(|argument| argument != "--").collect();
        Self { waiting, rest: all.collect() }
    }

    /// Takes the next word, which must not be a flag.
    pub fn word(&mut self) -> Option<String> {
        if self.waiting.front()?.starts_with('-') { None } else { self.waiting.pop_front() }
    }

    /// Takes a flag; tells whether it was given.
    pub fn flag(&mut self, names: &[&str]) -> bool {
        let position = self.waiting.iter().position(|argument| names.contains(&argument.as_str()));
        position.is_some_and(|index| self.waiting.remove(index).is_some())
    }

    /// Takes an option with its value, or the value it has without being given.
    ///
    /// # Errors
    /// When the value is missing or cannot be read.
    pub fn value<T: std::str::FromStr>(&mut self, name: &str, otherwise: T) -> Result<T, Failure> {
        let Some(index) = self.waiting.iter().position(|argument| argument == name) else { return Ok(otherwise) };
        self.waiting.remove(index);
        let Some(text) = self.waiting.remove(index) else { return Err(Failure::new(format!("{name} needs a value."))) };
        text.parse().map_err(|_| Failure::new(format!("{name} cannot be \"{text}\".")))
    }

    /// Refuses what nobody took.
    ///
    /// # Errors
    /// When an argument is left.
    pub fn finish(&self) -> Result<(), Failure> {
        match self.waiting.front() {
            None => Ok(()),
            Some(unknown) => Err(Failure::new(format!("\"{unknown}\" is not known here. Add --help to see what is."))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn what_follows_two_dashes_belongs_to_the_program() {
        let mut given = arguments("run --release -- --release x");

        assert_eq!(given.word().as_deref(), Some("run"));
        assert!(given.flag(&["--release"]));
        assert_eq!(given.rest, ["--release", "x"]);
        assert!(given.finish().is_ok());
    }

    #[test]
    fn an_option_has_a_value_or_its_default() {
        let mut given = arguments("--runs 5");

        assert_eq!(given.value("--runs", 3_usize), Ok(5));
        assert_eq!(given.value("--seconds", 2.5_f64), Ok(2.5));
        assert!(arguments("--runs").value("--runs", 3_usize).is_err(), "a value is missing");
        assert!(arguments("--runs many").value("--runs", 3_usize).is_err(), "not a number");
    }

    #[test]
    fn a_misspelt_flag_is_refused_by_name() {
        let failure = arguments("--relaese").finish().unwrap_err();

        assert!(failure.to_string().contains("--relaese"));
    }
}
