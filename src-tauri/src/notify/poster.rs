//! The poster puts notifications up, one a topic, and tells what a person did with one.
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Topic {
    /// What has this tag in the inbox of one house.
    Told(HouseKind, String),
    /// What a button did in one house.
    Done(HouseKind),
    /// The window was closed for the first time.
    Closing,
}

/// What is known of one on screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Its number in the inbox.
    pub id: Option<i64>,
    /// What a click on it opens.
    pub view: Option<View>,
    /// The journal entries that its Undo takes back, the latest last.
    pub entries: Vec<i64>,
}

/// What a person did with a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// Clicked it.
    Clicked,
    /// Pressed this button of it.
    Pressed(String),
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
    /// A person did something with it.
    Answered(Topic, Answered),
    /// It is gone: expired, dismissed or taken down.
    Gone(Topic),
}

/// Puts up notifications. Cheap to clone.
#[derive(Clone)]
pub struct Poster {
    orders: Sender<Order>,
    on_screen: Arc<Mutex<HashMap<Topic, Shown>>>,
}

impl Poster {
    /// Starts the thread. `answered` is called when a person clicks a notification or presses one of its buttons.
    pub fn start(answered: impl Fn(Topic, Shown, Answered) + Send + Sync + 'static) -> Self {
        let (orders, taken) = channel();
        let poster = Self { orders, on_screen: Arc::default() };
        let seen = poster.clone();
        let report = move |report| match report {
            Report::Answered(topic, how) => {
                // Some daemons leave it up after a click.
                seen.withdraw(topic.clone());
                if let Some(shown) = seen.forget(&topic) {
                    answered(topic, shown, how);
                }
            }
            Report::Gone(topic) => drop(seen.forget(&topic)),
        };
        let started = thread::Builder::new().name("notifications".to_owned()).spawn(move || {
            carry_out(&taken, Board::new(report));
        });
        if let Err(error) = started {
            warn!(%error, "no notifications");
        }
        poster
    }

    /// True when what is on screen can be changed there.
    pub const CHANGES_IN_PLACE: bool = Board::CHANGES_IN_PLACE;

    /// Puts up `words` about `topic`, or changes them where it is up.
    pub fn show(&self, topic: Topic, words: Words, shown: Shown) {
        self.known().insert(topic.clone(), shown);
        self.order(Order::Show(topic, words));
    }

    /// Takes down what is up about `topic`.
    pub fn withdraw(&self, topic: Topic) {
        self.order(Order::Withdraw(topic));
    }

    /// Takes down whatever is up about a house.
    pub fn withdraw_all(&self, house: HouseKind) {
        let is_of_house = |topic: &&Topic| match topic {
            Topic::Told(kind, _) | Topic::Done(kind) => *kind == house,
            Topic::Closing => false,
        };
        let topics: Vec<Topic> = self.known().keys().filter(is_of_house).cloned().collect();
        topics.into_iter().for_each(|topic| self.withdraw(topic));
    }

    /// What is up of the inbox of `house`: its number there, by its tag. From the order to put it up until it failed, was
    /// dismissed or expired.
    pub fn of_house(&self, house: HouseKind) -> HashMap<String, i64> {
        let known = self.known();
        let of_house = known.iter().filter_map(|(topic, shown)| match topic {
            Topic::Told(kind, tag) if *kind == house => Some((tag.clone(), shown.id?)),
            _ => None,
        });
        of_house.collect()
    }

    fn forget(&self, topic: &Topic) -> Option<Shown> {
        self.known().remove(topic)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<Topic, Shown>> {
        self.on_screen.lock().unwrap_or_else(PoisonError::into_inner)
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
            Order::Show(topic, words) => board.show(topic, words),
            Order::Withdraw(topic) => board.withdraw(topic),
        };
        if let Err(reason) = done {
            warn!(%reason, "the notification cannot be shown");
            let (Order::Show(topic, _) | Order::Withdraw(topic)) = order;
            board.report(Report::Gone(topic));
        }
    }
}
