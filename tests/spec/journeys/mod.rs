//! Journeys through the real window: the built program on a desktop, mail over SMTP, clicks through WebDriver, the
//! notification daemon and the tray of the session.
//!
//! They need the desktop that `cargo xtask test` starts (or any X session with a window manager, dunst and a tray).
//! Without one they fail and say so: a journey that was not made proves nothing.

mod attached;
mod desktop;
mod export;
mod first_light;
mod notification;
mod practice;
mod restore;
mod sync;
mod tray;
