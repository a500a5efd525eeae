//! A message that tells by itself whether it arrived whole.

use super::schedule::Dice;

/// What one message is made of; everything follows from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// Unique in the run.
    pub name: String,
    /// Octets of the body.
    pub size: usize,
}

impl Identity {
    /// A name and a size: most are small, some are large enough to be a file.
    pub fn roll(name: String, dice: &mut Dice) -> Self {
        let size = match dice.below(20) {
            0 => 70_000 + dice.below(330_000),
            1..=3 => 10_000 + dice.below(54_000),
            _ => 200 + dice.below(4_000),
        };
        Self { name, size: usize::try_from(size).unwrap_or(200) }
    }

    /// True if it is kept as a file when it is kept.
    #[must_use]
    pub const fn is_large(&self) -> bool {
        self.size > 66_000
    }

    /// The content, without dots that need stuffing.
    #[must_use]
    pub fn content(&self) -> Vec<u8> {
        let line = format!("{} and nothing else\r\n", self.name);
        let mut content = format!("X-Identity: {} {}\r\nSubject: loss\r\n\r\n", self.name, self.size).into_bytes();
        let end = content.len() + self.size;
        while content.len() + line.len() <= end {
            content.extend_from_slice(line.as_bytes());
        }
        content.extend(std::iter::repeat_n(b'x', end - content.len()));
        content.extend_from_slice(b"\r\n");
        content
    }

    /// Whose content this is, and whether it is whole. What is above it are trace fields of the relay.
    #[must_use]
    pub fn of(received: &[u8]) -> Option<(Self, bool)> {
        let head = String::from_utf8_lossy(&received[..received.len().min(4096)]).into_owned();
        let field = head.lines().find_map(|line| line.strip_prefix("X-Identity: "))?;
        let (name, size) = field.split_once(' ')?;
        let identity = Self { name: name.to_owned(), size: size.parse().ok()? };
        let whole = received.ends_with(&identity.content());
        Some((identity, whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_known_again_and_one_that_lost_an_octet_is_not_whole() {
        let message = Identity { name: "r1s2n3".to_owned(), size: 1000 };
        let received = [b"Received: by relay\r\n".as_slice(), &message.content()].concat();

        assert_eq!(Identity::of(&received), Some((message.clone(), true)));
        assert_eq!(Identity::of(&received[..received.len() - 1]), Some((message, false)));
    }
}
