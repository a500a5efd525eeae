//! `access`: the Organization Administrator's password.

use std::path::Path;

use rollcall_api::{Code, Fault};
use serde_json::{Value, json};

use crate::args::AccessTask;
use crate::out::{self, Ended};
use crate::password;

/// Sets, changes or resets the password of a running relay.
pub async fn run(data: &Path, task: AccessTask) -> Result<(), Ended> {
    let door = rollcall_api::attach(data).await?;
    let answer = match task {
        AccessTask::SetPassword { password_file, old_password_file } => {
            let has_one = door.query("access", json!({})).await?["has_password"] == Value::Bool(true);
            let old =
                if has_one { Some(password::from(old_password_file.as_deref(), "Present password: ")?) } else { None };
            let new = match password_file {
                Some(file) => password::from(Some(&file), "")?,
                None => twice()?,
            };
            let mut args = json!({ "password": new });
            if let Some(old) = old {
                args["old_password"] = old.into();
            }
            door.command("set_password", args).await?
        }
        AccessTask::ResetPassword => {
            let proof = rollcall_api::prove_owner(door.data())?;
            door.command("reset_password", json!({ "proof": proof })).await?
        }
    };
    out::answer(&answer)
}

/// A new password that nobody sees is typed twice.
fn twice() -> Result<String, Fault> {
    let first = password::from(None, "New password: ")?;
    if password::from(None, "The same again: ")? == first {
        return Ok(first);
    }
    let message = "The two are not the same, so nothing was changed.".to_owned();
    Err(Fault { code: Code::Invalid, message, detail: Vec::new() })
}
