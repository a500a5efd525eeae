//! Turns evidence into states (behaviour.md section 3.5: T1, T3, T4, T11; the admin's T12, T13, T14).

use crate::clean::NotCounted;
use crate::rule::Rule;
use crate::state::{AddressState, InvalidReason, Role};

/// What should become of a row after a delivered message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// No row is made, or the row keeps its state and count.
    Stay,
    /// T1: the first clean message of an unknown address; it is Watching with count 1.
    Watch,
    /// T3: Watching with a new count.
    Count(u32),
    /// T4: the threshold is reached.
    Discover(u32),
}

/// What a delivered message does to an address (T1, T3, T4).
///
/// `counted_before` are the clean messages inside the window before this one.
#[must_use]
pub fn after_delivery(
    state: Option<AddressState>,
    counted_before: u32,
    message: Result<(), NotCounted>,
    rule: Rule,
) -> Step {
    if message.is_err() {
        return Step::Stay;
    }
    let count = counted_before.saturating_add(1);
    match state {
        None | Some(AddressState::Watching) if count >= rule.need => Step::Discover(count),
        None => Step::Watch,
        Some(AddressState::Watching) => Step::Count(count),
        Some(_) => Step::Stay,
    }
}

/// T11: whether a row is forgotten because no counted message is left inside the window.
#[must_use]
pub fn has_lapsed(state: AddressState, counted_in_window: u32) -> bool {
    state == AddressState::Watching && counted_in_window == 0
}

/// What the operator may do with addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// T12: make it a user with this role.
    CreateUser(Role),
    /// T12: make it a functional account.
    CreateFunctional,
    /// T13: refuse its mail.
    MarkInvalid,
    /// T14: take it off the Invalid list; unknown afterwards.
    RemoveInvalid,
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

/// The operator's transitions (T12, T13, T14).
#[must_use]
pub fn decide(state: Option<AddressState>, decision: Decision) -> Outcome {
    let wanted = match decision {
        Decision::CreateUser(role) => AddressState::User(role),
        Decision::CreateFunctional => AddressState::Functional,
        Decision::MarkInvalid => match state {
            Some(AddressState::Invalid(InvalidReason::Manual)) => return Outcome::Unchanged,
            Some(AddressState::Inactive | AddressState::Alias) => {
                return Outcome::DoesNotFit("it belongs to an account; decide about the account instead");
            }
            _ => AddressState::Invalid(InvalidReason::Manual),
        },
        Decision::RemoveInvalid => {
            return match state {
                Some(AddressState::Invalid(_)) => Outcome::Gone,
                _ => Outcome::DoesNotFit("it isn't on the Invalid list"),
            };
        }
    };
    if state == Some(wanted) { Outcome::Unchanged } else { Outcome::Becomes(wanted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: Result<(), NotCounted> = Ok(());

    #[test]
    fn d06_the_third_clean_message_makes_an_address_discovered() {
        let rule = Rule::SHIPPED;

        assert_eq!(after_delivery(None, 0, CLEAN, rule), Step::Watch);
        assert_eq!(after_delivery(Some(AddressState::Watching), 1, CLEAN, rule), Step::Count(2));
        assert_eq!(after_delivery(Some(AddressState::Watching), 2, CLEAN, rule), Step::Discover(3));
    }

    #[test]
    fn a_message_that_is_not_clean_changes_nothing() {
        for state in [None, Some(AddressState::Watching), Some(AddressState::Discovered)] {
            assert_eq!(after_delivery(state, 2, Err(NotCounted::NullReversePath), Rule::SHIPPED), Step::Stay);
        }
    }

    #[test]
    fn mail_never_moves_an_address_that_a_person_decided() {
        use AddressState::{Alias, Discovered, Functional, Inactive, Invalid, NeverAdd, User};
        for state in
            [Discovered, User(Role::Silent), Functional, Alias, Inactive, Invalid(InvalidReason::Manual), NeverAdd]
        {
            assert_eq!(after_delivery(Some(state), 9, CLEAN, Rule::SHIPPED), Step::Stay, "{state:?}");
        }
    }

    #[test]
    fn with_a_need_of_one_the_first_message_is_enough() {
        assert_eq!(after_delivery(None, 0, CLEAN, Rule { need: 1, window_days: 30 }), Step::Discover(1));
    }

    #[test]
    fn t11_only_a_watched_address_without_counted_mail_is_forgotten() {
        assert!(has_lapsed(AddressState::Watching, 0));
        assert!(!has_lapsed(AddressState::Watching, 1));
        assert!(!has_lapsed(AddressState::Discovered, 0));
    }

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
    fn only_invalid_addresses_leave_the_invalid_list() {
        for state in [None, Some(AddressState::Watching), Some(AddressState::User(Role::End))] {
            assert!(matches!(decide(state, Decision::RemoveInvalid), Outcome::DoesNotFit(_)));
        }
    }
}
