//! Commands about the sync with a directory.

use std::path::Path;

use rollcall_core::Timestamp;
use rollcall_core::directory as core;
use rollcall_engine::House;
use rollcall_engine::store::SyncCause;
use rollcall_engine::sync as engine;
use rollcall_engine::sync::{Accepted, EntraSet, LdapSet, Proof, Settled, SourceSet};
use serde_json::{Value, to_value};

use crate::answers::sync as a;
use crate::ask;
use crate::registry::Command;
use crate::registry::sync::{
    DirectoryTreeArgs, LookDirectoryArgs, SetEntraSourceArgs, SetLdapSourceArgs, SetSyncOptionsArgs,
    SettleSyncConflictArgs,
};
use crate::wire::{Code, Fault};

/// The largest file with an authority, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// Carries one out.
pub(super) async fn sync(house: &House, command: Command) -> Result<serde_json::Result<Value>, Fault> {
    match command {
        Command::LookDirectory(args) => return look(house, args).await,
        Command::DirectoryTree(args) => return tree(house, args).await,
        Command::PreviewSync(_) => return Ok(to_value(ask::sync::preview(house.preview_sync().await?))),
        Command::RunSync(args) => {
            let accepted =
                Accepted { first: args.accept_first.unwrap_or(false), missing: args.accept_missing.unwrap_or(false) };
            let run = house.run_sync(SyncCause::Now, accepted).await?;
            return Ok(to_value(ask::sync::run_row(run)));
        }
        Command::KeepEveryone(_) => return Ok(to_value(super::changed(house.keep_everyone().await?))),
        Command::SettleBlockedSignIns(args) => {
            let settled = plainly(args.choice);
            return Ok(to_value(super::changed(house.settle_blocked_sign_ins(settled).await?)));
        }
        Command::KeepLeaving(args) => return Ok(to_value(super::changed(house.keep_leaving(args.addresses).await?))),
        Command::SetLdapSource(args) => {
            let (source, secret) = ldap(args)?;
            house.set_sync_source(source, secret, None).await?;
        }
        Command::SetEntraSource(args) => {
            let ends = args.secret_expires_ms.map(Timestamp);
            let (source, secret) = entra(args, proof(house)?)?;
            house.set_sync_source(source, secret, ends).await?;
        }
        Command::RemoveSource(_) => house.remove_sync_source().await?,
        Command::SetSyncSecret(args) => house.set_sync_secret(args.secret, args.expires_ms.map(Timestamp)).await?,
        Command::SetEntraCertificate(args) => house.set_entra_certificate(args.pem).await?,
        Command::TrustCertificate(args) => house.trust_certificate(&args.sha256).await?,
        Command::SetSyncSchedule(args) => house.set_sync_schedule(args.hours).await?,
        Command::SetSyncOptions(args) => house.set_sync_options(|before| options(before, &args)).await?,
        Command::CancelSync(_) => house.cancel_sync()?,
        Command::ExemptFromSync(args) => house.exempt_from_sync(args.ids, args.on).await?,
        Command::SettleSyncConflict(args) => {
            let settled = settled(&args);
            house.settle_sync(&args.address, settled).await?;
        }
        _ => return Err(Fault::new(Code::Internal, "This is no command about the sync.")),
    }
    Ok(to_value(ask::sync::sync(house)?))
}

async fn look(house: &House, args: LookDirectoryArgs) -> Result<serde_json::Result<Value>, Fault> {
    let (source, secret) = unsaved(house, args.ldap, args.entra)?;
    Ok(to_value(ask::sync::look(house.look_at_directory(source, secret).await?)))
}

async fn tree(house: &House, args: DirectoryTreeArgs) -> Result<serde_json::Result<Value>, Fault> {
    let (source, secret) = unsaved(house, args.ldap, None)?;
    let branches = house.directory_branches(source, secret, args.parent.as_deref()).await?;
    let branch = |branch: engine::Branch| a::DirectoryBranch { dn: branch.dn, name: branch.name };
    Ok(to_value(a::DirectoryTree { branches: branches.into_iter().map(branch).collect() }))
}

type Unsaved = (Option<SourceSet>, Option<String>);

fn unsaved(house: &House, one: Option<SetLdapSourceArgs>, other: Option<SetEntraSourceArgs>) -> Result<Unsaved, Fault> {
    let (source, secret) = match (one, other) {
        (Some(_), Some(_)) => return Err(Fault::new(Code::Invalid, "Give “ldap” or “entra”, not both.")),
        (Some(args), None) => ldap(args)?,
        (None, Some(args)) => entra(args, proof(house)?)?,
        (None, None) => return Ok((None, None)),
    };
    Ok((Some(source), secret))
}

fn ldap(args: SetLdapSourceArgs) -> Result<(SourceSet, Option<String>), Fault> {
    let set = LdapSet {
        host: args.host.trim().to_owned(),
        port: args.port,
        security: match args.security {
            a::LdapSecurity::None => engine::LdapSecurity::None,
            a::LdapSecurity::Starttls => engine::LdapSecurity::StartTls,
            a::LdapSecurity::Ldaps => engine::LdapSecurity::Ldaps,
        },
        authority: authority(args.ca_file.as_deref(), args.ca_pem)?,
        pinned: args.trusted_sha256.map(|pin| pin.trim().to_lowercase()).filter(|pin| !pin.is_empty()),
        bind_dn: args.bind_dn.trim().to_owned(),
        search_base: args.search_base.trim().to_owned(),
        filter: args.filter.map(|filter| filter.trim().to_owned()).filter(|filter| !filter.is_empty()),
    };
    Ok((SourceSet::Ldap(set), args.secret))
}

fn entra(args: SetEntraSourceArgs, kept: Proof) -> Result<(SourceSet, Option<String>), Fault> {
    let url = |url: Option<String>, usual: &str| {
        let given = url.map(|url| url.trim().trim_end_matches('/').to_owned()).filter(|url| !url.is_empty());
        given.unwrap_or_else(|| usual.to_owned())
    };
    let set = EntraSet {
        tenant: args.tenant.trim().to_owned(),
        client_id: args.client_id.trim().to_owned(),
        login_url: url(args.login_url, engine::LOGIN_URL),
        graph_url: url(args.graph_url, engine::GRAPH_URL),
        authority: authority(args.ca_file.as_deref(), args.ca_pem)?,
        // Either takes the place of the other.
        proof: match (&args.secret, &args.certificate_pem) {
            (Some(_), Some(_)) => return Err(Fault::new(Code::Invalid, "Give a secret or a certificate, not both.")),
            (Some(_), None) => Proof::Secret,
            (None, Some(pem)) => {
                engine::check_certificate(pem)?;
                Proof::Certificate
            }
            (None, None) => kept,
        },
    };
    Ok((SourceSet::Entra(set), args.secret.or(args.certificate_pem)))
}

/// What proves the app that is set.
fn proof(house: &House) -> Result<Proof, Fault> {
    Ok(match house.sync_status()?.set.source {
        Some(SourceSet::Entra(set)) => set.proof,
        _ => Proof::Secret,
    })
}

/// An authority, as it is given or from its file.
fn authority(file: Option<&str>, pem: Option<String>) -> Result<Option<String>, Fault> {
    match (file, pem.filter(|pem| !pem.trim().is_empty())) {
        (Some(_), Some(_)) => Err(Fault::new(Code::Invalid, "Give “ca_file” or “ca_pem”, not both.")),
        (Some(file), None) => from_file(file).map(Some),
        (None, Some(pem)) if pem.len() as u64 > LARGEST || !pem.contains("BEGIN CERTIFICATE") => {
            Err(Fault::new(Code::Invalid, "What was given as an authority has no certificate in it (PEM)."))
        }
        (None, pem) => Ok(pem),
    }
}

fn from_file(file: &str) -> Result<String, Fault> {
    let unreadable = |why: String| {
        let mut fault = Fault::new(Code::Invalid, format!("The file {file} can't be read."));
        fault.detail.push(why);
        fault
    };
    let path = Path::new(file);
    let size = path.metadata().map_err(|error| unreadable(error.to_string()))?.len();
    if size > LARGEST {
        return Err(Fault::new(Code::Invalid, format!("The file {file} is too large for a certificate.")));
    }
    let pem = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    if !pem.contains("BEGIN CERTIFICATE") {
        return Err(Fault::new(Code::Invalid, format!("The file {file} has no certificate in it (PEM).")));
    }
    Ok(pem)
}

fn options(before: core::Options, args: &SetSyncOptionsArgs) -> core::Options {
    let mail = |given: Option<a::DisabledMail>, before| match given {
        Some(a::DisabledMail::Deliver) => core::DisabledMail::Deliver,
        Some(a::DisabledMail::Reject) => core::DisabledMail::Reject,
        None => before,
    };
    core::Options {
        active_users: args.active_users.unwrap_or(before.active_users),
        disabled_accounts: args.disabled_accounts.unwrap_or(before.disabled_accounts),
        functional_accounts: args.functional_accounts.unwrap_or(before.functional_accounts),
        security_groups: args.security_groups.unwrap_or(before.security_groups),
        hidden: args.hidden.unwrap_or(before.hidden),
        add: args.add.unwrap_or(before.add),
        update: args.update.unwrap_or(before.update),
        delete: args.delete.unwrap_or(before.delete),
        disabled_people: mail(args.disabled_people, before.disabled_people),
        disabled_functional: mail(args.disabled_functional, before.disabled_functional),
    }
}

fn settled(args: &SettleSyncConflictArgs) -> Settled {
    match (args.choice, &args.entry) {
        (a::SyncChoiceWord::Directory, Some(entry)) => Settled::Entry(entry.clone()),
        (choice, _) => plainly(choice),
    }
}

const fn plainly(choice: a::SyncChoiceWord) -> Settled {
    match choice {
        a::SyncChoiceWord::Directory => Settled::Directory,
        a::SyncChoiceWord::Keep => Settled::Keep,
        a::SyncChoiceWord::Functional => Settled::Functional,
        a::SyncChoiceWord::Inactive => Settled::Inactive,
    }
}
