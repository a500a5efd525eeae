//! Real mail programs as senders, one process a message: swaks, Python's smtplib, curl, msmtp.

use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use crate::peer::SENDER;

/// A mail program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// swaks, in Perl.
    Swaks,
    /// Python's own client.
    Smtplib,
    /// curl, as scripts use it.
    Curl,
    /// msmtp, as a `sendmail` for machines.
    Msmtp,
}

/// All of them.
pub const PROGRAMS: [Program; 4] = [Program::Swaks, Program::Smtplib, Program::Curl, Program::Msmtp];

/// How it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In clear.
    Clear,
    /// With STARTTLS, any certificate; a failure to encrypt is a failure to send.
    StartTls,
    /// Encrypted from the first octet, any certificate.
    Tls,
}

/// How it ended.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Whether the program says that the message was taken.
    pub taken: bool,
    /// What it said, for the eye and for the reply in it.
    pub transcript: String,
}

impl Program {
    /// Sends `content` (CRLF line ends, dots not stuffed) to one recipient.
    ///
    /// # Panics
    /// When the program is missing.
    #[must_use]
    pub fn send(self, to: SocketAddr, way: Way, recipient: &str, content: &[u8]) -> Sent {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("message");
        let written = match self {
            // swaks is told to change nothing, so dots are stuffed here; it ends what it sends with CRLF.
            Self::Swaks => stuffed(content),
            // msmtp reads text as this system writes it.
            Self::Msmtp => content.iter().copied().filter(|byte| *byte != b'\r').collect(),
            Self::Smtplib | Self::Curl => content.to_vec(),
        };
        std::fs::write(&file, &written).expect("written");
        let mut command = self.command(to, way, recipient, &file.display().to_string());
        let mut child = command
            .env_remove("SSL_CERT_FILE")
            .env_remove("CURL_CA_BUNDLE")
            .env("HOME", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{self:?} can't be run: {error}"));
        let mut input = child.stdin.take().expect("a pipe");
        if self == Self::Msmtp {
            drop(input.write_all(&written));
        }
        drop(input);
        let output = child.wait_with_output().expect("it ends");
        let transcript =
            [output.stdout, output.stderr].iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect();
        Sent { taken: output.status.success(), transcript }
    }

    fn command(self, to: SocketAddr, way: Way, recipient: &str, file: &str) -> Command {
        let (host, port) = (to.ip().to_string(), to.port().to_string());
        match self {
            Self::Swaks => {
                let mut command = Command::new("swaks");
                command.args(["--server", &format!("{host}:{port}"), "--helo", "swaks.example", "--from", SENDER]);
                command.args(["--to", recipient, "--no-data-fixup", "--data", &format!("@{file}")]);
                command.args(match way {
                    Way::Clear => None,
                    Way::StartTls => Some("--tls"),
                    Way::Tls => Some("--tls-on-connect"),
                });
                command
            }
            Self::Smtplib => {
                let mut command = Command::new("/usr/bin/python3");
                command.args(["-c", SMTPLIB, &host, &port, SENDER, recipient, file]);
                command.arg(match way {
                    Way::Clear => "clear",
                    Way::StartTls => "starttls",
                    Way::Tls => "tls",
                });
                command
            }
            Self::Curl => {
                let mut command = Command::new("curl");
                command.args(["--silent", "--show-error", "--verbose", "--max-time", "60"]);
                let scheme = if way == Way::Tls { "smtps" } else { "smtp" };
                command.args(["--url", &format!("{scheme}://{host}:{port}/curl.example"), "--mail-from", SENDER]);
                command.args(["--mail-rcpt", recipient, "--upload-file", file]);
                if way != Way::Clear {
                    command.args(["--ssl-reqd", "--insecure"]);
                }
                command
            }
            Self::Msmtp => {
                let mut command = Command::new("msmtp");
                command.args(["--file=/dev/null", "--debug", "--timeout=60", "--domain=msmtp.example", "--auth=off"]);
                command.args([&format!("--host={host}"), &format!("--port={port}"), &format!("--from={SENDER}")]);
                if way != Way::Clear {
                    let starttls = if way == Way::StartTls { "on" } else { "off" };
                    command.args(["--tls=on", "--tls-certcheck=off", &format!("--tls-starttls={starttls}")]);
                }
                command.args(["--", recipient]);
                command
            }
        }
    }
}

/// With dots stuffed, and the end.
fn stuffed(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 8);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    out.push(b'.');
    out
}

const SMTPLIB: &str = r#"
import smtplib, ssl, sys
host, port, sender, recipient, file, way = sys.argv[1:7]
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
names = {"local_hostname": "smtplib.example", "timeout": 60}
if way == "tls":
    client = smtplib.SMTP_SSL(host, int(port), context=context, **names)
else:
    client = smtplib.SMTP(host, int(port), **names)
client.set_debuglevel(1)
if way == "starttls":
    client.starttls(context=context)
client.sendmail(sender, [recipient], open(file, "rb").read())
client.quit()
"#;
