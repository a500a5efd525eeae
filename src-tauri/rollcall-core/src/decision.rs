//! What the operator may do with an address (behaviour.md 3.5: T12, T13, T14, T21; X06).

use crate::state::{AddressState, InvalidReason, Role};

/// A decision of the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// T12: make it a user with this role.
    CreateUser(Role),
    /// T12: make it a functional account.
    CreateFunctional,
    /// T12: make it another name of an account.
    AddAlias,
    /// T13: refuse its mail.
    MarkInvalid,
    /// T13: never add it; its mail is delivered (C10).
    NeverAdd,
    /// T14: take it off the Invalid list; unknown afterwards.
    RemoveInvalid,
    /// X06: back on the Discovered list, with its whole time before it.
    Restore,
    /// T21: take it off every list; its evidence stays.
    Delete,
}

/// What a decision makes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is so already.
    Unchanged,
    /// The row gets this state (a missing row is made).
    Becomes(AddressState),
    /// The row goes.
    Gone,
    /// The decision does not fit the state: the sentence says why.
    DoesNotFit(&'static str),
}

/// The operator's transitions (T12, T13, T14, T21).
#[must_use]
pub fn decide(state: Option<AddressState>, decision: Decision) -> Outcome {
    use AddressState::{Alias, Discovered, Functional, Inactive, Invalid, NeverAdd, User};
    let wanted = match decision {
        Decision::CreateUser(role) => User(role),
        Decision::CreateFunctional => Functional,
        Decision::AddAlias => Alias,
        Decision::NeverAdd => match state {
            Some(Inactive) => return Outcome::DoesNotFit("it belongs to an account; decide about the account instead"),
            _ => NeverAdd,
        },
        Decision::MarkInvalid => match state {
            Some(Invalid(InvalidReason::Manual)) => return Outcome::Unchanged,
            Some(Inactive) => return Outcome::DoesNotFit("it belongs to an account; decide about the account instead"),
            _ => Invalid(InvalidReason::Manual),
        },
        Decision::RemoveInvalid => {
            return match state {
                Some(Invalid(_)) => Outcome::Gone,
                _ => Outcome::DoesNotFit("it isn't on the Invalid list"),
            };
        }
        Decision::Restore => match state {
            Some(Invalid(_)) => Discovered,
            _ => return Outcome::DoesNotFit("it isn't on the Invalid list"),
        },
        Decision::Delete => return if state.is_some() { Outcome::Gone } else { Outcome::Unchanged },
    };
    if state == Some(wanted) { Outcome::Unchanged } else { Outcome::Becomes(wanted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d22_adding_a_user_takes_the_address_off_the_invalid_list() {
        let invalid = Some(AddressState::Invalid(InvalidReason::Manual));

        assert_eq!(
            decide(invalid, Decision::CreateUser(Role::Silent)),
            Outcome::Becomes(AddressState::User(Role::Silent))
        );
        assert_eq!(decide(invalid, Decision::RemoveInvalid), Outcome::Gone);
    }

    #[test]
    fn t14_only_invalid_addresses_leave_the_invalid_list() {
        for state in [None, Some(AddressState::Watching), Some(AddressState::User(Role::End))] {
            assert!(matches!(decide(state, Decision::RemoveInvalid), Outcome::DoesNotFit(_)));
        }
    }

    #[test]
    fn x06_only_an_invalid_address_comes_back_to_the_discovered_list() {
        let expired = Some(AddressState::Invalid(InvalidReason::Expired));

        assert_eq!(decide(expired, Decision::Restore), Outcome::Becomes(AddressState::Discovered));
        for state in [None, Some(AddressState::Watching), Some(AddressState::User(Role::End))] {
            assert!(matches!(decide(state, Decision::Restore), Outcome::DoesNotFit(_)));
        }
    }

    #[test]
    fn c10_never_add_is_not_invalid() {
        for state in [None, Some(AddressState::Watching), Some(AddressState::Discovered)] {
            assert_eq!(decide(state, Decision::NeverAdd), Outcome::Becomes(AddressState::NeverAdd));
        }
    }

    #[test]
    fn t21_what_is_on_no_list_cannot_be_deleted() {
        assert_eq!(decide(None, Decision::Delete), Outcome::Unchanged);
        assert_eq!(decide(Some(AddressState::Functional), Decision::Delete), Outcome::Gone);
    }
}
