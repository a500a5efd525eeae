//! The relays of others: which there are, whether they can be measured here, and how they are set up.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::process;
use crate::report::Failure;

use super::{exim, haraka, postfix};

/// A relay that ours stands beside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peer {
    /// Installed.
    Postfix,
    /// Unpacked by `tests/peers/unpack.sh`.
    Exim,
    /// A program `haraka` on the search path.
    Haraka,
}

/// How a peer handles mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The sink's answer is the client's.
    Proxy,
    /// Queue, then deliver.
    Queue,
    /// Each recipient is verified at the sink first.
    Verify,
}

/// How a peer is started, and told that its destination is back. Its own process number is `{pid}` there.
pub struct Recipe {
    /// A program that stays in the foreground, and its arguments.
    pub start: Vec<OsString>,
    /// A program that ends, and its arguments.
    pub flush: Vec<OsString>,
}

impl Peer {
    /// In the order of the tables.
    pub const ALL: [Self; 3] = [Self::Postfix, Self::Exim, Self::Haraka];

    /// Reads a list such as `postfix,exim`; nothing between the commas is no peer.
    ///
    /// # Errors
    /// When a name is not known.
    pub fn list(text: &str) -> Result<Vec<Self>, Failure> {
        let known = |word: &str| Self::ALL.into_iter().find(|peer| peer.name().eq_ignore_ascii_case(word));
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words
            .map(|word| {
                known(word).ok_or_else(|| Failure::new(format!("\"{word}\" is none of postfix, exim and haraka.")))
            })
            .collect()
    }

    /// As the tables call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postfix => "Postfix",
            Self::Exim => "Exim",
            Self::Haraka => "Haraka",
        }
    }

    /// The version that is here, if there is one.
    pub fn version(self) -> Option<String> {
        match self {
            Self::Postfix => process::answer("postconf", &["-d", "-h", "mail_version"]),
            Self::Exim => version_in(&process::answer(exim::PROGRAM, &["-C", "/dev/null", "-bV"])?),
            Self::Haraka => version_in(&process::answer(haraka::PROGRAM, &["--version"])?),
        }
    }

    /// Why it cannot be measured here.
    pub fn obstacle(self) -> Option<&'static str> {
        let is_root = || process::answer("id", &["-u"]).as_deref() == Some("0");
        match self {
            Self::Postfix if self.version().is_none() => {
                Some("Postfix is not installed, so it is left out. On Debian: apt-get install postfix")
            }
            Self::Exim if self.version().is_none() => {
                Some("Exim is not unpacked, so it is left out. On Debian, as root: sh tests/peers/unpack.sh")
            }
            Self::Haraka if self.version().is_none() => {
                Some("There is no program haraka, so it is left out. npm install -g Haraka brings it.")
            }
            Self::Postfix if !is_root() => Some("Postfix can only be started by root, so it is left out."),
            Self::Exim if !is_root() => Some("Exim can only be started by root, so it is left out."),
            _ => None,
        }
    }

    /// Writes its configuration and folders.
    ///
    /// # Errors
    /// When a file cannot be written, or the installation is not as expected.
    pub fn write(self, folder: &Path, port: u16, sink_port: u16, role: Role) -> Result<Recipe, Failure> {
        match self {
            Self::Postfix => postfix::write(folder, port, sink_port, role),
            Self::Exim => exim::write(folder, port, sink_port, role),
            Self::Haraka => haraka::write(folder, port, sink_port, role),
        }
    }
}

/// Words of a command line.
pub fn line(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

/// A program that changes its account, and so loses the promise that it ends when we do. A shell holds on to it; it leads
/// a group of its own, since Postfix ends its whole group with itself.
pub fn held(words: &[&str]) -> Vec<OsString> {
    const HOLD: &str = r#"setsid "$@" & child=$!; trap 'kill "$child"' TERM; wait "$child""#;
    line(&["sh", "-c", HOLD, "sh"]).into_iter().chain(line(words)).collect()
}

/// A folder with its owner and mode.
#[cfg(unix)]
pub fn make_folder(path: &Path, owner: Option<u32>, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::{PermissionsExt, chown};
    fs::create_dir_all(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    chown(path, owner, None)
}

#[cfg(not(unix))]
pub fn make_folder(_path: &Path, _owner: Option<u32>, _mode: u32) -> std::io::Result<()> {
    Err(std::io::Error::other("peers run on Unix only"))
}

/// The number of an account, from `/etc/passwd`.
pub fn account(name: &str) -> Option<u32> {
    let content = fs::read_to_string("/etc/passwd").ok()?;
    let mut fields = content.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
    fields.nth(2)?.parse().ok()
}

/// The first word that looks like one, such as in `Exim version 4.96 #2 built …`.
fn version_in(text: &str) -> Option<String> {
    let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    text.split_whitespace().find(is_version).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_peers_is_read_in_its_order_and_a_wrong_name_is_told() {
        assert_eq!(Peer::list("haraka, Postfix"), Ok(vec![Peer::Haraka, Peer::Postfix]));
        assert_eq!(Peer::list(""), Ok(Vec::new()), "ours alone");
        assert!(Peer::list("postfix,sendmail").unwrap_err().to_string().contains("sendmail"));
    }

    #[test]
    fn versions_are_read_from_what_the_peers_print() {
        let exim = "Exim version 4.96 #2 built 27-May-2026 16:52:26\nCopyright (c) University of Cambridge";
        assert_eq!(version_in(exim).as_deref(), Some("4.96"));
        assert_eq!(version_in("\u{1b}[32;40mHaraka.js\u{1b}[0m — Version: 3.3.4").as_deref(), Some("3.3.4"));
        assert_eq!(version_in("no number"), None);
    }
}
