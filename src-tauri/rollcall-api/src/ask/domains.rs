//! The office's domains: where their mail goes and what is settled for each.

use rollcall_core::recipient::TagDelimiter as Tags;
use rollcall_core::terms::{InactiveMail, Unknown};
use rollcall_engine::House;
use rollcall_engine::destinations::Reachability as Known;
use rollcall_engine::setup::{self, Domain, Setup};

use super::tls_word;
use super::truth::truth_word;
use crate::answers::{AddressRoute, Destination, DomainRow, DomainSettings, Domains, Reachability};
use crate::registry::{InactiveWord, TagDelimiter, UnknownWord};
use crate::wire::Fault;

pub(crate) fn domains(house: &House) -> Result<Domains, Fault> {
    let setup = house.setup();
    Ok(Domains { rows: setup.domains.values().map(|domain| row(house, &setup, domain)).collect() })
}

fn row(house: &House, setup: &Setup, domain: &Domain) -> DomainRow {
    let known = house.reachability(&domain.destination);
    let (reachability, since_ms, trouble) = match known {
        None => (Reachability::NotAskedYet, None, None),
        Some(Known::Answers(since)) => (Reachability::Answers, Some(since.0), None),
        Some(Known::DoesNotAnswer { since, trouble }) => (Reachability::DoesNotAnswer, Some(since.0), Some(trouble)),
    };
    let (found, shown) = (house.truth_of(domain), house.shown(domain));
    DomainRow {
        name: domain.name.clone(),
        destination: destination(&domain.destination),
        reachability,
        since_ms,
        trouble,
        need: domain.rule.need,
        window_days: domain.rule.window_days,
        settings: settings(setup, domain),
        truth: found.verdict.map(truth_word),
        truth_ms: found.tested.map(|at| at.0),
        truth_next_ms: found.next.0,
        truth_replies: found.replies,
        decides_at_data: shown.decides_at_data,
        bounces_later: shown.bounces_later,
        brand: found.brand.map(|brand| brand.word().to_owned()),
    }
}

fn settings(setup: &Setup, domain: &Domain) -> DomainSettings {
    let aliases = setup.aliases.iter().filter(|(_, of)| *of == domain.name).map(|(alias, _)| alias.clone());
    let mut routes: Vec<AddressRoute> = setup
        .routes
        .iter()
        .filter(|(_, routed)| routed.name == domain.name)
        .map(|(key, routed)| AddressRoute { address: key.clone(), destination: destination(&routed.destination) })
        .collect();
    routes.sort_by(|a, b| a.address.cmp(&b.address));
    let settled = &domain.settings;
    DomainSettings {
        aliases: aliases.collect(),
        tag_delimiter: match settled.reading.tags {
            Tags::Plus => TagDelimiter::Plus,
            Tags::Minus => TagDelimiter::Minus,
            Tags::None => TagDelimiter::None,
        },
        strip_subdomains: settled.reading.strip_subdomains,
        deliver_to_primary: settled.deliver_to_primary,
        unknown: match settled.terms.unknown {
            Unknown::Learn => UnknownWord::Learn,
            Unknown::Ask => UnknownWord::Ask,
            Unknown::Reject => UnknownWord::Reject,
        },
        defer_strangers: settled.terms.defer_strangers,
        inactive: match settled.terms.inactive {
            InactiveMail::Reject => InactiveWord::Reject,
            InactiveMail::Deliver => InactiveWord::Deliver,
        },
        verification: domain.verification().as_ref().map(destination),
        routes,
    }
}

pub(crate) fn destination(destination: &rollcall_engine::Destination) -> Destination {
    Destination {
        host: destination.host.clone(),
        port: destination.port,
        tls: tls_word(setup::stored_policy(destination.tls)),
    }
}
