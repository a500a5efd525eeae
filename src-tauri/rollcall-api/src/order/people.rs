//! What is said of accounts.

use rollcall_core::AccountKind;
use rollcall_engine::account_notes::Saying;
use rollcall_engine::decide::Changed;
use rollcall_engine::directory_tree::{self, LdapPlace, Protection};
use rollcall_engine::{EngineError, House};

use crate::answers::sync::LdapSecurity;
use crate::answers::{AccountKindWord, Branch, DirectoryTree};
use crate::registry::{DirectoryTreeArgs, SetAdministratorArgs, SetKindArgs};

pub(super) async fn set_kind(house: &House, args: SetKindArgs) -> Result<Changed, EngineError> {
    house.say_of_accounts(args.addresses, Saying::Kind(args.kind.map(kind))).await
}

pub(super) async fn set_administrator(house: &House, args: SetAdministratorArgs) -> Result<Changed, EngineError> {
    house.say_of_accounts(args.addresses, Saying::Administrator(args.on)).await
}

/// The branches of the directory that is being set up (M02).
pub(super) async fn directory_tree(args: DirectoryTreeArgs) -> Result<DirectoryTree, EngineError> {
    let ldap = args.ldap;
    let place = LdapPlace {
        host: ldap.host,
        port: ldap.port,
        security: match ldap.security {
            LdapSecurity::None => Protection::None,
            LdapSecurity::Starttls => Protection::StartTls,
            LdapSecurity::Ldaps => Protection::Ldaps,
        },
        bind_dn: ldap.bind_dn,
        password: directory_tree::secret(ldap.secret.unwrap_or_default()),
        ca_file: ldap.ca_file,
        trusted_sha256: ldap.trusted_sha256,
    };
    let found = directory_tree::branches(place, args.under.as_deref()).await?;
    Ok(DirectoryTree { branches: found.into_iter().map(|one| Branch { dn: one.dn, name: one.name }).collect() })
}

const fn kind(word: AccountKindWord) -> AccountKind {
    match word {
        AccountKindWord::SharedMailbox => AccountKind::SharedMailbox,
        AccountKindWord::Resource => AccountKind::Resource,
        AccountKindWord::DistributionGroup => AccountKind::DistributionGroup,
        AccountKindWord::SecurityGroup => AccountKind::SecurityGroup,
        AccountKindWord::PublicFolder => AccountKind::PublicFolder,
        AccountKindWord::ExEmployee => AccountKind::ExEmployee,
    }
}
