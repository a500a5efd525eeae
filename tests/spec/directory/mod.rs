//! Against real directories. All of it needs root and Debian's programs; `cargo xtask setup` brings them.

mod entra;
mod entra_failures;
#[cfg(feature = "measure")]
mod entra_measure;
