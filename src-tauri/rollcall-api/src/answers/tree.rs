//! Answers about the branches of a directory.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A part of a directory that can be a search base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Branch {
    /// Its distinguished name.
    pub dn: String,
    /// What a person calls it.
    pub name: String,
}

/// Answer to `directory_tree`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DirectoryTree {
    /// By name; the directory's own part comes first.
    pub branches: Vec<Branch>,
}
