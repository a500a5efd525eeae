//! Commands about domains.

use rollcall_core::recipient::TagDelimiter as Tags;
use rollcall_core::terms::{InactiveMail, Unknown};
use rollcall_engine::House;
use rollcall_engine::domains::Settle;

use super::destination;
use crate::answers::{Destination, Domains};
use crate::ask;
use crate::registry::{
    AddDomainArgs, InactiveWord, RemoveDomainArgs, SetAliasDomainsArgs, SetDomainArgs, SetRouteArgs, TagDelimiter,
    UnknownWord, Verification,
};
use crate::wire::Fault;

pub(super) async fn add_domain(house: &House, args: AddDomainArgs) -> Result<Domains, Fault> {
    let Destination { host, port, tls } = args.destination;
    house.add_domain(&args.name, destination(host, port, tls)).await?;
    ask::domains(house)
}

pub(super) async fn remove_domain(house: &House, args: RemoveDomainArgs) -> Result<Domains, Fault> {
    house.remove_domain(&args.name).await?;
    ask::domains(house)
}

pub(super) async fn set_domain(house: &House, args: SetDomainArgs) -> Result<Domains, Fault> {
    let change = Settle {
        tags: args.tag_delimiter.map(|delimiter| match delimiter {
            TagDelimiter::Plus => Tags::Plus,
            TagDelimiter::Minus => Tags::Minus,
            TagDelimiter::None => Tags::None,
        }),
        strip_subdomains: args.strip_subdomains,
        deliver_to_primary: args.deliver_to_primary,
        unknown: args.unknown.map(|unknown| match unknown {
            UnknownWord::Learn => Unknown::Learn,
            UnknownWord::Ask => Unknown::Ask,
            UnknownWord::Reject => Unknown::Reject,
        }),
        defer_strangers: args.defer_strangers,
        inactive: args.inactive.map(|inactive| match inactive {
            InactiveWord::Reject => InactiveMail::Reject,
            InactiveWord::Deliver => InactiveMail::Deliver,
        }),
        verification: args.verification.map(|asked| match asked {
            Verification::Itself(_) => None,
            Verification::At(place) => Some(named(place)),
        }),
    };
    house.settle_domain(&args.name, change).await?;
    ask::domains(house)
}

pub(super) async fn set_alias_domains(house: &House, args: SetAliasDomainsArgs) -> Result<Domains, Fault> {
    house.set_alias_domains(&args.name, &args.aliases).await?;
    ask::domains(house)
}

pub(super) async fn set_route(house: &House, args: SetRouteArgs) -> Result<Domains, Fault> {
    let to = args.destination.map(named);
    house.set_route(&args.address, to.as_ref()).await?;
    ask::domains(house)
}

fn named(place: Destination) -> rollcall_engine::Destination {
    destination(place.host, place.port, place.tls)
}
