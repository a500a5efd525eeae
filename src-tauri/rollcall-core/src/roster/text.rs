//! From bytes to text: the encodings that small offices' programs write.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How the characters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// Windows-1252: what is no UTF-8, and every byte means something.
    Windows1252,
}

impl Encoding {
    /// As people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Utf8Bom => "UTF-8",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// So many bytes tell UTF-16 without a mark.
const LOOKED_AT: usize = 4096;

/// The text and how it was written. A byte order mark is no part of it.
pub(super) fn decode(bytes: &[u8]) -> (Encoding, String) {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF")
        && let Ok(text) = std::str::from_utf8(rest)
    {
        return (Encoding::Utf8Bom, text.to_owned());
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return (Encoding::Utf16Le, owned(UTF_16LE.decode_without_bom_handling(rest).0));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return (Encoding::Utf16Be, owned(UTF_16BE.decode_without_bom_handling(rest).0));
    }
    match utf_16_by_pattern(bytes) {
        Some(Encoding::Utf16Le) => return (Encoding::Utf16Le, owned(UTF_16LE.decode_without_bom_handling(bytes).0)),
        Some(Encoding::Utf16Be) => return (Encoding::Utf16Be, owned(UTF_16BE.decode_without_bom_handling(bytes).0)),
        _ => {}
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Encoding::Utf8, text.to_owned()),
        Err(_) => (Encoding::Windows1252, owned(WINDOWS_1252.decode_without_bom_handling(bytes).0)),
    }
}

fn owned(text: Cow<'_, str>) -> String {
    text.into_owned()
}

/// Text of mostly Latin letters has a zero in every second byte, and the other half tells the order.
fn utf_16_by_pattern(bytes: &[u8]) -> Option<Encoding> {
    let looked_at = &bytes[..bytes.len().min(LOOKED_AT) & !1];
    let pairs = looked_at.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |place: usize| looked_at.iter().skip(place).step_by(2).filter(|byte| **byte == 0).count();
    let (high_first, high_last) = (zeros(0), zeros(1));
    if high_last * 2 > pairs && high_first * 10 < pairs {
        Some(Encoding::Utf16Le)
    } else if high_first * 2 > pairs && high_last * 10 < pairs {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn m08_every_encoding_that_small_offices_write_gives_the_same_text() {
        let text = "Jürgen;Größe;jürgen@acme.example\r\n";
        let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let (little, big) = (utf_16(text, u16::to_le_bytes), utf_16(text, u16::to_be_bytes));
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), Encoding::Utf8Bom),
            ([b"\xFF\xFE".as_slice(), &little].concat(), Encoding::Utf16Le),
            ([b"\xFE\xFF".as_slice(), &big].concat(), Encoding::Utf16Be),
            (little, Encoding::Utf16Le),
            (big, Encoding::Utf16Be),
            (windows, Encoding::Windows1252),
        ] {
            assert_eq!(decode(&bytes), (encoding, text.to_owned()));
        }
    }

    #[test]
    fn m08_windows_1252_has_its_own_euro_and_quotes() {
        assert_eq!(decode(b"\x80 \x93Ann\x94").1, "€ “Ann”");
    }
}
