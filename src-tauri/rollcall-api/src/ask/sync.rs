//! Queries about the sync with a directory, and its words.

use rollcall_core::directory as core;
use rollcall_engine::House;
use rollcall_engine::secrets::KeptSecret;
use rollcall_engine::setup::DirectoryDecides;
use rollcall_engine::store;
use rollcall_engine::sync::{self as engine, Proof, SourceSet, State, Status};

use crate::answers::DiscoveryWord;
use crate::answers::sync as a;
use crate::registry::sync::{SyncRunArgs, SyncRunsArgs};
use crate::wire::{Code, Fault};

/// So many lines of a run at a time.
const LINES: u32 = 1_000;

/// Where the sync stands.
pub(crate) fn sync(house: &House) -> Result<a::Sync, Fault> {
    let status = house.sync_status()?;
    let state = state(&status);
    let Status { set, last, next, leaving, leaving_total, problems, problems_total, exempt, .. } = status;
    let holds = set.holds_discovery();
    let own = [a::KnownBy::Operator, a::KnownBy::MailServer];
    Ok(a::Sync {
        state,
        hours: set.hours,
        options: options(set.options),
        accepted: set.accepted,
        last_run: last.map(run_row),
        last_good_ms: set.good.map(|at| at.0),
        next_run_ms: next.map(|at| at.0),
        failures: set.failures,
        in_step: status.in_step,
        leaving: leaving.into_iter().map(leaving_row).collect(),
        leaving_total,
        problems: problems.into_iter().map(problem).collect(),
        problems_total,
        exempt: exempt.into_iter().map(exempt_row).collect(),
        known_by: holds.then_some(a::KnownBy::Directory).into_iter().chain(own).collect(),
        source: set.source.as_ref().map(|source| source_row(source, &set, &status.secret)),
    })
}

/// The runs, the latest first.
pub(super) fn runs(house: &House, args: &SyncRunsArgs) -> Result<a::SyncRuns, Fault> {
    let rows = house.sync_runs(super::rows(args.limit))?;
    Ok(a::SyncRuns { rows: rows.into_iter().map(run_row).collect() })
}

/// One run.
pub(super) fn run(house: &House, args: &SyncRunArgs) -> Result<a::SyncRunDetail, Fault> {
    let verb = args.verb.map(core_verb);
    let found = house.store.read(|tx| {
        let Some(run) = tx.sync_run(args.id)? else { return Ok(None) };
        let changes = tx.sync_changes(args.id, verb, LINES, args.offset.unwrap_or(0))?;
        Ok(Some((run, changes, tx.sync_problems(args.id, LINES)?)))
    })?;
    let (run, (changes, changes_total), problems) =
        found.ok_or_else(|| Fault::new(Code::NotFound, format!("There is no run {}.", args.id)))?;
    Ok(a::SyncRunDetail {
        run: run_row(run),
        changes: changes.into_iter().map(change_row).collect(),
        changes_total,
        problems: problems.iter().map(core::sentence).collect(),
    })
}

/// Whether addresses are discovered.
pub(super) fn discovery(house: &House) -> DiscoveryWord {
    let setup = house.setup();
    match (setup.directory, setup.discovery) {
        (DirectoryDecides::No, true) => DiscoveryWord::On,
        (DirectoryDecides::No, false) => DiscoveryWord::Off,
        (DirectoryDecides::NotYet | DirectoryDecides::Yes, _) => DiscoveryWord::OffBySync,
    }
}

/// What a run would do.
pub(crate) fn preview(preview: engine::Preview) -> a::SyncPreview {
    let engine::Preview { plan, found, seats_left, first, remarks } = preview;
    let count = |verb| plan.count(verb);
    a::SyncPreview {
        add: count(core::Verb::Add),
        update: count(core::Verb::Update),
        missing: count(core::Verb::Missing),
        delete: count(core::Verb::Delete),
        problems_total: plan.problems.len() as u64,
        same: plan.same,
        matched: plan.matched,
        found,
        left_out: plan.left_out.total(),
        new_users: plan.new_users,
        seats_left,
        would_stop: plan.stop.map(core::stopped),
        first,
        changes_total: plan.changes.len() as u64,
        problems: plan.problems.into_iter().take(LINES as usize).map(problem).collect(),
        changes: plan.changes.into_iter().take(LINES as usize).map(planned).collect(),
        remarks,
    }
}

/// What was found, or why nothing was.
pub(crate) fn look(looked: engine::Looked) -> a::DirectoryLook {
    let sentence = looked.trouble.clone().unwrap_or_else(|| match looked.found {
        1 => "The directory answered: 1 entry.".to_owned(),
        found => format!("The directory answered: {found} entries."),
    });
    a::DirectoryLook {
        usable: looked.trouble.is_none(),
        sentence,
        certificate: looked.certificate.map(|seen| a::CertificateSeen {
            sha256: seen.sha256,
            names: seen.names,
            issuer: seen.issuer,
            not_after_ms: seen.not_after_ms,
        }),
        found: looked.found,
        kinds: looked.kinds.into_iter().map(|(kind, count)| a::KindCount { kind: kind_word(kind), count }).collect(),
        disabled: looked.disabled,
        hidden: looked.hidden,
        without_mail: looked.without_mail,
        aliases: looked.aliases,
        examples: looked.examples.iter().map(entry_row).collect(),
        foreign_domains: looked.foreign_domains,
        remarks: looked.remarks,
    }
}

/// A run in short.
pub(crate) fn run_row(run: store::SyncRunRecord) -> a::SyncRun {
    a::SyncRun {
        id: run.id,
        started_ms: run.started.0,
        took_ms: run.took_ms,
        cause: match run.cause {
            store::SyncCause::Schedule => a::SyncCause::Schedule,
            store::SyncCause::Now => a::SyncCause::Now,
            store::SyncCause::Preview => a::SyncCause::Preview,
        },
        who: run.who,
        outcome: match run.outcome {
            store::SyncOutcome::Done => a::SyncOutcome::Done,
            store::SyncOutcome::Previewed => a::SyncOutcome::Previewed,
            store::SyncOutcome::Stopped => a::SyncOutcome::Stopped,
            store::SyncOutcome::Failed => a::SyncOutcome::Failed,
            store::SyncOutcome::Cancelled => a::SyncOutcome::Cancelled,
        },
        sentence: run.sentence,
        found: run.found,
        add: run.added,
        update: run.updated,
        missing: run.missing,
        delete: run.deleted,
        problems: run.problems,
        rows_written: run.rows_written,
        entry: run.entry,
    }
}

fn state(status: &Status) -> a::SyncState {
    a::SyncState {
        word: match status.state {
            State::NeverSet => a::SyncStateWord::NeverSet,
            State::PreviewWaiting => a::SyncStateWord::PreviewWaiting,
            State::On => a::SyncStateWord::On,
            State::Off => a::SyncStateWord::Off,
            State::Running => a::SyncStateWord::Running,
            State::Failed => a::SyncStateWord::Failed,
        },
        holds_discovery: status.set.holds_discovery(),
        entries: status.entries,
        sentence: status.sentence.clone(),
        would_lose: status.set.would_lose.filter(|_| status.state == State::Failed),
    }
}

fn source_row(source: &SourceSet, set: &engine::SyncSet, secret: &KeptSecret) -> a::SyncSource {
    let has_secret = secret.is_there;
    let (kind, ldap, entra) = match source {
        SourceSet::Ldap(ldap) => (a::SyncSourceKind::Ldap, Some(ldap_row(ldap)), None),
        SourceSet::Entra(entra) => (a::SyncSourceKind::Entra, None, Some(entra_row(entra, has_secret))),
    };
    a::SyncSource {
        kind,
        name: source.name(),
        ldap,
        entra,
        has_secret,
        secret_place: secret.place.map(super::secret_place),
        secret_trouble: secret.trouble.clone(),
        certificate_expires_ms: set.certificate_ends.map(|at| at.0),
        secret_expires_ms: set.secret_ends.map(|at| at.0),
    }
}

fn ldap_row(ldap: &engine::LdapSet) -> a::LdapSource {
    a::LdapSource {
        host: ldap.host.clone(),
        port: ldap.port,
        security: match ldap.security {
            engine::LdapSecurity::None => a::LdapSecurity::None,
            engine::LdapSecurity::StartTls => a::LdapSecurity::Starttls,
            engine::LdapSecurity::Ldaps => a::LdapSecurity::Ldaps,
        },
        bind_dn: ldap.bind_dn.clone(),
        search_base: ldap.search_base.clone(),
        filter: ldap.filter.clone(),
        ca_pem: ldap.authority.clone(),
        trusted_sha256: ldap.pinned.clone(),
    }
}

fn entra_row(entra: &engine::EntraSet, has_secret: bool) -> a::EntraSource {
    a::EntraSource {
        tenant: entra.tenant.clone(),
        client_id: entra.client_id.clone(),
        login_url: entra.login_url.clone(),
        graph_url: entra.graph_url.clone(),
        ca_pem: entra.authority.clone(),
        credential: has_secret.then_some(match entra.proof {
            Proof::Secret => a::EntraCredential::Secret,
            Proof::Certificate => a::EntraCredential::Certificate,
        }),
    }
}

fn options(options: core::Options) -> a::SyncOptions {
    let mail = |mail: core::DisabledMail| match mail {
        core::DisabledMail::Deliver => a::DisabledMail::Deliver,
        core::DisabledMail::Reject => a::DisabledMail::Reject,
    };
    a::SyncOptions {
        active_users: options.active_users,
        disabled_accounts: options.disabled_accounts,
        functional_accounts: options.functional_accounts,
        security_groups: options.security_groups,
        hidden: options.hidden,
        add: options.add,
        update: options.update,
        delete: options.delete,
        disabled_people: mail(options.disabled_people),
        disabled_functional: mail(options.disabled_functional),
    }
}

fn leaving_row(leaving: engine::Leaving) -> a::Leaving {
    a::Leaving {
        address: leaving.shown,
        name: leaving.name,
        since_ms: leaving.since.0,
        until_ms: leaving.until.0,
        asks: leaving.asks,
    }
}

fn exempt_row(exempt: store::ExemptRecord) -> a::EntryRow {
    a::EntryRow {
        id: exempt.id,
        kind: kind_word(exempt.kind.unwrap_or_default()),
        name: exempt.name,
        address: exempt.main,
        aliases: exempt.aliases,
        place: exempt.place,
    }
}

fn entry_row(entry: &core::Entry) -> a::EntryRow {
    let name = entry.display_name.clone().or_else(|| entry.primary.clone());
    a::EntryRow {
        id: entry.id.clone(),
        kind: kind_word(entry.kind),
        name: name.unwrap_or_else(|| entry.place.clone()),
        address: entry.primary.clone(),
        aliases: entry.aliases.len() as u64,
        place: entry.place.clone(),
    }
}

fn problem(problem: core::Problem) -> a::SyncProblem {
    let choice = |(word, entry, label): (&str, Option<String>, String)| a::SyncChoice {
        choice: match word {
            "directory" => a::SyncChoiceWord::Directory,
            "functional" => a::SyncChoiceWord::Functional,
            "inactive" => a::SyncChoiceWord::Inactive,
            _ => a::SyncChoiceWord::Keep,
        },
        entry,
        label,
    };
    let entry = |(id, name): &(String, String)| a::EntryRow {
        id: id.clone(),
        kind: a::EntryKind::Person,
        name: name.clone(),
        address: None,
        aliases: 0,
        place: String::new(),
    };
    a::SyncProblem {
        kind: match problem.kind {
            core::ProblemKind::TwoOwners => a::SyncProblemKind::TwoOwners,
            core::ProblemKind::ForeignDomain => a::SyncProblemKind::ForeignDomain,
            core::ProblemKind::NoSeat => a::SyncProblemKind::NoSeat,
            core::ProblemKind::AliasByHand => a::SyncProblemKind::AliasByHand,
            core::ProblemKind::OwnAccount => a::SyncProblemKind::OwnAccount,
            core::ProblemKind::KeptOut => a::SyncProblemKind::KeptOut,
            core::ProblemKind::Disabled => a::SyncProblemKind::Disabled,
            core::ProblemKind::MadeByHand => a::SyncProblemKind::MadeByHand,
            core::ProblemKind::Unreadable => a::SyncProblemKind::Unreadable,
        },
        sentence: core::sentence(&problem),
        entries: problem.entries.iter().map(entry).collect(),
        choices: core::choices_of(&problem).into_iter().map(choice).collect(),
        address: problem.address,
        domain: problem.domain,
        count: problem.count,
    }
}

fn planned(change: core::Change) -> a::SyncChange {
    a::SyncChange {
        verb: verb_word(change.verb),
        entry_id: change.entry,
        kind: kind_word(change.kind),
        name: change.name,
        address: change.address,
        reason: change.reason,
        addresses: change.rows.into_iter().map(|row| row.shown).collect(),
    }
}

fn change_row(change: store::SyncChangeRecord) -> a::SyncChange {
    a::SyncChange {
        verb: verb_word(change.verb),
        entry_id: change.entry,
        kind: kind_word(change.kind),
        name: change.name,
        address: change.address,
        reason: change.reason,
        addresses: change.addresses,
    }
}

const fn verb_word(verb: core::Verb) -> a::SyncVerb {
    match verb {
        core::Verb::Add => a::SyncVerb::Add,
        core::Verb::Update => a::SyncVerb::Update,
        core::Verb::Missing => a::SyncVerb::Missing,
        core::Verb::Delete => a::SyncVerb::Delete,
    }
}

const fn core_verb(verb: a::SyncVerb) -> core::Verb {
    match verb {
        a::SyncVerb::Add => core::Verb::Add,
        a::SyncVerb::Update => core::Verb::Update,
        a::SyncVerb::Missing => core::Verb::Missing,
        a::SyncVerb::Delete => core::Verb::Delete,
    }
}

const fn kind_word(kind: core::Kind) -> a::EntryKind {
    match kind {
        core::Kind::Person => a::EntryKind::Person,
        core::Kind::SharedMailbox => a::EntryKind::SharedMailbox,
        core::Kind::Resource => a::EntryKind::Resource,
        core::Kind::DistributionGroup => a::EntryKind::DistributionGroup,
        core::Kind::SecurityGroup => a::EntryKind::SecurityGroup,
        core::Kind::PublicFolder => a::EntryKind::PublicFolder,
        core::Kind::Contact => a::EntryKind::Contact,
    }
}
