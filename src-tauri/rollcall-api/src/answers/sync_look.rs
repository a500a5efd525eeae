//! What a directory shows before anything is saved (M02, V21).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::sync::{EntryKind, EntryRow};

/// A certificate as a person looks at it before trusting it (V21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CertificateSeen {
    /// SHA-256, lower-case hex: what `trust_certificate` takes.
    pub sha256: String,
    /// Whom it names.
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: String,
    /// Until when it is valid.
    #[ts(type = "number")]
    pub not_after_ms: i64,
}

/// A part of an LDAP directory that can be a search base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DirectoryBranch {
    /// Its distinguished name.
    pub dn: String,
    /// What a person calls it.
    pub name: String,
}

/// Answer to `directory_tree`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DirectoryTree {
    /// The parts, by name; the directory's own comes first.
    pub branches: Vec<DirectoryBranch>,
}

/// How many entries of a kind there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KindCount {
    /// The kind.
    pub kind: EntryKind,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
}

/// Answer to `look_directory`: what was found, or why nothing was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DirectoryLook {
    /// The directory gave a whole answer.
    pub usable: bool,
    /// What came of it, in one sentence.
    pub sentence: String,
    /// The certificate that is not trusted, if that is why (V21).
    pub certificate: Option<CertificateSeen>,
    /// Entries.
    #[ts(type = "number")]
    pub found: u64,
    /// Of each kind that there is.
    pub kinds: Vec<KindCount>,
    /// With a blocked sign-in.
    #[ts(type = "number")]
    pub disabled: u64,
    /// Hidden from the address book.
    #[ts(type = "number")]
    pub hidden: u64,
    /// Without an address.
    #[ts(type = "number")]
    pub without_mail: u64,
    /// Other addresses.
    #[ts(type = "number")]
    pub aliases: u64,
    /// Five of them.
    pub examples: Vec<EntryRow>,
    /// Domains of their addresses that are not yours, most first.
    pub foreign_domains: Vec<String>,
    /// What was odd and has cost nothing.
    pub remarks: Vec<String>,
}
