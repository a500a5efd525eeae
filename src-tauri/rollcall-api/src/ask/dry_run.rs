//! A rule that is tried (X09).

use rollcall_core::Preset;
use rollcall_core::transition::T;
use rollcall_engine::House;
use rollcall_engine::dry_run::{self, Moment, Named, Switch, Why};

use super::access::forecast_row;
use super::discovery;
use crate::answers::{
    DryRun, DryRunAddress, DryRunAddresses, DryRunBogus, DryRunBogusUsers, DryRunHow, DryRunSwitch, DryRunUser,
    DryRunUsers,
};
use crate::registry::DryRunArgs;
use crate::wire::Fault;

pub(super) async fn dry_run(house: &House, args: DryRunArgs) -> Result<DryRun, Fault> {
    let rule = discovery::wanted(house, &args.domain, args.preset, args.rule)?;
    let found = house.dry_run(&args.domain, rule).await?;
    let user =
        |one: dry_run::Creation| DryRunUser { address: one.address, at_ms: one.made.at.0, how: how(one.made.by) };
    let bogus = |one: dry_run::Bogus| DryRunBogus {
        address: one.address,
        why: one.why.word().to_owned(),
        of: if let Why::AliasOf(owner) = one.why { Some(owner) } else { None },
    };
    Ok(DryRun {
        domain: args.domain,
        preset: Preset::of(rule).map(discovery::preset_word),
        rule: discovery::rule_row(rule),
        from_ms: found.from.0,
        to_ms: found.to.0,
        complete_since_ms: found.complete_since.0,
        looked_at: found.looked_at,
        would_create: DryRunUsers {
            count: found.created.count,
            first: found.created.first.into_iter().map(user).collect(),
        },
        bogus: DryRunBogusUsers { count: found.bogus.count, first: found.bogus.first.into_iter().map(bogus).collect() },
        would_list: addresses(found.listed),
        would_end: addresses(found.ended),
        would_add_alias: addresses(found.aliases),
        added: addresses(found.added),
        removed: addresses(found.removed),
        same_names: addresses(found.same_names),
        cost: forecast_row(found.cost),
        switch: switch(found.switch, found.switch_cost),
    })
}

fn switch(found: Switch, cost: rollcall_core::seats::Forecast) -> DryRunSwitch {
    DryRunSwitch {
        users: addresses(found.users),
        listed: addresses(found.listed),
        forgotten: addresses(found.forgotten),
        ends: addresses(found.ends),
        users_at_end: addresses(found.users_at_end),
        stay: addresses(found.stay),
        cost: forecast_row(cost),
    }
}

fn addresses(named: Named<Moment>) -> DryRunAddresses {
    let one = |moment: Moment| DryRunAddress { address: moment.address, at_ms: moment.at.0 };
    DryRunAddresses { count: named.count, first: named.first.into_iter().map(one).collect() }
}

/// Users are made by four transitions and no others.
const fn how(by: T) -> DryRunHow {
    match by {
        T::T2 => DryRunHow::Rcpt,
        T::T5 => DryRunHow::Sent,
        T::T10 => DryRunHow::Expiry,
        _ => DryRunHow::Messages,
    }
}
