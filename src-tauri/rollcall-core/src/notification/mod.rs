//! What people are told, and when (design: Notifications; behaviour rows D15, D25, X11, X12): the one catalogue that the
//! notification on the desktop, the inbox in the window and a copy by e-mail take their words from.
//!
//! **Invariant.** No personal text beyond the address: no subject, no sender. A title fits one line, a text two.
//!
//! **Limits.** N10 to N17, N20 and N21 of the design belong to parts that are not built.

mod kind;
mod quiet;
mod say;
mod when;

pub use kind::{Action, Kind, Level, State};
pub use quiet::QuietHours;
pub use say::{Button, Facts, Found, TEXT_MAX, TITLE_MAX, View, Words, buttons, counted, cut, done, view, words};
pub use when::{Asked, GATHER_MS, SETTING_UP_MS, When, joins, next_morning, when};
