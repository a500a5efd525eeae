//! The poster puts notifications up, one a topic, and tells the window when one is clicked.
//!
//! **Invariant.** Callers never wait for the notification daemon: orders go to a thread of their own.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tracing::warn;

use super::Words;
use super::board::Board;
use crate::houses::HouseKind;
use crate::window::View;

/// What a notification is about. A new one about the same replaces the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// New addresses of one house.
    Discovered(HouseKind),
    /// The weekly notice of one house.
    Weekly(HouseKind),
    /// The weekly report of one house.
    Report(HouseKind),
    /// The window was closed for the first time.
    Closing,
}

/// An order to the thread that talks to the notification daemon.
pub(super) enum Order {
    /// Put up, or change what is up.
    Show(Topic, Words),
    /// Take down.
    Withdraw(Topic),
}

/// What the daemon reports about a notification.
pub(super) enum Report {
    /// A person clicked it.
    Clicked(Topic),
    /// It is gone: expired, dismissed or taken down.
    Gone(Topic),
}

/// Puts up notifications. Cheap to clone.
#[derive(Clone)]
pub struct Poster {
    orders: Sender<Order>,
    on_screen: Arc<Mutex<HashMap<Topic, Option<View>>>>,
}

impl Poster {
    /// Starts the thread. `open` is called when a person clicks a notification, with the view it is about, if any.
    pub fn start(open: impl Fn(Topic, Option<View>) + Send + Sync + 'static) -> Self {
        let (orders, taken) = channel();
        let poster = Self { orders, on_screen: Arc::default() };
        let seen = poster.clone();
        let report = move |report| match report {
            Report::Clicked(topic) => {
                // Some daemons leave it up after a click.
                seen.withdraw(topic);
                if let Some(view) = seen.forget(topic) {
                    open(topic, view);
                }
            }
            Report::Gone(topic) => {
                seen.forget(topic);
            }
        };
        let started = thread::Builder::new().name("notifications".to_owned()).spawn(move || {
            carry_out(&taken, Board::new(report));
        });
        if let Err(error) = started {
            warn!(%error, "no notifications");
        }
        poster
    }

    /// Puts up `words` about `topic`, or changes them where it is up. A click opens the window at `view`.
    pub fn show(&self, topic: Topic, words: Words, view: Option<View>) {
        self.on_screen.lock().unwrap_or_else(PoisonError::into_inner).insert(topic, view);
        self.order(Order::Show(topic, words));
    }

    /// Takes down what is up about `topic`.
    pub fn withdraw(&self, topic: Topic) {
        self.order(Order::Withdraw(topic));
    }

    /// True while something about `topic` is up and could be changed in place.
    pub fn is_on_screen(&self, topic: Topic) -> bool {
        Board::CHANGES_IN_PLACE && self.on_screen.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&topic)
    }

    /// True from the order to put something up about `topic` until it failed, was dismissed or expired.
    pub fn is_up(&self, topic: Topic) -> bool {
        self.on_screen.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&topic)
    }

    fn forget(&self, topic: Topic) -> Option<Option<View>> {
        self.on_screen.lock().unwrap_or_else(PoisonError::into_inner).remove(&topic)
    }

    fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            warn!("no notifications");
        }
    }
}

/// Carries orders out, one after the other, until the program ends.
fn carry_out(orders: &Receiver<Order>, mut board: Board) {
    for order in orders {
        let done = match &order {
            Order::Show(topic, words) => board.show(*topic, words),
            Order::Withdraw(topic) => board.withdraw(*topic),
        };
        if let Err(reason) = done {
            warn!(%reason, "the notification cannot be shown");
            let (Order::Show(topic, _) | Order::Withdraw(topic)) = order;
            board.report(Report::Gone(topic));
        }
    }
}
