//! Reads a message with Python's `email`, which nobody here wrote.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What Python finds in `content`: fields, parts with their texts, and defects.
///
/// # Panics
/// When Python is missing or cannot read it at all.
#[must_use]
pub fn read_by_python(content: &[u8]) -> Value {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    child.stdin.take().expect("a pipe").write_all(content).expect("written");
    let output = child.wait_with_output().expect("python3 ends");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

const READ: &str = r#"
import email, json, sys
from email import policy
from email.utils import parsedate_to_datetime
message = email.message_from_bytes(sys.stdin.buffer.read(), policy=policy.SMTP)
parts = list(message.iter_parts())
print(json.dumps({
    "type": message.get_content_type(),
    "from": str(message["From"]), "to": str(message["To"]), "subject": str(message["Subject"]),
    "id": str(message["Message-ID"]), "auto-submitted": message["Auto-Submitted"],
    "at": int(parsedate_to_datetime(message["Date"]).timestamp()),
    "once": [len(message.get_all(name, [])) for name in ("From", "To", "Subject", "Date", "Message-ID")],
    "parts": {part.get_content_type(): part.get_content().replace("\r\n", "\n") for part in parts},
    "defects": [str(defect) for part in message.walk() for defect in part.defects],
}))
"#;
