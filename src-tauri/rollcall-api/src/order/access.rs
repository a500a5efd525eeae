//! Commands about roles, seats and what users cost.

use rollcall_engine::{House, SessionId};

use crate::answers::access::{Access, Seats};
use crate::ask;
use crate::registry::access::{ResetPasswordArgs, SetLicenceArgs, SetPasswordArgs, SignInArgs};
use crate::wire::{Code, Fault};

/// Gives the session the higher role.
pub(super) async fn sign_in(house: &House, session: &SessionId, args: SignInArgs) -> Result<Access, Fault> {
    house.sign_in(session, args.password).await?;
    ask::access(house, session)
}

/// Takes the higher role from the session.
pub(super) fn sign_out(house: &House, session: &SessionId) -> Result<Access, Fault> {
    house.sign_out(session);
    ask::access(house, session)
}

/// Sets or changes the password.
pub(super) async fn set_password(house: &House, session: &SessionId, args: SetPasswordArgs) -> Result<Access, Fault> {
    house.set_password(session, args.old_password, args.password).await?;
    ask::access(house, session)
}

/// Takes the password away.
pub(super) async fn reset_password(
    house: &House,
    session: &SessionId,
    args: ResetPasswordArgs,
) -> Result<Access, Fault> {
    house.reset_password(&args.proof).await?;
    ask::access(house, session)
}

/// Says how many seats there are, and what a user costs.
pub(super) async fn set_licence(house: &House, args: SetLicenceArgs) -> Result<Seats, Fault> {
    let number = |name: &str, number: Option<i64>| {
        number
            .map(|number| {
                u64::try_from(number).map_err(|_| {
                    Fault::new(Code::Invalid, format!("“{name}” can't be {number}: it must be 0 or more."))
                })
            })
            .transpose()
    };
    let total = number("seats_total", args.seats_total)?;
    let price = number("price_per_user_minor", args.price_per_user_minor)?;
    house.set_licence(total, price, args.currency.as_deref()).await?;
    ask::seats(house)
}
