//! The window's types, made from the same Rust types that the wire carries.

use ts_rs::{Config, TS};

use crate::{answers as a, registry as r, wire as w};

/// The whole content of `ui/src/lib/api/types.ts`; a test compares it with the file.
#[must_use]
pub fn types() -> String {
    let config = Config::default().with_large_int("number");
    let mut text = String::from("// Made from rollcall-api (its example `types`); edit the Rust types instead.\n\n");
    macro_rules! declare {
        ($($type:ty),* $(,)?) => { $(
            text.push_str("export ");
            text.push_str(&<$type>::decl(&config));
            text.push('\n');
        )* };
    }
    declare!(
        w::Code,
        w::Fault,
        w::Tag,
        w::Notice,
        w::Event, //
        r::Query,
        r::Command,
        r::Nothing,
        r::AddressesArgs,
        r::AddressSort,
        r::AddressArgs,
        r::MailLogArgs,
        r::JournalArgs,
        r::AddDomainArgs,
        r::RemoveDomainArgs,
        r::SetListenerArgs,
        r::SetUpstreamsArgs,
        r::SetNotificationsArgs,
        r::TestDestinationArgs,
        r::NewUser,
        r::CreateUserArgs,
        r::AddressListArgs,
        r::SetNameArgs,
        r::UndoArgs,
        r::SkipTimeArgs, //
        a::StateWord,
        a::RoleWord,
        a::SuggestionKind,
        a::Suggestion,
        a::StrengthVerdict,
        a::Strength,
        a::AddressRow,
        a::StateCounts,
        a::Addresses,
        a::EvidenceKind,
        a::Evidence,
        a::JournalEntry,
        a::AddressDetail,
        a::Journal,
        a::Outcome,
        a::MailLogRow,
        a::MailLog,
        a::TlsWord,
        a::Destination,
        a::Reachability,
        a::DomainRow,
        a::Domains,
        a::HealthState,
        a::ListenerRow,
        a::HealthFault,
        a::Health,
        a::MailHour,
        a::AddressWeek,
        a::Overview,
        a::Changed,
        a::ListenerSet,
        a::TestVerdict,
        a::TestStep,
        a::DestinationTest,
        a::TimeSkipped,
    );
    text
}
