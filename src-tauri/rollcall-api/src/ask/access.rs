//! Queries about roles, seats and what users cost.

use rollcall_core::access::Role;
use rollcall_core::seats::Level;
use rollcall_engine::seats::Asked;
use rollcall_engine::{House, SessionId};

use crate::answers::access::{Access, AccessRole, Forecast, Seats, SeatsLevel};
use crate::registry::access::ForecastArgs;
use crate::wire::{Code, Fault};

/// What a session may do.
pub(crate) fn access(house: &House, session: &SessionId) -> Result<Access, Fault> {
    let now = house.clock.now();
    let found = house.access(session)?;
    Ok(Access {
        role: match found.role {
            Role::Technician => AccessRole::Technician,
            Role::OrganizationAdministrator => AccessRole::OrganizationAdministrator,
        },
        signed_in_until_ms: found.signed_in_until.map(|at| at.0),
        has_password: found.has_password,
        locked_until_ms: found.locked_until.map(|at| at.0),
        tries_left: u32::try_from(found.tries_left).unwrap_or(u32::MAX),
        now_ms: now.0,
    })
}

/// The seats, and what users cost.
pub(crate) fn seats(house: &House) -> Result<Seats, Fault> {
    let (seats, licence) = house.seats()?;
    let cost = licence.price.map(|price| price.minor.saturating_mul(seats.used));
    Ok(Seats {
        used: seats.used,
        total: seats.total,
        free: seats.left(),
        percent: seats.percent(),
        level: match seats.level() {
            Level::Roomy => SeatsLevel::Roomy,
            Level::Nearly => SeatsLevel::Nearly,
            Level::Full => SeatsLevel::Full,
        },
        price_per_user_minor: licence.price.map(|price| price.minor),
        currency: licence.price.map(|price| price.currency.code().to_owned()),
        currency_digits: licence.price.map(|price| u32::try_from(price.currency.digits()).unwrap_or_default()),
        cost_per_month_minor: cost,
        cost_per_month: licence.price.zip(cost).map(|(price, cost)| price.currency.amount(cost)),
    })
}

/// What creating users would mean (X08).
pub(super) fn forecast(house: &House, args: ForecastArgs) -> Result<Forecast, Fault> {
    let asked = match (args.addresses, args.count) {
        (Some(addresses), None) if args.suggested == Some(true) => Asked::AsSuggested(addresses),
        (Some(addresses), None) => Asked::AsUsers(addresses),
        (None, Some(count)) => Asked::Count(u64::from(count)),
        _ => return Err(Fault::new(Code::Invalid, "Give either “addresses” or “count”.")),
    };
    Ok(forecast_row(house.forecast(asked)?))
}

/// A forecast as it is answered.
pub(crate) fn forecast_row(found: rollcall_core::seats::Forecast) -> Forecast {
    Forecast {
        new_users: found.new_users,
        seats_used_after: found.after.used,
        seats_total: found.after.total,
        over_by: found.over_by(),
        cost_per_month_minor: found.cost.map(|cost| cost.minor),
        currency: found.cost.map(|cost| cost.currency.code().to_owned()),
        sentence: found.sentence(),
    }
}
