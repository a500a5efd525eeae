//! Reads a name out of a local part, and compares names as an office writes them.

/// A word in the two spellings without accents that offices use: `Müller` is `mueller` or `muller`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Word {
    /// Umlauts written with `e`.
    long: String,
    /// Accents dropped.
    bare: String,
}

impl Word {
    /// Reads `text`: lower case, without `. _ -`, apostrophes and spaces.
    pub fn of(text: &str) -> Self {
        let mut word = Self::default();
        for letter in text.chars().flat_map(char::to_lowercase).filter(|c| !matches!(c, '.' | '_' | '-' | '\'' | ' ')) {
            match accent(letter) {
                Some((long, bare)) => {
                    word.long.push_str(long);
                    word.bare.push_str(bare);
                }
                None => {
                    word.long.push(letter);
                    word.bare.push(letter);
                }
            }
        }
        word
    }

    /// Whether both can be spelled the same.
    pub fn is(&self, other: &Self) -> bool {
        !self.bare.is_empty() && self.spellings().iter().any(|one| other.spellings().contains(one))
    }

    /// Whether the first letter can be the same.
    pub fn begins_as(&self, other: &Self) -> bool {
        self.bare.chars().next().is_some_and(|first| other.bare.starts_with(first))
    }

    /// This word with `next` behind it.
    pub fn then(&self, next: &Self) -> Self {
        Self { long: format!("{}{}", self.long, next.long), bare: format!("{}{}", self.bare, next.bare) }
    }

    /// The first letter alone.
    pub fn initial(&self) -> Self {
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        Self { long: first(&self.long), bare: first(&self.bare) }
    }

    /// A name rather than an initial: two letters or more.
    pub fn is_whole(&self) -> bool {
        self.bare.chars().nth(1).is_some()
    }

    /// Both spellings.
    pub fn spellings(&self) -> [&str; 2] {
        [&self.long, &self.bare]
    }
}

/// What a local part says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// All of it, without `. _ -`.
    pub whole: Word,
    /// What stands first, where it has several parts: `ann` of `ann.lee`, `a` of `a.lee`.
    pub first: Option<Word>,
    /// What stands last, where it has several parts.
    pub last: Option<Word>,
}

impl Reading {
    /// Reads a local part. A quoted one has no parts.
    pub fn of(local: &str) -> Self {
        let apart = if local.contains(['.', '_']) { &['.', '_'][..] } else { &['-'][..] };
        let parts: Vec<&str> = local.split(apart).filter(|part| !part.is_empty()).collect();
        let is_name = |part: &&str| part.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\''));
        let (first, last) = match parts.as_slice() {
            [first, .., last] if parts.iter().all(is_name) => (Some(Word::of(first)), Some(Word::of(last))),
            _ => (None, None),
        };
        Self { whole: Word::of(local), first, last }
    }

    /// The same with names that are known from elsewhere, which count more than the reading.
    pub fn with_names(local: &str, first_name: Option<&str>, surname: Option<&str>) -> Self {
        let read = Self::of(local);
        let known = |name: Option<&str>| name.map(Word::of).filter(|word| !word.spellings()[0].is_empty());
        Self { first: known(first_name).or(read.first), last: known(surname).or(read.last), whole: read.whole }
    }
}

/// Letters of Europe's languages without their accents.
const fn accent(letter: char) -> Option<(&'static str, &'static str)> {
    Some(match letter {
        'ä' => ("ae", "a"),
        'ö' | 'ø' => ("oe", "o"),
        'ü' => ("ue", "u"),
        'å' => ("aa", "a"),
        'æ' => ("ae", "ae"),
        'œ' => ("oe", "oe"),
        'ß' => ("ss", "ss"),
        'à' | 'á' | 'â' | 'ã' | 'ą' | 'ă' => ("a", "a"),
        'ç' | 'ć' | 'č' => ("c", "c"),
        'ď' | 'đ' => ("d", "d"),
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => ("e", "e"),
        'ğ' => ("g", "g"),
        'ì' | 'í' | 'î' | 'ï' | 'ı' => ("i", "i"),
        'ł' => ("l", "l"),
        'ñ' | 'ń' | 'ň' => ("n", "n"),
        'ò' | 'ó' | 'ô' | 'õ' | 'ő' => ("o", "o"),
        'ř' => ("r", "r"),
        'ś' | 'š' | 'ş' | 'ș' => ("s", "s"),
        'ť' | 'ț' | 'ţ' => ("t", "t"),
        'ù' | 'ú' | 'û' | 'ů' | 'ű' => ("u", "u"),
        'ý' | 'ÿ' => ("y", "y"),
        'ź' | 'ż' | 'ž' => ("z", "z"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_an_umlaut_is_the_same_in_both_spellings() {
        for other in ["mueller", "Muller", "MÜLLER"] {
            assert!(Word::of("Müller").is(&Word::of(other)), "{other}");
        }
        assert!(!Word::of("miller").is(&Word::of("Müller")));
        assert!(!Word::of("").is(&Word::of("")), "nothing is nobody's name");
    }

    #[test]
    fn names_are_read_from_the_parts_of_an_address() {
        for (local, first, last) in [
            ("ann.lee", "ann", "lee"),
            ("jean-luc.picard", "jeanluc", "picard"),
            ("ann-lee", "ann", "lee"),
            ("ann.b.lee", "ann", "lee"),
        ] {
            let read = Reading::of(local);
            assert_eq!((read.first, read.last), (Some(Word::of(first)), Some(Word::of(last))), "{local}");
        }
        for local in ["annlee", "x9.k2", "\"ann lee\"", "ann."] {
            assert_eq!(Reading::of(local).last, None, "{local}");
        }
    }
}
