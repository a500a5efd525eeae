//! Seats: how many are used, what more would cost (X08), and the two warnings before there are none (N18).

use std::collections::HashMap;

use rollcall_core::AddressState;
use rollcall_core::decision::{self, Decision, Outcome};
use rollcall_core::money::Currency;
use rollcall_core::notification::{Kind, State};
use rollcall_core::seats::{self, Forecast, Level, Licence, Price, Seats};
use rollcall_core::{Address, Role, Timestamp};
use rollcall_store::{AddressRecord, NewNotification, StoreError, Tx};

use crate::alike::Planned;
use crate::bus::{Notice, Tag};
use crate::clock;
use crate::decide::{Subject, becomes};
use crate::error::EngineError;
use crate::ground::Ground;
use crate::house::House;
use crate::notification::tell::{of, tell};
use crate::office::note;
use crate::suggest::{Left, Suggested};
use crate::suggested_order::as_suggested_in_order;

/// The settings that hold the licence: seats, price in the currency's smallest unit, ISO 4217 code. Empty: not known.
const TOTAL: &str = "seats_total";
const PRICE: &str = "price_per_user";
const CURRENCY: &str = "currency";
/// The setting that holds which warning was told: empty, `nearly` or `full`.
const TOLD: &str = "seats_told";
/// The most seats: more than any office has.
const MOST_SEATS: u64 = 1_000_000;
/// The highest price in the currency's smallest unit.
const MOST_PRICE: u64 = 1_000_000_000;
/// How long the watch rests after a look, in real time.
const REST: std::time::Duration = std::time::Duration::from_millis(250);

/// What is asked about in a forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// These addresses, each made a user.
    AsUsers(Vec<String>),
    /// These addresses, each made what Rollcall suggests.
    AsSuggested(Vec<String>),
    /// So many new users.
    Count(u64),
}

/// The seats as this transaction sees them.
///
/// # Errors
/// The store's.
pub fn seats(tx: &Tx<'_>) -> Result<Seats, StoreError> {
    Ok(Seats { used: tx.users()?, total: licence(tx)?.total })
}

/// Seats left as this transaction sees them; `None` without an end. A rule that creates users asks here, in the
/// transaction in which it creates them: with 0 the row is held instead (3.1).
///
/// # Errors
/// The store's.
pub fn seats_left(tx: &Tx<'_>) -> Result<Option<u64>, StoreError> {
    Ok(seats(tx)?.left())
}

/// What the office's licence says.
///
/// # Errors
/// The store's.
pub fn licence(tx: &Tx<'_>) -> Result<Licence, StoreError> {
    let number = |name| -> Result<Option<u64>, StoreError> { Ok(tx.setting(name)?.and_then(|text| text.parse().ok())) };
    let currency = tx.setting(CURRENCY)?.as_deref().and_then(Currency::parse);
    let price = number(PRICE)?.zip(currency).map(|(minor, currency)| Price { minor, currency });
    Ok(Licence { total: number(TOTAL)?, price })
}

impl House {
    /// The seats and what the licence says of them.
    ///
    /// # Errors
    /// The store's.
    pub fn seats(&self) -> Result<(Seats, Licence), EngineError> {
        Ok(self.store.read(|tx| Ok((seats(tx)?, licence(tx)?)))?)
    }

    /// What creating users would mean for the seats and for the bill. Nothing changes.
    ///
    /// # Errors
    /// As for creating them: invalid when one is no address of ours; the store's.
    pub fn forecast(&self, asked: Asked) -> Result<Forecast, EngineError> {
        let (addresses, suggested) = match asked {
            Asked::Count(count) => return self.of_count(count, count),
            Asked::AsUsers(addresses) => (addresses, false),
            Asked::AsSuggested(addresses) => (addresses, true),
        };
        let subjects = addresses.into_iter().map(|address| Subject { address, ..Subject::default() }).collect();
        let subjects = self.resolve(subjects)?;
        let (count, now) = (subjects.len() as u64, self.clock.now());
        let grounds = self.grounds();
        let new_users = self.store.read(|tx| {
            if suggested {
                return suggested_users(tx, subjects, &grounds, now);
            }
            let mut new_users = 0;
            for (address, _) in &subjects {
                let state = tx.address(&address.key())?.map(|row| row.state);
                new_users += u64::from(takes_a_seat(state));
            }
            Ok(new_users)
        })?;
        self.of_count(count, new_users)
    }

    fn of_count(&self, asked: u64, new_users: u64) -> Result<Forecast, EngineError> {
        let (seats, licence) = self.seats()?;
        Ok(seats::forecast(seats, licence, asked, new_users))
    }

    /// Says how many users there may be and what each costs a month. What is `None` is not known.
    ///
    /// # Errors
    /// Invalid: 0 seats or too many, a price without a currency or the other way round, no currency; the store's.
    pub async fn set_licence(
        &self,
        total: Option<u64>,
        price: Option<u64>,
        currency: Option<&str>,
    ) -> Result<(), EngineError> {
        let price = checked_price(price, currency)?;
        if total.is_some_and(|total| !(1..=MOST_SEATS).contains(&total)) {
            return Err(EngineError::Invalid("Seats are 1 to 1,000,000.".to_owned()));
        }
        let licence = Licence { total, price };
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                let number = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
                tx.put_setting(TOTAL, &number(licence.total))?;
                tx.put_setting(PRICE, &number(licence.price.map(|price| price.minor)))?;
                tx.put_setting(CURRENCY, licence.price.map_or("", |price| price.currency.code()))?;
                // Another number of seats is looked at afresh.
                tx.put_setting(TOLD, "")?;
                note(tx, "set_licence", said(licence), now)
            })
            .await?;
        self.reload()
    }

    /// Tells once when nine in ten seats are used, and once when none is left (N18).
    pub(crate) async fn look_at_seats(&self) -> Result<(), EngineError> {
        let look = |tx: &Tx<'_>| {
            let told = told(tx)?;
            let seats = seats(tx)?;
            Ok((told, seats, seats::tell(told, seats)))
        };
        let (told, seats, (level, is_news)) = self.store.read(look)?;
        if level == told {
            return Ok(());
        }
        let news = seats.total.filter(|_| is_news).map(|total| vec![seats.used, total]);
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                tx.put_setting(TOLD, word(level))?;
                if let Some(open) = tx.open_notification(Kind::Seats.word())?.filter(|_| level == Level::Roomy) {
                    tx.mark_notification(open.id, State::Withdrawn)?;
                }
                let Some(numbers) = news.clone() else { return Ok(()) };
                tell(tx, NewNotification { numbers, ..of(Kind::Seats) }, &[], now).map(drop)
            })
            .await?;
        self.bus.stale(&[Tag::Notifications]);
        if let (true, Seats { used, total: Some(total) }) = (is_news, seats) {
            self.bus.notice(Notice::Seats { used, total });
        }
        Ok(())
    }
}

/// Looks at the seats whenever addresses or settings may have changed, whoever changed them.
pub(crate) async fn watch(house: &House) -> Result<(), EngineError> {
    let mut events = house.bus.subscribe();
    house.look_at_seats().await?;
    loop {
        let wanted = match events.recv().await {
            Ok(event) => event.stale.contains(&Tag::Addresses) || event.stale.contains(&Tag::Setup),
            // Some were missed: one of them may have been about addresses.
            Err(_) => true,
        };
        if wanted {
            house.look_at_seats().await?;
            clock::pause(REST).await;
        }
    }
}

/// Whether an address in this state would be a new user once it is made one.
fn takes_a_seat(state: Option<AddressState>) -> bool {
    let is_user = matches!(state, Some(AddressState::User(_)));
    let becomes = decision::decide(state, Decision::CreateUser(Role::Silent));
    !is_user && matches!(becomes, Outcome::Becomes(AddressState::User(_)))
}

/// How many users "Add as suggested" would make of these: one after another, as it would do it, because each may be another
/// name of one before (X08).
fn suggested_users(
    tx: &Tx<'_>,
    subjects: Vec<(Address, Subject)>,
    grounds: &HashMap<String, Ground>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let (mut planned, mut left) = (Planned::default(), Left::default());
    let mut new_users = 0;
    for (address, subject) in as_suggested_in_order(tx, subjects, grounds)? {
        let key = address.key();
        let domain = key.rsplit_once('@').map_or(key.as_str(), |(_, domain)| domain);
        let before = tx.address(&key)?;
        let (state, owner) = match left.suggest_after(tx, &key, grounds.get(domain), &planned)? {
            Suggested::Alias { owner, .. } => (AddressState::Alias, Some(owner)),
            Suggested::Functional => (AddressState::Functional, None),
            Suggested::User(role) => (AddressState::User(role), None),
            Suggested::Unlikely => continue,
        };
        let is_user = matches!(state, AddressState::User(_));
        new_users += u64::from(is_user && takes_a_seat(before.as_ref().map(|row| row.state)));
        let row = becomes(before.as_ref(), &address, &subject, state, now);
        planned.add(AddressRecord { owner, ..row });
    }
    Ok(new_users)
}

fn checked_price(price: Option<u64>, currency: Option<&str>) -> Result<Option<Price>, EngineError> {
    let invalid = |sentence: &str| Err(EngineError::Invalid(sentence.to_owned()));
    match (price, currency) {
        (None, None) => Ok(None),
        (Some(minor), Some(code)) => match Currency::parse(code) {
            Some(_) if minor > MOST_PRICE => invalid("This price is too high."),
            Some(currency) => Ok(Some(Price { minor, currency })),
            None => invalid("A currency has a code of three letters, like EUR or USD (ISO 4217)."),
        },
        (Some(_), None) => invalid("A price needs a currency, like EUR."),
        (None, Some(_)) => invalid("A currency needs a price."),
    }
}

fn said(licence: Licence) -> String {
    let seats = match licence.total {
        Some(1) => "1 seat".to_owned(),
        Some(total) => format!("{total} seats"),
        None => "seats without an end".to_owned(),
    };
    match licence.price {
        Some(price) => format!("{seats}, {} a user and month", price.currency.amount(price.minor)),
        None => format!("{seats}, no price"),
    }
}

fn told(tx: &Tx<'_>) -> Result<Level, StoreError> {
    Ok(match tx.setting(TOLD)?.as_deref() {
        Some("full") => Level::Full,
        Some("nearly") => Level::Nearly,
        _ => Level::Roomy,
    })
}

const fn word(level: Level) -> &'static str {
    match level {
        Level::Roomy => "",
        Level::Nearly => "nearly",
        Level::Full => "full",
    }
}
