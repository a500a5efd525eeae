//! Commands about the weekly report, its contacts, and letters of our own.

use rollcall_core::access::Role;
use rollcall_core::new_accounts::Wanted;
use rollcall_engine::House;
use rollcall_engine::contacts::Contact;

use crate::answers::Reporting;
use crate::answers::access::AccessRole;
use crate::ask::reporting::reporting;
use crate::registry::{SetContactArgs, SetLetterSenderArgs, SetReportsArgs, SetWelcomeArgs};
use crate::wire::Fault;

pub(super) async fn set_reports(house: &House, args: SetReportsArgs) -> Result<Reporting, Fault> {
    let SetReportsArgs { new_users: users, new_aliases: aliases, include_admin_contact: administrator } = args;
    house.set_reports(Wanted { users, aliases, administrator }).await?;
    reporting(house)
}

pub(super) async fn set_contact(house: &House, args: SetContactArgs) -> Result<Reporting, Fault> {
    let role = match args.role {
        AccessRole::Technician => Role::Technician,
        AccessRole::OrganizationAdministrator => Role::OrganizationAdministrator,
    };
    house.set_contact(role, Contact { name: args.name, email: args.email, copy: args.copy }).await?;
    reporting(house)
}

pub(super) async fn set_letter_sender(house: &House, args: SetLetterSenderArgs) -> Result<Reporting, Fault> {
    house.set_letter_sender(&args.address).await?;
    reporting(house)
}

pub(super) async fn set_welcome(house: &House, args: SetWelcomeArgs) -> Result<Reporting, Fault> {
    house.set_welcome(&args.subject, &args.text).await?;
    reporting(house)
}
