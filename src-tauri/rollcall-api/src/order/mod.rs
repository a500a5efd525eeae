//! Commands: decode, check what the caller expects, call the use case, answer.

mod access;
mod discovery;
mod domains;
mod keeping;
mod lists;
mod notification;
mod outgoing;
mod people;
mod queue;
mod receiving;
mod reporting;
mod shadow;
mod sync;

use std::sync::Arc;

use rollcall_core::Role;
use rollcall_core::decision::Decision;
use rollcall_engine::decide::{Changed as Done, Subject};
use rollcall_engine::probe::{Found, Verdict};
use rollcall_engine::{House, SessionId};
use serde_json::Value;

use crate::answers::{Changed, DestinationTest, RoleWord, TestStep, TestVerdict, TimeSkipped, TlsWord};
use crate::registry::{Command, CreateUserArgs, NewUser};
use crate::wire::{Code, Fault};

/// Carries a command out. `expect` is the journal entry that the caller last saw; a later one is a conflict.
#[expect(clippy::too_many_lines, reason = "a table: each command has its line")]
pub(crate) async fn order(
    house: &Arc<House>,
    session: &SessionId,
    command: Command,
    expect: Option<i64>,
) -> Result<Value, Fault> {
    // Evidence that sessions queued comes first, so that the decision sees it.
    house.store.settle().await?;
    check_expected(house, expect)?;
    let answer = match command {
        Command::AddDomain(args) => serde_json::to_value(domains::add_domain(house, args).await?),
        Command::RemoveDomain(args) => serde_json::to_value(domains::remove_domain(house, args).await?),
        Command::SetDomain(args) => serde_json::to_value(domains::set_domain(house, args).await?),
        Command::SetAliasDomains(args) => serde_json::to_value(domains::set_alias_domains(house, args).await?),
        Command::SetRoute(args) => serde_json::to_value(domains::set_route(house, args).await?),
        Command::SetListener(args) => serde_json::to_value(receiving::set_listener(house, args).await?),
        Command::RemoveListener(args) => serde_json::to_value(keeping::remove_listener(house, args).await?),
        Command::SetSenderHosts(args) => serde_json::to_value(receiving::set_sender_hosts(house, args).await?),
        Command::ImportCertificate(args) => serde_json::to_value(receiving::import_certificate(house, args).await?),
        Command::SetUpstreams(args) => serde_json::to_value(keeping::set_upstreams(house, args).await?),
        Command::ClearRecipientCache(args) => serde_json::to_value(keeping::clear_recipient_cache(house, args).await?),
        Command::UnblockClient(args) => serde_json::to_value(keeping::unblock_client(house, args).await?),
        Command::SetLogRetention(args) => serde_json::to_value(keeping::set_log_retention(house, args).await?),
        Command::SetNotifications(args) => serde_json::to_value(keeping::set_notifications(house, args).await?),
        Command::TestDestination(args) => {
            let found = house.test_destination(destination(args.host, args.port, args.tls), &args.domain).await?;
            serde_json::to_value(test(found))
        }
        Command::TestDomain(args) => serde_json::to_value(test(house.test_domain(&args.name).await?)),
        Command::CreateUser(args) => serde_json::to_value(create_user(house, args).await?),
        Command::CreateFunctional(args) => decide(house, args.addresses, Decision::CreateFunctional).await?,
        Command::MarkInvalid(args) => decide(house, args.addresses, Decision::MarkInvalid).await?,
        Command::RemoveInvalid(args) => decide(house, args.addresses, Decision::RemoveInvalid).await?,
        Command::AddAsSuggested(args) => serde_json::to_value(changed(house.add_as_suggested(args.addresses).await?)),
        Command::AddAlias(args) => {
            serde_json::to_value(changed(house.add_alias(args.addresses, &args.owner, args.merge).await?))
        }
        Command::NeverAdd(args) => decide(house, args.addresses, Decision::NeverAdd).await?,
        Command::DeleteAddress(args) => decide(house, args.addresses, Decision::Delete).await?,
        Command::GiveWeek(args) => serde_json::to_value(changed(house.give_week(args.addresses).await?)),
        Command::PinAddress(args) => serde_json::to_value(changed(house.pin(args.addresses, args.pinned).await?)),
        Command::SetDiscovery(args) => serde_json::to_value(discovery::set_discovery(house, args.on).await?),
        Command::SetRule(args) => serde_json::to_value(discovery::set_rule(house, args).await?),
        Command::SetWeekly(args) => serde_json::to_value(discovery::set_weekly(house, args).await?),
        Command::SetHoliday(args) => serde_json::to_value(discovery::set_holiday(house, args.until_ms).await?),
        Command::SetUpstreamAuthserv(args) => {
            serde_json::to_value(discovery::set_upstream_authserv(house, &args.name).await?)
        }
        Command::NoticeShown(_) => serde_json::to_value(discovery::notice_shown(house).await?),
        Command::InboxRead(args) => serde_json::to_value(notification::read(house, args).await?),
        Command::InboxAct(args) => serde_json::to_value(notification::act(house, args).await?),
        Command::NotificationShown(args) => serde_json::to_value(notification::shown(house, &args).await?),
        Command::SetNotificationSettings(args) => serde_json::to_value(notification::set_settings(house, args).await?),
        Command::SetName(args) => {
            serde_json::to_value(changed(house.set_name(&args.address, &args.first_name, &args.surname).await?))
        }
        Command::SetMainAddress(args) => serde_json::to_value(changed(house.set_main_address(&args.address).await?)),
        Command::SetKind(args) => serde_json::to_value(changed(people::set_kind(house, args).await?)),
        Command::SetAdministrator(args) => serde_json::to_value(changed(people::set_administrator(house, args).await?)),
        Command::PreviewCsv(args) => serde_json::to_value(lists::preview(house, args).await?),
        Command::ImportCsv(args) => serde_json::to_value(lists::import(house, args).await?),
        Command::ExportBackup(args) => serde_json::to_value(lists::export_backup(house, args).await?),
        Command::Undo(args) => serde_json::to_value(changed(house.undo(args.entry).await?)),
        Command::SkipTime(args) => serde_json::to_value(TimeSkipped { now_ms: house.skip_time(args.hours).await?.0 }),
        Command::FlushQueue(args) => serde_json::to_value(queue::flush(house, args).await?),
        Command::HoldMessage(args) => serde_json::to_value(queue::hold(house, args, true).await?),
        Command::ReleaseMessage(args) => serde_json::to_value(queue::hold(house, args, false).await?),
        Command::DeleteMessage(args) => serde_json::to_value(queue::delete(house, args).await?),
        Command::SetOutbound(args) => serde_json::to_value(outgoing::set_outbound(house, args).await?),
        Command::SetOutboundSecret(args) => serde_json::to_value(outgoing::set_outbound_secret(house, args).await?),
        Command::TestOutbound(args) => serde_json::to_value(test(outgoing::test_outbound(house, args).await?)),
        Command::SignIn(args) => serde_json::to_value(access::sign_in(house, session, args).await?),
        Command::SignOut(_) => serde_json::to_value(access::sign_out(house, session)?),
        Command::SetPassword(args) => serde_json::to_value(access::set_password(house, session, args).await?),
        Command::ResetPassword(args) => serde_json::to_value(access::reset_password(house, session, args).await?),
        Command::SetLicence(args) => serde_json::to_value(access::set_licence(house, args).await?),
        Command::SetReports(args) => serde_json::to_value(reporting::set_reports(house, args).await?),
        Command::SetContact(args) => serde_json::to_value(reporting::set_contact(house, args).await?),
        Command::SetLetterSender(args) => serde_json::to_value(reporting::set_letter_sender(house, args).await?),
        Command::SetWelcome(args) => serde_json::to_value(reporting::set_welcome(house, args).await?),
        Command::SetReplyContact(args) => serde_json::to_value(keeping::set_reply_contact(house, args).await?),
        Command::SetShadow(args) => serde_json::to_value(shadow::set_shadow(house, args.days).await?),
        Command::SetHoldFresh(args) => serde_json::to_value(shadow::set_hold_fresh(house, args.keep).await?),
        Command::RestoreAndDeliver(args) => serde_json::to_value(shadow::restore_and_deliver(house, args).await?),
        Command::SetDiskReserve(args) => serde_json::to_value(keeping::set_disk_reserve(house, args).await?),
        Command::SetLdapSource(_)
        | Command::SetEntraSource(_)
        | Command::RemoveSource(_)
        | Command::SetSyncSecret(_)
        | Command::SetEntraCertificate(_)
        | Command::TrustCertificate(_)
        | Command::SetSyncSchedule(_)
        | Command::SetSyncOptions(_)
        | Command::LookDirectory(_)
        | Command::DirectoryTree(_)
        | Command::PreviewSync(_)
        | Command::RunSync(_)
        | Command::CancelSync(_)
        | Command::ExemptFromSync(_)
        | Command::SettleSyncConflict(_)
        | Command::SettleBlockedSignIns(_)
        | Command::KeepLeaving(_)
        | Command::KeepEveryone(_) => Box::pin(sync::sync(house, command)).await?,
    };
    answer.map_err(|error| Fault::new(Code::Internal, format!("The answer could not be written: {error}.")))
}

fn check_expected(house: &House, expect: Option<i64>) -> Result<(), Fault> {
    let Some(expected) = expect else { return Ok(()) };
    let last = house.store.read(|tx| tx.last_journal_entry())?;
    if last > expected {
        let sentence = "Something changed since you looked, so nothing was done. Look again.";
        return Err(Fault::new(Code::Conflict, sentence));
    }
    Ok(())
}

async fn create_user(house: &House, args: CreateUserArgs) -> Result<Changed, Fault> {
    let role = match args.role {
        None | Some(RoleWord::Silent) => Role::Silent,
        Some(RoleWord::End) => Role::End,
    };
    let subject = |user: NewUser| Subject { address: user.address, first_name: user.first_name, surname: user.surname };
    let subjects = args.users.into_iter().map(subject).collect();
    Ok(changed(house.decide(subjects, Decision::CreateUser(role)).await?))
}

async fn decide(house: &House, addresses: Vec<String>, decision: Decision) -> Result<serde_json::Result<Value>, Fault> {
    let subjects = addresses.into_iter().map(|address| Subject { address, ..Subject::default() }).collect();
    Ok(serde_json::to_value(changed(house.decide(subjects, decision).await?)))
}

fn changed(done: Done) -> Changed {
    Changed { entry: done.entry, addresses: done.addresses, unchanged: done.unchanged }
}

fn destination(host: String, port: u16, tls: TlsWord) -> rollcall_engine::Destination {
    let tls = match tls {
        TlsWord::Never => rollcall_engine::TlsPolicy::Never,
        TlsWord::Opportunistic => rollcall_engine::TlsPolicy::Opportunistic,
        TlsWord::Required => rollcall_engine::TlsPolicy::Required,
    };
    rollcall_engine::Destination::new(host, port, tls)
}

fn test(found: Found) -> DestinationTest {
    let step = |step: rollcall_engine::probe::Step| TestStep {
        step: step.step.to_owned(),
        verdict: match step.verdict {
            Verdict::Good => TestVerdict::Good,
            Verdict::Note => TestVerdict::Note,
            Verdict::Bad => TestVerdict::Bad,
        },
        sentence: step.sentence,
        technical: step.technical,
        took_ms: step.took_ms,
    };
    DestinationTest {
        usable: found.usable,
        sentence: found.sentence,
        steps: found.steps.into_iter().map(step).collect(),
    }
}
