//! Lines of words with a meaning each.
//!
//! **Limits.** Every character counts as one column wide. Addresses and replies on the wire are ASCII; a wide character
//! in a subject could push a line over, and the terminal cuts it.

use super::words::Meaning;

/// How a word is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As the terminal writes.
    Plain,
    /// Titles and names.
    Strong,
    /// What may be overlooked.
    Quiet,
    /// Keys.
    Key,
    /// Something that means something.
    Means(Meaning),
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// How it is shown.
    pub style: Style,
    /// Its characters.
    pub text: String,
}

/// One line, at most as wide as the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Span>);

impl Line {
    /// The line with one more piece.
    #[must_use]
    pub fn add(mut self, style: Style, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Span { style, text });
        }
        self
    }

    /// How many columns it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        self.0.iter().map(|span| span.text.chars().count()).sum()
    }

    /// With `text` at the right edge; when there is no room for both, the left part is cut.
    #[must_use]
    pub fn with_right(self, style: Style, text: String, width: usize) -> Self {
        let room = width.saturating_sub(text.chars().count());
        let left = self.cut(room.saturating_sub(1));
        let gap = room.saturating_sub(left.width());
        left.add(Style::Plain, " ".repeat(gap)).add(style, text)
    }

    /// With `other` starting at column `at`.
    #[must_use]
    pub fn beside(self, other: Self, at: usize) -> Self {
        let left = self.cut(at.saturating_sub(2));
        let gap = at.saturating_sub(left.width());
        let mut line = left.add(Style::Plain, " ".repeat(gap));
        line.0.extend(other.0);
        line
    }

    /// At most `width` columns.
    #[must_use]
    pub fn cut(mut self, width: usize) -> Self {
        let mut room = width;
        for span in &mut self.0 {
            let length = span.text.chars().count();
            if length > room {
                span.text = cut(&span.text, room);
            }
            room -= length.min(room);
        }
        self.0.retain(|span| !span.text.is_empty());
        self
    }
}

/// Exactly `width` columns: cut with an ellipsis, or filled with spaces.
#[must_use]
pub fn fit(text: &str, width: usize) -> String {
    format!("{:width$}", cut(text, width))
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    if width > 0 {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_end_in_an_ellipsis_and_short_ones_are_filled() {
        assert_eq!(fit("jordan.larch", 6), "jorda…");
        assert_eq!(fit("info", 6), "info  ");
        assert_eq!(fit("info", 0), "");
    }

    #[test]
    fn a_line_with_something_at_the_right_edge_is_as_wide_as_the_screen() {
        let line = Line::default().add(Style::Strong, "Rollcall").with_right(Style::Plain, "14:40".to_owned(), 20);

        let text: String = line.0.iter().map(|span| span.text.as_str()).collect();
        assert_eq!(text, "Rollcall       14:40");
    }

    #[test]
    fn the_left_part_gives_way_to_the_right_one() {
        let left = Line::default().add(Style::Plain, "a long beginning");

        let text: String =
            left.with_right(Style::Plain, "14:40".to_owned(), 12).0.iter().map(|span| span.text.as_str()).collect();

        assert_eq!(text, "a lon… 14:40");
    }
}
