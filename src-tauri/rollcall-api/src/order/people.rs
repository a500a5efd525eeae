//! What is said of accounts.

use rollcall_core::AccountKind;
use rollcall_engine::account_notes::Saying;
use rollcall_engine::decide::Changed;
use rollcall_engine::{EngineError, House};

use crate::answers::AccountKindWord;
use crate::registry::{SetAdministratorArgs, SetKindArgs};

pub(super) async fn set_kind(house: &House, args: SetKindArgs) -> Result<Changed, EngineError> {
    house.say_of_accounts(args.addresses, Saying::Kind(args.kind.map(kind))).await
}

pub(super) async fn set_administrator(house: &House, args: SetAdministratorArgs) -> Result<Changed, EngineError> {
    house.say_of_accounts(args.addresses, Saying::Administrator(args.on)).await
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
