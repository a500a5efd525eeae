//! Every refusal and failure becomes one `Fault`: a code to branch on, a sentence to show, the chain to unfold.

use std::error::Error;

use rollcall_engine::EngineError;
use rollcall_engine::store::StoreError;

use crate::wire::{Code, Fault};

impl Fault {
    /// A fault with no causes behind it.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: Vec::new() }
    }

    /// No engine can be reached.
    #[must_use]
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(Code::Unavailable, message)
    }
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Self {
        let code = match &error {
            EngineError::Invalid(_) | EngineError::Address(_) => Code::Invalid,
            EngineError::NotFound(_) => Code::NotFound,
            EngineError::Conflict(_) | EngineError::FolderInUse(_) => Code::Conflict,
            EngineError::Forbidden(_) => Code::Forbidden,
            EngineError::Folder { .. } => Code::Unavailable,
            EngineError::Store(StoreError::WrongKind { .. } | StoreError::Newer { .. }) => Code::Conflict,
            EngineError::Store(StoreError::Closed) => Code::Unavailable,
            EngineError::Store(_) | EngineError::Internal(_) => Code::Internal,
        };
        let (message, mut cause) = match &error {
            EngineError::Store(StoreError::Closed) => {
                ("The engine is closing. Ask again when it is back.".to_owned(), None)
            }
            EngineError::Store(inner) => (sentence(&inner.to_string()), inner.source()),
            EngineError::FolderInUse(_) | EngineError::Folder { .. } => (sentence(&error.to_string()), error.source()),
            // These are sentences already; one may begin with an address, which keeps its case.
            EngineError::Invalid(_)
            | EngineError::Address(_)
            | EngineError::NotFound(_)
            | EngineError::Conflict(_)
            | EngineError::Forbidden(_)
            | EngineError::Internal(_) => (ended(&error.to_string()), error.source()),
        };
        let mut detail = Vec::new();
        while let Some(next) = cause {
            detail.push(next.to_string());
            cause = next.source();
        }
        Self { code, message, detail }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        EngineError::Store(error).into()
    }
}

/// An error's message (no capital, no full stop) as a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    ended(&format!("{first}{}", chars.as_str()))
}

fn ended(text: &str) -> String {
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{text}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_is_closed_means_not_now_and_not_our_fault() {
        let fault = Fault::from(StoreError::Closed);

        assert_eq!(fault.code, Code::Unavailable);
        assert!(fault.message.starts_with("The engine is closing."), "{}", fault.message);
    }
}
