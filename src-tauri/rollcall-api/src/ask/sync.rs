//! Queries about the sync with a directory.

use rollcall_engine::House;

use crate::answers::DiscoveryWord;
use crate::answers::sync::{
    DisabledMail, KnownBy, Sync, SyncOptions, SyncRunDetail, SyncRuns, SyncState, SyncStateWord,
};
use crate::registry::sync::{SyncRunArgs, SyncRunsArgs};
use crate::wire::{Code, Fault};

/// Where the sync stands.
pub(crate) fn sync(_: &House) -> Result<Sync, Fault> {
    let word = SyncStateWord::NeverSet;
    Ok(Sync {
        state: SyncState { word, holds_discovery: false, entries: None, sentence: None, would_lose: None },
        source: None,
        hours: 0,
        options: SyncOptions {
            active_users: true,
            disabled_accounts: true,
            functional_accounts: true,
            security_groups: true,
            hidden: true,
            add: true,
            update: true,
            delete: false,
            disabled_people: DisabledMail::Deliver,
            disabled_functional: DisabledMail::Deliver,
        },
        accepted: false,
        last_run: None,
        last_good_ms: None,
        next_run_ms: None,
        failures: 0,
        in_step: 0,
        leaving: Vec::new(),
        leaving_total: 0,
        problems: Vec::new(),
        problems_total: 0,
        exempt: Vec::new(),
        known_by: vec![KnownBy::Operator, KnownBy::MailServer],
    })
}

/// The runs, the latest first.
pub(super) fn runs(_: &House, _: &SyncRunsArgs) -> Result<SyncRuns, Fault> {
    Ok(SyncRuns { rows: Vec::new() })
}

/// One run.
pub(super) fn run(_: &House, args: &SyncRunArgs) -> Result<SyncRunDetail, Fault> {
    Err(Fault::new(Code::NotFound, format!("There is no run {}.", args.id)))
}

/// Whether addresses are discovered.
pub(super) fn discovery(house: &House) -> DiscoveryWord {
    if house.setup().discovery { DiscoveryWord::On } else { DiscoveryWord::Off }
}
