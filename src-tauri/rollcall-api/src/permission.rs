//! Which role a command needs (D27). One place for the window, the command line and the socket alike.
//!
//! **Invariant.** The match names every command, so that a new one cannot be forgotten. A query needs no role: it changes
//! nothing.
//!
//! **Limits.** What only the engine can see, such as what an undo would bring back, it checks itself
//! (`rollcall_engine::access::require`).

use rollcall_core::access::Role;

use crate::ask::discovery;
use crate::registry::{Command, SetRuleArgs};

/// The role that a command needs, by what is in it. A new command that makes users come by themselves belongs to the
/// Organization Administrator, with the content that does so: a rule by `Rule::creates_users()`.
#[expect(clippy::too_many_lines, reason = "a table: each command has its line")]
#[must_use]
pub fn needs(command: &Command) -> Role {
    match command {
        // What users cost, how many there may be, and who is named for it.
        Command::SetLicence(_) | Command::SetAdministrator(_) => Role::OrganizationAdministrator,
        // Users that come by themselves (D08, D10 and the presets that create).
        Command::SetRule(args) if creates_users(args) => Role::OrganizationAdministrator,
        Command::SetRule(_)
        | Command::AddAsSuggested(_)
        | Command::AddAlias(_)
        | Command::NeverAdd(_)
        | Command::DeleteAddress(_)
        | Command::GiveWeek(_)
        | Command::PinAddress(_)
        | Command::SetDiscovery(_)
        | Command::SetWeekly(_)
        | Command::SetHoliday(_)
        | Command::SetUpstreamAuthserv(_)
        | Command::SetShadow(_)
        | Command::SetHoldFresh(_)
        | Command::RestoreAndDeliver(_)
        | Command::NoticeShown(_)
        | Command::NotificationShown(_)
        | Command::InboxRead(_)
        // Its buttons decide about addresses, as the commands for that do.
        | Command::InboxAct(_)
        | Command::SetNotificationSettings(_) => Role::Technician,
        // Signing in, and the password, have checks of their own.
        Command::SignIn(_) | Command::SignOut(_) | Command::SetPassword(_) | Command::ResetPassword(_) => {
            Role::Technician
        }
        Command::AddDomain(_)
        | Command::RemoveDomain(_)
        | Command::SetDomain(_)
        | Command::SetAliasDomains(_)
        | Command::SetRoute(_)
        | Command::SetListener(_)
        | Command::RemoveListener(_)
        | Command::SetSenderHosts(_)
        | Command::ImportCertificate(_)
        | Command::SetUpstreams(_)
        | Command::ClearRecipientCache(_)
        | Command::UnblockClient(_)
        | Command::SetLogRetention(_)
        | Command::SetNotifications(_)
        | Command::TestDestination(_)
        | Command::TestDomain(_)
        | Command::CreateUser(_)
        | Command::CreateFunctional(_)
        | Command::MarkInvalid(_)
        | Command::RemoveInvalid(_)
        | Command::SetName(_)
        | Command::SetMainAddress(_)
        | Command::SetKind(_)
        // As creating users is; which are asked about and which cost more, the preview says.
        | Command::PreviewCsv(_)
        | Command::ImportCsv(_)
        | Command::ExportBackup(_)
        | Command::Undo(_)
        | Command::SkipTime(_)
        | Command::FlushQueue(_)
        | Command::HoldMessage(_)
        | Command::ReleaseMessage(_)
        | Command::DeleteMessage(_)
        | Command::SetDiskReserve(_)
        | Command::SetReplyContact(_)
        | Command::SetReports(_)
        | Command::SetContact(_)
        | Command::SetLetterSender(_)
        | Command::SetWelcome(_)
        | Command::SetOutbound(_)
        | Command::SetOutboundSecret(_)
        | Command::TestOutbound(_) => Role::Technician,
        // A directory's people were somebody's decision, the first run is looked at before it counts (V09), and no run makes
        // more users than the Organization Administrator has seats for.
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
        | Command::KeepEveryone(_) => Role::Technician,
    }
}

fn creates_users(args: &SetRuleArgs) -> bool {
    let preset = args.preset.map(|word| discovery::preset(word).rule());
    preset.or(args.rule.map(discovery::rule)).is_some_and(rollcall_core::Rule::creates_users)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::registry::COMMANDS;

    #[test]
    fn d27_what_costs_money_needs_the_organization_administrator_and_nothing_else_does() {
        let administrators: Vec<&str> = COMMANDS
            .iter()
            .filter(|word| {
                let args: Value = serde_json::from_str(word.example).unwrap();
                let command = serde_json::from_value(json!({ "name": word.name, "args": args })).unwrap();
                needs(&command) == Role::OrganizationAdministrator
            })
            .map(|word| word.name)
            .collect();

        assert_eq!(administrators, ["set_administrator", "set_licence"]);
    }

    #[test]
    fn d27_a_rule_that_makes_users_by_itself_needs_the_organization_administrator() {
        let asked = |args: Value| {
            needs(&serde_json::from_value(json!({ "name": "set_rule", "args": args })).unwrap())
                == Role::OrganizationAdministrator
        };
        for (preset, administrator) in [
            ("modus_cloud", false),
            ("proofpoint", false),
            ("mailprotector", true),
            ("smart_create", true),
            ("smtp_autocreate", true),
            ("careful_office", false),
        ] {
            assert_eq!(asked(json!({ "domain": "acme.example", "preset": preset })), administrator, "{preset}");
        }
        let rule = |on_expiry: &str, outbound: &str| {
            json!({ "domain": "acme.example", "rule": {
                "evidence": "clean_delivered", "need": 3, "window_days": 30, "settle_minutes": 0,
                "per_sender_domain": null, "on_reached": "list", "notices": 3, "on_expiry": on_expiry,
                "outbound": outbound, "alias": "auto", "unknown_when_off": "reject", "role": "silent", "welcome": false,
            } })
        };
        assert!(!asked(rule("invalid", "list")));
        assert!(asked(rule("create_user", "list")), "D08");
        assert!(asked(rule("invalid", "create_user")), "D10");
    }
}
