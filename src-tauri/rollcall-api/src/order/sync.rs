//! Commands about the sync with a directory.

use rollcall_engine::House;
use serde_json::Value;

use crate::registry::Command;
use crate::wire::{Code, Fault};

/// Carries one out.
pub(super) async fn sync(_: &House, _: Command) -> Result<serde_json::Result<Value>, Fault> {
    Err(Fault::new(Code::Unavailable, "No directory is connected yet."))
}
