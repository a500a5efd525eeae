//! Words about what accounts are for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::answers::AccountKindWord;

/// Arguments of `set_kind`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetKindArgs {
    /// Functional accounts.
    pub addresses: Vec<String>,
    /// What they are for; `null` for no particular kind.
    pub kind: Option<AccountKindWord>,
}

/// Arguments of `set_administrator`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetAdministratorArgs {
    /// Users.
    pub addresses: Vec<String>,
    /// Whether they are organization administrators.
    pub on: bool,
}
