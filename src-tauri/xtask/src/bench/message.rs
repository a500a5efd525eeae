//! The messages that are sent.

use super::load::Load;

/// The header of a message, with the empty line.
pub fn header(load: &Load, id: u64) -> String {
    let process = std::process::id();
    format!(
        "From: <sender@client.test>\r\nTo: <{}>\r\nSubject: benchmark message\r\n\
         Date: Sat, 21 Nov 2026 22:00:00 +0000\r\nMessage-ID: <{process}.{id}@client.test>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n",
        load.address(id)
    )
}

/// Lines of 76 characters up to the size of a message, then the dot.
pub fn body(load: &Load) -> Vec<u8> {
    let wanted = load.bytes.saturating_sub(header(load, 0).len()).max(80);
    let mut body = Vec::with_capacity(wanted + 3);
    while body.len() + 80 <= wanted {
        body.extend((0..74_u8).map(|column| b'A' + column % 26));
        body.extend(b"\r\n");
    }
    body.resize(wanted - 2, b'x');
    body.extend(b"\r\n.\r\n");
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_size_that_was_asked_for() {
        for bytes in [4096, 102_400] {
            let load = Load { bytes, ..Load::default() };
            assert_eq!(header(&load, 0).len() + body(&load).len(), bytes + ".\r\n".len());
        }
    }

    #[test]
    fn a_body_is_lines_of_ordinary_length_and_ends_in_one_dot() {
        let body = String::from_utf8(body(&Load::default())).unwrap();

        assert!(body.ends_with("\r\n.\r\n"));
        assert_eq!(body.matches("\r\n.").count(), 1);
        assert!(body.split("\r\n").all(|line| line.len() <= 160));
    }
}
