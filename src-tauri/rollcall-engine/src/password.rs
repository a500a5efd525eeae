//! The Organization Administrator's password: kept as an Argon2id hash in PHC form, never as text.
//!
//! **Parameters.** 19 MiB, two passes, one lane (OWASP's first choice, RFC 9106's algorithm): some 40 ms of one core for
//! each look. The salt is random for each password. What is kept names its own parameters, so that they can be raised.
//!
//! **Limits.** A password is its UTF-8 bytes: one typed with combining accents is another one.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::error::EngineError;

/// Memory in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// What is kept of a password. Takes its time on a thread of its own.
///
/// # Errors
/// Internal, when the system has no random numbers.
pub(crate) async fn hash(password: String) -> Result<String, EngineError> {
    on_a_thread(move || {
        let hash = argon2()?.hash_password(password.as_bytes()).map_err(|error| broken(&error))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether `password` is the one that `kept` was made of. Takes its time on a thread of its own.
///
/// # Errors
/// Internal, when `kept` is no hash.
pub(crate) async fn is_of(password: String, kept: String) -> Result<bool, EngineError> {
    on_a_thread(move || match argon2()?.verify_password(password.as_bytes(), kept.as_str()) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(broken(&error)),
    })
    .await
}

fn argon2() -> Result<Argon2<'static>, EngineError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| broken(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| broken(&error))?
}

fn broken(error: &dyn std::fmt::Display) -> EngineError {
    EngineError::Internal(format!("The password could not be looked at: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn d27_a_password_is_kept_as_an_argon2id_hash_with_its_parameters_and_another_salt_each_time() {
        let (one, two) = (hash("correct horse".into()).await.unwrap(), hash("correct horse".into()).await.unwrap());

        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
        assert!(is_of("correct horse".into(), one.clone()).await.unwrap());
        assert!(!is_of("correct horsf".into(), one).await.unwrap());
        assert!(is_of("correct horse".into(), "no hash".into()).await.is_err());
    }
}
