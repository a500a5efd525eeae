//! Queries: read, then word. No effect.

mod access;
pub(crate) mod discovery;
mod domains;
mod dry_run;
mod harvest;
mod lists;
mod mailflow;
pub(crate) mod notification;
pub(crate) mod outgoing;
mod people;
mod queue;
mod receiving;
mod recipients;
pub(crate) mod reporting;
pub(crate) mod shadow;
pub(crate) mod sync;
mod truth;

use std::collections::HashMap;

use rollcall_core::guess::{self, Looks, StrengthFacts};
use rollcall_core::time::{DAY_MS, HOUR_MS};
use rollcall_core::{Address, Role, Rule, Timestamp};
use rollcall_engine::explain::Calendar;
use rollcall_engine::health::{self, State};
use rollcall_engine::secrets::SecretPlace;
use rollcall_engine::store::{self, AddressFilter, AddressListed, DomainRecord, JournalRecord, StoreError, Tx};
use rollcall_engine::suggest::Suggested;
use rollcall_engine::{House, SessionId};
use serde_json::Value;

use crate::answers::{
    AddressDetail, AddressRow, AddressWeek, Addresses, Evidence, EvidenceKind, Health, HealthFault, HealthState,
    Journal, JournalEntry, MailHour, Overview, RoleWord, StateCounts, StateWord, Strength, StrengthVerdict, Suggestion,
    SuggestionKind, TlsWord, WaitingCounts,
};
use crate::registry::{AddressOnly, AddressSort, AddressesArgs, Query};
use crate::wire::{Code, Fault};

pub(crate) use access::{access, forecast_row, seats};
pub(crate) use domains::domains;
pub(crate) use harvest::blocked_clients;
pub(crate) use mailflow::log_retention;
pub(crate) use receiving::{listener_row, receiving};

const ROWS: u32 = 100;
const MOST_ROWS: u32 = 1000;
const EVIDENCE_ROWS: u32 = 200;
const WEEKS: i64 = 12;

/// The answer's word for the engine's.
fn secret_place(place: SecretPlace) -> crate::answers::sync::SecretPlace {
    match place {
        SecretPlace::Keychain => crate::answers::sync::SecretPlace::Keychain,
        SecretPlace::SealedFile => crate::answers::sync::SecretPlace::SealedFile,
    }
}

/// Answers a query. What sessions queued before it is committed first, so that a script sees what it just sent.
pub(crate) async fn ask(house: &House, session: &SessionId, query: Query) -> Result<Value, Fault> {
    house.store.settle().await?;
    let answer = match query {
        Query::Health(_) => to_value(&health(house)?),
        Query::Domains(_) => to_value(&domains(house)?),
        Query::Discovery(_) => to_value(&discovery::discovery(house)?),
        Query::DryRun(args) => to_value(&dry_run::dry_run(house, args).await?),
        Query::Addresses(args) => {
            if is_foretold(&args) {
                house.look_ahead().await?;
            }
            to_value(&addresses(house, &args)?)
        }
        Query::Address(args) => to_value(&address(house, &args.address)?),
        Query::MailLog(args) => to_value(&mailflow::mail_log(house, &args)?),
        Query::MailMessage(args) => to_value(&mailflow::mail_message(house, args.id)?),
        Query::MailCounts(args) => to_value(&mailflow::mail_counts(house, &args)?),
        Query::MailReport(args) => to_value(&mailflow::mail_report(house, &args)?),
        Query::ExportMailLog(args) => to_value(&mailflow::export(house, args)?),
        Query::LogRetention(_) => to_value(&mailflow::log_retention(house)?),
        Query::Journal(args) => {
            let rows = house.store.read(|tx| tx.journal(rows(args.limit), None))?;
            to_value(&Journal { rows: journal_rows(house, rows) })
        }
        Query::Overview(_) => to_value(&overview(house)?),
        Query::Receiving(_) => to_value(&receiving(house)?),
        Query::ExportPeople(args) => to_value(&lists::export_people(house, &args)?),
        Query::PeopleReport(args) => to_value(&lists::people_report(house, &args)?),
        Query::Outbound(_) => to_value(&outgoing::outbound(house)),
        Query::Queue(args) => to_value(&queue::queue(house, &args)?),
        Query::BlockedClients(_) => to_value(&blocked_clients(house)),
        Query::RecipientCache(args) => to_value(&recipients::recipient_cache(house, &args.address)?),
        Query::Access(_) => to_value(&access(house, session)?),
        Query::Seats(_) => to_value(&seats(house)?),
        Query::Observed(args) => to_value(&shadow::observed(house, &args)?),
        Query::Reports(args) => to_value(&reporting::reports(house, &args)?),
        Query::Report(args) => to_value(&reporting::report(house, args.id)?),
        Query::Reporting(_) => to_value(&reporting::reporting(house)?),
        Query::Inbox(args) => to_value(&notification::inbox(house, &args)?),
        Query::NotificationSettings(_) => to_value(&notification::settings(house)?),
        Query::Forecast(args) => to_value(&access::forecast(house, args)?),
        Query::Sync(_) => to_value(&sync::sync(house)?),
        Query::SyncRuns(args) => to_value(&sync::runs(house, &args)?),
        Query::SyncRun(args) => to_value(&sync::run(house, &args)?),
    };
    answer.map_err(|error| Fault::new(Code::Internal, format!("The answer could not be written: {error}.")))
}

fn to_value<T: serde::Serialize>(answer: &T) -> serde_json::Result<Value> {
    serde_json::to_value(answer)
}

fn rows(limit: Option<u32>) -> u32 {
    limit.unwrap_or(ROWS).clamp(1, MOST_ROWS)
}

/// Also the answer of the commands that change settings.
pub(crate) fn health(house: &House) -> Result<Health, Fault> {
    let now = house.clock.now();
    let found = house.health()?;
    let counts = house.store.read(counts)?;
    let setup = house.setup();
    let mut upstreams: Vec<String> = setup.upstreams.texts().collect();
    upstreams.sort();
    Ok(Health {
        state: match found.state {
            State::NotSetUp => HealthState::NotSetUp,
            State::Quiet => HealthState::Quiet,
            State::Flowing => HealthState::Flowing,
            State::Waiting => HealthState::Waiting,
            State::CannotComeIn => HealthState::CannotComeIn,
        },
        sentence: found.sentence,
        now_ms: now.0,
        practice: house.kind == store::Kind::Practice,
        data: house.folder.display().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        hostname: house.hostname.clone(),
        listeners: found.listeners.into_iter().map(listener_row).collect(),
        upstreams,
        faults: found.faults.into_iter().map(fault_row).collect(),
        waiting: found.waiting,
        failed: found.failed,
        disk_free_bytes: house.disk_free(),
        disk_reserve_bytes: setup.disk_reserve,
        sessions: house.session_count() as u64,
        last_delivered_ms: found.last_delivered.map(|at| at.0),
        users: counts.user,
        notifications: setup.notifications,
        shadow: shadow::shadow(house)?,
        discovery: sync::discovery(house),
        revision: house.bus.revision(),
    })
}

fn fault_row(fault: health::Fault) -> HealthFault {
    HealthFault { code: fault.code.to_owned(), sentence: fault.sentence, detail: fault.detail, since_ms: fault.since.0 }
}

const fn tls_word(policy: store::TlsPolicy) -> TlsWord {
    match policy {
        store::TlsPolicy::Never => TlsWord::Never,
        store::TlsPolicy::Opportunistic => TlsWord::Opportunistic,
        store::TlsPolicy::Required => TlsWord::Required,
    }
}

/// Whether the answer needs what is foretold of Discovered addresses.
fn is_foretold(args: &AddressesArgs) -> bool {
    args.only.is_some() || args.state == Some(StateWord::Discovered)
}

fn addresses(house: &House, args: &AddressesArgs) -> Result<Addresses, Fault> {
    let (soon, now) = (house.soon(), house.clock.now());
    let is_foretold = is_foretold(args);
    let discovered = args.only.map(|_| StateWord::Discovered);
    let states = match discovered.or(args.state) {
        Some(state) => vec![state_text(state)],
        None => args.states.iter().flatten().copied().map(state_text).collect(),
    };
    let filter = AddressFilter {
        states,
        only: args.only.map(|only| match only {
            AddressOnly::EndingSoon => store::AddressOnly::EndsBy(soon),
            AddressOnly::LikelyAlias => store::AddressOnly::Alias,
            AddressOnly::Weak => store::AddressOnly::Weak,
        }),
        search: args.search.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_lowercase),
        sort: match args.sort.unwrap_or(AddressSort::Address) {
            AddressSort::Address => store::AddressSort::Address,
            AddressSort::LastSeen => store::AddressSort::LastSeen,
            AddressSort::Discovered => store::AddressSort::Discovered,
            AddressSort::CleanCount => store::AddressSort::CleanCount,
            AddressSort::Ends if is_foretold => store::AddressSort::Ends,
            AddressSort::Ends => store::AddressSort::Discovered,
        },
        limit: rows(args.limit),
        offset: args.offset.unwrap_or(0),
    };
    let (page, notes, counts, domains, waiting) = house.store.read(|tx| {
        let waiting = if is_foretold { Some(tx.outlook_counts(soon, now)?) } else { None };
        let page = tx.addresses(&filter)?;
        let notes = page.rows.iter().map(|listed| people::notes(tx, &listed.record)).collect::<Result<Vec<_>, _>>()?;
        Ok((page, notes, counts(tx)?, by_name(tx)?, waiting))
    })?;
    let calendar = house.calendar()?;
    let listed = page.rows.into_iter().zip(notes);
    let rows = listed.map(|(listed, notes)| address_row(house, listed, notes, &domains, &calendar));
    let rows = rows.collect::<Result<_, _>>()?;
    let waiting = waiting.map(|counts| WaitingCounts {
        ending_soon: counts.soon,
        likely_alias: counts.alias,
        weak: counts.weak,
        can_wait: counts.can_wait,
    });
    Ok(Addresses { rows, total: page.total, is_more: page.is_more, counts, waiting })
}

fn by_name(tx: &Tx<'_>) -> Result<HashMap<String, DomainRecord>, StoreError> {
    Ok(tx.domains()?.into_iter().map(|domain| (domain.name.clone(), domain)).collect())
}

fn counts(tx: &Tx<'_>) -> Result<StateCounts, StoreError> {
    let mut counts = StateCounts::default();
    for (word, count) in tx.counts()? {
        match word.as_str() {
            "watching" => counts.watching = count,
            "discovered" => counts.discovered = count,
            "user" => counts.user = count,
            "functional" => counts.functional = count,
            "alias" => counts.alias = count,
            "inactive" => counts.inactive = count,
            "invalid" => counts.invalid = count,
            "never_add" => counts.never_add = count,
            other => tracing::error!(state = other, "the store counts a state that nobody knows"),
        }
    }
    Ok(counts)
}

fn address(house: &House, text: &str) -> Result<AddressDetail, Fault> {
    let address = Address::parse(text).map_err(rollcall_engine::EngineError::from)?;
    let key = address.key();
    let missing = || Fault::new(Code::NotFound, format!("{address} isn't on any list."));
    let (row, notes, aliases, evidence, journal, domains) = house.store.read(|tx| {
        let row = tx.address(&key)?;
        let notes = row.as_ref().map(|row| people::notes(tx, row)).transpose()?.unwrap_or_default();
        let aliases = people::aliases(tx, &key)?;
        let since = row.as_ref().map_or(Timestamp(0), |row| row.first_seen);
        let sender_domains = tx.sender_domains_since(&key, since)?;
        let row = row.map(|record| AddressListed { record, sender_domains });
        let (evidence, journal) = (tx.evidence(&key, EVIDENCE_ROWS)?, tx.journal_of(&key, EVIDENCE_ROWS)?);
        Ok((row, notes, aliases, evidence, journal, by_name(tx)?))
    })?;
    let score = house.score(&key)?;
    let row = row.ok_or_else(missing)?;
    let reverify = if row.record.state.is_account() { shadow::reverify(house, &address)? } else { None };
    Ok(AddressDetail {
        score: score.sentence().to_owned(),
        fresh: shadow::fresh(house, &row.record, &evidence)?,
        reverify,
        aliases,
        row: address_row(house, row, notes, &domains, &house.calendar()?)?,
        evidence: evidence.into_iter().map(evidence_row).collect(),
        journal: journal_rows(house, journal),
        cached: recipients::cached(house, &address),
    })
}

fn address_row(
    house: &House,
    listed: AddressListed,
    (note, aliases): (store::AccountNote, u64),
    domains: &HashMap<String, DomainRecord>,
    calendar: &Calendar,
) -> Result<AddressRow, Fault> {
    let AddressListed { record, sender_domains } = listed;
    let domain = domains.get(&record.domain);
    let strength = guess::strength(StrengthFacts {
        clean_count: record.clean_count,
        need: domain.map_or(Rule::SHIPPED.need, |domain| domain.rule.need),
        sender_domains,
        server_refuses_strangers: domain.is_some_and(|domain| domain.stranger_refused.is_some()),
        is_suspect: record.suspect.is_some(),
    });
    let ends = calendar.ends(&record);
    let suggestion = suggestion(house, &record)?;
    let can_wait = calendar.can_wait_until(&record, suggestion.kind == SuggestionKind::Alias);
    Ok(AddressRow {
        notices: record.notices,
        ends_ms: ends.map(|at| at.0),
        can_wait_until_ms: can_wait.map(|at| at.0),
        held_until_ms: record.held_until.map(|at| at.0),
        pinned: record.pinned,
        made_by: record.made_by.map(|who| who.word().to_owned()),
        owner: record.owner.clone(),
        state: state_word(record.state),
        role: record.state.role().map(|role| match role {
            Role::Silent => RoleWord::Silent,
            Role::End => RoleWord::End,
        }),
        is_administrator: note.is_administrator,
        kind: note.kind.map(people::kind_word),
        aliases,
        invalid_reason: record.state.invalid_reason().map(|reason| reason.word().to_owned()),
        source: record.source.word().to_owned(),
        suggestion,
        strength: strength_words(strength),
        address: record.shown,
        first_name: record.first_name,
        surname: record.surname,
        clean_count: record.clean_count,
        sender_domains,
        first_seen_ms: record.first_seen.0,
        last_seen_ms: record.last_seen.0,
        discovered_ms: record.discovered.map(|at| at.0),
        changed_ms: record.changed.0,
        suspect_ms: record.suspect.map(|at| at.0),
        refused_count: record.refused_count,
    })
}

fn suggestion(house: &House, record: &store::AddressRecord) -> Result<Suggestion, Fault> {
    let shown = record.shown.as_str();
    let local = shown.rsplit_once('@').map_or(shown, |(local, _)| local);
    if record.state == rollcall_core::AddressState::Discovered {
        match house.suggestion(&record.key)? {
            Suggested::Alias { shown, why, .. } => {
                let (of, why) = (Some(shown), Some(why.word().to_owned()));
                return Ok(Suggestion { kind: SuggestionKind::Alias, first_name: None, surname: None, of, why });
            }
            Suggested::Unlikely => {
                let kind = SuggestionKind::Unlikely;
                return Ok(Suggestion { kind, first_name: None, surname: None, of: None, why: None });
            }
            Suggested::Functional | Suggested::User(_) => {}
        }
    }
    let (kind, first_name, surname) = match guess::looks(local) {
        Looks::LikePerson { first_name, surname } => (SuggestionKind::Person, first_name, surname),
        Looks::LikeFunctional => (SuggestionKind::Functional, None, None),
    };
    Ok(Suggestion { kind, first_name, surname, of: None, why: None })
}

fn strength_words(strength: guess::Strength) -> Strength {
    use guess::Strength::{BelowThreshold, OneSender, RecognisedByServer, ServerContradicts, ThresholdReached};
    let (verdict, reason) = match strength {
        RecognisedByServer => (StrengthVerdict::Strong, "recognised_by_server"),
        ThresholdReached => (StrengthVerdict::Likely, "threshold_reached"),
        OneSender => (StrengthVerdict::Weak, "one_sender"),
        ServerContradicts => (StrengthVerdict::Weak, "server_contradicts"),
        BelowThreshold => (StrengthVerdict::Weak, "below_threshold"),
    };
    Strength { verdict, reason: reason.to_owned() }
}

fn evidence_row(record: store::EvidenceRecord) -> Evidence {
    Evidence {
        at_ms: record.at.0,
        kind: match record.kind {
            store::EvidenceKind::Delivered => EvidenceKind::Delivered,
            store::EvidenceKind::RefusedByServer => EvidenceKind::RefusedByServer,
            store::EvidenceKind::RefusedByUs => EvidenceKind::RefusedByUs,
            store::EvidenceKind::TakenForLater => EvidenceKind::TakenForLater,
            store::EvidenceKind::Sent => EvidenceKind::Sent,
            store::EvidenceKind::Bounced => EvidenceKind::Bounced,
        },
        counted: record.counted,
        not_counted_because: record.not_counted_because,
        sender: record.sender,
        subject: record.subject,
        client_ip: record.client_ip,
        is_reply: record.is_reply,
        lines: record.lines,
    }
}

fn journal_rows(house: &House, records: Vec<JournalRecord>) -> Vec<JournalEntry> {
    let now = house.clock.now();
    let row = |record: JournalRecord| JournalEntry {
        undoable: record.undoable && !record.undone && now.since_ms(record.at) <= rollcall_engine::undo::WINDOW_MS,
        entry: record.entry,
        at_ms: record.at.0,
        who: record.who,
        action: record.action,
        why: record.why,
        addresses: record.addresses,
        count: record.count,
        undone: record.undone,
    };
    records.into_iter().map(row).collect()
}

fn overview(house: &House) -> Result<Overview, Fault> {
    let now = house.clock.now();
    let last_hour = now.0 - now.0.rem_euclid(HOUR_MS);
    let first_hour = last_hour - 23 * HOUR_MS;
    let ends: Vec<Timestamp> = (0..WEEKS).rev().map(|week| now.minus_ms(week * 7 * DAY_MS)).collect();
    let (hours, weeks, counts, lately) = house.store.read(|tx| {
        Ok((tx.mail_hours(Timestamp(first_hour), 24)?, tx.found_and_decided(&ends)?, counts(tx)?, tx.journal_news(6)?))
    })?;
    let hour = |(place, numbers): (usize, [u64; 5])| MailHour {
        start_ms: first_hour + place as i64 * HOUR_MS,
        delivered: numbers[0],
        refused: numbers[1] + numbers[4],
        deferred: numbers[2],
        waiting: numbers[3],
    };
    Ok(Overview {
        hours: hours.into_iter().enumerate().map(hour).collect(),
        weeks: ends
            .iter()
            .zip(weeks)
            .map(|(end, (found, decided))| AddressWeek { end_ms: end.0, found, decided })
            .collect(),
        counts,
        lately: journal_rows(house, lately),
    })
}

const fn state_word(state: rollcall_core::AddressState) -> StateWord {
    use rollcall_core::AddressState as S;
    match state {
        S::Watching => StateWord::Watching,
        S::Discovered => StateWord::Discovered,
        S::User(_) => StateWord::User,
        S::Functional => StateWord::Functional,
        S::Alias => StateWord::Alias,
        S::Inactive => StateWord::Inactive,
        S::Invalid(_) => StateWord::Invalid,
        S::NeverAdd => StateWord::NeverAdd,
    }
}

const fn state_text(word: StateWord) -> &'static str {
    match word {
        StateWord::Watching => "watching",
        StateWord::Discovered => "discovered",
        StateWord::User => "user",
        StateWord::Functional => "functional",
        StateWord::Alias => "alias",
        StateWord::Inactive => "inactive",
        StateWord::Invalid => "invalid",
        StateWord::NeverAdd => "never_add",
    }
}
